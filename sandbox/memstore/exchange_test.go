package memstore

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func TestPackingLosesNothingOfExchanges(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for i := range 2_000 {
		var want sandbox.Exchange
		fillRandomly(t, r, reflect.ValueOf(&want).Elem(), i%2 == 1) // every other time all fields are set
		run, _ := packExchange([]byte("before"), &want)
		packed := string(run)
		got := unpackExchange(want.Seq, packed[len("before"):])
		sameFields(t, "Exchange", reflect.ValueOf(got), reflect.ValueOf(want))
		if t.Failed() {
			t.Log("each field of Exchange has a line in packing.exchange, exchange.go")
			return
		}
	}
}

func TestPackingTellsNoneFromNothing(t *testing.T) {
	for _, want := range []sandbox.Exchange{
		{},
		{RequestBody: []byte{}, AnswerBody: []byte{}, Findings: []sandbox.Finding{}, RequestHeader: map[string][]string{}, AnswerHeader: map[string][]string{"A": nil, "B": {}}},
	} {
		run, _ := packExchange(nil, &want)
		got := unpackExchange(0, string(run))
		sameFields(t, "Exchange", reflect.ValueOf(got), reflect.ValueOf(want))
	}
}

func TestWhatAnExchangeCountsFor(t *testing.T) {
	e := sandbox.Exchange{
		App: "A", Surface: "openapi", URL: "/12345678", RequestHeader: map[string][]string{"Ab": {"123", "45"}}, RequestBody: make([]byte, 1000),
		AnswerHeader: map[string][]string{"C": {"12345"}}, AnswerBody: make([]byte, 2000), Findings: []sandbox.Finding{{ID: "id", Detail: "1234567"}},
	}
	if _, size := packExchange(nil, &e); size != 9+(2+3)+(2+2)+1000+(1+5)+2000+7 {
		t.Errorf("it counts for %d bytes, want %d", size, 9+(2+3)+(2+2)+1000+(1+5)+2000+7)
	}
}

// The ring begins small, grows, and goes round; what it holds stays in order.
func TestStretchKeepsTheNewestInOrder(t *testing.T) {
	var s stretch
	for n := uint64(1); n <= 100; n++ {
		s.add(entry{seq: n, size: 1}, 10, 1000)
		for i := range s.kept {
			if got, want := s.at(i).seq, n-uint64(s.kept)+1+uint64(i); got != want {
				t.Fatalf("after %d entries place %d of %d holds %d, want %d", n, i, s.kept, got, want)
			}
		}
		if want := int(min(n, 10)); s.kept != want || s.bytes != want || s.dropped != n-uint64(want) {
			t.Fatalf("after %d entries it keeps %d of %d bytes and dropped %d, want %d, %d and %d", n, s.kept, s.bytes, s.dropped, want, want, n-uint64(want))
		}
	}
	if len(s.ring) != 10 {
		t.Errorf("the ring has %d places, want 10", len(s.ring))
	}
}
