package memstore

import (
	"encoding/binary"
	"net/textproto"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// An exchange is stored as one run of bytes too: the journal is always full under load, and the
// garbage collector would walk each of its headers again and again.

// packExchange appends the exchange's bytes, all but Seq, and says how many of them are address,
// headers, bodies and words, which the journal is bounded by.
func packExchange(to []byte, e *sandbox.Exchange) (packed []byte, size int) {
	p := packing{out: to}
	p.exchange(e)
	size = p.counted + len(e.URL) + len(e.RequestBody) + len(e.AnswerBody)
	for i := range e.Findings {
		f := &e.Findings[i]
		size += len(f.Detail) + len(f.Received) + len(f.Expected) + len(f.Change)
	}
	return p.out, size
}

// unpackExchange is packExchange's inverse. The texts share the packed one's memory.
func unpackExchange(seq uint64, packed string) sandbox.Exchange {
	p := packing{in: packed, reading: true}
	e := sandbox.Exchange{Seq: seq}
	p.exchange(&e)
	return e
}

// unpackApp reads no more than whose exchange it is.
func unpackApp(packed []byte) sandbox.AppCode {
	length, at := binary.Varint(packed)
	return sandbox.AppCode(packed[at : at+int(length)])
}

func (p *packing) exchange(e *sandbox.Exchange) {
	p.text((*string)(&e.App)) // in front, for unpackApp
	p.instant(&e.At)
	p.instant(&e.Started)
	p.number((*int64)(&e.Took))
	p.text(&e.Surface)
	p.text(&e.Method)
	p.text(&e.URL)
	p.header(&e.RequestHeader)
	p.body(&e.RequestBody)
	p.count(&e.RequestCut)
	p.count(&e.Status)
	p.header(&e.AnswerHeader)
	p.body(&e.AnswerBody)
	p.count(&e.AnswerCut)
	p.text(&e.Error)
	p.text((*string)(&e.Respcd))
	p.text((*string)(&e.Fidelity))
	p.text(&e.DecidedBy)
	p.text((*string)(&e.OutTradeNo))
	p.text((*string)(&e.Syssn))
	p.text((*string)(&e.Payer))
	p.text((*string)(&e.OpenID))
	p.findings(&e.Findings)
}

func (p *packing) count(n *int) {
	wide := int64(*n)
	p.number(&wide)
	*n = int(wide)
}

// length writes or reads how many there are, and tells none from nothing.
func (p *packing) length(n int, isNil bool) (int, bool) {
	if isNil {
		n = -1
	}
	p.count(&n)
	return n, n < 0
}

func (p *packing) body(b *[]byte) {
	n, isNil := p.length(len(*b), *b == nil)
	switch {
	case isNil:
	case p.reading:
		*b, p.in = []byte(p.in[:n]), p.in[n:]
	default:
		p.out = append(p.out, *b...)
	}
}

func (p *packing) header(h *textproto.MIMEHeader) {
	n, isNil := p.length(len(*h), *h == nil)
	if isNil {
		return
	}
	if !p.reading {
		for name, values := range *h {
			p.text(&name)
			p.values(&values)
			for i := range values {
				p.counted += len(name) + len(values[i])
			}
		}
		return
	}
	*h = make(textproto.MIMEHeader, n)
	for range n {
		var name string
		var values []string
		p.text(&name)
		p.values(&values)
		(*h)[name] = values
	}
}

func (p *packing) values(list *[]string) {
	n, isNil := p.length(len(*list), *list == nil)
	if isNil {
		return
	}
	if p.reading {
		*list = make([]string, n)
	}
	for i := range *list {
		p.text(&(*list)[i])
	}
}

func (p *packing) findings(list *[]sandbox.Finding) {
	n, isNil := p.length(len(*list), *list == nil)
	if isNil {
		return
	}
	if p.reading {
		*list = make([]sandbox.Finding, n)
	}
	for i := range *list {
		p.text(&(*list)[i].ID)
		p.text(&(*list)[i].Detail)
		p.text(&(*list)[i].Received)
		p.text(&(*list)[i].Expected)
		p.text(&(*list)[i].Change)
	}
}
