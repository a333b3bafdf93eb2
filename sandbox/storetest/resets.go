package storetest

import (
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

var resetClauses = []clause{
	{"a snapshot that contradicts itself or an App that stays is refused and changes nothing", func(t *testing.T, s sandbox.Store) {
		tenant(t, s, "A")
		tenant(t, s, "B")
		for _, c := range refusedSnapshots {
			snap, err := s.Snapshot(ctxOf(t), "A")
			must(t, err)
			want := holdings(t, s, "")
			snap.Apps[0].Name, snap.Payers = "restored", []sandbox.Payer{{ID: "P9"}}
			c.spoil(&snap)
			wantError(t, "Restore with "+c.name, s.Restore(ctxOf(t), snap), c.want)
			wantHoldings(t, s, "", want)
		}
	}},
	{"Apps of a snapshot may have changed their appids with each other", func(t *testing.T, s sandbox.Store) {
		tenant(t, s, "A")
		tenant(t, s, "B")
		snap, err := s.Snapshot(ctxOf(t), "")
		must(t, err)
		snap.Apps[0].Account.AppID, snap.Apps[1].Account.AppID = "wxB", "wxA"
		must(t, s.Restore(ctxOf(t), snap))
		for id, want := range map[string]sandbox.AppCode{"wxA": "B", "wxB": "A"} {
			got, err := s.AppByAppID(ctxOf(t), id)
			must(t, err)
			if got.Code != want {
				t.Errorf("appid %s belongs to %s, want %s", id, got.Code, want)
			}
		}
	}},
	{"Restore gives up the appid an App had", func(t *testing.T, s sandbox.Store) {
		tenant(t, s, "A")
		snap, err := s.Snapshot(ctxOf(t), "A")
		must(t, err)
		snap.Apps[0].Account.AppID = "wxNew"
		must(t, s.Restore(ctxOf(t), snap))
		_, err = s.AppByAppID(ctxOf(t), "wxA")
		wantError(t, "the appid it had", err, sandbox.ErrNotFound)
		other := appNamed("B")
		other.Account.AppID = "wxA"
		must(t, s.CreateApp(ctxOf(t), other))
	}},
	{"Restore keeps the journal, Reset drops it", func(t *testing.T, s sandbox.Store) {
		tenant(t, s, "A")
		tenant(t, s, "B")
		snap, err := s.Snapshot(ctxOf(t), "A")
		must(t, err)
		must(t, s.Restore(ctxOf(t), snap))
		wantJournal(t, s, "A", 1)
		_, err = s.Reset(ctxOf(t), "A")
		must(t, err)
		wantJournal(t, s, "A", 0)
		wantJournal(t, s, "B", 1)
		wantJournal(t, s, "", 1)
		appendExchange(t, s, sandbox.Exchange{App: "A"})
		page, err := s.Journal(ctxOf(t), "A", 0, 10)
		must(t, err)
		if len(page.Exchanges) != 1 || page.Exchanges[0].Seq != 3 || page.Dropped != 0 {
			t.Errorf("the journal after Reset is %s, want Seq 3 alone and none dropped", text(t, page))
		}
	}},
	{"who waits for an App's journal is woken by the first exchange after Reset", func(t *testing.T, s sandbox.Store) {
		tenant(t, s, "A")
		woken := make(chan error)
		ctx := ctxOf(t)
		go func() { woken <- s.WaitJournal(ctx, "A", 1) }()
		_, err := s.Reset(ctx, "A")
		must(t, err)
		appendExchange(t, s, sandbox.Exchange{App: "A"})
		must(t, <-woken)
	}},
	{"Reset forgets all that belongs to an App but the App, and counts it", func(t *testing.T, s sandbox.Store) {
		tenant(t, s, "A")
		tenant(t, s, "B")
		other := holdings(t, s, "B")
		counts, err := s.Reset(ctxOf(t), "A")
		must(t, err)
		same(t, "Reset", counts, sandbox.Counts{Transactions: 4, Notifications: 1, OAuthCodes: 3, AuthCodes: 2, Exchanges: 1})
		got, err := s.Snapshot(ctxOf(t), "A")
		must(t, err)
		if text(t, got.Apps) != text(t, []sandbox.App{appNamed("A")}) {
			t.Errorf("after Reset the App is %s, want it as it was created", text(t, got.Apps))
		}
		if n := len(got.OAuthCodes) + len(got.AuthCodes) + len(got.Grants) + len(got.Transactions) + len(got.Notifications); n != 0 {
			t.Errorf("after Reset %d things belong to the App, want none", n)
		}
		wantHoldings(t, s, "B", other)
		_, err = s.Notification(ctxOf(t), 1)
		wantError(t, "Notification 1", err, sandbox.ErrNotFound)
		_, err = s.Notification(ctxOf(t), 2)
		must(t, err)
		_, err = s.NextNotification(ctxOf(t), "A")
		wantError(t, "NextNotification", err, sandbox.ErrNotFound)
		_, err = s.NextTransaction(ctxOf(t), "A")
		wantError(t, "NextTransaction", err, sandbox.ErrNotFound)
		wantPending(t, s, "B")
		fresh, err := s.TakeGrant(ctxOf(t), "A", "o1")
		must(t, err)
		if fresh {
			t.Error("after Reset there is a grant, want none")
		}
	}},
	{"after Reset numbers are drawn from 1, calls counted from 1, and everything can be made again", func(t *testing.T, s sandbox.Store) {
		tenant(t, s, "A")
		_, err := s.Reset(ctxOf(t), "A")
		must(t, err)
		drawn, err := s.DrawNumber(ctxOf(t), "A")
		must(t, err)
		second, minute, err := s.CountCall(ctxOf(t), "A", noon)
		must(t, err)
		if drawn != 1 || second != 1 || minute != 1 {
			t.Errorf("after Reset the App draws %d and its call is number %d of the second and %d of the minute, want 1 each", drawn, second, minute)
		}
		must(t, s.CreateOAuthCode(ctxOf(t), codeOf("A", "d")))
		must(t, s.CreateAuthCode(ctxOf(t), authCodeOf("A", "13002")))
		withPayments(t, s, payment("A", "M1", 1))
		withNotices(t, s, notice("A", "T1", noon))
		list, err := s.Notifications(ctxOf(t), "A", "")
		must(t, err)
		if len(list) != 1 || list[0].ID != 2 {
			t.Errorf("after Reset the notifications are %s, want one with id 2: ids are given once", text(t, list))
		}
	}},
	{"Reset of every App keeps Apps and payers", func(t *testing.T, s sandbox.Store) {
		tenant(t, s, "A")
		tenant(t, s, "B")
		must(t, s.CreatePayer(ctxOf(t), sandbox.Payer{ID: "P1"}))
		appendExchange(t, s, sandbox.Exchange{URL: "/nobody's"})
		counts, err := s.Reset(ctxOf(t), "")
		must(t, err)
		same(t, "Reset", counts, sandbox.Counts{Transactions: 8, Notifications: 2, OAuthCodes: 6, AuthCodes: 4, Exchanges: 3})
		got, err := s.Snapshot(ctxOf(t), "")
		must(t, err)
		want := sandbox.Snapshot{Apps: []sandbox.App{appNamed("A"), appNamed("B")}, Payers: []sandbox.Payer{{ID: "P1"}}}
		if text(t, got.Apps) != text(t, want.Apps) || text(t, got.Payers) != text(t, want.Payers) || len(got.Transactions) != 0 {
			t.Errorf("after Reset:\n got %s\nwant %s", text(t, got), text(t, want))
		}
		for _, app := range []sandbox.AppCode{"", "A", "B"} {
			wantJournal(t, s, app, 0)
		}
		wantPending(t, s)
	}},
}

func wantJournal(t *testing.T, s sandbox.Store, app sandbox.AppCode, want int) {
	t.Helper()
	page, err := s.Journal(ctxOf(t), app, 0, 10)
	must(t, err)
	if len(page.Exchanges) != want {
		t.Errorf("the journal of %q has %d exchanges, want %d", app, len(page.Exchanges), want)
	}
}
