package memstore

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// codesOf gives one App's code, or all of them for an empty one.
func (s *Store) codesOf(app sandbox.AppCode) ([]sandbox.AppCode, error) {
	if app == "" {
		return s.appCodes, nil
	}
	if s.read(app).app == nil {
		return nil, sandbox.ErrNotFound
	}
	return []sandbox.AppCode{app}, nil
}

func (s *Store) Snapshot(_ context.Context, app sandbox.AppCode) (sandbox.Snapshot, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	codes, err := s.codesOf(app)
	if err != nil {
		return sandbox.Snapshot{}, err
	}
	var snap sandbox.Snapshot
	if app == "" {
		snap.Payers = slices.SortedFunc(maps.Values(s.payers), func(a, b sandbox.Payer) int { return cmp.Compare(a.ID, b.ID) })
	}
	for _, code := range codes {
		t := s.tenants[code]
		snap.Apps = append(snap.Apps, *cloneApp(t.app))
		snap.OAuthCodes = append(snap.OAuthCodes, t.codes.all()...)
		snap.AuthCodes = append(snap.AuthCodes, t.auths.all()...)
		snap.Grants = append(snap.Grants, t.grants.all()...)
		for _, record := range t.transactions.all.records {
			snap.Transactions = append(snap.Transactions, t.transactions.read(record))
		}
		snap.Notifications = append(snap.Notifications, t.notifications.list("")...)
	}
	slices.SortFunc(snap.Notifications, func(a, b sandbox.Notification) int { return cmp.Compare(a.ID, b.ID) })
	return snap, nil
}

// Restore builds everything aside and puts it in its place when nothing speaks against it.
func (s *Store) Restore(_ context.Context, snap sandbox.Snapshot) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh, err := s.tenantsOf(snap)
	if err != nil {
		return err
	}
	for code, t := range fresh {
		for _, id := range appIDsOf(*t.app) {
			if owner, ok := s.appIDs[id]; ok && fresh[owner] == nil {
				return fmt.Errorf("appid %s of App %s: %w, of App %s", id, code, sandbox.ErrExists, owner)
			}
		}
	}
	for code := range fresh {
		if old := s.read(code); old.app != nil {
			for _, id := range appIDsOf(*old.app) {
				delete(s.appIDs, id)
			}
		}
	}
	for _, t := range fresh {
		s.replace(t)
		s.enlist(*t.app)
	}
	for _, n := range snap.Notifications {
		s.notify(n)
	}
	for _, p := range snap.Payers {
		s.putPayer(p)
	}
	return nil
}

// tenantsOf gives the Apps of a snapshot with what belongs to them, notifications aside.
func (s *Store) tenantsOf(snap sandbox.Snapshot) (map[sandbox.AppCode]*tenant, error) {
	fresh := make(map[sandbox.AppCode]*tenant)
	ids := make(map[string]bool)
	for _, a := range snap.Apps {
		if fresh[a.Code] != nil {
			return nil, fmt.Errorf("App %s: %w", a.Code, sandbox.ErrExists)
		}
		for _, id := range appIDsOf(a) {
			if ids[id] {
				return nil, fmt.Errorf("App %s with appid %s: %w", a.Code, id, sandbox.ErrExists)
			}
			ids[id] = true
		}
		t := s.newTenant(a.Code)
		t.app = cloneApp(&a)
		fresh[a.Code] = t
	}
	owner := func(app sandbox.AppCode, what string) (*tenant, error) {
		if t := fresh[app]; t != nil {
			return t, nil
		}
		return nil, fmt.Errorf("App %q, which %s belongs to: %w in the snapshot", app, what, sandbox.ErrNotFound)
	}
	for _, c := range snap.OAuthCodes {
		t, err := owner(c.App, "OAuth code "+c.Code)
		if err != nil {
			return nil, err
		}
		t.codes.put(c)
	}
	for _, c := range snap.AuthCodes {
		t, err := owner(c.App, "auth code "+c.Code)
		if err != nil {
			return nil, err
		}
		t.auths.put(c)
	}
	for _, g := range snap.Grants {
		t, err := owner(g.App, "the grant of "+string(g.OpenID))
		if err != nil {
			return nil, err
		}
		t.grants.put(g)
	}
	for i := range snap.Transactions {
		one := &snap.Transactions[i]
		t, err := owner(one.App, "transaction "+string(one.Syssn))
		if err != nil {
			return nil, err
		}
		if t.transactions.taken(one) {
			return nil, fmt.Errorf("a number of transaction %s: %w", one.Syssn, sandbox.ErrExists)
		}
		t.transactions.add(one)
	}
	for _, n := range snap.Notifications {
		if _, err := owner(n.App, "a notification of order "+string(n.OutTradeNo)); err != nil {
			return nil, err
		}
	}
	return fresh, nil
}

// replace puts a tenant in the place of the one with its code.
func (s *Store) replace(t *tenant) {
	for id := range s.read(t.code).notifications.kept {
		delete(s.notified, id)
	}
	s.tenants[t.code] = t
	s.mark(t)
}

func (s *Store) Reset(_ context.Context, app sandbox.AppCode) (sandbox.Counts, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	codes, err := s.codesOf(app)
	if err != nil {
		return sandbox.Counts{}, err
	}
	var n sandbox.Counts
	for _, code := range codes {
		old := s.tenants[code]
		n.Transactions += old.transactions.records.len()
		n.Notifications += len(old.notifications.kept)
		n.OAuthCodes += old.codes.len()
		n.AuthCodes += old.auths.len()
		t := s.newTenant(code)
		t.app = old.app
		t.app.Drawn = 0
		s.replace(t)
	}
	n.Exchanges = s.journal.forget(app)
	return n, nil
}
