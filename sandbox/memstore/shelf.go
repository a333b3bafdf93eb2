package memstore

import (
	"hash/maphash"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// shelf keeps one App's values by their words in the order they came, the newest sandbox.MaxCodes of
// them, packed: every payment leaves a code behind for an hour.
type shelf[V any] struct {
	app sandbox.AppCode
	how *packed[V]
	// places finds a record by the hash of its words; of two with one hash the second stands at the
	// next hash free.
	seed    maphash.Seed
	blunt   uint64 // bits the hash lacks, none but in a test
	places  map[uint64]uint32
	records records
	// arrivals has the number a record's value came as, 0 for a record that is free.
	arrivals []uint64
	free     []uint32
	// order has an entry for each value kept, and stale ones of those taken down since.
	order []arrival
	last  uint64
}

// packed says how a kind of value is told apart and packed.
type packed[V any] struct {
	words func(*V) string
	pack  func(*packing, *V)
	// owner is where a value names its App, which is not packed.
	owner func(*V) *sandbox.AppCode
	// spare is the room a value gets for what is still to come.
	spare int
}

// arrival is stale when its record holds a value that came as another number.
type arrival struct {
	number uint64
	record uint32
}

// takenSpare is the room for the time at which a code is taken.
const takenSpare = 16

// callerSpare is the room for the name of a usual HTTP library, as the caller who took a code gives it.
const callerSpare = 32

var (
	oauthCodes = packed[sandbox.OAuthCode]{
		words: func(c *sandbox.OAuthCode) string { return c.Code },
		owner: func(c *sandbox.OAuthCode) *sandbox.AppCode { return &c.App },
		pack: func(p *packing, c *sandbox.OAuthCode) {
			p.text(&c.Code)
			p.text(&c.AppID)
			p.text(&c.Scope)
			p.truth(&c.Snapshot)
			p.text((*string)(&c.Payer))
			p.text((*string)(&c.OpenID))
			p.instant(&c.IssuedAt)
			p.instant(&c.ExpiresAt)
			p.instant(&c.TakenAt)
			p.text(&c.TakenBy)
		},
		spare: takenSpare + callerSpare,
	}
	authCodes = packed[sandbox.AuthCode]{
		words: func(c *sandbox.AuthCode) string { return c.Code },
		owner: func(c *sandbox.AuthCode) *sandbox.AppCode { return &c.App },
		pack: func(p *packing, c *sandbox.AuthCode) {
			p.text(&c.Code)
			p.text((*string)(&c.Payer))
			p.instant(&c.IssuedAt)
			p.instant(&c.ExpiresAt)
			p.instant(&c.TakenAt)
		},
		spare: takenSpare,
	}
	grants = packed[sandbox.Grant]{
		words: func(g *sandbox.Grant) string { return string(g.OpenID) },
		owner: func(g *sandbox.Grant) *sandbox.AppCode { return &g.App },
		pack: func(p *packing, g *sandbox.Grant) {
			p.text((*string)(&g.OpenID))
			p.instant(&g.At)
			p.text(&g.By)
		},
	}
)

func newShelf[V any](app sandbox.AppCode, seed maphash.Seed, how *packed[V]) shelf[V] {
	return shelf[V]{app: app, seed: seed, how: how}
}

func (s *shelf[V]) len() int { return len(s.places) }

func (s *shelf[V]) hash(words string) uint64 { return maphash.String(s.seed, words) &^ s.blunt }

func (s *shelf[V]) read(record uint32) V {
	p := packing{in: s.records.read(record), reading: true}
	var v V
	s.how.pack(&p, &v)
	*s.how.owner(&v) = s.app
	return v
}

// find gives the value of these words, its record, and the hash it stands at.
func (s *shelf[V]) find(words string) (v V, record uint32, at uint64, ok bool) {
	if len(s.places) == 0 {
		return v, 0, 0, false
	}
	for at = s.hash(words); ; at++ {
		if record, ok = s.places[at]; !ok {
			return v, 0, 0, false
		}
		if other := s.read(record); s.how.words(&other) == words {
			return other, record, at, true
		}
	}
}

func (s *shelf[V]) get(words string) (V, bool) {
	v, _, _, ok := s.find(words)
	return v, ok
}

// put adds a value, or replaces one without changing its place.
func (s *shelf[V]) put(v V) {
	words := s.how.words(&v)
	_, record, _, replaced := s.find(words)
	if !replaced && len(s.places) >= sandbox.MaxCodes {
		s.dropOldest(func(V) bool { return true }, 1)
	}
	room := packingRoom.Get().(*[]byte)
	p := packing{out: (*room)[:0]}
	s.how.pack(&p, &v)
	switch {
	case replaced:
		s.records.write(record, p.out)
	case len(s.free) > 0:
		record = s.free[len(s.free)-1]
		s.free = s.free[:len(s.free)-1]
		s.records.write(record, p.out)
	default:
		record = s.records.add(p.out, s.how.spare)
		s.arrivals = append(s.arrivals, 0)
	}
	*room = p.out
	packingRoom.Put(room)
	if replaced {
		return
	}
	s.last++
	s.arrivals[record] = s.last
	s.order = append(s.order, arrival{s.last, record})
	s.place(words, record)
}

func (s *shelf[V]) place(words string, record uint32) {
	if s.places == nil {
		s.places = make(map[uint64]uint32)
	}
	for at := s.hash(words); ; at++ {
		if _, taken := s.places[at]; !taken {
			s.places[at] = record
			return
		}
	}
}

// remove reports whether there was a value of these words.
func (s *shelf[V]) remove(words string) bool {
	_, record, at, ok := s.find(words)
	if !ok {
		return false
	}
	s.drop(record, at)
	if len(s.order) < 2*len(s.places)+16 {
		return true
	}
	fresh := make([]arrival, 0, len(s.places))
	for _, a := range s.order {
		if s.fresh(a) {
			fresh = append(fresh, a)
		}
	}
	s.order = fresh
	return true
}

// drop frees a record. Those that stand behind it for want of their own hash move up.
func (s *shelf[V]) drop(record uint32, at uint64) {
	s.arrivals[record] = 0
	s.free = append(s.free, record)
	delete(s.places, at)
	for at++; ; at++ {
		behind, ok := s.places[at]
		if !ok {
			return
		}
		delete(s.places, at)
		v := s.read(behind)
		s.place(s.how.words(&v), behind)
	}
}

func (s *shelf[V]) fresh(a arrival) bool { return s.arrivals[a.record] == a.number }

// dropOldest forgets the oldest values, at most so many, up to the first that may not go.
func (s *shelf[V]) dropOldest(mayGo func(V) bool, most int) {
	for len(s.order) > 0 && most > 0 {
		if a := s.order[0]; s.fresh(a) {
			v := s.read(a.record)
			if !mayGo(v) {
				return
			}
			_, record, at, _ := s.find(s.how.words(&v))
			s.drop(record, at)
			most--
		}
		s.order = s.order[1:]
	}
}

// all gives the values in the order they came.
func (s *shelf[V]) all() []V {
	list := make([]V, 0, len(s.places))
	for _, a := range s.order {
		if s.fresh(a) {
			list = append(list, s.read(a.record))
		}
	}
	return list
}
