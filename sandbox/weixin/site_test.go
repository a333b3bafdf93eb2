package weixin_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/weixin"
)

type still struct{}

func (still) Now() time.Time { return time.Unix(1_773_453_600, 0) }

// site is WeChat with one App, behind http://wx.test.
type site struct {
	*sandbox.Gateway
	http.Handler
	t   *testing.T
	app sandbox.App
}

func open(t *testing.T, store sandbox.Store) *site {
	t.Helper()
	g := &sandbox.Gateway{Store: store, Clock: still{}, Entropy: mathrand.NewChaCha8([32]byte{}), NotificationDue: func() {}}
	router := mux.NewRouter()
	(&weixin.Site{Gateway: g, Base: func(*http.Request) string { return "http://wx.test" }, VendorNames: func(*http.Request) bool { return false }, Log: slog.New(slog.NewTextHandler(t.Output(), nil))}).Routes(router)
	app, err := g.CreateApp(t.Context(), sandbox.App{Code: "A", Name: `Shop <b>&"`})
	must(t, err)
	return &site{g, router, t, app}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
}

// visit sends a request with this browser and cookie.
func (s *site) visit(method, target, browser, cookie, body string) *httptest.ResponseRecorder {
	s.t.Helper()
	b, ok := wechat.BrowserNamed(browser)
	if !ok {
		s.t.Fatalf("no browser is called %s", browser)
	}
	req := httptest.NewRequestWithContext(s.t.Context(), method, target, strings.NewReader(body))
	req.Header.Set("User-Agent", b.UserAgent)
	if cookie != "" {
		req.Header.Set("Cookie", cookie)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, req)
	return w
}

func (s *site) authorize(extra string) string {
	return "/connect/oauth2/authorize?appid=" + s.app.Account.AppID + "&redirect_uri=http%3A%2F%2Fwx.test%2Fback&response_type=code&scope=snsapi_base" + extra
}

func TestPayerCookie(t *testing.T) {
	s := open(t, memstore.New())
	_, err := s.CreatePayer(t.Context(), sandbox.Payer{ID: "alice"})
	must(t, err)
	for cookie, keeps := range map[string]bool{
		"": false, "sandbox_payer=alice": true, "sandbox_payer=from-before": true, "other=1; sandbox_payer=alice": true,
		"sandbox_payer=": false, "sandbox_payer=a b": false, "sandbox_payer=<script>": false, "sandbox_payer=" + strings.Repeat("a", 33): false,
	} {
		w := s.visit("GET", s.authorize("&state=x"), "ios", cookie, "")
		got := w.Result().Cookies()
		if w.Code != http.StatusFound || !strings.HasPrefix(w.Header().Get("Location"), "http://wx.test/back?code=") {
			t.Errorf("%q: HTTP %d to %s, want 302 back with a code", cookie, w.Code, w.Header().Get("Location"))
		}
		if keeps != (len(got) == 0) {
			t.Errorf("%q: Set-Cookie is %v, kept %v, want kept %v", cookie, got, len(got) == 0, keeps)
			continue
		}
		if len(got) == 1 {
			c := got[0]
			if c.Name != weixin.PayerCookie || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge < 24*3600 || !sandbox.ValidPayerID(c.Value) {
				t.Errorf("%q: the cookie is %s, want sandbox_payer, HttpOnly, Lax, for the whole host only, lasting", cookie, c)
			}
		}
	}
}

func TestAuthorizeTakesARawSemicolon(t *testing.T) {
	s := open(t, memstore.New())
	w := s.visit("GET", "/connect/oauth2/authorize?appid="+s.app.Account.AppID+"&redirect_uri=http://wx.test/back?a;b&response_type=code&scope=snsapi_base&state=100%", "ios", "sandbox_payer=alice", "")
	if to := w.Header().Get("Location"); !strings.HasPrefix(to, "http://wx.test/back?a;b&code=") || !strings.HasSuffix(to, "&state=100%25") {
		t.Errorf("sent to %s, want back with ; kept and state encoded", to)
	}
}

