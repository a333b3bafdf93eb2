package memstore

import (
	"hash/maphash"
	"slices"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// payers lists the records of each openid in the order they came, by the openid's hash. Two openids
// may share one: whoever asks must compare with the record.
type payers struct {
	seed maphash.Seed
	of   map[uint64][]uint32
}

// add puts a record where its number says: an order may become a payer's long after others came.
func (p *payers) add(o sandbox.OpenID, record uint32) {
	if o == "" {
		return
	}
	if p.of == nil {
		p.of = make(map[uint64][]uint32)
	}
	h := maphash.String(p.seed, string(o))
	at, _ := slices.BinarySearch(p.of[h], record)
	p.of[h] = slices.Insert(p.of[h], at, record)
}

func (p *payers) remove(o sandbox.OpenID, record uint32) {
	if len(p.of) == 0 {
		return
	}
	h := maphash.String(p.seed, string(o))
	at, found := slices.BinarySearch(p.of[h], record)
	if !found {
		return
	}
	if p.of[h] = slices.Delete(p.of[h], at, at+1); len(p.of[h]) == 0 {
		delete(p.of, h)
	}
}

// backward gives the records that may be the openid's, newest first, until yield returns false.
func (p *payers) backward(o sandbox.OpenID, yield func(record uint32) bool) {
	if len(p.of) == 0 {
		return
	}
	for _, record := range slices.Backward(p.of[maphash.String(p.seed, string(o))]) {
		if !yield(record) {
			return
		}
	}
}
