// Package memstore keeps a sandbox in memory: nothing to set up, forgotten at the end.
package memstore

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// Store is a sandbox.Store. Every call costs the same however much is stored, listings aside,
// which cost what they return. The zero value is not ready; use New.
type Store struct {
	mu sync.RWMutex

	apps     map[sandbox.AppCode]*sandbox.App
	appCodes []sandbox.AppCode // sorted
	appIDs   map[string]sandbox.AppCode
	payers   map[sandbox.PayerID]sandbox.Payer
	codes    map[codeKey]sandbox.OAuthCode
	grants   map[grantKey]struct{}

	transactions  transactions
	notifications notifications
	journal       journal
}

type codeKey struct {
	app  sandbox.AppCode
	code string
}

type grantKey struct {
	app    sandbox.AppCode
	openID sandbox.OpenID
}

var _ sandbox.Store = (*Store)(nil)

// New gives an empty store.
func New() *Store {
	return &Store{
		apps:          make(map[sandbox.AppCode]*sandbox.App),
		appIDs:        make(map[string]sandbox.AppCode),
		payers:        make(map[sandbox.PayerID]sandbox.Payer),
		codes:         make(map[codeKey]sandbox.OAuthCode),
		grants:        make(map[grantKey]struct{}),
		transactions:  newTransactions(),
		notifications: newNotifications(),
		journal:       newJournal(),
	}
}

func cloneApp(a *sandbox.App) sandbox.App {
	c := *a
	c.Mchids = slices.Clone(a.Mchids)
	c.Currencies = slices.Clone(a.Currencies)
	c.PayTypes = slices.Clone(a.PayTypes)
	c.Account.PayDirectories = slices.Clone(a.Account.PayDirectories)
	return c
}

func (s *Store) CreateApp(_ context.Context, a sandbox.App) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.apps[a.Code]; taken {
		return sandbox.ErrExists
	}
	if _, taken := s.appIDs[a.Account.AppID]; taken {
		return sandbox.ErrExists
	}
	kept := cloneApp(&a)
	s.apps[a.Code] = &kept
	s.appIDs[a.Account.AppID] = a.Code
	at, _ := slices.BinarySearch(s.appCodes, a.Code)
	s.appCodes = slices.Insert(s.appCodes, at, a.Code)
	return nil
}

func (s *Store) App(_ context.Context, code sandbox.AppCode) (sandbox.App, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, ok := s.apps[code]
	if !ok {
		return sandbox.App{}, sandbox.ErrNotFound
	}
	return cloneApp(a), nil
}

func (s *Store) AppByAppID(_ context.Context, appID string) (sandbox.App, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, ok := s.apps[s.appIDs[appID]]
	if !ok {
		return sandbox.App{}, sandbox.ErrNotFound
	}
	return cloneApp(a), nil
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
		list = append(list, cloneApp(s.apps[code]))
	}
	return list, nil
}

func (s *Store) UpdateApp(_ context.Context, code sandbox.AppCode, change func(*sandbox.App) error) (sandbox.App, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, ok := s.apps[code]
	if !ok {
		return sandbox.App{}, sandbox.ErrNotFound
	}
	a := cloneApp(old)
	if err := change(&a); err != nil {
		return sandbox.App{}, err
	}
	a.Code, a.Account.AppID, a.Drawn = old.Code, old.Account.AppID, old.Drawn
	kept := cloneApp(&a)
	s.apps[code] = &kept
	return a, nil
}

func (s *Store) DrawNumber(_ context.Context, code sandbox.AppCode) (uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.apps[code]
	if !ok {
		return 0, sandbox.ErrNotFound
	}
	a.Drawn++
	return a.Drawn, nil
}

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

func (s *Store) CreateOAuthCode(_ context.Context, c sandbox.OAuthCode) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := codeKey{c.App, c.Code}
	if _, taken := s.codes[k]; taken {
		return sandbox.ErrExists
	}
	s.codes[k] = c
	return nil
}

func (s *Store) OAuthCode(_ context.Context, app sandbox.AppCode, code string) (sandbox.OAuthCode, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, ok := s.codes[codeKey{app, code}]
	if !ok {
		return sandbox.OAuthCode{}, sandbox.ErrNotFound
	}
	return c, nil
}

func (s *Store) TakeOAuthCode(_ context.Context, app sandbox.AppCode, code string, at time.Time, grant sandbox.Grant) (sandbox.OAuthCode, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := codeKey{app, code}
	c, ok := s.codes[k]
	switch {
	case !ok:
		return sandbox.OAuthCode{}, sandbox.ErrNotFound
	case !c.TakenAt.IsZero():
		return c, sandbox.ErrTaken
	}
	c.TakenAt = at
	s.codes[k] = c
	s.grants[grantKey{grant.App, grant.OpenID}] = struct{}{}
	return c, nil
}

func (s *Store) TakeGrant(_ context.Context, app sandbox.AppCode, openID sandbox.OpenID) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := grantKey{app, openID}
	_, ok := s.grants[k]
	delete(s.grants, k)
	return ok, nil
}
