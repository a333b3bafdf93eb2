package notify_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
)

var update = flag.Bool("update", false, "write testdata/variants.txtar anew; then review the diff, it is what merchants get")

// plan makes the App's delivery plan of these.
func (w *world) plan(ds ...sandbox.Delivery) {
	w.t.Helper()
	_, err := w.UpdateApp(w.t.Context(), "APP", func(a *sandbox.App) { a.Delivery.Deliveries = ds })
	must(w.t, err)
}

// list gives all that was brought forth.
func (w *world) list() []sandbox.Notification {
	w.t.Helper()
	list, err := w.Store.Notifications(w.t.Context(), "APP", "")
	must(w.t, err)
	return list
}

// refund gives a paid order back, in part.
func (w *world) refund(of sandbox.Syssn, order string) {
	w.t.Helper()
	app, err := w.Store.App(w.t.Context(), "APP")
	must(w.t, err)
	_, err = w.Refund(w.t.Context(), app, sandbox.RefundRequest{Syssn: string(of), OutTradeNo: order, Txamt: "100", Txdtm: "2026-03-14 10:00:00"})
	must(w.t, err)
}

// Each variant as it passes on the wire, after a payment and after a refund of a third of it.
func TestVariantsOnTheWire(t *testing.T) {
	const file = "testdata/variants.txtar"
	golden, err := txtar.ParseFile(file)
	must(t, err)
	want := map[string]string{}
	for _, section := range golden.Files {
		want[section.Name] = string(section.Data)
	}
	played := &txtar.Archive{Comment: golden.Comment}
	add := func(name, got string) {
		played.Files = append(played.Files, txtar.File{Name: name, Data: []byte(got)})
		if !*update && got != want[name] {
			t.Errorf("%s is\n%s\nwant\n%s", name, got, want[name])
		}
	}
	for _, v := range sandbox.Variants() {
		m := hearing(t, reply(200, "no"))
		w := newShop(t, m)
		ds := []sandbox.Delivery{{On: "paid", Variant: v}, {On: "refunded", Variant: v}}
		if v == sandbox.VariantOlderState {
			ds = ds[1:]
		}
		w.plan(ds...)
		w.paid("APP", "T/1-狗")
		if v != sandbox.VariantNever && v != sandbox.VariantOlderState {
			w.advance(time.Second, v.AtOnce())
			add(string(v)+", paid", onTheWire(t, m, v))
		}
		paid, err := w.Store.TransactionByOutTradeNo(t.Context(), "APP", "", "T/1-狗")
		must(t, err)
		w.refund(paid.Syssn, "R1")
		if v != sandbox.VariantNever {
			w.advance(time.Second, v.AtOnce())
			add(string(v)+", refunded", onTheWire(t, m, v))
		} else if len(m.heard()) != 0 {
			t.Error("never was sent")
		}
	}
	if *update {
		must(t, os.WriteFile(file, txtar.Format(played), 0o644))
	}
}

// onTheWire is the request the merchant got, its line ends and port left out; the same each time where there are several.
func onTheWire(t *testing.T, m *merchant, v sandbox.Variant) string {
	t.Helper()
	raw := <-m.got
	for range v.AtOnce() - 1 {
		if again := <-m.got; again != raw {
			t.Errorf("%s sends\n%s\nand\n%s\nwant the same bytes", v, raw, again)
		}
	}
	host := strings.TrimSuffix(strings.TrimPrefix(m.url, "http://"), "/notify?from=qfpay")
	return strings.ReplaceAll(strings.ReplaceAll(raw, host, "(host)"), "\r\n", "\n") + "\n"
}

