package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// What somebody with a wrong signature gets is QFPay's answer; the journal beside it has the name of
// the mistake. No key of any App reaches it, wherever the request carries one.
func TestARefusedSignatureIsNamedInTheJournal(t *testing.T) {
	const (
		previous  = "SANDBOXKEYTHATWAS0123456789ABCDE"
		shopCode  = "SANDBOXAPPSHOP0123456789ABCDEF00"
		shopKey   = "SANDBOXKEYOFTHESHOP0123456789ABC"
		signWrong = `{"resperr": "\u7b7e\u540d\u9519\u8bef(1108)", "respcd": "1108", "respmsg": "signature error"}`
		codeWrong = `{"resperr": "APPCODE\u975e\u6cd5", "respcd": "1108", "respmsg": ""}`
		order     = "out_trade_no=T 1&syssn=2"
		login     = "app_code=" + demoCode + "&redirect_uri=http://shop.test/a?b=c"
	)
	post, get := http.MethodPost, http.MethodGet
	for _, c := range []struct {
		name, method, target, body string
		header                     map[string]string
		answer                     string
		app                        sandbox.AppCode
		findings                   string
	}{
		{"query by POST with &key=", post, "/trade/v1/query", "out_trade_no=T+1&syssn=2", map[string]string{"X-QF-APPCODE": demoCode, "X-QF-SIGN": digest("MD5", order+"&key=", demoKey)}, signWrong, demoCode, "signature-wrong sign-key-separator"},
		{"query by GET, not sorted", get, "/trade/v1/query?syssn=2&out_trade_no=T+1", "", map[string]string{"X-QF-APPCODE": demoCode, "X-QF-SIGN": digest("MD5", "syssn=2&out_trade_no=T 1", demoKey)}, signWrong, demoCode, "signature-wrong sign-not-sorted"},
		{"query by GET, encoded", get, "/trade/v1/query?syssn=2&out_trade_no=T+1", "", map[string]string{"X-QF-APPCODE": demoCode, "X-QF-SIGN": digest("MD5", "out_trade_no=T+1&syssn=2", demoKey)}, signWrong, demoCode, "signature-wrong sign-encoded"},
		{"with the previous key", get, "/trade/v1/query?syssn=2&out_trade_no=T+1", "", map[string]string{"X-QF-APPCODE": demoCode, "X-QF-SIGN": digest("MD5", order, previous)}, signWrong, demoCode, "signature-wrong sign-key-previous"},
		{"with another App's key, which it carries too", post, "/trade/v1/query", "out_trade_no=T+1&syssn=2&key=" + shopKey, map[string]string{"X-QF-APPCODE": demoCode, "X-QF-SIGN": digest("MD5", "key="+shopKey+"&"+order, shopKey), "X-Key": shopKey}, signWrong, demoCode, "signature-wrong sign-key-of-another-app"},
		{"the previous key sent as signature", get, "/trade/v1/query?syssn=2", "", map[string]string{"X-QF-APPCODE": demoCode, "X-QF-SIGN": previous}, signWrong, demoCode, "signature-wrong sign-is-the-key"},
		{"the string sent as signature", get, "/trade/v1/query?syssn=2", "", map[string]string{"X-QF-APPCODE": demoCode, "X-QF-SIGN": "syssn=2" + demoKey}, signWrong, demoCode, "signature-wrong sign-not-hashed"},
		{"SHA256 without saying so", get, "/trade/v1/query?syssn=2", "", map[string]string{"X-QF-APPCODE": demoCode, "X-QF-SIGN": digest("SHA256", "syssn=2", demoKey)}, signWrong, demoCode, "signature-wrong sign-sha256-without-header"},
		{"the header misspelt", get, "/trade/v1/query?syssn=2", "", map[string]string{"X-QF-APPCODE": demoCode, "X_QF_SIGN": digest("MD5", "syssn=2", demoKey)}, signWrong, demoCode, "signature-wrong sign-header-misspelt"},
		{"app code and key exchanged", get, "/trade/v1/query?syssn=2", "", map[string]string{"X-QF-APPCODE": shopKey, "X-QF-SIGN": digest("MD5", "syssn=2", shopCode)}, codeWrong, "", "app-code-unknown app-code-is-the-key sign-key-is-app-code"},
		{"the app code's header misspelt", get, "/trade/v1/query?syssn=2", "", map[string]string{"X-QF-APP-CODE": demoCode, "X-QF-SIGN": digest("MD5", "syssn=2", demoKey)}, codeWrong, "", "app-code-unknown app-code-header-misspelt"},
		{"login, redirect_uri signed encoded", get, "/tool/v1/get_weixin_oauth_code?app_code=" + demoCode + "&redirect_uri=" + url.QueryEscape("http://shop.test/a?b=c") + "&sign=" + digest("MD5", "app_code="+demoCode+"&redirect_uri="+url.QueryEscape("http://shop.test/a?b=c"), demoKey), "", nil, signWrong, demoCode, "signature-wrong sign-encoded"},
		{"login, app code not signed", get, "/tool/v1/get_weixin_oauth_code?app_code=" + demoCode + "&redirect_uri=" + url.QueryEscape("http://shop.test/a?b=c") + "&sign=" + digest("MD5", "redirect_uri=http://shop.test/a?b=c", demoKey), "", nil, signWrong, demoCode, "signature-wrong sign-parameter-missing"},
		{"login, an & in redirect_uri not encoded", get, "/tool/v1/get_weixin_oauth_code?app_code=" + demoCode + "&redirect_uri=http://shop.test/a?b=c&d=e&sign=" + digest("MD5", login+"&d=e", demoKey), "", nil, signWrong, demoCode, "signature-wrong redirect-uri-cut sign-raw-separator"},
		{"login, signed in the header", get, "/tool/v1/get_weixin_oauth_code?app_code=" + demoCode + "&redirect_uri=http://shop.test/a?b=c", "", map[string]string{"X-QF-SIGN": digest("MD5", login, demoKey)}, signWrong, demoCode, "signature-wrong sign-header-misspelt"},
		{"login with SHA256", get, "/tool/v1/get_weixin_oauth_code?app_code=" + demoCode + "&redirect_uri=http://shop.test/a?b=c&sign=" + digest("SHA256", login, demoKey), "", nil, signWrong, demoCode, "signature-wrong sign-sha256-without-header"},
		{"nothing known", get, "/trade/v1/query?syssn=2", "", map[string]string{"X-QF-APPCODE": demoCode, "X-QF-SIGN": strings.Repeat("A", 32)}, signWrong, demoCode, "signature-wrong sign-unrecognised"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := start(t, server.Config{Apps: []sandbox.App{{Code: demoCode, ClientKey: demoKey, PreviousKey: previous}, {Code: shopCode, ClientKey: shopKey}}})
			req, err := http.NewRequest(c.method, s.URL()+c.target, strings.NewReader(c.body))
			must(t, err)
			if c.method == post {
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			for name, value := range c.header {
				req.Header[name] = []string{value}
			}
			resp, err := http.DefaultTransport.RoundTrip(req)
			must(t, err)
			defer resp.Body.Close()
			answer, err := io.ReadAll(resp.Body)
			must(t, err)
			if string(answer) != c.answer {
				t.Errorf("got answer %s, want QFPay's own %s", answer, c.answer)
			}
			page, err := s.Gateway().Store.Journal(t.Context(), c.app, 0, 10)
			must(t, err)
			if len(page.Exchanges) != 1 {
				t.Fatalf("got %d exchanges, want 1", len(page.Exchanges))
			}
			e := page.Exchanges[0]
			var ids []string
			for _, f := range e.Findings {
				ids = append(ids, f.ID)
				if f.ID != "signature-wrong" && f.ID != "app-code-unknown" && (f.Detail == "" || f.Change == "" || f.Expected == "") {
					t.Errorf("finding %+v, want detail, change and what was expected", f)
				}
			}
			if got := strings.Join(ids, " "); got != c.findings {
				t.Errorf("got findings %q, want %q\n%+v", got, c.findings, e.Findings)
			}
			kept := fmt.Sprintf("%+v %s", e, e.RequestBody)
			for _, key := range []string{demoKey, previous, shopKey} {
				if strings.Contains(kept, key) {
					t.Errorf("the journal tells %s:\n%s", key, kept)
				}
			}
		})
	}
}

