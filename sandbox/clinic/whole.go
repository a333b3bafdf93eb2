package clinic

import (
	"bytes"
	"net/url"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// wholes are wrong ways to put the string together.
var wholes = []row{
	{id: TrailingAmpersand, dim: ofString, common: true, each: ends("", "&", "?", "", "&", "", "", "?", "&", "&"), text: enclosed, detail: endsDetail},
	{id: StringWhiteSpace, dim: ofString, each: func(q *request, yield func(arg) bool) {
		for _, f := range blankForms {
			if !yield(arg{s: f[0], t: f[1]}) {
				return
			}
		}
		_ = yield(arg{i: 1, t: "\n"}) && yield(arg{i: 1, t: "\r\n"}) && yield(arg{i: 1, t: " "}) && yield(arg{i: 1, s: " "}) && yield(arg{i: 1, s: "\n"}) && yield(arg{i: 1, s: "\ufeff"})
	}, text: func(q *request, dst []byte, l list, a arg) []byte {
		if a.i == 1 {
			return enclosed(q, dst, l, a)
		}
		return separated(q, dst, l, a)
	}, detail: func(_ *request, a arg) string {
		if a.i == 1 {
			return strings.TrimSuffix(endsDetail(nil, a), "; nothing belongs there") + "; it is no part of any value"
		}
		return "the names and values were joined with " + quoted(a.t) + " and the pairs with " + quoted(a.s)
	}},
	{id: JSONSigned, dim: ofString, common: true, each: jsonStrings, text: jsonString, detail: jsonDetail},
	{id: SeparatorsOtherwise, dim: ofString, common: true, each: func(_ *request, yield func(arg) bool) {
		for i, f := range otherForms {
			if !yield(arg{s: f[0], t: f[1], rare: i > 3}) {
				return
			}
		}
	}, text: separated, detail: func(_ *request, a arg) string {
		return "the names and values were joined with " + orNothing(a.t) + " and the pairs with " + orNothing(a.s) + ", not with \"=\" and \"&\""
	}},
	{id: ValuesOnly, dim: ofString, common: true, each: func(_ *request, yield func(arg) bool) {
		for i, s := range [...]string{"", "&", ",", "|", "\n", " ", ";", "+", "_", "-", ":", "#", "||"} {
			if !yield(arg{s: s, rare: i > 1}) {
				return
			}
		}
	}, text: func(_ *request, dst []byte, l list, a arg) []byte {
		for i := range l {
			if i > 0 {
				dst = append(dst, a.s...)
			}
			dst = append(dst, l[i].Value...)
		}
		return dst
	}, detail: func(_ *request, a arg) string {
		return "only the values were joined, with " + orNothing(a.s) + " between them, and no names"
	}},
	{id: Encoded, dim: ofString, each: func(_ *request, yield func(arg) bool) {
		_ = yield(arg{}) && yield(arg{i: 1}) && yield(arg{i: otherCase}) && yield(arg{i: 1 | otherCase})
	}, text: func(_ *request, dst []byte, l list, a arg) []byte {
		return append(dst, encoders[a.i&1].encode(string(l.join(nil)), a.i&otherCase != 0)...)
	}, detail: func(_ *request, a arg) string {
		return "the whole string was percent-encoded, with its = and &"
	}},
	{id: CharacterSet, dim: ofString, common: true, each: func(q *request, yield func(arg) bool) {
		for i := range charsets {
			if (q.beyondASCII() || charsets[i].ascii) && !yield(arg{i: i, rare: i > 1}) {
				return
			}
		}
	}, text: func(_ *request, dst []byte, l list, a arg) []byte {
		made, ok := charsets[a.i].make(string(l.join(nil)))
		if !ok {
			return l.join(dst)
		}
		return append(dst, made...)
	}, detail: func(_ *request, a arg) string { return charsets[a.i].said }},
	{id: StringLetterCase, dim: ofString, common: true, each: func(_ *request, yield func(arg) bool) {
		_ = yield(arg{}) && yield(arg{i: 1}) && yield(arg{i: 2, rare: true}) && yield(arg{i: 3, rare: true})
	}, text: func(_ *request, dst []byte, l list, a arg) []byte {
		switch a.i {
		case 0:
			return append(dst, bytes.ToLower(l.join(nil))...)
		case 1:
			return append(dst, bytes.ToUpper(l.join(nil))...)
		}
		changed := make(list, len(l))
		for i, it := range l {
			it.Name = strings.ToLower(it.Name)
			if a.i == 3 {
				it.Name = strings.ToUpper(it.Name)
			}
			changed[i] = it
		}
		return changed.join(dst)
	}, detail: func(_ *request, a arg) string {
		return [...]string{"the string was put into lower case, its values too", "the string was put into upper case, its values too", "the names were put into lower case", "the names were put into upper case"}[a.i]
	}},
	{id: CoversAddress, dim: ofString, each: addresses, text: func(_ *request, dst []byte, l list, a arg) []byte {
		return l.join(append(dst, a.s...))
	}, detail: func(_ *request, a arg) string {
		return "the string began with " + quoted(a.s) + "; the address is not signed"
	}},
}

// ends gives pairs of what stands before and behind the string.
func ends(pairs ...string) func(*request, func(arg) bool) {
	return func(_ *request, yield func(arg) bool) {
		for i := 0; i+1 < len(pairs); i += 2 {
			if !yield(arg{s: pairs[i], t: pairs[i+1], rare: i > 0}) {
				return
			}
		}
	}
}

func enclosed(_ *request, dst []byte, l list, a arg) []byte {
	return append(l.join(append(dst, a.s...)), a.t...)
}

func endsDetail(_ *request, a arg) string {
	switch {
	case a.t == "":
		return quoted(a.s) + " stood before the string; nothing belongs there"
	case a.s == "":
		return quoted(a.t) + " stood behind the string, before the key; nothing belongs there"
	default:
		return quoted(a.s) + " stood before the string and " + quoted(a.t) + " behind it; nothing belongs there"
	}
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return quoted(s)
}

// What stands between the pairs, and between name and value: with blanks, and otherwise.
var blankForms = [...][2]string{{"& ", "="}, {" & ", "="}, {"&\n", "="}, {"&", " = "}, {" & ", " = "}, {"&", "= "}, {"& ", "= "}, {"&\r\n", "="}, {" &", "="}, {"\n&", "="}}

var otherForms = [...][2]string{
	{"", ""}, {"", "="}, {",", "="}, {"\n", "="}, {"|", "="}, {"&", ":"}, {"&", ""}, {";", "="}, {" ", "="}, {", ", "="}, {",", ":"}, {"\n", ":"}, {"\n", ": "}, {"|", ":"}, {"|", ""}, {",", ""}, {" ", ""}, {";", ":"},
	{"", ":"}, {"&amp;", "="}, {"&&", "="}, {"\r\n", "="}, {"; ", "="}, {"+", "="}, {"#", "="}, {"&", "=="}, {"&", "=>"}, {", ", "=>"}, {", ", ": "}, {"/", "="}, {"/", "/"}, {"\t", "="}, {"-", "="}, {"||", "="}, {"&", "&"}, {"|", "|"}, {",", ","}, {"\n", "\n"}, {"^", "="}, {"$", "="}, {"\x00", "="},
}

func separated(_ *request, dst []byte, l list, a arg) []byte {
	for i := range l {
		if i > 0 {
			dst = append(dst, a.s...)
		}
		dst = append(dst, l[i].Name...)
		dst = append(dst, a.t...)
		dst = append(dst, l[i].Value...)
	}
	return dst
}

// addresses gives what of the address may stand before the string.
func addresses(q *request, yield func(arg) bool) {
	if q.URL == nil || q.URL.Path == "" {
		return
	}
	method, path := q.Method, q.URL.Path
	bases := []string{path + "?", path, path + "&", method + "&" + path + "&", method + path, method + path + "?", method + "\n" + path + "\n", method + " " + path + "?", method + "&" + url.QueryEscape(path) + "&", strings.TrimPrefix(path, "/") + "?", "?"}
	if host := q.URL.Host; host != "" {
		for _, scheme := range [...]string{"http://", "https://", ""} {
			bases = append(bases, scheme+host+path+"?", scheme+host+path, scheme+host+path+"&")
		}
	}
	for _, base := range bases {
		if base != "?" && !yield(arg{s: base}) {
			return
		}
	}
}

func (q *request) beyondASCII() bool {
	for i := range q.full {
		for _, s := range [...]string{q.full[i].Name, q.full[i].Value} {
			for j := range len(s) {
				if s[j] >= utf8.RuneSelf {
					return true
				}
			}
		}
	}
	return false
}

// charsets are what the string was hashed in, or the request sent in. ascii ones differ for
// letters and digits too.
var charsets = [...]struct {
	said  string
	ascii bool
	make  func(string) ([]byte, bool)
}{
	{"the string was hashed in GBK, not in UTF-8", false, encodedIn(simplifiedchinese.GBK)},
	{"the string was hashed with a ? for each character beyond ASCII", false, func(s string) ([]byte, bool) { return questioned(s, false), utf8.ValidString(s) }},
	{"the string was hashed in Latin-1, not in UTF-8", false, inLatin1},
	{"the string was hashed in Big5, not in UTF-8", false, encodedIn(traditionalchinese.Big5)},
	{"the string was hashed in UTF-8 made of UTF-8 that was taken for Latin-1", false, func(s string) ([]byte, bool) {
		b := make([]byte, 0, 2*len(s))
		for i := range len(s) {
			b = utf8.AppendRune(b, rune(s[i]))
		}
		return b, true
	}},
	{"the string was hashed with a ? for each character that Latin-1 does not have", false, func(s string) ([]byte, bool) { return questioned(s, true), utf8.ValidString(s) }},
	{"the string was hashed without the characters beyond ASCII", false, func(s string) ([]byte, bool) {
		b := make([]byte, 0, len(s))
		for i := range len(s) {
			if s[i] < utf8.RuneSelf {
				b = append(b, s[i])
			}
		}
		return b, true
	}},
	{"the string was hashed in UTF-8 and sent in GBK", false, decodedFrom(simplifiedchinese.GBK)},
	{"the string was hashed in UTF-8 and sent in Big5", false, decodedFrom(traditionalchinese.Big5)},
	{"the string was hashed in UTF-8 and sent in Latin-1", false, func(s string) ([]byte, bool) {
		if utf8.ValidString(s) {
			return nil, false
		}
		b := make([]byte, 0, 2*len(s))
		for i := range len(s) {
			b = utf8.AppendRune(b, rune(s[i]))
		}
		return b, true
	}},
}

func encodedIn(set encoding.Encoding) func(string) ([]byte, bool) {
	return func(s string) ([]byte, bool) {
		made, err := set.NewEncoder().Bytes([]byte(s))
		return made, err == nil
	}
}

func decodedFrom(set encoding.Encoding) func(string) ([]byte, bool) {
	return func(s string) ([]byte, bool) {
		if utf8.ValidString(s) {
			return nil, false
		}
		made, err := set.NewDecoder().Bytes([]byte(s))
		return made, err == nil
	}
}

func inLatin1(s string) ([]byte, bool) {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return nil, false
		}
		b = append(b, byte(r))
	}
	return b, utf8.ValidString(s)
}

// questioned puts a ? for each UTF-16 unit that a character set does not have.
func questioned(s string, latin1 bool) []byte {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf || latin1 && r <= 0xff:
			b = append(b, byte(r))
		default:
			b = append(b, "??"[:utf16.RuneLen(r)]...)
		}
	}
	return b
}
