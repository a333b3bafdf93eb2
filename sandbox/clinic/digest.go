package clinic

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"strconv"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// algorithm is a hash; its digests have size bytes.
type algorithm struct {
	name string
	size int
	make func() hash.Hash
}

const (
	algMD5 = iota
	algSHA256
	algSHA1
	algSHA512
	algSHA384
	algSHA224
	algSHA512256
	algSHA3
	algorithms
)

var algorithmTable = [algorithms]algorithm{
	algMD5:       {"MD5", md5.Size, md5.New},
	algSHA256:    {"SHA256", sha256.Size, sha256.New},
	algSHA1:      {"SHA1", sha1.Size, sha1.New},
	algSHA512:    {"SHA512", sha512.Size, sha512.New},
	algSHA384:    {"SHA384", sha512.Size384, sha512.New384},
	algSHA224:    {"SHA224", sha256.Size224, sha256.New224},
	algSHA512256: {"SHA512/256", sha512.Size256, sha512.New512_256},
	algSHA3:      {"SHA3-256", 32, func() hash.Hash { return sha3.New256() }},
}

// keyed says what of string and key a digest is made of.
type keyed int

const (
	plainly     keyed = iota // string and key, one behind the other
	macOfString              // an HMAC of the string, with the key
	macOfBoth                // an HMAC of string and key, with the key
	macSwapped               // an HMAC of the key, with the string
)

// digest is one way to make a signature of string and key.
type digest struct {
	alg   int
	keyed keyed
	// again hashes the digest once more: what is hashed then, and with which algorithm.
	again    int
	againAlg int
	// write is how the digest is written, fit how what came is compared with it.
	write writing
	fit   fitting
	// ids name the mistakes; what they are by the sign type announced is added by names. said is the
	// sentence about each.
	ids    []string
	said   []string
	common bool
}

// What is hashed the second time.
const (
	once = iota
	upperAgain
	lowerAgain
	bytesAgain
)

// writing is a way to write bytes.
type writing int

const (
	asHex writing = iota
	asHexOfUpper
	asHexOfLower
	asBase64
	asBase64OfUpper
	asBase64OfLower
	asHexWithoutZeros
	asHexByByte
	asHexOfSigned
)

// fitting is how much of what is written has to be what came.
type fitting int

const (
	all fitting = iota
	beginning
	middle
	end
)

// leastTruncated is how many hex digits of a cut digest are needed to give a name.
const leastTruncated = 16

// digests are tried in this order, where their shape is that of what came. The first two are QFPay's.
var digests = func() []digest {
	list := []digest{{alg: algMD5, common: true}, {alg: algSHA256, common: true}}
	names := func(alg int) string { return algorithmTable[alg].name }
	other := func(alg int) (ids, said []string) {
		if alg == algMD5 || alg == algSHA256 {
			return nil, nil
		}
		return []string{OtherDigest}, []string{"the digest is a " + names(alg)}
	}
	for alg := range algorithms {
		for i, how := range [...]string{"the string, with the key as its key", "the string with the key behind it, with the key as its key", "the key, with the string as its key"} {
			list = append(list, digest{alg: alg, keyed: macOfString + keyed(i), common: i == 0 && alg <= algSHA256, ids: []string{HMAC}, said: []string{"the digest is an HMAC-" + names(alg) + " of " + how}})
		}
		if ids, said := other(alg); ids != nil {
			list = append(list, digest{alg: alg, ids: ids, said: said})
		}
	}
	for _, alg := range [...]int{algMD5, algSHA256, algSHA1, algSHA512} {
		for _, second := range [...]int{algMD5, algSHA256} {
			for again, what := range [...]string{upperAgain: "hex in upper case", lowerAgain: "hex in lower case", bytesAgain: "bytes"} {
				if again == once {
					continue
				}
				how := "the " + what + " of a " + names(alg) + " was hashed again with " + names(second)
				list = append(list, digest{alg: alg, again: again, againAlg: second, common: alg == second && again != bytesAgain, ids: []string{HashedTwice}, said: []string{how}})
			}
		}
		ids, said := other(alg)
		for write, what := range [...]string{asHexOfUpper: "the upper-case hex digits of the digest were written in hex once more", asHexOfLower: "the lower-case hex digits of the digest were written in hex once more",
			asBase64: "the bytes of the digest were written in Base64", asBase64OfUpper: "the upper-case hex of the digest was written in Base64", asBase64OfLower: "the lower-case hex of the digest was written in Base64"} {
			if what == "" {
				continue
			}
			id := Base64
			if write < int(asBase64) {
				id = HashedTwice
			}
			list = append(list, digest{alg: alg, write: writing(write), common: alg <= algSHA256, ids: append([]string{id}, ids...), said: append([]string{what}, said...)})
			if id == Base64 {
				list = append(list, digest{alg: alg, keyed: macOfString, write: writing(write), ids: []string{HMAC, Base64}, said: []string{"the digest is an HMAC-" + names(alg) + " of the string, with the key as its key", what}})
			}
		}
	}
	for alg := range algSHA1 {
		for write, what := range [...]string{asHexWithoutZeros: "the hex digits lack the zeros they begin with, as Java's BigInteger writes them", asHexByByte: "each byte was written in hex without its leading zero", asHexOfSigned: "each byte above 7f was written as a negative number, with ffffff before it"} {
			if what != "" {
				list = append(list, digest{alg: alg, write: writing(write), ids: []string{HexDigits}, said: []string{what}})
			}
		}
	}
	for _, alg := range [...]int{algMD5, algSHA256, algSHA1, algSHA512, algSHA384} {
		for fit, what := range [...]string{beginning: "first", middle: "middle", end: "last"} {
			if what != "" {
				list = append(list, digest{alg: alg, fit: fitting(fit), common: alg <= algSHA256 && fit == int(beginning), ids: []string{Truncated}, said: []string{"only the " + what + " hex digits of a " + names(alg) + " came"}})
			}
		}
	}
	return list
}()

