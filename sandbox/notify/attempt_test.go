package notify_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/notify"
)

func TestBytesOnTheWire(t *testing.T) {
	m := hearing(t, reply(200, "SUCCESS"))
	w := newShop(t, m)
	id := w.paid("APP", "T/1-狗")
	w.advance(0, 1)
	body := string(w.notification(id).Body)
	host := strings.TrimPrefix(strings.TrimSuffix(m.url, "/notify?from=qfpay"), "http://")
	want := "POST /notify?from=qfpay HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: qfsandbox (QFPay sandbox notification)\r\n" +
		fmt.Sprintf("Content-Length: %d\r\n", len(body)) + "Content-Type: application/json\r\n" +
		fmt.Sprintf("X-QF-SIGN: %X\r\n", md5.Sum([]byte(body+"CLIENTKEY"))) + "Accept-Encoding: gzip\r\nConnection: close\r\n\r\n" + body
	if got := <-m.got; got != want {
		t.Errorf("the merchant got\n%s\nwant\n%s", got, want)
	}
	if !strings.Contains(body, `"out_trade_no": "T/1-\u72d7"`) {
		t.Errorf("the body is %s, want the layout of json.dumps", body)
	}
	e := w.lastExchange()
	if e.Surface != "notify" || e.App != "APP" || e.OutTradeNo != "T/1-狗" || e.URL != m.url || string(e.RequestBody) != body || e.Status != 200 ||
		string(e.AnswerBody) != "SUCCESS" || len(e.RequestHeader["X-QF-SIGN"]) != 1 || len(e.Findings) != 0 {
		t.Errorf("the journal keeps %+v, want the exchange as it passed", e)
	}
}

func TestOnlyExactlySUCCESSAcknowledges(t *testing.T) {
	redirected := hearing(t, reply(200, "SUCCESS"))
	for _, c := range []struct {
		name, answer string
		want         bool
		finding      string
	}{
		{"SUCCESS", reply(200, "SUCCESS"), true, ""},
		{"white space around it", reply(200, " \r\nSUCCESS\n"), true, ""},
		{"without a length", "HTTP/1.0 200 OK\r\n\r\nSUCCESS", true, ""},
		{"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nSUC\r\n4\r\nCESS\r\n0\r\n\r\n", true, ""},
		{"lower case", reply(200, "success"), false, `answered HTTP 200 and "success", want 200 and exactly SUCCESS`},
		{"quotes", reply(200, `"SUCCESS"`), false, "want 200 and exactly SUCCESS"},
		{"more than it", reply(200, "SUCCESS ok"), false, "want 200 and exactly SUCCESS"},
		{"nothing", reply(200, ""), false, `answered HTTP 200 and ""`},
		{"201", reply(201, "SUCCESS"), false, `answered HTTP 201 and "SUCCESS"`},
		{"204", "HTTP/1.1 204 No Content\r\n\r\n", false, "answered HTTP 204"},
		{"500", reply(500, "SUCCESS"), false, "answered HTTP 500"},
		{"a redirect is not followed", "HTTP/1.1 302 Found\r\nLocation: " + redirected.url + "\r\nContent-Length: 0\r\n\r\n", false, "answered HTTP 302"},
		{"307 is not followed", "HTTP/1.1 307 X\r\nLocation: " + redirected.url + "\r\nContent-Length: 7\r\n\r\nSUCCESS", false, "answered HTTP 307"},
		{"blanks beyond what is read, and an error", reply(200, "SUCCESS"+strings.Repeat(" ", 2000)+"<b>error</b>"), false, "answered HTTP 200"},
		{"broken off", "HTTP/1.1 200 OK\r\nContent-Length: 70\r\n\r\nSUCCESS", false, "the connection was closed before a whole answer came"},
		{"closed without an answer", "", false, "the connection was closed before a whole answer came"},
		{"more headers than are kept", "HTTP/1.1 200 OK\r\nX-Long: " + strings.Repeat("x", 70<<10) + "\r\nContent-Length: 7\r\n\r\nSUCCESS", false, "server response headers exceeded 65536 bytes"},
		{"no HTTP", "SUCCESS\r\n\r\n", false, "malformed HTTP response"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := hearing(t, c.answer)
			w := newShop(t, m)
			id := w.paid("APP", "T1")
			w.advance(0, 1)
			n := w.notification(id)
			if n.Attempts[0].Acknowledged != c.want || n.Pending == c.want {
				t.Errorf("acknowledged %v, pending %v, want %v and %v", n.Attempts[0].Acknowledged, n.Pending, c.want, !c.want)
			}
			e := w.lastExchange()
			switch {
			case c.want && len(e.Findings) != 0:
				t.Errorf("found %v, want nothing", e.Findings)
			case !c.want && (len(e.Findings) != 1 || e.Findings[0].ID != sandbox.FindNotAcknowledged || !strings.Contains(e.Findings[0].Detail, c.finding)):
				t.Errorf("found %v, want %s: %s", e.Findings, sandbox.FindNotAcknowledged, c.finding)
			}
			if len(n.Attempts[0].Answer) > 1024 {
				t.Errorf("the answer kept has %d bytes, want at most 1024", len(n.Attempts[0].Answer))
			}
		})
	}
	if got := redirected.heard(); len(got) != 0 {
		t.Errorf("the redirect's target heard of %v, want nothing", got)
	}
}

func TestNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	url := "http://" + l.Addr().String() + "/"
	must(t, l.Close())
	w := newWorld(t, memstore.New())
	w.open("APP", url)
	id := w.paid("APP", "T1")
	w.advance(0, 1)
	n := w.notification(id)
	if a := n.Attempts[0]; a.Status != 0 || !strings.Contains(a.Error, "connection refused") || !n.Pending {
		t.Errorf("the attempt is %+v, want connection refused, and the notification pending", a)
	}
}

// Attempts come one by one, and each opens its own connection: a merchant may close it any time.
func TestEachAttemptHasItsOwnConnection(t *testing.T) {
	m := hearing(t, reply(200, "no")) // says nothing of Connection: close, and closes
	w := newShop(t, m)
	id := w.paid("APP", "T1")
	w.advance(1000*hour, 8)
	for i, a := range w.notification(id).Attempts {
		if a.Status != 200 || a.Error != "" {
			t.Errorf("attempt %d got HTTP %d and error %q, want 200 and none", i+1, a.Status, a.Error)
		}
	}
}

func TestLogMasksTheKeyInAddresses(t *testing.T) {
	m := hearing(t, reply(200, "SUCCESS"))
	w := newShop(t, m)
	var log bytes.Buffer
	w.Deliverer = notify.New(w.Gateway, notify.Destinations{}, slog.New(slog.NewTextHandler(&log, nil)))
	id := w.paid("APP", "T1")
	w.advance(0, 1)
	_, err := w.Resend(t.Context(), id, m.url+"&key=CLIENTKEY")
	must(t, err)
	if got := log.String(); strings.Contains(got, "CLIENTKEY") || !strings.Contains(got, "&key=(client_key)") {
		t.Errorf("the log has\n%s\nwant the address with the key masked", got)
	}
}

// Why a merchant refused is asked once for each genuine notification that was answered, with all that
// the answer shows.
func TestWhyItWasRefusedIsAskedOnce(t *testing.T) {
	for _, c := range []struct {
		name, answer string
		want         string
	}{
		{"refused", "HTTP/1.1 403 X\r\nX-Sign: 7\r\nContent-Length: 8\r\n\r\nbad sign", "[bad sign 8 7]"},
		{"acknowledged", reply(200, "SUCCESS"), ""},
		{"acknowledged in other letters", reply(200, "\"success\"\n"), ""},
		{"no answer", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newShop(t, hearing(t, c.answer))
			var asked []string
			w.Refused = func(_ context.Context, app sandbox.App, body []byte, answered ...string) []sandbox.Finding {
				if app.Code != "APP" || !strings.HasPrefix(string(body), `{"status"`) {
					t.Errorf("asked about %s and %s, want APP's notification", app.Code, body)
				}
				asked = append(asked, fmt.Sprint(answered))
				return []sandbox.Finding{{ID: "why", Detail: "because"}}
			}
			w.paid("APP", "T1")
			w.advance(0, 1)
			if got := w.lastExchange().Has("why"); got != (c.want != "") {
				t.Errorf("the journal says why: %t, want %t", got, c.want != "")
			}
			if c.want != "" {
				w.advance(2*time.Minute, 1)
			}
			if got := strings.Join(asked, " "); got != c.want {
				t.Errorf("asked with %s, want %s", got, c.want)
			}
		})
	}
}
