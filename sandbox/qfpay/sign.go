package qfpay

import (
	"crypto/md5"
	"crypto/sha256"
	"crypto/subtle"
	"strings"
)

// SignType is the digest a caller signs with.
type SignType int

// The two digests. MD5 holds unless the caller sends X-QF-SIGNTYPE: SHA256.
const (
	MD5 SignType = iota
	SHA256
)

// SignTypeOf reads an X-QF-SIGNTYPE header: SHA256 in any letter case, blanks around it ignored; anything else,
// also nothing, is MD5. Source: QFPay's authentication page; the letter case is assumed to be free.
func SignTypeOf(header string) SignType {
	if strings.EqualFold(strings.TrimSpace(header), "SHA256") {
		return SHA256
	}
	return MD5
}

// String is the name QFPay's header uses.
func (t SignType) String() string {
	if t == SHA256 {
		return "SHA256"
	}
	return "MD5"
}

// Sign is the upper-case hex digest of canonical with clientKey appended.
func Sign(canonical, clientKey string, t SignType) string {
	var room [1024]byte
	b := append(room[:0], canonical...)
	b = append(b, clientKey...)
	return hexDigest(b, t)
}

// Verify reports whether sign is a signature of p by clientKey: over the canonical string with or without its empty
// values, hex in either case, compared in constant time. An empty key or sign never verifies.
func Verify(p Params, clientKey, sign string, t SignType) bool {
	if clientKey == "" || sign == "" {
		return false
	}
	var room [1024]byte
	b := p.appendCanonical(room[:0], false)
	if sameDigest(append(b, clientKey...), sign, t) {
		return true
	}
	if !p.HasEmpty() {
		return false
	}
	b = p.appendCanonical(room[:0], true)
	return sameDigest(append(b, clientKey...), sign, t)
}

// HasEmpty reports whether a parameter has an empty value, so that there are two canonical strings.
func (p Params) HasEmpty() bool {
	for i := range p {
		if p[i].Value == "" {
			return true
		}
	}
	return false
}

// SignBody is what QFPay puts in X-QF-SIGN of answers and notifications: the upper-case MD5 of the body's bytes with
// clientKey appended, whatever digest the caller uses. Source: the Japan reference, section 3.4, and the
// notification page.
func SignBody(body []byte, clientKey string) string {
	var room [2048]byte
	return hexDigest(append(append(room[:0], body...), clientKey...), MD5)
}

// VerifyBody reports whether sign is SignBody's result for body, hex in either case, compared in constant time. An
// empty key or sign never verifies.
func VerifyBody(body []byte, clientKey, sign string) bool {
	if clientKey == "" || sign == "" {
		return false
	}
	var room [2048]byte
	return sameDigest(append(append(room[:0], body...), clientKey...), sign, MD5)
}

const upperHex = "0123456789ABCDEF"

func hexDigest(b []byte, t SignType) string {
	var out [64]byte
	if t == SHA256 {
		sum := sha256.Sum256(b)
		return string(appendUpper(out[:0], sum[:]))
	}
	sum := md5.Sum(b)
	return string(appendUpper(out[:0], sum[:]))
}

func appendUpper(dst, sum []byte) []byte {
	for _, c := range sum {
		dst = append(dst, upperHex[c>>4], upperHex[c&15])
	}
	return dst
}

// sameDigest compares the digest of b with sign, which must be hex of exactly the digest's length.
func sameDigest(b []byte, sign string, t SignType) bool {
	var got [32]byte
	size := md5.Size
	if t == SHA256 {
		size = sha256.Size
	}
	if len(sign) != 2*size {
		return false
	}
	for i := range size {
		hi, lo := sign[2*i], sign[2*i+1]
		if !isHex(hi) || !isHex(lo) {
			return false
		}
		got[i] = nibble(hi)<<4 | nibble(lo)
	}
	if t == SHA256 {
		want := sha256.Sum256(b)
		return subtle.ConstantTimeCompare(got[:size], want[:]) == 1
	}
	want := md5.Sum(b)
	return subtle.ConstantTimeCompare(got[:size], want[:]) == 1
}
