package steps_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/features"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

func TestSelect(t *testing.T) {
	s := &steps.Suite{Dir: features.Integration}
	for _, c := range []struct {
		words []string
		want  int
	}{
		{nil, 11},
		{[]string{"PAY-01"}, 1},
		{[]string{"@PAY-01"}, 1},
		{[]string{"pay"}, 2},
		{[]string{"must"}, 11},
		{[]string{"PAY-01", "ENV"}, 5},
		{[]string{"needs-shipments"}, 3},
	} {
		got, err := s.Select(c.words...)
		if err != nil || len(got) != c.want {
			t.Errorf("Select(%v): got %d scenarios and %v, want %d", c.words, len(got), err, c.want)
		}
	}
	// "needs" is no family although tags start with it: families are in capitals.
	for _, word := range []string{"PAY-99", "needs", "", "@"} {
		if _, err := s.Select(word); !errors.Is(err, steps.ErrSelection) || !strings.Contains(err.Error(), "there are") {
			t.Errorf("Select(%q): got %v, want ErrSelection listing what there is", word, err)
		}
	}
}

// Each sentence of the integration scenarios has a deed: one that has none would leave its
// scenario without a result.
func TestEveryIntegrationStepIsDefined(t *testing.T) {
	srv := startSandbox(t)
	s := &steps.Suite{Dir: features.Integration, Control: control.NewClient(srv.ControlURL(), ""), Vendor: srv.URL()}
	selected, err := s.Select()
	if err != nil {
		t.Fatal(err)
	}
	// Without a browser and a merchant each scenario breaks at its first step, by the harness's own fault.
	ledger := s.Run(t.Context(), selected)
	for _, r := range ledger.Results {
		if r.Outcome != verdict.Broke || !strings.Contains(r.Reason, "needs a browser") {
			t.Errorf("%s %q: got %s %q, want an error that names the missing browser", r.Rule, r.Scenario, r.Outcome, r.Reason)
		}
	}
	if len(ledger.Results) != len(selected) || ledger.Exit() != verdict.ExitBroke {
		t.Errorf("got %d results of %d and exit %d, want all and %d", len(ledger.Results), len(selected), ledger.Exit(), verdict.ExitBroke)
	}
}

func TestRunOfNothingIsNoSuccess(t *testing.T) {
	srv := startSandbox(t)
	s := &steps.Suite{Dir: features.Sandbox, Control: control.NewClient(srv.ControlURL(), ""), Vendor: srv.URL()}
	if got := s.Run(t.Context(), nil).Exit(); got != verdict.ExitUsage {
		t.Errorf("got exit %d for nothing selected, want %d", got, verdict.ExitUsage)
	}
}
