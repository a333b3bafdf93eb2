package replay_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// hands is a clock that stands still.
type hands struct{ now time.Time }

func (h hands) Now() time.Time { return h.now }

var morning = time.Date(2026, 3, 14, 2, 0, 0, 0, time.UTC)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
}

// start gives a sandbox; the seed makes its ids differ from another one's.
func start(t *testing.T, seed string, change ...func(*server.Config)) *server.Server {
	t.Helper()
	c := server.Config{Clock: hands{morning}, Seed: seed, Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))}
	for _, f := range change {
		f(&c)
	}
	s, err := server.Start(t.Context(), c)
	must(t, err)
	t.Cleanup(func() {
		if err := s.Shutdown(context.Background()); err != nil {
			t.Errorf("shutdown gives %v, want none", err)
		}
	})
	return s
}

const (
	appCode = "LIFE"
	// key has another spelling in addresses, in JSON and in quotes.
	key = `Geheim+"Schl&ssel"/0815`
)

// shop takes notifications and refuses the first.
type shop struct {
	mu    sync.Mutex
	heard []string
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = append(s.heard, string(raw))
	answer := "SUCCESS"
	if len(s.heard) == 1 {
		answer = "not yet"
	}
	_, _ = io.WriteString(w, answer)
}

// all is what it heard.
func (s *shop) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.heard)
}

// life is a merchant, a payer and their sandbox.
type life struct {
	t      *testing.T
	s      *server.Server
	client *control.Client
	shop   *shop
	// notifyURL is the shop's.
	notifyURL string
	openID    string
	answer    string // the last
	location  string
	params    map[string]string // pay_params
	syssn     string
}

func begin(t *testing.T, seed string, change ...func(*control.NewApp)) *life {
	t.Helper()
	l := &life{t: t, s: start(t, seed), shop: &shop{}}
	l.client = control.NewClient(l.s.ControlURL(), "")
	listening := httptest.NewServer(l.shop)
	t.Cleanup(listening.Close)
	l.notifyURL = listening.URL + "/notify"
	in := control.NewApp{AppCode: appCode, ClientKey: key, Name: "Pets & Co"}
	for _, f := range change {
		f(&in)
	}
	_, err := l.client.CreateApp(t.Context(), in)
	must(t, err)
	_, err = l.client.FreezeClock(t.Context(), appCode)
	must(t, err)
	_, err = l.client.CreatePayer(t.Context(), control.Payer{ID: "alice", Name: "Alice", Behaviour: sandbox.BehaveManual})
	must(t, err)
	return l
}

func (l *life) later(by time.Duration) {
	l.t.Helper()
	_, err := l.client.AdvanceClock(l.t.Context(), appCode, by)
	must(l.t, err)
}

// send sends a request, follows nothing, and keeps the answer.
func (l *life) send(method, address, body string, header ...string) int {
	l.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = l.s.URL() + address
	}
	req, err := http.NewRequestWithContext(l.t.Context(), method, address, strings.NewReader(body))
	must(l.t, err)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		l.answer, l.location = err.Error(), ""
		return 0
	}
	defer resp.Body.Close()
	raw, _ := io.ReadAll(resp.Body) // cut on purpose at times
	l.answer, l.location = string(raw), resp.Header.Get("Location")
	return resp.StatusCode
}

// call is the merchant's program calling QFPay, signed right.
func (l *life) call(path string, p ...string) { l.t.Helper(); l.signed(path, key, p...) }

func (l *life) signed(path, key string, p ...string) {
	l.t.Helper()
	params := paramsOf(p)
	l.send("POST", path, params.Encode(), "Content-Type", "application/x-www-form-urlencoded",
		"X-QF-APPCODE", appCode, "X-QF-SIGN", qfpay.Sign(params.Canonical(), key, qfpay.MD5))
}

func paramsOf(p []string) (params qfpay.Params) {
	for i := 0; i < len(p); i += 2 {
		params = append(params, qfpay.Param{Name: p[i], Value: p[i+1]})
	}
	return params
}

const inWeChat = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.69(0x1800452d) NetType/WIFI Language/zh_CN"

// browse is the payer's browser.
func (l *life) browse(address string) int {
	l.t.Helper()
	return l.send("GET", address, "", "User-Agent", inWeChat, "Cookie", "sandbox_payer=alice")
}

// wantAnswer checks the last answer.
func (l *life) wantAnswer(words string) {
	l.t.Helper()
	if !strings.Contains(l.answer, words) {
		l.t.Fatalf("the answer is %s, want it to hold %s", l.answer, words)
	}
}

// logIn goes through WeChat's login and exchanges the code.
func (l *life) logIn() {
	l.t.Helper()
	p := paramsOf([]string{"app_code", appCode, "redirect_uri", "http://merchant.test/back?order=T1"})
	l.browse("/tool/v1/get_weixin_oauth_code?" + p.Encode() + "&sign=" + qfpay.Sign(p.Canonical(), key, qfpay.MD5))
	l.browse(l.location)
	l.browse(l.location)
	back, err := url.Parse(l.location)
	must(l.t, err)
	l.call("/tool/v1/get_weixin_openid", "code", back.Query().Get("code"))
	l.wantAnswer(`"respcd": "0000"`)
	var answer struct {
		OpenID string `json:"openid"`
	}
	must(l.t, json.Unmarshal([]byte(l.answer), &answer))
	l.openID = answer.OpenID
}

