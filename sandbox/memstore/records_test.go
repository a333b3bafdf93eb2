package memstore

import (
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func TestRecordsGiveWhatWasWrittenLast(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var kept records
	var want []string
	run := func() []byte {
		n := r.IntN(600)
		if r.IntN(500) == 0 {
			n = 2 * mostSize
		}
		return []byte(strings.Repeat(string(rune('a'+r.IntN(26))), n))
	}
	for range 20_000 {
		b := run()
		if len(want) == 0 || r.IntN(3) == 0 {
			if got := kept.add(b, r.IntN(50)); int(got) != len(want) {
				t.Fatalf("the record is number %d, want %d", got, len(want))
			}
			want = append(want, string(b))
			continue
		}
		i := r.IntN(len(want))
		kept.write(uint32(i), b)
		want[i] = string(b)
	}
	live := 0
	for i, w := range want {
		if got := kept.read(uint32(i)); got != w {
			t.Fatalf("record %d is %.20q of %d bytes, want %.20q of %d", i, got, len(got), w, len(w))
		}
		live += len(w)
	}
	// Half of each chunk may be abandoned, and rooms may be larger than what stands in them.
	if held := kept.bytes; held > 4*live {
		t.Errorf("%d bytes are held for %d, want at most four times as much", held, live)
	}
}

func TestAnAbandonedChunkIsGivenBack(t *testing.T) {
	var kept records
	const n = 1_000
	for range n {
		kept.add(make([]byte, 200), 0)
	}
	for size := 201; size < 260; size++ {
		for i := range n {
			kept.write(uint32(i), make([]byte, size))
		}
	}
	if most := n * 2 * (260 + headSize) * 5 / 4; kept.bytes > most {
		t.Errorf("after %d changes %d bytes are held, want at most %d", 59*n, kept.bytes, most)
	}
}

func TestKeysWithOneHashAreToldApart(t *testing.T) {
	ts := newTransactions("A", maphash.MakeSeed())
	ts.add(&sandbox.Transaction{App: "A", Syssn: "S1", OutTradeNo: "T1"})
	ts.index.add(syssnKey("S2"), 0) // S1's record stands where S2's hash leads
	second := sandbox.Transaction{App: "A", Syssn: "S2", OutTradeNo: "T2"}
	if ts.taken(&second) {
		t.Error("S2 is taken by a record that is not its own")
	}
	ts.add(&second)
	if got, _, ok := ts.find(syssnKey("S2")); !ok || got.OutTradeNo != "T2" {
		t.Errorf("S2 finds %v %+v, want T2", ok, got)
	}
}

func TestQueueIsInOrderWhateverBecomesOfIt(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var q queue
	want := map[uint64]int{}
	at := func(i int) time.Time { return time.Unix(int64(i), 0) }
	for range 5_000 {
		n := uint64(r.IntN(100))
		if r.IntN(3) == 0 {
			q.remove(n)
			delete(want, n)
		} else {
			want[n] = r.IntN(20)
			q.put(n, at(want[n]))
		}
		if q.len() != len(want) {
			t.Fatalf("%d are waiting, want %d", q.len(), len(want))
		}
		if got, ok := q.first(); ok != (len(want) > 0) || ok && !isFirst(want, got) {
			t.Fatalf("the first of %v is %d", want, got)
		}
	}
}

func isFirst(waiting map[uint64]int, first uint64) bool {
	for n, at := range waiting {
		if at < waiting[first] || at == waiting[first] && n < first {
			return false
		}
	}
	return true
}

func TestShelfForgetsTheOldest(t *testing.T) {
	s := newShelf("A", maphash.MakeSeed(), &grants)
	put := func(i int, at int64) {
		s.put(sandbox.Grant{App: "A", OpenID: sandbox.OpenID(fmt.Sprint(i)), At: time.Unix(at, 0).UTC()})
	}
	const extra = 10
	for i := range sandbox.MaxCodes + extra {
		put(i, 0)
		if i == sandbox.MaxCodes/2 { // the second oldest comes again as a new one, and is not among those that go
			s.remove("1")
			put(1, 7)
		}
	}
	if all := s.all(); len(all) != sandbox.MaxCodes || all[0].OpenID != sandbox.OpenID(fmt.Sprint(extra+1)) {
		t.Errorf("%d values are kept, the oldest %s, want %d and %d", len(all), all[0].OpenID, sandbox.MaxCodes, extra+1)
	}
	if got, ok := s.get("1"); !ok || got.At.Unix() != 7 {
		t.Errorf("the one that came again is %+v, %t, want it kept", got, ok)
	}
	for i := range sandbox.MaxCodes {
		s.remove(fmt.Sprint(i + extra))
	}
	if len(s.order) > 64 {
		t.Errorf("an empty shelf remembers %d places, want few", len(s.order))
	}
}

func TestCodesLongExpiredAreForgotten(t *testing.T) {
	s := New()
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	const n = 1_000
	for i := range n {
		at := noon.Add(time.Duration(i) * time.Minute)
		c := sandbox.OAuthCode{App: "A", Code: fmt.Sprint(i), IssuedAt: at, ExpiresAt: at.Add(sandbox.CodeLife)}
		if err := s.CreateOAuthCode(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	// A code a minute: those of the last hour and five minutes, and the one of this minute.
	if got, want := s.tenants["A"].codes.len(), 66; got != want {
		t.Errorf("%d codes are kept, want %d", got, want)
	}
}
