package sandbox_test

import (
	"errors"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func TestTimesAreQFPays(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"2026-03-14T02:00:00Z", "2026-03-14 10:00:00"}, {"2026-03-14T23:30:00+01:00", "2026-03-15 06:30:00"}, {"2026-12-31T16:00:00Z", "2027-01-01 00:00:00"},
	} {
		at, err := time.Parse(time.RFC3339, c.in)
		if err != nil {
			t.Fatal(err)
		}
		if got := sandbox.FormatTime(at); got != c.want {
			t.Errorf("FormatTime(%s) is %s, want %s", c.in, got, c.want)
		}
	}
}

func TestClocksBelongToTheirApps(t *testing.T) {
	w := newWorld(t)
	other, err := w.CreateApp(t.Context(), sandbox.App{Code: "OTHER"})
	w.must(err)
	w.app, err = w.MoveClock(t.Context(), w.app.Code, 3*time.Hour)
	w.must(err)
	for what, c := range map[string]struct{ got, want time.Time }{
		"the moved App":  {w.Now(w.app), morning.Add(3 * time.Hour)},
		"the other App":  {w.Now(other), morning},
		"the real clock": {w.Clock.Now(), morning},
	} {
		if !c.got.Equal(c.want) {
			t.Errorf("%s reads %s, want %s", what, c.got, c.want)
		}
	}
	w.clock.now = morning.Add(time.Minute)
	if got, want := w.Now(w.app), morning.Add(3*time.Hour+time.Minute); !got.Equal(want) {
		t.Errorf("a minute later the moved App reads %s, want %s", got, want)
	}
}

func TestMoveClock(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		to, want time.Duration
		err      error
	}{
		{time.Hour, time.Hour, nil}, {time.Minute, time.Hour, nil}, {-time.Hour, time.Hour, nil}, // never back
		{sandbox.MaxClockOffset, sandbox.MaxClockOffset, nil}, {sandbox.MaxClockOffset + 1, sandbox.MaxClockOffset, sandbox.ErrInvalid},
	} {
		_, err := w.MoveClock(t.Context(), "APPCODE", c.to)
		if !errors.Is(err, c.err) {
			t.Errorf("MoveClock to %s gives %v, want %v", c.to, err, c.err)
		}
		a, err := w.Store.App(t.Context(), "APPCODE")
		w.must(err)
		if a.ClockOffset != c.want {
			t.Errorf("after MoveClock to %s the offset is %s, want %s", c.to, a.ClockOffset, c.want)
		}
	}
	if _, err := w.MoveClock(t.Context(), "NOBODY", time.Hour); !errors.Is(err, sandbox.ErrNotFound) {
		t.Errorf("MoveClock of an unknown App gives %v, want ErrNotFound", err)
	}
}
