package control_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

func twoApps(t *testing.T) *box {
	t.Helper()
	return start(t, server.Config{Apps: []sandbox.App{{Code: "A", ClientKey: "KEYOFA"}, {Code: "B", ClientKey: "KEYOFB"}}})
}

// post sends a call of an App, its signature wrong.
func (b *box) post(app, path, body string) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), "POST", b.URL()+path, strings.NewReader(body))
	must(b.t, err)
	req.Header.Set("X-QF-APPCODE", app)
	req.Header.Set("X-QF-SIGN", "00")
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	must(b.t, err)
	must(b.t, resp.Body.Close())
}

func TestJournalFilters(t *testing.T) {
	b := twoApps(t)
	b.post("A", "/trade/v1/payment", "out_trade_no=T1") // 1
	b.post("B", "/trade/v1/query", "out_trade_no=T1")   // 2
	b.visit("/q/direct?mchntnm=x")                      // 3
	b.post("A", "/trade/v1/query", "out_trade_no=T2")   // 4
	b.visit("/connect/oauth2/authorize")                // 5
	for query, want := range map[string]string{
		"": "1 2 3 4 5", "app=A": "1 4", "app=B": "2", "surface=cashier": "3", "path=/trade/v1/query": "2 4", "path=/q/direct": "3", "out_trade_no=T1": "1 2",
		"app=A&out_trade_no=T1": "1", "finding=signature-wrong": "1 2 4", "finding=not-wechat": "3", "finding=authorize-appid": "5", "finding=code-used": "", "finding=any": "1 2 3 4 5", "since=3": "4 5",
		"app=A&since=1": "4", "limit=2": "1 2", "path=/q/direct&limit=1": "3", "finding=signature-wrong&limit=2": "1 2", "finding=any&limit=1&since=4": "5", "since=5": "", "payer=bob": "",
	} {
		got := b.call("GET", "/journal?"+query, "").want(200)
		var seqs []string
		for i := 0; got.at(fmt.Sprintf("exchanges.%d", i)) != "(absent)"; i++ {
			seqs = append(seqs, got.at(fmt.Sprintf("exchanges.%d.seq", i)))
		}
		if s := strings.Join(seqs, " "); s != want {
			t.Errorf("%q gives %q, want %q", query, s, want)
		}
	}
	b.call("GET", "/journal?limit=2", "").want(200, "mark", "2", "dropped", "0")
	b.call("GET", "/journal?path=/q/direct&limit=1", "").want(200, "mark", "3")
	b.call("GET", "/journal?app=A", "").want(200, "mark", "5")
}

func TestExchangeView(t *testing.T) {
	b := twoApps(t)
	b.post("A", "/trade/v1/payment?a=%E7%8B%97", "out_trade_no=T1&goods_name=\xff")
	b.call("GET", "/journal", "").want(200, "exchanges.0.app", "A", "exchanges.0.at", "2026-03-14T02:00:00Z", "exchanges.0.surface", "openapi", "exchanges.0.method", "POST",
		"exchanges.0.url", "/trade/v1/payment?a=%E7%8B%97", "exchanges.0.path", "/trade/v1/payment", "exchanges.0.request_body", "out_trade_no=T1&goods_name=\ufffd",
		"exchanges.0.request_header.X-Qf-Appcode", "[A]", "exchanges.0.status", "200", "exchanges.0.answer_header.X-Powered-By", "[QF/1.1]", "exchanges.0.respcd", "1108",
		"exchanges.0.fidelity", "documented", "exchanges.0.out_trade_no", "T1", "exchanges.0.findings.0.id", "signature-wrong", "exchanges.0.request_cut", "0", "exchanges.0.error", "")
	b.visit("/connect/oauth2/authorize")
	b.call("GET", "/journal?since=1", "").want(200, "exchanges.0.findings.0.detail", "appid is empty", "exchanges.0.app", "", "exchanges.0.respcd", "")
}

