package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Clock tells the real time. Each App's own time is the real one moved by its ClockOffset, or
// stands at its FrozenAt.
type Clock interface{ Now() time.Time }

// QFPayZone is the zone of sysdtm, paydtm and syssn dates whatever the host's zone (qfpay-api 3.0).
var QFPayZone = time.FixedZone("UTC+8", 8*60*60)

// Now is the App's own time.
func (g *Gateway) Now(a App) time.Time {
	if !a.FrozenAt.IsZero() {
		return a.FrozenAt
	}
	return g.Clock.Now().Add(a.ClockOffset)
}

// ClockCanReach says whether an App's clock may read this: not more than MaxClockOffset away from
// the real time. Errors: ErrInvalid.
func (g *Gateway) ClockCanReach(to time.Time) error {
	if away := to.Sub(g.Clock.Now()); away > MaxClockOffset || away < -MaxClockOffset {
		return fmt.Errorf("%w: clock would read %s, more than %s away from the real time", ErrInvalid, FormatTime(to), MaxClockOffset)
	}
	return nil
}

// MoveClock moves an App's clock on to this instant; it does nothing when the clock is there or
// beyond already. It delivers nothing by itself; the notify package does both. Errors: ErrInvalid
// as ClockCanReach, ErrNotFound.
func (g *Gateway) MoveClock(ctx context.Context, code AppCode, to time.Time) (App, error) {
	if err := g.ClockCanReach(to); err != nil {
		return App{}, err
	}
	return g.UpdateApp(ctx, code, func(a *App) {
		if to.After(g.Now(*a)) {
			g.setClock(a, to)
		}
	})
}

func (g *Gateway) setClock(a *App, to time.Time) {
	now := g.Clock.Now()
	if !a.FrozenAt.IsZero() {
		a.FrozenAt = to.In(now.Location()) // the App's times are all told in one zone
		return
	}
	a.ClockOffset = to.Sub(now)
}

// ErrNotEmpty says that an App has transactions, codes or notifications, whose times would lie in
// the future of a clock that went back.
var ErrNotEmpty = errors.New("not empty")

// SetClockBack sets the clock of an App that has nothing yet to an earlier instant. Errors:
// ErrNotEmpty, ErrInvalid as ClockCanReach, ErrNotFound.
func (g *Gateway) SetClockBack(ctx context.Context, code AppCode, to time.Time) (App, error) {
	if err := g.ClockCanReach(to); err != nil {
		return App{}, err
	}
	if err := g.empty(ctx, code); err != nil {
		return App{}, err
	}
	return g.UpdateApp(ctx, code, func(a *App) { g.setClock(a, to) })
}

func (g *Gateway) empty(ctx context.Context, code AppCode) error {
	found := false
	err := g.Store.EachTransaction(ctx, TransactionRange{App: code}, func(Transaction) bool {
		found = true
		return false
	})
	if err != nil || found {
		return errors.Join(err, notEmpty(found))
	}
	s, err := g.Store.Snapshot(ctx, code) // small: an App without transactions has codes at most
	if err != nil {
		return err
	}
	return notEmpty(len(s.OAuthCodes)+len(s.AuthCodes)+len(s.Notifications) > 0)
}

func notEmpty(is bool) error {
	if !is {
		return nil
	}
	return fmt.Errorf("%w: the App has transactions, codes or notifications, whose times would lie in its future", ErrNotEmpty)
}

// FreezeClock makes an App's clock stand where it is until it is told otherwise. Errors: ErrNotFound.
func (g *Gateway) FreezeClock(ctx context.Context, code AppCode) (App, error) {
	return g.UpdateApp(ctx, code, func(a *App) { a.FrozenAt = g.Now(*a) })
}

// UnfreezeClock makes an App's clock go on from where it stands. Errors: ErrNotFound.
func (g *Gateway) UnfreezeClock(ctx context.Context, code AppCode) (App, error) {
	app, err := g.UpdateApp(ctx, code, func(a *App) {
		if !a.FrozenAt.IsZero() {
			a.ClockOffset, a.FrozenAt = a.FrozenAt.Sub(g.Clock.Now()), time.Time{}
		}
	})
	g.NotificationDue()
	return app, err
}

// Due is the next thing that happens to an App by itself: exactly one of Transaction and
// Notification is set.
type Due struct {
	At           time.Time
	Transaction  *Transaction
	Notification *Notification
}

// NextDue gives what happens next to an App by itself; of two things at the same instant a
// transaction comes before a notification. Errors: ErrNotFound when there is nothing.
func (g *Gateway) NextDue(ctx context.Context, code AppCode) (Due, error) {
	var due Due
	t, err := g.Store.NextTransaction(ctx, code)
	switch {
	case err == nil:
		due = Due{At: t.DueAt, Transaction: &t}
	case !errors.Is(err, ErrNotFound):
		return due, err
	}
	n, err := g.Store.NextNotification(ctx, code)
	switch {
	case err == nil && (due.Transaction == nil || n.NextAt.Before(due.At)):
		return Due{At: n.NextAt, Notification: &n}, nil
	case errors.Is(err, ErrNotFound) && due.Transaction != nil:
		return due, nil
	}
	return due, err
}

// Progress is how far an App's clock came, and what happened on the way.
type Progress struct {
	App App
	// Attempts were made at notifications, Settled transactions met what they waited for.
	Attempts int
	Settled  int
	// Next is what is due now or later, nil when nothing is.
	Next *Due
	// Stopped: there was more to do than one call does.
	Stopped bool
}
