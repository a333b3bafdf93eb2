package sandbox_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

const ownAppID = "wx00112233445566aa"

func TestOwnAccountIsRefused(t *testing.T) {
	secret := strings.Repeat("0a", 16)
	for _, c := range []struct {
		name string
		own  sandbox.OfficialAccount
		want string
	}{
		{"no appid", sandbox.OfficialAccount{Secret: secret}, "official_account has no appid"},
		{"short appid", sandbox.OfficialAccount{AppID: "wx00"}, `official_account appid is "wx00"`},
		{"upper-case appid", sandbox.OfficialAccount{AppID: "wx00112233445566AA"}, "want wx and 16 lower-case hex digits"},
		{"short secret", sandbox.OfficialAccount{AppID: ownAppID, Secret: "abc"}, "secret has 3 bytes, want 32 lower-case hex digits"},
		{"domain with scheme", sandbox.OfficialAccount{AppID: ownAppID, OAuthDomains: []string{"https://shop.example"}}, `oauth_domain is "https://shop.example"`},
		{"domain with path", sandbox.OfficialAccount{AppID: ownAppID, OAuthDomains: []string{"shop.example/pay"}}, "without scheme and path"},
		{"domain twice", sandbox.OfficialAccount{AppID: ownAppID, OAuthDomains: []string{"a.test", "a.test"}}, `oauth_domains has "a.test" twice`},
		{"directory without its slash", sandbox.OfficialAccount{AppID: ownAppID, PayDirectories: []string{"https://a.test/pay"}}, "up to its last slash"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := newWorld(t).CreateApp(t.Context(), sandbox.App{Own: c.own}); !errors.Is(err, sandbox.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an ErrInvalid that says %q", err, c.want)
			}
		})
	}
}

// A merchant of method 1 orders for payers of its own account, and only they can pay.
func TestOrdersOfAnOwnAccount(t *testing.T) {
	w := newWorld(t)
	app, err := w.UpdateApp(t.Context(), w.app.Code, func(a *sandbox.App) { a.Own.AppID = ownAppID })
	w.must(err)
	if len(app.Own.Secret) != 32 {
		t.Errorf("the account's secret is %q, want 32 digits drawn", app.Own.Secret)
	}
	order := func(number, openID string) sandbox.Invocation {
		_, params, err := w.Pay(t.Context(), app, sandbox.PaymentRequest{
			Txamt: "300", Txcurrcd: "HKD", PayType: "800207", OutTradeNo: number, Txdtm: "2026-03-14 10:00:00", SubOpenID: openID})
		w.must(err)
		if params.AppID != ownAppID {
			t.Errorf("pay_params has appId %s, want the account's %s", params.AppID, ownAppID)
		}
		alice, err := w.PayerOf(t.Context(), "alice")
		w.must(err)
		phone, _ := wechat.BrowserNamed("ios")
		return sandbox.Invocation{PayParams: params, Directory: "http://o2.test/q/", OwnDirectory: "http://o2.test/q/", Client: wechat.Recognise(phone.UserAgent), Payer: alice}
	}
	if answer, err := w.PayerPays(t.Context(), order("OWN1", wechat.OpenIDFor("alice", ownAppID))); err != nil || answer.Result != wechat.PayOK {
		t.Errorf("the payer's wallet answers %+v, %v, want ok", answer, err)
	}
	_, err = w.PayerPays(t.Context(), order("OWN2", wechat.OpenIDFor("alice", app.Account.AppID)))
	var refused *sandbox.WalletRefusal
	if !errors.As(err, &refused) || refused.Answer.Popup.ID != wechat.PopupOtherPayer {
		t.Errorf("an openid of QFPay's account gives %v, want the popup of another payer", err)
	}
}
