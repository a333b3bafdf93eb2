package sandbox_test

import (
	"errors"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func withMchids(ms ...sandbox.Mchid) func(*sandbox.App) {
	return func(a *sandbox.App) { a.Mchids = ms }
}

func params(pairs ...string) qfpay.Params {
	var p qfpay.Params
	for i := 0; i < len(pairs); i += 2 {
		p = append(p, qfpay.Param{Name: pairs[i], Value: pairs[i+1]})
	}
	return p
}

var (
	badAppCode = sandbox.Refusal{Rule: "app-code-unknown", Code: "1108", Resperr: "APPCODE非法", Fidelity: sandbox.Observed}
	badSign    = sandbox.Refusal{Rule: "signature-wrong", Code: "1108", Resperr: "签名错误(1108)", Respmsg: "signature error", Fidelity: sandbox.Documented}
	badMchid   = sandbox.Refusal{Rule: "mchid-rule", Code: "1108", Resperr: "MCHCODE非法", Fidelity: sandbox.Observed}
)

func because(r sandbox.Refusal, detail string) sandbox.Refusal {
	r.Detail = detail
	return r
}

func TestAuthenticateRefuses(t *testing.T) {
	signed := func(p qfpay.Params) string { return qfpay.Sign(p.Canonical(), "CLIENTKEY", qfpay.MD5) }
	order, shop := params("out_trade_no", "T1"), params("mchid", "M1")
	for _, c := range []struct {
		name   string
		mchids []sandbox.Mchid
		with   sandbox.Credentials
		params qfpay.Params
		want   sandbox.Refusal
	}{
		{"no app code", nil, sandbox.Credentials{Sign: signed(order)}, order, because(badAppCode, "no app code came; send it in the header X-QF-APPCODE")},
		{"unknown app code", nil, sandbox.Credentials{AppCode: "appcode", Sign: signed(order)}, order, because(badAppCode, `app code "appcode" is not one of this sandbox`)},
		{"no signature", nil, sandbox.Credentials{AppCode: "APPCODE"}, order, because(badSign, "no signature came; send it in the header X-QF-SIGN")},
		{"signature of another order", nil, sandbox.Credentials{AppCode: "APPCODE", Sign: signed(shop)}, order, because(badSign, `MD5 over "out_trade_no=T1" followed by the client_key`)},
		{"signature with another key", nil, sandbox.Credentials{AppCode: "APPCODE", Sign: qfpay.Sign(order.Canonical(), "OTHER", qfpay.MD5)}, order, because(badSign, "gives another digest")},
		{"SHA256 without saying so", nil, sandbox.Credentials{AppCode: "APPCODE", Sign: qfpay.Sign(order.Canonical(), "CLIENTKEY", qfpay.SHA256)}, order, because(badSign, "MD5 over")},
		{"MD5 where SHA256 was said", nil, sandbox.Credentials{AppCode: "APPCODE", Sign: signed(order), SignType: qfpay.SHA256}, order, because(badSign, "SHA256 over")},
		{"no hex", nil, sandbox.Credentials{AppCode: "APPCODE", Sign: "not a digest"}, order, because(badSign, "received not a digest")},
		{"a mchid none was issued for", nil, sandbox.Credentials{AppCode: "APPCODE", Sign: signed(shop)}, shop, because(badMchid, `mchid is "M1", but none was issued to this App, so it must not be sent`)},
		{"no mchid where one was issued", []sandbox.Mchid{"M1"}, sandbox.Credentials{AppCode: "APPCODE", Sign: signed(order)}, order, because(badMchid, "mchid is missing; this App has [M1] and every call must name one")},
		{"an empty mchid where one was issued", []sandbox.Mchid{"M1"}, sandbox.Credentials{AppCode: "APPCODE", Sign: signed(params("mchid", ""))}, params("mchid", ""), because(badMchid, "mchid is missing")},
		{"another mchid than issued", []sandbox.Mchid{"M2", "M3"}, sandbox.Credentials{AppCode: "APPCODE", Sign: signed(shop)}, shop, because(badMchid, `mchid is "M1", want one of M2, M3`)},
		{"a mchid in other letters", []sandbox.Mchid{"m1"}, sandbox.Credentials{AppCode: "APPCODE", Sign: signed(shop)}, shop, because(badMchid, `mchid is "M1", want one of m1`)},
		// Assumption 6: the signature is judged before the mchid.
		{"wrong signature and wrong mchid", nil, sandbox.Credentials{AppCode: "APPCODE", Sign: signed(order)}, shop, because(badSign, "another digest")},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, withMchids(c.mchids...))
			_, err := w.Authenticate(t.Context(), c.with, c.params)
			wantRefusal(t, err, c.want)
		})
	}
}

