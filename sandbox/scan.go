package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// scan is the merchant's till scanning a payer's code. A payer this sandbox issued the code to does
// what it was told to; anybody else pays at once. Errors: *Refusal; one with an Order left it behind,
// under way (1143, 1145) or failed.
func (g *Gateway) scan(ctx context.Context, a App, t Transaction, text string) (Transaction, error) {
	wallet, err := checkAuthCode(text, t.PayType)
	if err != nil {
		return Transaction{}, err
	}
	// A number that is taken must not use the code up.
	if _, err := g.Store.TransactionByOutTradeNo(ctx, a.Code, t.Mchid, t.OutTradeNo); err == nil {
		return Transaction{}, g.refuseUsedNumber(ctx, t)
	} else if !errors.Is(err, ErrNotFound) {
		return Transaction{}, err
	}
	p, err := g.takeAuthCode(ctx, a, text)
	if err != nil {
		return Transaction{}, err
	}
	source, err := g.draw(ctx, a)
	if err != nil {
		return Transaction{}, err
	}
	if t.Syssn, err = newSyssn(t.CreatedAt, source); err != nil {
		return Transaction{}, err
	}
	t.OpenID = accountIn(wallet, p.ID, a)
	d := decide(a, t, p)
	if p.CreatedAt.IsZero() && t.Behaviour == "" && d.Behaviour == BehaveManual {
		d.Behaviour = BehavePay // nobody sits at the screen of a payer nobody knows, unless the order asks for it
	}
	noteDecision(ctx, d)
	Note(ctx, func(e *Exchange) { e.Payer = p.ID })
	t.Variant = d.Variant
	rule, detail := t.scanned(p, d)
	if err := g.createOrder(ctx, t); err != nil {
		return Transaction{}, err
	}
	if !t.DueAt.IsZero() {
		g.NotificationDue() // what waits for the next due thing has a new one
	}
	if rule != "" {
		no := refuse(rule, detail)
		no.Order = &t
		return Transaction{}, no
	}
	if err := g.settlePayment(ctx, a, t.Syssn, t.OpenID); err != nil && !errors.Is(err, ErrTransition) {
		return Transaction{}, err
	}
	if err := g.refundByItself(ctx, a, t.Syssn, d); err != nil {
		return Transaction{}, err
	}
	return g.Store.TransactionBySyssn(ctx, a.Code, t.Syssn)
}

// scanned is what becomes of the order at once: nothing, which is paid, or the rule of the answer,
// with the order failed, or under way until its DueAt.
func (t *Transaction) scanned(p Payer, d Decision) (rule, detail string) {
	if no, ok := errors.AsType[*WalletRefusal](checkMeans(*t, p, d)); ok {
		return t.fail(meansRules[no.Answer.Popup.ID], no.Detail)
	}
	later := func(after time.Duration) string {
		t.DueAt = t.CreatedAt.Add(after)
		return fmt.Sprintf("%s leaves the payer at the password until %s", d.By, FormatTime(t.DueAt))
	}
	switch d.Behaviour {
	case BehaveWrongAccount:
		return t.fail(meansRules[wechat.PopupOtherPayer], d.By+" makes this payer somebody else's account")
	case BehaveManual, BehaveOKUnpaid:
		return "payer-enters-password", fmt.Sprintf("the payer is at the password until the controls say pay or cancel, or until %s", FormatTime(t.ExpiresAt))
	case BehaveSlow:
		return "payer-enters-password", later(p.Takes())
	case BehaveCancel:
		detail := later(p.Takes())
		t.DueFailure = qfpay.RespPasswordClosed
		return "payer-enters-password", detail + ", and cancels"
	case BehavePending:
		return "payment-under-way", later(p.Takes())
	}
	return "", ""
}

// meansRules are the answers to a payer who cannot pay, by the popup the payer sees.
var meansRules = map[string]string{
	balancePopup.ID: "payer-balance", creditPopup.ID: "payer-card", realNamePopup.ID: "payer-real-name", wechat.PopupOtherPayer: "payer-account",
}

func (t *Transaction) fail(rule, detail string) (string, string) {
	row, _ := refusalRow(rule)
	t.State, t.Failure = StateFailed, row.Code
	return rule, detail
}
