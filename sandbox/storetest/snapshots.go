package storetest

import (
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// tenant stores an App with one of everything that can belong to it; its numbers hang on the code.
func tenant(t *testing.T, s sandbox.Store, code sandbox.AppCode) {
	t.Helper()
	withApps(t, s, code)
	for range 3 {
		_, err := s.DrawNumber(ctxOf(t), code)
		must(t, err)
	}
	for _, text := range []string{"c", "d", "e"} {
		must(t, s.CreateOAuthCode(ctxOf(t), codeOf(code, text)))
	}
	_, err := s.TakeOAuthCode(ctxOf(t), code, "d", noon, grantOf(code, "o1"))
	must(t, err)
	must(t, s.CreateAuthCode(ctxOf(t), authCodeOf(code, "13001")))
	_, err = s.TakeAuthCode(ctxOf(t), code, "13002", noon)
	must(t, err)
	due := payment(code, "M1", 1)
	due.DueAt = noon.Add(time.Hour)
	withPayments(t, s, due, payment(code, "M2", 2), refundOf(payment(code, "M1", 1), 3))
	withNotices(t, s, notice(code, "T1", noon))
	_, _, err = s.CountCall(ctxOf(t), code, noon)
	must(t, err)
	appendExchange(t, s, sandbox.Exchange{App: code, URL: "/trade/v1/payment"})
}

// refundOf is a Transaction that gives a payment back; its numbers end in n.
func refundOf(p sandbox.Transaction, n int) sandbox.Transaction {
	r := payment(p.App, p.Mchid, n)
	r.Kind, r.OrigSyssn, r.OrigOutTradeNo, r.PrepayID, r.RealName = sandbox.KindRefund, p.Syssn, p.OutTradeNo, "", nil
	return r
}

// holdings is what a store gives of an App as text. Notification ids are left out: Restore gives new ones.
func holdings(t *testing.T, s sandbox.Store, app sandbox.AppCode) string {
	t.Helper()
	snap, err := s.Snapshot(ctxOf(t), app)
	must(t, err)
	for i := range snap.Notifications {
		snap.Notifications[i].ID = 0
	}
	return text(t, snap)
}

// disturb changes, adds and uses up what tenant stored.
func disturb(t *testing.T, s sandbox.Store, app sandbox.AppCode) {
	t.Helper()
	_, err := s.UpdateApp(ctxOf(t), app, func(a *sandbox.App) error { a.Name = "disturbed"; return nil })
	must(t, err)
	_, err = s.DrawNumber(ctxOf(t), app)
	must(t, err)
	_, err = s.TakeOAuthCode(ctxOf(t), app, "c", noon, grantOf(app, "o2"))
	must(t, err)
	_, err = s.TakeGrant(ctxOf(t), app, "o1")
	must(t, err)
	_, err = s.TakeAuthCode(ctxOf(t), app, "13001", noon)
	must(t, err)
	_, err = change(t, s, app, "S1", func(p *sandbox.Transaction) ([]sandbox.Notification, error) {
		p.State, p.DueAt = sandbox.StatePaid, time.Time{}
		return []sandbox.Notification{notice(app, "T1", noon.Add(-time.Hour))}, nil
	})
	must(t, err)
	withPayments(t, s, payment(app, "M1", 9))
}

func wantHoldings(t *testing.T, s sandbox.Store, app sandbox.AppCode, want string) {
	t.Helper()
	if got := holdings(t, s, app); got != want {
		t.Errorf("what belongs to App %q:\n got %s\nwant %s", app, got, want)
	}
}

var snapshotClauses = []clause{
	{"a snapshot has all that belongs to an App, and of nobody else", func(t *testing.T, s sandbox.Store) {
		tenant(t, s, "B")
		tenant(t, s, "A")
		must(t, s.CreatePayer(ctxOf(t), sandbox.Payer{ID: "P1", Name: "first"}))
		got, err := s.Snapshot(ctxOf(t), "A")
		must(t, err)
		app := appNamed("A")
		app.Drawn = 3
		taken := codeOf("A", "d")
		taken.TakenAt = noon
		due, told := payment("A", "M1", 1), notice("A", "T1", noon)
		due.DueAt, told.ID = noon.Add(time.Hour), 2
		same(t, "Snapshot", got, sandbox.Snapshot{
			Apps: []sandbox.App{app}, OAuthCodes: []sandbox.OAuthCode{codeOf("A", "c"), taken, codeOf("A", "e")},
			AuthCodes:    []sandbox.AuthCode{authCodeOf("A", "13001"), {Code: "13002", App: "A", TakenAt: noon}},
			Grants:       []sandbox.Grant{grantOf("A", "o1")},
			Transactions: []sandbox.Transaction{due, payment("A", "M2", 2), refundOf(due, 3), payment("A", "carrier", 0)}, Notifications: []sandbox.Notification{told},
		})
	}},
	{"a snapshot of all has every App and every payer", func(t *testing.T, s sandbox.Store) {
		tenant(t, s, "B")
		tenant(t, s, "A")
		for _, id := range []sandbox.PayerID{"P2", "P1"} {
			must(t, s.CreatePayer(ctxOf(t), sandbox.Payer{ID: id}))
		}
		all, err := s.Snapshot(ctxOf(t), "")
		must(t, err)
		a, err := s.Snapshot(ctxOf(t), "A")
		must(t, err)
		b, err := s.Snapshot(ctxOf(t), "B")
		must(t, err)
		same(t, "Snapshot", all, sandbox.Snapshot{
			Apps: append(a.Apps, b.Apps...), Payers: []sandbox.Payer{{ID: "P1"}, {ID: "P2"}}, OAuthCodes: append(a.OAuthCodes, b.OAuthCodes...),
			AuthCodes: append(a.AuthCodes, b.AuthCodes...), Grants: append(a.Grants, b.Grants...),
			Transactions: append(a.Transactions, b.Transactions...), Notifications: append(b.Notifications, a.Notifications...),
		})
	}},
	{"an unknown App has no snapshot and cannot be reset", func(t *testing.T, s sandbox.Store) {
		tenant(t, s, "A")
		want := holdings(t, s, "")
		_, err := s.Snapshot(ctxOf(t), "B")
		wantError(t, "Snapshot", err, sandbox.ErrNotFound)
		_, err = s.Reset(ctxOf(t), "B")
		wantError(t, "Reset", err, sandbox.ErrNotFound)
		wantHoldings(t, s, "", want)
	}},
	{"Restore puts one App back as it was and leaves the others", func(t *testing.T, s sandbox.Store) {
		tenant(t, s, "A")
		tenant(t, s, "B")
		snap, err := s.Snapshot(ctxOf(t), "A")
		must(t, err)
		before := holdings(t, s, "A")
		disturb(t, s, "A")
		disturb(t, s, "B")
		other := holdings(t, s, "B")
		must(t, s.Restore(ctxOf(t), snap))
		wantHoldings(t, s, "A", before)
		wantHoldings(t, s, "B", other)
		_, err = s.TransactionByOutTradeNo(ctxOf(t), "A", "M1", "T9")
		wantError(t, "an order made after the snapshot", err, sandbox.ErrNotFound)
		list, err := s.Notifications(ctxOf(t), "A", "")
		must(t, err)
		if len(list) != 1 || list[0].ID < 5 {
			t.Errorf("after Restore the notifications are %s, want 1 with an id never given before", text(t, list))
		}
		wantQueue(t, s, "A", list[0].ID)
		next, err := s.NextTransaction(ctxOf(t), "A")
		must(t, err)
		if next.Syssn != "S1" {
			t.Errorf("after Restore %s is due next, want S1", next.Syssn)
		}
		drawn, err := s.DrawNumber(ctxOf(t), "A")
		must(t, err)
		if drawn != 4 {
			t.Errorf("after Restore the App draws %d, want 4", drawn)
		}
		second, _, err := s.CountCall(ctxOf(t), "A", noon)
		must(t, err)
		if second != 1 {
			t.Errorf("the first call after Restore is counted as number %d, want 1", second)
		}
	}},
	{"Restore puts all Apps and payers back and leaves the rest", func(t *testing.T, s sandbox.Store) {
		tenant(t, s, "A")
		tenant(t, s, "B")
		must(t, s.CreatePayer(ctxOf(t), sandbox.Payer{ID: "P1", Name: "first"}))
		snap, err := s.Snapshot(ctxOf(t), "")
		must(t, err)
		before := holdings(t, s, "")
		disturb(t, s, "A")
		_, err = s.UpdatePayer(ctxOf(t), "P1", func(p *sandbox.Payer) error { p.Name = "disturbed"; return nil })
		must(t, err)
		must(t, s.Restore(ctxOf(t), snap))
		wantHoldings(t, s, "", before)
		withApps(t, s, "C")
		must(t, s.CreatePayer(ctxOf(t), sandbox.Payer{ID: "P2"}))
		must(t, s.Restore(ctxOf(t), snap))
		_, err = s.App(ctxOf(t), "C")
		must(t, err)
		_, err = s.Payer(ctxOf(t), "P2")
		must(t, err)
	}},
	{"Restore brings an App that was not there", func(t *testing.T, s sandbox.Store) {
		must(t, s.Restore(ctxOf(t), sandbox.Snapshot{
			Apps: []sandbox.App{appNamed("A")}, Transactions: []sandbox.Transaction{payment("A", "M1", 1)}, Notifications: []sandbox.Notification{notice("A", "T1", noon)},
		}))
		got, err := s.AppByAppID(ctxOf(t), "wxA")
		must(t, err)
		same(t, "AppByAppID", got, appNamed("A"))
		one, err := s.TransactionByPrepayID(ctxOf(t), "A", "wx1")
		must(t, err)
		same(t, "by prepay_id", one, payment("A", "M1", 1))
		wantQueue(t, s, "A", 1)
	}},
	{"a snapshot is a value", func(t *testing.T, s sandbox.Store) {
		tenant(t, s, "A")
		want := holdings(t, s, "A")
		snap, err := s.Snapshot(ctxOf(t), "A")
		must(t, err)
		ruin := func() {
			spoil(&snap.Apps[0])
			snap.Transactions[0].RealName.TrueName = "spoilt"
			spoilNotice(&snap.Notifications[0])
		}
		ruin()
		wantHoldings(t, s, "A", want)
		snap, err = s.Snapshot(ctxOf(t), "A")
		must(t, err)
		must(t, s.Restore(ctxOf(t), snap))
		ruin()
		wantHoldings(t, s, "A", want)
	}},
}

// refusals of Restore: each spoils a good snapshot of App A in a store that has App B too.
var refusedSnapshots = []struct {
	name  string
	spoil func(*sandbox.Snapshot)
	want  error
}{
	{"an appid of an App that stays", func(s *sandbox.Snapshot) { s.Apps[0].Account.AppID = "wxB" }, sandbox.ErrExists},
	{"an App twice", func(s *sandbox.Snapshot) { s.Apps = append(s.Apps, s.Apps[0]) }, sandbox.ErrExists},
	{"an appid twice", func(s *sandbox.Snapshot) {
		s.Apps = append(s.Apps, s.Apps[0])
		s.Apps[1].Code = "C"
	}, sandbox.ErrExists},
	{"a transaction twice", func(s *sandbox.Snapshot) { s.Transactions = append(s.Transactions, s.Transactions[0]) }, sandbox.ErrExists},
	{"somebody else's transaction", func(s *sandbox.Snapshot) { s.Transactions[0].App = "B" }, sandbox.ErrNotFound},
	{"somebody else's notification", func(s *sandbox.Snapshot) { s.Notifications[0].App = "B" }, sandbox.ErrNotFound},
	{"somebody else's OAuth code", func(s *sandbox.Snapshot) { s.OAuthCodes[0].App = "B" }, sandbox.ErrNotFound},
	{"somebody else's auth code", func(s *sandbox.Snapshot) { s.AuthCodes[0].App = "B" }, sandbox.ErrNotFound},
	{"somebody else's grant", func(s *sandbox.Snapshot) { s.Grants[0].App = "B" }, sandbox.ErrNotFound},
}
