package server_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

func demo(t *testing.T) *server.Server {
	t.Helper()
	return start(t, server.Config{Apps: []sandbox.App{{Code: demoCode, ClientKey: demoKey}}})
}

// lastOf is the newest exchange of an App's journal, or of everybody's.
func lastOf(t *testing.T, s *server.Server, app sandbox.AppCode) sandbox.Exchange {
	t.Helper()
	page, err := s.Gateway().Store.Journal(t.Context(), app, 0, 10_000)
	must(t, err)
	if len(page.Exchanges) == 0 {
		t.Fatalf("the journal of %q is empty", app)
	}
	return page.Exchanges[len(page.Exchanges)-1]
}

func closed(t *testing.T, resp *http.Response, err error) {
	t.Helper()
	must(t, err)
	_, err = io.Copy(io.Discard, resp.Body)
	must(t, err)
	must(t, resp.Body.Close())
}

func TestJournalKeepsWhatPassed(t *testing.T) {
	s := demo(t)
	resp, err := signedPost(s, "/trade/v1/query?page=1", "out_trade_no=T1&page=1", "out_trade_no=T1")
	closed(t, resp, err)
	e := lastOf(t, s, demoCode)
	const answer = `{"respcd": "0000", "resperr": "\u8bf7\u6c42\u6210\u529f", "respmsg": "", "page": "1", "page_size": "10", "data": []}`
	for what, c := range map[string]struct{ got, want string }{
		"surface": {e.Surface, "openapi"}, "method": {e.Method, "POST"}, "URL": {e.URL, "/trade/v1/query?page=1"}, "request": {string(e.RequestBody), "out_trade_no=T1"},
		"answer": {string(e.AnswerBody), answer}, "status": {itoa(e.Status), "200"}, "respcd": {string(e.Respcd), "0000"}, "fidelity": {string(e.Fidelity), "observed"}, "decided by": {e.DecidedBy + "," + strings.Join(e.AnswerHeader["X-Sandbox-Decided-By"], ","), "default,default"},
		"order": {string(e.OutTradeNo), "T1"}, "app code header": {e.RequestHeader.Get("X-QF-APPCODE"), demoCode},
		"answer's signature": {strings.Join(e.AnswerHeader["X-QF-SIGN"], ","), digest("MD5", answer, demoKey)},
		"cut":                {fmt.Sprint(e.RequestCut, e.AnswerCut, len(e.Findings)), "0 0 1"}, // parameters-in-query
	} {
		if c.got != c.want {
			t.Errorf("%s is %q, want %q", what, c.got, c.want)
		}
	}
}

func TestJournalSaysWhatItCut(t *testing.T) {
	s := demo(t)
	body := "goods_name=" + strings.Repeat("x", 100_000)
	resp, err := signedPost(s, "/trade/v1/query", body, body)
	closed(t, resp, err)
	e := lastOf(t, s, demoCode)
	if len(e.RequestBody) != 64<<10 || e.RequestCut != len(body)-64<<10 || e.Respcd != "0000" {
		t.Errorf("kept %d bytes and cut %d of %d, respcd %s, want 65536 kept, the rest counted, 0000", len(e.RequestBody), e.RequestCut, len(body), e.Respcd)
	}
}

// A request that is refused before its signature is looked at still stands in its App's journal.
func TestUnservedRequestsBelongToTheirApp(t *testing.T) {
	for _, c := range []struct{ name, method, path, header, body, finding, order string }{
		{"unknown interface", "POST", "/trade/v1/nothing", demoCode, "out_trade_no=T1&txamt=300", "path-unknown", "T1"},
		{"another method", "DELETE", "/trade/v1/payment", demoCode, "", "method-not-allowed", ""},
		{"too large", "POST", "/trade/v1/payment", demoCode, "goods_name=" + strings.Repeat("x", 1<<20), "body-too-large", ""},
		{"app code in the address", "POST", "/tool/v1/get_weixin_oauth_code?app_code=" + demoCode, "", "", "method-not-allowed", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := demo(t)
			req, err := http.NewRequest(c.method, s.URL()+c.path, strings.NewReader(c.body))
			must(t, err)
			req.Header.Set("X-QF-APPCODE", c.header)
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			resp, err := http.DefaultClient.Do(req)
			closed(t, resp, err)
			e := lastOf(t, s, demoCode)
			if !e.Has(c.finding) || string(e.OutTradeNo) != c.order || e.Respcd != "1103" {
				t.Errorf("found %v, order %q, respcd %s, want %s, %q, 1103", e.Findings, e.OutTradeNo, e.Respcd, c.finding, c.order)
			}
			if c.order != "" && string(e.RequestBody) != c.body {
				t.Errorf("the body kept is %q, want %q", e.RequestBody, c.body)
			}
		})
	}
}

