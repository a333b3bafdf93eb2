package notify_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/notify"
)

const (
	minute = time.Minute
	hour   = time.Hour
)

func TestLadderToItsEnd(t *testing.T) {
	m := hearing(t, reply(500, "busy"))
	w := newShop(t, m)
	id := w.paid("APP", "T1")
	w.advance(24*hour+22*minute-time.Second, 7) // the last waits 15 h after 9 h 22 m
	w.advance(time.Second, 1)
	w.advance(1000*hour, 0)
	n := w.notification(id)
	want := []time.Duration{0, 2 * minute, 12 * minute, 22 * minute, 82 * minute, 202 * minute, 562 * minute, 1462 * minute}
	var got []time.Duration
	for _, a := range n.Attempts {
		got = append(got, a.At.Sub(morning))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the attempts came after %v, want %v", got, want)
	}
	if n.Describe() != "given up after 8 attempts" {
		t.Errorf("it is %s, want given up after 8 attempts", n.Describe())
	}
	if heard := m.heard(); len(heard) != 8 {
		t.Errorf("the merchant heard %d times, want 8", len(heard))
	}
	bodies := map[string]bool{}
	page, err := w.Store.Journal(t.Context(), "APP", 0, 100)
	must(t, err)
	for _, e := range page.Exchanges {
		bodies[string(e.RequestBody)+e.RequestHeader["X-QF-SIGN"][0]] = true
	}
	if len(bodies) != 1 {
		t.Errorf("the attempts had %d different bodies or signatures, want the same each time", len(bodies))
	}
}

func TestLadderEndsWithSUCCESS(t *testing.T) {
	m := hearing(t, reply(500, ""))
	w := newShop(t, m)
	id := w.paid("APP", "T1")
	w.advance(5*minute, 2)
	m.says(reply(200, "SUCCESS"), false)
	w.advance(100*hour, 1)
	if n := w.notification(id); describe(n) != "acknowledged at attempt 3, 3 attempts" {
		t.Errorf("it is %s, want acknowledged at attempt 3", describe(n))
	}
}

func TestAdvanceMovesToTheMoment(t *testing.T) {
	w := newShop(t, hearing(t, reply(500, "")))
	w.paid("APP", "T1")
	for _, c := range []struct {
		by       time.Duration
		attempts int
	}{{0, 1}, {2*minute - 1, 0}, {1, 1}, {9 * minute, 0}, {minute, 1}} {
		w.advance(c.by, c.attempts)
	}
	app, err := w.Store.App(t.Context(), "APP")
	must(t, err)
	if got := w.Now(app); !got.Equal(morning.Add(12 * minute)) {
		t.Errorf("the App's clock reads %s, want 12 minutes on", got)
	}
}

func TestAdvanceRefusesBeforeItDelivers(t *testing.T) {
	m := hearing(t, reply(200, "SUCCESS"))
	w := newShop(t, m)
	w.paid("APP", "T1")
	for _, by := range []time.Duration{sandbox.MaxClockOffset + 1, 1<<63 - 1} {
		if p, err := w.Advance(t.Context(), "APP", by); !errors.Is(err, sandbox.ErrInvalid) || p.Attempts != 0 {
			t.Errorf("advancing by %s gives %v after %d attempts, want ErrInvalid after none", by, err, p.Attempts)
		}
	}
	if heard := m.heard(); len(heard) != 0 {
		t.Errorf("the merchant heard of %v, want nothing", heard)
	}
	if _, err := w.Advance(t.Context(), "NOBODY", hour); !errors.Is(err, sandbox.ErrNotFound) {
		t.Errorf("an unknown App gives %v, want ErrNotFound", err)
	}
	app, err := w.Store.App(t.Context(), "APP")
	must(t, err)
	if app.ClockOffset != 0 {
		t.Errorf("the clock moved by %s, want it to stand", app.ClockOffset)
	}
}

