package memstore

import (
	"context"
	"slices"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func cloneApp(a *sandbox.App) *sandbox.App {
	c := *a
	c.Mchids = slices.Clone(a.Mchids)
	c.Currencies = slices.Clone(a.Currencies)
	c.PayTypes = slices.Clone(a.PayTypes)
	c.Account.PayDirectories = slices.Clone(a.Account.PayDirectories)
	c.Account.OAuthDomains = slices.Clone(a.Account.OAuthDomains)
	c.Own.PayDirectories = slices.Clone(a.Own.PayDirectories)
	c.Own.OAuthDomains = slices.Clone(a.Own.OAuthDomains)
	c.Delivery.Deliveries = slices.Clone(a.Delivery.Deliveries)
	c.Faults = slices.Clone(a.Faults)
	c.OrderPlans = slices.Clone(a.OrderPlans)
	for i := range c.OrderPlans {
		c.OrderPlans[i].Plan.Deliveries = slices.Clone(a.OrderPlans[i].Plan.Deliveries)
	}
	return &c
}

func (s *Store) CreateApp(_ context.Context, a sandbox.App) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.read(a.Code).app != nil {
		return sandbox.ErrExists
	}
	for _, id := range appIDsOf(a) {
		if _, taken := s.appIDs[id]; taken {
			return sandbox.ErrExists
		}
	}
	s.tenant(a.Code).app = cloneApp(&a)
	s.enlist(a)
	return nil
}

// appIDsOf are the appids an App is found by.
func appIDsOf(a sandbox.App) []string {
	if a.Own.AppID == "" {
		return []string{a.Account.AppID}
	}
	return []string{a.Account.AppID, a.Own.AppID}
}

// enlist lets a new App be found by appid and in the order of codes.
func (s *Store) enlist(a sandbox.App) {
	for _, id := range appIDsOf(a) {
		s.appIDs[id] = a.Code
	}
	if at, listed := slices.BinarySearch(s.appCodes, a.Code); !listed {
		s.appCodes = slices.Insert(s.appCodes, at, a.Code)
	}
}

func (s *Store) App(_ context.Context, code sandbox.AppCode) (sandbox.App, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.app(code)
}

func (s *Store) app(code sandbox.AppCode) (sandbox.App, error) {
	a := s.read(code).app
	if a == nil {
		return sandbox.App{}, sandbox.ErrNotFound
	}
	return *a, nil
}

func (s *Store) AppByAppID(_ context.Context, appID string) (sandbox.App, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	code, ok := s.appIDs[appID]
	if !ok {
		return sandbox.App{}, sandbox.ErrNotFound
	}
	return s.app(code)
}

func (s *Store) Apps(_ context.Context, after sandbox.AppCode, limit int) ([]sandbox.App, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	at, found := slices.BinarySearch(s.appCodes, after)
	if found {
		at++
	}
	var list []sandbox.App
	for _, code := range s.appCodes[at:min(len(s.appCodes), at+limit)] {
		list = append(list, *s.tenants[code].app)
	}
	return list, nil
}

func (s *Store) UpdateApp(_ context.Context, code sandbox.AppCode, change func(*sandbox.App) error) (sandbox.App, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.read(code)
	if t.app == nil {
		return sandbox.App{}, sandbox.ErrNotFound
	}
	a := cloneApp(t.app)
	if err := change(a); err != nil {
		return sandbox.App{}, err
	}
	a.Code, a.Account.AppID, a.Drawn = t.app.Code, t.app.Account.AppID, t.app.Drawn
	if a.Own.AppID != t.app.Own.AppID {
		if _, taken := s.appIDs[a.Own.AppID]; taken {
			return sandbox.App{}, sandbox.ErrExists
		}
		delete(s.appIDs, t.app.Own.AppID)
		s.enlist(*a)
	}
	t.app = cloneApp(a)
	return *a, nil
}

func (s *Store) DrawNumber(_ context.Context, code sandbox.AppCode) (uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.read(code).app
	if a == nil {
		return 0, sandbox.ErrNotFound
	}
	a.Drawn++
	return a.Drawn, nil
}
