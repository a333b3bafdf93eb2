package notify

import (
	"context"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// SetTimeout lets tests wait less than AttemptTimeout for a merchant who hangs.
func (d *Deliverer) SetTimeout(t time.Duration) { d.timeout, d.client.Timeout = t, t }

// TakeTurn is somebody acting for an App, until release is called.
func (d *Deliverer) TakeTurn(ctx context.Context, code sandbox.AppCode) (release func(), err error) {
	return d.take(ctx, code)
}

// UntilNext is how long Run sleeps for an App, in real time.
func (d *Deliverer) UntilNext(ctx context.Context, code sandbox.AppCode) (time.Duration, error) {
	return d.untilNext(ctx, code)
}

// Turns counts the Apps somebody ever acted for.
func (d *Deliverer) Turns() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.turn)
}
