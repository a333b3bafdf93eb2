package clinic

// mostOthersInPairs bounds the Apps whose keys are tried together with another mistake.
const mostOthersInPairs = 128

// pairsOfBase tries QFPay's string with two of: a wrong key, a wrong way to join, a wrong digest.
func (w *walk) pairsOfBase(l list) bool {
	w.room = l.join(w.room[:0])
	text, first := w.room, w.fitting[0]
	for _, k := range w.usualKeys {
		if w.withJoins(recipe{}.with(first, text).keyed(k.keyTry, k.id)) {
			return true
		}
	}
	for _, d := range w.rest() {
		r := recipe{}.with(d, text).keyed(w.right(), "")
		if w.withKeys(text, r) || w.withJoins(r) {
			return true
		}
	}
	return w.othersWith(text, recipe{})
}

// withKeys tries a recipe with the wrong keys that happen often.
func (w *walk) withKeys(text []byte, r recipe) bool {
	if !w.begin(r.digest, text) {
		return false
	}
	defer w.end()
	for _, k := range w.usualKeys {
		if w.try(r.keyed(k.keyTry, k.id)) {
			return true
		}
	}
	return false
}

// withJoins tries a recipe with the wrong ways to join that happen often.
func (w *walk) withJoins(r recipe) bool {
	for i := range w.usualJoins {
		r.join = &w.usualJoins[i]
		if w.try(r) {
			return true
		}
	}
	return false
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
	separators := [...]choice{{row: &joins[0], arg: arg{s: "&key="}}, {row: &joins[0], arg: arg{s: "&"}}}
	for i := range w.q.Others {
		a := &w.q.Others[i]
		if a.Code == w.q.App.Code {
			continue
		}
		r := with.with(w.fitting[0], text).keyed(keyTry{key: a.ClientKey, app: string(a.Code)}, KeyOfAnotherApp)
		for i := range separators {
			r.join = &separators[i]
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
	for i := range w.usual {
		c := &w.usual[i]
		text, ok := w.make(base, c.choice)
		if !ok {
			return false
		}
		if c.list != nil {
			c.made = append(c.made[:0], w.made...)
		}
		with := recipe{texts: []choice{c.choice}, keyless: c.keyless()}.with(w.fitting[0], text).keyed(w.right(), "")
		if w.withKeys(text, with) || w.withJoins(with) || c.oftenest() && w.otherKeys(text, with) {
			return true
		}
		for _, d := range w.rest() {
			if w.try(with.with(d, text)) {
				return true
			}
		}
	}
	for i := range w.usual {
		a := &w.usual[i]
		for j := range w.usual {
			b := &w.usual[j]
			if a.dim >= b.dim {
				continue
			}
			text, ok := w.make(a.made, b.choice)
			if !ok || w.try(recipe{texts: []choice{a.choice, b.choice}, digest: w.fitting[0], text: text, key: w.right()}) {
				return ok
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
	defer w.end()
	for i := range w.q.Others {
		a := &w.q.Others[i]
		if a.Code != w.q.App.Code && w.try(with.with(w.fitting[0], text).keyed(keyTry{key: a.ClientKey, app: string(a.Code)}, KeyOfAnotherApp)) {
			return true
		}
	}
	return false
}
