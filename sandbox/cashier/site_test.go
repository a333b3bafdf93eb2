package cashier_test

import (
	"encoding/json"
	"html"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/cashier"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

type still struct{}

func (still) Now() time.Time { return time.Unix(1_773_453_600, 0) }

// visit opens a path of the cashier with this browser and gives the answer, and what was found.
func visit(t *testing.T, method, target, browser string) (*httptest.ResponseRecorder, *sandbox.Exchange) {
	t.Helper()
	b, ok := wechat.BrowserNamed(browser)
	if !ok {
		t.Fatalf("no browser is called %s", browser)
	}
	site := &cashier.Site{
		Gateway: &sandbox.Gateway{Store: memstore.New(), Clock: still{}, Entropy: mathrand.NewChaCha8([32]byte{}), NotificationDue: func() {}},
		Bridge:  func(*http.Request) string { return "/wallet/bridge.js?a=1&b=2" }, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	router := mux.NewRouter()
	site.Routes(router)
	var e sandbox.Exchange
	req := httptest.NewRequestWithContext(sandbox.WithExchange(t.Context(), &e), method, target, nil)
	req.Header.Set("User-Agent", b.UserAgent)
	w := httptest.NewRecorder()
	router.ServeHTTP(w, req)
	return w, &e
}

// direct is a /q/direct with these parameters instead of the good ones; "" leaves one out.
func direct(pairs ...string) string {
	q := url.Values{"mchntnm": {"宠物店"}, "txamt": {"300"}, "currency": {"HKD"}, "redirect_url": {"https://m.test/done?a=1&b=2"}, "package": {"prepay_id=wx1"},
		"timeStamp": {"1773453600"}, "signType": {"MD5"}, "paySign": {"ABCD"}, "appId": {"wx0"}, "nonceStr": {"n"}}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return "/q/direct?" + q.Encode()
}

const evil = `</script><script>alert(1)</script>"'><img src=x onerror=alert(1)>`

func TestPageShowsThePayment(t *testing.T) {
	w, _ := visit(t, "GET", direct("goods_name", "狗粮"), "ios")
	page := w.Body.String()
	for _, want := range []string{
		`<html lang="zh-CN">`, `name="viewport"`, `class="test-band"`, "TEST", `id="merchant">宠物店<`, ">狗粮<", "HKD", "3.00",
		`data-redirect="https://m.test/done?a=1&amp;b=2"`, `href="https://m.test/done?a=1&amp;b=2"`, `<script src="/wallet/bridge.js?a=1&amp;b=2"></script>`,
		`<script src="/q/cashier.js"></script>`, `aria-live="polite"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for name, want := range map[string]string{"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "Referrer-Policy": "same-origin"} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if w.Code != http.StatusOK {
		t.Errorf("HTTP %d, want 200", w.Code)
	}
}

func TestAmountsHaveTheirDecimals(t *testing.T) {
	for _, c := range []struct{ txamt, currency, want string }{{"300", "JPY", "300"}, {"5", "HKD", "0.05"}, {"99999999999", "THB", "999999999.99"}} {
		w, _ := visit(t, "GET", direct("txamt", c.txamt, "currency", c.currency), "ios")
		shown := regexp.MustCompile(`(?s)id="amount">(.*?)</p>`).FindStringSubmatch(w.Body.String())
		if shown == nil || !strings.HasSuffix(strings.ReplaceAll(shown[1], " ", ""), "</span>"+c.want) || !strings.Contains(shown[1], c.currency) {
			t.Errorf("%s %s is shown as %q, want %s", c.currency, c.txamt, shown, c.want)
		}
	}
}

// Whatever a merchant or an attacker puts into the address stays text.
func TestPageEscapesItsInput(t *testing.T) {
	w, _ := visit(t, "GET", direct("mchntnm", evil, "goods_name", "<b>", "redirect_url", `https://m.test/"><script>alert(1)</script>`, "nonceStr", evil, "paySign", "\u2028</script>"), "ios")
	page := w.Body.String()
	if strings.Contains(page, "<script>alert") || strings.Contains(page, "<img") || strings.Contains(page, "<b>") {
		t.Errorf("the page holds markup of its visitor's:\n%s", page)
	}
	if !strings.Contains(page, html.EscapeString("<b>")) {
		t.Error("the goods are not shown as text")
	}
	raw := regexp.MustCompile(`(?s)id="pay-params">(.*?)</script>`).FindStringSubmatch(page)
	var params map[string]string
	if err := json.Unmarshal([]byte(raw[1]), &params); err != nil {
		t.Fatalf("the pay params %s are no JSON: %v", raw[1], err)
	}
	want := map[string]string{"appId": "wx0", "timeStamp": "1773453600", "nonceStr": evil, "package": "prepay_id=wx1", "signType": "MD5", "paySign": "\u2028</script>"}
	for name, value := range want {
		if params[name] != value || len(params) != len(want) {
			t.Errorf("%s is handed on as %q of %d, want %q of 6, byte for byte", name, params[name], len(params), value)
		}
	}
}

func TestPayParamsPassAsTheyCame(t *testing.T) {
	w, _ := visit(t, "GET", "/q/direct?mchntnm=a+b&txamt=1&currency=HKD&redirect_url=http://m.test/&package=prepay_id=wx1&timeStamp=1&signType=MD5&paySign=a%2Bb/c==&appId=wx0&nonceStr=x;y", "android")
	raw := regexp.MustCompile(`(?s)id="pay-params">(.*?)</script>`).FindStringSubmatch(w.Body.String())
	var params map[string]string
	if err := json.Unmarshal([]byte(raw[1]), &params); err != nil {
		t.Fatal(err)
	}
	if params["package"] != "prepay_id=wx1" || params["paySign"] != "a+b/c==" || params["nonceStr"] != "x;y" {
		t.Errorf("got %v, want a raw = and ; kept", params)
	}
}

func TestNotices(t *testing.T) {
	for _, c := range []struct{ name, target, browser, rule, text string }{
		{"Chrome", direct(), "chrome", "not-wechat", "请在微信客户端打开链接"},
		{"Safari", direct(), "safari", "not-wechat", "no MicroMessenger token"},
		{"WeCom", direct(), "wecom-ios", "not-wechat", "WeCom is not WeChat"},
		{"javascript", direct("redirect_url", "javascript:alert(1)"), "ios", "cashier-parameter-wrong", "javascript:alert(1)"},
		{"javascript with slashes", direct("redirect_url", "javascript://m.test/%0aalert(1)"), "ios", "cashier-parameter-wrong", "redirect_url"},
		{"an evil amount", direct("txamt", evil), "ios", "cashier-parameter-wrong", "参数错误：txamt"},
		{"an evil currency", direct("currency", evil), "ios", "cashier-parameter-wrong", "参数错误：currency"},
		{"nothing", "/q/direct", "ios", "cashier-parameter-missing", "参数错误：mchntnm"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, e := visit(t, "GET", c.target, c.browser)
			page := w.Body.String()
			if w.Code != http.StatusOK || !strings.Contains(page, `data-rule="`+c.rule+`"`) || !strings.Contains(page, c.text) || !strings.Contains(page, `class="test-band"`) {
				t.Errorf("HTTP %d and\n%s\nwant 200, %s, %s and the TEST band", w.Code, page, c.rule, c.text)
			}
			for _, never := range []string{"pay-params", "<script", `href="javascript`, "<img"} {
				if strings.Contains(page, never) {
					t.Errorf("the notice holds %s", never)
				}
			}
			if got := w.Header().Get("X-Sandbox-Decided-By"); got != "default" || e.DecidedBy != "default" {
				t.Errorf("decided by %q, recorded %q, want default", got, e.DecidedBy)
			}
			if !e.Has(c.rule) {
				t.Errorf("found %v, want %s", e.Findings, c.rule)
			}
		})
	}
}

func TestAssets(t *testing.T) {
	for path, want := range map[string]struct{ kind, holds string }{
		"/q/cashier.js": {"text/javascript; charset=utf-8", "WeixinJSBridge"}, "/q/cashier.css": {"text/css; charset=utf-8", "{"},
	} {
		w, _ := visit(t, "GET", path, "chrome")
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != want.kind || !strings.Contains(w.Body.String(), want.holds) {
			t.Errorf("%s answers HTTP %d as %s, want 200 as %s with %s", path, w.Code, w.Header().Get("Content-Type"), want.kind, want.holds)
		}
	}
}
