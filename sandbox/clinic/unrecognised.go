package clinic

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// equalNevertheless says what can be said of a signature that fits nothing.
func (w *walk) equalNevertheless() string {
	q, t := w.q, &w.t
	var said []string
	add := func(sentence string) { said = append(said, sentence) }
	expected := digests[q.SignType].length()
	switch {
	case t.isHex && len(t.core) == expected:
		add("the digest has the length of a " + q.SignType.String() + ", so something in the string or the key differs")
	case t.isHex && (len(t.core) == 32 || len(t.core) == 64):
		add("the digest has " + strconv.Itoa(len(t.core)) + " hex digits, and " + strconv.Itoa(expected) + " were expected of a " + q.SignType.String())
	case t.isHex:
		add("the signature has " + strconv.Itoa(len(t.core)) + " hex digits, and MD5 has 32, SHA256 64")
	default:
		add("the signature is no hex, and " + strconv.Itoa(expected) + " hex digits were expected")
	}
	if t.around != "" {
		add("it came with " + t.around)
	}
	if w.exhausted {
		add("the request is too large to try every recipe")
	}
	if !q.small() {
		return strings.Join(said, "; ")
	}
	var changed, blanks, foreign, both []string
	for _, it := range q.base {
		switch {
		case strings.ContainsAny(it.Value, " +%&#=\"'<>\\"):
			changed = append(changed, it.Name)
		case !utf8.ValidString(it.Value):
			foreign = append(foreign, it.Name)
		}
		if strings.TrimSpace(it.Value) != it.Value {
			blanks = append(blanks, it.Name)
		}
		if strings.ContainsFunc(it.Value, func(r rune) bool { return r >= utf8.RuneSelf }) {
			foreign = append(foreign, it.Name)
		}
		if it.from == inQuery|inBody {
			both = append(both, it.Name)
		}
	}
	for _, about := range [...]struct {
		names []string
		said  string
	}{
		{blanks, "there are blanks at an end of "}, {foreign, "there are characters beyond ASCII, which have to be hashed in UTF-8, in "}, {both, "query and body both have "},
		{changed, "characters that are often changed on the way are in "}, {q.repeated(), "more than once came "},
	} {
		if len(about.names) > 0 {
			add(about.said + enumerated(about.names))
		}
	}
	if len(q.full) > len(q.base) {
		add("it was tried with and without the parameters that are empty")
	}
	if len(q.Others) > 1 {
		add("the keys of " + strconv.Itoa(len(q.Others)) + " Apps were tried")
	}
	if len(q.query) > 0 && len(q.body) > 0 {
		add("the parameters come from query and body together")
	}
	if !q.bodyRead && len(q.Body) > 0 {
		add("the body, of type " + quoted(q.bodyKind) + ", holds no parameters for QFPay")
	}
	return strings.Join(said, "; ")
}

// repeated are the names that came more than once in one part of the request.
func (q *request) repeated() (names []string) {
	for _, sent := range [...][]segment{q.query, q.body} {
		counts := make(map[string]int, len(sent))
		for _, s := range sent {
			if counts[s.Name]++; counts[s.Name] == 2 {
				names = append(names, s.Name)
			}
		}
	}
	return names
}
