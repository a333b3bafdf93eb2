package memstore

import (
	"hash/maphash"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// index finds records by the hash of what they are found by. It keeps no keys: whoever asks must
// compare with the record, and of two keys with one hash the second stands at the next hash free.
type index struct {
	seed   maphash.Seed
	places map[uint64]uint32
}

// key is what a transaction is found by: the way, and the words.
type key struct {
	way   way
	words [2]string
}

type way uint8

const (
	bySyssn way = iota
	byOutTradeNo
	byPrepayID
)

func syssnKey(n sandbox.Syssn) key { return key{bySyssn, [2]string{string(n)}} }

func outTradeNoKey(m sandbox.Mchid, n sandbox.OutTradeNo) key {
	return key{byOutTradeNo, [2]string{string(m), string(n)}}
}

func prepayIDKey(id string) key { return key{byPrepayID, [2]string{id}} }

// of reports whether the transaction is found by this key.
func (k key) of(t *sandbox.Transaction) bool {
	switch k.way {
	case bySyssn:
		return k == syssnKey(t.Syssn)
	case byOutTradeNo:
		return k == outTradeNoKey(t.Mchid, t.OutTradeNo)
	default:
		return k == prepayIDKey(t.PrepayID)
	}
}

// find gives the record of this key that is the right one.
func (x *index) find(k key, right func(record uint32) bool) bool {
	if len(x.places) == 0 {
		return false
	}
	for h := maphash.Comparable(x.seed, k); ; h++ {
		record, ok := x.places[h]
		if !ok || right(record) {
			return ok
		}
	}
}

func (x *index) add(k key, record uint32) {
	if x.places == nil {
		x.places = make(map[uint64]uint32)
	}
	h := maphash.Comparable(x.seed, k)
	for {
		if _, taken := x.places[h]; !taken {
			break
		}
		h++
	}
	x.places[h] = record
}
