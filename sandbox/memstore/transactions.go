package memstore

import (
	"context"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// transactions has one index per way to find a transaction, all pointing at the same record.
type transactions struct {
	bySyssn    map[syssnKey]*sandbox.Transaction
	byOutTrade map[outTradeKey]*sandbox.Transaction
	byPrepay   map[prepayKey]*sandbox.Transaction
	// lists are in order of creation; a mchid's own list stands beside the App's.
	lists map[listKey][]*sandbox.Transaction
}

type syssnKey struct {
	app sandbox.AppCode
	n   sandbox.Syssn
}

type outTradeKey struct {
	app   sandbox.AppCode
	mchid sandbox.Mchid
	n     sandbox.OutTradeNo
}

type prepayKey struct {
	app      sandbox.AppCode
	prepayID string
}

type listKey struct {
	app   sandbox.AppCode
	mchid sandbox.Mchid
}

func newTransactions() transactions {
	return transactions{
		bySyssn:    make(map[syssnKey]*sandbox.Transaction),
		byOutTrade: make(map[outTradeKey]*sandbox.Transaction),
		byPrepay:   make(map[prepayKey]*sandbox.Transaction),
		lists:      make(map[listKey][]*sandbox.Transaction),
	}
}

func cloneTransaction(t *sandbox.Transaction) sandbox.Transaction {
	c := *t
	if t.RealName != nil {
		name := *t.RealName
		c.RealName = &name
	}
	return c
}

func (s *Store) CreateTransaction(_ context.Context, t sandbox.Transaction) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	ts := &s.transactions
	syssn, out, prepay := syssnKey{t.App, t.Syssn}, outTradeKey{t.App, t.Mchid, t.OutTradeNo}, prepayKey{t.App, t.PrepayID}
	if ts.bySyssn[syssn] != nil || ts.byOutTrade[out] != nil || ts.byPrepay[prepay] != nil {
		return sandbox.ErrExists
	}
	kept := cloneTransaction(&t)
	ts.bySyssn[syssn], ts.byOutTrade[out], ts.byPrepay[prepay] = &kept, &kept, &kept
	all := listKey{app: t.App}
	ts.lists[all] = append(ts.lists[all], &kept)
	if t.Mchid != "" {
		own := listKey{t.App, t.Mchid}
		ts.lists[own] = append(ts.lists[own], &kept)
	}
	return nil
}

func (s *Store) TransactionBySyssn(_ context.Context, app sandbox.AppCode, n sandbox.Syssn) (sandbox.Transaction, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return found(s.transactions.bySyssn[syssnKey{app, n}])
}

func (s *Store) TransactionByOutTradeNo(_ context.Context, app sandbox.AppCode, m sandbox.Mchid, n sandbox.OutTradeNo) (sandbox.Transaction, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return found(s.transactions.byOutTrade[outTradeKey{app, m, n}])
}

func (s *Store) TransactionByPrepayID(_ context.Context, app sandbox.AppCode, prepayID string) (sandbox.Transaction, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return found(s.transactions.byPrepay[prepayKey{app, prepayID}])
}

func found(t *sandbox.Transaction) (sandbox.Transaction, error) {
	if t == nil {
		return sandbox.Transaction{}, sandbox.ErrNotFound
	}
	return cloneTransaction(t), nil
}

func (s *Store) Transactions(_ context.Context, app sandbox.AppCode, m sandbox.Mchid, skip, limit int) ([]sandbox.Transaction, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := s.transactions.lists[listKey{app, m}]
	var list []sandbox.Transaction
	for i := len(all) - 1 - skip; i >= 0 && len(list) < limit; i-- {
		list = append(list, cloneTransaction(all[i]))
	}
	return list, nil
}

func (s *Store) UpdateTransaction(_ context.Context, app sandbox.AppCode, n sandbox.Syssn, change func(*sandbox.Transaction) ([]sandbox.Notification, error)) (sandbox.Transaction, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := s.transactions.bySyssn[syssnKey{app, n}]
	if kept == nil {
		return sandbox.Transaction{}, sandbox.ErrNotFound
	}
	t := cloneTransaction(kept)
	news, err := change(&t)
	if err != nil {
		return sandbox.Transaction{}, err
	}
	t.App, t.Mchid, t.Syssn, t.OutTradeNo, t.PrepayID = kept.App, kept.Mchid, kept.Syssn, kept.OutTradeNo, kept.PrepayID
	*kept = cloneTransaction(&t)
	for _, n := range news {
		s.notifications.add(n)
	}
	return t, nil
}
