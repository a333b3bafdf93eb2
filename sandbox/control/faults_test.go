package control_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// enquire makes a signed enquiry for an order of App A and gives the answer's lever and HTTP status.
func (b *box) enquire(order string, header ...string) (decidedBy string, status int) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.URL()+"/trade/v1/query?out_trade_no="+order, nil)
	must(b.t, err)
	req.Header.Set("X-QF-APPCODE", "A")
	req.Header.Set("X-QF-SIGN", qfpay.Sign("out_trade_no="+order, "KEY", qfpay.MD5))
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	must(b.t, err)
	must(b.t, resp.Body.Close())
	return resp.Header.Get("X-Sandbox-Decided-By"), resp.StatusCode
}

func TestFaults(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A", ClientKey: "KEY"}}})
	b.call("GET", "/apps/A/faults", "").want(200, "faults", "[]")
	b.call("POST", "/apps/A/faults", `{"route": "query", "out_trade_no": "T1", "nth": 2, "times": 2, "effect": "http=502 delay=1ms"}`).
		want(201, "id", "1", "route", "query", "out_trade_no", "T1", "nth", "2", "times", "2", "effect", "http=502,delay=1ms", "matched", "0", "fired", "0")
	b.call("POST", "/apps/A/faults", `{"route": "payment", "effect": "1147"}`).want(201, "id", "2", "nth", "1", "times", "1")
	for i, want := range []string{"default", "fault 1", "fault 1", "default"} {
		if by, _ := b.enquire("T1"); by != want {
			t.Errorf("enquiry %d is decided by %q, want %q", i+1, by, want)
		}
	}
	if by, status := b.enquire("T2"); by != "default" || status != 200 {
		t.Errorf("another order's enquiry is decided by %q with HTTP %d, want default and 200", by, status)
	}
	b.call("GET", "/apps/A/faults", "").want(200, "faults.0.matched", "4", "faults.0.fired", "2", "faults.1.matched", "0")
	b.call("GET", "/apps/A/faults?unfired=true", "").want(200, "faults.0.id", "2", "faults.1", "(absent)")
	b.call("GET", "/apps/A/faults?unfired=false", "").want(200, "faults.1.id", "2")
	b.call("GET", "/journal?app=A&finding=lever", "").want(200, "exchanges.0.decided_by", "fault 1", "exchanges.0.status", "502", "exchanges.0.findings.0.detail", "fault 1: http=502,delay=1ms", "exchanges.2", "(absent)")
	b.call("GET", "/journal?app=A", "").want(200, "exchanges.0.decided_by", "default")
	b.call("DELETE", "/apps/A/faults/1", "").want(200, "id", "1", "fired", "2")
	b.call("GET", "/apps/A/faults", "").want(200, "faults.0.id", "2", "faults.1", "(absent)")
	b.call("POST", "/apps/A/faults", `{"effect": "cut=after"}`).want(201, "id", "3", "route", "", "out_trade_no", "")
	b.call("DELETE", "/apps/A/faults", "").want(200, "removed", "2")
	b.call("GET", "/apps/A/faults", "").want(200, "faults", "[]")
}

func TestFaultsAreRefused(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A", ClientKey: "KEY"}}})
	for _, c := range []struct{ name, body, message string }{
		{"no effect", `{}`, `effect is "": it is empty, want one or more of: a published respcd`},
		{"unknown word", `{"effect": "boom"}`, `effect is "boom": "boom" is none of: a published respcd but 0000, http=400`},
		{"unknown route", `{"route": "pay", "effect": "1143"}`, `fault's route is "pay", want one of get_weixin_oauth_code, get_weixin_openid, payment, query`},
		{"nth below 0", `{"nth": -1, "effect": "1143"}`, "fault's nth is -1, want 1 to 1000000"},
		{"times beyond", `{"times": 1000001, "effect": "1143"}`, "fault's times is 1000001, want 1 to 1000000"},
		{"an order with a line break", `{"out_trade_no": "a\nb", "effect": "1143"}`, `fault's out_trade_no is "a\nb", want up to 128 printable characters`},
		{"a payer where there is none", `{"route": "query", "effect": "pay"}`, "fault's effect: pay is for payment or refund, query has no payer to do it"},
		{"a payer's deed at a refund", `{"route": "refund", "effect": "pay"}`, "fault's effect: pay is nothing refund can meet, want one of: pending, fail-later"},
		{"a redirect's body", `{"route": "get_weixin_oauth_code", "effect": "cut-body"}`, "fault's effect: get_weixin_oauth_code answers with a redirect, which has no body for cut-body"},
		{"unknown field", `{"path": "query", "effect": "1143"}`, `unknown field "path"`},
		{"a text for a number", `{"nth": "1", "effect": "1143"}`, "nth is a JSON string, want a whole number"},
	} {
		t.Run(c.name, func(t *testing.T) {
			own := *b
			own.t = t
			own.call("POST", "/apps/A/faults", c.body).refused(400, "invalid", c.message)
		})
	}
	b.call("GET", "/apps/A/faults?unfired=yes", "").refused(400, "invalid", `unfired is "yes", want true or false`)
	b.call("GET", "/apps/A/faults?fired=true", "").refused(400, "invalid", `query parameter "fired"`)
	b.call("DELETE", "/apps/A/faults/7", "").refused(404, "not-found", "names nothing")
	b.call("DELETE", "/apps/A/faults/x", "").refused(400, "invalid", `fault id is "x", want a number`)
	for _, method := range []string{"GET", "POST", "DELETE"} {
		b.call(method, "/apps/NOBODY/faults", `{"effect": "1143"}`).refused(404, "not-found", `app "NOBODY" does not exist here`)
	}
	b.call("PUT", "/apps/A/faults", "{}").refused(405, "method", "does not take PUT")
	b.call("GET", "/apps/A/faults", "").want(200, "faults", "[]")
}

func TestFaultsAreBounded(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A", ClientKey: "KEY"}}})
	for range sandbox.MaxFaults {
		b.call("POST", "/apps/A/faults", `{"effect": "1143"}`).want(201)
	}
	b.call("POST", "/apps/A/faults", `{"effect": "1143"}`).refused(400, "invalid", "101 faults, want at most 100")
}

func TestClientArmsFaults(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A", ClientKey: "KEY"}}})
	ctx := t.Context()
	first, err := b.AddFault(ctx, "A", control.NewFault{Route: sandbox.AtQuery, Effect: "1143"})
	must(t, err)
	second, err := b.AddFault(ctx, "A", control.NewFault{Effect: "http=503", Times: 3})
	must(t, err)
	if by, _ := b.enquire("T1"); by != "fault 1" {
		t.Errorf("the enquiry is decided by %q, want fault 1", by)
	}
	all, err := b.Faults(ctx, "A")
	must(t, err)
	unfired, err := b.UnfiredFaults(ctx, "A")
	must(t, err)
	if got, want := fmt.Sprint(all, unfired), "[{1 query  1 1 1143 1 1} {2   1 3 http=503 0 0}] [{2   1 3 http=503 0 0}]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	removed, err := b.RemoveFault(ctx, "A", first.ID)
	must(t, err)
	n, err := b.RemoveFaults(ctx, "A")
	must(t, err)
	if removed.Fired != 1 || second.ID != 2 || n != 1 {
		t.Errorf("removed %v and %d, want fault 1 that fired once, and 1", removed, n)
	}
	if _, err := b.AddFault(ctx, "A", control.NewFault{Effect: "boom"}); err == nil || !strings.Contains(err.Error(), `"boom" is none of`) {
		t.Errorf("got error %v, want one that names boom", err)
	}
}
