package sandbox

import (
	"context"
	"fmt"
	"time"
)

// QFPay's two limits on an App's calls (qfpay-api 5). The second is the tighter one.
const (
	CallsPerSecond = 100
	CallsPerMinute = 400
)

// CheckRate counts a call of the App, where its settings want that, and refuses it beyond either
// limit. Seconds and minutes are those of the App's clock. Errors: *Refusal.
func (g *Gateway) CheckRate(ctx context.Context, a App) error {
	if !a.Settings.RateLimit {
		return nil
	}
	now := g.Now(a)
	second, minute, err := g.Store.CountCall(ctx, a.Code, now)
	if err != nil {
		return err
	}
	var r *Refusal
	switch {
	case minute > CallsPerMinute:
		r = refuse("rate-limit", fmt.Sprintf("this is call %d in one minute, want at most %d", minute, CallsPerMinute)).
			Got(fmt.Sprintf("call %d of the minute", minute)).Want(fmt.Sprintf("at most %d a minute", CallsPerMinute))
		r.RetryAfter = time.Duration(60-now.Second()) * time.Second
	case second > CallsPerSecond:
		r = refuse("rate-limit", fmt.Sprintf("this is call %d in one second, want at most %d", second, CallsPerSecond)).
			Got(fmt.Sprintf("call %d of the second", second)).Want(fmt.Sprintf("at most %d a second", CallsPerSecond))
		r.RetryAfter = time.Second
	default:
		return nil
	}
	return r
}
