package openapi

import (
	"slices"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// What the table says an enquiry judges is none of what it is found out for not having.
func TestFiltersOfTheTableAreNotRemarkedOn(t *testing.T) {
	remarks := func(p qfpay.Param) []sandbox.Finding {
		var e sandbox.Exchange
		noteFilters(sandbox.WithExchange(t.Context(), &e), qfpay.Params{p})
		return e.Findings
	}
	judged := 0
	for _, row := range sandbox.Parameters() {
		if slices.Contains(row.At, sandbox.AtQuery) {
			judged++
			if got := remarks(qfpay.Param{Name: row.Name}); len(got) != 0 {
				t.Errorf("%s: found %v, want nothing", row.Name, got)
			}
		}
	}
	if judged == 0 {
		t.Error("the table has no parameter of an enquiry")
	}
	for _, p := range []qfpay.Param{{Name: "respcd", Value: "1143"}, {Name: "pay_type", Value: "800207,800201"}, {Name: "mchid", Value: "M1"}} {
		if got := remarks(p); len(got) != 0 {
			t.Errorf("%v: found %v, want nothing", p, got)
		}
	}
	for _, p := range []qfpay.Param{{Name: "respcd", Value: "9999"}, {Name: "pay_type", Value: "800207,800999"}, {Name: "outtradeno", Value: "T1"}} {
		if got := remarks(p); len(got) != 1 || got[0].ID != sandbox.FindFilterUnknown {
			t.Errorf("%v: found %v, want %s", p, got, sandbox.FindFilterUnknown)
		}
	}
}
