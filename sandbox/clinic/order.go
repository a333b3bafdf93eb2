package clinic

import (
	"cmp"
	"slices"
	"strings"
)

// orders are wrong orders of the parameters.
var orders = []row{
	{id: NotSorted, dim: ofOrder, common: true, each: arrivals, list: ordered(func(a, b item, how arg) int {
		if how.i != 0 && a.from != b.from {
			return how.i * (int(a.from) - int(b.from))
		}
		return cmp.Compare(a.at, b.at)
	}), detail: func(_ *request, a arg) string {
		return "the string has the parameters in the order " + a.s + ", not sorted by name"
	}},
	{id: SortedByPair, dim: ofOrder, common: true, list: ordered(func(a, b item, _ arg) int {
		return strings.Compare(a.Name+"="+a.Value, b.Name+"="+b.Value)
	}), detail: func(*request, arg) string {
		return "the finished name=value pairs were sorted; a name that begins like another is then in the wrong place, because = is compared with its next character"
	}},
	{id: SortedCaseInsensitively, dim: ofOrder, common: true, each: foldings, list: ordered(func(a, b item, how arg) int {
		return cmp.Or(strings.Compare(folded(a.Name, how.i), folded(b.Name, how.i)), strings.Compare(b.Name, a.Name))
	}), detail: func(_ *request, a arg) string {
		return "the names were sorted " + a.s + ", not by their bytes"
	}},
	{id: SortedBackwards, dim: ofOrder, common: true, list: ordered(func(a, b item, _ arg) int {
		return byName(b, a)
	}), detail: func(*request, arg) string {
		return "the names were sorted in descending order"
	}},
	{id: SortedByValue, dim: ofOrder, list: ordered(func(a, b item, _ arg) int {
		return cmp.Or(strings.Compare(a.Value, b.Value), cmp.Compare(a.at, b.at))
	}), detail: func(*request, arg) string {
		return "the parameters were sorted by their values, not by their names"
	}},
}

// arrivals: a request in two parts has three orders of arrival.
func arrivals(q *request, yield func(arg) bool) {
	if !yield(arg{s: "they were sent in"}) {
		return
	}
	if len(q.query) > 0 && len(q.body) > 0 {
		_ = yield(arg{i: 1, s: "query before body"}) && yield(arg{i: -1, s: "body before query"})
	}
}

// The ways languages sort without regard to letter case: by lower case, by upper case (which put _
// on different sides of the letters), and by a language's rules, which look at punctuation last.
const (
	foldLower = iota
	foldUpper
	foldLetters
)

func foldings(_ *request, yield func(arg) bool) {
	_ = yield(arg{i: foldLower, s: "without regard to letter case"}) &&
		yield(arg{i: foldUpper, s: "in upper case, without regard to letter case"}) &&
		yield(arg{i: foldLetters, s: "by a language's rules, which pass over _ and other punctuation"})
}

func folded(name string, how int) string {
	switch how {
	case foldUpper:
		return strings.ToUpper(name)
	case foldLetters:
		name = strings.Map(func(r rune) rune {
			if r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 'a' || r > 'z' && r < 0x80 {
				return -1
			}
			return r
		}, name)
	}
	return strings.ToLower(name)
}

// ordered sorts a copy.
func ordered(by func(a, b item, how arg) int) func(*request, list, list, arg) list {
	return func(_ *request, dst, l list, how arg) list {
		dst = append(dst, l...)
		slices.SortStableFunc(dst, func(a, b item) int { return by(a, b, how) })
		return dst
	}
}