// What the merchant heard and what became of it, by variant and answer.
func TestPlannedDeliveries(t *testing.T) {
	for _, c := range []struct {
		variant  sandbox.Variant
		answer   string
		attempts int // until nothing is due
		state    string
		verdict  string   // of the last attempt
		findings []string // of all attempts, each id once
	}{
		{"good", "SUCCESS", 1, "acknowledged at attempt 1", "acknowledged", nil},
		{"duplicate", "SUCCESS", 2, "acknowledged at attempt 1", "acknowledged", nil},
		{"duplicate", "no", 8, "given up after 8 attempts", `answered HTTP 200 and "no", want 200 and exactly SUCCESS`, []string{sandbox.FindNotAcknowledged}},
		{"concurrent-duplicates", "SUCCESS", 10, "acknowledged at attempt 1", "acknowledged", nil},
		{"concurrent-duplicates", "no", 17, "given up after 17 attempts", `answered HTTP 200 and "no", want 200 and exactly SUCCESS`, []string{sandbox.FindNotAcknowledged}},
		{"bad-signature", "no", 1, "refused, as it must be", `refused with HTTP 200 and "no", as it had to be`, nil},
		{"bad-signature", "SUCCESS", 1, "acknowledged at attempt 1", "acknowledged, although it had to be refused", []string{sandbox.FindWronglyAccepted}},
		{"other-app-signature", "no", 1, "refused, as it must be", `refused with HTTP 200 and "no", as it had to be`, nil},
		{"wrong-amount", "SUCCESS", 1, "acknowledged at attempt 1", "acknowledged, although it had to be refused", []string{sandbox.FindWronglyAccepted}},
		{"wrong-currency", "no", 1, "refused, as it must be", `refused with HTTP 200 and "no", as it had to be`, nil},
		{"unknown-order", "no", 1, "refused, as it must be", `refused with HTTP 200 and "no", as it had to be`, nil},
		{"truncated", "no", 1, "refused, as it must be", `refused with HTTP 200 and "no", as it had to be`, nil},
		{"extra-fields", "no", 8, "given up after 8 attempts", `answered HTTP 200 and "no", want 200 and exactly SUCCESS`, []string{sandbox.FindNotAcknowledged}},
		{"compact", "SUCCESS", 1, "acknowledged at attempt 1", "acknowledged", nil},
		{"wrong-content-type", "SUCCESS", 1, "acknowledged at attempt 1", "acknowledged", nil},
		{"never", "SUCCESS", 0, "never sent, as planned", "", nil},
	} {
		t.Run(string(c.variant)+" "+c.answer, func(t *testing.T) {
			m := hearing(t, reply(200, c.answer))
			w := newShop(t, m)
			w.plan(sandbox.Delivery{On: "paid", Variant: c.variant})
			id := w.paid("APP", "T1")
			p, err := w.RunUntilIdle(t.Context(), "APP")
			must(t, err)
			if n := w.notification(id); p.Attempts != c.attempts || len(n.Attempts) != c.attempts || n.Describe() != c.state {
				t.Errorf("%d attempts counted, %s, want %d and %s", p.Attempts, describe(n), c.attempts, c.state)
			}
			verdict := ""
			for _, a := range w.notification(id).Attempts {
				verdict = a.Verdict
			}
			if verdict != c.verdict {
				t.Errorf("the verdict on the last attempt is %s, want %s", verdict, c.verdict)
			}
			if heard := m.heard(); len(heard) != c.attempts {
				t.Errorf("the merchant heard %d times, want %d", len(heard), c.attempts)
			}
			page, err := w.Store.Journal(t.Context(), "APP", 0, 100)
			must(t, err)
			var found []string
			for _, e := range page.Exchanges {
				if want := "plan " + string(c.variant); c.variant != "good" && e.DecidedBy != want {
					t.Errorf("an attempt was decided by %q, want %q", e.DecidedBy, want)
				}
				for _, f := range e.Findings {
					if !slices.Contains(found, f.ID) {
						found = append(found, f.ID)
					}
				}
			}
			if !slices.Equal(found, c.findings) {
				t.Errorf("found %v, want %v", found, c.findings)
			}
		})
	}
}

// The journal of a good one names no lever.
func TestGoodIsNobodysDecision(t *testing.T) {
	w := newShop(t, hearing(t, reply(200, "SUCCESS")))
	w.paid("APP", "T1")
	w.advance(0, 1)
	if e := w.lastExchange(); e.DecidedBy != "" {
		t.Errorf("it was decided by %q, want nothing", e.DecidedBy)
	}
}

func TestConcurrentDuplicatesAreConcurrent(t *testing.T) {
	m := hearing(t, "")
	m.says("", true) // nobody gets an answer before all ten are there
	w := newShop(t, m)
	w.plan(sandbox.Delivery{On: "paid", Variant: sandbox.VariantConcurrent})
	id := w.paid("APP", "T1")
	stop := w.run()
	for range 10 {
		<-m.got
	}
	stop()
	if n := w.notification(id); len(n.Attempts) != 0 || !n.Pending {
		t.Errorf("after a shutdown it is %s, want it due as before", describe(n))
	}
}

