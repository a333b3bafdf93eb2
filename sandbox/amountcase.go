package sandbox

import (
	"context"
	"errors"
	"fmt"
)

// amountCase is what one amount decides.
type amountCase struct {
	amount    Amount
	behaviour Behaviour
	variant   Variant
	refunds   bool
}

// amountCases are named like the acceptance cases of WeChat's own test system (wechat 4.1): in it
// the amount alone says what happens (assumption 45).
var amountCases = [...]amountCase{
	{101, BehavePay, "", false},
	{102, BehavePay, "", true},
	{130, BehavePay, VariantNever, false},
	{131, BehaveInsufficientBalance, "", false},
	{132, BehavePay, VariantDuplicate, false},
	{133, BehavePay, VariantBadSignature, false},
	{134, BehavePay, VariantWrongAmount, false},
}

// amountCase says what an App's amount decides, if the App lets amounts decide at all.
func (a App) amountCase(amount Amount) (amountCase, bool) {
	if a.Settings.AmountCases {
		for _, c := range amountCases {
			if c.amount == amount {
				return c, true
			}
		}
	}
	return amountCase{}, false
}

// Decision is what the payer of an order does, and the lever that says so.
type Decision struct {
	Behaviour Behaviour
	// Variant is what an amount case wants of the notification.
	Variant Variant
	// Refunds: an amount case gives the money back as soon as it is paid.
	Refunds bool
	By      string
}

// decide pulls the levers in their order: the order's own (a header or a fault on its payment), the
// payer's behaviour, the amount, and nothing, which leaves it to whoever clicks.
func decide(a App, t Transaction, p Payer) Decision {
	if t.Behaviour != "" {
		by := t.Lever
		if by == "" {
			by = "order"
		}
		return Decision{Behaviour: t.Behaviour, By: by}
	}
	if p.Behaviour != "" && p.Behaviour != BehaveManual {
		return Decision{Behaviour: p.Behaviour, By: "payer " + string(p.ID)}
	}
	if c, ok := a.amountCase(t.Amount); ok {
		return Decision{Behaviour: c.behaviour, Variant: c.variant, Refunds: c.refunds, By: fmt.Sprintf("amount %d.%02d", t.Amount/100, t.Amount%100)}
	}
	return Decision{Behaviour: BehaveManual, By: "default"}
}

// noteDecision names the lever in the journal.
func noteDecision(ctx context.Context, d Decision) {
	Note(ctx, func(e *Exchange) { e.DecidedBy = d.By })
}

// refundByItself gives a payment of the amount case 1.02 back in full, by the rules of every refund;
// one they refuse leaves the payment as it is, and says why.
func (g *Gateway) refundByItself(ctx context.Context, a App, paid Syssn, d Decision) error {
	if !d.Refunds {
		return nil
	}
	t, err := g.Store.TransactionBySyssn(ctx, a.Code, paid)
	if err != nil {
		return err
	}
	// The exchange is about the payment; what the refund notes is not its own.
	_, err = g.Refund(WithExchange(ctx, &Exchange{}), a, RefundRequest{
		Syssn: string(t.Syssn), OutTradeNo: "refund-" + string(t.Syssn), Txamt: t.Amount.String(), Txdtm: FormatTime(g.Now(a)), Mchid: string(t.Mchid),
	})
	if no, refused := errors.AsType[*Refusal](err); refused {
		Find(ctx, FindLever, fmt.Sprintf("%s was to be refunded by itself: %s", d.By, no.Detail))
		return nil
	}
	return err
}
