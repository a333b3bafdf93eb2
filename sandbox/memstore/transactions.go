package memstore

import (
	"context"
	"hash/maphash"
	"slices"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// transactions are one App's, packed.
type transactions struct {
	app     sandbox.AppCode
	records records
	index   index
	all     timeline
	byMchid map[sandbox.Mchid]*timeline
	payers  payers
	due     queue // records by DueAt
}

// spare is the room a payment gets for what is still to come: the wallet's number and when it was paid.
const spare = 48

func newTransactions(app sandbox.AppCode, seed maphash.Seed) transactions {
	return transactions{app: app, index: index{seed: seed}, payers: payers{seed: seed}}
}

func (ts *transactions) read(record uint32) sandbox.Transaction {
	return unpack(ts.app, ts.records.read(record))
}

func (ts *transactions) find(k key) (t sandbox.Transaction, record uint32, ok bool) {
	ok = ts.index.find(k, func(r uint32) bool {
		t, record = ts.read(r), r
		return k.of(&t)
	})
	return t, record, ok
}

// keys are all that t is found by. An empty prepay_id is none.
func keys(t *sandbox.Transaction) []key {
	k := []key{syssnKey(t.Syssn), outTradeNoKey(t.Mchid, t.OutTradeNo), prepayIDKey(t.PrepayID)}
	if t.PrepayID == "" {
		k = k[:2]
	}
	return k
}

func (ts *transactions) taken(t *sandbox.Transaction) bool {
	return slices.ContainsFunc(keys(t), func(k key) bool {
		_, _, ok := ts.find(k)
		return ok
	})
}

// add stores a transaction that is not taken.
func (ts *transactions) add(t *sandbox.Transaction) {
	room := 0
	if t.Kind != sandbox.KindRefund && t.PaidAt.IsZero() {
		room = spare
	}
	lent := packingRoom.Get().(*[]byte)
	*lent = pack((*lent)[:0], t)
	record := ts.records.add(*lent, room)
	packingRoom.Put(lent)
	for _, k := range keys(t) {
		ts.index.add(k, record)
	}
	ts.all.add(record, t.CreatedAt)
	if t.Mchid != "" {
		own := ts.byMchid[t.Mchid]
		if own == nil {
			if ts.byMchid == nil {
				ts.byMchid = make(map[sandbox.Mchid]*timeline)
			}
			own = &timeline{}
			ts.byMchid[t.Mchid] = own
		}
		own.add(record, t.CreatedAt)
	}
	ts.payers.add(t.OpenID, record)
	ts.requeue(record, t)
}

// change stores t in the place of what was there, but never what it is found by.
func (ts *transactions) change(record uint32, was, t sandbox.Transaction) {
	t.App, t.Mchid, t.Kind, t.CreatedAt = was.App, was.Mchid, was.Kind, was.CreatedAt
	t.Syssn, t.OutTradeNo, t.PrepayID = was.Syssn, was.OutTradeNo, was.PrepayID
	ts.records.write(record, pack(nil, &t))
	if t.OpenID != was.OpenID {
		ts.payers.remove(was.OpenID, record)
		ts.payers.add(t.OpenID, record)
	}
	ts.requeue(record, &t)
}

// requeue puts a changed transaction where its DueAt says.
func (ts *transactions) requeue(record uint32, t *sandbox.Transaction) {
	if t.DueAt.IsZero() {
		ts.due.remove(uint64(record))
		return
	}
	ts.due.put(uint64(record), t.DueAt)
}

// each gives those of the range to yield, newest first, until it returns false.
func (ts *transactions) each(r sandbox.TransactionRange, yield func(sandbox.Transaction) bool) {
	one := func(record uint32) bool {
		t := ts.read(record)
		if !r.From.IsZero() && t.CreatedAt.Before(r.From) || !r.To.IsZero() && !t.CreatedAt.Before(r.To) {
			return true
		}
		if r.OpenID != "" && t.OpenID != r.OpenID || r.Mchid != "" && t.Mchid != r.Mchid {
			return true
		}
		return yield(t)
	}
	if r.OpenID != "" {
		ts.payers.backward(r.OpenID, one)
		return
	}
	list := &ts.all
	if r.Mchid != "" {
		if list = ts.byMchid[r.Mchid]; list == nil {
			return
		}
	}
	list.backward(r, one)
}

func (s *Store) CreateTransaction(_ context.Context, t sandbox.Transaction) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	owner := s.tenant(t.App)
	if owner.transactions.taken(&t) {
		return sandbox.ErrExists
	}
	owner.transactions.add(&t)
	s.mark(owner)
	return nil
}