func TestNotWeChat(t *testing.T) {
	s := open(t, memstore.New())
	for browser, seen := range map[string]string{"chrome": "no MicroMessenger token", "safari": "no MicroMessenger token", "wecom-ios": "WeCom is not WeChat", "wecom-android": "WeCom is not WeChat"} {
		w := s.visit("GET", s.authorize(""), browser, "", "")
		page := html.UnescapeString(w.Body.String())
		for _, want := range []string{"<title>抱歉，出错了</title>", "请在微信客户端打开链接", `class="test-band"`, `data-rule="not-wechat"`, seen} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the page lacks %s", browser, want)
			}
		}
		if w.Code != http.StatusOK || w.Header().Get("Location") != "" || w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s: HTTP %d to %q with cookie %q, want a page and nothing else", browser, w.Code, w.Header().Get("Location"), w.Header().Get("Set-Cookie"))
		}
	}
}

func TestErrorPageEscapes(t *testing.T) {
	s := open(t, memstore.New())
	w := s.visit("GET", "/connect/oauth2/authorize?appid=%3Cscript%3Ealert(1)%3C/script%3E", "ios", "", "")
	if page := w.Body.String(); strings.Contains(page, "<script") || !strings.Contains(page, wechat.NoSuchLink) {
		t.Errorf("the page is\n%s\nwant that the link cannot be opened, and no script", page)
	}
}

// order makes an order of alice's and gives what a page hands to the bridge.
func (s *site) order(goods string, change ...func(*sandbox.PaymentRequest)) string {
	s.t.Helper()
	r := sandbox.PaymentRequest{
		Txamt: "300", Txcurrcd: "HKD", PayType: "800207", OutTradeNo: "T1", Txdtm: "2026-03-14 10:00:00", GoodsName: goods, SubOpenID: wechat.OpenIDFor("alice", s.app.Account.AppID),
	}
	for _, c := range change {
		c(&r)
	}
	_, p, err := s.Pay(s.t.Context(), s.app, r)
	must(s.t, err)
	return fmt.Sprintf(`{"page": "http://wx.test/q/direct?x", "params": {"appId": %q, "timeStamp": %q, "nonceStr": %q, "package": %q, "signType": %q, "paySign": %q}}`,
		p.AppID, p.TimeStamp, p.NonceStr, p.Package, p.SignType, p.PaySign)
}

func sheetOf(handed string) string {
	return "/wallet/sheet?p=" + base64.RawURLEncoding.EncodeToString([]byte(handed))
}

