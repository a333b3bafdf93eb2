package sandbox

import (
	"context"
	"fmt"
)

// unknownSyssn says what a number is that no transaction of this shop has as its syssn.
func (g *Gateway) unknownSyssn(ctx context.Context, a App, r *Refusal, n, shop string) *Refusal {
	r.Got("syssn=" + shorten(n)).Want("the syssn of an answer of this App: the date and 18 digits")
	if len(n) > 128 {
		return r
	}
	if t, err := g.Store.TransactionBySyssn(ctx, a.Code, Syssn(n)); err == nil {
		return r.Want("mchid=" + orNone(t.Mchid)).Fix(fmt.Sprintf("name the shop that made it: the transaction is of mchid %s, the call said %s", orNone(t.Mchid), orNone(Mchid(shop))))
	}
	if t, err := g.Store.TransactionByOutTradeNo(ctx, a.Code, Mchid(shop), OutTradeNo(n)); err == nil {
		return r.Want("syssn=" + string(t.Syssn)).Fix(fmt.Sprintf("send QFPay's number, %s: %s is your own out_trade_no", t.Syssn, Shown(n)))
	}
	for _, other := range g.otherApps(ctx, a.Code) {
		if _, err := g.Store.TransactionBySyssn(ctx, other.Code, Syssn(n)); err == nil {
			return r.Fix("call with the credentials of App " + other.named() + ", whose transaction it is")
		}
	}
	return r
}

// unknownOrder is the refusal of a close or reversal that names no payment of this shop.
func (g *Gateway) unknownOrder(ctx context.Context, a App, r CancelRequest, found Transaction) *Refusal {
	no := refuse("cancel-unknown", fmt.Sprintf("no payment of this shop has the syssn %s and the out_trade_no %s", Shown(r.Syssn), Shown(r.OutTradeNo)))
	if found.Kind == KindRefund {
		return no.Got("the number of a refund").Want("the number of a payment").Fix(fmt.Sprintf("name the payment: %s is a refund of %s, which cannot be cancelled", found.Syssn, found.OrigSyssn))
	}
	if r.Syssn != "" && r.OutTradeNo != "" {
		t, err := g.Store.TransactionBySyssn(ctx, a.Code, Syssn(r.Syssn))
		if err == nil && t.Mchid == Mchid(r.Mchid) {
			return no.Got("syssn and out_trade_no of two orders").Want("out_trade_no=" + shorten(t.OutTradeNo)).Fix("send one of the two numbers, or both of one order")
		}
	}
	if r.Syssn != "" {
		return g.unknownSyssn(ctx, a, no, r.Syssn, r.Mchid)
	}
	no.Got("out_trade_no=" + shorten(r.OutTradeNo)).Want("the out_trade_no of an order of this shop")
	if t, err := g.Store.TransactionBySyssn(ctx, a.Code, Syssn(r.OutTradeNo)); err == nil {
		no.Want("syssn=" + string(t.Syssn)).Fix("send it as syssn: it is QFPay's number")
	}
	return no
}

// orNone is a shop's number in words that show one that is missing.
func orNone(m Mchid) string {
	if m == "" {
		return "(none)"
	}
	return shorten(m)
}
