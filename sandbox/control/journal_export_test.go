package control_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// fetch reads an export.
func (b *box) fetch(path string) (kind, file, body string) {
	b.t.Helper()
	resp, err := http.Get(b.ControlURL() + control.Prefix + path)
	must(b.t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	must(b.t, err)
	if resp.StatusCode != 200 {
		b.t.Fatalf("%s answers HTTP %d: %s", path, resp.StatusCode, raw)
	}
	return resp.Header.Get("Content-Type"), resp.Header.Get("Content-Disposition"), string(raw)
}

// har reads an export as a tree.
func (b *box) har(query string) tree {
	b.t.Helper()
	kind, _, body := b.fetch("/journal.har?" + query)
	if kind != "application/json" {
		b.t.Errorf("Content-Type is %q, want application/json", kind)
	}
	got := tree{t: b.t, status: 200, raw: body}
	must(b.t, json.Unmarshal([]byte(body), &got.value))
	return got
}

func shopWithHistory(t *testing.T) *box {
	t.Helper()
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A"}}, PublicURL: "https://qfpay.test"})
	b.remember(
		sandbox.Exchange{
			App: "A", At: morning, Started: morning.Add(time.Hour), Took: 1500 * time.Microsecond, Surface: "openapi", Method: "POST", URL: "/trade/v1/payment?a=%E7%8B%97&b=1+2&c&a=%zz",
			RequestHeader: textproto.MIMEHeader{"Content-Type": {"application/x-www-form-urlencoded"}, "Cookie": {"x=1; y=2"}, "Accept": {"*/*"}}, RequestBody: []byte("out_trade_no=T1&goods_name=%E7%8B%97"), RequestCut: 5,
			Status: 200, AnswerHeader: textproto.MIMEHeader{"Content-Type": {"application/json; charset=UTF-8"}, "Set-Cookie": {"s=1; Path=/"}}, AnswerBody: []byte(`{"respcd": "0000"}`),
			Respcd: "0000", Fidelity: sandbox.Observed, DecidedBy: "default", OutTradeNo: "T1", Syssn: "S1", Payer: "bob", OpenID: "o1", Findings: []sandbox.Finding{{ID: "openid-not-fresh", Detail: "no login"}},
		},
		sandbox.Exchange{App: "A", At: morning, Surface: "notify", Method: "POST", URL: "http://127.0.0.1:9/n?x=1", RequestBody: []byte(`{"status": "1"}`), Error: "connection refused", OutTradeNo: "T1"},
		sandbox.Exchange{At: morning, Surface: "weixin", Method: "GET", URL: "/connect/oauth2/authorize", Status: 302, AnswerHeader: textproto.MIMEHeader{"Location": {"http://h/?code=1"}}},
		sandbox.Exchange{App: "A", At: morning, Surface: "openapi", Method: "POST", URL: "/trade/v1/query", RequestBody: []byte("a=\xff"), Status: 200, AnswerBody: []byte("\xfe")},
	)
	return b
}

func TestHAR(t *testing.T) {
	b := shopWithHistory(t)
	b.har("").want(200, "log.version", "1.2", "log.creator.name", "qfsandbox", "log.creator.version", "v1.2.3", "log.entries.4", "(absent)",
		"log.entries.0.startedDateTime", "2026-03-14T03:00:00.000000Z", "log.entries.0.time", "1.5", "log.entries.0.timings", "map[receive:0 send:0 wait:1.5]", "log.entries.0.cache", "map[]",
		"log.entries.0.request.method", "POST", "log.entries.0.request.url", "https://qfpay.test/trade/v1/payment?a=%E7%8B%97&b=1+2&c&a=%zz", "log.entries.0.request.httpVersion", "HTTP/1.1",
		"log.entries.0.request.queryString", "[map[name:a value:狗] map[name:b value:1 2] map[name:c value:] map[name:a value:%zz]]",
		"log.entries.0.request.cookies", "[map[name:x value:1] map[name:y value:2]]", "log.entries.0.request.headers.0", "map[name:Accept value:*/*]", "log.entries.0.request.headersSize", "-1",
		"log.entries.0.request.bodySize", fmt.Sprint(len("out_trade_no=T1&goods_name=%E7%8B%97")+5), "log.entries.0.request.postData.mimeType", "application/x-www-form-urlencoded",
		"log.entries.0.request.postData.text", "out_trade_no=T1&goods_name=%E7%8B%97", "log.entries.0.request.postData.params", "(absent)", "log.entries.0.request.postData.comment", "5 more bytes were not kept",
		"log.entries.0.response.status", "200", "log.entries.0.response.statusText", "OK", "log.entries.0.response.cookies", "[map[name:s value:1]]", "log.entries.0.response.redirectURL", "",
		"log.entries.0.response.content", `map[mimeType:application/json; charset=UTF-8 size:18 text:{"respcd": "0000"}]`, "log.entries.0.response.bodySize", "18",
		"log.entries.0.comment", "openid-not-fresh: no login", "log.entries.0._seq", "1", "log.entries.0._app", "A", "log.entries.0._at", "2026-03-14T02:00:00Z", "log.entries.0._respcd", "0000",
		"log.entries.0._decided_by", "default", "log.entries.0._fidelity", "observed", "log.entries.0._out_trade_no", "T1", "log.entries.0._findings.0.id", "openid-not-fresh", "log.entries.0._direction", "in",
		// What went out, to a merchant that was not there. Without a real time, the App's stands.
		"log.entries.1.request.url", "http://127.0.0.1:9/n?x=1", "log.entries.1._direction", "out", "log.entries.1.response.status", "0", "log.entries.1.response.statusText", "", "log.entries.1._error", "connection refused",
		"log.entries.1.startedDateTime", "2026-03-14T02:00:00.000000Z", "log.entries.1.request.postData.mimeType", "x-unknown",
		"log.entries.2.response.redirectURL", "http://h/?code=1", "log.entries.2.request.postData", "(absent)", "log.entries.2.request.bodySize", "0", "log.entries.2.request.headers", "[]",
		// Bytes that are no text.
		"log.entries.3.request.postData._base64", "YT3/", "log.entries.3.response.content.text", "/g==", "log.entries.3.response.content.encoding", "base64")
	b.har("path=/nothing").want(200, "log.entries", "[]")
	b.har("surface=openapi&order=desc").want(200, "log.entries.0._seq", "4", "log.entries.1._seq", "1", "log.entries.2", "(absent)")
	b.har("last=2").want(200, "log.entries.0._seq", "3", "log.entries.1._seq", "4", "log.entries.2", "(absent)")
	b.har("limit=1").want(200, "log.entries.0._seq", "1", "log.entries.1", "(absent)")
}

func TestNDJSON(t *testing.T) {
	b := shopWithHistory(t)
	kind, _, body := b.fetch("/journal.ndjson?app=A")
	lines := strings.Split(body, "\n")
	if kind != "application/x-ndjson" || len(lines) != 4 || lines[3] != "" {
		t.Fatalf("%s of %d lines, want application/x-ndjson of three and a line end", kind, len(lines)-1)
	}
	for i, seq := range []string{"1", "2", "4"} {
		var line, page bytes.Buffer
		must(t, json.Compact(&line, []byte(lines[i])))
		var journal struct{ Exchanges []json.RawMessage }
		must(t, json.Unmarshal([]byte(b.call("GET", "/journal?app=A", "").raw), &journal))
		must(t, json.Compact(&page, journal.Exchanges[i]))
		if line.String() != page.String() || !strings.HasPrefix(lines[i], `{"seq":`+seq+`,`) {
			t.Errorf("line %d is %s, want exchange %s as the journal has it: %s", i+1, lines[i], seq, page.String())
		}
	}
}

func TestExportsHaveNames(t *testing.T) {
	b := shopWithHistory(t)
	for path, want := range map[string]string{
		"/journal.har": "qfsandbox.har", "/journal.ndjson?app=A&out_trade_no=T1": "qfsandbox-A-T1.ndjson", "/journal.har?out_trade_no=a/../%22%0d%0ab": "qfsandbox-a_______b.har",
	} {
		if _, file, _ := b.fetch(path); file != `attachment; filename="`+want+`"` {
			t.Errorf("%s is saved as %s, want %s", path, file, want)
		}
	}
	b.call("GET", "/journal.har?app=B", "").refused(404, "not-found", `app "B" does not exist here`)
	b.call("GET", "/journal.ndjson?respcd=9", "").refused(400, "invalid", `respcd is "9", which QFPay never published`)
}

func TestClientExports(t *testing.T) {
	b := shopWithHistory(t)
	for format, want := range map[control.Format]string{control.HAR: `"_seq":4`, control.NDJSON: `{"seq":4,`} {
		var to strings.Builder
		name, err := b.Export(t.Context(), format, control.JournalFilter{App: "A", Last: 1}, &to)
		must(t, err)
		if name != "qfsandbox-A."+string(format) || strings.Count(to.String(), `seq":`) != 1 || !strings.Contains(to.String(), want) {
			t.Errorf("%s is %s and holds %s, want the last exchange alone", format, name, to.String())
		}
	}
}

// An export is as large as the journal, and held piece by piece.
func TestExportsOfMuchAreWhole(t *testing.T) {
	b := start(t, server.Config{})
	body := []byte(strings.Repeat("x", 400<<10))
	for range 60 { // more than a page of the journal
		b.remember(sandbox.Exchange{Surface: "openapi", AnswerBody: body})
	}
	_, _, got := b.fetch("/journal.ndjson")
	if n := strings.Count(got, "\n"); n != 60 {
		t.Errorf("%d lines, want 60", n)
	}
}
