package sandbox_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// visit is a /q/direct as the document wants it; a test breaks one thing of it.
func (w *world) visit(order sandbox.Transaction, p sandbox.PayParams) sandbox.CashierRequest {
	return sandbox.CashierRequest{
		MerchantName: "Pet Shop", Txamt: order.Amount.String(), Currency: string(order.Currency), RedirectURL: "https://m.test/done?order=1",
		PayParams: p, Client: client(w.t, "ios"),
	}
}

func TestCashierRefuses(t *testing.T) {
	type visit = sandbox.CashierRequest
	const wrong, missing = "cashier-parameter-wrong", "cashier-parameter-missing"
	for _, c := range []struct {
		name      string
		change    func(*visit)
		rule      string
		parameter string
		detail    string
	}{
		{"Chrome", func(v *visit) { v.Client = client(t, "chrome") }, sandbox.FindNotWeChat, "", "no MicroMessenger token"},
		{"WeCom", func(v *visit) { v.Client = client(t, "wecom-android") }, sandbox.FindNotWeChat, "", "WeCom is not WeChat"},
		{"no mchntnm", func(v *visit) { v.MerchantName = "" }, missing, "mchntnm", "mchntnm is missing or empty and /q/direct needs it"},
		{"no txamt", func(v *visit) { v.Txamt = "" }, missing, "txamt", "txamt is missing"},
		{"no redirect_url", func(v *visit) { v.RedirectURL = "" }, missing, "redirect_url", "redirect_url is missing"},
		{"no package", func(v *visit) { v.PayParams.Package = "" }, missing, "package", "package is missing"},
		{"no timeStamp", func(v *visit) { v.PayParams.TimeStamp = "" }, missing, "timeStamp", "timeStamp is missing"},
		{"no signType", func(v *visit) { v.PayParams.SignType = "" }, missing, "signType", "signType is missing"},
		{"no paySign", func(v *visit) { v.PayParams.PaySign = "" }, missing, "paySign", "paySign is missing"},
		{"no appId", func(v *visit) { v.PayParams.AppID = "" }, missing, "appId", "appId is missing"},
		{"no nonceStr", func(v *visit) { v.PayParams.NonceStr = "" }, missing, "nonceStr", "nonceStr is missing"},
		{"txamt 0", func(v *visit) { v.Txamt = "0" }, wrong, "txamt", `txamt is "0", want at least 1`},
		{"txamt in yuan", func(v *visit) { v.Txamt = "3.00" }, wrong, "txamt", "want whole minor units"},
		{"unknown currency", func(v *visit) { v.Currency = "RMB" }, wrong, "currency", `currency is "RMB", want one of AED`},
		{"mchntnm of 129", func(v *visit) { v.MerchantName = strings.Repeat("店", 129) }, wrong, "mchntnm", "mchntnm has 129 characters, want at most 128"},
		{"mchntnm in GBK", func(v *visit) { v.MerchantName = "\xb3\xe8\xce\xef" }, wrong, "mchntnm", "want UTF-8 text"},
		{"goods_name of 65", func(v *visit) { v.GoodsName = strings.Repeat("狗", 65) }, wrong, "goods_name", "goods_name has 65 characters, want at most 64"},
		{"redirect_url of 513", func(v *visit) { v.RedirectURL = "http://m.test/" + strings.Repeat("x", 499) }, wrong, "redirect_url", "at most 512 characters"},
		{"redirect_url javascript", func(v *visit) { v.RedirectURL = "javascript:alert(1)" }, wrong, "redirect_url", `redirect_url is "javascript:alert(1)"`},
		{"redirect_url javascript with slashes", func(v *visit) { v.RedirectURL = "javascript://m.test/%0aalert(1)" }, wrong, "redirect_url", "want an absolute address"},
		{"redirect_url JavaScript, encoded twice", func(v *visit) { v.RedirectURL = "JavaScript%3A%2F%2Fm.test%2F%250aalert(1)" }, wrong, "redirect_url", "want an absolute address"},
		{"redirect_url data", func(v *visit) { v.RedirectURL = "data:text/html,x" }, wrong, "redirect_url", "want an absolute address"},
		{"redirect_url file", func(v *visit) { v.RedirectURL = "file:///etc/passwd" }, wrong, "redirect_url", "want an absolute address"},
		{"redirect_url a path", func(v *visit) { v.RedirectURL = "/done" }, wrong, "redirect_url", "want an absolute address"},
		{"redirect_url of any scheme", func(v *visit) { v.RedirectURL = "//m.test/done" }, wrong, "redirect_url", "want an absolute address"},
		{"redirect_url with a blank in its host", func(v *visit) { v.RedirectURL = "http://m test/" }, wrong, "redirect_url", "want an absolute address"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			v := w.visit(w.pay())
			c.change(&v)
			_, err := w.OpenCashier(t.Context(), v)
			var got *sandbox.CashierRefusal
			if !errors.As(err, &got) || got.ID != c.rule || got.Parameter != c.parameter || !strings.Contains(got.Detail, c.detail) {
				t.Errorf("got %v, want %s: %s", err, c.rule, c.detail)
			}
			if got != nil && got.NotWeChat != (c.rule == sandbox.FindNotWeChat) {
				t.Errorf("NotWeChat is %v", got.NotWeChat)
			}
		})
	}
}