// length is how long what is written is, -1 if that depends on the digest.
func (d *digest) length() int {
	size := algorithmTable[d.final()].size
	switch d.write {
	case asHex:
		return 2 * size
	case asHexOfUpper, asHexOfLower:
		return 4 * size
	case asBase64:
		return base64.RawStdEncoding.EncodedLen(size)
	case asBase64OfUpper, asBase64OfLower:
		return base64.RawStdEncoding.EncodedLen(2 * size)
	default:
		return -1
	}
}

// final is the algorithm whose bytes are written.
func (d *digest) final() int {
	if d.again != once {
		return d.againAlg
	}
	return d.alg
}

// mayBe reports whether a digest of this kind could look like what came.
func (d *digest) mayBe(t *target) bool {
	size := 2 * algorithmTable[d.final()].size
	switch {
	case d.write >= asBase64 && d.write <= asBase64OfLower:
		return t.isBase64 && len(t.bare) == d.length()
	case !t.isHex:
		return false
	case d.write == asHexWithoutZeros || d.write == asHexByByte:
		return len(t.core) < size && len(t.core) >= size-12
	case d.write == asHexOfSigned:
		return len(t.core) > size
	case d.fit == middle:
		return len(t.core) == size/2
	case d.fit != all:
		return len(t.core) >= leastTruncated && len(t.core) < size
	default:
		return len(t.core) == d.length()
	}
}

// mistakes are the names of what is wrong with a digest of this kind on this request.
func (d *digest) mistakes(q *request, t *target) (list []Mistake) {
	for i, id := range d.ids {
		said := d.said[i]
		if id == Truncated {
			said += ": " + strconv.Itoa(len(t.core)) + " of " + strconv.Itoa(2*algorithmTable[d.alg].size)
		}
		list = append(list, Mistake{ID: id, Detail: said, Change: changeOf(id)})
	}
	if d.fit != all || d.again != once && d.alg > algSHA256 {
		return list
	}
	switch alg := d.final(); {
	case alg == algSHA256 && q.SignType == qfpay.MD5:
		if said := q.signTypeCame(); said != "" {
			list = append(list, Mistake{ID: SignTypeMisspelt, Detail: said, Change: changeOf(SignTypeMisspelt)})
		} else if q.browser {
			list = append(list, Mistake{ID: SHA256WithoutHeader, Detail: "the digest is a SHA256; this address takes MD5 only, because a browser sends no headers of a merchant's", Change: "sign this address with MD5"})
		} else {
			list = append(list, Mistake{ID: SHA256WithoutHeader, Detail: "the digest is a SHA256, and no header X-QF-SIGNTYPE came, so MD5 was expected", Change: changeOf(SHA256WithoutHeader)})
		}
	case alg == algMD5 && q.SignType == qfpay.SHA256:
		list = append(list, Mistake{ID: MD5ForSHA256, Detail: "X-QF-SIGNTYPE says SHA256, and the digest is an MD5", Change: changeOf(MD5ForSHA256)})
	}
	return list
}