func TestSurfacesHaveTheirNames(t *testing.T) {
	s := demo(t)
	for path, want := range map[string]string{
		"/trade/v1/query": "openapi", "/tool/v1/nothing": "openapi", "/connect/oauth2/authorize": "weixin", "/q/direct": "cashier", "/wallet/sheet": "wallet", "/wp-login.php": "unknown",
		"/checkstand/": "openapi", "/custom/v1/declare": "openapi", "/checkstander": "unknown", "/mch/v2/signup": "unknown",
	} {
		resp, err := http.Get(s.URL() + path)
		closed(t, resp, err)
		if e := lastOf(t, s, ""); e.Surface != want || e.URL != path {
			t.Errorf("%s is recorded as %s of %s, want %s", e.URL, e.Surface, path, want)
		}
	}
	before := lastOf(t, s, "").Seq
	for _, path := range []string{"/", "/healthz", "/favicon.ico", "/wallet/bridge.js", "/wallet/look.css", "/wallet/wallet.css", "/wallet/wallet.js", "/q/cashier.js", "/q/cashier.css"} {
		resp, err := http.Get(s.URL() + path)
		closed(t, resp, err)
		if resp.StatusCode >= 300 {
			t.Errorf("%s answers HTTP %d", path, resp.StatusCode)
		}
	}
	if after := lastOf(t, s, "").Seq; after != before {
		t.Errorf("%d exchanges of probes and assets were recorded, want none", after-before)
	}
}

// A merchant that sends its key in a browser's address finds it masked there, in the redirect it
// got, and at every further hop.
func TestJournalMasksTheKeyAlongTheRelay(t *testing.T) {
	s := demo(t)
	const uri = "http://merchant.test/getcode"
	canonical := "app_code=" + demoCode + "&client_key=" + demoKey + "&redirect_uri=" + uri
	address := s.URL() + "/tool/v1/get_weixin_oauth_code?" + canonical + "&sign=" + digest("MD5", canonical, demoKey)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for range 3 {
		req, err := http.NewRequest(http.MethodGet, address, nil)
		must(t, err)
		req.Header.Set("User-Agent", "Mozilla/5.0 (iPhone) MicroMessenger/8.0.69")
		resp, err := client.Do(req)
		closed(t, resp, err)
		address = resp.Header.Get("Location")
	}
	if !strings.HasPrefix(address, uri+"?code=") {
		t.Fatalf("the browser ended at %s, want %s with a code", address, uri)
	}
	page, err := s.Gateway().Store.Journal(t.Context(), demoCode, 0, 10)
	must(t, err)
	if len(page.Exchanges) != 3 {
		t.Fatalf("%d hops are recorded, want 3", len(page.Exchanges))
	}
	for i, e := range page.Exchanges {
		kept := fmt.Sprint(e.URL, e.RequestHeader, e.AnswerHeader, e.Findings)
		if strings.Contains(kept, demoKey) || !strings.Contains(kept, "(client_key)") {
			t.Errorf("hop %d keeps %s, want the key masked", i+1, kept)
		}
	}
}

// Nor does the log tell it, where it is part of a path.
func TestLogMasksTheKey(t *testing.T) {
	var log guarded
	s := start(t, server.Config{Apps: []sandbox.App{{Code: demoCode, ClientKey: demoKey}}, Log: slog.New(slog.NewTextHandler(&log, nil))})
	req, err := http.NewRequest(http.MethodGet, s.URL()+"/trade/v1/"+demoKey, nil)
	must(t, err)
	req.Header.Set("X-QF-APPCODE", demoCode)
	resp, err := http.DefaultClient.Do(req)
	closed(t, resp, err)
	must(t, s.Shutdown(t.Context()))
	if got := log.String(); strings.Contains(got, demoKey) || !strings.Contains(got, "/trade/v1/(client_key)") {
		t.Errorf("the log has\n%s\nwant the path with the key masked", got)
	}
}

func TestJSONBodyIsFound(t *testing.T) {
	s := demo(t)
	req, err := http.NewRequest(http.MethodPost, s.URL()+"/trade/v1/query", strings.NewReader(`{"syssn": "1"}`))
	must(t, err)
	req.Header.Set("X-QF-APPCODE", demoCode)
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := http.DefaultClient.Do(req)
	closed(t, resp, err)
	if e := lastOf(t, s, demoCode); !e.Has(sandbox.FindJSONBody) || !e.Has("signature-wrong") {
		t.Errorf("found %v, want the JSON body and the signature", e.Findings)
	}
}

// The document's PHP sample posts each order twice; others do so at once.
func TestOneOrderPostedByManyAtOnce(t *testing.T) {
	s := demo(t)
	const canonical = "out_trade_no=T1&pay_type=800207&sub_openid=oo3Lss8d0hLOuyTuSJMVwLTk68JE&txamt=1&txcurrcd=HKD&txdtm=2026-03-14 10:00:00"
	codes := make(chan string, 50)
	var all sync.WaitGroup
	for range cap(codes) {
		all.Go(func() {
			resp, err := signedPost(s, "/trade/v1/payment", canonical, canonical)
			if err != nil {
				codes <- err.Error()
				return
			}
			defer resp.Body.Close()
			body, _ := io.ReadAll(resp.Body)
			_, after, _ := strings.Cut(string(body), `"respcd": "`)
			codes <- after[:4]
		})
	}
	all.Wait()
	close(codes)
	got := map[string]int{}
	for code := range codes {
		got[code]++
	}
	if got["0000"] != 1 || got["1251"] != 49 {
		t.Errorf("got %v, want one 0000 and 49 times 1251", got)
	}
}
