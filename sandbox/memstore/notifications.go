package memstore

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// notifications are one App's.
type notifications struct {
	kept    map[uint64]*sandbox.Notification
	byOrder map[sandbox.OutTradeNo][]uint64 // ascending
	due     queue                           // those pending that have a NextAt
	settled queue                           // those not pending, oldest first
	dropped int
}

func cloneNotification(n *sandbox.Notification) *sandbox.Notification {
	c := *n
	c.Body = slices.Clone(n.Body)
	c.Attempts = slices.Clone(n.Attempts)
	return &c
}

// add keeps a notification under this id, unless there is no room for it.
func (ns *notifications) add(id uint64, n sandbox.Notification) (added bool, forgotten uint64) {
	if n.Pending && len(ns.kept)-ns.settled.len() >= sandbox.MaxPendingNotifications {
		ns.dropped++
		return false, 0
	}
	if len(ns.kept) >= sandbox.MaxNotifications {
		ns.dropped++
		oldest, ok := ns.settled.first()
		if !ok {
			return false, 0
		}
		ns.forget(oldest)
		forgotten = oldest
	}
	if ns.kept == nil {
		ns.kept, ns.byOrder = make(map[uint64]*sandbox.Notification), make(map[sandbox.OutTradeNo][]uint64)
	}
	c := cloneNotification(&n)
	c.ID = id
	ns.kept[id] = c
	ns.byOrder[c.OutTradeNo] = append(ns.byOrder[c.OutTradeNo], id)
	ns.requeue(c)
	return true, forgotten
}

func (ns *notifications) forget(id uint64) {
	order := ns.kept[id].OutTradeNo
	delete(ns.kept, id)
	ns.settled.remove(id)
	rest := ns.byOrder[order]
	if rest = slices.Delete(rest, slices.Index(rest, id), slices.Index(rest, id)+1); len(rest) == 0 {
		delete(ns.byOrder, order)
		return
	}
	ns.byOrder[order] = rest
}

// requeue puts a changed notification where its Pending and NextAt say.
func (ns *notifications) requeue(n *sandbox.Notification) {
	ns.due.remove(n.ID)
	ns.settled.remove(n.ID)
	switch {
	case !n.Pending:
		ns.settled.put(n.ID, time.Time{})
	case !n.NextAt.IsZero():
		ns.due.put(n.ID, n.NextAt)
	}
}

// notify keeps a notification of whatever App it belongs to. An id is spent on each that is kept.
func (s *Store) notify(n sandbox.Notification) {
	t := s.tenant(n.App)
	id := s.lastNotification + 1
	added, forgotten := t.notifications.add(id, n)
	if added {
		s.lastNotification = id
		s.notified[id] = t
	}
	delete(s.notified, forgotten)
	s.mark(t)
}

func (s *Store) Notification(_ context.Context, id uint64) (sandbox.Notification, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t := s.notified[id]
	if t == nil {
		return sandbox.Notification{}, sandbox.ErrNotFound
	}
	return *cloneNotification(t.notifications.kept[id]), nil
}

func (s *Store) UpdateNotification(_ context.Context, id uint64, change func(*sandbox.Notification) error) (sandbox.Notification, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.notified[id]
	if t == nil {
		return sandbox.Notification{}, sandbox.ErrNotFound
	}
	old := t.notifications.kept[id]
	n := cloneNotification(old)
	if err := change(n); err != nil {
		return sandbox.Notification{}, err
	}
	n.ID, n.App, n.OutTradeNo = old.ID, old.App, old.OutTradeNo
	kept := cloneNotification(n)
	t.notifications.kept[id] = kept
	t.notifications.requeue(kept)
	s.mark(t)
	return *n, nil
}

func (s *Store) Notifications(_ context.Context, app sandbox.AppCode, order sandbox.OutTradeNo) ([]sandbox.Notification, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.read(app).notifications.list(order), nil
}

// list gives clones in order of id; only of one order unless that is empty.
func (ns *notifications) list(order sandbox.OutTradeNo) []sandbox.Notification {
	ids := ns.byOrder[order]
	if order == "" {
		ids = slices.Sorted(maps.Keys(ns.kept))
	}
	list := make([]sandbox.Notification, len(ids))
	for i, id := range ids {
		list[i] = *cloneNotification(ns.kept[id])
	}
	return list
}

func (s *Store) NextNotification(_ context.Context, app sandbox.AppCode) (sandbox.Notification, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	ns := &s.read(app).notifications
	id, ok := ns.due.first()
	if !ok {
		return sandbox.Notification{}, sandbox.ErrNotFound
	}
	return *cloneNotification(ns.kept[id]), nil
}

func (s *Store) NotificationCounts(_ context.Context, app sandbox.AppCode) (pending, kept, dropped int, err error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	ns := &s.read(app).notifications
	return len(ns.kept) - ns.settled.len(), len(ns.kept), ns.dropped, nil
}

func (s *Store) AppsWithPending(context.Context) ([]sandbox.AppCode, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Collect(maps.Keys(s.busy)), nil
}
