package server_test

import (
	"net/http"
	"strings"
	"testing"
)

// Each answer's exchange says how sure we are of it, refusals, levers and unserved calls too.
func TestJournalSaysHowSureWeAre(t *testing.T) {
	s := demo(t)
	for _, c := range []struct{ name, path, canonical, outcome, respcd, fidelity, finding, detail string }{
		{"an enquiry", "/trade/v1/query", "syssn=1", "", "0000", "observed", "", ""},
		{"a documented refusal", "/trade/v1/refund", "out_trade_no=R1&syssn=1&txamt=1&txdtm=2026-03-14 10:00:00", "", "1136", "documented", "refund-unknown", ""},
		{"an assumed refusal", "/trade/v1/refund", "syssn=1", "", "1104", "assumed", "parameter-out_trade_no", ""},
		{"a code with a captured text", "/trade/v1/query", "syssn=1", "1143", "1143", "observed", "lever", "header: 1143"},
		{"another code", "/trade/v1/query", "syssn=1", "1294", "1294", "documented", "lever", "header: 1294"},
		{"a proxy's page", "/trade/v1/query", "syssn=1", "http=502", "", "assumed", "lever", "header: http=502"},
		{"a call of QFPay's", "/subscription/v1/charge", "a=1", "", "1103", "assumed", "endpoint-not-served", "/subscription/v1/charge: it keeps subscriptions of recurring payments at QFPay (qfpay-api 3.14) and is not in this sandbox"},
		{"a call of nobody's", "/trade/v1/steal", "a=1", "", "1103", "assumed", "path-unknown", "QFPay has no such path"},
	} {
		t.Run(c.name, func(t *testing.T) {
			req, err := http.NewRequest(http.MethodPost, s.URL()+c.path, strings.NewReader(c.canonical))
			must(t, err)
			for name, value := range map[string]string{"X-QF-APPCODE": demoCode, "X-QF-SIGN": digest("MD5", c.canonical, demoKey), "Content-Type": "application/x-www-form-urlencoded", "X-Sandbox-Outcome": c.outcome} {
				req.Header.Set(name, value)
			}
			resp, err := http.DefaultClient.Do(req)
			closed(t, resp, err)
			e := lastOf(t, s, demoCode)
			if string(e.Respcd) != c.respcd || string(e.Fidelity) != c.fidelity || c.finding != "" && !e.Has(c.finding) || c.detail != "" && !strings.Contains(detailOf(e, c.finding), c.detail) {
				t.Errorf("recorded respcd %q, %q and %v, want %q, %q and %s that says %q", e.Respcd, e.Fidelity, e.Findings, c.respcd, c.fidelity, c.finding, c.detail)
			}
		})
	}
}
