package control_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// Whoever sends which key where, none is told by anything that reads the journal.
func TestNoReaderOfTheJournalTellsAKey(t *testing.T) {
	const now, before, others, odd, token = "SANDBOXKEYNOW0123456789ABCDEFGHI", "SANDBOXKEYBEFORE0123456789ABCDEF", "SANDBOXKEYOTHERS0123456789ABCDEF", "odd key/of+a shop", "token-of-the-controls"
	b := start(t, server.Config{ControlToken: token, Apps: []sandbox.App{{Code: "A", ClientKey: before}, {Code: "B", ClientKey: others}, {Code: "C", ClientKey: odd}}})
	b.call("PATCH", "/apps/A", `{"client_key": "`+now+`"}`).want(200)
	all := url.Values{"now": {now}, "before": {before}, "others": {others}, "odd": {odd}}.Encode()
	for _, app := range []string{"A", "B", "", "NOBODY", others, before} {
		for _, c := range []struct{ path, kind, body string }{
			{"/trade/v1/payment?client_key=" + now + "&" + all, "application/x-www-form-urlencoded", all + "&txamt=" + others + "&out_trade_no=" + before},
			{"/trade/v1/refund", "application/json", `{"key": "` + now + `", "o": "` + others + `", "odd": "` + strings.ReplaceAll(odd, "/", `\/`) + `", "b": "` + before + `"}`},
			{"/trade/v1/query", "text/plain", strings.Repeat("x", 64<<10-20) + others},
			{"/wrong/" + others + "?" + all, "", ""},
			{"/q/direct?" + all, "", ""},
			{"/connect/oauth2/authorize?" + all, "", ""},
			{"/_sandbox?" + all, "", ""},
		} {
			req, err := http.NewRequestWithContext(t.Context(), "POST", b.URL()+c.path, strings.NewReader(c.body))
			must(t, err)
			if req.Header.Set("X-QF-SIGN", now+before); app != "" {
				req.Header.Set("X-QF-APPCODE", app)
			}
			req.Header.Set("Content-Type", c.kind)
			req.Header.Set("X-Odd", odd+others)
			req.Header.Set("Authorization", "Bearer "+token)
			resp, err := http.DefaultClient.Do(req)
			must(t, err)
			must(t, resp.Body.Close())
		}
	}
	for _, path := range []string{"/journal", "/journal?order=desc", "/journal/wait", "/journal.har", "/journal.ndjson", "/findings", "/journal/stream?until=43"} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", b.ControlURL()+control.Prefix+path, nil)
		must(t, err)
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(req)
		must(t, err)
		raw, err := io.ReadAll(resp.Body)
		must(t, err)
		must(t, resp.Body.Close())
		told := string(raw)
		if resp.StatusCode != 200 || path != "/findings" && strings.Count(told, "(client_key)") < 42*3 {
			t.Fatalf("%s answers HTTP %d and shows %d masks, want 200 and many", path, resp.StatusCode, strings.Count(told, "(client_key)"))
		}
		for _, secret := range []string{now, before, others, odd, url.QueryEscape(odd), strings.ReplaceAll(odd, "/", `\\/`), token, others[:20]} {
			if at := strings.Index(told, secret); at >= 0 {
				t.Errorf("%s tells %s in %s", path, secret, told[max(0, at-300):min(len(told), at+100)])
			}
		}
	}
}
