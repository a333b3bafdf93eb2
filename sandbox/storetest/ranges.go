package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// paymentAt is a payment created so long after noon.
func paymentAt(app sandbox.AppCode, m sandbox.Mchid, n int, after time.Duration) sandbox.Transaction {
	p := payment(app, m, n)
	p.CreatedAt = noon.Add(after)
	return p
}

func wantListed(t *testing.T, s sandbox.Store, r sandbox.TransactionRange, want ...sandbox.Syssn) {
	t.Helper()
	var got []sandbox.Syssn
	for _, p := range list(t, s, r, 0, 1_000_000) {
		got = append(got, p.Syssn)
	}
	if !slices.Equal(got, want) {
		t.Errorf("EachTransaction of %+v gives %v, want %v", r, got, want)
	}
}

var rangeClauses = []clause{
	{"a range has its first instant and not its last", func(t *testing.T, s sandbox.Store) {
		for i := range 5 {
			withPayments(t, s, paymentAt("A", sandbox.Mchid(fmt.Sprintf("M%d", i%2)), i, time.Duration(i)*time.Hour))
		}
		withPayments(t, s, paymentAt("B", "M1", 6, 2*time.Hour))
		at := func(h float64) time.Time { return noon.Add(time.Duration(h * float64(time.Hour))) }
		for _, c := range []struct {
			r    sandbox.TransactionRange
			want []sandbox.Syssn
		}{
			{sandbox.TransactionRange{App: "A", From: at(1), To: at(3)}, []sandbox.Syssn{"S2", "S1"}},
			{sandbox.TransactionRange{App: "A", From: at(1).Add(1), To: at(3).Add(1)}, []sandbox.Syssn{"S3", "S2"}},
			{sandbox.TransactionRange{App: "A", From: at(3)}, []sandbox.Syssn{"S4", "S3"}},
			{sandbox.TransactionRange{App: "A", To: at(2)}, []sandbox.Syssn{"S1", "S0"}},
			{sandbox.TransactionRange{App: "A", Mchid: "M0", From: at(1)}, []sandbox.Syssn{"S4", "S2"}},
			{sandbox.TransactionRange{App: "A", Mchid: "M1", To: at(3)}, []sandbox.Syssn{"S1"}},
			{sandbox.TransactionRange{App: "A", From: at(2.5), To: at(2.7)}, nil},
			{sandbox.TransactionRange{App: "A", From: at(3), To: at(1)}, nil},
			{sandbox.TransactionRange{App: "A", From: at(9)}, nil},
			{sandbox.TransactionRange{App: "A", To: at(-9)}, nil},
			{sandbox.TransactionRange{App: "A", From: at(2).In(sandbox.QFPayZone), To: at(2).Add(1).In(sandbox.QFPayZone)}, []sandbox.Syssn{"S2"}},
		} {
			wantListed(t, s, c.r, c.want...)
		}
	}},
	{"newest is what was stored last, refunds among payments; a clock that was set back hides nothing", func(t *testing.T, s sandbox.Store) {
		refund := refundOf(payment("A", "M1", 1), 2)
		refund.CreatedAt = noon.Add(time.Hour)
		withPayments(t, s, paymentAt("A", "M1", 1, 0), refund, paymentAt("A", "M1", 3, -time.Hour), paymentAt("A", "M1", 4, 2*time.Hour))
		wantListed(t, s, sandbox.TransactionRange{App: "A"}, "S4", "S3", "S2", "S1")
		wantListed(t, s, sandbox.TransactionRange{App: "A", From: noon}, "S4", "S2", "S1")
		wantListed(t, s, sandbox.TransactionRange{App: "A", To: noon.Add(time.Hour)}, "S3", "S1")
	}},
	{"a range of many is whole", func(t *testing.T, s sandbox.Store) {
		const n = 1_000
		from, to := noon.Add(300*time.Minute), noon.Add(600*time.Minute)
		for app, stride := range map[sandbox.AppCode]int{"A": 1, "B": 7} { // in order of their instants, and in another
			var want []sandbox.Syssn
			for i := range n {
				place := i * stride % n // every place once
				p := paymentAt(app, "M1", i, time.Duration(place)*time.Minute)
				withPayments(t, s, p)
				if place >= 300 && place < 600 {
					want = append(want, p.Syssn)
				}
			}
			slices.Reverse(want)
			wantListed(t, s, sandbox.TransactionRange{App: app, From: from, To: to}, want...)
		}
	}},
	{"who has seen enough is given no more", func(t *testing.T, s sandbox.Store) {
		withPayments(t, s, payment("A", "M1", 1), payment("A", "M1", 2), payment("A", "M1", 3))
		calls := 0
		must(t, s.EachTransaction(ctxOf(t), sandbox.TransactionRange{App: "A"}, func(p sandbox.Transaction) bool {
			calls++
			same(t, "what is given", p, payment("A", "M1", 4-calls))
			return calls < 2
		}))
		if calls != 2 {
			t.Errorf("yield was called %d times, want 2", calls)
		}
	}},
	{"a range of one openid has whose orders they are now, in their order", func(t *testing.T, s sandbox.Store) {
		of := func(app sandbox.AppCode, m sandbox.Mchid, n int, o sandbox.OpenID) sandbox.Transaction {
			p := paymentAt(app, m, n, time.Duration(n)*time.Hour)
			p.OpenID = o
			return p
		}
		withApps(t, s, "A", "B")
		withPayments(t, s, of("A", "M1", 1, "o1"), of("A", "M1", 2, ""), of("A", "M2", 3, "o1"), of("A", "M1", 4, "o2"), of("A", "M1", 5, "o1"), of("B", "M1", 6, "o1"))
		mine := sandbox.TransactionRange{App: "A", OpenID: "o1"}
		wantListed(t, s, mine, "S5", "S3", "S1")
		becomes := func(n sandbox.Syssn, o sandbox.OpenID) {
			_, err := change(t, s, "A", n, func(p *sandbox.Transaction) ([]sandbox.Notification, error) { p.OpenID = o; return nil, nil })
			must(t, err)
		}
		becomes("S2", "o1") // a code was nobody's until it was paid
		becomes("S3", "o2")
		wantListed(t, s, mine, "S5", "S2", "S1")
		wantListed(t, s, sandbox.TransactionRange{App: "A", OpenID: "o2"}, "S4", "S3")
		wantListed(t, s, sandbox.TransactionRange{App: "A", OpenID: "o2", Mchid: "M2"}, "S3")
		wantListed(t, s, sandbox.TransactionRange{App: "A", OpenID: "o1", From: noon.Add(2 * time.Hour), To: noon.Add(5 * time.Hour)}, "S2")
		wantListed(t, s, sandbox.TransactionRange{App: "A", OpenID: "o3"})
		becomes("S5", "o2")
		becomes("S5", "o1") // there and back: once
		wantListed(t, s, mine, "S5", "S2", "S1")
		wantListed(t, s, sandbox.TransactionRange{App: "C", OpenID: "o1"})
		snap, err := s.Snapshot(ctxOf(t), "")
		must(t, err)
		must(t, s.Restore(ctxOf(t), snap))
		wantListed(t, s, mine, "S5", "S2", "S1")
		_, err = s.Reset(ctxOf(t), "A")
		must(t, err)
		wantListed(t, s, mine)
	}},
	{"an empty prepay_id takes nothing and finds nothing", func(t *testing.T, s sandbox.Store) {
		withPayments(t, s, refundOf(payment("A", "M1", 1), 2), refundOf(payment("A", "M1", 1), 3))
		must(t, bring(t, s, "A", refundOf(payment("A", "M1", 1), 4), refundOf(payment("A", "M1", 1), 5)))
		_, err := s.TransactionByPrepayID(ctxOf(t), "A", "")
		wantError(t, "TransactionByPrepayID", err, sandbox.ErrNotFound)
	}},
}

