package sandboxtest

import (
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// Now is the App's time.
func (s *Sandbox) Now() time.Time {
	s.tb.Helper()
	return s.clock(s.Control.Clock(s.tb.Context(), s.app())).Now
}

// Advance moves the App's clock on. What fell due on the way, such as the next attempt at a
// notification, was done in its order when it returns.
func (s *Sandbox) Advance(by time.Duration) control.Clock {
	s.tb.Helper()
	return s.clock(s.Control.AdvanceClock(s.tb.Context(), s.app(), by))
}

// AdvanceToNext moves the App's clock to the next thing that is due, and does it.
func (s *Sandbox) AdvanceToNext() control.Clock {
	s.tb.Helper()
	return s.clock(s.Control.AdvanceClockToNext(s.tb.Context(), s.app()))
}

// RunUntilIdle moves the App's clock on until nothing is due any more: the whole ladder of a
// notification nobody acknowledges takes milliseconds.
func (s *Sandbox) RunUntilIdle() control.Clock {
	s.tb.Helper()
	return s.clock(s.Control.RunClockUntilIdle(s.tb.Context(), s.app()))
}

// SetTime sets the App's clock. Back it goes only while the App has no orders, codes and notifications.
func (s *Sandbox) SetTime(to time.Time) control.Clock {
	s.tb.Helper()
	return s.clock(s.Control.SetClock(s.tb.Context(), s.app(), to))
}

// Freeze makes the App's clock stand until it is moved.
func (s *Sandbox) Freeze() control.Clock {
	s.tb.Helper()
	return s.clock(s.Control.FreezeClock(s.tb.Context(), s.app()))
}

// Unfreeze lets the App's clock go on from where it stands.
func (s *Sandbox) Unfreeze() control.Clock {
	s.tb.Helper()
	return s.clock(s.Control.UnfreezeClock(s.tb.Context(), s.app()))
}

func (s *Sandbox) clock(at control.Clock, err error) control.Clock {
	s.tb.Helper()
	s.check(err)
	return at
}
