package control_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// trade is a merchant's call, signed with a key.
func (b *box) trade(call string, app sandbox.AppCode, key string, params qfpay.Params) string {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.URL()+"/trade/v1/"+call, strings.NewReader(params.Encode()))
	must(b.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-QF-APPCODE", string(app))
	req.Header.Set("X-QF-SIGN", qfpay.Sign(params.Canonical(), key, qfpay.MD5))
	resp, err := http.DefaultClient.Do(req)
	must(b.t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	must(b.t, err)
	return string(raw)
}

func qrcode(n, m string) qfpay.Params {
	p := qfpay.Params{{Name: "txamt", Value: "300"}, {Name: "txcurrcd", Value: "HKD"}, {Name: "pay_type", Value: "800201"}, {Name: "out_trade_no", Value: n}, {Name: "txdtm", Value: "2026-03-14 10:00:00"}}
	if m != "" {
		p = append(p, qfpay.Param{Name: "mchid", Value: m})
	}
	return p
}

// bundled gives an order's bundle as it is answered.
func (b *box) bundled(path string) (*http.Response, string) {
	b.t.Helper()
	resp, err := http.Get(b.ControlURL() + "/_sandbox/v1" + path)
	must(b.t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	must(b.t, err)
	return resp, string(raw)
}

func wantWords(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("the bundle lacks %q:\n%s", w, text)
		}
	}
}

func TestABundleIsATextFile(t *testing.T) {
	b := start(t, server.Config{})
	_, err := b.CreateApp(t.Context(), control.NewApp{AppCode: "A", ClientKey: "K0123456789"})
	must(t, err)
	b.trade("payment", "A", "K0123456789", qrcode("T/1 ü", ""))
	resp, text := b.bundled("/apps/A/orders/T%2F1%20%C3%BC/bundle")
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/plain; charset=utf-8" ||
		resp.Header.Get("Content-Disposition") != `attachment; filename="order-T_1__.bundle.txt"` {
		t.Errorf("HTTP %d with %v, want 200 and a text file", resp.StatusCode, resp.Header)
	}
	if !strings.HasPrefix(text, "qfsandbox bundle 1\n") || !strings.HasSuffix(text, "\n-- end --\n") {
		t.Errorf("it is %s, want it to begin with its version and to end with its end", text)
	}
	wantWords(t, text, "\nout_trade_no   T/1 ü\n", "\nThe order is made, and nobody has paid it.\n")
}

// The commonest case of somebody in trouble: QFPay never took the payment.
func TestABundleOfAPaymentThatWasNeverAccepted(t *testing.T) {
	b := start(t, server.Config{})
	_, err := b.CreateApp(t.Context(), control.NewApp{AppCode: "A"})
	must(t, err)
	b.trade("payment", "A", "the wrong key", qrcode("T1", ""))
	b.trade("payment", "NOBODY", "the wrong key", qrcode("T1", ""))
	b.trade("payment", "A", "the wrong key", qrcode("T2", ""))
	_, text := b.bundled("/apps/A/orders/T1/bundle")
	wantWords(t, text, "The order was never accepted: no payment with out_trade_no T1 was taken by app A.\n2 of 2 exchanges were refused or failed", "\nsignature-wrong in #1\n",
		"\napp-code-unknown in #2\n", "-- exchange 1 request body, ", "credentials: wrong\n", "credentials: of no app\n")
	if strings.Contains(text, "T2") {
		t.Errorf("it tells of another order:\n%s", text)
	}
	b.call("GET", "/apps/A/orders/T3/bundle", "").refused(404, "not-found", `no payment was made with this out_trade_no, and the journal of app "A" holds no request that names it`)
	b.call("GET", "/apps/B/orders/T1/bundle", "").refused(404, "not-found", `app "B" does not exist here`)
	b.call("GET", "/apps/A/orders/T1/bundle?shop=M1", "").refused(400, "invalid", `"shop"`)
}

func TestABundleOfOneShop(t *testing.T) {
	b := start(t, server.Config{})
	_, err := b.CreateApp(t.Context(), control.NewApp{AppCode: "A", ClientKey: "K0123456789", Mchids: []control.Mchid{"M1", "M2"}})
	must(t, err)
	b.trade("payment", "A", "K0123456789", qrcode("T1", "M1"))
	b.trade("query", "A", "K0123456789", qfpay.Params{{Name: "mchid", Value: "M2"}, {Name: "out_trade_no", Value: "T1"}})
	_, text := b.bundled("/apps/A/orders/T1/bundle") // one shop has it
	wantWords(t, text, "\nmchid          M1\n", "-- exchange 2 request,")
	b.trade("payment", "A", "K0123456789", qrcode("T1", "M2"))
	b.call("GET", "/apps/A/orders/T1/bundle", "").refused(400, "invalid", `order "T1" exists in 2 shops, want mchid, one of M1, M2`)
	_, text = b.bundled("/apps/A/orders/T1/bundle?mchid=M2")
	wantWords(t, text, "\nmchid          M2\n", "-- exchange 2 request,", "-- exchange 3 request,")
	if strings.Contains(text, "-- exchange 1 ") {
		t.Errorf("the other shop's order is in it:\n%s", text)
	}
}

