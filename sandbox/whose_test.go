package sandbox_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// Where many Apps and payers are, an openid is not looked for among all of them, and nothing is said
// of those that were not looked at.
func TestOpenIDAmongMany(t *testing.T) {
	w := newWorld(t)
	for i := range 40 {
		_, err := w.CreatePayer(t.Context(), sandbox.Payer{ID: sandbox.PayerID(fmt.Sprintf("P%02d", i))})
		w.must(err)
		_, err = w.CreateApp(t.Context(), sandbox.App{Code: sandbox.AppCode(fmt.Sprintf("OTHER%02d", i)), Seed: fmt.Sprint(i)})
		w.must(err)
	}
	r := w.request()
	r.SubOpenID = "oNobodyNobodyNobodyNobody000"
	ctx, e := w.noted()
	_, _, err := w.Pay(ctx, w.app, r)
	w.must(err)
	for _, f := range e.Findings {
		if f.ID == sandbox.FindOpenIDNotFresh {
			if strings.Contains(f.Change, "nobody") || f.Change == "" {
				t.Errorf("it says to change %q, want nothing of payers that were not looked at", f.Change)
			}
			return
		}
	}
	t.Errorf("got findings %+v, want %s", e.Findings, sandbox.FindOpenIDNotFresh)
}
