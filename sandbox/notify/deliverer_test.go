package notify_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
)

func TestRunDeliversWhatIsDue(t *testing.T) {
	m := hearing(t, reply(500, ""))
	w := newShop(t, m)
	w.paid("APP", "T1") // before Run: a restart delivers what was left
	w.run()
	if got := orderOf(<-m.got); got != "T1" {
		t.Errorf("the merchant heard of %s, want T1", got)
	}
	w.paid("APP", "T2")
	w.Wake()
	if got := orderOf(<-m.got); got != "T2" {
		t.Errorf("after Wake the merchant heard of %s, want T2", got)
	}
	w.settled("T1", 1)
	w.settled("T2", 1)
	w.clock.set(morning.Add(2 * minute))
	w.Wake()
	if first, second := orderOf(<-m.got), orderOf(<-m.got); first != "T1" || second != "T2" {
		t.Errorf("two minutes later the merchant heard of %s and %s, want T1 and T2", first, second)
	}
}

// settled waits until this many attempts of an order are stored; each is recorded in the journal
// after it was stored, which is the event to wait for.
func (w *world) settled(order sandbox.OutTradeNo, attempts int) {
	w.t.Helper()
	var mark uint64
	for n := 0; n < attempts; {
		must(w.t, w.Store.WaitJournal(w.t.Context(), "", mark))
		page, err := w.Store.Journal(w.t.Context(), "", mark, 100)
		must(w.t, err)
		for _, e := range page.Exchanges {
			if e.Surface == "notify" && e.OutTradeNo == order {
				n++
			}
		}
		mark = page.Mark
	}
}

func TestHangingMerchantHoldsUpNobodyElse(t *testing.T) {
	hanging, other := hearing(t, ""), hearing(t, reply(200, "SUCCESS"))
	hanging.says("", true)
	w := newShop(t, hanging)
	w.open("OTHER", other.url)
	w.run()
	id := w.paid("APP", "T1")
	w.Wake()
	<-hanging.got // the attempt is under way and stays so
	w.paid("OTHER", "T2")
	w.Wake()
	<-other.got
	w.settled("T2", 1)
	if p, err := w.Advance(t.Context(), "OTHER", hour); err != nil || p.Attempts != 0 {
		t.Errorf("the other App's clock moved with %d attempts and error %v, want none", p.Attempts, err)
	}
	if n := w.notification(id); len(n.Attempts) != 0 {
		t.Errorf("the hanging one is %s, want it under way", describe(n))
	}
}

func TestShutdownLeavesItPending(t *testing.T) {
	for name, partial := range map[string]string{"no answer": "", "half an answer": "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nSUC"} {
		t.Run(name, func(t *testing.T) {
			m, other := hearing(t, ""), hearing(t, reply(200, "SUCCESS"))
			m.says(partial, true)
			w := newShop(t, m)
			w.open("OTHER", other.url)
			id := w.paid("APP", "T1")
			stop := w.run()
			<-m.got
			w.paid("OTHER", "T2")
			w.Wake()
			w.settled("T2", 1) // time enough for what the merchant has sent to arrive
			stop()
			if n := w.notification(id); describe(n) != "attempt 1 due at 2026-03-14 10:00:00, 0 attempts" {
				t.Errorf("it is %s, want it due as before", describe(n))
			}
			m.says(reply(200, "SUCCESS"), false)
			w.advance(0, 1) // the next start delivers it
		})
	}
}

// forgetful cannot store the attempts of one App.
type forgetful struct {
	*memstore.Store
	app    sandbox.AppCode
	failed chan struct{}
}

func (f *forgetful) UpdateNotification(ctx context.Context, id uint64, change func(*sandbox.Notification) error) (sandbox.Notification, error) {
	n, err := f.Store.Notification(ctx, id)
	if err == nil && n.App == f.app {
		f.failed <- struct{}{}
		return n, errors.New("disk full")
	}
	return f.Store.UpdateNotification(ctx, id, change)
}

// slow takes its time to store an attempt once the shutdown has begun.
type slow struct {
	*memstore.Store
	began, stopping chan struct{}
	stored          atomic.Bool
}

