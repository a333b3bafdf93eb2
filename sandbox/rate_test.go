package sandbox_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// wantLimited makes n calls and wants the last, and only that, refused.
func (w *world) wantLimited(n int, detail string, after time.Duration) {
	w.t.Helper()
	w.wantUnlimited(n - 1)
	err := w.CheckRate(w.t.Context(), w.app)
	var r *sandbox.Refusal
	if !errors.As(err, &r) || r.Rule != "rate-limit" || r.RetryAfter != after || !strings.Contains(r.Detail, detail) {
		w.t.Errorf("call %d gives %+v, want a rate-limit of %q for %s", n, err, detail, after)
	}
}

func (w *world) wantUnlimited(n int) {
	w.t.Helper()
	for i := range n {
		if err := w.CheckRate(w.t.Context(), w.app); err != nil {
			w.t.Fatalf("call %d gives %v, want none", i+1, err)
		}
	}
}

func limited(a *sandbox.App) { a.Settings.RateLimit = true }

func TestCallsOfASecond(t *testing.T) {
	w := newWorld(t, limited)
	w.clock.now = morning.Add(999 * time.Millisecond)
	w.wantLimited(101, "call 101 in one second, want at most 100", time.Second)
	w.clock.now = morning.Add(time.Second)
	w.wantUnlimited(100)
}

func TestCallsOfAMinute(t *testing.T) {
	w := newWorld(t, limited)
	for range 4 {
		w.wantUnlimited(100)
		w.clock.now = w.clock.now.Add(time.Second)
	}
	w.wantLimited(1, "call 401 in one minute, want at most 400", 56*time.Second)
	w.clock.now = morning.Add(59*time.Second + 999*time.Millisecond)
	w.wantLimited(1, "call 402 in one minute", time.Second)
	w.clock.now = morning.Add(time.Minute)
	w.wantUnlimited(100)
}

// A clock that stands still has one second.
func TestCallsOnAFrozenClock(t *testing.T) {
	w := newWorld(t, limited)
	w.app.FrozenAt = morning
	w.wantUnlimited(100)
	w.clock.now = morning.Add(time.Hour)
	w.wantLimited(1, "call 101 in one second", time.Second)
	w.app.FrozenAt = morning.Add(time.Second)
	w.wantUnlimited(100)
}

func TestNoLimitUnlessAskedFor(t *testing.T) {
	newWorld(t).wantUnlimited(500)
}
