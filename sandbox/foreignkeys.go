package sandbox

import (
	"bytes"
	"context"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// leastForeign is how long the key of an App must be to be looked for in what is not that App's: a
// shorter one stands in many a word. It is masked all the same where the app code belongs.
const leastForeign = 8

// foreignKeys gives the keys of other Apps that passed with an exchange that is nobody's or was
// refused: that is where a merchant mixes up what belongs where. What is accepted pays nothing.
func (g *Gateway) foreignKeys(ctx context.Context, e *Exchange) ([]string, error) {
	if e.App != "" && (e.Respcd == "" || e.Respcd == qfpay.RespOK) {
		return nil, nil
	}
	var found []string
	swapped := e.RequestHeader.Get("X-QF-APPCODE")
	passed := passedIn(e)
	var after AppCode
	for {
		apps, err := g.Store.Apps(ctx, after, 1000)
		if err != nil || len(apps) == 0 {
			return found, err
		}
		for _, a := range apps {
			after = a.Code
			for _, key := range a.keys() {
				if key == "" || key != swapped && len(key) < leastForeign || !passed.mayHold(key) {
					continue
				}
				if one := secretOf(key); e.holds(&one) {
					found = append(found, key)
				}
			}
		}
	}
}

// pieces remembers which runs of four bytes passed, so that nearly no key is looked for in vain.
type pieces struct {
	bits []uint64
	mask uint32
}

const pieceLength = 4

func passedIn(e *Exchange) *pieces {
	size := len(e.URL) + len(e.Error) + len(e.RequestBody) + len(e.AnswerBody) + 4096
	bits := uint32(1 << 16)
	for bits < uint32(size)*16 {
		bits <<= 1
	}
	p := &pieces{make([]uint64, bits/64), bits - 1}
	add(p, e.URL)
	add(p, e.Error)
	add(p, string(e.OutTradeNo))
	add(p, string(e.Payer))
	add(p, e.RequestBody)
	add(p, e.AnswerBody)
	for _, header := range [...]map[string][]string{e.RequestHeader, e.AnswerHeader} {
		for name, values := range header {
			add(p, name)
			for _, v := range values {
				add(p, v)
			}
		}
	}
	for i := range e.Findings {
		for _, said := range e.Findings[i].texts() {
			add(p, *said)
		}
	}
	return p
}

// add remembers a text as it is and in its plainest form.
func add[T string | []byte](p *pieces, text T) {
	put(p, text)
	put(p, plainest(text))
}

func put[T string | []byte](p *pieces, text T) {
	for i := 0; i+pieceLength <= len(text); i++ {
		at := p.place(text[i], text[i+1], text[i+2], text[i+3])
		p.bits[at/64] |= 1 << (at % 64)
	}
}

func (p *pieces) place(a, b, c, d byte) uint32 {
	n := uint32(a) | uint32(b)<<8 | uint32(c)<<16 | uint32(d)<<24
	return n * 2654435761 >> 7 & p.mask
}

// mayHold is false only for a key that did not pass. It looks for the key's end, for generated ones
// begin alike; an end that may be read as the beginning of something encoded may always have passed.
func (p *pieces) mayHold(key string) bool {
	plain := plainest(key)
	if len(plain) < 2*pieceLength {
		return true
	}
	end := plain[len(plain)-pieceLength:]
	if bytes.ContainsAny(end, "%\\") || plain[len(plain)-1] > 127 || key[len(key)-1] == '\\' {
		return true
	}
	at := p.place(end[0], end[1], end[2], end[3])
	return p.bits[at/64]&(1<<(at%64)) != 0
}
