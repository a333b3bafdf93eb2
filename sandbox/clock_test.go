package sandbox_test

import (
	"context"
	"errors"
	"strings"
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

// The host's zone reaches nothing QFPay writes.
func TestHostsZoneDoesNotMatter(t *testing.T) {
	host := time.Local
	t.Cleanup(func() { time.Local = host })
	lateEvening := time.Date(2026, 3, 31, 23, 59, 59, 0, sandbox.QFPayZone)
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("far west", -12*60*60), time.FixedZone("far east", 14*60*60)} {
		time.Local = zone
		w := newWorld(t)
		w.clock.now = lateEvening.Local()
		paid, p := w.pay()
		if !strings.HasPrefix(string(paid.Syssn), "20260331") {
			t.Errorf("in %s the syssn is %s, want it to start with 20260331", zone, paid.Syssn)
		}
		_, err := w.PayerPays(t.Context(), w.invocation(p))
		w.must(err)
		n, err := w.Store.NextNotification(t.Context(), "APPCODE")
		w.must(err)
		for _, want := range []string{`"sysdtm": "2026-03-31 23:59:59"`, `"paydtm": "2026-03-31 23:59:59"`} {
			if !strings.Contains(string(n.Body), want) {
				t.Errorf("in %s the notification is %s, want %s in it", zone, n.Body, want)
			}
		}
	}
}

func TestClocksBelongToTheirApps(t *testing.T) {
	w := newWorld(t)
	other, err := w.CreateApp(t.Context(), sandbox.App{Code: "OTHER"})
	w.must(err)
	w.app, err = w.MoveClock(t.Context(), w.app.Code, morning.Add(3*time.Hour))
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
	for _, frozen := range []bool{false, true} {
		w := newWorld(t)
		if frozen {
			_, err := w.FreezeClock(t.Context(), "APPCODE")
			w.must(err)
		}
		for _, c := range []struct {
			to, want time.Duration
			err      error
		}{
			{time.Hour, time.Hour, nil}, {time.Minute, time.Hour, nil}, {-time.Hour, time.Hour, nil}, // never back
			{sandbox.MaxClockOffset, sandbox.MaxClockOffset, nil}, {sandbox.MaxClockOffset + 1, sandbox.MaxClockOffset, sandbox.ErrInvalid},
			{-sandbox.MaxClockOffset - 1, sandbox.MaxClockOffset, sandbox.ErrInvalid},
		} {
			_, err := w.MoveClock(t.Context(), "APPCODE", morning.Add(c.to))
			if !errors.Is(err, c.err) {
				t.Errorf("frozen %v: MoveClock by %s gives %v, want %v", frozen, c.to, err, c.err)
			}
			w.wantClock(morning.Add(c.want))
		}
		if _, err := w.MoveClock(t.Context(), "NOBODY", morning); !errors.Is(err, sandbox.ErrNotFound) {
			t.Errorf("MoveClock of an unknown App gives %v, want ErrNotFound", err)
		}
	}
}

// wantClock checks the App's own time as it is stored.
func (w *world) wantClock(want time.Time) {
	w.t.Helper()
	a, err := w.Store.App(w.t.Context(), "APPCODE")
	w.must(err)
	if got := w.Now(a); !got.Equal(want) {
		w.t.Errorf("the App's clock reads %s, want %s", got, want)
	}
}

func TestFrozenClockStands(t *testing.T) {
	w := newWorld(t)
	_, err := w.MoveClock(t.Context(), "APPCODE", morning.Add(time.Hour))
	w.must(err)
	_, err = w.FreezeClock(t.Context(), "APPCODE")
	w.must(err)
	w.clock.now = morning.Add(5 * time.Minute)
	w.wantClock(morning.Add(time.Hour))
	_, err = w.FreezeClock(t.Context(), "APPCODE") // a second time changes nothing
	w.must(err)
	w.wantClock(morning.Add(time.Hour))
	_, err = w.MoveClock(t.Context(), "APPCODE", morning.Add(2*time.Hour))
	w.must(err)
	w.clock.now = morning.Add(10 * time.Minute)
	w.wantClock(morning.Add(2 * time.Hour))
	told := w.told
	_, err = w.UnfreezeClock(t.Context(), "APPCODE")
	w.must(err)
	if w.told == told {
		t.Error("nobody was told that what is due can be due now")
	}
	w.wantClock(morning.Add(2 * time.Hour))
	w.clock.now = morning.Add(11 * time.Minute)
	w.wantClock(morning.Add(2*time.Hour + time.Minute))
	_, err = w.UnfreezeClock(t.Context(), "APPCODE") // a second time changes nothing
	w.must(err)
	w.wantClock(morning.Add(2*time.Hour + time.Minute))
}