func (s *slow) UpdateNotification(ctx context.Context, id uint64, change func(*sandbox.Notification) error) (sandbox.Notification, error) {
	s.began <- struct{}{}
	<-s.stopping
	for range 1000 {
		_, _ = s.Store.Apps(ctx, "", 10)
	}
	defer s.stored.Store(true)
	if ctx.Err() != nil {
		return sandbox.Notification{}, ctx.Err()
	}
	return s.Store.UpdateNotification(ctx, id, change)
}

// What was sent is remembered, also when the shutdown begins right behind it; then Run returns.
func TestShutdownStoresWhatWasSent(t *testing.T) {
	store := &slow{Store: memstore.New(), began: make(chan struct{}), stopping: make(chan struct{})}
	w := newWorld(t, store)
	w.open("APP", hearing(t, reply(200, "SUCCESS")).url)
	id := w.paid("APP", "T1")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.Run(ctx)
	}()
	<-store.began
	cancel()
	close(store.stopping)
	<-done
	if !store.stored.Load() {
		t.Error("Run returned while an attempt was being stored")
	}
	if n := w.notification(id); describe(n) != "acknowledged at attempt 1, 1 attempts" {
		t.Errorf("it is %s, want acknowledged at attempt 1", describe(n))
	}
}

// A store that fails must not make us call a merchant over and over.
func TestStoreThatFailsFloodsNobody(t *testing.T) {
	m, other := hearing(t, reply(200, "SUCCESS")), hearing(t, reply(200, "SUCCESS"))
	w := newWorld(t, &forgetful{memstore.New(), "APP", make(chan struct{}, 1000)})
	w.open("APP", m.url)
	w.open("OTHER", other.url)
	stop := w.run()
	w.paid("APP", "T1")
	w.Wake()
	<-w.Store.(*forgetful).failed
	for _, order := range []string{"O1", "O2", "O3", "O4", "O5"} {
		w.paid("OTHER", order)
		w.Wake()
		<-other.got
	}
	stop()
	if got := m.heard(); len(got) != 1 {
		t.Errorf("the merchant whose attempts cannot be stored heard %d times, want once", len(got))
	}
}

// Advance, Resend and Run never make attempts of one App at the same time.
func TestAttemptsOfAnAppComeOneByOne(t *testing.T) {
	m := hearing(t, reply(200, "SUCCESS"))
	w := newShop(t, m)
	w.run()
	var all sync.WaitGroup
	ids := []uint64{w.paid("APP", "T1"), w.paid("APP", "T2"), w.paid("APP", "T3")}
	for _, id := range ids {
		all.Go(w.Wake)
		all.Go(func() { _, _ = w.Advance(t.Context(), "APP", minute) })
		all.Go(func() {
			if _, err := w.Resend(t.Context(), id, ""); err != nil {
				t.Errorf("Resend gives %v, want none", err)
			}
		})
	}
	all.Wait()
	w.advance(0, 0)
	total := 0
	for _, id := range ids {
		n := w.notification(id)
		total += len(n.Attempts)
		if n.Pending {
			t.Errorf("notification %d is %s, want it acknowledged", id, describe(n))
		}
	}
	if m.most != 1 {
		t.Errorf("%d attempts were under way at once, want 1", m.most)
	}
	if got := m.heard(); len(got) != total {
		t.Errorf("the merchant heard %d times and %d attempts are stored, want the same", len(got), total)
	}
}

// Clocks of Apps that do not exist leave nothing behind.
func TestNobodysAppGetsNoTurn(t *testing.T) {
	w := newShop(t, hearing(t, reply(200, "SUCCESS")))
	before := w.Turns()
	for i := range 10 {
		if _, err := w.Advance(t.Context(), sandbox.AppCode(fmt.Sprintf("NOBODY%d", i)), hour); !errors.Is(err, sandbox.ErrNotFound) {
			t.Errorf("an advance of nobody's clock gives %v, want ErrNotFound", err)
		}
	}
	if after := w.Turns(); after != before {
		t.Errorf("%d turns are kept, want %d as before", after, before)
	}
}