func TestAttemptsTellWhatCameOfThem(t *testing.T) {
	m := hearing(t, reply(500, "busy"))
	w := newShop(t, m)
	id := w.paid("APP", "T1")
	w.advance(2*minute, 2)
	m.says(reply(200, "SUCCESS"), false)
	w.advance(10*minute, 1)
	want := []sandbox.Attempt{
		{At: morning, URL: m.url, Status: 500, Answer: "busy", Verdict: `answered HTTP 500 and "busy", want 200 and exactly SUCCESS`, NextAt: morning.Add(2 * minute)},
		{At: morning.Add(2 * minute), URL: m.url, Status: 500, Answer: "busy", Verdict: `answered HTTP 500 and "busy", want 200 and exactly SUCCESS`, NextAt: morning.Add(12 * minute)},
		{At: morning.Add(12 * minute), URL: m.url, Status: 200, Answer: "SUCCESS", Verdict: "acknowledged", Acknowledged: true},
	}
	for i, got := range w.notification(id).Attempts {
		if !got.At.Equal(want[i].At) || !got.NextAt.Equal(want[i].NextAt) {
			t.Errorf("attempt %d was at %s, the next at %s, want %s and %s", i+1, got.At, got.NextAt, want[i].At, want[i].NextAt)
		}
		got.At, got.NextAt, want[i].At, want[i].NextAt = time.Time{}, time.Time{}, time.Time{}, time.Time{}
		if got != want[i] {
			t.Errorf("attempt %d is %+v, want %+v", i+1, got, want[i])
		}
	}
}

func TestResendElsewhere(t *testing.T) {
	m, other := hearing(t, reply(500, "")), hearing(t, reply(200, "SUCCESS"))
	w := newShop(t, m)
	id := w.paid("APP", "T1")
	w.advance(0, 1)
	n, err := w.Resend(t.Context(), id, other.url)
	must(t, err)
	if len(n.Attempts) != 2 || n.Attempts[1].URL != other.url || !n.Attempts[1].Acknowledged {
		t.Errorf("the attempts are %+v, want a second one elsewhere, acknowledged", n.Attempts)
	}
	if n.URL != m.url || !n.Pending || !n.NextAt.Equal(morning.Add(2*minute)) {
		t.Errorf("it is %+v, want its own address and its ladder as before", n)
	}
	w.advance(2*minute, 1)
	if got := m.heard(); len(got) != 2 {
		t.Errorf("its own merchant heard %d times, want 2", len(got))
	}
	for _, url := range []string{"ftp://127.0.0.1/", "/notify", "http://" + strings.Repeat("x", 250) + "/"} {
		if _, err := w.Resend(t.Context(), id, url); !errors.Is(err, sandbox.ErrInvalid) {
			t.Errorf("to %s gives %v, want ErrInvalid", url, err)
		}
	}
	n, err = w.Resend(t.Context(), id, "http://169.254.169.254/")
	must(t, err)
	if last := n.Attempts[len(n.Attempts)-1]; last.Error == "" || !w.lastExchange().Has(sandbox.FindNotifyAddress) {
		t.Errorf("to the cloud's secrets it is %+v, want the address refused", last)
	}
}

// A notification that is never sent by itself can be sent by hand; ten at once only come by plan.
func TestResendOfWhatWasPlanned(t *testing.T) {
	for _, v := range []sandbox.Variant{sandbox.VariantNever, sandbox.VariantConcurrent} {
		m := hearing(t, reply(200, "SUCCESS"))
		w := newShop(t, m)
		w.plan(sandbox.Delivery{On: "paid", Variant: v})
		id := w.paid("APP", "T1")
		n, err := w.Resend(t.Context(), id, "")
		must(t, err)
		if describe(n) != "acknowledged at attempt 1, 1 attempts" {
			t.Errorf("%s is %s, want acknowledged at attempt 1", v, describe(n))
		}
	}
}

