package qfpay

import "strings"

// Param is one decoded request parameter. Name and Value are the bytes the caller meant, UTF-8 as a rule, but bytes
// that are not UTF-8 are kept as they came because a signature covers them.
type Param struct{ Name, Value string }

// Params are request parameters in order of arrival. ParseParams may return a name twice; ReadParams never does.
type Params []Param

// ParseParams decodes name=value pairs the way lenient servers do: only & separates, the first = splits, + is a space,
// a % that starts no escape is literal, ; is a character, raw spaces and raw UTF-8 are taken. Empty segments are
// skipped and a name without = has an empty value. It never fails and keeps repeated names.
//
// The leniency is observed: clients post raw spaces and CJK and still sign the decoded values. net/url cannot be used,
// it drops pairs with a semicolon or a bad escape without a word.
func ParseParams(raw string) Params {
	if raw == "" {
		return nil
	}
	p := make(Params, 0, strings.Count(raw, "&")+1)
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		p = append(p, Param{unescape(name), unescape(value)})
	}
	return p
}

// unescape decodes + and %XX. Text without either is returned as it is, without a copy.
func unescape(s string) string {
	first := 0
	for first < len(s) && s[first] != '%' && s[first] != '+' { // most are shorter than a search is worth
		first++
	}
	if first == len(s) {
		return s
	}
	b := make([]byte, first, len(s))
	copy(b, s)
	for i := first; i < len(s); i++ {
		switch c := s[i]; {
		case c == '+':
			b = append(b, ' ')
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			b = append(b, nibble(s[i+1])<<4|nibble(s[i+2]))
			i += 2
		default:
			b = append(b, c)
		}
	}
	return string(b)
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// nibble is the value of one hex digit in either case.
func nibble(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&^0x20 - 'A' + 10
}

// Get is the value of the first parameter called name, "" if there is none.
func (p Params) Get(name string) string {
	value, _ := p.Lookup(name)
	return value
}

// Lookup is Get that tells an absent parameter from an empty one.
func (p Params) Lookup(name string) (string, bool) {
	for i := range p {
		if p[i].Name == name {
			return p[i].Value, true
		}
	}
	return "", false
}

// Without is a copy of p that lacks every parameter with one of these names. Order is kept.
func (p Params) Without(names ...string) Params {
	kept := make(Params, 0, len(p))
next:
	for _, param := range p {
		for _, name := range names {
			if param.Name == name {
				continue next
			}
		}
		kept = append(kept, param)
	}
	return kept
}

// Encode writes p as application/x-www-form-urlencoded in its own order. ParseParams reads back exactly p.
func (p Params) Encode() string {
	size := 0
	for i := range p {
		size += len(p[i].Name) + len(p[i].Value) + 2
	}
	b := make([]byte, 0, size+size/2)
	for i := range p {
		if i > 0 {
			b = append(b, '&')
		}
		b = appendEscaped(b, p[i].Name)
		b = append(b, '=')
		b = appendEscaped(b, p[i].Value)
	}
	return string(b)
}

func appendEscaped(b []byte, s string) []byte {
	const digits = "0123456789ABCDEF"
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.', c == '~':
			b = append(b, c)
		case c == ' ':
			b = append(b, '+')
		default:
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return b
}
