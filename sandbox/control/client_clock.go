package control

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func (c *Client) moveClock(ctx context.Context, code sandbox.AppCode, how string, in any) (Clock, error) {
	var out Clock
	return out, c.call(ctx, http.MethodPost, "/apps/"+url.PathEscape(string(code))+"/clock/"+how, in, &out)
}

// Clock reads an App's time.
func (c *Client) Clock(ctx context.Context, code sandbox.AppCode) (Clock, error) {
	var out Clock
	return out, c.call(ctx, http.MethodGet, "/apps/"+url.PathEscape(string(code))+"/clock", nil, &out)
}

// AdvanceClock moves an App's clock on; what fell due was done when it returns.
func (c *Client) AdvanceClock(ctx context.Context, code sandbox.AppCode, by time.Duration) (Clock, error) {
	return c.moveClock(ctx, code, "advance", Advance{By: by.String()})
}

// SetClock sets an App's clock; what fell due was done when it returns. Back it goes only while
// the App has no transactions, codes and notifications.
func (c *Client) SetClock(ctx context.Context, code sandbox.AppCode, to time.Time) (Clock, error) {
	return c.moveClock(ctx, code, "set", SetClock{To: to.Format(time.RFC3339Nano)})
}

// AdvanceClockToNext moves an App's clock to the next thing that is due, and does it.
func (c *Client) AdvanceClockToNext(ctx context.Context, code sandbox.AppCode) (Clock, error) {
	return c.moveClock(ctx, code, "advance-to-next", struct{}{})
}

// RunClockUntilIdle moves an App's clock on until nothing is due any more.
func (c *Client) RunClockUntilIdle(ctx context.Context, code sandbox.AppCode) (Clock, error) {
	return c.moveClock(ctx, code, "run-until-idle", struct{}{})
}

// FreezeClock makes an App's clock stand, UnfreezeClock makes it go on from there.
func (c *Client) FreezeClock(ctx context.Context, code sandbox.AppCode) (Clock, error) {
	return c.moveClock(ctx, code, "freeze", struct{}{})
}

// UnfreezeClock makes an App's clock go on from where it stands.
func (c *Client) UnfreezeClock(ctx context.Context, code sandbox.AppCode) (Clock, error) {
	return c.moveClock(ctx, code, "unfreeze", struct{}{})
}
