package clinic

import (
	"encoding"
	"hash/maphash"
	"slices"
)

// walk tries recipes on one request until one gives the signature that came.
type walk struct {
	q *request
	t target
	budget
	hashes
	// fitting are the kinds of digest that can look like what came; the first is the one other
	// mistakes are tried with.
	fitting []*digest
	// plain reports whether the first is the one QFPay expects.
	plain bool

	// now is the choice that is tried.
	now choice
	// Memory used again: a list, a text, a message, and a hash half made.
	made    list
	room    []byte
	message []byte
	state   []byte
	begun   *digest

	// usual are the choices of a text that made a difference and happen often. tried are the texts
	// there were, which are not tried again, and whether a choice that gives one is usual.
	usual      []usualText
	usualKeys  []usualKey
	usualJoins []choice
	seed       maphash.Seed
	tried      map[uint64]bool
	found      *recipe
}

// usualText is a choice of a text that happens often, and what it makes of the list it was tried on.
type usualText struct {
	choice
	made list
}

// usualKey is a wrong key that happens often, and its row.
type usualKey struct {
	keyTry
	id string
}

// recipe is what gives the signature that came.
type recipe struct {
	texts  [2]*choice
	key    keyTry
	keyID  string
	join   *choice
	digest *digest
	text   []byte
	// keyless: the key was not appended.
	keyless bool
}

func newWalk(q *request, sign string) *walk {
	w := &walk{q: q, t: aim(sign), seed: maphash.MakeSeed(), tried: map[uint64]bool{}}
	expected := int(q.SignType)
	if w.t.isHex && len(w.t.core) == digests[expected].length() {
		w.fitting, w.plain = append(w.fitting, &digests[expected]), true
	}
	for i := range digests {
		if (i != expected || !w.plain) && digests[i].mayBe(&w.t) {
			w.fitting = append(w.fitting, &digests[i])
		}
	}
	return w
}

// run reports whether a recipe was found. It tries one departure first, what happens often first;
// then the pairs of those that happen often.
func (w *walk) run() bool {
	if len(w.fitting) == 0 {
		return false
	}
	if !w.q.small() {
		return w.largeOnly()
	}
	bases := []list{w.q.base}
	if len(w.q.full) != len(w.q.base) {
		bases = append(bases, w.q.full)
	}
	for _, base := range bases {
		if w.base(base) {
			return true
		}
	}
	for _, base := range bases {
		if w.texts(base) {
			return true
		}
	}
	for _, base := range bases {
		if w.pairsOfBase(base) || w.pairsOfTexts(base) {
			return true
		}
	}
	return false
}

// largeOnly tries what needs no list of the parameters.
func (w *walk) largeOnly() bool {
	w.exhausted = true
	return w.alone([]byte(w.q.Params.Canonical()))
}

func (w *walk) base(l list) bool {
	w.room = l.join(w.room[:0])
	w.tried[maphash.Bytes(w.seed, w.room)] = true
	return w.alone(w.room)
}

// alone tries QFPay's string, or another, with every digest, every key and every way to join them.
func (w *walk) alone(text []byte) bool {
	w.usualKeys, w.usualJoins = w.usualKeys[:0], w.usualJoins[:0]
	if !w.begin(w.fitting[0], text) {
		return false
	}
	found := w.try(&recipe{digest: w.fitting[0], text: text, key: w.right()}) || w.keys(text) || w.joins(text)
	w.end()
	for _, d := range w.fitting[1:] {
		found = found || w.try(&recipe{digest: d, text: text, key: w.right()})
	}
	return found
}

// right is the App's own key.
func (w *walk) right() keyTry { return keyTry{key: w.q.key, shown: keyMask} }

// keys tries a text with every wrong key.
func (w *walk) keys(text []byte) bool {
	r := recipe{digest: w.fitting[0], text: text}
	for i := range keys {
		keys[i].each(w.q, func(k keyTry) bool {
			if k.common {
				w.usualKeys = append(w.usualKeys, usualKey{k, keys[i].id})
			}
			r.key, r.keyID = k, keys[i].id
			return !w.try(&r) && !w.spent
		})
		if w.found != nil || w.spent {
			break
		}
	}
	return w.found != nil
}

