package memstore

import (
	"bytes"
	"context"
	"net/http"
	"net/textproto"
	"slices"
	"sort"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// How many exchanges are kept, and how many bytes of addresses, headers and bodies; the oldest are
// dropped, and counted.
const (
	JournalPerApp      = 5_000
	JournalInAll       = 20_000
	JournalBytesPerApp = 32 << 20
	JournalBytesInAll  = 128 << 20
)

type journal struct {
	last  uint64
	all   stretch
	byApp map[sandbox.AppCode]*stretch
}

// stretch is one reader's view: everybody's exchanges, or one App's.
type stretch struct {
	exchanges []sandbox.Exchange // a window of the slice it once was; oldest first
	bytes     int
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

// read is of for those who change nothing: asking for an App nobody heard of leaves nothing behind.
func (j *journal) read(app sandbox.AppCode) stretch {
	switch s := j.byApp[app]; {
	case app == "":
		return j.all
	case s == nil:
		return stretch{}
	default:
		return *s
	}
}

// add makes room first; an exchange larger than all the room there is stays, alone.
func (s *stretch) add(e sandbox.Exchange, most, mostBytes int) {
	size := sizeOf(e)
	for len(s.exchanges) > 0 && (len(s.exchanges) == most || s.bytes+size > mostBytes) {
		s.bytes -= sizeOf(s.exchanges[0])
		s.exchanges[0] = sandbox.Exchange{}
		s.exchanges = s.exchanges[1:]
		s.dropped++
	}
	s.exchanges = append(s.exchanges, e)
	s.bytes += size
	if s.grown != nil {
		close(s.grown)
		s.grown = nil
	}
}

func sizeOf(e sandbox.Exchange) int {
	size := len(e.URL) + len(e.RequestBody) + len(e.AnswerBody)
	for _, h := range []textproto.MIMEHeader{e.RequestHeader, e.AnswerHeader} {
		for name, values := range h {
			for _, v := range values {
				size += len(name) + len(v)
			}
		}
	}
	for _, f := range e.Findings {
		size += len(f.Detail)
	}
	return size
}

func cloneExchange(e sandbox.Exchange) sandbox.Exchange {
	e.RequestHeader, e.AnswerHeader = cloneHeader(e.RequestHeader), cloneHeader(e.AnswerHeader)
	e.RequestBody, e.AnswerBody = bytes.Clone(e.RequestBody), bytes.Clone(e.AnswerBody)
	e.Findings = slices.Clone(e.Findings)
	return e
}

func cloneHeader(h textproto.MIMEHeader) textproto.MIMEHeader {
	return textproto.MIMEHeader(http.Header(h).Clone())
}

func (s *Store) AppendExchange(_ context.Context, e sandbox.Exchange) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	j := &s.journal
	j.last++
	e = cloneExchange(e)
	e.Seq = j.last
	j.all.add(e, JournalInAll, JournalBytesInAll)
	if e.App != "" {
		j.of(e.App).add(e, JournalPerApp, JournalBytesPerApp)
	}
	return nil
}

func (s *Store) Journal(_ context.Context, app sandbox.AppCode, since uint64, limit int) (sandbox.JournalPage, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	st := s.journal.read(app)
	from := sort.Search(len(st.exchanges), func(i int) bool { return st.exchanges[i].Seq > since })
	to := min(len(st.exchanges), from+limit)
	page := sandbox.JournalPage{Mark: s.journal.last, Dropped: st.dropped}
	for _, e := range st.exchanges[from:to] {
		page.Exchanges = append(page.Exchanges, cloneExchange(e))
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
