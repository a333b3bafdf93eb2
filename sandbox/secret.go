package sandbox

import (
	"bytes"
	"net/url"
	"strings"
)

// What stands where a secret was.
const (
	keyMask      = "(client_key)"
	MaskedSecret = "(secret)"
	tokenMask    = "(control token)"
)

// ellipsis is where a text of ours was cut.
const ellipsis = "…"

// leastBeginning is how much of a secret's beginning is masked where a text was cut within it.
const leastBeginning = 6

// secret is what must not reach the journal, in every spelling it can have on its way.
type secret struct {
	word string
	mask string
	// odd is a word with characters that nearly everybody has to encode.
	odd bool
}

// secretOf tells QFPay's keys from WeChat's AppSecrets by their shape.
func secretOf(key string) secret {
	if secretShape.MatchString(key) {
		return newSecret(key, MaskedSecret)
	}
	return newSecret(key, keyMask)
}

func newSecret(word, mask string) secret {
	for i := range len(word) {
		if !isUnreserved(word[i]) {
			return secret{word, mask, true}
		}
	}
	return secret{word, mask, false}
}

func (s *secret) in(text string) bool {
	return strings.Contains(text, s.word) || maySpell(s, text) && spelled(text, s.word)
}

func (s *secret) inBytes(b []byte) bool {
	return bytes.Contains(b, []byte(s.word)) || maySpell(s, b) && spelled(b, s.word)
}

func (s *secret) hide(text string) string {
	if s.in(text) {
		text = string(replaceSpelled(text, s.word, s.mask))
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
	if !s.inBytes(b) {
		return b
	}
	return replaceSpelled(b, s.word, s.mask)
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
