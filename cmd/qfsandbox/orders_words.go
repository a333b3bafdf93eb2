package main

import (
	"context"
	"flag"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

var ordersCancel = command{
	name: "cancel", takes: "ORDER", does: "leave an order as its payer would who closes the wallet",
	about:    " The order stays as it is; where the payer's code was scanned it fails with 2007.",
	examples: []string{"qfsandbox orders cancel T1", "qfsandbox orders cancel T1 -payer alice -json"},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.orderFlags(f)
		payer := f.String("payer", "", "`id` of the payer (default: whoever the order is for)")
		return r.withApp(func(ctx context.Context, in *invocation, c *control.Client, app control.App) error {
			o, err := r.order(ctx, c, app, sandbox.OutTradeNo(in.args[0]))
			if err != nil {
				return err
			}
			o, err = c.CancelOrder(ctx, app.AppCode, o.OutTradeNo, control.OrderPayer{Payer: sandbox.PayerID(*payer), Mchid: o.Mchid})
			if err != nil {
				return walletSays(err)
			}
			return r.show(in, o, func() {
				in.say("The payer left order %s; it is %s (respcd %s).", o.OutTradeNo, o.State, o.Respcd)
			})
		})
	},
}

var ordersReturn = command{
	name: "return", takes: "ORDER", does: "bring the payer back to the merchant's page, as a browser would after paying",
	about:    " Notifications that wait for the payer's return fall due.",
	examples: []string{"qfsandbox orders return T2", "qfsandbox orders return T2 -json"},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.orderFlags(f)
		return r.withApp(func(ctx context.Context, in *invocation, c *control.Client, app control.App) error {
			o, err := r.order(ctx, c, app, sandbox.OutTradeNo(in.args[0]))
			if err == nil {
				o, err = c.ReturnFromOrder(ctx, app.AppCode, o.OutTradeNo, o.Mchid)
			}
			if err != nil {
				return err
			}
			return r.show(in, o, func() {
				in.say("The payer of order %s is back at the merchant's page; it is %s.", o.OutTradeNo, o.State)
			})
		})
	},
}
