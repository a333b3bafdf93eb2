package sandbox_test

import (
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// code logs a payer in at the own account.
func (w *world) ownCode(scope string, p sandbox.Payer) string {
	w.t.Helper()
	c, err := w.LogIn(w.t.Context(), sandbox.Login{App: w.app, Account: &w.app.Own, Scope: scope}, p)
	w.must(err)
	return c.Code
}

func (w *world) exchange(code string) (sandbox.UserToken, error) {
	return w.ExchangeAtWeChat(w.t.Context(), sandbox.TokenRequest{AppID: ownAppID, Secret: w.app.Own.Secret, Code: code, GrantType: "authorization_code"})
}

// wantAPI wants a refusal with this errcode whose finding says something.
func wantAPI(t *testing.T, what string, err error, code int, says string) {
	t.Helper()
	var got *sandbox.APIRefusal
	if !errors.As(err, &got) || got.Row.Code != code || !strings.Contains(got.Detail, says) {
		t.Errorf("%s: got %v, want %d: %s", what, err, code, says)
	}
}

func TestExchangeAtWeChat(t *testing.T) {
	w := ownWorld(t)
	token, err := w.exchange(w.ownCode(sandbox.ScopeBase, w.payer))
	w.must(err)
	if want := sandbox.OpenID(wechat.OpenIDFor(string(w.payer.ID), ownAppID)); token.OpenID != want || token.Scope != "snsapi_base" || token.UnionID != "" {
		t.Errorf("got openid %s, scope %s, unionid %q, want %s, snsapi_base, none", token.OpenID, token.Scope, token.UnionID, want)
	}
	used := w.ownCode(sandbox.ScopeBase, w.payer)
	_, err = w.exchange(used)
	w.must(err)
	relayed, err := w.IssueCode(t.Context(), w.app, w.payer)
	w.must(err)
	good := sandbox.TokenRequest{AppID: ownAppID, Secret: w.app.Own.Secret, Code: w.ownCode(sandbox.ScopeBase, w.payer), GrantType: "authorization_code"}
	for _, c := range []struct {
		name   string
		change func(*sandbox.TokenRequest)
		code   int
		says   string
	}{
		{"no appid", func(r *sandbox.TokenRequest) { r.AppID = "" }, 41002, "appid is missing"},
		{"no secret", func(r *sandbox.TokenRequest) { r.Secret = "" }, 41004, "secret is missing"},
		{"no code", func(r *sandbox.TokenRequest) { r.Code = "" }, 41008, "code is missing"},
		{"unknown appid", func(r *sandbox.TokenRequest) { r.AppID = "wxffffffffffffffff" }, 40013, "belongs to no official account here"},
		{"QFPay's appid", func(r *sandbox.TokenRequest) { r.AppID = w.app.Account.AppID }, 40013, "QFPay's official account"},
		{"wrong secret", func(r *sandbox.TokenRequest) { r.Secret = strings.Repeat("0", 32) }, 40125, "not that of"},
		{"client_key for secret", func(r *sandbox.TokenRequest) { r.Secret = w.app.ClientKey }, 40125, "QFPay's client_key"},
		{"secret in capitals", func(r *sandbox.TokenRequest) { r.Secret = strings.ToUpper(r.Secret) }, 40125, "letter case"},
		{"another grant type", func(r *sandbox.TokenRequest) { r.GrantType = "client_credential" }, 40002, "want authorization_code"},
		{"a code nobody issued", func(r *sandbox.TokenRequest) { r.Code = "071abc" }, 40029, "was never issued"},
		{"a code of QFPay's account", func(r *sandbox.TokenRequest) { r.Code = relayed.Code }, 40029, "QFPay's official account"},
		{"a used code", func(r *sandbox.TokenRequest) { r.Code = used }, 40163, "was exchanged at"},
	} {
		r := good
		c.change(&r)
		_, err := w.ExchangeAtWeChat(t.Context(), r)
		wantAPI(t, c.name, err, c.code, c.says)
	}
	w.clock.now = w.clock.now.Add(sandbox.CodeLife)
	_, err = w.ExchangeAtWeChat(t.Context(), good)
	wantAPI(t, "a code of five minutes ago", err, 42003, "lived until")
	var rids [2]string
	for i := range rids {
		_, err := w.exchange("071abc")
		var got *sandbox.APIRefusal
		if errors.As(err, &got) {
			rids[i] = got.RID
		}
	}
	if rids[0] == "" || rids[0] == rids[1] || len(strings.Split(rids[0], "-")) != 3 {
		t.Errorf("two refusals have the rids %q, want two of three parts", rids)
	}
}

func TestACodeIsExchangedAtWeChatOnce(t *testing.T) {
	w := ownWorld(t)
	code := w.ownCode(sandbox.ScopeBase, w.payer)
	w.Entropy = rand.Reader // entropy's is for one at a time
	var got sync.Map
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			_, err := w.exchange(code)
			got.Store(i, err == nil)
		})
	}
	all.Wait()
	wins := 0
	got.Range(func(_, won any) bool {
		if won.(bool) {
			wins++
		}
		return true
	})
	if wins != 1 {
		t.Errorf("%d of 8 exchanges succeeded, want 1", wins)
	}
}

