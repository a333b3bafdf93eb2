package steps

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

func (w *world) loginSteps(sc *godog.ScenarioContext) {
	sc.When(`^a payer logs in$`, w.payerLogsIn)
	sc.When(`^a payer logs in with a browser that is not WeChat$`, w.otherBrowserLogsIn)
	sc.When(`^the integrator exchanges the code$`, w.exchangeCode)
	sc.When(`^the integrator exchanges a made-up code$`, w.exchangeMadeUpCode)
}

func (w *world) payerLogsIn(ctx context.Context) error {
	phone, _ := wechat.BrowserNamed("ios")
	w.code = ""
	if err := w.logIn(ctx, phone.UserAgent); err != nil {
		return err
	}
	if w.code == "" {
		return fmt.Errorf("the login led to no code but to: %s", shortText(w.shown, 300))
	}
	return nil
}

func (w *world) otherBrowserLogsIn(ctx context.Context) error {
	other, _ := wechat.BrowserNamed("chrome")
	return w.logIn(ctx, other.UserAgent)
}

// logIn follows the redirects from get_weixin_oauth_code to the merchant's callback, without a browser.
func (w *world) logIn(ctx context.Context, userAgent string) error {
	const callback = "http://merchant.test/callback"
	p := w.withShop(qfpay.Params{{Name: "app_code", Value: string(w.own.AppCode)}, {Name: "redirect_uri", Value: callback}})
	p = append(p, qfpay.Param{Name: "sign", Value: w.signed(p)})
	next := w.suite.Vendor + "/tool/v1/get_weixin_oauth_code?" + p.Encode()
	header := http.Header{"User-Agent": {userAgent}, "Cookie": {"sandbox_payer=" + string(w.payer.ID)}}
	for range 5 {
		resp, raw, err := fetch(ctx, http.MethodGet, next, header, nil)
		if err != nil {
			return broke(err)
		}
		if resp.StatusCode != http.StatusFound {
			w.shown = string(raw)
			return nil
		}
		next, _, _ = strings.Cut(resp.Header.Get("Location"), "#")
		if strings.HasPrefix(next, callback) {
			u, err := url.Parse(next)
			if err != nil {
				return broke(err)
			}
			w.code = u.Query().Get("code")
			return nil
		}
	}
	return fmt.Errorf("the login did not end after five redirects, last to %s", next)
}

func (w *world) exchangeCode(ctx context.Context) error {
	if err := w.exchange(ctx, w.code); err != nil {
		return err
	}
	if openID, ok := field(w.answer, "openid"); ok {
		w.openID = openID
	}
	return nil
}

func (w *world) exchangeMadeUpCode(ctx context.Context) error {
	return w.exchange(ctx, "011QipnO1yMIla1VJdoO1FUrnO1Qipnv")
}

func (w *world) exchange(ctx context.Context, code string) error {
	return w.call(ctx, http.MethodGet, "/tool/v1/get_weixin_openid", w.withShop(qfpay.Params{{Name: "code", Value: code}}))
}