// setDue gives a transaction a DueAt.
func setDue(t *testing.T, s sandbox.Store, app sandbox.AppCode, n sandbox.Syssn, at time.Time) {
	t.Helper()
	_, err := change(t, s, app, n, func(p *sandbox.Transaction) ([]sandbox.Notification, error) { p.DueAt = at; return nil, nil })
	must(t, err)
}

// wantDue takes apart what is due of an App and compares the numbers in their order.
func wantDue(t *testing.T, s sandbox.Store, app sandbox.AppCode, want ...sandbox.Syssn) {
	t.Helper()
	var got []sandbox.Syssn
	for range len(want) + 1 {
		next, err := s.NextTransaction(ctxOf(t), app)
		if err != nil {
			wantError(t, "NextTransaction", err, sandbox.ErrNotFound)
			break
		}
		got = append(got, next.Syssn)
		setDue(t, s, app, next.Syssn, time.Time{})
	}
	if !slices.Equal(got, want) {
		t.Errorf("what is due of %s is %v, want %v", app, got, want)
	}
}

var dueClauses = []clause{
	{"the transaction due first comes first, the older one when two are due at once", func(t *testing.T, s sandbox.Store) {
		_, err := s.NextTransaction(ctxOf(t), "A")
		wantError(t, "NextTransaction of an empty store", err, sandbox.ErrNotFound)
		for i, after := range []time.Duration{3 * time.Hour, time.Hour, 0, time.Hour, 2 * time.Hour} {
			p := payment("A", "M1", 9-i) // younger ones with smaller numbers
			if after > 0 {
				p.DueAt = noon.Add(after)
			}
			withPayments(t, s, p)
		}
		other := payment("B", "M1", 1)
		other.DueAt = noon
		withPayments(t, s, other)
		next, err := s.NextTransaction(ctxOf(t), "B")
		must(t, err)
		same(t, "NextTransaction", next, other)
		wantDue(t, s, "A", "S8", "S6", "S5", "S9")
		wantDue(t, s, "B", "S1")
	}},
	{"a changed DueAt changes the place, a zero one takes it away, a brought one gets one", func(t *testing.T, s sandbox.Store) {
		for i := range 4 {
			withPayments(t, s, payment("A", "M1", i))
		}
		setDue(t, s, "A", "S1", noon)
		setDue(t, s, "A", "S2", noon.Add(time.Hour))
		setDue(t, s, "A", "S3", noon.Add(2*time.Hour))
		setDue(t, s, "A", "S1", noon.Add(90*time.Minute))
		setDue(t, s, "A", "S3", noon)
		setDue(t, s, "A", "S2", time.Time{})
		brought := refundOf(payment("A", "M1", 1), 5)
		brought.DueAt = noon.Add(time.Minute)
		must(t, bring(t, s, "A", brought))
		wantDue(t, s, "A", "S3", "S5", "S1")
	}},
	{"a refused change leaves what is due as it was", func(t *testing.T, s sandbox.Store) {
		withPayments(t, s, payment("A", "M1", 1))
		setDue(t, s, "A", "S1", noon)
		_, err := change(t, s, "A", "S1", func(p *sandbox.Transaction) ([]sandbox.Notification, error) {
			p.DueAt = time.Time{}
			return nil, errStop
		})
		wantError(t, "ChangeTransactions", err, errStop)
		wantDue(t, s, "A", "S1")
	}},
	{"AppsWithPending lists the Apps of due transactions too", func(t *testing.T, s sandbox.Store) {
		withPayments(t, s, payment("A", "M1", 1), payment("B", "M1", 1))
		wantPending(t, s)
		setDue(t, s, "A", "S1", noon)
		wantPending(t, s, "A")
		withNotices(t, s, notice("A", "T1", noon), notice("B", "T1", noon))
		wantPending(t, s, "A", "B")
		setPending(t, s, 1, false)
		wantPending(t, s, "A", "B")
		setDue(t, s, "A", "S1", time.Time{})
		wantPending(t, s, "B")
		setPending(t, s, 2, false)
		wantPending(t, s)
	}},
}
