package steps_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

// outcome is a scenario's end: what became of it, and words of the reason.
type outcome struct {
	is   verdict.Outcome
	says string
}

func wantOutcomes(t *testing.T, l *verdict.Ledger, exit int, want ...outcome) {
	t.Helper()
	if len(l.Results) != len(want) {
		t.Errorf("got %d results, want %d", len(l.Results), len(want))
	}
	for i, r := range l.Results[:min(len(l.Results), len(want))] {
		if r.Outcome != want[i].is || !strings.Contains(r.Reason, want[i].says) {
			t.Errorf("%s %q: got %s %q, want %s that says %q", r.Rule, r.Scenario, r.Outcome, r.Reason, want[i].is, want[i].says)
		}
	}
	if got := l.Exit(); got != exit {
		t.Errorf("got exit %d, want %d", got, exit)
	}
}

// Where the evidence is missing or cut off, or somebody else's, nobody is accused.
func TestDoubt(t *testing.T) {
	c := openCourt(t)
	fails := func(s *shop) { // as far as anybody can see
		s.routes["/notify"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }
	}
	t.Run("a shop that goes away fails once", func(t *testing.T) {
		s := openShop(t, c.vendor)
		s.before("/callback", func(*http.Request) { _ = s.Listener.Close() }) // who is connected stays so
		wantOutcomes(t, c.judge(t, s, "PAY"), verdict.ExitFailed, outcome{verdict.Fail, "the merchant went away in this scenario"}, outcome{verdict.Unreachable, "connection refused"})
	})
	t.Run("a status that is not as the profile says", func(t *testing.T) {
		s := openShop(t, c.vendor)
		s.routes["/status"] = func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"paid": ["true"]}`) }
		wantOutcomes(t, c.judge(t, s, "PAY-01"), verdict.ExitIncomplete, outcome{verdict.NotJudged, `path "paid" leads to no single value`})
	})
	t.Run("a status that never answers", func(t *testing.T) {
		s := openShop(t, c.vendor)
		s.routes["/status"] = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
		wantOutcomes(t, c.judge(t, s, "PAY-01"), verdict.ExitIncomplete, outcome{verdict.NotJudged, "does not answer within 1s"})
	})
	t.Run("somebody else uses the App", func(t *testing.T) {
		s := openShop(t, c.vendor)
		fails(s)
		s.before("/buy", func(r *http.Request) { visit(t, s.login("S"+number(r)), r.UserAgent(), "sandbox_payer=STRANGER") })
		wantOutcomes(t, c.judge(t, s, "PAY-01"), verdict.ExitIncomplete, outcome{verdict.NotJudged, "somebody else (payer STRANGER)"})
	})
	t.Run("interrupted", func(t *testing.T) {
		s := openShop(t, c.vendor)
		ctx, cancel := context.WithCancel(t.Context())
		s.before("/result", func(*http.Request) { cancel() })
		l := c.judgeUntil(t, ctx, s, "PAY")
		wantOutcomes(t, l, verdict.ExitIncomplete, outcome{verdict.NotRun, "interrupted"})
	})
}

// visit opens an address as somebody and follows it through WeChat's login.
func visit(t *testing.T, address, userAgent, cookie string) {
	for range 2 { // QFPay leads to WeChat
		req, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			t.Error(err)
			return
		}
		req.Header = http.Header{"User-Agent": {userAgent}, "Cookie": {cookie}}
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Error(err)
			return
		}
		_ = resp.Body.Close()
		address = resp.Header.Get("Location")
	}
}