func TestUserTokens(t *testing.T) {
	w := ownWorld(t)
	base, err := w.exchange(w.ownCode(sandbox.ScopeBase, w.payer))
	w.must(err)
	named, err := w.exchange(w.ownCode(sandbox.ScopeUserinfo, w.payer))
	w.must(err)
	info, err := w.UserInfoAtWeChat(t.Context(), named.Access, string(named.OpenID))
	w.must(err)
	if info.Nickname != w.payer.Name || info.OpenID != named.OpenID || info.UnionID == "" || info.UnionID != named.UnionID {
		t.Errorf("userinfo is %+v, want the payer's name %q and the token's unionid", info, w.payer.Name)
	}
	w.must(w.CheckTokenAtWeChat(t.Context(), base.Access, string(base.OpenID)))
	refreshed, err := w.RefreshAtWeChat(t.Context(), ownAppID, "refresh_token", base.Refresh)
	w.must(err)
	w.must(w.CheckTokenAtWeChat(t.Context(), refreshed.Access, string(base.OpenID)))
	account, _, err := w.AccountTokenAtWeChat(t.Context(), "client_credential", ownAppID, w.app.Own.Secret, false)
	w.must(err)
	userinfo := func(token, openID string) error {
		_, err := w.UserInfoAtWeChat(t.Context(), token, openID)
		return err
	}
	refresh := func(appID, grant, token string) error {
		_, err := w.RefreshAtWeChat(t.Context(), appID, grant, token)
		return err
	}
	altered := named.Access[:len(named.Access)-4] + "AAAA"
	for _, c := range []struct {
		name string
		err  error
		code int
		says string
	}{
		{"no token", userinfo("", "o"), 41001, "access_token is missing"},
		{"no openid", userinfo(named.Access, ""), 41009, "openid is missing"},
		{"token nobody made", userinfo("86_nonsense", "o"), 40001, "none that was given out here"},
		{"altered token", userinfo(altered, string(named.OpenID)), 40001, ""},
		{"refresh token for access", userinfo(named.Refresh, string(named.OpenID)), 40001, "a refresh token"},
		{"the account's token", userinfo(account, string(named.OpenID)), 40001, "cgi-bin/token"},
		{"another openid", userinfo(named.Access, "oother"), 40003, `openid is "oother"`},
		{"scope base", userinfo(base.Access, string(base.OpenID)), 48001, "of scope snsapi_base"},
		{"auth of another openid", w.CheckTokenAtWeChat(t.Context(), base.Access, "oother"), 40003, ""},
		{"refresh without appid", refresh("", "refresh_token", base.Refresh), 41002, "appid"},
		{"refresh without token", refresh(ownAppID, "refresh_token", ""), 41003, "refresh_token"},
		{"refresh with another grant", refresh(ownAppID, "authorization_code", base.Refresh), 40002, "want refresh_token"},
		{"refresh with an access token", refresh(ownAppID, "refresh_token", base.Access), 40030, "an access token of a payer"},
		{"refresh of an unknown account", refresh("wxffffffffffffffff", "refresh_token", base.Refresh), 40013, ""},
	} {
		wantAPI(t, c.name, c.err, c.code, c.says)
	}
	w.clock.now = w.clock.now.Add(sandbox.AccessTokenLife)
	wantAPI(t, "a token of two hours ago", w.CheckTokenAtWeChat(t.Context(), base.Access, string(base.OpenID)), 42001, "lived until")
	w.clock.now = w.clock.now.Add(sandbox.RefreshTokenLife - sandbox.AccessTokenLife)
	wantAPI(t, "a refresh token of thirty days ago", refresh(ownAppID, "refresh_token", base.Refresh), 42002, "lived until")
}

