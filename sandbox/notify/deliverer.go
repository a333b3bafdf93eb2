// Package notify lets happen what is due on the Apps' clocks: it delivers notifications, records
// each attempt, and has the Gateway settle transactions.
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

// Deliverer does what is due. What is due for one App is done one after the other; Apps do not wait
// for each other. Its fields are its dependencies; use New.
type Deliverer struct {
	gateway *sandbox.Gateway
	client  *http.Client
	timeout time.Duration
	log     *slog.Logger

	// Refused says why a merchant may have refused a genuine notification, from what its answer shows.
	// It is asked once for each, and set before Run; nil says nothing.
	Refused func(ctx context.Context, app sandbox.App, body []byte, answered ...string) []sandbox.Finding

	wake chan struct{}

	mu sync.Mutex
	// turn holds a token for each App while somebody acts for it.
	turn map[sandbox.AppCode]chan struct{}
}

// New gives a deliverer that does nothing until Run or Advance is called.
func New(g *sandbox.Gateway, to Destinations, log *slog.Logger) *Deliverer {
	return &Deliverer{
		gateway: g,
		client:  newClient(to),
		timeout: AttemptTimeout,
		log:     log,
		wake:    make(chan struct{}, 1),
		turn:    make(map[sandbox.AppCode]chan struct{}),
	}
}

// Wake makes Run look for what is due at once. It never blocks.
func (d *Deliverer) Wake() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// lookAgain bounds how late Run is for what another process stored.
const lookAgain = 5 * time.Second

// restAfterLook is how many times as long as a look took Run does not look again: with ten thousand
// Apps that have something due later a look takes 20 ms, and each payment asks for one.
const restAfterLook = 5

// Run delivers until ctx ends, and returns when the attempts under way have ended too.
func (d *Deliverer) Run(ctx context.Context) {
	var attempts sync.WaitGroup
	defer attempts.Wait()
	timer := time.NewTimer(0)
	defer timer.Stop()
	busy := make(map[sandbox.AppCode]bool)
	done := make(chan sandbox.AppCode)
	var rested time.Time // when it may look again
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-d.wake:
		case app := <-done:
			delete(busy, app)
		}
		if tired := time.Until(rested); tired > 0 {
			timer.Reset(tired)
			continue
		}
		began := time.Now()
		due, next, err := d.dueApps(ctx, busy)
		rested = time.Now().Add(restAfterLook * time.Since(began))
		if err != nil && ctx.Err() == nil {
			d.log.Error("cannot read what is due", "error", err)
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

// untilNext is how long, in real time, until something of the App is due; forever when its clock
// stands before that.
func (d *Deliverer) untilNext(ctx context.Context, code sandbox.AppCode) (time.Duration, error) {
	due, err := d.gateway.NextDue(ctx, code)
	if err != nil {
		return 0, err
	}
	app, err := d.gateway.Store.App(ctx, code)
	if err != nil {
		return 0, err
	}
	wait := due.At.Sub(d.gateway.Now(app))
	if wait > 0 && !app.FrozenAt.IsZero() {
		return forever, nil
	}
	return wait, nil
}

// forever is longer than Run ever sleeps.
const forever = time.Duration(1<<63 - 1)

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// deliverDue does everything of the App that is due now. It gives the turn away after each step, so
// that nobody who asks for one waits for more than one attempt. Errors: the store's, ctx's.
func (d *Deliverer) deliverDue(ctx context.Context, code sandbox.AppCode) error {
	for {
		more, err := d.deliverNext(ctx, code)
		if err != nil || !more {
			return err
		}
	}
}

func (d *Deliverer) deliverNext(ctx context.Context, code sandbox.AppCode) (more bool, err error) {
	release, err := d.take(ctx, code)
	if err != nil {
		return false, err
	}
	defer release()
	app, err := d.gateway.Store.App(ctx, code)
	if err != nil {
		return false, err
	}
	due, err := d.gateway.NextDue(ctx, code)
	if errors.Is(err, sandbox.ErrNotFound) || err == nil && due.At.After(d.gateway.Now(app)) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, d.do(ctx, due, &sandbox.Progress{App: app})
}

// take waits for the App's turn and gives the function that ends it. Nobody's App gets none, which
// would stay for ever. Errors: ErrNotFound, ctx's.
func (d *Deliverer) take(ctx context.Context, code sandbox.AppCode) (release func(), err error) {
	if _, err := d.gateway.Store.App(ctx, code); err != nil {
		return nil, err
	}
	d.mu.Lock()
	turn := d.turn[code]
	if turn == nil {
		turn = make(chan struct{}, 1)
		d.turn[code] = turn
	}
	d.mu.Unlock()
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// MaxAttempts bounds what a notification keeps when somebody resends it without end.
const MaxAttempts = 1000

// Resend makes one more attempt at a notification now, whatever became of it before. It goes to
// another address than the notification's own unless that is empty. Errors: ErrInvalid for the
// address or too many attempts, ErrNotFound, ctx's.
func (d *Deliverer) Resend(ctx context.Context, id uint64, url string) (sandbox.Notification, error) {
	n, err := d.gateway.Store.Notification(ctx, id)
	if err != nil {
		return n, err
	}
	if url == "" {
		url = n.URL
	}
	if err := sandbox.CheckNotifyURL(url); err != nil {
		return n, err
	}
	release, err := d.take(ctx, n.App)
	if err != nil {
		return n, err
	}
	defer release()
	if len(n.Attempts) >= MaxAttempts {
		return n, fmt.Errorf("%w: notification %d has %d attempts, want at most %d", sandbox.ErrInvalid, id, len(n.Attempts), MaxAttempts)
	}
	return d.attempt(ctx, n, url, 1)
}