func TestSheet(t *testing.T) {
	s := open(t, memstore.New())
	_, err := s.CreatePayer(t.Context(), sandbox.Payer{ID: "alice", Name: "<i>小林</i>", Behaviour: sandbox.BehavePay})
	must(t, err)
	handed := s.order(`<script>alert(1)</script>`)
	w := s.visit("GET", sheetOf(handed), "ios", "sandbox_payer=alice", "")
	page := w.Body.String()
	for _, want := range []string{
		`lang="zh-CN"`, `class="test-band"`, "Shop &lt;b&gt;&amp;&#34;", "&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;i&gt;小林&lt;/i&gt;", "3.00", "HKD",
		`data-view="sheet"`, `data-behaviour="pay"`, `id="pay"`, `id="cancel"`, `role="dialog"`, `data-token="` + strings.TrimPrefix(sheetOf(handed), "/wallet/sheet?p=") + `"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the sheet lacks %s", want)
		}
	}
	if strings.Contains(page, "<script>") || strings.Contains(page, "<i>") || strings.Contains(page, "credit") {
		t.Errorf("the sheet holds what it must not:\n%s", page)
	}
	if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("HTTP %d, Cache-Control %q, want 200 and no-store", w.Code, w.Header().Get("Cache-Control"))
	}
	popup := s.visit("GET", sheetOf(handed), "ios", "sandbox_payer=bob", "").Body.String()
	for _, want := range []string{`data-view="popup"`, "下单账号与支付账号不一致，请核实后再支付", `data-outcome="get_brand_wcpay_request:cancel"`, `class="test-band"`, `lang="en"`} {
		if !strings.Contains(popup, want) {
			t.Errorf("the popup lacks %s", want)
		}
	}
	if strings.Contains(popup, `id="pay"`) {
		t.Error("the popup has a button to pay")
	}
}

func TestBadTokens(t *testing.T) {
	s := open(t, memstore.New())
	for _, token := range []string{"", "!!", "a", base64.RawURLEncoding.EncodeToString([]byte("[]")), base64.RawURLEncoding.EncodeToString([]byte(`{"params": 5}`)), strings.Repeat("A", 30_000),
		base64.RawURLEncoding.EncodeToString([]byte(`{"page": "` + strings.Repeat("x", 17_000) + `"}`))} {
		w := s.visit("GET", "/wallet/sheet?p="+token, "ios", "sandbox_payer=alice", "")
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `"err_msg":"get_brand_wcpay_request:fail"`) || len(w.Body.String()) > 500 {
			t.Errorf("token %.20q: HTTP %d and %.200s, want 400 and a short fail", token, w.Code, w.Body.String())
		}
	}
	// A token is only what a page handed over; it proves nothing and opens nothing.
	for _, handed := range []string{"{}", "null", `{"page": "about:blank", "params": {}}`, `{"page": "", "params": {"appId": {}, "timeStamp": [], "nonceStr": true, "package": 1, "signType": 2, "paySign": 3}}`} {
		for _, browser := range []string{"ios", "android"} {
			w := s.visit("GET", sheetOf(handed), browser, "sandbox_payer=alice", "")
			if w.Code != http.StatusOK || strings.Contains(w.Body.String(), `id="pay"`) {
				t.Errorf("%s on %s: HTTP %d, want a popup", handed, browser, w.Code)
			}
		}
	}
}

func TestScripts(t *testing.T) {
	s := open(t, memstore.New())
	for path, want := range map[string]struct{ kind, holds string }{
		weixin.BridgePath: {"text/javascript; charset=utf-8", "WeixinJSBridgeReady"}, "/wallet/wallet.js": {"text/javascript; charset=utf-8", "/wallet/pay"}, "/wallet/page.js": {"text/javascript; charset=utf-8", "decision"}, "/wallet/wallet.css": {"text/css; charset=utf-8", ".sheet"},
	} {
		w := s.visit("GET", path, "chrome", "", "")
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != want.kind || !strings.Contains(w.Body.String(), want.holds) || w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s answers HTTP %d as %s, want 200 as %s with %s", path, w.Code, w.Header().Get("Content-Type"), want.kind, want.holds)
		}
	}
}

// broken is a store that cannot find payers any more.
type broken struct{ *memstore.Store }

func (broken) Payer(context.Context, sandbox.PayerID) (sandbox.Payer, error) {
	return sandbox.Payer{}, errors.New("disk /dev/sdb burns")
}

func TestMistakesOfOursAreNotTold(t *testing.T) {
	s := open(t, broken{memstore.New()})
	handed := s.order("")
	for _, c := range []struct{ method, target, body string }{
		{"GET", s.authorize(""), ""}, {"GET", sheetOf(handed), ""}, {"POST", "/wallet/invoke", handed}, {"POST", "/wallet/pay", handed}, {"POST", "/wallet/cancel", handed},
	} {
		w := s.visit(c.method, c.target, "ios", "sandbox_payer=alice", c.body)
		if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "sdb") || !strings.Contains(w.Body.String(), "its log has the cause") {
			t.Errorf("%s answers HTTP %d and %s, want 500 without the cause", c.target, w.Code, w.Body.String())
		}
	}
}
