package steps

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// account is what an integrator of method 1 has at WeChat.
type account struct {
	official control.OfficialAccount
	// back is what the address had behind it that a payer came back to from WeChat's login.
	back address
	// consent is the page that asks the payer, where there is one.
	consent string
	// access, refresh and ofAccount are WeChat's tokens, ticket its jsapi_ticket.
	access, refresh, ofAccount, before, ticket, ticketBefore string
	// openIDBefore is the openid of the login before the latest.
	openIDBefore string

	status int
	answer string // WeChat's latest to the integrator
}

func (w *world) accountSteps(sc *godog.ScenarioContext) {
	sc.Step(`^the integrator (binds|unbinds) an official account$`, w.bindAccount)
	sc.Step(`^the integrator has an official account$`, func(ctx context.Context) error { return w.bindAccount(ctx, "binds") })
	sc.Given(`^the integrator's account ends each login with (\d+)$`, w.endLogins)
	sc.When(`^a payer orders through WeChat's login(?: with (.+))?$`, w.payerOrdersThroughWeChat)
	sc.Then(`^QFPay's parameters are for (the integrator's|QFPay's) account$`, w.parametersAreFor)
}

// The place a payer comes back to from WeChat's login; its host is the account's registered one.
const (
	merchantHost     = "merchant.test"
	merchantCallback = "http://" + merchantHost + "/callback"
)

func (w *world) bindAccount(ctx context.Context, how string) error {
	var own control.OfficialAccount
	if how == "binds" {
		sum := sha256.Sum256([]byte(w.own.AppCode))
		own = control.OfficialAccount{AppID: "wx" + hex.EncodeToString(sum[:8]), OAuthDomains: []string{merchantHost}, PayDirectories: []string{merchantDirectory}}
	}
	var err error
	if w.own, err = w.client.ChangeApp(ctx, w.app, control.AppChange{OfficialAccount: &own}); err != nil {
		return broke(err)
	}
	if w.own.OfficialAccount != nil { // one that is bound no more is still what the integrator calls its own
		w.account.official = *w.own.OfficialAccount
	}
	return nil
}

// endLogins has WeChat answer each login at the account with an error page.
func (w *world) endLogins(ctx context.Context, code int) error {
	own := w.account.official
	own.LoginError = code
	var err error
	w.own, err = w.client.ChangeApp(ctx, w.app, control.AppChange{OfficialAccount: &own})
	return broke(err)
}

// payerOrdersThroughWeChat is a payment with all that comes before it in method 1.
func (w *world) payerOrdersThroughWeChat(ctx context.Context, with string) error {
	if err := w.sendToLogin(ctx, ""); err != nil {
		return err
	}
	if err := w.cameBack(ctx, "a"); err != nil {
		return err
	}
	if err := w.exchangeAtWeChat(ctx, ""); err != nil {
		return err
	}
	return w.createPayment(ctx, with)
}

func (w *world) parametersAreFor(whose string) error {
	if err := w.answerGives("parameters for WeChat's bridge"); err != nil {
		return err
	}
	want := map[string]string{"the integrator's": w.account.official.AppID, "QFPay's": w.own.AppID}[whose]
	if got, _ := field(w.paid, "pay_params.appId"); got != want {
		return fmt.Errorf("pay_params.appId is %q, want %s", got, want)
	}
	return nil
}
