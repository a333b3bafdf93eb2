package replay

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// names are what recorded ids are called in the replay.
type names struct {
	pairs    []string // old, new, old, new …
	known    map[string]bool
	replacer *strings.Replacer
}

// shortestWord is what an id has at least; shorter words may be anything.
const shortestWord = 8

// text replaces one spelling by another.
func (n *names) text(was, is string) {
	if was == "" || was == is || n.known[was] {
		return
	}
	if n.known == nil {
		n.known = map[string]bool{}
	}
	n.known[was] = true
	n.pairs, n.replacer = append(n.pairs, was, is), nil
}

// word is an id: letters and digits that look the same wherever they stand.
func (n *names) word(was, is string) {
	if isWord(was) && isWord(is) {
		n.text(was, is)
	}
}

func isWord(s string) bool {
	if len(s) < shortestWord {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool {
		return !(r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z')
	}) < 0
}

// escaped are the spellings of a text in an address, in an address inside that, and so on.
func escaped(s string) []string {
	forms := []string{s}
	for range 4 {
		s = url.QueryEscape(s)
		if slices.Contains(forms, s) {
			break
		}
		forms = append(forms, s)
	}
	return forms
}

// address, host and assigned replace texts that are spelt otherwise inside of addresses.
func (n *names) address(was, is string) {
	to := escaped(is)
	for i, form := range escaped(was) {
		n.text(form, to[min(i, len(to)-1)])
	}
}

func (n *names) host(was, is string) {
	if strings.Contains(was, ":") || strings.Contains(was, ".") {
		n.address(was, is)
		n.text(strings.ReplaceAll(was, ":", "%3a"), url.QueryEscape(is)) // as some write it
	}
}

func (n *names) assigned(name, was, is string) {
	if was != "" {
		n.address(name+"="+was, name+"="+is)
	}
}

func (n *names) knows(was string) bool { return n.known[was] }

// apply says a recorded text in the replay's names.
func (n *names) apply(s string) string {
	if n.replacer == nil {
		type pair struct{ was, is string }
		pairs := make([]pair, 0, len(n.pairs)/2)
		for i := 0; i < len(n.pairs); i += 2 {
			pairs = append(pairs, pair{n.pairs[i], n.pairs[i+1]})
		}
		slices.SortStableFunc(pairs, func(x, y pair) int { return cmp.Compare(len(y.was), len(x.was)) }) // the longer one first
		flat := make([]string, 0, len(n.pairs))
		for _, p := range pairs {
			flat = append(flat, p.was, p.is)
		}
		n.replacer = strings.NewReplacer(flat...)
	}
	return n.replacer.Replace(s)
}

// learnAddress takes the ids of two addresses that mean the same: host, and words of the query.
func (n *names) learnAddress(was, is string) {
	a, err := url.Parse(was)
	b, err2 := url.Parse(is)
	if err != nil || err2 != nil || a.Path != b.Path {
		return
	}
	if a.Host != b.Host {
		n.host(a.Host, b.Host)
	}
	theirs := b.Query()
	for name, values := range a.Query() {
		if ours := theirs[name]; len(values) == 1 && len(ours) == 1 {
			n.word(values[0], ours[0])
		}
	}
}
