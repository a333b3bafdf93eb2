package notify_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/notify"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// failing stores a payment that will fail by itself.
func (w *world) failing(code sandbox.AppCode, order string, dueAt time.Time) {
	w.t.Helper()
	must(w.t, w.Store.CreateTransaction(w.t.Context(), sandbox.Transaction{
		Kind: sandbox.KindPayment, App: code, OutTradeNo: sandbox.OutTradeNo(order), Syssn: sandbox.Syssn("S" + order), State: sandbox.StateCreated,
		CreatedAt: morning, DueAt: dueAt, DueFailure: qfpay.RespClosed,
	}))
}

// reads checks an App's own time.
func (w *world) reads(code sandbox.AppCode, want time.Time) {
	w.t.Helper()
	app, err := w.Store.App(w.t.Context(), code)
	must(w.t, err)
	if got := w.Now(app); !got.Equal(want) {
		w.t.Errorf("the clock reads %s, want %s", sandbox.FormatTime(got), sandbox.FormatTime(want))
	}
}

// journal gives what was done, in order: attempts by the order told of, and each at its App's time.
func (w *world) journal() (orders []string, at []time.Duration) {
	w.t.Helper()
	page, err := w.Store.Journal(w.t.Context(), "APP", 0, 1000)
	must(w.t, err)
	for _, e := range page.Exchanges {
		orders, at = append(orders, string(e.OutTradeNo)), append(at, e.At.Sub(morning))
	}
	return orders, at
}

// settling is a store that says when a transaction was settled.
type settling struct {
	sandbox.Store
	done func(sandbox.Syssn)
}

func (s settling) ChangeTransactions(ctx context.Context, app sandbox.AppCode, numbers []sandbox.Syssn, change func([]*sandbox.Transaction) (sandbox.Brought, error)) error {
	err := s.Store.ChangeTransactions(ctx, app, numbers, change)
	for _, n := range numbers {
		s.done(n)
	}
	return err
}

// What falls due happens in order: transactions before notifications due at the same instant.
func TestJourneyDoesWhatFallsDueInOrder(t *testing.T) {
	for _, frozen := range []bool{false, true} {
		m := hearing(t, reply(500, ""))
		w := newShop(t, m)
		if frozen {
			_, err := w.FreezeClock(t.Context(), "APP")
			must(t, err)
		}
		w.paid("APP", "T1") // due at 0, 2 m, 12 m, …
		w.failing("APP", "B", morning.Add(2*minute))
		w.failing("APP", "A", morning.Add(2*minute))
		w.failing("APP", "C", morning.Add(2*minute+1))
		var order []string
		var wire []string
		w.Store = settling{w.Store, func(n sandbox.Syssn) { order = append(order, string(n)) }}
		p, err := w.Advance(t.Context(), "APP", 2*minute)
		must(t, err)
		if wire = m.heard(); !slices.Equal(order, []string{"SB", "SA"}) || len(wire) != 2 || p.Attempts != 2 || p.Settled != 2 {
			t.Errorf("settled %v, told of %v, counted %d and %d; want SB, the older, SA, and twice T1", order, wire, p.Settled, p.Attempts)
		}
		if p.Next == nil || p.Next.Transaction == nil || p.Next.Transaction.Syssn != "SC" || p.Stopped {
			t.Errorf("next is %+v, want the transaction SC", p.Next)
		}
		w.reads("APP", morning.Add(2*minute))
		got, err := w.Store.TransactionBySyssn(t.Context(), "APP", "SA")
		must(t, err)
		if got.State != sandbox.StateFailed || got.Failure != qfpay.RespClosed {
			t.Errorf("the transaction is %s with %s, want failed with %s", got.State, got.Failure, qfpay.RespClosed)
		}
	}
}

