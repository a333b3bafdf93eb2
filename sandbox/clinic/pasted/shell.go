package pasted

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// word is one word of a command as a shell hands it on, or an operator between words.
type word struct {
	text     string
	operator bool
}

// shWords splits a text as sh and bash do, $'…' included. It is kinder in three things, each with a
// remark: a blank behind a line's last backslash, a line that goes on without one, and typographic
// quotes. Errors: ErrUnreadable.
func (r *Request) shWords(s string) ([]word, error) {
	var words []word
	var b strings.Builder
	inWord := false
	end := func() {
		if inWord {
			words = append(words, word{text: b.String()})
		}
		b.Reset()
		inWord = false
	}
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '\\':
			rest := strings.TrimLeft(s[i+1:], " \t\r")
			switch {
			case strings.HasPrefix(rest, "\n"):
				if blanks := len(s[i+1:]) - len(rest); strings.ContainsAny(s[i+1:i+1+blanks], " \t") {
					r.remark(true, LineNotContinued, "end the line with the backslash itself", "a blank stands behind a backslash at a line's end, so the shell ends the command there")
				}
				i = len(s) - len(rest) + 1
			case i+1 < len(s):
				b.WriteByte(s[i+1])
				inWord, i = true, i+2
			default:
				i++
			}
		case c == '\'':
			n := strings.IndexByte(s[i+1:], '\'')
			if n < 0 {
				return nil, fmt.Errorf("%w: a ' is never closed; copy the command to its end", ErrUnreadable)
			}
			b.WriteString(s[i+1 : i+1+n])
			inWord, i = true, i+n+2
		case c == '"':
			n, err := r.doubleQuoted(&b, s[i+1:])
			if err != nil {
				return nil, err
			}
			inWord, i = true, i+n+1
		case strings.HasPrefix(s[i:], "$'"):
			n, err := dollarQuoted(&b, s[i+2:])
			if err != nil {
				return nil, err
			}
			inWord, i = true, i+n+2
		case strings.HasPrefix(s[i:], "$(") || c == '`':
			return nil, fmt.Errorf("%w: the command runs another one with $(…) or backticks; paste it with what that prints", ErrUnreadable)
		case c == '$' && i+1 < len(s) && isName(s[i+1]):
			r.noteVariable(s[i:])
			b.WriteByte(c)
			inWord, i = true, i+1
		case !inWord && (strings.HasPrefix(s[i:], "“") || strings.HasPrefix(s[i:], "‘")):
			closing := strings.IndexAny(s[i+3:], "”’")
			if closing < 0 {
				return nil, fmt.Errorf("%w: a typographic quote is never closed; write ' instead", ErrUnreadable)
			}
			r.remark(true, TypographicQuotes, "write ' in their place", "%s stands where a quote was meant", s[i:i+3])
			b.WriteString(s[i+3 : i+3+closing])
			inWord, i = true, i+closing+6
		case c == ' ' || c == '\t' || c == '\r':
			end()
			i++
		case c == '#' && !inWord:
			if n := strings.IndexByte(s[i:], '\n'); n >= 0 {
				i += n
			} else {
				i = len(s)
			}
		case strings.IndexByte("\n;&|<>", c) >= 0:
			end()
			words = append(words, word{text: string(c), operator: true})
			i++
		default:
			b.WriteByte(c)
			inWord, i = true, i+1
		}
	}
	end()
	return words, nil
}

// doubleQuoted reads up to the closing quote and gives how much it took, the quote included.
func (r *Request) doubleQuoted(b *strings.Builder, s string) (int, error) {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return i + 1, nil
		case c == '\\' && i+1 < len(s) && s[i+1] == '\n':
			i++
		case c == '\\' && i+1 < len(s) && strings.IndexByte("$`\"\\", s[i+1]) >= 0:
			b.WriteByte(s[i+1])
			i++
		case strings.HasPrefix(s[i:], "$(") || c == '`':
			return 0, fmt.Errorf("%w: the command runs another one with $(…) or backticks; paste it with what that prints", ErrUnreadable)
		case c == '$' && i+1 < len(s) && (isName(s[i+1]) || s[i+1] == '{'):
			r.noteVariable(s[i:])
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return 0, fmt.Errorf("%w: a \" is never closed; copy the command to its end", ErrUnreadable)
}

