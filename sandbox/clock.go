package sandbox

import (
	"context"
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

// MoveClock moves an App's clock on until it is offset ahead of the real time; a clock never goes
// back. It delivers nothing by itself; the notify package's Advance does both. Errors: ErrInvalid
// beyond MaxClockOffset, ErrNotFound.
func (g *Gateway) MoveClock(ctx context.Context, code AppCode, offset time.Duration) (App, error) {
	return g.UpdateApp(ctx, code, func(a *App) { a.ClockOffset = max(a.ClockOffset, offset) })
}
