package steps

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// pageServer is the integrator's own page that raises the wallet: a listener on loopback, so the sandbox
// must run on the same machine.
type pageServer struct {
	server *httptest.Server
	params map[string]json.RawMessage
	way    string // twice, from an iframe, through the SDK
	sdk    string // its address
	config func(page string) sdkConfig
}

//go:embed page_server.html
var merchantPage string

var merchantTemplate = template.Must(template.New("page").Parse(merchantPage))

func (w *world) pageServerSteps(sc *godog.ScenarioContext) {
	sc.Given(`^the integrator has a page$`, w.servePage)
	sc.Given(`^the page calls the bridge (twice|from an iframe)$`, w.pageCalls)
	sc.Given(`^the page pays through WeChat's SDK(?:, (.+))?$`, w.pageUsesSDK)
	sc.When(`^the payer opens the page$`, w.payerOpensPage)
	sc.When(`^the payer orders at the page$`, w.payerOrdersAtPage)
	sc.When(`^the payer opens the integrator's login$`, w.payerOpensLogin)
	sc.When(`^the payer taps (allow|refuse)$`, w.payerTaps)
	sc.When(`^the payer pays at the page$`, w.payerPays)
	sc.When(`^the payer cancels at the page$`, w.payerCancels)
	sc.Then(`^the payer reads "([^"]*)" and puts it away$`, w.payerReads)
	sc.Then(`^the payer is at the integrator's with(|out) a code$`, w.payerIsBack)
	sc.Then(`^the page shows "([^"]*)"$`, w.pageShows)
	sc.Then(`^the page's environment is "([^"]*)"$`, w.pageEnvironment)
	sc.Then(`^the page hears nothing$`, w.pageHearsNothing)
}

func (p *pageServer) close() {
	if p != nil {
		p.server.CloseClientConnections()
		p.server.Close()
	}
}

// The paths of the integrator's server.
const (
	pagePath     = "/checkout/T1"
	framePath    = "/checkout/frame"
	callbackPath = "/callback"
)

func (p *pageServer) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	if p.config != nil && r.URL.Path == pagePath {
		config := p.config("http://" + r.Host + r.URL.RequestURI())
		_ = merchantTemplate.Execute(rw, map[string]any{"Path": r.URL.Path, "Way": p.way, "Params": p.params, "Config": config, "SDK": p.sdk})
		return
	}
	view := map[string]any{"Path": r.URL.Path, "Way": p.way, "Params": p.params, "Code": r.URL.Query().Get("code") != "", "Config": sdkConfig{}, "SDK": ""}
	_ = merchantTemplate.Execute(rw, view) // a browser that went away needs no page
}

// servePage opens the page's server and registers its host and directory for the account.
func (w *world) servePage(ctx context.Context) error {
	w.page = &pageServer{}
	w.page.server = httptest.NewServer(w.page)
	own := w.account.official
	if own.AppID == "" {
		return nil
	}
	own.OAuthDomains, own.PayDirectories = append(own.OAuthDomains, w.page.server.Listener.Addr().String()), append(own.PayDirectories, w.page.server.URL+"/checkout/")
	var err error
	w.own, err = w.client.ChangeApp(ctx, w.app, control.AppChange{OfficialAccount: &own})
	return broke(err)
}

func (w *world) pageCalls(_ context.Context, way string) error {
	if w.page == nil {
		return broke(errors.New("the integrator has no page"))
	}
	w.page.way = way
	return nil
}

func (w *world) payerOrdersAtPage(ctx context.Context) error {
	if err := w.payerOrdersThroughWeChat(ctx, ""); err != nil {
		return err
	}
	return w.payerOpensPage(ctx)
}

// payerOpensPage opens it for the latest order, and waits until there is a wallet, a popup or a result.
func (w *world) payerOpensPage(ctx context.Context) error {
	if w.page == nil || w.tab == nil {
		return broke(errors.New("this scenario needs a page of the integrator's and a payer with a browser"))
	}
	var of struct {
		Params map[string]json.RawMessage `json:"pay_params"`
	}
	if err := json.Unmarshal([]byte(w.paid), &of); err != nil || len(of.Params) == 0 {
		return fmt.Errorf("the payment's answer has no parameters for a page: %s", w.paid)
	}
	if w.raising.err != nil {
		w.raising.err(of.Params)
	}
	w.page.params = of.Params
	w.cashier = w.page.server.URL + pagePath
	if err := w.tab.Goto(ctx, w.cashier); err != nil {
		return ofBrowser(err)
	}
	if w.payer.Bridge == "on-touch" {
		if err := w.tab.Click(ctx, "main"); err != nil {
			return ofBrowser(err)
		}
	}
	seen, err := w.watch(ctx, w.suite.Quiet, func(ctx context.Context) (bool, error) {
		if heard, err := w.tab.Visible(ctx, "#heard:not(:empty)"); err != nil || heard {
			return heard, err
		}
		return w.tab.Frame(walletFrame).Visible(ctx, payButton+", "+walletAnswers+", "+closedText)
	})
	if err == nil && !seen {
		err = w.explain(ctx, errors.New("the page raised no wallet and heard nothing"))
	}
	return err
}

func (w *world) payerReads(ctx context.Context, want string) error {
	if _, err := w.tab.Frame(walletFrame).WaitText(ctx, popupText, want); err != nil {
		return w.explain(ctx, ofBrowser(err))
	}
	w.screenshot(ctx, "popup")
	return ofBrowser(w.tab.Frame(walletFrame).Click(ctx, "#dismiss"))
}

// pageShows waits for what the page writes down of the bridge.
func (w *world) pageShows(ctx context.Context, want string) error {
	if _, err := w.tab.WaitText(ctx, "#heard", want); err != nil {
		return w.explain(ctx, ofBrowser(err))
	}
	return nil
}

// pageEnvironment is window.__wxjs_environment when the page called the bridge.
func (w *world) pageEnvironment(ctx context.Context, want string) error {
	got, err := w.tab.Text(ctx, "#environment")
	if err != nil {
		return ofBrowser(err)
	}
	if got != want {
		return fmt.Errorf("window.__wxjs_environment is %q, want %q", got, want)
	}
	return nil
}

// closedText is where the wallet says that the payer has left.
const closedText = "#closed:not([hidden])"

func (w *world) pageHearsNothing(ctx context.Context) error {
	if err := w.tab.Frame(walletFrame).WaitVisible(ctx, closedText); err != nil {
		return w.explain(ctx, ofBrowser(err))
	}
	heard, err := w.tab.Visible(ctx, "#heard:not(:empty)")
	if err != nil {
		return ofBrowser(err)
	}
	if heard {
		return w.explain(ctx, errors.New("the page heard a result"))
	}
	return nil
}