// hashes keeps a hash of each kind, and the last HMAC of each, for they are made often.
type hashes struct {
	plain [algorithms]hash.Hash
	mac   [algorithms]hash.Hash
	keys  [algorithms]string
	room  [64]byte
	hex   [2 * 64]byte
}

func (h *hashes) of(alg int) hash.Hash {
	if h.plain[alg] == nil {
		h.plain[alg] = algorithmTable[alg].make()
	}
	h.plain[alg].Reset()
	return h.plain[alg]
}

func (h *hashes) keyed(alg int, key string) hash.Hash {
	if h.mac[alg] == nil || h.keys[alg] != key {
		h.mac[alg], h.keys[alg] = hmac.New(algorithmTable[alg].make, []byte(key)), key
	}
	h.mac[alg].Reset()
	return h.mac[alg]
}

// sum is the digest's bytes; message is string and key joined, text the string alone.
func (h *hashes) sum(d *digest, message, text []byte, key string) []byte {
	var made []byte
	switch d.keyed {
	case plainly:
		f := h.of(d.alg)
		f.Write(message)
		made = f.Sum(h.room[:0])
	case macOfString:
		f := h.keyed(d.alg, key)
		f.Write(text)
		made = f.Sum(h.room[:0])
	case macOfBoth:
		f := h.keyed(d.alg, key)
		f.Write(message)
		made = f.Sum(h.room[:0])
	default:
		f := hmac.New(algorithmTable[d.alg].make, text)
		f.Write([]byte(key))
		made = f.Sum(h.room[:0])
	}
	return h.second(d, made)
}

func (h *hashes) second(d *digest, made []byte) []byte {
	if d.again == once {
		return made
	}
	f := h.of(d.againAlg)
	switch d.again {
	case bytesAgain:
		f.Write(made)
	case upperAgain:
		f.Write(appendHex(h.hex[:0], made, upperHex))
	default:
		f.Write(appendHex(h.hex[:0], made, lowerHex))
	}
	return f.Sum(h.room[:0])
}

func appendHex(dst, sum []byte, digits string) []byte {
	for _, c := range sum {
		dst = append(dst, digits[c>>4], digits[c&15])
	}
	return dst
}

// written is the digest as text, hex in lower case.
func (d *digest) written(sum []byte) string {
	switch d.write {
	case asHexOfUpper:
		return hex.EncodeToString(appendHex(nil, sum, upperHex))
	case asHexOfLower:
		return hex.EncodeToString(appendHex(nil, sum, lowerHex))
	case asBase64:
		return base64.RawStdEncoding.EncodeToString(sum)
	case asBase64OfUpper:
		return base64.RawStdEncoding.EncodeToString(appendHex(nil, sum, upperHex))
	case asBase64OfLower:
		return base64.RawStdEncoding.EncodeToString(appendHex(nil, sum, lowerHex))
	case asHexWithoutZeros:
		return strings.TrimLeft(hex.EncodeToString(sum), "0")
	case asHexByByte, asHexOfSigned:
		var b strings.Builder
		for _, c := range sum {
			switch {
			case d.write == asHexByByte:
				b.WriteString(strconv.FormatUint(uint64(c), 16))
			case c < 0x80:
				b.WriteString(hex.EncodeToString([]byte{c}))
			default:
				b.WriteString("ffffff" + hex.EncodeToString([]byte{c}))
			}
		}
		return b.String()
	default:
		return hex.EncodeToString(sum)
	}
}

func md5Of(s string) []byte {
	sum := md5.Sum([]byte(s))
	return sum[:]
}

func hexOf(sum []byte, upper bool) string {
	if upper {
		return string(appendHex(nil, sum, upperHex))
	}
	return string(appendHex(nil, sum, lowerHex))
}
