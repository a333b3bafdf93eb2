package steps

import (
	"context"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/browser"
)

// payerPhone is the payer's at the merchant under test, if there is one.
func (w *world) payerPhone() Phone {
	p := Phone{w.suite.Vendor, []string{w.suite.Vendor}, w.payer.ID}
	if w.suite.Target != nil && w.suite.Target.Profile.Unchanged {
		p.Wallet = []string{UnchangedWallet}
	}
	return p
}

// openTab is a fresh window of the payer's browser.
func (w *world) openTab(ctx context.Context, kind wechat.Browser, cookies []browser.Cookie) (*browser.Tab, error) {
	bridge, err := w.payerPhone().bridge(ctx, kind)
	if err != nil {
		return nil, broke(err)
	}
	tab, err := w.suite.Browser.Open(ctx, kind, browser.TabOptions{Script: bridge, Cookies: cookies})
	return tab, broke(err)
}
