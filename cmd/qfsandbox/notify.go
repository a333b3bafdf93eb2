package main

import (
	"context"
	"flag"
	"fmt"
	"strconv"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

var notifyCommand = command{
	name: "notify", takes: "[ORDER]", does: "list an App's notifications, or an order's, with each attempt",
	examples: []string{"qfsandbox notify", "qfsandbox notify T2", "qfsandbox notify T2 -json"},
	words:    []command{notifyPending, notifyResend},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.flags(f)
		r.appFlag(f)
		return r.withApp(func(ctx context.Context, in *invocation, c *control.Client, app control.App) error {
			order := ""
			if len(in.args) == 1 {
				order = in.args[0]
			}
			list, err := c.Notifications(ctx, app.AppCode, sandbox.OutTradeNo(order))
			if err != nil {
				return err
			}
			return r.showNotifications(in, list, "There are no notifications: nothing was paid, or there is no notify_url (qfsandbox apps "+string(app.AppCode)+").")
		})
	},
}

func (r *remote) showNotifications(in *invocation, list []control.Notification, none string) error {
	if list == nil {
		list = []control.Notification{}
	}
	return r.show(in, map[string][]control.Notification{"notifications": list}, func() {
		if len(list) == 0 {
			in.say("%s", none)
			return
		}
		t := newTable("ID", "ABOUT", "ORDER", "VARIANT", "TO", "TRY", "AT", "STATUS", "STATE")
		for _, n := range list {
			id := strconv.FormatUint(n.ID, 10)
			if len(n.Attempts) == 0 {
				t.add(id, string(n.Kind), string(n.OutTradeNo), string(n.Variant), n.URL, "-", "-", "-", n.State)
			}
			for i, a := range n.Attempts {
				state := a.Verdict
				if i == len(n.Attempts)-1 && n.Pending {
					state += "; " + n.State
				}
				t.add(id, string(n.Kind), string(n.OutTradeNo), string(n.Variant), or(a.URL, n.URL), strconv.Itoa(i+1), sandbox.FormatTime(a.At), answered(a), state)
			}
		}
		t.print(in)
		in.say("Times are QFPay's, UTC+8. Once more: qfsandbox notify resend %d", list[len(list)-1].ID)
	})
}

// answered is the HTTP status of an attempt, "-" without an answer.
func answered(a control.Attempt) string {
	if a.Status == 0 {
		return "-"
	}
	return strconv.Itoa(a.Status)
}

var notifyPending = command{
	name: "pending", does: "list the notifications that are due now or later, or wait for something",
	examples: []string{"qfsandbox notify pending", "qfsandbox notify pending -json"},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.flags(f)
		r.appFlag(f)
		return r.withApp(func(ctx context.Context, in *invocation, c *control.Client, app control.App) error {
			list, err := c.PendingNotifications(ctx, app.AppCode)
			if err != nil {
				return err
			}
			return r.showNotifications(in, list, "Nothing is pending.")
		})
	},
}

var notifyResend = command{
	name: "resend", takes: "ID", does: "make one more attempt at a notification now",
	about:    " Exits 0 when the attempt was made, whatever the merchant answered.",
	examples: []string{"qfsandbox notify resend 1", "qfsandbox notify resend 1 -to http://127.0.0.1:3000/notify", "qfsandbox notify resend 1 -json"},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.flags(f)
		to := f.String("to", "", "`URL` to send it to (default: its own)")
		return r.with(func(ctx context.Context, in *invocation, c *control.Client) error {
			id, err := strconv.ParseUint(in.args[0], 10, 64)
			if err != nil {
				return usageError("notification id is %q, want a number; qfsandbox notify lists them", in.args[0])
			}
			n, err := c.ResendTo(ctx, id, *to)
			if err != nil {
				return missing(err, fmt.Sprintf("notification %d does not exist here; qfsandbox notify lists them", id))
			}
			return r.show(in, n, func() {
				last := n.Attempts[len(n.Attempts)-1]
				in.say("Notification %d of order %s to %s: %s.", n.ID, n.OutTradeNo, or(last.URL, n.URL), attempted(last))
				if n.Pending {
					in.say("State: %s", n.State)
				}
			})
		})
	},
}
