package memstore

import (
	"context"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func (s *Store) CreatePayer(_ context.Context, p sandbox.Payer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.payers[p.ID]; taken {
		return sandbox.ErrExists
	}
	s.payers[p.ID] = p
	return nil
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
