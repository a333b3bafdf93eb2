package clinic

import "strings"

// encoder is one way that languages percent-encode a value.
type encoder struct {
	name string
	// safe are the bytes left as they are, besides letters and digits; blank is what a space becomes.
	safe, blank string
	lower       bool
}

// encoders are tried in this order. Where several leave the same bytes alone, the first is named.
var encoders = [...]encoder{
	{"as Python's quote_plus, Go's QueryEscape and most libraries do for forms", "-_.~", "+", false},
	{"as encodeURIComponent does", "-_.!~*'()", "%20", false},
	{"as PHP's urlencode does", "-_.", "+", false},
	{"as PHP's rawurlencode and .NET's EscapeDataString do", "-_.~", "%20", false},
	{"as Java's URLEncoder and URLSearchParams do", "-_.*", "+", false},
	{"as .NET's HttpUtility.UrlEncode does", "-_.!*()", "+", true},
	{"as Python's quote does, which leaves / alone", "-_.~/", "%20", false},
	{"as encodeURI does, which leaves the characters of an address alone", "-_.!~*'();,/?:@&=+$#", "%20", false},
	{"as .NET's WebUtility.UrlEncode does", "-_.!*()", "+", false},
	{"as Java's URLEncoder does with + made %20", "-_.*", "%20", false},
	{"with %20 for a space and only letters and digits left alone", "", "%20", false},
	{"with + for a space and only letters and digits left alone", "", "+", false},
	{"as Python's quote_plus does, / left alone", "-_.~/", "+", false},
	{"with : and / left alone, as addresses are written by hand", "-_.~:/", "%20", false},
	{"with :, / and ? left alone, as addresses are written by hand", "-_.~:/?=&", "%20", false},
	{"with : left alone", "-_.~:", "%20", false},
	{"with : left alone and + for a space", "-_.~:", "+", false},
	{"as JavaScript's escape does", "@*_+-./", "%20", false},
}

// mostEncoders are those tried together with other mistakes.
const mostEncoders = 6

const upperHex, lowerHex = "0123456789ABCDEF", "0123456789abcdef"

// encode percent-encodes a value. One that needs nothing is returned as it is.
func (e *encoder) encode(s string, lower bool) string {
	first := 0
	for first < len(s) && e.leaves(s[first]) {
		first++
	}
	if first == len(s) {
		return s
	}
	digits := upperHex
	if lower {
		digits = lowerHex
	}
	b := append(make([]byte, 0, len(s)+len(s)/2+8), s[:first]...)
	for i := first; i < len(s); i++ {
		switch c := s[i]; {
		case e.leaves(c):
			b = append(b, c)
		case c == ' ':
			b = append(b, e.blank...)
		default:
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return string(b)
}

func (e *encoder) leaves(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c < 0x80 && strings.IndexByte(e.safe, c) >= 0
}

// The variants of Encoded, in an arg's i: the encoder, and what is added to it.
const (
	otherCase  = 1 << 8
	asOnWire   = 1 << 10
	oneOnly    = 1 << 12
	placeShift = 16
)

func encodings(q *request, yield func(arg) bool) {
	if q.encodedOnWire() && !yield(arg{i: asOnWire}) {
		return
	}
	for i := range encoders {
		if !yield(arg{i: i, rare: i >= mostEncoders}) {
			return
		}
	}
	for i := range encoders {
		if !yield(arg{i: i | otherCase, rare: true}) {
			return
		}
	}
	for i := range encoders[:mostEncoders] {
		for at := range q.base {
			if !yield(arg{i: i | oneOnly | at<<placeShift, rare: true}) || !yield(arg{i: i | oneOnly | otherCase | at<<placeShift, rare: true}) {
				return
			}
		}
	}
}

// encodedOnWire: the values that were encoded on the wire are as an encoder writes them.
func (q *request) encodedOnWire() bool {
	return q.wireDiffers(func(it item) bool {
		for i := range encoders {
			if encoders[i].encode(it.Value, false) == q.wires[it.at] || encoders[i].encode(it.Value, true) == q.wires[it.at] {
				return true
			}
		}
		return false
	})
}

// wireDiffers: some value stood otherwise on the wire, and each that did satisfies a condition.
func (q *request) wireDiffers(each func(item) bool) bool {
	differs := false
	for _, it := range q.base {
		if it.onWire && q.wires[it.at] != it.Value {
			if !each(it) {
				return false
			}
			differs = true
		}
	}
	return differs
}

func encodeList(q *request, dst, l list, a arg) list {
	if a.i == asOnWire {
		return wireList(q, dst, l, a)
	}
	e, lower := &encoders[a.i&(otherCase-1)], encoders[a.i&(otherCase-1)].lower != (a.i&otherCase != 0)
	only := ""
	if a.i&oneOnly != 0 {
		only = q.base[a.i>>placeShift].Name
	}
	for _, it := range l {
		if only == "" || it.Name == only {
			it.Value = e.encode(it.Value, lower)
		}
		dst = append(dst, it)
	}
	return dst
}

func wireList(q *request, dst, l list, _ arg) list {
	for _, it := range l {
		if it.onWire {
			it.Value = q.wires[it.at]
		}
		dst = append(dst, it)
	}
	return dst
}

func encodedDetail(q *request, a arg) string {
	if a.i == asOnWire {
		return "the values were signed as they stand on the wire, percent-encoded"
	}
	which := "the values were signed percent-encoded "
	if a.i&oneOnly != 0 {
		which = "the value of " + q.base[a.i>>placeShift].Name + " was signed percent-encoded "
	}
	e := encoders[a.i&(otherCase-1)]
	how := which + e.name
	if e.lower != (a.i&otherCase != 0) {
		return how + ", with hex digits in lower case"
	}
	return how
}

// unescaped decodes %XX and leaves + alone. Without any it returns its argument.
func unescaped(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if hi, lo := strings.IndexByte(lowerHex, s[i+1]|0x20), strings.IndexByte(lowerHex, s[i+2]|0x20); hi >= 0 && lo >= 0 {
				b = append(b, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return string(b)
}
