package memstore_test

import (
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
)

// fill records n exchanges of this App.
func fill(t *testing.T, s *memstore.Store, app sandbox.AppCode, n int, body []byte) {
	t.Helper()
	for range n {
		if _, err := s.AppendExchange(t.Context(), sandbox.Exchange{App: app, RequestBody: body}); err != nil {
			t.Fatal(err)
		}
	}
}

func wantKept(t *testing.T, s *memstore.Store, app sandbox.AppCode, kept int, dropped uint64) {
	t.Helper()
	page, err := s.Journal(t.Context(), app, 0, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Exchanges) != kept || page.Dropped != dropped {
		t.Errorf("the journal of %q keeps %d and dropped %d, want %d and %d", app, len(page.Exchanges), page.Dropped, kept, dropped)
	}
}

func TestJournalKeepsAsManyAsItSays(t *testing.T) {
	s := memstore.New()
	fill(t, s, "A", memstore.JournalPerApp+7, nil)
	wantKept(t, s, "A", memstore.JournalPerApp, 7)
	wantKept(t, s, "", memstore.JournalPerApp+7, 0)
	fill(t, s, "", memstore.JournalInAll, nil)
	wantKept(t, s, "A", memstore.JournalPerApp, 7) // others' traffic takes nothing from an App
	wantKept(t, s, "", memstore.JournalInAll, memstore.JournalPerApp+7)
}

func TestJournalKeepsAsManyBytesAsItSays(t *testing.T) {
	s := memstore.New()
	const size = 1 << 20
	body := []byte(strings.Repeat("x", size))
	fill(t, s, "A", memstore.JournalBytesPerApp/size+3, body)
	wantKept(t, s, "A", memstore.JournalBytesPerApp/size, 3)
	fill(t, s, "B", 1, []byte(strings.Repeat("x", memstore.JournalBytesPerApp+1)))
	wantKept(t, s, "B", 1, 0) // too large alone, yet the newest is always there
	fill(t, s, "B", 1, nil)
	wantKept(t, s, "B", 1, 1)
}
