package clinic

import (
	"slices"
	"strings"
)

// cutAddresses is RawSeparator for the redirect_uri of a browser's call, before anything else: where a
// tail of it became parameters, they often look like ones that were not sorted.
var cutAddresses = []row{
	{id: RawSeparator, dim: ofParams, common: true, each: func(q *request, yield func(arg) bool) {
		if q.browser {
			splitValues(q, func(a arg) bool { return a.s != "redirect_uri" || a.rare || yield(a) })
		}
	}, list: (*request).mended, detail: splitDetail},
}

func splitDetail(_ *request, a arg) string {
	return "the value of " + quoted(a.s) + " was signed whole, but went on its way unencoded and was split at a character in it; " + quoted(a.t) + " was cut off"
}

// splitValues gives the places where an unencoded separator may have split a value: what follows
// in the same part of the request may be its tail. s is the parameter's name, t the tail, i the
// number of segments of the tail with those of the body negative.
func splitValues(q *request, yield func(arg) bool) {
	if q.URL != nil && q.URL.Fragment != "" && len(q.query) > 0 {
		s := q.query[len(q.query)-1]
		if !yield(arg{s: s.Name, t: "#" + q.URL.Fragment}) {
			return
		}
	}
	for _, sent := range [...][]segment{q.query, q.body} {
		for i := 0; i+1 < len(sent); i++ {
			tail, rare := "", false
			for n := 1; n <= mostTails && i+n < len(sent); n++ {
				next := sent[i+n]
				tail += "&" + next.text()
				// A tail that begins like another parameter of QFPay's is seldom one.
				rare = rare || slices.Contains(knownNames[:], next.Name)
				if !yield(arg{i: n, s: sent[i].Name, t: tail, rare: rare}) {
					return
				}
			}
		}
	}
}

// mostTails bounds into how many pieces a value is taken to be split, besides the first.
const mostTails = 4

// text is the segment decoded.
func (s segment) text() string {
	if !s.equals {
		return s.Name
	}
	return s.Name + "=" + s.Value
}

// mended puts a tail back to its value, and takes the parameters away that were made of it. One whose
// name was also sent elsewhere gets the value from there.
func (q *request) mended(dst, l list, a arg) list {
	elsewhere, tails := map[string]string{}, map[string]bool{}
	for _, sent := range [...][]segment{q.query, q.body} {
		at := slices.IndexFunc(sent, func(s segment) bool { return s.Name == a.s })
		isTail := func(i int) bool { return at >= 0 && at < i && i <= at+a.i }
		if at < 0 || at+a.i >= len(sent) || !strings.HasSuffix(a.t, sent[at+a.i].text()) {
			isTail = func(int) bool { return false }
		}
		for i, s := range sent {
			if isTail(i) {
				tails[s.Name] = true
			} else if _, first := elsewhere[s.Name]; !first {
				elsewhere[s.Name] = s.Value
			}
		}
	}
	begun := false
	for _, it := range l {
		value, again := elsewhere[it.Name]
		switch {
		case it.Name == a.s:
			it.Value += a.t
			begun = true
		case tails[it.Name] && !again:
			continue
		case tails[it.Name]:
			it.Value = value
		}
		dst = append(dst, it)
	}
	if begun { // else the piece before the separator was empty
		return dst
	}
	return slices.Clone(dst).with(dst[:0], a.s, a.t)
}
