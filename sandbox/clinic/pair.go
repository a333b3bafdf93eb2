package clinic

// mostOthersInPairs bounds the Apps whose keys are tried together with another mistake.
const mostOthersInPairs = 128

// pairsOfBase tries QFPay's string with two of: a wrong key, a wrong way to join, a wrong digest.
func (w *walk) pairsOfBase(l list) bool {
	w.room = l.join(w.room[:0])
	return w.twoOf(w.room, recipe{})
}

// twoOf tries a text with pairs of a wrong key, a wrong way to join, and a wrong digest.
func (w *walk) twoOf(text []byte, with recipe) bool {
	for i := range keys {
		keys[i].each(w.q, func(k keyTry) bool {
			return !k.common || !w.joins(text, with.keyed(&k, keys[i].id), true) && !w.exhausted
		})
		if w.found != nil || w.exhausted {
			return w.found != nil
		}
	}
	for _, d := range w.rest() {
		first := w.fitting[0]
		w.fitting[0] = d
		found := w.keys(text, with, true) || w.joins(text, with, true)
		w.fitting[0] = first
		if found || w.exhausted {
			return found
		}
	}
	return w.othersWith(text, with)
}

// rest are the digests, but for the one everything is tried with, that are common.
func (w *walk) rest() (list []*digest) {
	for _, d := range w.fitting[1:] {
		if d.common {
			list = append(list, d)
		}
	}
	return list
}

// othersWith tries other Apps' keys with the commonest ways to join.
func (w *walk) othersWith(text []byte, with recipe) bool {
	if len(w.q.Others) > mostOthersInPairs {
		w.exhausted = true
		return false
	}
	for i := range w.q.Others {
		a := &w.q.Others[i]
		if a.Code == w.q.App.Code {
			continue
		}
		k := &keyTry{key: a.ClientKey, app: string(a.Code)}
		for _, separator := range [...]string{"&key=", "&"} {
			r := with.with(w.fitting[0], text).keyed(k, KeyOfAnotherApp)
			r.join = &choice{row: &joins[0], arg: arg{s: separator}}
			if w.try(r) {
				return true
			}
		}
	}
	return false
}

// pairsOfTexts tries the texts that happen often with wrong keys, ways to join and digests, and
// then with each other.
func (w *walk) pairsOfTexts(base list) bool {
	for _, c := range w.usual {
		text, ok := w.make(base, c)
		if !ok {
			return false
		}
		with := recipe{texts: []choice{c}, keyless: c.keyless()}
		if w.keys(text, with, true) || w.joins(text, with, true) || c.oftenest() && w.otherKeys(text, with) {
			return true
		}
		for _, d := range w.rest() {
			r := with.with(d, text)
			r.key = w.right()
			if w.try(r) {
				return true
			}
		}
	}
	for i, a := range w.usual {
		for _, b := range w.usual[:i] {
			if !a.dim.pairs(b.dim) {
				continue
			}
			both := []choice{b, a}
			if a.dim < b.dim {
				both = []choice{a, b}
			}
			text, ok := w.make(base, both...)
			if !ok {
				return false
			}
			if w.try(recipe{texts: both, digest: w.fitting[0], text: text, key: w.right()}) {
				return true
			}
		}
	}
	return false
}

// oftenest are the mistakes tried with other Apps' keys.
func (c choice) oftenest() bool {
	return c.row.id == NotSorted || c.row.id == Encoded && c.arg.i < 2
}

// otherKeys tries a text with other Apps' keys.
func (w *walk) otherKeys(text []byte, with recipe) bool {
	if len(w.q.Others) > mostOthersInPairs {
		w.exhausted = true
		return false
	}
	if !w.begin(w.fitting[0], text) {
		return false
	}
	defer func() { w.state = w.state[:0] }()
	for i := range w.q.Others {
		a := &w.q.Others[i]
		if a.Code != w.q.App.Code && w.try(with.with(w.fitting[0], text).keyed(&keyTry{key: a.ClientKey, app: string(a.Code)}, KeyOfAnotherApp)) {
			return true
		}
	}
	return false
}
