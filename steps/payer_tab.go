package steps

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/browser"
)

// openTab is a fresh window of the payer's browser.
func (w *world) openTab(ctx context.Context, kind wechat.Browser, cookies []browser.Cookie) (*browser.Tab, error) {
	bridge, err := w.bridgeFor(ctx, kind)
	if err != nil {
		return nil, err
	}
	tab, err := w.suite.Browser.Open(ctx, kind, browser.TabOptions{Script: bridge, Cookies: cookies})
	return tab, broke(err)
}

// bridgeFor is the script WeChat's client puts into every page, empty for browsers that are none.
func (w *world) bridgeFor(ctx context.Context, kind wechat.Browser) (string, error) {
	if !kind.Bridge {
		return "", nil
	}
	home := w.suite.Vendor
	if w.suite.Target != nil && w.suite.Target.Profile.Unchanged {
		home = "https://" + wechat.HostWallet
	}
	q := url.Values{"payer": {string(w.payer.ID)}, "home": {home}}
	resp, body, err := fetch(ctx, http.MethodGet, w.suite.Vendor+"/wallet/bridge.js?"+q.Encode(), nil, nil)
	if err != nil {
		return "", broke(fmt.Errorf("the sandbox's bridge script: %w", err))
	}
	if resp.StatusCode != http.StatusOK {
		return "", broke(fmt.Errorf("the sandbox's bridge script: HTTP %d from %s", resp.StatusCode, w.suite.Vendor))
	}
	return string(body), nil
}

// payerCookies say to WeChat who holds the phone: the browser is the payer's, whatever it opens.
func (w *world) payerCookies() []browser.Cookie {
	cookies := []browser.Cookie{{Name: payerCookie, Value: string(w.payer.ID), URL: "https://" + wechat.HostOpen + "/", Domain: ".weixin.qq.com", Path: "/",
		Secure: true, SameSite: "None"}} // the wallet is in other sites' pages
	for _, a := range w.aliases() {
		cookies = append(cookies, browser.Cookie{Name: payerCookie, Value: string(w.payer.ID), URL: a + "/"})
	}
	return cookies
}

// payerCookie is what the sandbox knows a payer's browser by.
const payerCookie = "sandbox_payer"