// A wallet that refuses a page before it looks at the order leaves no number in the journal, and is
// what somebody asks about.
func TestABundleHasWhatIsAboutItsPrepayID(t *testing.T) {
	b := start(t, server.Config{})
	_, err := b.CreateApp(t.Context(), control.NewApp{AppCode: "A", ClientKey: "K0123456789"})
	must(t, err)
	b.trade("payment", "A", "K0123456789", qrcode("T1", ""))
	order, err := b.Gateway().Store.TransactionByOutTradeNo(t.Context(), "A", "", "T1")
	must(t, err)
	handed := `{"params": {"package": "prepay_id=` + order.PrepayID + `"}}`
	for _, e := range []sandbox.Exchange{ // #2 to #5
		{Surface: "cashier", Method: "GET", URL: "/q/direct?package=prepay_id%3D" + order.PrepayID},
		{Surface: "wallet", Method: "POST", URL: "/wallet/invoke", RequestBody: []byte(handed)},
		{Surface: "wallet", Method: "GET", URL: "/wallet/sheet?p=" + base64.RawURLEncoding.EncodeToString([]byte(handed))},
		{Surface: "wallet", Method: "POST", URL: "/wallet/invoke", RequestBody: []byte("{}")}, // of nobody knows which
	} {
		e.App, e.Status = "A", 200
		must(t, b.Gateway().Record(t.Context(), e))
	}
	_, text := b.bundled("/apps/A/orders/T1/bundle")
	wantWords(t, text, "-- exchange 2 request,", "-- exchange 3 request,", "-- exchange 4 request,")
	if strings.Contains(text, "-- exchange 5 ") {
		t.Errorf("what names no order is in it:\n%s", text)
	}
}

func TestABundleSaysWhatItLeavesOut(t *testing.T) {
	b := start(t, server.Config{})
	_, err := b.CreateApp(t.Context(), control.NewApp{AppCode: "A", ClientKey: "K0123456789"})
	must(t, err)
	const n = 400
	for range n {
		must(t, b.Gateway().Record(t.Context(), sandbox.Exchange{App: "A", Surface: "openapi", Method: "POST", URL: "/trade/v1/query?out_trade_no=T1", Status: 200, AnswerBody: make([]byte, 64<<10)}))
	}
	_, text := b.bundled("/apps/A/orders/T1/bundle")
	wantWords(t, text, "Left out for want of room: 146 exchanges, #128 to #273, from the middle.\n", "  146 exchanges left out\n", "-- exchange 127 request,", "-- exchange 274 request,", "-- exchange 400 request,")
	if strings.Contains(text, "-- exchange 128 ") || strings.Contains(text, "-- exchange 273 ") {
		t.Error("what is left out is in it")
	}
}

// The journal masks the key an App has at the time. What passed before a key was one, and what an
// order remembers, is masked in the bundle.
func TestABundleHasNoKey(t *testing.T) {
	shop := httptest.NewServer(&merchant{answer: "SUCCESS"})
	t.Cleanup(shop.Close)
	b := start(t, server.Config{ControlToken: ""})
	keys := []string{"first/KEY+1", "second/KEY+2"}
	_, err := b.CreateApp(t.Context(), control.NewApp{AppCode: "A", ClientKey: keys[0], Name: "of " + keys[1], Seed: "the seed", NotifyURL: shop.URL})
	must(t, err)
	p := qrcode("T1", "")
	p = append(p, qfpay.Param{Name: "goods_name", Value: keys[1]}, qfpay.Param{Name: "memo", Value: "\xff" + keys[1]}) // a word yet, and later the key
	if answer := b.trade("payment", "A", keys[0], p); !strings.Contains(answer, `"respcd": "0000"`) {
		t.Fatalf("the payment gives %s", answer)
	}
	_, err = b.ChangeApp(t.Context(), "A", control.AppChange{ClientKey: &keys[1]})
	must(t, err)
	b.trade("query", "A", keys[0], qfpay.Params{{Name: "out_trade_no", Value: "T1"}, {Name: "key", Value: keys[0]}})
	_, text := b.bundled("/apps/A/orders/T1/bundle")
	wantWords(t, text, "(client_key)")
	for _, form := range []string{keys[0], keys[1], "first%2FKEY%2B1", "second%2FKEY%2B2", "second%252FKEY%252B2", `first\/KEY+1`, `second\/KEY+2`, "the seed"} {
		if strings.Contains(text, form) {
			t.Errorf("the bundle holds %q:\n%s", form, text)
		}
	}
}
