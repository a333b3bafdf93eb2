package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// sealOf is a MAC over words with a key that follows from the App's seed.
func sealOf(a App, purpose string, words ...string) [sha256.Size]byte {
	var key [32]byte
	_, _ = streamFrom(a.Seed, "seal "+purpose, 0).Read(key[:]) // never fails
	mac := hmac.New(sha256.New, key[:])
	for _, w := range words {
		mac.Write([]byte(w))
		mac.Write([]byte{0})
	}
	var sum [sha256.Size]byte
	mac.Sum(sum[:0])
	return sum
}

// A sealed text carries its words, and a seal in front that only the App's seed makes: what WeChat
// keeps of a token is in the token itself. The first word is the appid it belongs to.
const sealSize = 16

func sealText(a App, purpose string, words ...string) string {
	sum := sealOf(a, purpose, words...)
	return base64.RawURLEncoding.EncodeToString(append(sum[:sealSize:sealSize], strings.Join(words, "\x00")...))
}

// wordsSealed are the words of a sealed text, not yet held to its seal; nil where it is none.
func wordsSealed(text string) []string {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) <= sealSize {
		return nil
	}
	return strings.Split(string(raw[sealSize:]), "\x00")
}

// isSealed reports whether the text is what sealText makes of these words.
func isSealed(a App, purpose, text string, words []string) bool {
	return hmac.Equal([]byte(sealText(a, purpose, words...)), []byte(text))
}
