package storetest

import (
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// withMany stores n notifications of App A alike, in one change.
func withMany(t *testing.T, s sandbox.Store, n int, pending bool) {
	t.Helper()
	must(t, s.ChangeTransactions(ctxOf(t), "A", nil, func([]*sandbox.Transaction) (sandbox.Brought, error) {
		var b sandbox.Brought
		for range n {
			one := notice("A", "T1", noon)
			one.Pending = pending
			b.Notifications = append(b.Notifications, one)
		}
		return b, nil
	}))
}

func wantCounts(t *testing.T, s sandbox.Store, app sandbox.AppCode, pending, kept, dropped int) {
	t.Helper()
	p, k, d, err := s.NotificationCounts(ctxOf(t), app)
	must(t, err)
	if p != pending || k != kept || d != dropped {
		t.Errorf("of App %s %d are pending, %d kept, %d dropped, want %d, %d, %d", app, p, k, d, pending, kept, dropped)
	}
}

// roomClauses are about what becomes of an App's notifications when there are many.
var roomClauses = []clause{
	{"a notification without a NextAt is pending and not due", func(t *testing.T, s sandbox.Store) {
		waits := notice("A", "T1", time.Time{})
		waits.Waiting = sandbox.OnReturned
		withNotices(t, s, waits)
		wantCounts(t, s, "A", 1, 1, 0)
		_, err := s.NextNotification(ctxOf(t), "A")
		wantError(t, "NextNotification", err, sandbox.ErrNotFound)
		wantPending(t, s)
		delay(t, s, 1, noon)
		wantPending(t, s, "A")
		delay(t, s, 1, time.Time{})
		wantPending(t, s)
		delay(t, s, 1, noon)
		wantQueue(t, s, "A", 1)
		wantCounts(t, s, "A", 0, 1, 0)
	}},
	{"with so many pending a new one is not kept", func(t *testing.T, s sandbox.Store) {
		withMany(t, s, sandbox.MaxPendingNotifications+2, true)
		wantCounts(t, s, "A", sandbox.MaxPendingNotifications, sandbox.MaxPendingNotifications, 2)
		setPending(t, s, 1, false)
		withMany(t, s, 2, true)
		wantCounts(t, s, "A", sandbox.MaxPendingNotifications, sandbox.MaxPendingNotifications+1, 3)
		withNotices(t, s, notice("B", "T1", noon)) // others have room of their own
		wantCounts(t, s, "B", 1, 1, 0)
		got, err := s.Notification(ctxOf(t), sandbox.MaxPendingNotifications+2)
		must(t, err)
		if got.App != "B" {
			t.Errorf("the id after the last one kept belongs to App %s, want B: what is not kept uses up none", got.App)
		}
	}},
	{"with so many kept the oldest settled one makes room", func(t *testing.T, s sandbox.Store) {
		withNotices(t, s, notice("A", "T0", noon))
		withMany(t, s, sandbox.MaxNotifications-1, false)
		wantCounts(t, s, "A", 1, sandbox.MaxNotifications, 0)
		setPending(t, s, 3, true)
		withNotices(t, s, notice("A", "T9", noon), notice("A", "T9", noon))
		wantCounts(t, s, "A", 4, sandbox.MaxNotifications, 2)
		for id, want := range map[uint64]error{1: nil, 2: sandbox.ErrNotFound, 3: nil, 4: sandbox.ErrNotFound, 5: nil} {
			_, err := s.Notification(ctxOf(t), id)
			wantError(t, "Notification", err, want)
		}
		_, err := s.UpdateNotification(ctxOf(t), 2, func(*sandbox.Notification) error { t.Error("change was called for a forgotten one"); return nil })
		wantError(t, "UpdateNotification", err, sandbox.ErrNotFound)
		list, err := s.Notifications(ctxOf(t), "A", "T1")
		must(t, err)
		if len(list) != sandbox.MaxNotifications-3 || list[0].ID != 3 || list[1].ID != 5 {
			t.Errorf("the order lists %d notifications, the first %d and %d, want %d, 3 and 5", len(list), list[0].ID, list[1].ID, sandbox.MaxNotifications-3)
		}
	}},
	{"Reset and Restore count anew what was dropped", func(t *testing.T, s sandbox.Store) {
		withApps(t, s, "A")
		withMany(t, s, sandbox.MaxPendingNotifications+1, true)
		snap, err := s.Snapshot(ctxOf(t), "A")
		must(t, err)
		must(t, s.Restore(ctxOf(t), snap))
		wantCounts(t, s, "A", sandbox.MaxPendingNotifications, sandbox.MaxPendingNotifications, 0)
		withMany(t, s, 1, true)
		wantCounts(t, s, "A", sandbox.MaxPendingNotifications, sandbox.MaxPendingNotifications, 1)
		_, err = s.Reset(ctxOf(t), "A")
		must(t, err)
		wantCounts(t, s, "A", 0, 0, 0)
	}},
}