func (s *Store) transaction(app sandbox.AppCode, k key) (sandbox.Transaction, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, _, ok := s.read(app).transactions.find(k)
	if !ok {
		return sandbox.Transaction{}, sandbox.ErrNotFound
	}
	return t, nil
}

func (s *Store) TransactionBySyssn(_ context.Context, app sandbox.AppCode, n sandbox.Syssn) (sandbox.Transaction, error) {
	return s.transaction(app, syssnKey(n))
}

func (s *Store) TransactionByOutTradeNo(_ context.Context, app sandbox.AppCode, m sandbox.Mchid, n sandbox.OutTradeNo) (sandbox.Transaction, error) {
	return s.transaction(app, outTradeNoKey(m, n))
}

func (s *Store) TransactionByPrepayID(_ context.Context, app sandbox.AppCode, prepayID string) (sandbox.Transaction, error) {
	return s.transaction(app, prepayIDKey(prepayID))
}

func (s *Store) EachTransaction(_ context.Context, r sandbox.TransactionRange, yield func(sandbox.Transaction) bool) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	s.read(r.App).transactions.each(r, yield)
	return nil
}

func (s *Store) NextTransaction(_ context.Context, app sandbox.AppCode) (sandbox.Transaction, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	ts := &s.read(app).transactions
	record, ok := ts.due.first()
	if !ok {
		return sandbox.Transaction{}, sandbox.ErrNotFound
	}
	return ts.read(uint32(record)), nil
}

func (s *Store) ChangeTransactions(_ context.Context, app sandbox.AppCode, numbers []sandbox.Syssn, change func([]*sandbox.Transaction) (sandbox.Brought, error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	owner := s.read(app)
	was := make([]sandbox.Transaction, len(numbers))
	records := make([]uint32, len(numbers))
	handed := make([]*sandbox.Transaction, len(numbers))
	for i, n := range numbers {
		t, record, ok := owner.transactions.find(syssnKey(n))
		if !ok {
			return sandbox.ErrNotFound
		}
		was[i], records[i], handed[i] = t, record, cloneTransaction(t)
	}
	given := slices.Clone(handed) // change may put others into the slice
	brought, err := change(handed)
	if err != nil {
		return err
	}
	for i := range brought.Transactions {
		if t := &brought.Transactions[i]; s.read(t.App).transactions.taken(t) || clash(brought.Transactions[:i], t) {
			return sandbox.ErrExists
		}
	}
	for i, t := range given {
		owner.transactions.change(records[i], was[i], *t)
	}
	for i := range brought.Transactions {
		t := &brought.Transactions[i]
		s.tenant(t.App).transactions.add(t)
		s.mark(s.tenant(t.App))
	}
	for _, n := range brought.Notifications {
		s.notify(n)
	}
	if len(numbers) > 0 {
		s.mark(owner)
	}
	return nil
}

func cloneTransaction(t sandbox.Transaction) *sandbox.Transaction {
	if t.RealName != nil {
		name := *t.RealName
		t.RealName = &name
	}
	return &t
}

// clash reports whether one of several transactions takes a number of t's.
func clash(several []sandbox.Transaction, t *sandbox.Transaction) bool {
	return slices.ContainsFunc(several, func(other sandbox.Transaction) bool {
		return other.App == t.App && slices.ContainsFunc(keys(t), func(k key) bool { return k.of(&other) })
	})
}
