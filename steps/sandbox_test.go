package steps_test

import (
	"context"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/features"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

func startSandbox(t *testing.T) *server.Server {
	t.Helper()
	srv, err := server.Start(t.Context(), server.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := srv.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return srv
}

// The scenarios about the fake itself, each a subtest's worth of evidence.
func TestSandboxScenarios(t *testing.T) {
	srv := startSandbox(t)
	s := &steps.Suite{Dir: features.Sandbox, Control: control.NewClient(srv.ControlURL(), ""), Vendor: srv.URL(), Seed: 1}
	selected, err := s.Select()
	if err != nil {
		t.Fatal(err)
	}
	ledger := s.Run(t.Context(), selected)
	for _, r := range ledger.Results {
		t.Run(r.Scenario, func(t *testing.T) {
			if r.Outcome != verdict.Pass {
				t.Errorf("%s at %q: %s (seed %d)", r.Outcome, r.Step, r.Reason, r.Seed)
			}
		})
	}
	if len(selected) < 440 || len(ledger.Results) != len(selected) {
		t.Errorf("got %d results of %d scenarios, want all of at least 440", len(ledger.Results), len(selected))
	}
}
