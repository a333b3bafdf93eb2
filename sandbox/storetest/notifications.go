package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// notice is a pending Notification with every field filled, its id aside.
func notice(app sandbox.AppCode, order sandbox.OutTradeNo, due time.Time) sandbox.Notification {
	return sandbox.Notification{
		App: app, OutTradeNo: order, Syssn: "S1", URL: "http://n.test/", Body: []byte(`{"status": "1"}`), Sign: "ABCD", CreatedAt: noon,
		Pending: true, NextAt: due, Attempts: []sandbox.Attempt{{At: noon, Status: 500, Answer: "busy", Error: "e"}},
	}
}

// withNotices stores notifications the one way there is: beside a transaction of their App.
func withNotices(t *testing.T, s sandbox.Store, notices ...sandbox.Notification) {
	t.Helper()
	for _, n := range notices {
		carrier := payment(n.App, "carrier", 0)
		if _, err := s.TransactionBySyssn(ctxOf(t), n.App, carrier.Syssn); err != nil {
			withPayments(t, s, carrier)
		}
		_, err := change(t, s, n.App, carrier.Syssn, func(*sandbox.Transaction) ([]sandbox.Notification, error) {
			return []sandbox.Notification{n}, nil
		})
		must(t, err)
	}
}

func spoilNotice(n *sandbox.Notification) { n.Body[0], n.Attempts[0].Answer = 'X', "spoilt" }

var notificationClauses = []clause{
	{"ids count from 1 over all Apps", func(t *testing.T, s sandbox.Store) {
		handed := notice("A", "T1", noon)
		handed.ID = 77 // the store gives its own
		withNotices(t, s, handed, notice("B", "T2", noon))
		for id, want := range map[uint64]sandbox.Notification{1: notice("A", "T1", noon), 2: notice("B", "T2", noon)} {
			want.ID = id
			got, err := s.Notification(ctxOf(t), id)
			must(t, err)
			same(t, fmt.Sprintf("Notification %d", id), got, want)
		}
	}},
	{"an unknown id is not found", func(t *testing.T, s sandbox.Store) {
		withNotices(t, s, notice("A", "T1", noon))
		for _, id := range []uint64{0, 2, 1 << 63} {
			_, err := s.Notification(ctxOf(t), id)
			wantError(t, fmt.Sprintf("Notification %d", id), err, sandbox.ErrNotFound)
			_, err = s.UpdateNotification(ctxOf(t), id, func(*sandbox.Notification) error { t.Error("change was called"); return nil })
			wantError(t, fmt.Sprintf("UpdateNotification %d", id), err, sandbox.ErrNotFound)
		}
	}},
	{"Notifications lists in order of id, by App and order", func(t *testing.T, s sandbox.Store) {
		withNotices(t, s, notice("A", "T2", noon.Add(time.Hour)), notice("A", "T1", noon), notice("B", "T1", noon), notice("A", "T2", noon))
		for _, c := range []struct {
			app   sandbox.AppCode
			order sandbox.OutTradeNo
			want  []uint64
		}{{"A", "", []uint64{1, 2, 4}}, {"A", "T2", []uint64{1, 4}}, {"B", "", []uint64{3}}, {"A", "T3", []uint64{}}, {"C", "", []uint64{}}} {
			list, err := s.Notifications(ctxOf(t), c.app, c.order)
			must(t, err)
			got := []uint64{}
			for _, n := range list {
				got = append(got, n.ID)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("Notifications(%s, %q) lists %v, want %v", c.app, c.order, got, c.want)
			}
		}
	}},
	{"UpdateNotification stores the change, but not another id, App or order", func(t *testing.T, s sandbox.Store) {
		withNotices(t, s, notice("A", "T1", noon))
		want := notice("A", "T1", noon)
		want.ID, want.Pending = 1, false
		want.Attempts = append(want.Attempts, sandbox.Attempt{At: noon, Status: 200, Answer: "SUCCESS", Acknowledged: true})
		got, err := s.UpdateNotification(ctxOf(t), 1, func(n *sandbox.Notification) error {
			n.ID, n.App, n.OutTradeNo, n.Pending, n.Attempts = 9, "B", "T9", false, want.Attempts
			return nil
		})
		must(t, err)
		same(t, "UpdateNotification", got, want)
		got, err = s.Notification(ctxOf(t), 1)
		must(t, err)
		same(t, "Notification", got, want)
	}},
	{"an error of UpdateNotification's function is returned and changes nothing", func(t *testing.T, s sandbox.Store) {
		withNotices(t, s, notice("A", "T1", noon))
		want := notice("A", "T1", noon)
		want.ID = 1
		_, err := s.UpdateNotification(ctxOf(t), 1, func(n *sandbox.Notification) error {
			n.Pending = false
			spoilNotice(n)
			return errStop
		})
		wantError(t, "UpdateNotification", err, errStop)
		got, err := s.NextNotification(ctxOf(t), "A")
		must(t, err)
		same(t, "NextNotification", got, want)
	}},
	{"no update is lost", func(t *testing.T, s sandbox.Store) {
		withNotices(t, s, notice("A", "T1", noon))
		for _, err := range race(crowd, func(i int) error {
			_, err := s.UpdateNotification(ctxOf(t), 1, func(n *sandbox.Notification) error {
				n.Attempts = append(n.Attempts, sandbox.Attempt{Status: i})
				return nil
			})
			return err
		}) {
			must(t, err)
		}
		got, err := s.Notification(ctxOf(t), 1)
		must(t, err)
		if len(got.Attempts) != crowd+1 {
			t.Errorf("after %d updates there are %d attempts, want %d", crowd, len(got.Attempts), crowd+1)
		}
	}},
	{"notifications are values", func(t *testing.T, s sandbox.Store) {
		handed := notice("A", "T1", noon)
		withNotices(t, s, handed)
		read := func() (any, error) { return s.Notification(ctxOf(t), 1) }
		byID, err := s.Notification(ctxOf(t), 1)
		must(t, err)
		want := text(t, byID)
		spoilNotice(&handed)
		still(t, "changing the notification handed to ChangeTransactions", read, want)
		list, err := s.Notifications(ctxOf(t), "A", "T1")
		must(t, err)
		next, err := s.NextNotification(ctxOf(t), "A")
		must(t, err)
		var kept *sandbox.Notification
		updated, err := s.UpdateNotification(ctxOf(t), 1, func(n *sandbox.Notification) error { kept = n; return nil })
		must(t, err)
		for what, n := range map[string]*sandbox.Notification{
			"Notification": &byID, "Notifications": &list[0], "NextNotification": &next, "UpdateNotification": &updated, "UpdateNotification's function": kept,
		} {
			spoilNotice(n)
			still(t, "changing the notification of "+what, read, want)
		}
	}},
}

