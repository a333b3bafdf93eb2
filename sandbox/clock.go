package sandbox

import (
	"context"
	"fmt"
	"time"
)

// Clock tells the real time. Each App's own time is the real one moved by its ClockOffset.
type Clock interface{ Now() time.Time }

// QFPayZone is the zone of sysdtm, paydtm and syssn dates whatever the host's zone (qfpay-api 3.0).
var QFPayZone = time.FixedZone("UTC+8", 8*60*60)

// DateTimeLayout is QFPay's date and time format, 24 hours.
const DateTimeLayout = "2006-01-02 15:04:05"

// FormatTime gives QFPay's text of an instant, in UTC+8.
func FormatTime(t time.Time) string { return t.In(QFPayZone).Format(DateTimeLayout) }

// Now is the App's own time.
func (g *Gateway) Now(a App) time.Time { return g.Clock.Now().Add(a.ClockOffset) }

// SetClock moves an App's clock so that it reads t now. It delivers nothing by itself; the notify
// package's Advance does both. Errors: ErrInvalid when t lies too far off or in the App's past, ErrNotFound.
func (g *Gateway) SetClock(ctx context.Context, code AppCode, t time.Time) (App, error) {
	return g.Store.UpdateApp(ctx, code, func(a *App) error {
		real := g.Clock.Now()
		offset := t.Sub(real)
		if offset < a.ClockOffset {
			return fmt.Errorf("%w: clock reads %s, want a later time than that and not %s", ErrInvalid,
				FormatTime(real.Add(a.ClockOffset)), FormatTime(t))
		}
		if offset > MaxClockOffset {
			return fmt.Errorf("%w: clock would be %s ahead, want at most %s", ErrInvalid, offset, MaxClockOffset)
		}
		a.ClockOffset = offset
		return nil
	})
}
