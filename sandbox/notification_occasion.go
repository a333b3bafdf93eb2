package sandbox

import (
	"context"
	"fmt"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// notificationsOn gives what an occasion in the life of a transaction brings forth, as the delivery
// plan of the payment says; with OnPaid also what waits for the payer's return. With OnRefunded
// refund is what was given back of it, else nil. False: there is nobody to tell.
func notificationsOn(on Occasion, a App, payment Transaction, refund *Transaction, now time.Time) ([]Notification, bool) {
	var list []Notification
	for _, d := range a.planOf(payment) {
		if d.On != on && !(on == OnPaid && d.On == OnReturned) {
			continue
		}
		n := newNotification(d, a, payment, refund, now)
		if n.URL == "" && d.Variant != VariantNever {
			return nil, false
		}
		list = append(list, n)
	}
	return list, true
}

// newNotification goes to the payment's own notify_url if it has one (assumption 8), also with a
// refund, which has none.
func newNotification(d Delivery, a App, payment Transaction, refund *Transaction, now time.Time) Notification {
	about, fields := payment, paymentFields(payment)
	switch {
	case d.On == OnRefunded && d.Variant != VariantOlderState:
		about, fields = *refund, refundFields(payment, *refund, a.Settings)
	case d.On == OnClosed:
		fields = closedFields(payment, now)
	}
	n := Notification{
		App: a.Code, OutTradeNo: about.OutTradeNo, Syssn: about.Syssn, Kind: about.Kind, URL: payment.NotifyURL,
		CreatedAt: now, Variant: d.Variant, BeforeReturn: d.BeforeReturn, Pending: d.Variant != VariantNever,
	}
	if n.URL == "" {
		n.URL = a.NotifyURL
	}
	n.Body, n.Sign = d.Variant.dress(fields, about, a)
	switch {
	case !n.Pending:
	case d.On == OnReturned:
		n.Waiting, n.After = OnReturned, d.After
	default:
		n.NextAt = now.Add(d.After)
	}
	return n
}

// paymentFields tell of a payment as it was when it was paid.
func paymentFields(t Transaction) qfpay.Object {
	return qfpay.PaymentNotification{
		PayType: t.PayType, Sysdtm: FormatTime(t.CreatedAt), Paydtm: FormatTime(t.PaidAt), GoodsName: t.GoodsName,
		Txcurrcd: t.Currency, Txdtm: t.Txdtm, Mchid: string(t.Mchid), Txamt: t.Amount.String(), OutTradeNo: string(t.OutTradeNo),
		Syssn: string(t.Syssn), Chnlsn: t.Chnlsn, Cardcd: string(t.OpenID),
	}.Object()
}

// closedFields tell of an order that was closed, which QFPay did in 2018 and no longer does: only a
// plan asks for it (assumption 46).
func closedFields(t Transaction, now time.Time) qfpay.Object {
	respcd, _, cancel := t.Verdict(now)
	return paymentFields(t).With("status", "0").With("paydtm", "").With("respcd", string(respcd)).With("cancel", string(cancel)).With("notify_type", "close")
}

func refundFields(payment, refund Transaction, s Settings) qfpay.Object {
	return qfpay.RefundNotification{
		Sysdtm: FormatTime(refund.CreatedAt), Txcurrcd: refund.Currency, OrigOutTradeNo: string(payment.OutTradeNo), Mchid: string(refund.Mchid),
		Txdtm: refund.Txdtm, Txamt: refund.Amount.String(), OrigSyssn: string(payment.Syssn), OutTradeNo: string(refund.OutTradeNo),
		Syssn: string(refund.Syssn), WithStatus: s.RefundNotifyStatus,
	}.Object()
}

// CheckNotifyURL judges an address notifications are to go to, as the parameter notify_url is
// judged. Errors: ErrInvalid.
func CheckNotifyURL(url string) error {
	if err := checkWebAddress(url, 256); err != nil {
		return fmt.Errorf("%w: url %w", ErrInvalid, err)
	}
	return nil
}

// PayerReturned makes due what waited for the payer of this payment to return to the merchant's
// page. Errors: ErrNotFound.
func (g *Gateway) PayerReturned(ctx context.Context, app App, n Syssn) error {
	t, err := g.Store.TransactionBySyssn(ctx, app.Code, n)
	if err != nil {
		return err
	}
	list, err := g.Store.Notifications(ctx, app.Code, t.OutTradeNo)
	if err != nil {
		return err
	}
	now := g.Now(app)
	for _, waiting := range list {
		if waiting.Syssn != n || waiting.Waiting != OnReturned {
			continue
		}
		_, err := g.Store.UpdateNotification(ctx, waiting.ID, func(n *Notification) error {
			if n.Waiting == OnReturned {
				n.Waiting, n.NextAt = "", now.Add(n.After)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	g.NotificationDue()
	return nil
}

// findDropped says beside the request when there was no room for what it brought forth.
func (g *Gateway) findDropped(ctx context.Context, code AppCode, brought []Notification) {
	pending, kept, dropped, err := g.Store.NotificationCounts(ctx, code)
	if err != nil || dropped == 0 || len(brought) == 0 {
		return
	}
	for _, n := range brought {
		list, err := g.Store.Notifications(ctx, code, n.OutTradeNo)
		if err != nil {
			return
		}
		there := 0
		for _, stored := range list {
			if stored.Syssn == n.Syssn && stored.CreatedAt.Equal(n.CreatedAt) && stored.Variant == n.Variant {
				there++
			}
		}
		if there == 0 {
			Find(ctx, FindDropped, fmt.Sprintf("the notification of %s was dropped: %d are pending and %d kept, at most %d and %d can be", n.OutTradeNo, pending, kept, MaxPendingNotifications, MaxNotifications))
		}
	}
}
