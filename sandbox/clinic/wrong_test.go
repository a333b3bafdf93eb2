package clinic_test

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"sort"
	"strings"
)

// This file signs wrongly, in every way the clinic has a name for, with none of the clinic's code:
// what the clinic says has to be true of what somebody else did.

type pair struct{ n, v string }

// sent is a request: its parameters as they were meant, the first few of them in the query.
type sent struct {
	pairs   []pair
	inQuery int
	sha     bool
	key     string
	old     string
	appCode string
	others  []string // keys
}

// wrong is one mistake, in one step of five; each step gives the variants a caller may make. often
// is how many of them are also made together with others.
type wrong struct {
	id    string
	often int
	list  func(s sent, p []pair) [][]pair
	text  func(s sent, p []pair) []string
	key   func(s sent) []string
	join  func(text, key string) []string
	made  func(s sent, text, message string) []string
	// noKey: the key is not appended.
	noKey bool
}

func (w wrong) step() int {
	switch {
	case w.list != nil:
		return 0
	case w.text != nil:
		return 1
	case w.key != nil:
		return 2
	case w.join != nil:
		return 3
	}
	return 4
}

// signatures gives every signature that these mistakes make together.
func signatures(s sent, base []pair, mistakes []wrong, oftenOnly bool) (all []string) {
	find := func(step int) []wrong {
		var list []wrong
		for _, w := range mistakes {
			if w.step() == step {
				list = append(list, w)
			}
		}
		return list
	}
	cut := func(w wrong, n int) int {
		if oftenOnly {
			return min(w.often, n)
		}
		return n
	}
	lists := [][]pair{base}
	for _, w := range find(0) {
		var next [][]pair
		for _, l := range lists {
			v := w.list(s, l)
			next = append(next, v[:cut(w, len(v))]...)
		}
		lists = next
	}
	for _, l := range lists {
		texts := []string{together(l, "=", "&")}
		for _, w := range find(1) {
			texts = w.text(s, l)
			texts = texts[:cut(w, len(texts))]
		}
		keys := []string{s.key}
		for _, w := range find(2) {
			keys = w.key(s)
			keys = keys[:cut(w, len(keys))]
		}
		for _, w := range mistakes {
			if w.noKey {
				keys = []string{""}
			}
		}
		for _, text := range texts {
			for _, key := range keys {
				messages := []string{text + key}
				for _, w := range find(3) {
					messages = w.join(text, key)
					messages = messages[:cut(w, len(messages))]
				}
				for _, m := range messages {
					digests := []string{plainDigest(s, m)}
					for _, w := range find(4) {
						with := s
						with.key = key
						digests = w.made(with, text, m)
						digests = digests[:cut(w, len(digests))]
					}
					all = append(all, digests...)
				}
			}
		}
	}
	return all
}

func plainDigest(s sent, m string) string {
	if s.sha {
		return digestOf(sha256.New, m)
	}
	return digestOf(md5.New, m)
}

func digestOf(f func() hash.Hash, m string) string {
	h := f()
	h.Write([]byte(m))
	return hex.EncodeToString(h.Sum(nil))
}

func macOf(f func() hash.Hash, key, m string) string {
	h := hmac.New(f, []byte(key))
	h.Write([]byte(m))
	return hex.EncodeToString(h.Sum(nil))
}

func together(p []pair, eq, amp string) string {
	var parts []string
	for _, x := range p {
		parts = append(parts, x.n+eq+x.v)
	}
	return strings.Join(parts, amp)
}

func byNames(p []pair) []pair {
	p = append([]pair(nil), p...)
	sort.SliceStable(p, func(i, j int) bool { return p[i].n < p[j].n || p[i].n == p[j].n && p[i].v < p[j].v })
	return p
}

func withoutEmpty(p []pair) (kept []pair) {
	for _, x := range p {
		if x.v != "" {
			kept = append(kept, x)
		}
	}
	return kept
}

func each(p []pair, f func(string) string) []pair {
	var out []pair
	for _, x := range p {
		out = append(out, pair{x.n, f(x.v)})
	}
	return out
}

func only(p []pair, name string, f func(string) string) []pair {
	var out []pair
	for _, x := range p {
		if x.n == name {
			x.v = f(x.v)
		}
		out = append(out, x)
	}
	return out
}

func plus(p []pair, n, v string) []pair {
	return byNames(append(append([]pair(nil), p...), pair{n, v}))
}

func hasName(p []pair, n string) bool {
	for _, x := range p {
		if x.n == n {
			return true
		}
	}
	return false
}

// arrival gives the list in the order of the request.
func arrival(s sent, p []pair) (out []pair) {
	for _, x := range s.pairs {
		for _, y := range p {
			if y.n == x.n {
				out = append(out, y)
			}
		}
	}
	for _, y := range p {
		if !hasName(s.pairs, y.n) {
			out = append(out, y)
		}
	}
	return out
}

func hashed(f func(s sent, text, m string) []string) func(sent, string, string) []string { return f }

func algorithm(s sent) func() hash.Hash {
	if s.sha {
		return sha256.New
	}
	return md5.New
}

func raw64(hexText string) string {
	b, _ := hex.DecodeString(hexText)
	return base64.StdEncoding.EncodeToString(b)
}

// part keeps the query's or the body's parameters, when there are both.
func (s sent) part(p []pair, query bool) [][]pair {
	if s.inQuery == 0 || s.inQuery == len(s.pairs) {
		return nil
	}
	var out []pair
	for i, x := range s.pairs {
		if (i < s.inQuery) == query && hasName(p, x.n) {
			out = append(out, x)
		}
	}
	return [][]pair{byNames(out)}
}

func digestSHA1(m string) string { return digestOf(sha1.New, m) }
