package clinic

import (
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// shortKey: a shorter key is looked for as a whole value only. Some are so short that they stand in
// every amount.
const shortKey = 8

// secrets finds the keys of Apps in texts, without a search for each key.
type secrets struct {
	// long keys by their last bytes, for generated ones begin alike.
	long  map[[shortKey]byte][]string
	short map[string]bool
}

func secretsOf(c *Case) *secrets {
	s := &secrets{long: make(map[[shortKey]byte][]string, len(c.Others)+2), short: map[string]bool{}}
	add := func(key string) {
		if key == "" {
			return
		}
		if len(key) < shortKey {
			s.short[key] = true
			return
		}
		tail := [shortKey]byte([]byte(key[len(key)-shortKey:]))
		if !slices.Contains(s.long[tail], key) {
			s.long[tail] = append(s.long[tail], key)
		}
	}
	add(c.App.ClientKey)
	add(c.App.PreviousKey)
	for i := range c.Others {
		add(c.Others[i].ClientKey)
		add(c.Others[i].PreviousKey)
	}
	return s
}

// in gives the keys that a text holds.
func (s *secrets) in(text string, found []string) []string {
	if s.short[text] && !slices.Contains(found, text) {
		found = append(found, text)
	}
	for i := shortKey; i <= len(text); i++ {
		for _, key := range s.long[[shortKey]byte([]byte(text[i-shortKey:i]))] {
			if strings.HasSuffix(text[:i], key) && !slices.Contains(found, key) {
				found = append(found, key)
			}
		}
	}
	return found
}

// KeysIn gives the keys of Apps that a request carries, in its parameters, its headers, its address
// or the first 64 KiB of its body. They are nobody's to read: a journal hides them.
func KeysIn(c Case) []string {
	s := secretsOf(&c)
	var found []string
	for _, p := range c.Params {
		found = s.in(p.Value, s.in(p.Name, found))
	}
	for name, values := range c.Header {
		found = s.in(name, found)
		for _, v := range values {
			found = s.in(v, found)
		}
	}
	if c.URL != nil {
		found = s.in(c.URL.Path, s.in(c.URL.RawQuery, found))
		for _, p := range segments(c.URL.RawQuery) {
			found = s.in(p.Value, found)
		}
	}
	return s.in(string(c.Body[:min(len(c.Body), 64<<10)]), found)
}

// hide masks keys in a text; the longest first, for one may begin like another.
func hide(text string, keys []string) string {
	for _, key := range keys {
		if text == key {
			return keyMask
		}
		if len(key) >= shortKey {
			text = sandbox.HideKey(text, key)
		}
	}
	return text
}
