package clinic

// mostOthersInPairs bounds the Apps whose keys are tried together with another mistake.
const mostOthersInPairs = 128

// pairsOfBase tries QFPay's string with two of: a wrong key, a wrong way to join, a wrong digest.
func (w *walk) pairsOfBase(l list) bool {
	w.room = l.join(w.room[:0])
	r := recipe{digest: w.fitting[0], text: w.room}
	if !w.begin(r.digest, r.text) {
		return false
	}
	for _, k := range w.usualKeys {
		r.key, r.keyID = k.keyTry, k.id
		if w.withJoins(r) {
			return true
		}
	}
	if w.othersWithJoins(r) {
		return true
	}
	for _, d := range w.rest() {
		r := recipe{digest: d, text: w.room, key: w.right()}
		if w.begin(d, r.text) && (w.withKeys(r) || w.withJoins(r)) {
			return true
		}
	}
	w.end()
	return false
}

// withKeys tries a recipe with the wrong keys that happen often.
func (w *walk) withKeys(r recipe) bool {
	for i := range w.usualKeys {
		r.key, r.keyID = w.usualKeys[i].keyTry, w.usualKeys[i].id
		if w.try(&r) {
			return true
		}
	}
	return false
}

// withJoins tries a recipe with the wrong ways to join that happen often.
func (w *walk) withJoins(r recipe) bool {
	for i := range w.usualJoins {
		r.join = &w.usualJoins[i]
		if w.try(&r) {
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

// othersWith tries a recipe with other Apps' keys.
func (w *walk) othersWith(r recipe) bool {
	if len(w.q.Others) > mostOthersInPairs {
		w.exhausted = true
		return false
	}
	r.keyID = KeyOfAnotherApp
	for i := range w.q.Others {
		a := &w.q.Others[i]
		if a.Code == w.q.App.Code {
			continue
		}
		r.key = keyTry{key: a.ClientKey, app: string(a.Code)}
		if w.try(&r) {
			return true
		}
	}
	return false
}

// othersWithJoins tries other Apps' keys with the commonest wrong ways to join.
func (w *walk) othersWithJoins(r recipe) bool {
	for _, separator := range [...]string{"&key=", "&"} {
		r.join = &choice{row: keyBehind, arg: arg{s: separator}}
		if w.othersWith(r) {
			return true
		}
	}
	return false
}

// pairsOfTexts tries the texts that happen often with wrong keys, ways to join and digests, and
// then with each other.
func (w *walk) pairsOfTexts(base list) bool {
	rest := w.rest()
	for i := range w.usual {
		c := &w.usual[i]
		text, ok := w.make(base, &c.choice)
		if !ok {
			return false
		}
		if c.list != nil {
			c.made = append(c.made[:0], w.made...)
		}
		r := recipe{texts: [2]*choice{&c.choice}, digest: w.fitting[0], text: text, key: w.right(), keyless: c.keyless()}
		if !w.begin(r.digest, text) {
			return false
		}
		if w.withKeys(r) || w.withJoins(r) || c.oftenest() && w.othersWith(r) {
			return true
		}
		w.end()
		for _, d := range rest {
			r.digest = d
			if w.try(&r) {
				return true
			}
		}
	}
	r := recipe{digest: w.fitting[0], key: w.right()}
	for i := range w.usual {
		a := &w.usual[i]
		for j := range w.usual {
			b := &w.usual[j]
			if !a.dim.pairs(b.dim) {
				continue
			}
			text, ok := w.make(a.made, &b.choice)
			if !ok {
				return false
			}
			r.texts, r.text = [2]*choice{&a.choice, &b.choice}, text
			if w.try(&r) {
				return true
			}
		}
	}
	return false
}

// oftenest are the mistakes tried with other Apps' keys.
func (c *choice) oftenest() bool {
	return c.row.id == NotSorted || c.row.id == Encoded && c.arg.i < 2
}