func TestBeforeReturn(t *testing.T) {
	m := hearing(t, reply(200, "SUCCESS"))
	w := newShop(t, m)
	w.Gateway.DeliverBeforeReturn = w.Deliverer.BeforeReturn
	w.plan(sandbox.Delivery{On: "paid", Variant: "good"}, sandbox.Delivery{On: "paid", Variant: "compact", BeforeReturn: true}, sandbox.Delivery{On: "paid", Variant: "concurrent-duplicates", BeforeReturn: true})
	w.paid("APP", "T1") // nobody runs: what was sent was sent before the payer heard
	var attempts []int
	for _, n := range w.list() {
		attempts = append(attempts, len(n.Attempts))
	}
	if !slices.Equal(attempts, []int{0, 1, 10}) {
		t.Errorf("before the return there were %v attempts, want 0, 1 and 10", attempts)
	}
	w.BeforeReturn(t.Context(), "APP", w.list()[0].Syssn) // a second time makes no first attempt again
	w.BeforeReturn(t.Context(), "APP", "S9")              // nobody waits for what does not exist
	if got := m.heard(); len(got) != 11 {
		t.Errorf("the merchant heard %d times, want 11", len(got))
	}
}

// A merchant who hangs holds the payer up for one attempt's time, and whoever has the turn too.
func TestBeforeReturnDoesNotWaitForEver(t *testing.T) {
	m := hearing(t, "")
	m.says("", true)
	w := newShop(t, m)
	w.SetTimeout(20 * time.Millisecond)
	w.Gateway.DeliverBeforeReturn = w.Deliverer.BeforeReturn
	w.plan(sandbox.Delivery{On: "paid", Variant: "good", BeforeReturn: true})
	id := w.paid("APP", "T1")
	if n := w.notification(id); describe(n) != "attempt 2 due at 2026-03-14 10:02:00, 1 attempts" || !strings.Contains(n.Attempts[0].Error, "no whole answer within") {
		t.Errorf("it is %s with %+v, want one attempt that took too long", describe(n), n.Attempts)
	}
	w.plan(sandbox.Delivery{On: "paid", Variant: "good"}, sandbox.Delivery{On: "paid", Variant: "good", BeforeReturn: true})
	release, err := w.TakeTurn(t.Context(), "APP")
	must(t, err)
	defer release()
	if n := w.notification(w.paid("APP", "T2")); len(n.Attempts) != 0 {
		t.Errorf("while somebody else has the turn it is %s, want it due as before", describe(n))
	}
}

func TestAfterReturn(t *testing.T) {
	m := hearing(t, reply(200, "SUCCESS"))
	w := newShop(t, m)
	w.plan(sandbox.Delivery{On: "returned", After: minute, Variant: "good"})
	id := w.paid("APP", "T1")
	w.advance(hour, 0)
	app, err := w.Store.App(t.Context(), "APP")
	must(t, err)
	must(t, w.PayerReturned(t.Context(), app, w.notification(id).Syssn))
	w.advance(minute-1, 0)
	w.advance(1, 1)
	if n := w.notification(id); n.Attempts[0].At.Sub(morning) != hour+minute {
		t.Errorf("it came after %s, want a minute after the return", n.Attempts[0].At.Sub(morning))
	}
}

// An App that is reset while an attempt is under way is no mistake.
func TestResetWhileAnAttemptIsUnderWay(t *testing.T) {
	m := hearing(t, "")
	m.says("", true)
	w := newWorld(t, memstore.New())
	w.SetTimeout(20 * time.Millisecond)
	w.open("APP", m.url)
	w.paid("APP", "T1")
	ended := make(chan error)
	go func() {
		_, err := w.AdvanceToNext(t.Context(), "APP")
		ended <- err
	}()
	<-m.got
	_, err := w.Store.Reset(t.Context(), "APP")
	must(t, err)
	if err := <-ended; err != nil {
		t.Errorf("got %v, want none", err)
	}
}

// Run and the payer who waits never make the first attempt both.
func TestBeforeReturnBesideRun(t *testing.T) {
	m := hearing(t, reply(200, "SUCCESS"))
	w := newShop(t, m)
	w.Gateway.DeliverBeforeReturn, w.Gateway.NotificationDue = w.Deliverer.BeforeReturn, w.Wake
	w.plan(sandbox.Delivery{On: "paid", Variant: "good", BeforeReturn: true})
	w.run()
	for i := range 30 {
		id := w.paid("APP", fmt.Sprint("T", i))
		if n := w.notification(id); describe(n) != "acknowledged at attempt 1, 1 attempts" {
			t.Errorf("when the payer of T%d returns it is %s, want one attempt, acknowledged", i, describe(n))
		}
	}
	if got := m.heard(); len(got) != 30 {
		t.Errorf("the merchant heard %d times, want 30", len(got))
	}
}
