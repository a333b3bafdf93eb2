package memstore

import (
	"context"
	"sort"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// How many exchanges are kept; older ones are dropped and counted.
const (
	JournalPerApp = 5_000
	JournalInAll  = 20_000
)

type journal struct {
	last  uint64
	all   stretch
	byApp map[sandbox.AppCode]*stretch
}

// stretch is one reader's view: everybody's exchanges, or one App's.
type stretch struct {
	exchanges []sandbox.Exchange // a window of the slice it once was; oldest first
	dropped   uint64
	grown     chan struct{} // closed at the next exchange; nil while nobody waits
}

func newJournal() journal { return journal{byApp: make(map[sandbox.AppCode]*stretch)} }

func (j *journal) of(app sandbox.AppCode) *stretch {
	if app == "" {
		return &j.all
	}
	s := j.byApp[app]
	if s == nil {
		s = &stretch{}
		j.byApp[app] = s
	}
	return s
}

func (s *stretch) add(e sandbox.Exchange, most int) {
	if len(s.exchanges) == most {
		s.exchanges[0] = sandbox.Exchange{}
		s.exchanges = s.exchanges[1:]
		s.dropped++
	}
	s.exchanges = append(s.exchanges, e)
	if s.grown != nil {
		close(s.grown)
		s.grown = nil
	}
}

func (s *Store) AppendExchange(_ context.Context, e sandbox.Exchange) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	j := &s.journal
	j.last++
	e.Seq = j.last
	j.all.add(e, JournalInAll)
	if e.App != "" {
		j.of(e.App).add(e, JournalPerApp)
	}
	return nil
}

func (s *Store) Journal(_ context.Context, app sandbox.AppCode, since uint64, limit int) (sandbox.JournalPage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.journal.of(app)
	from := sort.Search(len(st.exchanges), func(i int) bool { return st.exchanges[i].Seq > since })
	to := min(len(st.exchanges), from+limit)
	page := sandbox.JournalPage{
		Exchanges: append([]sandbox.Exchange(nil), st.exchanges[from:to]...),
		Mark:      s.journal.last,
		Dropped:   st.dropped,
	}
	if to < len(st.exchanges) {
		page.Mark = since
		if to > from {
			page.Mark = st.exchanges[to-1].Seq
		}
	}
	return page, nil
}

func (s *Store) WaitJournal(ctx context.Context, app sandbox.AppCode, since uint64) error {
	for {
		s.mu.Lock()
		st := s.journal.of(app)
		if n := len(st.exchanges); n > 0 && st.exchanges[n-1].Seq > since {
			s.mu.Unlock()
			return nil
		}
		if st.grown == nil {
			st.grown = make(chan struct{})
		}
		grown := st.grown
		s.mu.Unlock()
		select {
		case <-grown:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
