package memstore

import (
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// timeline lists records in the order they came. Each stretch of it knows its earliest and latest
// instant, so that those outside a range are passed over as a whole: clocks can be moved, and two
// calls at once can come in another order than their instants.
type timeline struct {
	records   []uint32
	stretches []span
}

// span is from the first instant to the last.
type span struct{ first, last time.Time }

const stretchLength = 256

func (l *timeline) add(record uint32, at time.Time) {
	if len(l.records)%stretchLength == 0 {
		l.stretches = append(l.stretches, span{at, at})
	}
	l.records = append(l.records, record)
	s := &l.stretches[len(l.stretches)-1]
	if at.Before(s.first) {
		s.first = at
	}
	if at.After(s.last) {
		s.last = at
	}
}

// touches reports whether the span has an instant of the range.
func (s span) touches(r sandbox.TransactionRange) bool {
	return (r.From.IsZero() || !s.last.Before(r.From)) && (r.To.IsZero() || s.first.Before(r.To))
}

// backward gives the records that may be in the range, newest first, until yield returns false.
func (l *timeline) backward(r sandbox.TransactionRange, yield func(record uint32) bool) {
	for i := len(l.stretches) - 1; i >= 0; i-- {
		if !l.stretches[i].touches(r) {
			continue
		}
		from := i * stretchLength
		for j := min(from+stretchLength, len(l.records)) - 1; j >= from; j-- {
			if !yield(l.records[j]) {
				return
			}
		}
	}
}
