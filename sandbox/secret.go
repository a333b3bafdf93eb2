package sandbox

import (
	"bytes"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf16"
)

// What stands where a secret was.
const (
	keyMask   = "(client_key)"
	tokenMask = "(control token)"
)

// ellipsis is where a text of ours was cut.
const ellipsis = "…"

// leastBeginning is how much of a secret's beginning is masked where a text was cut within it.
const leastBeginning = 6

// secret is what must not reach the journal, in every spelling it can have on its way.
type secret struct {
	word string
	mask string
	// spellings is nil for a word that is spelled alike in addresses, forms and JSON.
	spellings *regexp.Regexp
}

func secretOf(key string) secret {
	return secret{word: key, mask: keyMask, spellings: spellingsOf(key)}
}

// spellingsOf matches a key as it is, percent-encoded once or twice in parts or wholly, and in JSON.
func spellingsOf(key string) *regexp.Regexp {
	if strings.Trim(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~") == "" {
		return nil
	}
	var pattern strings.Builder
	for _, r := range key {
		ways := []string{`\\?` + regexp.QuoteMeta(string(r))}
		once, twice := "", ""
		for _, b := range []byte(string(r)) {
			once += fmt.Sprintf("%%%02x", b)
			twice += fmt.Sprintf("%%25%02x", b)
		}
		ways = append(ways, once, twice)
		units := ""
		for _, unit := range utf16.Encode([]rune{r}) {
			units += fmt.Sprintf(`\\+u%04x`, unit)
		}
		ways = append(ways, units)
		if r == ' ' {
			ways = append(ways, `\+`, "%2b")
		}
		pattern.WriteString("(?:" + ways[0])
		for _, way := range ways[1:] {
			pattern.WriteString("|(?i:" + way + ")")
		}
		pattern.WriteString(")")
	}
	return regexp.MustCompile(pattern.String())
}

func (s *secret) in(text string) bool {
	if s.spellings == nil {
		return strings.Contains(text, s.word)
	}
	return s.spellings.MatchString(text)
}

func (s *secret) inBytes(b []byte) bool {
	if s.spellings == nil {
		return bytes.Contains(b, []byte(s.word))
	}
	return s.spellings.Match(b)
}

func (s *secret) hide(text string) string {
	if s.in(text) {
		if s.spellings == nil {
			text = strings.ReplaceAll(text, s.word, s.mask)
		} else {
			text = s.spellings.ReplaceAllLiteralString(text, s.mask)
		}
	}
	if !strings.Contains(text, ellipsis) {
		return text
	}
	parts := strings.Split(text, ellipsis)
	for i, part := range parts[:len(parts)-1] {
		part, quoted := strings.CutSuffix(part, `"`)
		if n := s.beginning(part); n > 0 {
			part = part[:len(part)-n] + s.mask
		}
		if quoted {
			part += `"`
		}
		parts[i] = part
	}
	return strings.Join(parts, ellipsis)
}

func (s *secret) hideBytes(b []byte) []byte {
	switch {
	case !s.inBytes(b):
		return b
	case s.spellings == nil:
		return bytes.ReplaceAll(b, []byte(s.word), []byte(s.mask))
	default:
		return s.spellings.ReplaceAllLiteral(b, []byte(s.mask))
	}
}

// hideBeginning masks the beginning of the secret at which a body was cut.
func (s *secret) hideBeginning(b []byte) []byte {
	end := b[max(0, len(b)-3*3*len(s.word)):]
	n := s.beginning(string(end))
	if n == 0 {
		return b
	}
	return append(b[:len(b)-n:len(b)-n], s.mask...)
}

// beginning gives how many bytes at the end of a text are the secret's beginning.
func (s *secret) beginning(text string) int {
	once := url.QueryEscape(s.word)
	for _, form := range []string{s.word, once, url.QueryEscape(once)} {
		for n := min(len(form)-1, len(text)); n >= leastBeginning; n-- {
			if strings.HasSuffix(text, form[:n]) {
				return n
			}
		}
	}
	return 0
}
