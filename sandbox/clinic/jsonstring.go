package clinic

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonLayout is one way a language writes an object.
type jsonLayout struct {
	said         string
	comma, colon string
	ascii, slash bool
}

var jsonLayouts = [...]jsonLayout{
	{"without blanks, as JSON.stringify writes it", ",", ":", false, false},
	{"with blanks and \\u escapes, as Python's json.dumps writes it", ", ", ": ", true, false},
	{"without blanks and with \\/ and \\u escapes, as PHP's json_encode writes it", ",", ":", true, true},
	{"with blanks, as Python's json.dumps writes it with ensure_ascii off", ", ", ": ", false, false},
	{"without blanks and with \\u escapes", ",", ":", true, false},
	{"without blanks and with \\/, as PHP's json_encode writes it with its flag for Unicode", ",", ":", false, true},
}

// The variants of JSONSigned, in an arg's i, besides the layout.
const (
	bodyAsSent   = 1 << 8
	inArrival    = 1 << 9
	amountNumber = 1 << 10
)

func jsonStrings(q *request, yield func(arg) bool) {
	if q.isJSONBody() && !yield(arg{i: bodyAsSent}) {
		return
	}
	for i := range jsonLayouts {
		if !yield(arg{i: i, rare: i > 1}) || !yield(arg{i: i | inArrival, rare: i > 1}) {
			return
		}
	}
	if !q.full.has("txamt") {
		return
	}
	for i := range jsonLayouts {
		if !yield(arg{i: i | amountNumber, rare: true}) || !yield(arg{i: i | inArrival | amountNumber, rare: true}) {
			return
		}
	}
}

func (q *request) isJSONBody() bool {
	body := bytes.TrimSpace(q.Body[:min(len(q.Body), maxBody)])
	return len(body) > 0 && (body[0] == '{' || body[0] == '[')
}

func jsonString(q *request, dst []byte, l list, a arg) []byte {
	if a.i == bodyAsSent {
		return append(dst, q.Body...)
	}
	if a.i&inArrival != 0 {
		l = slices.Clone(l)
		slices.SortStableFunc(l, func(a, b item) int { return cmp.Compare(a.at, b.at) })
	}
	return jsonLayouts[a.i&(bodyAsSent-1)].object(dst, l, a.i&amountNumber != 0)
}

// object writes a list as an object of strings, the amount as a number if so wanted.
func (how jsonLayout) object(dst []byte, l list, amount bool) []byte {
	dst = append(dst, '{')
	for i, it := range l {
		if i > 0 {
			dst = append(dst, how.comma...)
		}
		dst = how.string(dst, it.Name)
		dst = append(dst, how.colon...)
		if amount && it.Name == "txamt" && digits(it.Value) {
			dst = append(dst, it.Value...)
			continue
		}
		dst = how.string(dst, it.Value)
	}
	return append(dst, '}')
}

// string appends s as a JSON string. Bytes that are not UTF-8 become U+FFFD, as most languages write.
func (how jsonLayout) string(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			dst = how.letter(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case !how.ascii:
			dst = utf8.AppendRune(dst, r)
		case r < 0x10000:
			dst = appendUnit(dst, uint16(r), lowerHex)
		default:
			high, low := utf16.EncodeRune(r)
			dst = appendUnit(appendUnit(dst, uint16(high), lowerHex), uint16(low), lowerHex)
		}
	}
	return append(dst, '"')
}

func (how jsonLayout) letter(dst []byte, c byte) []byte {
	switch {
	case c == '"', c == '\\', c == '/' && how.slash:
		return append(dst, '\\', c)
	case c >= ' ':
		return append(dst, c)
	}
	if at := strings.IndexByte("\b\f\n\r\t", c); at >= 0 {
		return append(dst, '\\', "bfnrt"[at])
	}
	return appendUnit(dst, uint16(c), lowerHex)
}

func jsonDetail(q *request, a arg) string {
	if a.i == bodyAsSent {
		return "the JSON of the body was signed as it was sent, not the sorted parameters"
	}
	order := "sorted by name"
	if a.i&inArrival != 0 {
		order = "in the order they were sent in"
	}
	return "a JSON object of the parameters " + order + " was signed, " + jsonLayouts[a.i&(bodyAsSent-1)].said
}