func TestAdvanceToNext(t *testing.T) {
	w := newShop(t, hearing(t, reply(500, "")))
	w.failing("APP", "A", morning.Add(minute))
	w.paid("APP", "T1")
	for _, c := range []struct {
		attempts, settled int
		reads             time.Duration
	}{{1, 0, 0}, {0, 1, minute}, {1, 0, 2 * minute}, {1, 0, 12 * minute}, {1, 0, 22 * minute}, {1, 0, 82 * minute}, {1, 0, 202 * minute}, {1, 0, 562 * minute}, {1, 0, 1462 * minute}, {0, 0, 1462 * minute}} {
		p, err := w.AdvanceToNext(t.Context(), "APP")
		must(t, err)
		if p.Attempts != c.attempts || p.Settled != c.settled || p.Stopped {
			t.Errorf("at %s: %d attempts, %d settled, stopped %v, want %d, %d, false", c.reads, p.Attempts, p.Settled, p.Stopped, c.attempts, c.settled)
		}
		w.reads("APP", morning.Add(c.reads))
	}
}

func TestRunUntilIdle(t *testing.T) {
	w := newShop(t, hearing(t, reply(500, "")))
	w.paid("APP", "T1")
	w.failing("APP", "A", morning.Add(48*hour))
	p, err := w.RunUntilIdle(t.Context(), "APP")
	must(t, err)
	if p.Attempts != 8 || p.Settled != 1 || p.Next != nil || p.Stopped {
		t.Errorf("got %d attempts, %d settled, next %v, stopped %v, want the ladder to its end and the transaction", p.Attempts, p.Settled, p.Next, p.Stopped)
	}
	w.reads("APP", morning.Add(48*hour))
	if p, err = w.RunUntilIdle(t.Context(), "APP"); err != nil || p.Attempts+p.Settled != 0 {
		t.Errorf("with nothing due it gives %+v and %v, want nothing done", p, err)
	}
}

// endless is a store that has always something due.
type endless struct{ sandbox.Store }

func (endless) NextTransaction(context.Context, sandbox.AppCode) (sandbox.Transaction, error) {
	return sandbox.Transaction{App: "APP", Syssn: "S", DueAt: morning}, nil
}

func (endless) TransactionBySyssn(context.Context, sandbox.AppCode, sandbox.Syssn) (sandbox.Transaction, error) {
	return sandbox.Transaction{App: "APP", Syssn: "S"}, nil
}

func (endless) ChangeTransactions(context.Context, sandbox.AppCode, []sandbox.Syssn, func([]*sandbox.Transaction) (sandbox.Brought, error)) error {
	return nil
}

func TestJourneysAreBounded(t *testing.T) {
	w := newShop(t, hearing(t, reply(500, "")))
	w.Deliverer = quiet(w.Gateway)
	w.Store = endless{w.Store}
	for name, call := range map[string]func() (sandbox.Progress, error){
		"RunUntilIdle": func() (sandbox.Progress, error) { return w.RunUntilIdle(t.Context(), "APP") },
		"Advance":      func() (sandbox.Progress, error) { return w.Advance(t.Context(), "APP", hour) },
	} {
		p, err := call()
		must(t, err)
		if p.Settled != notify.MaxSteps || !p.Stopped || p.Next == nil {
			t.Errorf("%s settled %d and stopped %v, want %d and true", name, p.Settled, p.Stopped, notify.MaxSteps)
		}
		w.reads("APP", morning) // it stays where the rest is due
	}
}

// stuck is a store whose transactions stay due.
type stuck struct{ sandbox.Store }

func (stuck) ChangeTransactions(context.Context, sandbox.AppCode, []sandbox.Syssn, func([]*sandbox.Transaction) (sandbox.Brought, error)) error {
	return nil
}

func TestTransactionThatStaysDueIsAMistake(t *testing.T) {
	w := newShop(t, hearing(t, reply(500, "")))
	w.failing("APP", "A", morning)
	w.Store = stuck{w.Store}
	if p, err := w.RunUntilIdle(t.Context(), "APP"); err == nil || p.Settled != 1 {
		t.Errorf("it was settled %d times and gave %v, want once and an error", p.Settled, err)
	}
}

