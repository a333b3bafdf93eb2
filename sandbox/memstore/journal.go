package memstore

import (
	"context"
	"sort"
	"sync"

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
	ring    []entry // as long as it had to be so far
	first   int     // where the oldest is
	kept    int
	bytes   int
	dropped uint64
	grown   chan struct{} // closed at the next exchange; nil while nobody waits
	// chunk is where exchanges whose own view this is are packed one behind the other: the garbage
	// collector sees a few large pieces.
	chunk []byte
}

// entry is an exchange of the journal. Both stretches it stands in share what is packed.
type entry struct {
	seq    uint64
	packed []byte // never changed, so that it is read without the lock
	size   int    // what the bounds in bytes count
}

// app reads whose exchange it is, which a field of its own would cost the collector a pointer of each.
func (e *entry) app() sandbox.AppCode { return unpackApp(e.packed) }

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

// at gives the i-th entry, from the oldest.
func (s *stretch) at(i int) *entry { return &s.ring[(s.first+i)%len(s.ring)] }

// add makes room first; an exchange larger than all the room there is stays, alone.
func (s *stretch) add(e entry, most, mostBytes int) {
	for s.kept > 0 && (s.kept == most || s.bytes+e.size > mostBytes) {
		s.bytes -= s.at(0).size
		*s.at(0) = entry{}
		s.first = (s.first + 1) % len(s.ring)
		s.kept--
		s.dropped++
	}
	if s.kept == len(s.ring) {
		s.grow(min(max(2*s.kept, 4), most))
	}
	s.kept++
	*s.at(s.kept - 1) = e
	s.bytes += e.size
	if s.grown != nil {
		close(s.grown)
		s.grown = nil
	}
}

func (s *stretch) grow(to int) {
	ring := make([]entry, to)
	for i := range s.kept {
		ring[i] = *s.at(i)
	}
	s.ring, s.first = ring, 0
}

// hold copies what is packed to where it stays. A new chunk is a share of what there is already, so that
// little is wasted, and little kept by an exchange that is not dropped yet.
func (s *stretch) hold(packed []byte) []byte {
	at := len(s.chunk)
	if cap(s.chunk)-at < len(packed) {
		s.chunk, at = make([]byte, 0, max(len(packed), min(s.bytes/8, mostSize))), 0
	}
	s.chunk = append(s.chunk, packed...)
	return s.chunk[at:len(s.chunk):len(s.chunk)]
}

// forget drops an App's exchanges, or everybody's, counts them, and is not counted in Dropped.
func (j *journal) forget(app sandbox.AppCode) int {
	view := j.read(app)
	n := view.kept
	if app == "" {
		j.all.keep(nil)
		for _, s := range j.byApp {
			s.keep(nil)
		}
		return n
	}
	if s := j.byApp[app]; s != nil {
		s.keep(nil)
	}
	var others []entry
	for i := range j.all.kept {
		if e := j.all.at(i); e.app() != app {
			others = append(others, *e)
		}
	}
	dropped := j.all.dropped
	j.all.keep(others)
	j.all.dropped = dropped
	return n
}

// keep leaves only these entries; who waits for the next goes on waiting.
func (s *stretch) keep(entries []entry) {
	*s = stretch{ring: entries, kept: len(entries), grown: s.grown}
	for _, e := range entries {
		s.bytes += e.size
	}
}

// packingRoom lends the room an exchange is packed in before its length is known.
var packingRoom = sync.Pool{New: func() any { return new([]byte) }}

func (s *Store) AppendExchange(_ context.Context, e sandbox.Exchange) (uint64, error) {
	room := packingRoom.Get().(*[]byte)
	packed, size := packExchange((*room)[:0], &e)
	*room = packed
	defer packingRoom.Put(room)
	s.mu.Lock()
	defer s.mu.Unlock()
	j := &s.journal
	j.last++
	own := j.of(e.App)
	kept := entry{seq: j.last, packed: own.hold(packed), size: size}
	j.all.add(kept, JournalInAll, JournalBytesInAll)
	if own != &j.all {
		own.add(kept, JournalPerApp, JournalBytesPerApp)
	}
	return j.last, nil
}

func (s *Store) Journal(_ context.Context, app sandbox.AppCode, since uint64, limit int) (sandbox.JournalPage, error) {
	page, entries := s.entries(app, since, limit)
	return unpackPage(page, entries), nil
}

func (s *Store) JournalBefore(_ context.Context, app sandbox.AppCode, before uint64, limit int) (sandbox.JournalPage, error) {
	page, entries := s.entriesBefore(app, before, limit)
	return unpackPage(page, entries), nil
}

// unpackPage is done without the lock: nobody waits for it.
func unpackPage(page sandbox.JournalPage, entries []entry) sandbox.JournalPage {
	for _, e := range entries {
		page.Exchanges = append(page.Exchanges, unpackExchange(e.seq, string(e.packed)))
	}
	return page
}

// page is one without its exchanges.
func (j *journal) page(st *stretch) sandbox.JournalPage {
	page := sandbox.JournalPage{Mark: j.last, Dropped: st.dropped}
	if st.kept > 0 {
		page.Oldest = st.at(0).seq
	}
	return page
}

// entries gives a page without its exchanges, and what they are unpacked from.
func (s *Store) entries(app sandbox.AppCode, since uint64, limit int) (sandbox.JournalPage, []entry) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	st := s.journal.read(app)
	from := st.above(since)
	to := min(st.kept, from+limit)
	page := s.journal.page(&st)
	entries := make([]entry, 0, to-from)
	for i := from; i < to; i++ {
		entries = append(entries, *st.at(i))
	}
	if to < st.kept {
		page.Mark = since
		if to > from {
			page.Mark = st.at(to - 1).seq
		}
	}
	return page, entries
}

// entriesBefore is entries from the other end.
func (s *Store) entriesBefore(app sandbox.AppCode, before uint64, limit int) (sandbox.JournalPage, []entry) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	st := s.journal.read(app)
	to := st.kept
	if before > 0 {
		to = st.above(before - 1)
	}
	from := max(0, to-limit)
	entries := make([]entry, 0, to-from)
	for i := to - 1; i >= from; i-- {
		entries = append(entries, *st.at(i))
	}
	return s.journal.page(&st), entries
}

// above gives the place of the first entry above a number; kept when there is none.
func (s *stretch) above(seq uint64) int {
	return sort.Search(s.kept, func(i int) bool { return s.at(i).seq > seq })
}

func (s *Store) WaitJournal(ctx context.Context, app sandbox.AppCode, since uint64) error {
	for {
		s.mu.Lock()
		st := s.journal.of(app)
		if st.kept > 0 && st.at(st.kept-1).seq > since {
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
