// Package notify delivers due notifications and records each attempt.
package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// Deliverer sends what is due. Attempts for one App go out one after the other; Apps do not wait
// for each other. Its fields are its dependencies; use New.
type Deliverer struct {
	gateway *sandbox.Gateway
	client  *http.Client
	log     *slog.Logger

	wake chan struct{}

	mu   sync.Mutex
	turn map[sandbox.AppCode]*sync.Mutex
}

// New gives a deliverer that does nothing until Run or Advance is called.
func New(g *sandbox.Gateway, to Destinations, log *slog.Logger) *Deliverer {
	return &Deliverer{
		gateway: g,
		client:  newClient(to),
		log:     log,
		wake:    make(chan struct{}, 1),
		turn:    make(map[sandbox.AppCode]*sync.Mutex),
	}
}

// Wake makes Run look for due notifications at once. It never blocks.
func (d *Deliverer) Wake() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// lookAgain bounds how late Run is for a notification another process stored.
const lookAgain = 5 * time.Second

// Run delivers until ctx ends, and returns when the attempts under way have ended too.
func (d *Deliverer) Run(ctx context.Context) {
	var attempts sync.WaitGroup
	defer attempts.Wait()
	timer := time.NewTimer(0)
	defer timer.Stop()
	busy := make(map[sandbox.AppCode]bool)
	done := make(chan sandbox.AppCode)
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-d.wake:
		case app := <-done:
			delete(busy, app)
		}
		due, next, err := d.dueApps(ctx, busy)
		if err != nil && ctx.Err() == nil {
			d.log.Error("cannot read due notifications", "error", err)
		}
		for _, app := range due {
			busy[app] = true
			attempts.Go(func() {
				if err := d.deliverDue(ctx, app); err != nil && ctx.Err() == nil {
					d.log.Error("cannot deliver what is due", "app", app, "error", err)
					pause(ctx, lookAgain) // a store that fails must not make us call the merchant without end
				}
				select {
				case done <- app:
				case <-ctx.Done():
				}
			})
		}
		timer.Reset(next)
	}
}

// dueApps lists the Apps with something due now and says how long until the next one is.
func (d *Deliverer) dueApps(ctx context.Context, busy map[sandbox.AppCode]bool) ([]sandbox.AppCode, time.Duration, error) {
	next := lookAgain
	codes, err := d.gateway.Store.AppsWithPending(ctx)
	if err != nil {
		return nil, next, err
	}
	var due []sandbox.AppCode
	for _, code := range codes {
		if busy[code] {
			continue
		}
		wait, err := d.untilNext(ctx, code)
		switch {
		case errors.Is(err, sandbox.ErrNotFound):
		case err != nil:
			return due, next, err
		case wait <= 0:
			due = append(due, code)
		default:
			next = min(next, wait)
		}
	}
	return due, next, nil
}

func (d *Deliverer) untilNext(ctx context.Context, code sandbox.AppCode) (time.Duration, error) {
	n, err := d.gateway.Store.NextNotification(ctx, code)
	if err != nil {
		return 0, err
	}
	app, err := d.gateway.Store.App(ctx, code)
	if err != nil {
		return 0, err
	}
	return n.NextAt.Sub(d.gateway.Now(app)), nil
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// deliverDue makes one attempt at everything of the App that is due now. Errors: the store's, ctx's.
func (d *Deliverer) deliverDue(ctx context.Context, code sandbox.AppCode) error {
	defer d.take(code)()
	for ctx.Err() == nil {
		wait, err := d.untilNext(ctx, code)
		if errors.Is(err, sandbox.ErrNotFound) || err == nil && wait > 0 {
			return nil
		}
		if err != nil {
			return err
		}
		n, err := d.gateway.Store.NextNotification(ctx, code)
		if err != nil {
			return err
		}
		if _, err := d.attempt(ctx, n); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// take waits for the App's turn and gives the function that ends it.
func (d *Deliverer) take(code sandbox.AppCode) func() {
	d.mu.Lock()
	turn := d.turn[code]
	if turn == nil {
		turn = &sync.Mutex{}
		d.turn[code] = turn
	}
	d.mu.Unlock()
	turn.Lock()
	return turn.Unlock
}

// Advance moves the App's clock on by d, stopping at everything that falls due on the way, in
// order, and returns how many attempts were made. What was under way ends first.
func (d *Deliverer) Advance(ctx context.Context, code sandbox.AppCode, by time.Duration) (sandbox.App, int, error) {
	defer d.take(code)()
	app, err := d.gateway.Store.App(ctx, code)
	if err != nil {
		return app, 0, err
	}
	if by > sandbox.MaxClockOffset-app.ClockOffset {
		return app, 0, fmt.Errorf("%w: clock would be more than %s ahead", sandbox.ErrInvalid, sandbox.MaxClockOffset)
	}
	target := app.ClockOffset + by
	made := 0
	for {
		n, err := d.gateway.Store.NextNotification(ctx, code)
		if errors.Is(err, sandbox.ErrNotFound) {
			break
		}
		if err != nil {
			return app, made, err
		}
		offset := n.NextAt.Sub(d.gateway.Clock.Now())
		if offset > target {
			break
		}
		if app, err = d.gateway.MoveClock(ctx, code, offset); err != nil {
			return app, made, err
		}
		if _, err := d.attempt(ctx, n); err != nil {
			return app, made, err
		}
		made++
	}
	app, err = d.gateway.MoveClock(ctx, code, target)
	return app, made, err
}

// Resend makes one more attempt at a notification now, whatever became of it before.
func (d *Deliverer) Resend(ctx context.Context, id uint64) (sandbox.Notification, error) {
	n, err := d.gateway.Store.Notification(ctx, id)
	if err != nil {
		return n, err
	}
	defer d.take(n.App)()
	return d.attempt(ctx, n)
}
