package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

var ordersCommand = command{
	name: "orders", takes: "[ORDER]", does: "list an App's orders, newest first, or show one whole",
	about: " An order is named by its out_trade_no; an order whose number is a word of this command stands behind --.",
	examples: []string{
		"qfsandbox orders", "qfsandbox orders -state paid,refunded -since 1h", "qfsandbox orders T1", "qfsandbox orders T1 -json",
	},
	words: []command{ordersCancel, ordersReturn},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.orderFlags(f)
		state := f.String("state", "", "only those in one of these `states`, separated by commas: "+strings.Join(stateWords(), ", "))
		since := f.String("since", "", "only those made since this `time`: 2026-03-14 10:00:00 (UTC+8), RFC 3339, or so long ago by the App's clock, such as 1h")
		limit := f.Int("n", 20, "`number` listed at most, up to 1000")
		return r.withApp(func(ctx context.Context, in *invocation, c *control.Client, app control.App) error {
			if len(in.args) == 1 {
				return r.showOrder(ctx, in, c, app, sandbox.OutTradeNo(in.args[0]))
			}
			if *limit < 1 {
				return usageError("-n is %d, want 1 to 1000", *limit)
			}
			filter := control.OrderFilter{Mchid: sandbox.Mchid(r.mchid), Limit: *limit}
			for _, word := range words(*state) {
				filter.States = append(filter.States, sandbox.State(strings.ReplaceAll(word, "-", " ")))
			}
			var err error
			if filter.Since, err = sinceOf(*since, app.Now); err != nil {
				return err
			}
			list, err := c.Orders(ctx, app.AppCode, filter)
			if err != nil {
				return err
			}
			return r.show(in, list, func() { printOrders(in, app, list) })
		})
	},
}

// stateWords are the states as one word each.
func stateWords() (list []string) {
	for _, s := range sandbox.States() {
		list = append(list, strings.ReplaceAll(string(s), " ", "-"))
	}
	return list
}

// sinceOf reads an instant, or how long ago it was.
func sinceOf(s string, now time.Time) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if d, err := time.ParseDuration(s); err == nil {
		return now.Add(-d.Abs()), nil
	}
	if t, err := time.ParseInLocation(sandbox.DateTimeLayout, s, sandbox.QFPayZone); err == nil {
		return t, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, usageError(`-since is %q, want a time such as "2026-03-14 10:00:00", which is UTC+8, "2026-03-14T02:00:00Z", or 1h ago as 1h`, s)
	}
	return t, nil
}

func printOrders(in *invocation, app control.App, list control.Orders) {
	if len(list.Orders) == 0 {
		in.say("App %s has no such orders.", app.AppCode)
		return
	}
	t := newTable("ORDER", "STATE", "RESPCD", "AMOUNT", "PAY_TYPE", "MCHID", "MADE", "PAID", "REFUNDED")
	for _, o := range list.Orders {
		t.add(string(o.OutTradeNo), string(o.State), string(o.Respcd), amount(o.Txcurrcd, o.Txamt), string(o.PayType), or(string(o.Mchid), "-"),
			sandbox.FormatTime(o.CreatedAt), moment(o.PaidAt), refundedOf(o))
	}
	t.print(in)
	if list.More {
		in.say("There are more: -n shows up to 1000, -since and -state choose.")
	}
	in.say("Times are QFPay's, UTC+8. One order whole: qfsandbox orders %s", word(string(list.Orders[0].OutTradeNo)))
}

func refundedOf(o control.Order) string {
	if o.Refunded == "0" {
		return "-"
	}
	return amount(o.Txcurrcd, o.Refunded)
}

// amount writes minor units for people.
func amount(c qfpay.Currency, minor string) string {
	n, err := strconv.ParseInt(minor, 10, 64)
	if err != nil {
		return minor
	}
	return c.Format(n)
}

// moment is an instant in QFPay's notation, "-" for none.
func moment(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return sandbox.FormatTime(*t)
}