func TestAccountTokens(t *testing.T) {
	w := ownWorld(t)
	give := func(stable bool) (string, int) {
		token, seconds, err := w.AccountTokenAtWeChat(t.Context(), "client_credential", ownAppID, w.app.Own.Secret, stable)
		w.must(err)
		return token, seconds
	}
	ticket := func(token string) error {
		_, _, err := w.TicketAtWeChat(t.Context(), token, "jsapi")
		return err
	}
	first, seconds := give(false)
	if seconds != 7200 {
		t.Errorf("the token lives %d s, want 7200", seconds)
	}
	w.clock.now = w.clock.now.Add(time.Minute)
	if same, left := give(true); same != first || left != 7140 {
		t.Errorf("stable_token gives another token, or %d s, want the same and 7140", left)
	}
	second, _ := give(false)
	if second == first {
		t.Error("cgi-bin/token gives the same token twice, want another each time")
	}
	w.must(ticket(first)) // for five more minutes
	w.clock.now = w.clock.now.Add(sandbox.OldTokenLife)
	wantAPI(t, "the token of before", ticket(first), 40001, "a newer token took this one's place")
	w.must(ticket(second))
	w.clock.now = w.clock.now.Add(2 * time.Hour)
	wantAPI(t, "a token of two hours ago", ticket(second), 42001, "lived two hours")
	_, _, err := w.TicketAtWeChat(t.Context(), second, "wx_card")
	wantAPI(t, "a ticket of cards", err, 40097, `type is "wx_card"`)
	user, err := w.exchange(w.ownCode(sandbox.ScopeBase, w.payer))
	w.must(err)
	wantAPI(t, "a payer's token", ticket(user.Access), 40001, "a payer's")
	wantAPI(t, "no token", ticket(""), 41001, "access_token")
	_, _, err = w.AccountTokenAtWeChat(t.Context(), "authorization_code", ownAppID, w.app.Own.Secret, false)
	wantAPI(t, "another grant type", err, 40002, "want client_credential")
}

// An account that was unbound has tokens no more.
func TestTokensOfAnAccountThatIsGone(t *testing.T) {
	w := ownWorld(t)
	token, _, err := w.AccountTokenAtWeChat(t.Context(), "client_credential", ownAppID, w.app.Own.Secret, false)
	w.must(err)
	_, err = w.UpdateApp(t.Context(), w.app.Code, func(a *sandbox.App) { a.Own = sandbox.OfficialAccount{} })
	w.must(err)
	_, _, err = w.TicketAtWeChat(t.Context(), token, "jsapi")
	wantAPI(t, "its token", err, 40001, "of no account here")
}

func TestSnapshotPayer(t *testing.T) {
	w := ownWorld(t)
	w.payer.Consent = sandbox.ConsentSnapshot
	token, err := w.exchange(w.ownCode(sandbox.ScopeUserinfo, w.payer))
	w.must(err)
	if real := wechat.OpenIDFor(string(w.payer.ID), ownAppID); !token.Snapshot || string(token.OpenID) == real || !wechat.ValidOpenID(string(token.OpenID)) {
		t.Errorf("a snapshot's token is %+v, want is_snapshotuser and another openid than %s", token, real)
	}
}

func TestOpenIDOfTheOtherAccount(t *testing.T) {
	w := ownWorld(t)
	login, err := w.IssueCode(t.Context(), w.app, w.payer)
	w.must(err)
	id, err := w.ExchangeCode(t.Context(), w.app, login.Code)
	w.must(err)
	var e sandbox.Exchange
	_, _, err = w.Pay(sandbox.WithExchange(t.Context(), &e), w.app, sandbox.PaymentRequest{
		Txamt: "300", Txcurrcd: "HKD", PayType: "800207", OutTradeNo: "T9", Txdtm: "2026-03-14 10:00:00", SubOpenID: string(id)})
	w.must(err)
	if len(e.Findings) != 1 || e.Findings[0].ID != "openid-of-other-account" {
		t.Errorf("found %v, want openid-of-other-account alone", e.Findings)
	}
	if _, err := w.ExchangeCode(t.Context(), w.app, w.ownCode(sandbox.ScopeBase, w.payer)); err == nil || !strings.Contains(err.Error(), "own official account") {
		t.Errorf("QFPay exchanges a code of the own account: %v, want a refusal that says so", err)
	}
}

