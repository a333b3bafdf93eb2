package steps

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// integrator calls QFPay as a merchant's server does, for the scenarios about the fake itself. It
// does what the sentence says and nothing else.
type integrator struct {
	own control.App
	// keyBefore is what the App's key was before it got a new one.
	keyBefore string
	code      string
	openID    string
	last      qfpay.Params      // of the latest payment
	numbers   map[string]string // syssn of each out_trade_no, as QFPay answered
	outcome   string            // what the next call asks for in X-Sandbox-Outcome

	// QFPay's latest answer.
	status int
	answer string
	sign   string // X-QF-SIGN
	by     string // X-Sandbox-Decided-By
	cut    error  // why there is no answer
	many   []string
	paid   string // the answer to the latest payment

	shown    string // the page the payer sees
	pageTold string // what the page that opened the wallet was told
	pageCode string // the err_code it was told with that
	kept     []byte // a snapshot of the App

	phoneKind  string // the payer's browser kind, ios when empty
	firstPayer control.Payer
	raising    raising
	account    account
	passed     []string // hosts, of a login under their own names

	ear           *ear // of the App of the latest sentence
	ears          []*ear
	heardAtReturn int // how many notifications had been heard when the payer came back
}

// opening is the time on an App's clock when its scenario begins: far from the hours without
// refunds and from the ends of month and year.
var opening = time.Date(2026, time.March, 14, 10, 0, 0, 0, qfpayZone)

// qfpayZone is the zone of QFPay's times.
var qfpayZone = time.FixedZone("UTC+8", 8*60*60)

func (w *world) integratorSteps(sc *godog.ScenarioContext) {
	sc.Given(`^an integrator with an App$`, func(ctx context.Context) error { return w.makeApp(ctx) })
	sc.Given(`^an integrator with an App of shop "([^"]*)"$`, func(ctx context.Context, shop string) error { return w.makeApp(ctx, shop) })
	w.loginSteps(sc)
	w.tradeSteps(sc)
	w.enquirySteps(sc)
	w.answerSteps(sc)
	w.notifiedSteps(sc)
	w.walletSteps(sc)
	w.appSteps(sc)
	w.signingSteps(sc)
	w.journalSteps(sc)
	w.accountSteps(sc)
	w.weixinSteps(sc)
	w.vendorNameSteps(sc)
	w.pageServerSteps(sc)
}

// makeApp gives the integrator an App whose clock stands, so that nothing depends on the hour the
// scenario runs at.
func (w *world) makeApp(ctx context.Context, shops ...string) error {
	in := control.NewApp{Name: "Integrator"}
	for _, s := range shops {
		in.Mchids = append(in.Mchids, split[control.Mchid](s)...)
	}
	var err error
	if w.own, err = w.client.CreateApp(ctx, in); err != nil {
		return broke(err)
	}
	w.app, w.numbers = w.own.AppCode, map[string]string{}
	w.ear = nil // it belongs to the App that knows its address
	if _, err := w.client.SetClock(ctx, w.app, opening); err != nil {
		return broke(err)
	}
	_, err = w.client.FreezeClock(ctx, w.app)
	return broke(err)
}

// withShop adds the mchid where one was issued.
func (w *world) withShop(p qfpay.Params) qfpay.Params {
	if _, given := p.Lookup("mchid"); !given && len(w.own.Mchids) > 0 {
		p = append(p, qfpay.Param{Name: "mchid", Value: string(w.own.Mchids[0])})
	}
	return p
}

// call posts or gets the parameters with the App's own signature and keeps the answer.
func (w *world) call(ctx context.Context, method, path string, p qfpay.Params) error {
	return w.callAs(ctx, method, path, p, string(w.own.AppCode), w.signed(p))
}

func (w *world) signed(p qfpay.Params) string {
	return qfpay.Sign(p.Canonical(), w.own.ClientKey, qfpay.MD5)
}

func (w *world) callAs(ctx context.Context, method, path string, p qfpay.Params, appCode, sign string) error {
	header := http.Header{}
	for name, value := range map[string]string{"X-QF-APPCODE": appCode, "X-QF-SIGN": sign, "X-Sandbox-Outcome": w.outcome} {
		if value != "" {
			header[name] = []string{value}
		}
	}
	w.outcome = ""
	resp, raw, err := w.send(ctx, method, path, p, header)
	w.status, w.answer, w.sign, w.by, w.cut = resp.StatusCode, string(raw), resp.Header.Get("X-QF-SIGN"), resp.Header.Get("X-Sandbox-Decided-By"), err
	if path == "/trade/v1/payment" || path == "/trade/v1/refund" { // of the others syssn is the call's own
		order, _ := field(w.answer, "out_trade_no")
		if n, ok := field(w.answer, "syssn"); ok {
			w.numbers[order] = n
		}
	}
	return nil
}

// send sends a call and gives its bare answer. Its error is the connection's, which a scenario may be about.
func (w *world) send(ctx context.Context, method, path string, p qfpay.Params, header http.Header) (httpAnswer, []byte, error) {
	address, body := w.suite.Vendor+path, strings.NewReader("")
	if method == http.MethodPost {
		header.Set("Content-Type", "application/x-www-form-urlencoded")
		body = strings.NewReader(p.Encode())
	} else {
		address += "?" + p.Encode()
	}
	return fetch(ctx, method, address, header, body)
}

// answered fails for a call whose connection broke, unless the scenario is about that.
func (w *world) answered() error {
	if w.cut != nil {
		return fmt.Errorf("QFPay did not answer: %w", w.cut)
	}
	return nil
}

// now is QFPay's time for this App.
func (w *world) now(ctx context.Context) (time.Time, error) {
	c, err := w.client.Clock(ctx, w.app)
	return c.Now.In(qfpayZone), broke(err)
}
