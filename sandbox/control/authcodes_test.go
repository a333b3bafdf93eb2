package control_test

import (
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// A till scans a code that was asked for here, and what its payer does is decided here.
func TestAuthCodes(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A"}}})
	b.call("POST", "/payers", `{"id": "alice"}`).want(201)
	b.call("POST", "/payers/alice/auth-codes", `{"app": "A", "wallet": "wechat"}`).
		want(201, "app", "A", "payer", "alice", "issued_at", "2026-03-14T02:00:00Z", "expires_at", "2026-03-15T02:00:00Z")
	code, err := b.IssueAuthCode(t.Context(), "alice", control.NewAuthCode{App: "A", Wallet: "alipay"})
	must(t, err)
	if len(code.AuthCode) != 18 || !strings.HasPrefix(code.AuthCode, "28") {
		t.Errorf("the code is %q, want 18 digits from 28", code.AuthCode)
	}
	app, err := b.Gateway().Store.App(t.Context(), "A")
	must(t, err)
	_, _, err = b.Gateway().Pay(t.Context(), app, sandbox.PaymentRequest{Txamt: "300", Txcurrcd: "HKD", PayType: string(qfpay.AnyWalletCPM), OutTradeNo: "T1",
		Txdtm: "2026-03-14 10:00:00", AuthCode: code.AuthCode})
	if err == nil || !strings.Contains(err.Error(), "payer-enters-password") {
		t.Errorf("the till gets %v, want payer-enters-password", err)
	}
	b.call("POST", "/apps/A/orders/T1/pay", `{"payer": "alice"}`).want(200, "state", "paid")

	for body, message := range map[string]string{
		`{"app": "A", "wallet": "octopus"}`: `wallet is "octopus", want wechat or alipay`, `{"app": "B"}`: `app is "B", want the app_code of one that exists`, ``: `app is ""`, `{"apps": "A"}`: "unknown field",
	} {
		b.call("POST", "/payers/alice/auth-codes", body).refused(400, "invalid", message)
	}
	b.call("POST", "/payers/nobody/auth-codes", `{"app": "A"}`).refused(404, "not-found", "nobody")
}

// A program without a browser orders with the openid it gets here.
func TestAccounts(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A"}}})
	b.call("POST", "/payers", `{"id": "alice"}`).want(201)
	openid := b.call("GET", "/apps/A/payers/alice", "").want(200, "app", "A", "payer", "alice").at("openid")
	got, err := b.Accounts(t.Context(), "A", "alice")
	must(t, err)
	if string(got.OpenID) != openid || !strings.HasPrefix(string(got.Alipay), "2088") {
		t.Errorf("the client reads %+v, want the openid %s and an account of Alipay's", got, openid)
	}
	app, err := b.Gateway().Store.App(t.Context(), "A")
	must(t, err)
	_, _, err = b.Gateway().Pay(t.Context(), app, sandbox.PaymentRequest{Txamt: "300", Txcurrcd: "HKD", PayType: "800207", OutTradeNo: "T1", Txdtm: "2026-03-14 10:00:00", SubOpenID: openid})
	must(t, err)
	b.call("POST", "/apps/A/orders/T1/pay", `{"payer": "alice"}`).want(200, "state", "paid", "openid", openid)
	b.call("GET", "/apps/A/payers/nobody", "").refused(404, "not-found", "nobody")
	b.call("GET", "/apps/B/payers/alice", "").refused(404, "not-found", `app "B" does not exist here`)
}