func TestJSConfig(t *testing.T) {
	w := ownWorld(t)
	token, _, err := w.AccountTokenAtWeChat(t.Context(), "client_credential", ownAppID, w.app.Own.Secret, false)
	w.must(err)
	ticket, seconds, err := w.TicketAtWeChat(t.Context(), token, "jsapi")
	w.must(err)
	if len(ticket) != 86 || seconds < 1 || seconds > 7200 {
		t.Errorf("ticket of %d characters for %d s, want 86 for up to 7200", len(ticket), seconds)
	}
	const page = "http://shop.test/pay/?no=1%202"
	sign := func(page string) string { return wechat.ConfigSignature(ticket, "n", "1", page) }
	good := sandbox.JSConfig{AppID: ownAppID, TimeStamp: "1", NonceStr: "n", Signature: sign(page), URL: page + "#top"}
	w.must(w.CheckJSConfig(t.Context(), good))
	for _, c := range []struct {
		name    string
		change  func(*sandbox.JSConfig)
		message string
		says    string // in what is to be changed
	}{
		{"unknown appid", func(c *sandbox.JSConfig) { c.AppID = "wx0" }, "preVerifyJSAPI:fail,invalid appid", "own account"},
		{"QFPay's appid", func(c *sandbox.JSConfig) { c.AppID = w.app.Account.AppID }, "preVerifyJSAPI:fail,invalid appid", "own account"},
		{"no signature", func(c *sandbox.JSConfig) { c.Signature = "" }, "preVerifyJSAPI:invalid signature", ""},
		{"signature of anything", func(c *sandbox.JSConfig) { c.Signature = strings.Repeat("0", 40) }, "preVerifyJSAPI:invalid signature", ""},
		{"in capitals", func(c *sandbox.JSConfig) { c.Signature = strings.ToUpper(c.Signature) }, "preVerifyJSAPI:invalid signature", "small letters"},
		{"fragment signed", func(c *sandbox.JSConfig) { c.URL, c.Signature = page+"?#top", sign(page) }, "preVerifyJSAPI:invalid signature", ""},
		{"query not signed", func(c *sandbox.JSConfig) { c.Signature = sign("http://shop.test/pay/") }, "preVerifyJSAPI:invalid signature", "with its query"},
		{"decoded", func(c *sandbox.JSConfig) { c.Signature = sign("http://shop.test/pay/?no=1 2") }, "preVerifyJSAPI:invalid signature", "percent-encoded"},
		{"another scheme", func(c *sandbox.JSConfig) { c.Signature = sign("https://shop.test/pay/?no=1%202") }, "preVerifyJSAPI:invalid signature", "scheme"},
		{"another domain", func(c *sandbox.JSConfig) {
			c.URL = "http://other.test/"
			c.Signature = sign(c.URL)
		}, "preVerifyJSAPI:invalid url domain", "oauth_domain"},
	} {
		r := good
		c.change(&r)
		var got *sandbox.JSConfigRefusal
		if err := w.CheckJSConfig(t.Context(), r); !errors.As(err, &got) || got.ErrMsg != c.message || !strings.Contains(got.Change, c.says) {
			t.Errorf("%s: got %v, want %s that says %q", c.name, err, c.message, c.says)
		}
	}
	w.clock.now = w.clock.now.Add(2 * 2 * time.Hour)
	if w.CheckJSConfig(t.Context(), good) == nil {
		t.Error("a ticket of four hours ago is taken, want it refused")
	}
}

// No token but the one given out is good: not with one character changed, not made by another App's seed.
func TestTokensCannotBeForged(t *testing.T) {
	w := ownWorld(t)
	token, err := w.exchange(w.ownCode(sandbox.ScopeBase, w.payer))
	w.must(err)
	w.must(w.CheckTokenAtWeChat(t.Context(), token.Access, string(token.OpenID)))
	for i := range token.Access {
		for _, c := range "Aa0-_" {
			if forged := token.Access[:i] + string(c) + token.Access[i+1:]; forged != token.Access && w.CheckTokenAtWeChat(t.Context(), forged, string(token.OpenID)) == nil {
				t.Fatalf("%s is taken for %s", forged, token.Access)
			}
		}
	}
	for _, forged := range []string{token.Access + "A", token.Access[:len(token.Access)-1], "\x00" + token.Access, strings.ToLower(token.Access), token.Access + token.Access} {
		if w.CheckTokenAtWeChat(t.Context(), forged, string(token.OpenID)) == nil {
			t.Errorf("%q is taken for a token", forged)
		}
	}
	_, err = w.UpdateApp(t.Context(), w.app.Code, func(a *sandbox.App) { a.Own = sandbox.OfficialAccount{} })
	w.must(err)
	other, err := w.CreateApp(t.Context(), sandbox.App{Code: "THIEF", Own: sandbox.OfficialAccount{AppID: ownAppID}})
	w.must(err)
	if err := w.CheckTokenAtWeChat(t.Context(), token.Access, string(token.OpenID)); err == nil {
		t.Errorf("a token of another App is good at %s, which has its appid now", other.Code)
	}
}
