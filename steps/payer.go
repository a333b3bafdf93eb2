package steps

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/browser"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

// The frame of the wallet and what is in it.
const (
	walletFrame   = "#wx-wallet"
	payButton     = "#pay"
	cancelButton  = "#cancel"
	walletAnswers = "#paid:not([hidden]) #done, #popup:not([hidden]) #dismiss"
	doneButton    = "#done"
	popupText     = "#popup-text"
)

// patience is how long a payer waits for a page of the merchant's to lead on.
const patience = 15 * time.Second

func (w *world) payerSteps(sc *godog.ScenarioContext) {
	sc.Given(`^a payer with (.+)$`, w.payerWith)
	sc.When(`^the payer moves to (.+)$`, w.payerWith)
	sc.When(`^the payer orders from the merchant$`, w.payerOrders)
	sc.When(`^the payer tries to order from the merchant$`, w.payerTriesToOrder)
	sc.When(`^the payer pays in the wallet$`, w.payerPays)
	sc.When(`^the payer orders and pays$`, w.payerOrdersAndPays)
	sc.When(`^the payer cancels in the wallet$`, w.payerCancels)
	sc.When(`^the payer goes back to the cashier and pays$`, w.payerReturnsToCashier)
	sc.When(`^the payer opens the callback again$`, w.payerOpensCallbackAgain)
	sc.Then(`^the wallet is open$`, w.walletIsOpen)
	sc.Then(`^the payer sees a page$`, w.payerSeesPage)
	sc.Then(`^the payer's page says "([^"]*)"$`, w.pageSays)
	w.seatSteps(sc)
}

// phones are the scenarios' words for browser kinds.
var phones = map[string]string{
	"WeChat on an iPhone":       "ios",
	"WeChat on Android":         "android",
	"WeChat of 2022 on Android": "android-old",
	"WeChat on Windows":         "windows",
	"WeChat on a Mac":           "mac",
	"WeChat's DevTools":         "devtools",
	"a mini-program":            "miniprogram",
	"WeCom on an iPhone":        "wecom-ios",
	"WeCom on Android":          "wecom-android",
	"Chrome on Android":         "chrome",
	"Safari on an iPhone":       "safari",
}

func (w *world) payerWith(ctx context.Context, phone string) error {
	kind, ok := wechat.BrowserNamed(phones[phone])
	if !ok {
		return broke(fmt.Errorf("no browser kind is called %q", phone))
	}
	if w.suite.Browser == nil {
		return broke(errors.New("this scenario needs a browser"))
	}
	if w.tab != nil {
		if err := w.tab.Close(); err != nil {
			return broke(err)
		}
	}
	if w.kind.Kind == "" {
		w.kind = kind // the result names the browser the scenario is about
	}
	var err error
	w.tab, err = w.openTab(ctx, kind, w.payerPhone().cookies())
	return err
}

// payerTriesToOrder opens the order address and clicks as far as there is something to click.
func (w *world) payerTriesToOrder(ctx context.Context) error {
	if err := w.openOrder(ctx); err != nil {
		return w.explain(ctx, err)
	}
	for _, selector := range w.suite.Target.Profile.Order.Click {
		short, cancel := context.WithTimeout(ctx, 2*time.Second)
		err := w.tab.WaitVisible(short, selector)
		cancel()
		var missing *browser.ElementError
		if errors.As(err, &missing) {
			return nil // the merchant offers no way on, which is guidance too
		}
		documents := w.documentsAsked()
		if err == nil {
			err = w.tab.Click(ctx, selector)
		}
		if err == nil {
			err = w.followClick(ctx, documents)
		}
		if err != nil {
			return ofBrowser(err)
		}
	}
	return nil
}

func (w *world) openOrder(ctx context.Context) error {
	address := w.suite.Target.OrderURL(w.order.askedNo, w.order.askedTxamt)
	if err := w.tab.Goto(ctx, address); err != nil {
		return ofBrowser(fmt.Errorf("the payer cannot open %s: %w", address, err))
	}
	return nil
}

// payerOrders leads from the order address to the open wallet.
func (w *world) payerOrders(ctx context.Context) error {
	if err := w.openOrder(ctx); err != nil {
		return w.explain(ctx, err)
	}
	for _, selector := range w.suite.Target.Profile.Order.Click {
		if err := w.tab.Click(ctx, selector); err != nil {
			return w.explain(ctx, ofBrowser(fmt.Errorf("the payer cannot order: %w", err)))
		}
	}
	return w.reachWallet(ctx)
}

// reachWallet waits for the sheet and learns from the journal which order it is for.
func (w *world) reachWallet(ctx context.Context) error {
	if err := w.waitWallet(ctx); err != nil {
		return w.explain(ctx, err)
	}
	if err := w.popup(ctx); err != nil {
		return w.explain(ctx, err)
	}
	w.cashier = w.tab.URL()
	page, err := w.client.Journal(ctx, control.JournalFilter{Since: w.mark, Surface: "wallet", Payer: w.payer.ID})
	if err != nil {
		return broke(err)
	}
	for _, e := range page.Exchanges {
		if e.App != w.app {
			return fmt.Errorf("%w: the merchant pays with app code %s, the profile says %s", verdict.ErrNotJudged, e.App, w.app)
		}
		if e.OutTradeNo != "" {
			w.order.outTradeNo, w.order.openID = e.OutTradeNo, string(e.OpenID)
		}
	}
	if w.order.outTradeNo == "" {
		if !w.atSandbox(w.cashier) && w.suite.Target != nil && !within(w.cashier, w.suite.Target.Base) {
			return fmt.Errorf("%w: the merchant sends payers to the cashier at %s, and this sandbox is %s; configure it with that address, or give --sandbox-url with its name", verdict.ErrNotJudged, w.cashier, w.suite.Vendor)
		}
		return broke(errors.New("the wallet is open and the journal knows no order for it"))
	}
	w.screenshot(ctx, "wallet")
	return nil
}

