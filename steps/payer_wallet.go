package steps

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// The wallet without a browser: the requests its pages would send, for the scenarios about the fake itself.

func (w *world) walletSteps(sc *godog.ScenarioContext) {
	sc.Step(`^the payer's (behaviour|means|real name|identity card|delay|consent|browser|bridge) is "([^"]*)"$`, w.payerIs)
	sc.When(`^the payer opens the wallet(?: from (.+))?$`, w.payerOpensWalletFrom)
	sc.When(`^(another|the first) payer comes to the page$`, w.payerComes)
	sc.When(`^the payer (pays|cancels)$`, w.payerDecides)
	sc.When(`^the payer looks at the wallet's orders$`, w.payerLooksAtOrders)
	sc.Then(`^WeChat does not show "([^"]*)"$`, w.walletDoesNotShow)
	sc.Then(`^WeChat shows "([^"]*)"$`, w.walletShows)
	sc.Then(`^the page hears "([^"]*)"$`, w.pageHears)
	sc.Then(`^the page hears err_code "([^"]*)"$`, w.pageHearsCode)
	sc.Given(`^the page (leaves|hands|spells|alters|names|cuts|makes) (.+)$`, w.pageErrs)
}

func (w *world) payerIs(ctx context.Context, what, value string) error {
	var c control.PayerChange
	switch what {
	case "behaviour":
		c.Behaviour = as(c.Behaviour, value)
	case "means":
		c.Method = as(c.Method, value)
	case "real name":
		c.RealName = &value
	case "identity card":
		c.CreID = &value
	case "delay":
		c.Delay = &value
	case "consent":
		c.Consent = as(c.Consent, value)
	case "bridge":
		c.Bridge = as(c.Bridge, value)
	case "browser":
		if _, known := wechat.BrowserNamed(value); !known {
			return broke(fmt.Errorf("no browser kind is called %q", value))
		}
		w.phoneKind = value
		return nil
	}
	var err error
	w.payer, err = w.client.ChangePayer(ctx, w.payer.ID, c)
	return broke(err)
}

// as gives a text as what the field before it points to.
func as[T ~string](_ *T, value string) *T {
	typed := T(value)
	return &typed
}

// walletAnswer is what the wallet's script gets.
type walletAnswer struct {
	Frame   string `json:"frame"`
	ErrMsg  string `json:"err_msg"`
	ErrCode string `json:"err_code"`
	Popup   struct{ Chinese string }
}

// invoke sends what the bridge or the wallet's sheet would send.
func (w *world) invoke(ctx context.Context, path string) (walletAnswer, error) {
	var params map[string]json.RawMessage
	var of struct {
		PayParams json.RawMessage `json:"pay_params"`
	}
	if err := json.Unmarshal([]byte(w.paid), &of); err != nil || json.Unmarshal(of.PayParams, &params) != nil {
		return walletAnswer{}, fmt.Errorf("the payment's answer has no parameters for the wallet: %s", w.paid)
	}
	if w.raising.err != nil {
		w.raising.err(params)
	}
	body, err := json.Marshal(map[string]any{"page": cmp.Or(w.raising.page, w.suite.Vendor+"/q/direct"), "params": params})
	if err != nil {
		return walletAnswer{}, broke(err)
	}
	answer, raw, err := fetch(ctx, http.MethodPost, w.suite.Vendor+path, w.phone("application/json"), strings.NewReader(string(body)))
	if err != nil {
		return walletAnswer{}, broke(err)
	}
	var a walletAnswer
	if path != "/wallet/returned" {
		if err := json.Unmarshal(raw, &a); err != nil {
			return a, fmt.Errorf("the wallet answered %s: %w", raw, err)
		}
		w.shown, w.by = a.Popup.Chinese, answer.Header.Get("X-Sandbox-Decided-By")
	}
	return a, nil
}

// phone is the header of the payer's phone.
func (w *world) phone(contentType string) http.Header {
	kind, _ := wechat.BrowserNamed(cmp.Or(w.phoneKind, "ios"))
	h := http.Header{"User-Agent": {kind.UserAgent}, "Cookie": {"sandbox_payer=" + string(w.payer.ID)}}
	if contentType != "" {
		h.Set("Content-Type", contentType)
	}
	return h
}

// What the sheet's script goes by.
var (
	sheetBehaviour = regexp.MustCompile(`data-behaviour="([^"]*)"`)
	sheetPopup     = regexp.MustCompile(`data-view="popup"`)
	popupOutcome   = regexp.MustCompile(`data-outcome="([^"]*)"`)
	popupCode      = regexp.MustCompile(`data-code="([^"]*)"`)
)

