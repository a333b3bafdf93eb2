package wechat

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"time"
)

const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// NewCode draws an OAuth code: 32 letters and digits, a 0, two digits, and a tail that repeats the head as real ones
// do. Source: captured codes. Errors are the reader's.
func NewCode(r io.Reader) (string, error) {
	var code [32]byte
	code[0] = '0'
	if err := draw(code[1:3], r, alphanumeric[:10]); err != nil {
		return "", fmt.Errorf("draw oauth code: %w", err)
	}
	if err := draw(code[3:], r, alphanumeric); err != nil {
		return "", fmt.Errorf("draw oauth code: %w", err)
	}
	copy(code[26:31], code[2:7])
	return string(code[:]), nil
}

// draw fills dst with letters of the alphabet, one byte of r for each, so that a seeded stream is used up evenly. The
// slight preference this gives the first letters does not matter here.
func draw(dst []byte, r io.Reader, alphabet string) error {
	if _, err := io.ReadFull(r, dst); err != nil {
		return err
	}
	for i, b := range dst {
		dst[i] = alphabet[int(b)%len(alphabet)]
	}
	return nil
}

// OpenIDFor is the openid of one payer at one official account: 28 characters, o and 27 of A-Z a-z 0-9 _ -. The same
// pair always gives the same one, another appid another.
func OpenIDFor(payerID, appID string) string {
	sum := sha256.Sum256([]byte(strconv.Itoa(len(payerID)) + ":" + payerID + appID))
	return "o" + base64.RawURLEncoding.EncodeToString(sum[:])[:27]
}

// ValidOpenID reports whether s has the shape of an openid. It says nothing about whether anybody owns it.
func ValidOpenID(s string) bool {
	if len(s) != 28 || s[0] != 'o' {
		return false
	}
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '-':
		default:
			return false
		}
	}
	return true
}

var chinaTime = time.FixedZone("UTC+8", 8*60*60)

// NewPrepayID draws a prepay id of the current shape: wx, DDHHMMSS of t in UTC+8, and 26 lower-case hex digits;
// 36 characters. Errors are the reader's.
func NewPrepayID(t time.Time, r io.Reader) (string, error) {
	tail, err := lowerHex(r, 13)
	if err != nil {
		return "", fmt.Errorf("draw prepay id: %w", err)
	}
	return "wx" + t.In(chinaTime).Format("02150405") + tail, nil
}

// NewNonce draws a nonceStr: 32 lower-case hex digits. Errors are the reader's.
func NewNonce(r io.Reader) (string, error) {
	nonce, err := lowerHex(r, 16)
	if err != nil {
		return "", fmt.Errorf("draw nonce: %w", err)
	}
	return nonce, nil
}

// NewAppID draws an official account's id: wx and 16 lower-case hex digits; 18 characters, although QFPay's document
// says 16. Errors are the reader's.
func NewAppID(r io.Reader) (string, error) {
	tail, err := lowerHex(r, 8)
	if err != nil {
		return "", fmt.Errorf("draw appid: %w", err)
	}
	return "wx" + tail, nil
}

func lowerHex(r io.Reader, bytes int) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(r, b[:bytes]); err != nil {
		return "", err
	}
	return hex.EncodeToString(b[:bytes]), nil
}
