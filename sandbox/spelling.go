package sandbox

import (
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// isUnreserved reports whether nobody has to encode a character in addresses, forms and JSON.
func isUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}

// maySpell is false only where a secret can stand as it is and in no other way, as in what every
// library writes about a key of letters and digits. It is asked for each exchange.
func maySpell[T string | []byte](s *secret, text T) bool {
	if s.odd {
		return true
	}
	for i := 0; i+2 < len(text); i++ {
		switch text[i] {
		case '%':
			if b, ok := hexByte(text[i+1], text[i+2]); ok && (b == '%' || isUnreserved(b)) {
				return true
			}
		case '\\':
			if text[i+1] == '\\' || text[i+1] == 'u' && text[i+2] == '0' {
				return true
			}
		}
	}
	return false
}

func spelled[T string | []byte](text T, word string) bool {
	for at := range len(text) {
		if spelledAt(text, at, word) > 0 {
			return true
		}
	}
	return false
}

// replaceSpelled puts a mask in the place of a word in any spelling.
func replaceSpelled[T string | []byte](text T, word, mask string) []byte {
	var out []byte
	for at := 0; at < len(text); {
		if end := spelledAt(text, at, word); end > 0 {
			out, at = append(out, mask...), end
			continue
		}
		out = append(out, text[at])
		at++
	}
	return out
}

// spelledAt gives where a word ends that stands at this place as it is, percent-encoded once or twice
// in parts or wholly, or in JSON; 0 where it does not stand there.
func spelledAt[T string | []byte](text T, at int, word string) int {
	switch text[at] {
	case word[0], '%', '\\', '+', ' ':
	default:
		return 0
	}
	var room [2][8]int
	ends, next := append(room[0][:0], at), room[1][:0]
	for i, size := 0, 0; i < len(word); i += size {
		var r rune
		r, size = utf8.DecodeRuneInString(word[i:])
		next = next[:0]
		for _, from := range ends {
			next = spelledOnce(next, text, from, word[i:i+size], r)
		}
		if len(next) == 0 {
			return 0
		}
		ends, next = next, ends
	}
	return slices.Max(ends)
}

// spelledOnce adds where one character ends, in each spelling that stands there.
func spelledOnce[T string | []byte](ends []int, text T, at int, character string, r rune) []int {
	add := func(end int) {
		if end > 0 && !slices.Contains(ends, end) {
			ends = append(ends, end)
		}
	}
	add(literal(text, at, character))
	if at >= len(text) {
		return ends
	}
	switch c := text[at]; {
	case c == '\\':
		add(literal(text, at+1, character))
		add(escaped(text, at, r))
	case c == '%':
		add(percent(text, at, character, "%"))
		add(percent(text, at, character, "%25"))
		if r == ' ' {
			add(percent(text, at, "+", "%"))
		}
	case c == '+' && r == ' ', c == ' ' && r == '+': // a form's, or a form's that was not encoded
		add(at + 1)
	}
	return ends
}

func literal[T string | []byte](text T, at int, word string) int {
	if at+len(word) > len(text) || string(text[at:at+len(word)]) != word {
		return 0
	}
	return at + len(word)
}

// percent reads sign and two digits for each byte: %2F, or %252F.
func percent[T string | []byte](text T, at int, character, sign string) int {
	for _, want := range []byte(character) {
		if at = literal(text, at, sign); at == 0 || at+2 > len(text) {
			return 0
		}
		if got, ok := hexByte(text[at], text[at+1]); !ok || got != want {
			return 0
		}
		at += 2
	}
	return at
}

// escaped reads \u002f, or \\u002f where JSON stands in JSON.
func escaped[T string | []byte](text T, at int, r rune) int {
	for _, unit := range utf16.Encode([]rune{r}) {
		start := at
		for at < len(text) && text[at] == '\\' {
			at++
		}
		if at == start || at+5 > len(text) || text[at] != 'u' {
			return 0
		}
		high, ok := hexByte(text[at+1], text[at+2])
		low, ok2 := hexByte(text[at+3], text[at+4])
		if !ok || !ok2 || uint16(high)<<8|uint16(low) != unit {
			return 0
		}
		at += 5
	}
	return at
}

func hexByte(high, low byte) (byte, bool) {
	h, ok := hexDigit(high)
	l, ok2 := hexDigit(low)
	return h<<4 | l, ok && ok2
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}

// plainest is one form of a text whatever its spelling was: all is decoded that may be encoded, and
// blanks are +. A word in any spelling has its plainest form in the text's, but for its margins.
func plainest[T string | []byte](text T) []byte {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == ' ' {
			c = '+'
		}
		if c == '\\' {
			continue
		}
		out = append(out, c)
		for n := len(out); n >= 3 && out[n-3] == '%'; n = len(out) {
			b, ok := hexByte(out[n-2], out[n-1])
			if !ok {
				break
			}
			if b == ' ' {
				b = '+'
			}
			out = append(out[:n-3], b)
		}
		if n := len(out); n >= 5 && out[n-5] == 'u' && i >= 5 && text[i-5] == '\\' && text[i-4] == 'u' {
			high, ok := hexByte(out[n-4], out[n-3])
			low, ok2 := hexByte(out[n-2], out[n-1])
			if ok && ok2 {
				out = utf8.AppendRune(out[:n-5], rune(high)<<8|rune(low))
			}
		}
	}
	return out
}