// holding is a store whose snapshots hold this.
type holding struct {
	sandbox.Store
	snapshot sandbox.Snapshot
}

func (h holding) Snapshot(context.Context, sandbox.AppCode) (sandbox.Snapshot, error) {
	return h.snapshot, nil
}

func TestClockGoesBackOnlyWhileTheAppIsEmpty(t *testing.T) {
	yesterday := morning.Add(-24 * time.Hour)
	for _, c := range []struct {
		name     string
		pays     bool
		snapshot sandbox.Snapshot
		to       time.Time
		err      error
	}{
		{"empty", false, sandbox.Snapshot{}, yesterday, nil},
		{"a hundred years", false, sandbox.Snapshot{}, morning.Add(-sandbox.MaxClockOffset), nil},
		{"more than a hundred years", false, sandbox.Snapshot{}, morning.Add(-sandbox.MaxClockOffset - 1), sandbox.ErrInvalid},
		{"a transaction", true, sandbox.Snapshot{}, yesterday, sandbox.ErrNotEmpty},
		{"a code", false, sandbox.Snapshot{OAuthCodes: make([]sandbox.OAuthCode, 1)}, yesterday, sandbox.ErrNotEmpty},
		{"a code a payer showed", false, sandbox.Snapshot{AuthCodes: make([]sandbox.AuthCode, 1)}, yesterday, sandbox.ErrNotEmpty},
		{"a notification", false, sandbox.Snapshot{Notifications: make([]sandbox.Notification, 1)}, yesterday, sandbox.ErrNotEmpty},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			if c.pays {
				w.pay()
			}
			w.Store = holding{w.Store, c.snapshot}
			want := c.to
			if c.err != nil {
				want = morning
			}
			if _, err := w.SetClockBack(t.Context(), "APPCODE", c.to); !errors.Is(err, c.err) {
				t.Errorf("got %v, want %v", err, c.err)
			}
			w.wantClock(want)
		})
	}
}

func TestNextDue(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	if _, err := w.NextDue(ctx, "APPCODE"); !errors.Is(err, sandbox.ErrNotFound) {
		t.Errorf("of an empty App NextDue gives %v, want ErrNotFound", err)
	}
	n := w.paidNotification() // due at 10:01
	due, err := w.NextDue(ctx, "APPCODE")
	w.must(err)
	if due.Notification == nil || due.Notification.ID != n.ID || due.Transaction != nil || !due.At.Equal(n.NextAt) {
		t.Errorf("it is %+v, want the notification", due)
	}
	for _, c := range []struct {
		dueAt       time.Time
		transaction bool
	}{{n.NextAt.Add(time.Second), false}, {n.NextAt, true}, {n.NextAt.Add(-time.Second), true}} {
		w.must(w.Store.ChangeTransactions(ctx, "APPCODE", []sandbox.Syssn{n.Syssn}, func(ts []*sandbox.Transaction) (sandbox.Brought, error) {
			ts[0].DueAt = c.dueAt
			return sandbox.Brought{}, nil
		}))
		due, err := w.NextDue(ctx, "APPCODE")
		w.must(err)
		if (due.Transaction != nil) != c.transaction || (due.Notification != nil) == c.transaction {
			t.Errorf("a transaction due at %s and a notification due at %s: next is %+v, want the transaction %v", c.dueAt, n.NextAt, due, c.transaction)
		}
	}
}
