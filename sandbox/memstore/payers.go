package memstore

import (
	"context"
	"slices"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func (s *Store) CreatePayer(_ context.Context, p sandbox.Payer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.payers[p.ID]; taken {
		return sandbox.ErrExists
	}
	s.putPayer(p)
	return nil
}

// putPayer adds a payer or replaces one.
func (s *Store) putPayer(p sandbox.Payer) {
	if _, known := s.payers[p.ID]; !known {
		s.payerIDs = append(s.payerIDs, p.ID)
	}
	s.payers[p.ID] = p
}

func (s *Store) Payers(_ context.Context, after sandbox.PayerID, limit int) ([]sandbox.Payer, error) {
	s.mu.Lock() // sorting those that came since the last time is a write
	defer s.mu.Unlock()
	if s.payersInRow < len(s.payerIDs) {
		slices.Sort(s.payerIDs)
		s.payersInRow = len(s.payerIDs)
	}
	at, found := slices.BinarySearch(s.payerIDs, after)
	if found {
		at++
	}
	var list []sandbox.Payer
	for _, id := range s.payerIDs[at:min(len(s.payerIDs), at+limit)] {
		list = append(list, s.payers[id])
	}
	return list, nil
}

func (s *Store) Payer(_ context.Context, id sandbox.PayerID) (sandbox.Payer, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, ok := s.payers[id]
	if !ok {
		return sandbox.Payer{}, sandbox.ErrNotFound
	}
	return p, nil
}

func (s *Store) UpdatePayer(_ context.Context, id sandbox.PayerID, change func(*sandbox.Payer) error) (sandbox.Payer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.payers[id]
	if !ok {
		return sandbox.Payer{}, sandbox.ErrNotFound
	}
	if err := change(&p); err != nil {
		return sandbox.Payer{}, err
	}
	p.ID = id
	s.payers[id] = p
	return p, nil
}
