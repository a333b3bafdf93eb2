package memstore

import (
	"container/heap"
	"context"
	"slices"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

type notifications struct {
	byID    []*queued // id i is at i-1
	byApp   map[sandbox.AppCode][]*queued
	byOrder map[orderKey][]*queued
	pending map[sandbox.AppCode]*dueHeap
}

type orderKey struct {
	app   sandbox.AppCode
	order sandbox.OutTradeNo
}

// queued is a stored notification and its place in its App's heap, -1 when it is not pending.
type queued struct {
	sandbox.Notification
	place int
}

func newNotifications() notifications {
	return notifications{
		byApp:   make(map[sandbox.AppCode][]*queued),
		byOrder: make(map[orderKey][]*queued),
		pending: make(map[sandbox.AppCode]*dueHeap),
	}
}

func cloneNotification(n sandbox.Notification) sandbox.Notification {
	n.Body = slices.Clone(n.Body)
	n.Attempts = slices.Clone(n.Attempts)
	return n
}

func (ns *notifications) add(n sandbox.Notification) {
	n = cloneNotification(n)
	n.ID = uint64(len(ns.byID) + 1)
	q := &queued{Notification: n, place: -1}
	order := orderKey{n.App, n.OutTradeNo}
	ns.byID = append(ns.byID, q)
	ns.byApp[n.App] = append(ns.byApp[n.App], q)
	ns.byOrder[order] = append(ns.byOrder[order], q)
	ns.requeue(q)
}

// requeue puts a changed notification where its Pending and NextAt say.
func (ns *notifications) requeue(q *queued) {
	h := ns.pending[q.App]
	switch {
	case q.Pending && h == nil:
		h = &dueHeap{}
		ns.pending[q.App] = h
		heap.Push(h, q)
	case q.Pending && q.place < 0:
		heap.Push(h, q)
	case q.Pending:
		heap.Fix(h, q.place)
	case q.place >= 0:
		heap.Remove(h, q.place)
		if h.Len() == 0 {
			delete(ns.pending, q.App)
		}
	}
}

func (s *Store) Notification(_ context.Context, id uint64) (sandbox.Notification, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if id == 0 || id > uint64(len(s.notifications.byID)) {
		return sandbox.Notification{}, sandbox.ErrNotFound
	}
	return cloneNotification(s.notifications.byID[id-1].Notification), nil
}

func (s *Store) UpdateNotification(_ context.Context, id uint64, change func(*sandbox.Notification) error) (sandbox.Notification, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id == 0 || id > uint64(len(s.notifications.byID)) {
		return sandbox.Notification{}, sandbox.ErrNotFound
	}
	q := s.notifications.byID[id-1]
	n := cloneNotification(q.Notification)
	if err := change(&n); err != nil {
		return sandbox.Notification{}, err
	}
	n.ID, n.App, n.OutTradeNo = q.ID, q.App, q.OutTradeNo
	q.Notification = cloneNotification(n)
	s.notifications.requeue(q)
	return n, nil
}

func (s *Store) Notifications(_ context.Context, app sandbox.AppCode, order sandbox.OutTradeNo) ([]sandbox.Notification, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	kept := s.notifications.byApp[app]
	if order != "" {
		kept = s.notifications.byOrder[orderKey{app, order}]
	}
	list := make([]sandbox.Notification, len(kept))
	for i, q := range kept {
		list[i] = cloneNotification(q.Notification)
	}
	return list, nil
}

func (s *Store) NextNotification(_ context.Context, app sandbox.AppCode) (sandbox.Notification, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	h := s.notifications.pending[app]
	if h == nil {
		return sandbox.Notification{}, sandbox.ErrNotFound
	}
	return cloneNotification((*h)[0].Notification), nil
}

func (s *Store) AppsWithPending(context.Context) ([]sandbox.AppCode, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var codes []sandbox.AppCode
	for code := range s.notifications.pending {
		codes = append(codes, code)
	}
	return codes, nil
}

// dueHeap orders by due time, then by id.
type dueHeap []*queued

func (h dueHeap) Len() int { return len(h) }

func (h dueHeap) Less(i, j int) bool {
	if !h[i].NextAt.Equal(h[j].NextAt) {
		return h[i].NextAt.Before(h[j].NextAt)
	}
	return h[i].ID < h[j].ID
}

func (h dueHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i, j
}

func (h *dueHeap) Push(x any) {
	q := x.(*queued)
	q.place = len(*h)
	*h = append(*h, q)
}

func (h *dueHeap) Pop() any {
	last := len(*h) - 1
	q := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	q.place = -1
	return q
}
