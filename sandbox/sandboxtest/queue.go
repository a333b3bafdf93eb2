package sandboxtest

import (
	"context"
	"fmt"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// Queue says what becomes of the next calls of a route, one outcome each and in this order; the calls
// after them follow the rules again. A later Queue goes behind an earlier one. A route is the last word
// of a call's path, such as payment or query, and empty for every call. An outcome is in the words of
// X-Sandbox-Outcome (docs/levers.md): a respcd such as 1143, http=504, cut=after, delay=2s, after-work,
// or what the payer will do. One that never fires fails the test when it ends.
func (s *Sandbox) Queue(route string, outcomes ...string) {
	s.tb.Helper()
	if len(outcomes) == 0 {
		s.tb.Fatalf("sandboxtest: nothing is queued for %s, want at least one outcome such as 1143 or http=504", where(route))
	}
	for _, outcome := range outcomes {
		_, err := s.Control.AddFault(s.tb.Context(), s.app(), control.NewFault{Route: sandbox.Endpoint(route), Effect: outcome, Times: 1})
		s.check(err)
	}
}

func where(route string) string {
	if route == "" {
		return "any call"
	}
	return route
}

// neverFired tells of faults, queued or armed through Control, that no call has met.
func (s *Sandbox) neverFired(ctx context.Context) (string, error) {
	faults, err := s.Control.UnfiredFaults(ctx, s.app())
	if err != nil || len(faults) == 0 {
		return "", err
	}
	var list []string
	for _, f := range faults {
		one := fmt.Sprintf("%s for %s", f.Effect, where(string(f.Route)))
		if f.OutTradeNo != "" {
			one += " of order " + string(f.OutTradeNo)
		}
		list = append(list, one)
	}
	return "queued and never fired: " + strings.Join(list, "; ") +
		". The calls they wait for did not come; queue fewer, or start with sandboxtest.AllowUnfired()", nil
}
