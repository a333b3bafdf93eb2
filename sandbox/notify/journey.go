package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// MaxSteps bounds what one call that moves a clock does on the way: attempts made and transactions
// settled. What is left stays due.
const MaxSteps = 10_000

// Advance moves the App's clock on by this much, stopping at everything that falls due on the way,
// in order. What was under way ends first. Errors: ErrInvalid beyond the clock's bound, before
// anything is done; ErrNotFound; the store's; ctx's.
func (d *Deliverer) Advance(ctx context.Context, code sandbox.AppCode, by time.Duration) (sandbox.Progress, error) {
	return d.travel(ctx, code, func(now time.Time) time.Time { return now.Add(by) })
}

// SetClock sets the App's clock, forward as Advance does. Back it goes only as long as the App has
// nothing; the second that has begun is not back. Errors: sandbox.ErrNotEmpty, and as Advance.
func (d *Deliverer) SetClock(ctx context.Context, code sandbox.AppCode, to time.Time) (sandbox.Progress, error) {
	release, err := d.take(ctx, code)
	if err != nil {
		return sandbox.Progress{}, err
	}
	app, err := d.gateway.Store.App(ctx, code)
	if err == nil && d.gateway.Now(app).Sub(to) >= time.Second {
		defer release()
		app, err = d.gateway.SetClockBack(ctx, code, to)
		return sandbox.Progress{App: app}, err
	}
	release()
	if err != nil {
		return sandbox.Progress{}, err
	}
	return d.travel(ctx, code, func(time.Time) time.Time { return to })
}

// AdvanceToNext moves the App's clock to the next thing that is due and does it. Errors as Advance.
func (d *Deliverer) AdvanceToNext(ctx context.Context, code sandbox.AppCode) (sandbox.Progress, error) {
	return d.walk(ctx, code, 1)
}

// RunUntilIdle moves the App's clock on until nothing is due any more. Errors as Advance.
func (d *Deliverer) RunUntilIdle(ctx context.Context, code sandbox.AppCode) (sandbox.Progress, error) {
	return d.walk(ctx, code, MaxSteps)
}

// travel goes to an instant, which is known when the turn is ours.
func (d *Deliverer) travel(ctx context.Context, code sandbox.AppCode, where func(now time.Time) time.Time) (sandbox.Progress, error) {
	release, err := d.take(ctx, code)
	if err != nil {
		return sandbox.Progress{}, err
	}
	defer release()
	app, err := d.gateway.Store.App(ctx, code)
	if err != nil {
		return sandbox.Progress{App: app}, err
	}
	p, to := sandbox.Progress{App: app}, where(d.gateway.Now(app))
	if err := d.gateway.ClockCanReach(to); err != nil {
		return p, err
	}
	if err := d.steps(ctx, &p, MaxSteps, func(due sandbox.Due) bool { return !due.At.After(to) }); err != nil {
		return p, err
	}
	if p.Stopped = p.Next != nil && !p.Next.At.After(to); p.Stopped {
		return p, nil
	}
	p.App, err = d.gateway.MoveClock(ctx, code, to)
	return p, err
}

// walk goes from one thing that is due to the next.
func (d *Deliverer) walk(ctx context.Context, code sandbox.AppCode, most int) (sandbox.Progress, error) {
	release, err := d.take(ctx, code)
	if err != nil {
		return sandbox.Progress{}, err
	}
	defer release()
	app, err := d.gateway.Store.App(ctx, code)
	p := sandbox.Progress{App: app}
	if err != nil {
		return p, err
	}
	err = d.steps(ctx, &p, most, func(sandbox.Due) bool { return true })
	p.Stopped = err == nil && p.Next != nil && most == MaxSteps
	return p, err
}

// steps moves the clock to one due thing after the other and does it, as long as it is wanted, and
// leaves in p.Next what is due then.
func (d *Deliverer) steps(ctx context.Context, p *sandbox.Progress, most int, wanted func(sandbox.Due) bool) error {
	for made := 0; ; made++ {
		p.Next = nil
		due, err := d.gateway.NextDue(ctx, p.App.Code)
		switch {
		case errors.Is(err, sandbox.ErrNotFound):
			return nil
		case err != nil:
			return err
		}
		p.Next = &due
		if made == most || !wanted(due) {
			return nil
		}
		if p.App, err = d.gateway.MoveClock(ctx, p.App.Code, due.At); err != nil {
			return err
		}
		if err := d.do(ctx, due, p); err != nil {
			return err
		}
	}
}

// do makes the attempt or settles the transaction, and counts it.
func (d *Deliverer) do(ctx context.Context, due sandbox.Due, p *sandbox.Progress) error {
	if n := due.Notification; n != nil {
		before, times := len(n.Attempts), 1
		if before == 0 {
			times = n.Variant.AtOnce()
		}
		stored, err := d.attempt(ctx, *n, n.URL, times)
		p.Attempts += len(stored.Attempts) - before
		return err
	}
	t := due.Transaction
	if err := d.gateway.SettleDue(ctx, p.App, t.Syssn); err != nil {
		return err
	}
	p.Settled++
	d.log.Info("settled", "app", t.App, "order", t.OutTradeNo, "syssn", t.Syssn)
	left, err := d.gateway.Store.TransactionBySyssn(ctx, t.App, t.Syssn)
	if err == nil && left.DueAt.Equal(t.DueAt) {
		return fmt.Errorf("transaction %s is due at %s although it was settled", t.Syssn, sandbox.FormatTime(t.DueAt)) // or we would settle it without end
	}
	return err
}