// word quotes what a shell would not take as one word.
func word(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@+,") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// order finds an order in whichever shop of the App's has it, unless -mchid says which.
func (r *remote) order(ctx context.Context, c *control.Client, app control.App, number sandbox.OutTradeNo) (control.Order, error) {
	if r.mchid != "" || len(app.Mchids) == 0 {
		return c.Order(ctx, app.AppCode, sandbox.Mchid(r.mchid), number)
	}
	var found []control.Order
	var missing error
	for _, m := range app.Mchids {
		o, err := c.Order(ctx, app.AppCode, m, number)
		var refused *control.Error
		switch {
		case err == nil:
			found = append(found, o)
		case errors.As(err, &refused) && refused.Status == 404:
			missing = &control.Error{Status: 404, Code: refused.Code, Message: fmt.Sprintf("order %q does not exist here: none of App %s's shops has a payment with this out_trade_no", number, app.AppCode)}
		default:
			return o, err
		}
	}
	if len(found) > 1 {
		return control.Order{}, usageError("several shops of App %s have an order %q; say which with -mchid", app.AppCode, number)
	}
	if len(found) == 0 {
		return control.Order{}, missing
	}
	return found[0], nil
}

func (r *remote) showOrder(ctx context.Context, in *invocation, c *control.Client, app control.App, number sandbox.OutTradeNo) error {
	o, err := r.order(ctx, c, app, number)
	if err != nil {
		return err
	}
	notifications, err := c.Notifications(ctx, app.AppCode, number)
	if err != nil {
		return err
	}
	return r.show(in, o, func() {
		printOrder(in, app, o, notifications)
		in.say("")
		for _, line := range nextOf(app, o, notifications) {
			in.say("%s", line)
		}
	})
}

func printOrder(in *invocation, app control.App, o control.Order, notifications []control.Notification) {
	t := newTable()
	line := func(name, value string) {
		if value != "" && value != "-" {
			t.add(name, value)
		}
	}
	line("order", string(o.OutTradeNo))
	line("state", fmt.Sprintf("%s (respcd %s, cancel %s)", o.State, o.Respcd, o.Cancel))
	line("amount", amount(o.Txcurrcd, o.Txamt))
	line("app", fmt.Sprintf("%s %s", app.AppCode, app.Name))
	line("mchid", string(o.Mchid))
	line("pay_type", string(o.PayType))
	line("goods_name", o.GoodsName)
	line("syssn", string(o.Syssn))
	line("openid", string(o.OpenID))
	line("chnlsn", o.Chnlsn)
	line("decided by", o.DecidedBy)
	line("made", sandbox.FormatTime(o.CreatedAt))
	line("paid", moment(o.PaidAt))
	line("closed", moment(o.ClosedAt))
	line("expires", moment(o.ExpiresAt))
	line("due", moment(o.DueAt))
	line("refunded", refundedOf(o))
	for _, r := range o.Refunds {
		line("refund", fmt.Sprintf("%s  %s  %s (respcd %s)  made %s  done %s", r.OutTradeNo, amount(o.Txcurrcd, r.Txamt), r.State, r.Respcd, sandbox.FormatTime(r.CreatedAt), moment(r.PaidAt)))
	}
	for _, n := range notifications {
		line("notification", fmt.Sprintf("%d  %s  %s  to %s", n.ID, n.Kind, n.State, n.URL))
	}
	line("note", o.Note)
	line("pay page", o.PayURL)
	t.print(in)
}

// nextOf says what can be done with an order as it stands.
func nextOf(app control.App, o control.Order, notifications []control.Notification) (lines []string) {
	more := shop(o)
	if app.AppCode != demoAppCode {
		more += " -app " + string(app.AppCode)
	}
	number := word(string(o.OutTradeNo))
	switch o.State {
	case sandbox.StateCreated:
		lines = append(lines, "Next: qfsandbox pay "+number+more, "      qfsandbox orders cancel "+number+more)
	case sandbox.StatePaid, sandbox.StatePartlyRefunded:
		lines = append(lines, "Next: refund it with /trade/v1/refund and syssn "+string(o.Syssn))
	case sandbox.StateExpired:
		lines = append(lines, "Next: close it with /trade/v1/close; it can be paid no more, make a new order")
	default:
		lines = append(lines, "It stays "+string(o.State)+"; make a new order.")
	}
	for _, n := range notifications {
		if !n.Pending && strings.HasPrefix(n.State, "acknowledged") {
			continue
		}
		lines = append(lines, fmt.Sprintf("      qfsandbox notify resend %d", n.ID))
	}
	return append(lines, "      qfsandbox journal -order "+number)
}

// shop is the flag that names an order's shop, where it has one.
func shop(o control.Order) string {
	if o.Mchid == "" {
		return ""
	}
	return " -mchid " + word(string(o.Mchid))
}