var pendingClauses = []clause{
	{"the one due first comes first, the older one when both are due at once", func(t *testing.T, s sandbox.Store) {
		withNotices(t, s, notice("A", "T1", noon.Add(time.Hour)), notice("A", "T2", noon), notice("B", "T3", noon.Add(-time.Hour)), notice("A", "T4", noon))
		wantQueue(t, s, "A", 2, 4, 1)
		wantQueue(t, s, "B", 3)
	}},
	{"what is not pending is not in the queue", func(t *testing.T, s sandbox.Store) {
		_, err := s.NextNotification(ctxOf(t), "A")
		wantError(t, "NextNotification of an empty store", err, sandbox.ErrNotFound)
		done := notice("A", "T1", noon)
		done.Pending = false
		withNotices(t, s, done)
		wantQueue(t, s, "A")
	}},
	{"a changed due time changes the place", func(t *testing.T, s sandbox.Store) {
		withNotices(t, s, notice("A", "T1", noon), notice("A", "T2", noon.Add(time.Minute)), notice("A", "T3", noon.Add(2*time.Minute)))
		delay(t, s, 1, noon.Add(90*time.Second))
		delay(t, s, 3, noon)
		wantQueue(t, s, "A", 3, 2, 1)
	}},
	{"a notification goes back into the queue when it is pending again", func(t *testing.T, s sandbox.Store) {
		withNotices(t, s, notice("A", "T1", noon), notice("A", "T2", noon.Add(time.Minute)))
		setPending(t, s, 1, false)
		if got := head(t, s, "A"); got != 2 {
			t.Errorf("without the first one the next is %d, want 2", got)
		}
		setPending(t, s, 1, true)
		wantQueue(t, s, "A", 1, 2)
	}},
	{"a queue in random order drains in order", func(t *testing.T, s sandbox.Store) {
		const n = 40
		want := make([]uint64, n)
		for i := range n {
			place := i * 17 % n // every place once, 17 and 40 having no common divisor
			withNotices(t, s, notice("A", "T", noon.Add(time.Duration(place)*time.Second)))
			want[place] = uint64(i + 1)
		}
		wantQueue(t, s, "A", want...)
	}},
	{"AppsWithPending lists the Apps that have something pending", func(t *testing.T, s sandbox.Store) {
		wantPending(t, s)
		withNotices(t, s, notice("A", "T1", noon), notice("B", "T2", noon), notice("A", "T3", noon))
		wantPending(t, s, "A", "B")
		setPending(t, s, 1, false)
		wantPending(t, s, "A", "B")
		setPending(t, s, 3, false)
		wantPending(t, s, "B")
		setPending(t, s, 2, false)
		wantPending(t, s)
		setPending(t, s, 1, true)
		wantPending(t, s, "A")
	}},
}

func wantPending(t *testing.T, s sandbox.Store, want ...sandbox.AppCode) {
	t.Helper()
	got, err := s.AppsWithPending(ctxOf(t))
	must(t, err)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("AppsWithPending lists %v, want %v", got, want)
	}
}

// wantQueue takes the App's queue apart and compares the ids in their order.
func wantQueue(t *testing.T, s sandbox.Store, app sandbox.AppCode, want ...uint64) {
	t.Helper()
	var got []uint64
	for range len(want) + 1 {
		id := head(t, s, app)
		if id == 0 {
			break
		}
		got = append(got, id)
		setPending(t, s, id, false)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the queue of %s is %v, want %v", app, got, want)
	}
}

// head is the id due first, 0 when nothing is pending.
func head(t *testing.T, s sandbox.Store, app sandbox.AppCode) uint64 {
	t.Helper()
	n, err := s.NextNotification(ctxOf(t), app)
	if err != nil {
		wantError(t, "NextNotification", err, sandbox.ErrNotFound)
		return 0
	}
	return n.ID
}

func setPending(t *testing.T, s sandbox.Store, id uint64, pending bool) {
	t.Helper()
	_, err := s.UpdateNotification(ctxOf(t), id, func(n *sandbox.Notification) error { n.Pending = pending; return nil })
	must(t, err)
}

func delay(t *testing.T, s sandbox.Store, id uint64, to time.Time) {
	t.Helper()
	_, err := s.UpdateNotification(ctxOf(t), id, func(n *sandbox.Notification) error { n.NextAt = to; return nil })
	must(t, err)
}