// order makes the payment.
func (l *life) order(p ...string) {
	l.t.Helper()
	l.call("/trade/v1/payment", append([]string{"txamt", "300", "txcurrcd", "HKD", "pay_type", "800207", "out_trade_no", "T1", "txdtm", "2026-03-14 10:00:00",
		"sub_openid", l.openID, "goods_name", "狗糧 + dog food", "notify_url", l.notifyURL}, p...)...)
	var answer struct {
		Syssn     string            `json:"syssn"`
		PayParams map[string]string `json:"pay_params"`
	}
	must(l.t, json.Unmarshal([]byte(l.answer), &answer))
	l.syssn, l.params = answer.Syssn, answer.PayParams
}

// pay goes to the cashier and through the wallet.
func (l *life) pay() {
	l.t.Helper()
	q := url.Values{"mchntnm": {"Pets & Co"}, "txamt": {"300"}, "currency": {"HKD"}, "goods_name": {"dog food"}, "redirect_url": {"http://merchant.test/done"}}
	for name, value := range l.params {
		q.Set(name, value)
	}
	page := "/q/direct?" + q.Encode()
	if status := l.browse(page); status != 200 {
		l.t.Fatalf("the cashier answers HTTP %d: %s", status, l.answer)
	}
	handed, err := json.Marshal(map[string]any{"page": l.s.URL() + page, "params": l.params})
	must(l.t, err)
	l.wallet("/wallet/invoke", handed)
	var answer struct {
		Frame string `json:"frame"`
	}
	must(l.t, json.Unmarshal([]byte(l.answer), &answer))
	l.browse(answer.Frame)
	l.wallet("/wallet/cancel", handed)
	l.wallet("/wallet/pay", handed)
	l.wantAnswer("get_brand_wcpay_request:ok")
	l.wallet("/wallet/returned", handed)
}

func (l *life) wallet(path string, handed []byte) {
	l.t.Helper()
	l.send("POST", path, string(handed), "Content-Type", "application/json", "User-Agent", inWeChat, "Cookie", "sandbox_payer=alice")
}

// wholeLife is all that can happen to an order: login, openid, a bad signature, payment, cashier,
// wallet, a notification with a retry, enquiries, refunds done and refused, a fault, a lost answer.
func wholeLife(t *testing.T, seed string) *life {
	t.Helper()
	l := begin(t, seed)
	l.logIn()
	l.later(3 * time.Second)
	l.signed("/trade/v1/payment", "another key", "txamt", "300", "txcurrcd", "HKD", "pay_type", "800207", "out_trade_no", "T1", "txdtm", "2026-03-14 10:00:00", "sub_openid", l.openID)
	l.wantAnswer(`"respcd": "1`)
	l.later(time.Second)
	l.order()
	l.wantAnswer(`"respcd": "0000"`)
	l.call("/trade/v1/query", "out_trade_no", "T1")
	l.wantAnswer(`"respcd": "1143"`)
	l.later(20 * time.Second)
	l.pay()
	l.later(5 * time.Minute) // the notification, and its retry
	l.call("/trade/v1/payment", "txamt", "100", "txcurrcd", "HKD", "pay_type", "800201", "out_trade_no", "T2", "txdtm", "2026-03-14 10:00:00")
	l.call("/trade/v1/query", "out_trade_no", "T2,T1")
	l.wantAnswer(`"out_trade_no": "T2"`)
	l.call("/trade/v1/query", "out_trade_no", "T2") // another's
	_, err := l.client.AddFault(t.Context(), appCode, control.NewFault{Route: sandbox.AtQuery, Effect: "1143"})
	must(t, err)
	l.call("/trade/v1/query", "syssn", l.syssn)
	l.wantAnswer(`"respcd": "1143"`)
	_, err = l.client.RemoveFaults(t.Context(), appCode)
	must(t, err)
	l.later(time.Hour)
	l.call("/trade/v1/refund", "out_trade_no", "R1", "syssn", l.syssn, "txamt", "100", "txdtm", "2026-03-14 11:00:00")
	l.wantAnswer(`"respcd": "0000"`)
	l.call("/trade/v1/refund", "out_trade_no", "R2", "syssn", l.syssn, "txamt", "201", "txdtm", "2026-03-14 11:00:00")
	l.wantAnswer(`"respcd": "1`)
	l.call("/trade/v1/query", "out_trade_no", "R1")
	l.call("/trade/v1/add_note", "out_trade_no", "T1", "note", "given back in part")
	l.call("/trade/v1/close", "out_trade_no", "T1", "txamt", "300", "txdtm", "2026-03-14 11:00:00")
	l.send("POST", "/trade/v1/query", "out_trade_no=T1", "X-QF-APPCODE", "NOBODY", "X-QF-SIGN", "0")
	l.send("POST", "/trade/v1/query", "out_trade_no=T1", "X-QF-APPCODE", appCode, "X-QF-SIGN", key)
	l.later(time.Minute)
	return l
}

func (l *life) bundle(order string) []byte {
	l.t.Helper()
	raw, err := l.client.Bundle(l.t.Context(), appCode, "", sandbox.OutTradeNo(order))
	must(l.t, err)
	return bytes.Clone(raw)
}
