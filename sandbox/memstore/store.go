// Package memstore keeps a sandbox in memory: nothing to set up, forgotten at the end.
package memstore

import (
	"hash/maphash"
	"sync"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// Store is a sandbox.Store. Every call costs the same however much is stored, listings aside,
// which cost what they return. The zero value is not ready; use New.
type Store struct {
	mu   sync.RWMutex
	seed maphash.Seed

	tenants  map[sandbox.AppCode]*tenant
	appCodes []sandbox.AppCode // sorted; of the tenants that have an App
	appIDs   map[string]sandbox.AppCode
	payers   map[sandbox.PayerID]sandbox.Payer
	// payerIDs are sorted up to the first of those that came since they were last listed.
	payerIDs    []sandbox.PayerID
	payersInRow int
	// busy are the tenants for whom something is due, now or later.
	busy map[sandbox.AppCode]*tenant
	// notified tells whose notification an id is; lastNotification is the highest id given.
	notified         map[uint64]*tenant
	lastNotification uint64

	journal journal
}

// tenant is all that belongs to one App, its journal aside: to forget it all is to drop the tenant.
type tenant struct {
	code          sandbox.AppCode
	app           *sandbox.App // nil when nobody created it; its slices are never written to
	codes         shelf[sandbox.OAuthCode]
	auths         shelf[sandbox.AuthCode]
	grants        shelf[sandbox.Grant]
	calls         callCount
	transactions  transactions
	notifications notifications
}

var _ sandbox.Store = (*Store)(nil)

// New gives an empty store.
func New() *Store {
	return &Store{
		seed:     maphash.MakeSeed(),
		tenants:  make(map[sandbox.AppCode]*tenant),
		appIDs:   make(map[string]sandbox.AppCode),
		payers:   make(map[sandbox.PayerID]sandbox.Payer),
		busy:     make(map[sandbox.AppCode]*tenant),
		notified: make(map[uint64]*tenant),
		journal:  newJournal(),
	}
}

// newTenant gives one that nothing belongs to yet.
func (s *Store) newTenant(code sandbox.AppCode) *tenant {
	return &tenant{
		code: code, transactions: newTransactions(code, s.seed),
		codes: newShelf(code, s.seed, &oauthCodes), auths: newShelf(code, s.seed, &authCodes), grants: newShelf(code, s.seed, &grants),
	}
}

// none stands for every App nothing is known of. Nothing is ever written to it.
var none = &tenant{}

// read is tenant for those who change nothing: asking for an App nobody heard of leaves nothing behind.
func (s *Store) read(code sandbox.AppCode) *tenant {
	if t := s.tenants[code]; t != nil {
		return t
	}
	return none
}

func (s *Store) tenant(code sandbox.AppCode) *tenant {
	t := s.tenants[code]
	if t == nil {
		t = s.newTenant(code)
		s.tenants[code] = t
	}
	return t
}

// mark keeps busy up to date after a change of what is due for a tenant.
func (s *Store) mark(t *tenant) {
	if t.transactions.due.empty() && t.notifications.due.empty() {
		delete(s.busy, t.code)
		return
	}
	s.busy[t.code] = t
}