func (r *Request) noteVariable(s string) {
	n := 1
	for n < len(s) && n < 40 && (isName(s[n]) || s[n] == '{' || s[n] == '}') {
		n++
	}
	r.remark(false, Variable, "paste the command with the value in its place", "%s is a variable the shell replaces; its value is not known here, so it was taken for letters", s[:n])
}

func isName(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

var dollarEscapes = map[byte]byte{'a': '\a', 'b': '\b', 'e': 0x1b, 'E': 0x1b, 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v', '\\': '\\', '\'': '\'', '"': '"', '?': '?'}

// dollarQuoted reads what is inside $'…', as browsers write it, and gives how much it took.
func dollarQuoted(b *strings.Builder, s string) (int, error) {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\'':
			return i + 1, nil
		case c != '\\' || i+1 == len(s):
			b.WriteByte(c)
		default:
			i++
			c = s[i]
			if plain, ok := dollarEscapes[c]; ok {
				b.WriteByte(plain)
				continue
			}
			most, base, from := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c], 16, i+1
			if most == 0 {
				most, base, from = 3, 8, i
			}
			to := from
			for to < len(s) && to-from < most && strings.IndexByte(hexDigits, s[to]) >= 0 && (base == 16 || s[to] <= '7') {
				to++
			}
			n, err := strconv.ParseUint(s[from:to], base, 32)
			if err != nil { // no digits: both bytes stand for themselves
				b.WriteByte('\\')
				b.WriteByte(c)
				continue
			}
			if c == 'u' || c == 'U' {
				b.WriteString(string(rune(min(n, utf8.MaxRune))))
			} else {
				b.WriteByte(byte(n))
			}
			i = to - 1
		}
	}
	return 0, fmt.Errorf("%w: a $' is never closed; copy the command to its end", ErrUnreadable)
}

// cmdWords splits a text as Windows' cmd and then the program's start-up do: ^ escapes outside quotes
// and joins lines, \" is a quote inside a word.
func cmdWords(s string) ([]word, error) {
	var line strings.Builder
	var words []word
	quoted := false
	s = strings.ReplaceAll(s, "\r\n", "\n")
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '^' && !quoted && i+1 < len(s):
			i++
			if s[i] != '\n' {
				line.WriteByte(s[i])
			} else if i+1 < len(s) && s[i+1] == '\n' {
				line.WriteByte('\n')
				i++
			}
		case c == '"':
			quoted = !quoted
			line.WriteByte(c)
		case c == '\n' && !quoted:
			more, err := argvWords(line.String())
			if err != nil {
				return nil, err
			}
			words = append(append(words, more...), word{text: "\n", operator: true})
			line.Reset()
		default:
			line.WriteByte(c)
		}
	}
	more, err := argvWords(line.String())
	return append(words, more...), err
}

// argvWords splits as Windows programs split their command line.
func argvWords(s string) ([]word, error) {
	var words []word
	var b strings.Builder
	quoted, inWord := false, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		slashes := 0
		for i < len(s) && s[i] == '\\' {
			slashes, i = slashes+1, i+1
		}
		if slashes > 0 {
			inWord = true
			if i == len(s) || s[i] != '"' {
				b.WriteString(strings.Repeat(`\`, slashes))
				i--
				continue
			}
			b.WriteString(strings.Repeat(`\`, slashes/2))
			c = '"'
			if slashes%2 == 1 {
				b.WriteByte(c)
				continue
			}
		}
		switch {
		case c == '"' && quoted && i+1 < len(s) && s[i+1] == '"':
			b.WriteByte(c)
			i++
		case c == '"':
			quoted, inWord = !quoted, true
		case !quoted && strings.IndexByte(" \t\r\n", c) >= 0:
			if inWord {
				words = append(words, word{text: b.String()})
			}
			b.Reset()
			inWord = false
		default:
			b.WriteByte(c)
			inWord = true
		}
	}
	if quoted {
		return nil, fmt.Errorf("%w: a \" is never closed; copy the command to its end", ErrUnreadable)
	}
	if inWord {
		words = append(words, word{text: b.String()})
	}
	return words, nil
}
