package qfpay

import (
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"
)

// Value is a JSON value that prints as Python's json.dumps prints it: String, Number, Bool, Null, Object or List.
//
// The layout matters: answers and notifications are signed over their bytes, and merchants in the field verify by
// re-serialising what they parsed in exactly this layout. Source: the Japan reference's signed answer of 302 bytes,
// and captured notifications.
type Value interface {
	appendJSON(dst []byte) []byte
}

type (
	// String is a JSON string. Bytes that are not UTF-8 print as \ufffd.
	String string
	// Number is a JSON integer; QFPay sends no other number.
	Number int64
	// Bool is true or false.
	Bool bool
	// Null is null.
	Null struct{}
	// Member is one name and value of an Object.
	Member struct {
		Name string
		// Value is nil in nearly every member; it is text then, which needs no memory of its own.
		Value Value
		text  string
	}
	// Object keeps its members in the order they were added, as the vendor's answers do.
	Object []Member
	// List is a JSON array.
	List []Value
)

// Add appends a string member, the only kind in nearly every answer.
func (o *Object) Add(name, value string) { *o = append(*o, Member{Name: name, text: value}) }

// AddValue appends a member of any kind. A nil Value is null.
func (o *Object) AddValue(name string, v Value) {
	if v == nil {
		v = Null{}
	}
	*o = append(*o, Member{Name: name, Value: v})
}

// objects lends Objects to answers, most of which are printed at once and then forgotten.
var objects = sync.Pool{New: func() any { return new(Object) }}

func newObject(members int) Object {
	lent := objects.Get().(*Object)
	return slices.Grow(*lent, members)
}

// Recycle lets other answers have the memory of an Object, and of those in it, that nobody will look
// at again.
func Recycle(o Object) {
	for i := range o {
		if inner, ok := o[i].Value.(Object); ok {
			Recycle(inner)
		}
	}
	clear(o)
	o = o[:0]
	objects.Put(&o)
}

// Bytes is o in json.dumps layout.
func (o Object) Bytes() []byte { return o.appendJSON(make([]byte, 0, o.size())) }

// Append appends o in json.dumps layout.
func (o Object) Append(dst []byte) []byte { return o.appendJSON(dst) }

// size is how many bytes o takes as long as nothing is escaped, and some more.
func (o Object) size() int {
	size := 32
	for i := range o {
		size += len(o[i].Name) + len(o[i].text) + len(`"": "", `)
		switch v := o[i].Value.(type) {
		case Object:
			size += v.size()
		case records:
			size += 512 * len(v)
		}
	}
	return size + size/8
}

// AppendJSON appends v in json.dumps layout. A nil Value is null.
func AppendJSON(dst []byte, v Value) []byte {
	if v == nil {
		return append(dst, "null"...)
	}
	return v.appendJSON(dst)
}

func (s String) appendJSON(dst []byte) []byte { return appendString(dst, string(s)) }

func (n Number) appendJSON(dst []byte) []byte { return strconv.AppendInt(dst, int64(n), 10) }

func (b Bool) appendJSON(dst []byte) []byte { return strconv.AppendBool(dst, bool(b)) }

func (Null) appendJSON(dst []byte) []byte { return append(dst, "null"...) }

func (o Object) appendJSON(dst []byte) []byte {
	dst = append(dst, '{')
	for i := range o {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = appendString(dst, o[i].Name)
		dst = append(dst, ": "...)
		if v := o[i].Value; v != nil {
			dst = v.appendJSON(dst)
		} else {
			dst = appendString(dst, o[i].text)
		}
	}
	return append(dst, '}')
}

func (l List) appendJSON(dst []byte) []byte {
	dst = append(dst, '[')
	for i := range l {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = AppendJSON(dst, l[i])
	}
	return append(dst, ']')
}

// printsAsItIs holds the bytes that need no escape: one look-up is quicker than four comparisons.
var printsAsItIs = func() (table [256]bool) {
	for c := ' '; c <= '~'; c++ {
		table[c] = c != '"' && c != '\\'
	}
	return table
}()

// appendString quotes s. Everything outside printable ASCII is escaped, DEL included; /, <, > and & are not.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if printsAsItIs[c] {
			i++
			continue
		}
		dst = append(dst, s[start:i]...)
		if c < utf8.RuneSelf {
			dst = appendEscape(dst, c)
			i++
		} else {
			r, size := utf8.DecodeRuneInString(s[i:])
			dst = appendRune(dst, r)
			i += size
		}
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return appendUnit(dst, uint16(c))
}

// appendRune writes one \u escape, or the two of a surrogate pair.
func appendRune(dst []byte, r rune) []byte {
	if r < 0x10000 {
		return appendUnit(dst, uint16(r))
	}
	r -= 0x10000
	dst = appendUnit(dst, uint16(0xd800+r>>10))
	return appendUnit(dst, uint16(0xdc00+r&0x3ff))
}

func appendUnit(dst []byte, u uint16) []byte {
	const digits = "0123456789abcdef"
	return append(dst, '\\', 'u', digits[u>>12], digits[u>>8&15], digits[u>>4&15], digits[u&15])
}
