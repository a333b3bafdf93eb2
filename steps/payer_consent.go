package steps

import (
	"context"
	"errors"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// The consent page's two buttons.
const (
	allowButton  = "#allow"
	refuseButton = "#refuse"
)

// payerOpensLogin is the merchant's redirect to WeChat's login for nickname and picture, in the browser.
func (w *world) payerOpensLogin(ctx context.Context) error {
	if w.page == nil || w.tab == nil {
		return broke(errors.New("this scenario needs a page of the integrator's and a payer with a browser"))
	}
	address := w.loginAddress(qfpay.Params{
		{Name: "appid", Value: w.account.official.AppID}, {Name: "redirect_uri", Value: w.page.server.URL + callbackPath}, {Name: "response_type", Value: "code"},
		{Name: "scope", Value: "snsapi_userinfo"}, {Name: "state", Value: "S1"},
	})
	return ofBrowser(w.tab.Goto(ctx, address+"#wechat_redirect"))
}

func (w *world) payerTaps(ctx context.Context, what string) error {
	button := map[string]string{"allow": allowButton, "refuse": refuseButton}[what]
	w.screenshot(ctx, "consent")
	if err := w.tab.Click(ctx, button); err != nil {
		return w.explain(ctx, ofBrowser(err))
	}
	return nil
}

// payerIsBack wants the browser at the merchant's callback, out is "out" for without a code.
func (w *world) payerIsBack(ctx context.Context, out string) error {
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if _, err := w.tab.WaitURL(wait, func(at string) bool { return strings.HasPrefix(at, w.page.server.URL+callbackPath) }); err != nil {
		return w.explain(ctx, ofBrowser(err))
	}
	want := map[string]string{"": "a code", "out": "no code"}[out]
	if _, err := w.tab.WaitText(ctx, "#code", want); err != nil {
		return w.explain(ctx, ofBrowser(err))
	}
	return nil
}
