package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// BehaveFailLater leaves a refund under way as BehavePending does, and it is denied then.
const BehaveFailLater Behaviour = "fail-later"

// PendingFor is how long a refund is under way that was told to be, on the App's clock.
const PendingFor = 5 * time.Second

// due is when a refund made now arrives, and what it fails with then; the zero time is at once.
func (b Behaviour) due(s Settings, now time.Time) (time.Time, qfpay.Respcd) {
	switch {
	case b == BehaveFailLater:
		return now.Add(max(s.RefundDelay, PendingFor)), qfpay.RespRefundDenied
	case b == BehavePending:
		return now.Add(max(s.RefundDelay, PendingFor)), ""
	case s.RefundDelay > 0:
		return now.Add(s.RefundDelay), ""
	}
	return time.Time{}, ""
}

// SettleDue does what happens at a transaction's DueAt: a refund under way arrives or fails, a payer
// who was entering the password is done. Before that time, and for one that is settled, it does
// nothing. Errors: ErrNotFound.
func (g *Gateway) SettleDue(ctx context.Context, a App, n Syssn) error {
	t, err := g.Store.TransactionBySyssn(ctx, a.Code, n)
	if err != nil || t.DueAt.IsZero() || g.Now(a).Before(t.DueAt) {
		return err
	}
	a.FrozenAt = t.DueAt // it happens then, however late somebody looks
	switch {
	case t.Kind == KindRefund:
		err = g.settleRefund(ctx, a, t)
	case t.DueFailure != "":
		err = g.failPayment(ctx, a, n, t.DueFailure)
	default:
		err = g.settlePayment(ctx, a, n, t.OpenID)
	}
	if errors.Is(err, ErrTransition) { // it was settled, closed or paid a moment ago: nothing is due any more
		err = g.Store.ChangeTransactions(ctx, a.Code, []Syssn{n}, func(ts []*Transaction) (Brought, error) {
			ts[0].DueAt, ts[0].DueFailure = time.Time{}, ""
			return Brought{}, nil
		})
	}
	return err
}

// settleRefund lets a refund arrive, or fail and free its amount, at its own time.
func (g *Gateway) settleRefund(ctx context.Context, a App, due Transaction) error {
	told := true
	err := g.Store.ChangeTransactions(ctx, a.Code, []Syssn{due.OrigSyssn, due.Syssn}, func(ts []*Transaction) (Brought, error) {
		payment, refund := ts[0], ts[1]
		if refund.DueAt.IsZero() {
			return Brought{}, ErrTransition
		}
		at := refund.DueAt
		payment.Refunding -= refund.Amount
		if refund.DueFailure != "" {
			refund.Failure = refund.DueFailure
			return Brought{}, refund.happen(HappensFailed, at)
		}
		var b Brought
		var err error
		b.Notifications, told, err = arrive(a, payment, refund, at)
		return b, err
	})
	if err != nil {
		return err
	}
	if !told {
		Find(ctx, FindNoNotifyURL, fmt.Sprintf("refund %s is done; neither its payment nor the App has a notify URL", due.OutTradeNo))
	}
	g.NotificationDue()
	return nil
}

// settleOverdue settles what is due by then, so that no call sees a transaction that is late because
// nobody looked.
func (g *Gateway) settleOverdue(ctx context.Context, a App, now time.Time) error {
	for {
		t, err := g.Store.NextTransaction(ctx, a.Code)
		if err == nil && t.DueAt.After(now) {
			return nil
		}
		if err == nil {
			// What is found about it is nothing the call that happens to look can be blamed for.
			err = g.SettleDue(WithExchange(ctx, &Exchange{}), a, t.Syssn)
		}
		if errors.Is(err, ErrNotFound) { // none is due, or the App was reset meanwhile
			return nil
		}
		if err != nil {
			return err
		}
	}
}