func (w *world) walletIsOpen(ctx context.Context) error {
	open, err := w.tab.Frame(walletFrame).Visible(ctx, payButton)
	if err != nil {
		return ofBrowser(err)
	}
	if !open {
		return fmt.Errorf("WeChat's wallet is not open at %s", w.tab.URL())
	}
	return nil
}

// popup gives what WeChat says instead of opening the wallet, as an error.
func (w *world) popup(ctx context.Context) error {
	shown, err := w.tab.Frame(walletFrame).Visible(ctx, "#popup:not([hidden]) #dismiss")
	if err != nil || !shown {
		return ofBrowser(err)
	}
	text, err := w.tab.Frame(walletFrame).Text(ctx, popupText)
	if err != nil {
		return ofBrowser(err)
	}
	return fmt.Errorf("WeChat refuses: %s", text)
}

func (w *world) payerPays(ctx context.Context) error {
	if err := w.pressPay(ctx); err != nil {
		return err
	}
	return w.afterPay(ctx)
}

func (w *world) pressPay(ctx context.Context) error {
	w.noteBefore(ctx)
	return ofBrowser(w.tab.Frame(walletFrame).Click(ctx, payButton))
}

// afterPay reads what the wallet says and goes back to the page that opened it.
func (w *world) afterPay(ctx context.Context) error {
	wallet := w.tab.Frame(walletFrame)
	if err := wallet.WaitVisible(ctx, walletAnswers); err != nil {
		return ofBrowser(err)
	}
	if err := w.popup(ctx); err != nil {
		return w.explain(ctx, err)
	}
	w.screenshot(ctx, "paid")
	documents := w.documentsAsked()
	if err := wallet.Click(ctx, doneButton); err != nil {
		return ofBrowser(err)
	}
	return w.leaveWallet(ctx, documents)
}

func (w *world) payerOrdersAndPays(ctx context.Context) error {
	if err := w.payerOrders(ctx); err != nil {
		return err
	}
	return w.payerPays(ctx)
}

func (w *world) payerCancels(ctx context.Context) error {
	documents := w.documentsAsked()
	if err := w.tab.Frame(walletFrame).Click(ctx, cancelButton); err != nil {
		return ofBrowser(err)
	}
	return w.leaveWallet(ctx, documents)
}

// leaveWallet waits until QFPay's cashier has sent the browser to redirect_url; a page of the merchant's
// own may go on elsewhere, or stay and show the result.
func (w *world) leaveWallet(ctx context.Context, documents int) error {
	if !w.atCashier(w.cashier) {
		gone, err := w.watch(ctx, w.suite.Quiet, func(ctx context.Context) (bool, error) {
			open, err := w.tab.Visible(ctx, walletFrame)
			return !open, err
		})
		switch {
		case err != nil:
			return err
		case !gone:
			return w.explain(ctx, errors.New("the wallet did not close"))
		}
		return w.followClick(ctx, documents)
	}
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err := w.tab.WaitURL(wait, func(address string) bool { return !w.atCashier(address) })
	if err != nil {
		return ofBrowser(fmt.Errorf("the cashier did not lead back to the merchant: %w", err))
	}
	return nil
}

func (w *world) payerReturnsToCashier(ctx context.Context) error {
	if err := w.tab.Goto(ctx, w.cashier); err != nil {
		return ofBrowser(err)
	}
	if err := w.reachWallet(ctx); err != nil {
		return err
	}
	return w.payerPays(ctx)
}

// loginReturns are the paths that send a payer back to the merchant with a code: QFPay's relay, and for a
// merchant with an account of its own WeChat itself.
var loginReturns = []string{"/tool/v1/get_weixin_oauth_code/return", "/connect/oauth2/authorize", "/connect/oauth2/authorize_reply"}

// payerOpensCallbackAgain visits the address the browser came back to, with the same code.
func (w *world) payerOpensCallbackAgain(ctx context.Context) error {
	for _, path := range loginReturns {
		page, err := w.client.Journal(ctx, control.JournalFilter{App: w.app, Since: w.mark, Path: path})
		if err != nil {
			return broke(err)
		}
		for _, e := range page.Exchanges {
			if to := e.AnswerHeader["Location"]; len(to) == 1 && !w.atSandbox(to[0]) {
				if err := w.tab.Goto(ctx, to[0]); err != nil {
					return ofBrowser(fmt.Errorf("the callback cannot be opened again: %w", err))
				}
				return nil
			}
		}
	}
	return fmt.Errorf("%w: the payer never came back from WeChat's login, so there is no callback to open again", verdict.ErrNotJudged)
}