// Wherever a merchant sends its key, and however long its bodies are.
func TestJournalMasksAndCuts(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A", ClientKey: "my key/1+"}}})
	key := url.QueryEscape("my key/1+")
	req, err := http.NewRequestWithContext(t.Context(), "POST", b.URL()+"/trade/v1/payment?client_key="+key, strings.NewReader("key="+key+"&pad="+strings.Repeat("x", 200_000)))
	must(t, err)
	req.Header.Set("X-QF-APPCODE", "A")
	req.Header.Set("X-QF-SIGN", "my key/1+")
	req.Header.Set("Authorization", "my key/1+")
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	must(t, err)
	must(t, resp.Body.Close())
	got := b.call("GET", "/journal?app=A", "").want(200, "exchanges.0.request_header.Authorization", "[(client_key)]", "exchanges.0.url", "/trade/v1/payment?client_key=(client_key)", "exchanges.0.request_cut", "134486")
	for _, form := range []string{"my key/1+", key, url.PathEscape("my key/1+")} {
		if strings.Contains(got.raw, form) {
			t.Errorf("the journal tells the key as %s", form)
		}
	}
	if n := len(got.at("exchanges.0.request_body")); n > 66_000 {
		t.Errorf("the body kept has %d bytes, want at most 64 KiB", n)
	}
	if n := len(got.at("exchanges.0.findings.0.detail")); n > 3000 {
		t.Errorf("the finding has %d bytes, want it cut", n)
	}
}

func TestWait(t *testing.T) {
	b := twoApps(t)
	b.call("GET", "/journal/wait?timeout=0s", "").want(200, "exchanges", "[]", "mark", "0")
	b.post("A", "/trade/v1/query", "")
	b.call("GET", "/journal/wait?app=A", "").want(200, "exchanges.0.seq", "1", "mark", "1") // there already
	woken := make(chan tree, 1)
	go func() {
		req, _ := http.NewRequestWithContext(t.Context(), "GET", b.ControlURL()+"/_sandbox/v1/journal/wait?app=A&since=1&path=/trade/v1/payment&timeout=1m", nil)
		woken <- send(t, req)
	}()
	// What does not match neither wakes nor is lost.
	b.post("B", "/trade/v1/payment", "")
	b.post("A", "/trade/v1/query", "")
	b.post("A", "/trade/v1/payment", "out_trade_no=T9")
	(<-woken).want(200, "exchanges.0.out_trade_no", "T9", "exchanges.1", "(absent)", "mark", "4")
	b.call("GET", "/journal/wait?app=A&since=4&timeout=1ms", "").want(200, "exchanges", "[]", "mark", "4")
}

func TestFindingsTable(t *testing.T) {
	b := start(t, server.Config{})
	got := b.call("GET", "/findings", "").want(200, "findings.0.id", "app-code-unknown", "findings.0.kind", "refusal")
	for i := range len(sandbox.RefusalFindings()) + len(sandbox.Findings()) + len(clinic.Findings()) {
		for _, field := range []string{"kind", "id", "means", "change", "clause"} {
			if v := got.at(fmt.Sprintf("findings.%d.%s", i, field)); v == "" || v == "(absent)" {
				t.Errorf("finding %d has no %s", i, field)
			}
		}
	}
}

// A journal full of long bodies is read in pages, none left out.
func TestJournalPagesAreBounded(t *testing.T) {
	b := twoApps(t)
	const all, long = 100, 400 << 10
	body := []byte(strings.Repeat("x", long))
	for i := range all {
		_, err := b.Gateway().Store.AppendExchange(t.Context(), sandbox.Exchange{Surface: "openapi", URL: fmt.Sprintf("/%d", i), RequestBody: body})
		must(t, err)
	}
	page, err := b.Journal(t.Context(), control.JournalFilter{})
	must(t, err)
	if len(page.Exchanges) != all {
		t.Fatalf("the client reads %d exchanges in all its pages, want %d", len(page.Exchanges), all)
	}
	for i, e := range page.Exchanges {
		if want := fmt.Sprintf("/%d", i); e.URL != want {
			t.Fatalf("exchange %d is %s, want %s", i, e.URL, want)
		}
	}
	resp, err := http.Get(b.ControlURL() + control.Prefix + "/journal?limit=10000")
	must(t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	must(t, err)
	if len(raw) < 16<<20 || len(raw) > 25<<20 {
		t.Errorf("a page has %d bytes, want somewhat more than 16 MiB of the 40 there are", len(raw))
	}
}
