package notify

import (
	"context"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// BeforeReturn makes the first attempt at what the plan of this payment wants delivered before its
// payer returns, and waits for its end. An attempt that has not begun after an attempt's time is
// not waited for.
func (d *Deliverer) BeforeReturn(ctx context.Context, app sandbox.AppCode, syssn sandbox.Syssn) {
	ctx = context.WithoutCancel(ctx) // a browser that goes away leaves no attempt half made
	if err := d.beforeReturn(ctx, app, syssn); err != nil {
		d.log.Warn("the payer returns before the notification was answered", "app", app, "syssn", syssn, "error", err)
	}
}

func (d *Deliverer) beforeReturn(ctx context.Context, app sandbox.AppCode, syssn sandbox.Syssn) error {
	t, err := d.gateway.Store.TransactionBySyssn(ctx, app, syssn)
	if err != nil {
		return err
	}
	list, err := d.gateway.Store.Notifications(ctx, app, t.OutTradeNo)
	if err != nil {
		return err
	}
	patience, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	for _, n := range list {
		if n.Syssn != syssn || !n.BeforeReturn {
			continue
		}
		release, err := d.take(patience, app)
		if err != nil {
			return err
		}
		err = d.first(ctx, n.ID)
		release()
		if err != nil {
			return err
		}
	}
	return nil
}

// first makes the first attempt, unless Run made it while we waited for the turn.
func (d *Deliverer) first(ctx context.Context, id uint64) error {
	n, err := d.gateway.Store.Notification(ctx, id)
	if err != nil || len(n.Attempts) > 0 {
		return err
	}
	_, err = d.attempt(ctx, n, n.URL, n.Variant.AtOnce())
	return err
}
