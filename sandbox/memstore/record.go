package memstore

import (
	"encoding/binary"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// A transaction is stored as one run of bytes: a million structs with their strings would cost the
// garbage collector a walk over tens of millions of pointers, and twice the memory.

// pack appends the transaction's bytes, all but App.
func pack(to []byte, t *sandbox.Transaction) []byte {
	p := packing{out: to}
	p.transaction(t)
	return p.out
}

// unpack is pack's inverse. The texts share the packed one's memory.
func unpack(app sandbox.AppCode, packed string) sandbox.Transaction {
	p := packing{in: packed, reading: true}
	t := sandbox.Transaction{App: app}
	p.transaction(&t)
	return t
}

// packing either writes fields to out or reads them from in, so that one list of fields serves both ways.
type packing struct {
	out     []byte
	in      string
	reading bool
	counted int // bytes of headers
}

func (p *packing) transaction(t *sandbox.Transaction) {
	p.text((*string)(&t.Kind))
	p.text((*string)(&t.State))
	p.text((*string)(&t.Syssn))
	p.text((*string)(&t.Mchid))
	p.text((*string)(&t.OutTradeNo))
	p.text((*string)(&t.PayType))
	p.number((*int64)(&t.Amount))
	p.text((*string)(&t.Currency))
	p.text(&t.Txdtm)
	p.text(&t.GoodsName)
	p.text(&t.Udid)
	p.text(&t.NotifyURL)
	p.text(&t.ReturnURL)
	p.text((*string)(&t.OpenID))
	p.text(&t.AppID)
	p.text(&t.PrepayID)
	p.text(&t.LimitPay)
	p.realName(&t.RealName)
	p.text((*string)(&t.Behaviour))
	p.text(&t.Lever)
	p.text((*string)(&t.Variant))
	p.instant(&t.CreatedAt)
	p.instant(&t.ExpiresAt)
	p.instant(&t.PaidAt)
	p.instant(&t.ClosedAt)
	p.text(&t.Chnlsn)
	p.text((*string)(&t.Failure))
	p.instant(&t.DueAt)
	p.text((*string)(&t.DueFailure))
	p.number((*int64)(&t.Refunded))
	p.number((*int64)(&t.Refunding))
	p.text((*string)(&t.OrigSyssn))
	p.text((*string)(&t.OrigOutTradeNo))
	p.text(&t.Note)
}

func (p *packing) number(n *int64) {
	if !p.reading {
		if 0 <= *n && *n < 0x40 { // nearly every length
			p.out = append(p.out, byte(*n)<<1)
			return
		}
		p.out = binary.AppendVarint(p.out, *n)
		return
	}
	// binary.Varint reads bytes, not text.
	var u uint64
	for shift := 0; ; shift += 7 {
		b := p.in[0]
		p.in = p.in[1:]
		if u |= uint64(b&0x7f) << shift; b < 0x80 {
			break
		}
	}
	*n = int64(u>>1) ^ -int64(u&1)
}

func (p *packing) text(s *string) {
	length := int64(len(*s))
	p.number(&length)
	if !p.reading {
		p.out = append(p.out, *s...)
		return
	}
	*s, p.in = p.in[:length], p.in[length:]
}

func (p *packing) truth(b *bool) {
	n := int64(0)
	if *b {
		n = 1
	}
	p.number(&n)
	*b = n == 1
}

// instant keeps the moment, not its zone.
func (p *packing) instant(t *time.Time) {
	set := !t.IsZero()
	p.truth(&set)
	if !set {
		*t = time.Time{}
		return
	}
	sec, nsec := t.Unix(), int64(t.Nanosecond())
	p.number(&sec)
	p.number(&nsec)
	if p.reading {
		*t = time.Unix(sec, nsec).UTC()
	}
}

func (p *packing) realName(r **sandbox.RealName) {
	set := *r != nil
	if p.truth(&set); !set {
		return
	}
	if p.reading {
		*r = &sandbox.RealName{}
	}
	p.text(&(*r).CreID)
	p.text(&(*r).TrueName)
}
