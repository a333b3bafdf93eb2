package control_test

import (
	"fmt"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// remember puts exchanges in the journal as they are.
func (b *box) remember(exchanges ...sandbox.Exchange) {
	b.t.Helper()
	for _, e := range exchanges {
		_, err := b.Gateway().Store.AppendExchange(b.t.Context(), e)
		must(b.t, err)
	}
}

// seqs lists the exchanges of a journal page.
func (tr tree) seqs() string {
	var list []string
	for i := 0; tr.at(fmt.Sprintf("exchanges.%d", i)) != "(absent)"; i++ {
		list = append(list, tr.at(fmt.Sprintf("exchanges.%d.seq", i)))
	}
	return strings.Join(list, " ")
}

func TestEachFilterChooses(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A"}}})
	later := morning.Add(time.Hour)
	b.remember(
		sandbox.Exchange{App: "A", At: morning, Surface: "openapi", Method: "POST", URL: "/trade/v1/payment?a=1", Status: 200, Respcd: "0000", Fidelity: sandbox.Observed, DecidedBy: "default", OutTradeNo: "T1", Syssn: "S1", OpenID: "o1"},
		sandbox.Exchange{App: "A", At: later, Surface: "notify", Method: "POST", URL: "http://127.0.0.1:1/n", Status: 404, DecidedBy: "plan bad-signature", OutTradeNo: "T1", Findings: []sandbox.Finding{{ID: "notification-not-acknowledged"}}},
		sandbox.Exchange{At: later, Surface: "wallet", Method: "GET", URL: "/wallet/sheet", Status: 204, Payer: "bob", DecidedBy: "payer bob"},
		sandbox.Exchange{At: later, Surface: "openapi", Method: "GET", URL: "/trade/v1/query", Status: 200, Respcd: "1108", Fidelity: sandbox.Assumed, DecidedBy: "fault 3"},
		sandbox.Exchange{At: later.Add(time.Hour), Surface: "notify", Method: "POST", URL: "http://127.0.0.1:1/n", Error: "connection refused"},
	)
	for query, want := range map[string]string{
		"surface=notify": "2 5", "surface=wallet": "3", "direction=in": "1 3 4", "direction=out": "2 5", "path=/n": "2 5", "method=GET": "3 4", "method=post": "1 2 5",
		"out_trade_no=T1": "1 2", "syssn=S1": "1", "payer=bob": "3", "openid=o1": "1", "respcd=0000": "1", "respcd=1108": "4", "respcd=1136": "",
		"status=200": "1 4", "status=2xx": "1 3 4", "status=4XX": "2", "status=0": "5", "fidelity=observed": "1", "fidelity=assumed": "4",
		"decided_by=default": "1", "decided_by=fault": "4", "decided_by=fault+3": "4", "decided_by=fault+33": "", "decided_by=plan": "2", "decided_by=payer+bob": "3",
		"finding=notification-not-acknowledged": "2", "finding=any": "2", "direction=in&status=200&method=GET": "4",
		"after=2026-03-14T03:00:00Z": "2 3 4 5", "after=2026-03-14+11:00:01": "5", "before=2026-03-14T11:00:00%2B08:00": "1", "before=2026-03-14T11:00:01+08:00": "1 2 3 4",
		"after=2026-03-14+10:00:00&before=2026-03-14+10:00:01": "1", "until=3": "1 2", "since=1&until=4": "2 3", "surface=&app=": "1 2 3 4 5",
	} {
		if got := b.call("GET", "/journal?"+query, "").want(200).seqs(); got != want {
			t.Errorf("%q gives %q, want %q", query, got, want)
		}
	}
}

func TestFilterValuesThatMatchNothingAreRefused(t *testing.T) {
	b := start(t, server.Config{})
	for query, message := range map[string]string{
		"surface=opanapi":                `surface is "opanapi", want one of openapi, weixin, wallet, cashier, notify, unknown; did you mean openapi?`,
		"direction=outgoing":             `direction is "outgoing", want one of in, out`,
		"path=payment":                   `path is "payment", want a path from its first slash on, such as /trade/v1/payment; did you mean /trade/v1/payment?`,
		"path=get_weixin_openid":         "did you mean /tool/v1/get_weixin_openid?",
		"method=FETCH":                   `method is "FETCH", want one of GET, HEAD, POST`,
		"respcd=9999":                    `respcd is "9999", which QFPay never published, want one of those GET /_sandbox/v1/fidelity lists`,
		"status=OK":                      `status is "OK", want an HTTP status such as 200, a class of them such as 4xx, or 0 for no answer`,
		"status=2000":                    `status is "2000"`,
		"status=6xx":                     `status is "6xx"`,
		"status=4x4":                     `status is "4x4"`,
		"decided_by=faults":              `decided_by is "faults", want one of default, header, fault, payer, amount, plan, or a single lever such as "fault 3"; did you mean fault?`,
		"fidelity=guessed":               `fidelity is "guessed", want one of documented, observed, assumed`,
		"finding=signature-wrnog":        `finding is "signature-wrnog", want any or an id that GET /_sandbox/v1/findings lists; did you mean signature-wrong?`,
		"finding=parameter-txam":         "did you mean parameter-txamt?",
		"after=yesterday":                `after is "yesterday", want a time such as "2026-03-14 10:00:00", which is UTC+8, or "2026-03-14T02:00:00Z"`,
		"before=2026-03-14":              `before is "2026-03-14", want a time`,
		"until=x":                        `until is "x", want the mark of an earlier answer, or 0`,
		"order=newest":                   `order is "newest", want asc (oldest first) or desc (newest first)`,
		"last=0":                         `last is "0", want a whole number from 1 to 10000`,
		"last=2&limit=3":                 "last is 2 and limit 3, want one of them",
		"surface=openapi&surface=all":    "surface is given 2 times, want it once",
		"q=" + strings.Repeat("x", 1001): "q has 1001 bytes, want at most 1000",
		"tradeno=T1":                     `query parameter "tradeno" is none of app surface `,
		"outtradeno=T1":                  "; did you mean out_trade_no?",
	} {
		t.Run(query[:min(len(query), 40)], func(t *testing.T) {
			got := b.call("GET", "/journal?"+query, "")
			got.t = t
			got.refused(400, "invalid", message)
		})
	}
	b.call("GET", "/journal/wait?last=3", "").refused(400, "invalid", `query parameter "last" is none of app`)
	b.call("GET", "/journal/wait?count=1001", "").refused(400, "invalid", `count is "1001", want a whole number from 1 to 1000`)
}

// A person looks for what a person can read, whatever was done to it on its way.
func TestSearchFindsWhatWasEncoded(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A"}}})
	b.remember(
		sandbox.Exchange{App: "A", URL: "/trade/v1/payment", RequestBody: []byte("goods_name=%E7%8B%97%E7%B2%AE&udid=a+b%21")},
		sandbox.Exchange{App: "A", URL: "/q/direct?redirect_url=http%253A%252F%252Fshop.test%252Fdone", AnswerBody: []byte(`{"resperr": "\u72d7\u7cae \ud83d\ude00"}`)},
		sandbox.Exchange{App: "A", URL: "/狗粮", RequestHeader: textproto.MIMEHeader{"X-Shop": {"Happy Dog"}}, AnswerBody: []byte(`{"url": "http:\/\/h\/x"}`)},
		sandbox.Exchange{App: "A", Surface: "notify", Error: "Connection REFUSED", Findings: []sandbox.Finding{{ID: "code-used", Detail: "used at noon", Received: "R\u00e9", Expected: "another", Change: "ask anew"}}, OutTradeNo: "ORDER-7"},
		sandbox.Exchange{App: "A", RequestBody: []byte("100% \\ud83d \\u12 %zz %")},
	)
	for q, want := range map[string]string{
		"狗粮": "1 2 3", "%E7%8B%97": "1", "%e7%8b%97": "1", "😀": "2", "a b!": "1", "http://shop.test/done": "2", "x-shop: happy": "3", "http://h/x": "3", "connection refused": "4",
		"USED AT": "4", "code-used": "4", "ask anew": "4", "another": "4", "RÉ": "4", "order-7": "4", "100%": "5", "%zz": "5", "cat": "", `\u72d7`: "2",
	} {
		if got := b.call("GET", "/journal?q="+url.QueryEscape(q), "").want(200).seqs(); got != want {
			t.Errorf("%q is found in %q, want %q", q, got, want)
		}
	}
}

func TestNewestFirstAndTheLastOfThem(t *testing.T) {
	b := twoApps(t)
	for i := range 40 { // more than are read at once
		b.remember(sandbox.Exchange{App: []sandbox.AppCode{"A", "B"}[i%2], Surface: "openapi", Method: []string{"GET", "POST", "PUT", "PUT"}[i%4], URL: fmt.Sprintf("/%d", i+1)})
	}
	for query, want := range map[string]string{
		"last=3": "38 39 40", "last=3&app=A": "35 37 39", "last=2&method=GET": "33 37", "last=99&since=37": "38 39 40", "last=2&until=10": "8 9", "last=2&since=39": "40", "last=5&since=40": "",
		"last=2&method=DELETE": "", "order=desc&limit=3": "40 39 38", "order=desc&last=3": "40 39 38", "order=desc&method=GET&limit=2": "37 33", "order=desc&until=4": "3 2 1", "order=desc&since=38": "40 39",
		"order=desc&app=B&until=5": "4 2", "order=asc&limit=2": "1 2",
	} {
		if got := b.call("GET", "/journal?"+query, "").want(200).seqs(); got != want {
			t.Errorf("%q gives %q, want %q", query, got, want)
		}
	}
	b.call("GET", "/journal?last=3", "").want(200, "mark", "40", "earlier", "38", "oldest", "1")
	b.call("GET", "/journal?order=desc&limit=3", "").want(200, "mark", "40", "earlier", "38")
	b.call("GET", "/journal?last=99", "").want(200, "mark", "40", "earlier", "(absent)")
	b.call("GET", "/journal?until=4", "").want(200, "mark", "3")
	b.call("GET", "/journal?app=B", "").want(200, "oldest", "2")
}

// Who asks for the last ones gets them all, however long they are.
func TestTheLastOnesOfLongExchanges(t *testing.T) {
	b := twoApps(t)
	body := []byte(strings.Repeat("x", 400<<10))
	for range 100 {
		b.remember(sandbox.Exchange{Surface: "openapi", RequestBody: body})
	}
	page, err := b.Journal(t.Context(), control.JournalFilter{Last: 90})
	must(t, err)
	if n := len(page.Exchanges); n != 90 || page.Exchanges[0].Seq != 11 || page.Exchanges[89].Seq != 100 || page.Mark != 100 {
		t.Errorf("the client reads %d exchanges, mark %d, want 90 from 11 to 100", n, page.Mark)
	}
	got := b.call("GET", "/journal?last=90", "")
	if n := len(strings.Fields(got.seqs())); n < 40 || n > 42 || got.at("earlier") != fmt.Sprint(101-n) {
		t.Errorf("a page of the last has %d exchanges and earlier %s, want the 41 that fit and where to go on", n, got.at("earlier"))
	}
}

func TestWaitForSeveral(t *testing.T) {
	b := twoApps(t)
	woken := make(chan control.JournalPage, 1)
	go func() {
		page, err := b.WaitFor(t.Context(), control.JournalFilter{App: "A", Path: "/trade/v1/query"}, 2, time.Minute)
		if err != nil {
			t.Error(err)
		}
		woken <- page
	}()
	b.post("A", "/trade/v1/query", "out_trade_no=T1")
	b.post("B", "/trade/v1/query", "")
	b.post("A", "/trade/v1/payment", "")
	b.post("A", "/trade/v1/query", "out_trade_no=T2")
	page := <-woken
	if len(page.Exchanges) != 2 || page.Exchanges[0].OutTradeNo != "T1" || page.Exchanges[1].OutTradeNo != "T2" || page.Mark != 4 {
		t.Errorf("got %d exchanges and mark %d, want T1, T2 and 4", len(page.Exchanges), page.Mark)
	}
	b.call("GET", "/journal/wait?app=A&count=5&timeout=1ms", "").want(200, "mark", "4", "exchanges.2.seq", "4", "exchanges.3", "(absent)")
}

func TestBytesThatAreNoTextAreKept(t *testing.T) {
	b := twoApps(t)
	b.remember(sandbox.Exchange{RequestBody: []byte("a=\xff\xfe"), AnswerBody: []byte("ok")})
	b.call("GET", "/journal", "").want(200, "exchanges.0.request_body", "a=\ufffd", "exchanges.0.request_body_base64", "YT3//g==", "exchanges.0.answer_body", "ok", "exchanges.0.answer_body_base64", "(absent)")
	page, err := b.Journal(t.Context(), control.JournalFilter{})
	must(t, err)
	if e := page.Exchanges[0]; string(e.RequestBytes()) != "a=\xff\xfe" || string(e.AnswerBytes()) != "ok" {
		t.Errorf("the client gives %q and %q, want the bytes as they passed", e.RequestBytes(), e.AnswerBytes())
	}
}