// Several orders' retries interleave in the order of their due times, the older first where two
// are due at once.
func TestOrderOfSeveralNotifications(t *testing.T) {
	m := hearing(t, reply(500, ""))
	w := newShop(t, m)
	for i := range 3 {
		w.clock.set(morning.Add(time.Duration(i) * 30 * time.Second))
		w.paid("APP", fmt.Sprint("T", i+1))
	}
	w.paid("APP", "T4")
	w.clock.set(morning.Add(minute))
	w.advance(0, 4)        // all four now, at 1m
	w.advance(2*minute, 4) // 3m
	m.says(reply(200, "SUCCESS"), false)
	w.paid("APP", "T5") // at 3m on the App's clock, before the others' 13m
	w.advance(10*minute, 5)
	want := []string{"T1", "T2", "T3", "T4", "T1", "T2", "T3", "T4", "T5", "T1", "T2", "T3", "T4"}
	if got := m.heard(); !slices.Equal(got, want) {
		t.Errorf("the merchant heard of %v, want %v", got, want)
	}
}

func TestAdvanceLeavesOtherAppsAlone(t *testing.T) {
	m, other := hearing(t, reply(200, "SUCCESS")), hearing(t, reply(200, "SUCCESS"))
	w := newShop(t, m)
	w.open("OTHER", other.url)
	w.paid("APP", "T1")
	id := w.paid("OTHER", "T1")
	w.advance(100*hour, 1)
	if n := w.notification(id); len(n.Attempts) != 0 {
		t.Errorf("the other App's notification is %s, want it untouched", describe(n))
	}
}

func TestResend(t *testing.T) {
	m := hearing(t, reply(200, "SUCCESS"))
	w := newShop(t, m)
	id := w.paid("APP", "T1")
	w.advance(0, 1)
	n, err := w.Resend(t.Context(), id, "")
	must(t, err)
	if describe(n) != "acknowledged at attempt 1, 2 attempts" {
		t.Errorf("after one more it is %s, want acknowledged at attempt 1, 2 attempts", describe(n))
	}
	m.says(reply(500, ""), false)
	n, err = w.Resend(t.Context(), id, "")
	must(t, err)
	if n.Pending || describe(n) != "acknowledged at attempt 1, 3 attempts" {
		t.Errorf("after a refused one it is %s and pending %v, want as before, 3 attempts", describe(n), n.Pending)
	}
	w.advance(100*hour, 0) // no ladder starts anew
	if got := m.heard(); len(got) != 3 {
		t.Errorf("the merchant heard %d times, want 3", len(got))
	}
	if _, err := w.Resend(t.Context(), 99, ""); !errors.Is(err, sandbox.ErrNotFound) {
		t.Errorf("an unknown id gives %v, want ErrNotFound", err)
	}
	_, err = w.Store.UpdateNotification(t.Context(), id, func(n *sandbox.Notification) error {
		n.Attempts = make([]sandbox.Attempt, notify.MaxAttempts)
		return nil
	})
	must(t, err)
	if _, err := w.Resend(t.Context(), id, ""); !errors.Is(err, sandbox.ErrInvalid) || !strings.HasSuffix(err.Error(), "has 1000 attempts, want at most 1000") {
		t.Errorf("an attempt too many gives %v, want ErrInvalid that says how many there were", err)
	}
}

func TestResendOfWhatIsPending(t *testing.T) {
	m := hearing(t, reply(500, ""))
	w := newShop(t, m)
	id := w.paid("APP", "T1")
	n, err := w.Resend(t.Context(), id, "")
	must(t, err)
	if want := "attempt 2 due at 2026-03-14 10:02:00, 1 attempts"; describe(n) != want {
		t.Errorf("it is %s, want %s", describe(n), want)
	}
	m.says(reply(200, "SUCCESS"), false)
	n, err = w.Resend(t.Context(), id, "")
	must(t, err)
	if n.Pending {
		t.Errorf("it is %s, want it acknowledged", describe(n))
	}
}