// joins tries a text with every wrong way to join it with the key.
func (w *walk) joins(text []byte) bool {
	r := recipe{digest: w.fitting[0], text: text, key: w.right(), join: &w.now}
	for i := range joins {
		on := joins[i].variants(w.q, func(c choice) bool {
			if c.common && !c.arg.rare {
				w.usualJoins = append(w.usualJoins, c)
			}
			w.now = c
			return !w.try(&r) && !w.spent
		})
		if !on {
			break
		}
	}
	return w.found != nil
}

// texts tries every other text with the right key.
func (w *walk) texts(base list) bool {
	textRows(func(r *row) bool {
		return r.variants(w.q, func(c choice) bool {
			text, ok := w.make(base, &c)
			if !ok {
				return false
			}
			hash := maphash.Bytes(w.seed, text)
			usual, tried := w.tried[hash]
			tried = tried && !c.keyless()
			if c.common && !c.arg.rare && (!usual || c.dim == ofString) {
				usual = true
				w.usual = append(w.usual, usualText{choice: c})
			}
			w.tried[hash] = usual
			w.now = c
			return tried || !w.try(&recipe{texts: [2]*choice{&w.now}, digest: w.fitting[0], text: text, key: w.right(), keyless: c.keyless()})
		})
	})
	return w.found != nil
}

func (c *choice) keyless() bool { return c.row.id == KeySorted && c.arg.i == withoutKey }

// make writes the text that a choice makes of a list. False: the budget is used up.
func (w *walk) make(l list, c *choice) ([]byte, bool) {
	if !w.spend(len(l) * itemCost) {
		return nil, false
	}
	if c.text != nil {
		w.room = c.text(w.q, w.room[:0], l, c.arg)
	} else {
		w.made = c.list(w.q, w.made[:0], l, c.arg)
		w.room = w.made.join(w.room[:0])
	}
	return w.room, w.spend(len(w.room))
}

// begin hashes a text, for many keys to be tried behind it.
func (w *walk) begin(d *digest, text []byte) bool {
	w.state, w.begun = w.state[:0], d
	if d.keyed != plainly {
		return true
	}
	h := w.of(d.alg)
	h.Write(text)
	if kept, ok := h.(encoding.BinaryAppender); ok {
		if state, err := kept.AppendBinary(w.state); err == nil {
			w.state = state
		}
	}
	return w.spend(len(text))
}

// end forgets the text that begin hashed.
func (w *walk) end() { w.state = w.state[:0] }

// try makes one signature and compares it with what came.
func (w *walk) try(r *recipe) bool {
	w.digests++
	key := r.key.key
	if r.keyless {
		key = ""
	}
	var made []byte
	switch {
	case len(w.state) > 0 && r.digest == w.begun && (r.join == nil || r.join.row == keyBehind):
		if !w.spend(digestCost + len(key)) {
			return false
		}
		h := w.of(r.digest.alg)
		if h.(encoding.BinaryUnmarshaler).UnmarshalBinary(w.state) != nil {
			return false
		}
		if r.join == nil {
			w.message = append(w.message[:0], key...)
		} else {
			w.message = r.join.join(w.message[:0], nil, key, r.join.arg)
		}
		h.Write(w.message)
		made = w.second(r.digest, h.Sum(w.hashes.room[:0]))
	default:
		if !w.spend(digestCost + len(r.text) + len(key)) {
			return false
		}
		if r.join == nil {
			w.message = append(append(w.message[:0], r.text...), key...)
		} else {
			w.message = r.join.join(w.message[:0], r.text, key, r.join.arg)
		}
		made = w.sum(r.digest, w.message, r.text, key)
	}
	if !w.t.matches(r.digest, made) {
		return false
	}
	found := *r
	found.text = slices.Clone(r.text)
	w.found = &found
	return true
}
