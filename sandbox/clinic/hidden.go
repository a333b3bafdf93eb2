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
	// filter has a bit for each end of a long key, so that nearly no place of a text needs a look.
	filter [1 << 10]uint64
}

// bit is where the last four bytes of a key stand in the filter.
func bit(end string) (word, mask uint64) {
	n := uint32(end[0]) | uint32(end[1])<<8 | uint32(end[2])<<16 | uint32(end[3])<<24
	n = n * 2654435761 >> 16
	return uint64(n >> 6), 1 << (n & 63)
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
			word, mask := bit(key[len(key)-4:])
			s.filter[word] |= mask
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
		if word, mask := bit(text[i-4 : i]); s.filter[word]&mask == 0 {
			continue
		}
		for _, key := range s.long[[shortKey]byte([]byte(text[i-shortKey:i]))] {
			if strings.HasSuffix(text[:i], key) && !slices.Contains(found, key) {
				found = append(found, key)
			}
		}
	}
	return found
}

// keysIn gives the keys of Apps that a request carries, in its parameters, its headers, its address
// or the first 64 KiB of its body. They are nobody's to read.
func keysIn(c Case) []string {
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