func TestAuthenticateAccepts(t *testing.T) {
	for _, c := range []struct {
		name     string
		mchids   []sandbox.Mchid
		params   qfpay.Params
		canon    string
		as       qfpay.SignType
		findings []string
	}{
		{"MD5", nil, params("b", "2", "a", "1"), "a=1&b=2", qfpay.MD5, nil},
		{"SHA256", nil, params("b", "2", "a", "1"), "a=1&b=2", qfpay.SHA256, nil},
		{"nothing to sign", nil, nil, "", qfpay.MD5, nil},
		{"empty values left out", nil, params("a", "1", "b", ""), "a=1", qfpay.MD5, nil},
		{"empty values kept", nil, params("a", "1", "b", ""), "a=1&b=", qfpay.MD5, []string{sandbox.FindEmptySigned}},
		{"sign and sign_type sent as parameters too", nil, params("a", "1", "sign", "X", "sign_type", "MD5"), "a=1", qfpay.MD5, nil},
		{"the mchid issued", []sandbox.Mchid{"M1", "M2"}, params("mchid", "M2"), "mchid=M2", qfpay.MD5, nil},
		{"an empty mchid where none was issued", nil, params("mchid", ""), "", qfpay.MD5, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, withMchids(c.mchids...))
			ctx, e := w.noted()
			got, err := w.Authenticate(ctx, sandbox.Credentials{AppCode: "APPCODE", Sign: qfpay.Sign(c.canon, "CLIENTKEY", c.as), SignType: c.as}, c.params)
			w.must(err)
			if got.Code != "APPCODE" || e.App != "APPCODE" || !e.At.Equal(morning) {
				t.Errorf("got App %q, exchange of %q at %s, want APPCODE, APPCODE, %s", got.Code, e.App, e.At, morning)
			}
			wantFindings(t, e, c.findings...)
		})
	}
}

// A refused caller whose App is known still belongs to that App: its journal shows the refusal.
func TestAuthenticateNotesTheAppItRefuses(t *testing.T) {
	w := newWorld(t)
	ctx, e := w.noted()
	app, err := w.Authenticate(ctx, sandbox.Credentials{AppCode: "APPCODE", Sign: "00"}, nil)
	wantRefusal(t, err, badSign)
	if app.Code != "APPCODE" || e.App != "APPCODE" {
		t.Errorf("got App %q and an exchange of %q, want APPCODE for both", app.Code, e.App)
	}
}

// A store that fails is our mistake and never a refusal.
func TestStoreFailureIsNoRefusal(t *testing.T) {
	broken := errors.New("disk on fire")
	w := newWorld(t)
	w.Store = failing{w.Store.(*memstore.Store), broken}
	_, err := w.Authenticate(t.Context(), sandbox.Credentials{AppCode: "APPCODE", Sign: "00"}, nil)
	wantBroken(t, "Authenticate", err, broken)
	_, err = w.ExchangeCode(t.Context(), w.app, "code")
	wantBroken(t, "ExchangeCode", err, broken)
	_, _, err = w.Pay(t.Context(), w.app, sandbox.PaymentRequest{Txamt: "1", Txcurrcd: "HKD", PayType: "800207", OutTradeNo: "T1",
		Txdtm: "2026-03-14 10:00:00", SubOpenID: "o234567890123456789012345678"})
	wantBroken(t, "Pay", err, broken)
	_, err = w.CheckAuthorize(t.Context(), sandbox.AuthorizeRequest{Params: qfpay.Params{{Name: "appid", Value: w.app.Account.AppID}}})
	wantBroken(t, "CheckAuthorize", err, broken)
	_, err = w.OpenCashier(t.Context(), sandbox.CashierRequest{PayParams: sandbox.PayParams{AppID: w.app.Account.AppID}})
	wantBroken(t, "OpenCashier", err, broken)
	_, err = w.OpenWallet(t.Context(), w.invocation(sandbox.PayParams{AppID: "a", TimeStamp: "1", NonceStr: "n", Package: "p", SignType: "MD5", PaySign: "s"}))
	wantBroken(t, "OpenWallet", err, broken)
	_, err = w.PayerOf(t.Context(), "alice")
	wantBroken(t, "PayerOf", err, broken)
	_, err = w.Query(t.Context(), w.app, sandbox.QueryRequest{Syssns: []sandbox.Syssn{"S"}, Page: 1, PageSize: 1})
	wantBroken(t, "Query", err, broken)
}

func wantBroken(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s gives %v, want %v", what, got, want)
	}
}
