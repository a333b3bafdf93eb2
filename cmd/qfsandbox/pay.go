package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

var payCommand = command{
	name: "pay", takes: "ORDER", does: "pay an order as its payer would in the wallet, without a browser",
	about:    " All that the wallet checks is checked, and its refusal is told in its words. Of a payer's behaviour only what the wallet finds counts (insufficient-balance, wrong-account, real-name-mismatch): what the payer would do in a browser, such as cancel, does not, and the order is paid all the same. Then it says what became of the notification to the merchant, if that was due at once.",
	examples: []string{"qfsandbox pay T1", "qfsandbox pay T1 -payer alice", "qfsandbox pay T1 -json"},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.orderFlags(f)
		payer := f.String("payer", "", "`id` of the payer (default: whoever the order is for)")
		return r.withApp(func(ctx context.Context, in *invocation, c *control.Client, app control.App) error {
			number := sandbox.OutTradeNo(in.args[0])
			o, err := r.order(ctx, c, app, number)
			if err != nil {
				return err
			}
			o, err = c.PayOrder(ctx, app.AppCode, number, control.OrderPayer{Payer: sandbox.PayerID(*payer), Mchid: o.Mchid})
			if err != nil {
				return walletSays(err)
			}
			told, err := firstAnswers(ctx, c, app.AppCode, number)
			if err != nil {
				return err
			}
			overruled, err := overruledOf(ctx, c, sandbox.PayerID(*payer))
			if err != nil {
				return err
			}
			return r.show(in, payment{o, told}, func() {
				if overruled != "" {
					in.say("%s", overruled)
				}
				printPayment(in, app, o, told)
			})
		})
	},
}

// payment is what became of a payment.
type payment struct {
	Order         control.Order          `json:"order"`
	Notifications []control.Notification `json:"notifications"`
}

// heeded are the behaviours that a payment by command has nothing to say against: two of them pay or
// leave it to whoever asks, and the others are what the wallet checks (sandbox.Gateway.PayOrder).
var heeded = []sandbox.Behaviour{
	sandbox.BehaveManual, sandbox.BehavePay, sandbox.BehaveInsufficientBalance, sandbox.BehaveWrongAccount, sandbox.BehaveRealNameMismatch,
}

// overruledOf says that a payer who would do otherwise in a browser paid nevertheless, "" for others
// and where no payer was named.
func overruledOf(ctx context.Context, c *control.Client, id sandbox.PayerID) (string, error) {
	if id == "" {
		return "", nil
	}
	p, err := c.Payer(ctx, id)
	if err != nil || slices.Contains(heeded, p.Behaviour) {
		return "", err
	}
	return fmt.Sprintf("Payer %s's behaviour %s holds in a browser, or where a code is scanned; pay pays all the same.", p.ID, p.Behaviour), nil
}

// walletSays marks the wallet's own refusals as such.
func walletSays(err error) error {
	var refused *control.Error
	if errors.As(err, &refused) && strings.HasPrefix(refused.Code, "wallet-") {
		return fmt.Errorf("the wallet refuses: %s", refused.Message)
	}
	return err
}

// How long a merchant may take to answer, with something for the way there; and for how long the
// sandbox is asked at once.
const (
	merchantPatience = 12 * time.Second
	oneWait          = time.Second
)

// firstAnswers gives an order's notifications once those due now have been tried.
func firstAnswers(ctx context.Context, c *control.Client, app sandbox.AppCode, number sandbox.OutTradeNo) ([]control.Notification, error) {
	end := time.Now().Add(merchantPatience)
	filter := control.JournalFilter{App: app, OutTradeNo: number, Surface: "notify"}
	for {
		list, err := c.Notifications(ctx, app, number)
		if err != nil || time.Now().After(end) {
			return list, err
		}
		clock, err := c.Clock(ctx, app)
		if err != nil {
			return list, err
		}
		due := false
		for _, n := range list {
			due = due || n.Pending && len(n.Attempts) == 0 && n.NextAt != nil && !n.NextAt.After(clock.Now)
		}
		if !due {
			return list, nil
		}
		page, err := c.Wait(ctx, filter, oneWait)
		if err != nil {
			return list, err
		}
		filter.Since = page.Mark
	}
}

func printPayment(in *invocation, app control.App, o control.Order, told []control.Notification) {
	in.say("Paid: order %s, %s, at %s (QFPay's time).", o.OutTradeNo, amount(o.Txcurrcd, o.Txamt), moment(o.PaidAt))
	if len(told) == 0 {
		if app.NotifyURL == "" {
			in.say("Nobody was notified: neither the order nor App %s has a notify_url. Give it one: qfsandbox apps change %s -notify-url URL", app.AppCode, app.AppCode)
			return
		}
		in.say("Nobody was notified: the delivery plan says nothing about payments.")
		return
	}
	for _, n := range told {
		if len(n.Attempts) == 0 {
			in.say("Notification %d to %s: %s.", n.ID, n.URL, n.State)
			if n.Waiting == sandbox.OnReturned {
				in.say("The payer returns with: qfsandbox orders return %s%s", word(string(o.OutTradeNo)), shop(o))
			} else if n.NextAt != nil {
				in.say("It is sent now with: qfsandbox clock next")
			}
			continue
		}
		last := n.Attempts[len(n.Attempts)-1]
		in.say("Notification %d to %s: %s.", n.ID, n.URL, attempted(last))
		if last.NextAt != nil {
			in.say("It comes again at %s; now with: qfsandbox notify resend %d", moment(last.NextAt), n.ID)
		}
	}
}

// attempted says what came of an attempt.
func attempted(a control.Attempt) string {
	if a.Acknowledged {
		return fmt.Sprintf("the merchant answered HTTP %d %s, %s", a.Status, a.Answer, a.Verdict)
	}
	return "not acknowledged: " + a.Verdict
}