// A merchant who hashes a notification after writing it anew, and says what came of that, finds the
// name of it beside the notification.
func TestARefusedNotificationIsNamedInTheJournal(t *testing.T) {
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var tight bytes.Buffer
		_ = json.Compact(&tight, body)
		http.Error(w, "bad sign: want "+r.Header.Get("X-QF-SIGN")+", got "+digest("md5", tight.String(), demoKey), http.StatusForbidden)
	}))
	t.Cleanup(shop.Close)
	s := start(t, server.Config{Apps: []sandbox.App{{Code: demoCode, ClientKey: demoKey, NotifyURL: shop.URL}}})
	g := s.Gateway()
	app, err := g.Store.App(t.Context(), demoCode)
	must(t, err)
	_, err = g.CreatePayer(t.Context(), sandbox.Payer{ID: "alice"})
	must(t, err)
	payer, err := g.PayerOf(t.Context(), "alice")
	must(t, err)
	_, params, err := g.Pay(t.Context(), app, sandbox.PaymentRequest{Txamt: "300", Txcurrcd: "HKD", PayType: "800207", OutTradeNo: "T1", Txdtm: sandbox.FormatTime(g.Now(app)), SubOpenID: wechat.OpenIDFor("alice", app.Account.AppID)})
	must(t, err)
	phone, _ := wechat.BrowserNamed("ios")
	_, err = g.PayerPays(t.Context(), sandbox.Invocation{PayParams: params, Client: wechat.Recognise(phone.UserAgent), Payer: payer})
	must(t, err)
	must(t, g.Store.WaitJournal(t.Context(), demoCode, 0))
	e := lastOf(t, s, demoCode)
	if !e.Has(sandbox.FindNotAcknowledged) || !e.Has(clinic.NotifyReserialised) {
		t.Errorf("got findings %+v, want %s and %s", e.Findings, sandbox.FindNotAcknowledged, clinic.NotifyReserialised)
	}
}

// Each name the clinic gives is a row of the findings that the controls list.
func TestTheClinicsNamesAreListed(t *testing.T) {
	for _, row := range clinic.Findings() {
		if row.Means == "" || row.Change == "" || row.Clause == "" {
			t.Errorf("%+v, want what it means, what to change, and the clause", row)
		}
	}
}
