package sandbox_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// A long value is cut, and the cut may go through a key ("CLIENTKEY" here).
func TestJournalMasksAKeyThatWasCut(t *testing.T) {
	for _, before := range []int{190, 192, 194} {
		w := newWorld(t)
		ctx, e := w.noted()
		r := w.request()
		r.Txamt = strings.Repeat("x", before) + w.app.ClientKey + strings.Repeat("y", 100)
		_, _, err := w.Pay(ctx, w.app, r)
		var no *sandbox.Refusal
		if !errors.As(err, &no) {
			t.Fatalf("got error %v, want a refusal", err)
		}
		sandbox.NoteRefusal(ctx, no)
		e.App, e.RequestBody = w.app.Code, []byte("txamt="+r.Txamt)
		w.must(w.Record(t.Context(), *e))
		f := w.last().Findings[0]
		for _, said := range []string{f.Detail, f.Received} {
			if strings.Contains(said, "CLIENT") || !strings.Contains(said, "x(client_key)") {
				t.Errorf("with the key from character %d on it says %s, want the key masked", before, said)
			}
		}
	}
}