// payerOpensWallet invokes the bridge and looks at the sheet. A payer who was told what to do does it,
// as the sheet's script would.
func (w *world) payerOpensWallet(ctx context.Context) error {
	a, err := w.invoke(ctx, "/wallet/invoke")
	if err != nil {
		return err
	}
	if a.Frame == "" {
		return w.returns(ctx, a)
	}
	_, raw, err := fetch(ctx, http.MethodGet, a.Frame, w.phone(""), nil)
	if err != nil {
		return broke(err)
	}
	w.shown = string(raw)
	if sheetPopup.Match(raw) {
		return w.returns(ctx, walletAnswer{ErrMsg: first(popupOutcome, raw), ErrCode: first(popupCode, raw)})
	}
	switch first(sheetBehaviour, raw) {
	case "", "manual":
		return nil
	case "cancel":
		return w.decideInWallet(ctx, "/wallet/cancel")
	}
	return w.decideInWallet(ctx, "/wallet/pay")
}

func first(of *regexp.Regexp, page []byte) string {
	if m := of.FindSubmatch(page); m != nil {
		return string(m[1])
	}
	return ""
}

// payerDecides presses the wallet's button, or that of the page an order has, or says it from the
// controls where the payer only showed a code.
func (w *world) payerDecides(ctx context.Context, how string) error {
	verb := strings.TrimSuffix(how, "s")
	if at := w.payPage(); at != "" {
		return w.decideAtPage(ctx, at, verb)
	}
	if _, ok := field(w.paid, "pay_params.paySign"); ok {
		return w.decideInWallet(ctx, "/wallet/"+verb)
	}
	do := map[string]func(context.Context, control.AppCode, control.OutTradeNo, control.OrderPayer) (control.Order, error){
		"pay": w.client.PayOrder, "cancel": w.client.CancelOrder,
	}[verb]
	_, err := do(ctx, w.app, w.order.outTradeNo, control.OrderPayer{Payer: w.payer.ID})
	var refused *control.Error
	if errors.As(err, &refused) && strings.HasPrefix(refused.Code, "wallet-") {
		w.shown = refused.Message
		return nil
	}
	return broke(err)
}

func (w *world) decideInWallet(ctx context.Context, path string) error {
	a, err := w.invoke(ctx, path)
	if err != nil {
		return err
	}
	return w.returns(ctx, a)
}

// returns hands the wallet's result to the page that opened it, which tells the sandbox so.
func (w *world) returns(ctx context.Context, a walletAnswer) error {
	if w.ear != nil {
		w.heardAtReturn = w.ear.count()
	}
	w.pageTold, w.pageCode = strings.TrimPrefix(a.ErrMsg, "get_brand_wcpay_request:"), a.ErrCode
	if w.pageTold == "" {
		w.pageTold = "nothing"
		return nil
	}
	_, err := w.invoke(ctx, "/wallet/returned")
	return err
}

// payPage is the page of an order that has one: what its code holds, or where its browser was sent.
func (w *world) payPage() string {
	if at, _ := field(w.paid, "qrcode"); at != "" {
		return at
	}
	at, _ := field(w.paid, "pay_url")
	return at
}

// decideAtPage presses a button of the page; what it hears is where the browser is sent.
func (w *world) decideAtPage(ctx context.Context, at, verb string) error {
	form := url.Values{"decision": {verb}}.Encode()
	answer, raw, err := fetch(ctx, http.MethodPost, at, w.phone("application/x-www-form-urlencoded"), strings.NewReader(form))
	if err != nil {
		return broke(err)
	}
	w.shown, w.pageTold = string(raw), answer.Header.Get("Location")
	if w.pageTold == "" {
		w.pageTold = "nothing"
	}
	return nil
}

// showCode gives the digits a payer shows at the till, by which the wallet is known.
func (w *world) showCode(of qfpay.PayTypeRow) string {
	digits := w.fake.OutTradeNo()[:16]
	if strings.HasPrefix(of.Wallet, "Alipay") {
		return "28" + digits
	}
	return "13" + digits
}

func (w *world) walletShows(want string) error {
	if !strings.Contains(w.shown, want) {
		return fmt.Errorf("the page does not say %q: %s", want, shortText(w.shown, 500))
	}
	return nil
}

func (w *world) pageHears(want string) error {
	if w.pageTold != want {
		return fmt.Errorf("the page heard %q, want %q", w.pageTold, want)
	}
	return nil
}

func (w *world) payerLooksAtOrders(ctx context.Context) error {
	_, raw, err := fetch(ctx, http.MethodGet, w.suite.Vendor+"/wallet/orders", w.phone(""), nil)
	w.shown = string(raw)
	return broke(err)
}

func (w *world) walletDoesNotShow(text string) error {
	if strings.Contains(w.shown, text) {
		return fmt.Errorf("the page says %q", text)
	}
	return nil
}
