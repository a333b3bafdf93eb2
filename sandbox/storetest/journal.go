package storetest

import (
	"context"
	"errors"
	"fmt"
	"net/textproto"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// exchange is one with every exported field filled, its Seq aside.
func exchange(app sandbox.AppCode, url string) sandbox.Exchange {
	return sandbox.Exchange{
		App: app, At: noon, Started: noon.Add(time.Second), Took: 42 * time.Microsecond, Surface: "openapi", Method: "POST", URL: url,
		RequestHeader: textproto.MIMEHeader{"X-Qf-Appcode": {string(app)}}, RequestBody: []byte("a=1"),
		Status: 200, AnswerHeader: textproto.MIMEHeader{"X-QF-SIGN": {"ABCD"}}, AnswerBody: []byte(`{"respcd": "0000"}`), Error: "e",
		Respcd: "0000", Fidelity: sandbox.Observed, OutTradeNo: "T1", Syssn: "S1", Payer: "P1", OpenID: "o1",
		Findings: []sandbox.Finding{{ID: "f", Detail: "d"}},
	}
}

func record(t *testing.T, s sandbox.Store, apps ...sandbox.AppCode) {
	t.Helper()
	for _, app := range apps {
		appendExchange(t, s, exchange(app, "/"+string(app)))
	}
}

func appendExchange(t *testing.T, s sandbox.Store, e sandbox.Exchange) uint64 {
	t.Helper()
	seq, err := s.AppendExchange(ctxOf(t), e)
	must(t, err)
	return seq
}

func seqs(page sandbox.JournalPage) []uint64 {
	list := []uint64{}
	for _, e := range page.Exchanges {
		list = append(list, e.Seq)
	}
	return list
}

var journalClauses = []clause{
	{"exchanges are numbered from 1 over all Apps and read as they were", func(t *testing.T, s sandbox.Store) {
		handed := exchange("A", "/A")
		handed.Seq = 77 // the store gives its own
		if seq := appendExchange(t, s, handed); seq != 1 {
			t.Errorf("the first exchange got the number %d, want 1", seq)
		}
		record(t, s, "B", "")
		page, err := s.Journal(ctxOf(t), "", 0, 10)
		must(t, err)
		want := []sandbox.Exchange{exchange("A", "/A"), exchange("B", "/B"), exchange("", "/")}
		for i := range want {
			want[i].Seq = uint64(i + 1)
		}
		same(t, "Journal", page, sandbox.JournalPage{Exchanges: want, Mark: 3, Oldest: 1})
	}},
	{"an App reads its own, everybody reads all, in pages that go on from the mark", func(t *testing.T, s sandbox.Store) {
		record(t, s, "A", "B", "", "A", "A", "B")
		for _, c := range []struct {
			app   sandbox.AppCode
			since uint64
			limit int
			want  []uint64
			mark  uint64
		}{
			{"", 0, 10, []uint64{1, 2, 3, 4, 5, 6}, 6}, {"", 4, 10, []uint64{5, 6}, 6}, {"", 0, 2, []uint64{1, 2}, 2}, {"", 2, 2, []uint64{3, 4}, 4},
			{"A", 0, 10, []uint64{1, 4, 5}, 6}, {"A", 0, 2, []uint64{1, 4}, 4}, {"A", 4, 2, []uint64{5}, 6}, {"A", 5, 10, []uint64{}, 6},
			{"A", 6, 10, []uint64{}, 6}, {"A", 0, 3, []uint64{1, 4, 5}, 6}, {"C", 0, 10, []uint64{}, 6},
		} {
			page, err := s.Journal(ctxOf(t), c.app, c.since, c.limit)
			must(t, err)
			if got := seqs(page); fmt.Sprint(got) != fmt.Sprint(c.want) || page.Mark != c.mark {
				t.Errorf("Journal(%q, %d, %d) gives %v and mark %d, want %v and %d", c.app, c.since, c.limit, got, page.Mark, c.want, c.mark)
			}
		}
	}},
	{"newest first they are read from any number down, without those above", func(t *testing.T, s sandbox.Store) {
		record(t, s, "A", "B", "", "A", "A", "B")
		for _, c := range []struct {
			app    sandbox.AppCode
			before uint64
			limit  int
			want   []uint64
		}{
			{"", 0, 10, []uint64{6, 5, 4, 3, 2, 1}}, {"", 0, 2, []uint64{6, 5}}, {"", 5, 2, []uint64{4, 3}}, {"", 1, 2, []uint64{}}, {"", 99, 1, []uint64{6}},
			{"A", 0, 10, []uint64{5, 4, 1}}, {"A", 0, 2, []uint64{5, 4}}, {"A", 4, 2, []uint64{1}}, {"A", 3, 2, []uint64{1}}, {"C", 0, 10, []uint64{}},
		} {
			page, err := s.JournalBefore(ctxOf(t), c.app, c.before, c.limit)
			must(t, err)
			if got := seqs(page); fmt.Sprint(got) != fmt.Sprint(c.want) || page.Mark != 6 {
				t.Errorf("JournalBefore(%q, %d, %d) gives %v and mark %d, want %v and 6", c.app, c.before, c.limit, got, page.Mark, c.want)
			}
		}
		page, err := s.JournalBefore(ctxOf(t), "B", 0, 1)
		must(t, err)
		last := exchange("B", "/B")
		last.Seq = 6
		same(t, "JournalBefore", page, sandbox.JournalPage{Exchanges: []sandbox.Exchange{last}, Mark: 6, Oldest: 2})
	}},
	{"an empty journal is empty", func(t *testing.T, s sandbox.Store) {
		page, err := s.Journal(ctxOf(t), "", 0, 10)
		must(t, err)
		if len(page.Exchanges) != 0 || page.Mark != 0 || page.Dropped != 0 {
			t.Errorf("got %d exchanges, mark %d, %d dropped, want 0, 0, 0", len(page.Exchanges), page.Mark, page.Dropped)
		}
	}},
	{"the journal is bounded, drops the oldest, and counts what it dropped", func(t *testing.T, s sandbox.Store) {
		const most = 100_000
		e := sandbox.Exchange{App: "A", URL: "/"}
		var page sandbox.JournalPage
		var added uint64
		for page.Dropped == 0 {
			if added == most {
				t.Fatalf("after %d exchanges none was dropped; is this journal bounded?", most)
			}
			appendExchange(t, s, e)
			added++
			if added%100 == 0 {
				var err error
				page, err = s.Journal(ctxOf(t), "A", added, 1)
				must(t, err)
			}
		}
		appendExchange(t, s, sandbox.Exchange{App: "B", URL: "/"})
		page, err := s.Journal(ctxOf(t), "A", 0, most)
		must(t, err)
		if got := page.Dropped + uint64(len(page.Exchanges)); got != added {
			t.Errorf("%d dropped and %d kept make %d, want the %d exchanges of the App", page.Dropped, len(page.Exchanges), got, added)
		}
		if first := page.Exchanges[0].Seq; first != page.Dropped+1 || page.Oldest != first {
			t.Errorf("the oldest kept is %d and said to be %d, want %d", first, page.Oldest, page.Dropped+1)
		}
		newest, err := s.JournalBefore(ctxOf(t), "A", 0, most)
		must(t, err)
		if n := len(newest.Exchanges); n != len(page.Exchanges) || newest.Exchanges[n-1].Seq != page.Oldest || newest.Dropped != page.Dropped || newest.Oldest != page.Oldest {
			t.Errorf("newest first there are %d down to %d, %d dropped, oldest %d; want %d, %d, %d, %d", n, newest.Exchanges[n-1].Seq, newest.Dropped, newest.Oldest, len(page.Exchanges), page.Oldest, page.Dropped, page.Oldest)
		}
		page, err = s.Journal(ctxOf(t), "B", 0, 10)
		must(t, err)
		if len(page.Exchanges) != 1 || page.Dropped != 0 {
			t.Errorf("the other App has %d exchanges and %d dropped, want 1 and 0", len(page.Exchanges), page.Dropped)
		}
	}},
	{"exchanges are values", func(t *testing.T, s sandbox.Store) {
		handed := exchange("A", "/A")
		appendExchange(t, s, handed)
		read := func() (any, error) { return s.Journal(ctxOf(t), "A", 0, 10) }
		page, err := s.Journal(ctxOf(t), "A", 0, 10)
		must(t, err)
		newest, err := s.JournalBefore(ctxOf(t), "A", 0, 10)
		must(t, err)
		want := text(t, page)
		for what, e := range map[string]*sandbox.Exchange{"handed to AppendExchange": &handed, "of Journal": &page.Exchanges[0], "of JournalBefore": &newest.Exchanges[0]} {
			e.RequestHeader["New"], e.RequestHeader["X-Qf-Appcode"][0], e.AnswerHeader["X-QF-SIGN"][0] = []string{"x"}, "spoilt", "spoilt"
			e.RequestBody[0], e.AnswerBody[0], e.Findings[0].Detail = 'X', 'X', "spoilt"
			still(t, "changing the exchange "+what, read, want)
		}
	}},
	{"exchanges that come at once are numbered without gap or double", func(t *testing.T, s sandbox.Store) {
		for _, err := range race(crowd, func(i int) error {
			for range 10 {
				if _, err := s.AppendExchange(ctxOf(t), exchange(sandbox.AppCode(fmt.Sprint("A", i%3)), "/")); err != nil {
					return err
				}
			}
			return nil
		}) {
			must(t, err)
		}
		page, err := s.Journal(ctxOf(t), "", 0, 1000)
		must(t, err)
		if len(page.Exchanges) != crowd*10 {
			t.Fatalf("%d exchanges are stored, want %d", len(page.Exchanges), crowd*10)
		}
		for i, e := range page.Exchanges {
			if e.Seq != uint64(i+1) {
				t.Fatalf("place %d holds number %d, want %d", i, e.Seq, i+1)
			}
		}
	}},
}

var waitingClauses = []clause{
	{"what is there already is not waited for", func(t *testing.T, s sandbox.Store) {
		record(t, s, "B", "A")
		for _, app := range []sandbox.AppCode{"", "A"} {
			must(t, s.WaitJournal(ctxOf(t), app, 1))
		}
	}},
	{"an exchange wakes everybody who waits for its App or for all", func(t *testing.T, s sandbox.Store) {
		record(t, s, "A")
		woken := make(chan error, crowd)
		for i := range crowd {
			app := []sandbox.AppCode{"", "A"}[i%2]
			go func() { woken <- s.WaitJournal(ctxOf(t), app, 1) }()
		}
		record(t, s, "A")
		for range crowd {
			must(t, <-woken)
		}
	}},
	{"two who answer each other's exchanges wake each other each time", func(t *testing.T, s sandbox.Store) {
		const rounds = 200 // whoever has just answered is waiting long before the other can
		ctx := ctxOf(t)
		turns := func(own, other sandbox.AppCode, first bool) error {
			var mark uint64
			for range rounds {
				if first {
					if _, err := s.AppendExchange(ctx, exchange(own, "/")); err != nil {
						return err
					}
				}
				if err := s.WaitJournal(ctx, other, mark); err != nil {
					return err
				}
				page, err := s.Journal(ctx, other, mark, 10)
				if err != nil {
					return err
				}
				mark = page.Exchanges[len(page.Exchanges)-1].Seq
				if !first {
					if _, err := s.AppendExchange(ctx, exchange(own, "/")); err != nil {
						return err
					}
				}
			}
			return nil
		}
		for _, err := range race(2, func(i int) error {
			return turns([]sandbox.AppCode{"A", "B"}[i], []sandbox.AppCode{"B", "A"}[i], i == 0)
		}) {
			must(t, err)
		}
	}},
	{"only an exchange of the App, above the mark, ends the waiting", func(t *testing.T, s sandbox.Store) {
		ctx, cancel := context.WithCancel(ctxOf(t))
		woken := make(chan error, 1)
		go func() { woken <- s.WaitJournal(ctx, "A", 3) }()
		record(t, s, "A", "A", "A", "B", "", "B") // the third A is number 3, which is not above it
		cancel()
		wantError(t, "WaitJournal", <-woken, context.Canceled)
	}},
	{"a waiter goes on through exchanges that are not for it", func(t *testing.T, s sandbox.Store) {
		woken := make(chan error, 1)
		go func() { woken <- s.WaitJournal(ctxOf(t), "A", 2) }()
		record(t, s, "A", "B", "A")
		must(t, <-woken)
	}},
	{"the waiting ends with its context", func(t *testing.T, s sandbox.Store) {
		ctx, cancel := context.WithCancel(ctxOf(t))
		woken := make(chan error, 1)
		go func() { woken <- s.WaitJournal(ctx, "", 0) }()
		cancel()
		wantError(t, "WaitJournal", <-woken, context.Canceled)
		wantError(t, "WaitJournal with an ended context", s.WaitJournal(ctx, "A", 0), context.Canceled)
		over, done := context.WithDeadline(t.Context(), time.Unix(0, 0))
		defer done()
		if err := s.WaitJournal(over, "A", 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("WaitJournal past its deadline gives %v, want %v", err, context.DeadlineExceeded)
		}
	}},
}
