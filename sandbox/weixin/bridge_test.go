package weixin_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// The script is called with its settings, which it alone knows.
func TestBridgeIsBaked(t *testing.T) {
	s := open(t, memstore.New())
	for _, b := range sandbox.Bridges() {
		_, err := s.CreatePayer(t.Context(), sandbox.Payer{ID: sandbox.PayerID("p-" + b), Bridge: b})
		must(t, err)
	}
	for _, c := range []struct{ name, query, cookie, want string }{
		{"nobody", "", "", `("home":["http://wx.test"],"payer":"","timing":"late")`},
		{"a payer", "?payer=p-slow", "", `("home":["http://wx.test"],"payer":"p-slow","timing":"slow")`},
		{"a payer of before the restart", "?payer=gone", "", `("home":["http://wx.test"],"payer":"gone","timing":"late")`},
		{"a cookie", "", "sandbox_payer=p-never", `("home":["http://wx.test"],"payer":"","timing":"never")`},
		{"a payer before the cookie", "?payer=p-at-once", "sandbox_payer=p-never", `("home":["http://wx.test"],"payer":"p-at-once","timing":"at-once")`},
		{"a spoiled cookie", "", "sandbox_payer=<script>", `("home":["http://wx.test"],"payer":"","timing":"late")`},
		{"a home", "?home=https%3A%2F%2Fpayapp.weixin.qq.com%3A8443%2Fx&payer=p-on-touch", "", `("home":["https://payapp.weixin.qq.com:8443"],"payer":"p-on-touch","timing":"on-touch")`},
		{"a home that ends the script", "?home=http%3A%2F%2F%3C%2Fscript%3E", "", ""},
		{"a home that is none", "?home=javascript:alert(1)", "", ""},
		{"a payer nobody can be", "?payer=%3C/script%3E", "", ""},
	} {
		w := s.visit("GET", "/wallet/bridge.js"+c.query, "ios", c.cookie, "")
		if c.want == "" {
			if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "want ") || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
				t.Errorf("%s: HTTP %d %q, want 400 and what is allowed", c.name, w.Code, w.Body)
			}
			continue
		}
		want := strings.NewReplacer(`("`, `({"`, `")`, `"})`).Replace(c.want) + ";\n"
		if !strings.HasSuffix(w.Body.String(), want) || w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s: HTTP %d, Cache-Control %q, ends %q, want %q", c.name, w.Code, w.Header().Get("Cache-Control"), w.Body.String()[max(0, w.Body.Len()-120):], want)
		}
	}
}

// WeChat's bridge is there for the pages of every merchant, so the wallet is too.
func TestWalletAnswersEverySite(t *testing.T) {
	s := open(t, memstore.New())
	handed := s.order("狗粮", func(*sandbox.PaymentRequest) {})
	for _, path := range []string{"/wallet/invoke", "/wallet/pay", "/wallet/cancel", "/wallet/returned"} {
		for _, method := range []string{"OPTIONS", "POST"} {
			req := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(handed))
			req.Header.Set("Origin", "http://shop.test:8090")
			w := httptest.NewRecorder()
			s.ServeHTTP(w, req)
			h := w.Header()
			if h.Get("Access-Control-Allow-Origin") != "http://shop.test:8090" || h.Get("Access-Control-Allow-Credentials") != "true" || h.Get("Vary") != "Origin" {
				t.Errorf("%s %s: %v, want the page's origin let in with its cookie", method, path, h)
			}
			if preflight := w.Code == http.StatusNoContent && h.Get("Access-Control-Allow-Headers") == "Content-Type"; method == "OPTIONS" && !preflight {
				t.Errorf("%s %s: HTTP %d %v, want a preflight's answer", method, path, w.Code, h)
			}
		}
		if w := s.visit("POST", path, "ios", "", handed); w.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s without an Origin lets in %s", path, w.Header().Get("Access-Control-Allow-Origin"))
		}
	}
}

// A payer the script names is the one, on the way to the sheet and back too; the cookie is not asked.
func TestNamedPayerBeforeTheCookie(t *testing.T) {
	s := open(t, memstore.New())
	for _, id := range []sandbox.PayerID{"alice", "bob"} {
		_, err := s.CreatePayer(t.Context(), sandbox.Payer{ID: id})
		must(t, err)
	}
	ordered := s.order("狗粮", func(*sandbox.PaymentRequest) {})
	for payer, want := range map[string]string{"alice": `data-view="sheet"`, "bob": "下单账号与支付账号不一致", "<b>": "payer is"} {
		handed := strings.Replace(ordered, "{", `{"payer":"`+payer+`",`, 1)
		w := s.visit("POST", "/wallet/invoke", "ios", "sandbox_payer=alice", handed)
		_, token, framed := strings.Cut(strings.TrimSuffix(w.Body.String(), "\"}\n"), "/wallet/sheet?p=")
		if framed {
			// Of another site, the frame has no cookie and may have no User-Agent of WeChat's.
			req := httptest.NewRequestWithContext(t.Context(), "GET", "/wallet/sheet?p="+token, nil)
			w = httptest.NewRecorder()
			s.ServeHTTP(w, req)
			raw, err := base64.RawURLEncoding.DecodeString(token)
			must(t, err)
			phone, _ := wechat.BrowserNamed("ios")
			if !strings.Contains(string(raw), phone.UserAgent) {
				t.Errorf("%s: the token %s lacks the browser", payer, raw)
			}
		}
		if !strings.Contains(w.Body.String(), want) || w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s: HTTP %d with cookie %q, want %s in\n%s", payer, w.Code, w.Header().Get("Set-Cookie"), want, w.Body)
		}
	}
}