func TestSetClock(t *testing.T) {
	m := hearing(t, reply(500, ""))
	w := newShop(t, m)
	w.paid("APP", "T1")
	p, err := w.SetClock(t.Context(), "APP", morning.Add(13*minute))
	must(t, err)
	if p.Attempts != 3 {
		t.Errorf("13 minutes on made %d attempts, want 3", p.Attempts)
	}
	if _, at := w.journal(); !slices.Equal(at, []time.Duration{0, 2 * minute, 12 * minute}) {
		t.Errorf("the attempts came after %v, want 0, 2m and 12m", at)
	}
	w.reads("APP", morning.Add(13*minute))
	w.clock.set(morning.Add(time.Second / 2))
	if _, err = w.SetClock(t.Context(), "APP", morning.Add(13*minute)); err != nil {
		t.Errorf("to the second that has begun gives %v, want none", err)
	}
	if _, err = w.SetClock(t.Context(), "APP", morning); !errors.Is(err, sandbox.ErrNotEmpty) {
		t.Errorf("back gives %v, want ErrNotEmpty", err)
	}
	for _, to := range []time.Time{morning.Add(sandbox.MaxClockOffset + hour), {}} {
		if _, err = w.SetClock(t.Context(), "APP", to); !errors.Is(err, sandbox.ErrInvalid) {
			t.Errorf("to %s gives %v, want ErrInvalid", to, err)
		}
	}
	for name, call := range map[string]func() (sandbox.Progress, error){
		"SetClock":      func() (sandbox.Progress, error) { return w.SetClock(t.Context(), "NOBODY", morning) },
		"AdvanceToNext": func() (sandbox.Progress, error) { return w.AdvanceToNext(t.Context(), "NOBODY") },
		"RunUntilIdle":  func() (sandbox.Progress, error) { return w.RunUntilIdle(t.Context(), "NOBODY") },
	} {
		if _, err := call(); !errors.Is(err, sandbox.ErrNotFound) {
			t.Errorf("%s of an unknown App gives %v, want ErrNotFound", name, err)
		}
	}
}

// Run settles in real time, and leaves alone what lies ahead of a clock that stands.
func TestRunSettlesWhatIsDue(t *testing.T) {
	m := hearing(t, reply(200, "SUCCESS"))
	w := newShop(t, m)
	w.open("FROZEN", m.url)
	_, err := w.FreezeClock(t.Context(), "FROZEN")
	must(t, err)
	done := make(chan sandbox.Syssn, 10)
	w.Store = settling{w.Store, func(n sandbox.Syssn) { done <- n }}
	w.failing("FROZEN", "F", morning.Add(1))
	w.failing("APP", "A", morning)
	w.failing("APP", "B", morning.Add(minute))
	w.run()
	if got := <-done; got != "SA" {
		t.Errorf("first came %s, want SA", got)
	}
	w.clock.set(morning.Add(minute))
	w.Wake()
	if got := <-done; got != "SB" {
		t.Errorf("then came %s, want SB", got)
	}
	_, err = w.UnfreezeClock(t.Context(), "FROZEN")
	must(t, err)
	w.clock.set(morning.Add(2 * minute))
	w.Wake()
	if got := <-done; got != "SF" {
		t.Errorf("after the clock went on came %s, want SF", got)
	}
}

// Somebody who moves a clock and goes away does not keep it, and what was under way stays due.
func TestJourneyEndsWithItsContext(t *testing.T) {
	m := hearing(t, "")
	m.says("", true)
	w := newShop(t, m)
	id := w.paid("APP", "T1")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := w.RunUntilIdle(ctx, "APP")
		ended <- err
	}()
	<-m.got
	waiting, giveUp := context.WithCancel(t.Context())
	giveUp()
	if _, err := w.Advance(waiting, "APP", hour); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting for a turn and giving up gives %v, want %v", err, context.Canceled)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v, want %v", err, context.Canceled)
	}
	if n := w.notification(id); len(n.Attempts) != 0 || !n.Pending {
		t.Errorf("the notification is %s, want it due as before", describe(n))
	}
}

// What lies ahead of a clock that stands is never due by itself, however near: Run must not spin.
func TestRunSleepsWhileAClockStands(t *testing.T) {
	w := newShop(t, hearing(t, reply(200, "SUCCESS")))
	w.failing("APP", "A", morning.Add(1))
	for _, c := range []struct {
		frozen bool
		want   time.Duration
	}{{false, 1}, {true, 1<<63 - 1}} {
		if c.frozen {
			_, err := w.FreezeClock(t.Context(), "APP")
			must(t, err)
		}
		got, err := w.UntilNext(t.Context(), "APP")
		must(t, err)
		if got != c.want {
			t.Errorf("frozen %v: it sleeps for %s, want %s", c.frozen, got, c.want)
		}
	}
}