func TestCashierServesAndRemarks(t *testing.T) {
	type visit = sandbox.CashierRequest
	for _, c := range []struct {
		name     string
		change   func(*visit)
		currency string
		redirect string
		findings []string
	}{
		{"as documented", func(*visit) {}, "HKD", "https://m.test/done?order=1", nil},
		{"an amount with a leading 0", func(v *visit) { v.Txamt = "0300" }, "HKD", "https://m.test/done?order=1", nil},
		{"another amount", func(v *visit) { v.Txamt = "301" }, "HKD", "https://m.test/done?order=1", []string{sandbox.FindAmountDiffers}},
		{"another currency", func(v *visit) { v.Currency = "JPY" }, "JPY", "https://m.test/done?order=1", []string{sandbox.FindCurrencyDiffers}},
		{"no currency", func(v *visit) { v.Currency = "" }, "HKD", "https://m.test/done?order=1", []string{sandbox.FindCurrencyMissing}},
		{"no currency and an unknown order", func(v *visit) { v.Currency, v.PayParams.Package = "", "prepay_id=wx0" }, "", "https://m.test/done?order=1", []string{sandbox.FindCurrencyMissing}},
		{"no currency and an unknown appId", func(v *visit) { v.Currency, v.PayParams.AppID = "", "wx0" }, "", "https://m.test/done?order=1", []string{sandbox.FindCurrencyMissing}},
		{"redirect_url without scheme", func(v *visit) { v.RedirectURL = "www.example.com" }, "HKD", "http://www.example.com", []string{sandbox.FindRedirectNoScheme}},
		{"redirect_url without scheme, with an address in its query", func(v *visit) { v.RedirectURL = "m.test/done?next=https://x.test/" }, "HKD",
			"http://m.test/done?next=https://x.test/", []string{sandbox.FindRedirectNoScheme}},
		{"redirect_url without scheme, with a port", func(v *visit) { v.RedirectURL = "m.test:8090/done" }, "HKD", "http://m.test:8090/done", []string{sandbox.FindRedirectNoScheme}},
		{"redirect_url encoded twice", func(v *visit) { v.RedirectURL = "https%3A%2F%2Fm.test%2Fdone%3Forder%3D1" }, "HKD", "https://m.test/done?order=1", []string{sandbox.FindRedirectEncoded}},
		{"redirect_url cut at its &", func(v *visit) { v.Unknown = qfpay.Params{{Name: "order", Value: "1"}} }, "HKD", "https://m.test/done?order=1", []string{sandbox.FindRedirectCut}},
		{"an unknown parameter and a redirect_url without query", func(v *visit) { v.RedirectURL, v.Unknown = "http://m.test/", qfpay.Params{{Name: "x", Value: "1"}} }, "HKD", "http://m.test/", nil},
		{"redirect_url of 512", func(v *visit) { v.RedirectURL = "http://m.test/" + strings.Repeat("店", 498) }, "HKD", "http://m.test/" + strings.Repeat("店", 498), nil},
		{"redirect_url of 512 without scheme", func(v *visit) { v.RedirectURL = "m.test/" + strings.Repeat("x", 505) }, "HKD", "http://m.test/" + strings.Repeat("x", 505), []string{sandbox.FindRedirectNoScheme}},
		{"limits of the texts", func(v *visit) { v.MerchantName, v.GoodsName = strings.Repeat("店", 128), strings.Repeat("狗", 64) }, "HKD", "https://m.test/done?order=1", nil},
		// A browser that cannot pay gets the page; its bridge then says no.
		{"a desktop client", func(v *visit) { v.Client = client(t, "windows") }, "HKD", "https://m.test/done?order=1", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			order, p := w.pay()
			v := w.visit(order, p)
			c.change(&v)
			ctx, e := w.noted()
			got, err := w.OpenCashier(ctx, v)
			w.must(err)
			if string(got.Currency) != c.currency || got.RedirectURL != c.redirect || got.MerchantName != v.MerchantName || got.PayParams != v.PayParams {
				t.Errorf("the cashier shows %s and goes to %s, want %s and %s", got.Currency, got.RedirectURL, c.currency, c.redirect)
			}
			wantFindings(t, e, c.findings...)
			if v.PayParams == p && (e.App != "APPCODE" || e.OutTradeNo != "T1" || e.Syssn != order.Syssn || e.OpenID != order.OpenID) {
				t.Errorf("the exchange is of %s %s %s %s, want the order's", e.App, e.OutTradeNo, e.Syssn, e.OpenID)
			}
		})
	}
}

// A refused visit belongs to the order too, so that its journal tells why the payer got no further.
func TestCashierNotesTheOrderItRefuses(t *testing.T) {
	w := newWorld(t)
	v := w.visit(w.pay())
	v.Client = client(t, "safari")
	ctx, e := w.noted()
	if _, err := w.OpenCashier(ctx, v); err == nil {
		t.Error("Safari got the cashier")
	}
	if e.App != "APPCODE" || e.OutTradeNo != "T1" {
		t.Errorf("the exchange is of App %q and order %q, want APPCODE and T1", e.App, e.OutTradeNo)
	}
}
