package sandbox_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// ownWorld has an App with an account of its own, whose domains are shop.test and 127.0.0.1:8090.
func ownWorld(t *testing.T) *world {
	w := newWorld(t)
	app, err := w.UpdateApp(t.Context(), w.app.Code, func(a *sandbox.App) {
		a.Own = sandbox.OfficialAccount{AppID: ownAppID, OAuthDomains: []string{"shop.test", "127.0.0.1:8090"}, PayDirectories: []string{"http://shop.test/pay/"}}
	})
	w.must(err)
	w.app = app
	return w
}

func TestCheckAuthorize(t *testing.T) {
	w := ownWorld(t)
	qf, own := "appid="+w.app.Account.AppID, "appid="+ownAppID
	const back, rest = "&redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Fback%3Fa%3Db", "&response_type=code&scope=snsapi_base&state="
	const shop = "&redirect_uri=http%3A%2F%2Fshop.test%2Fcallback"
	to := func(address string) string { return own + "&redirect_uri=" + address + rest }
	for _, c := range []struct {
		name, query, browser string
		rule                 string
		page                 int // 0: not a page of WeChat's errors; -1: one without a code
		detail               string
	}{
		{"no appid", "redirect_uri=x" + rest, "", "authorize-appid", 10012, "appid is empty"},
		{"unknown appid", "appid=wx0" + back + rest, "", "authorize-appid", -1, `appid "wx0" belongs to no official account here`},
		{"Chrome", qf + back + rest, "chrome", sandbox.FindNotWeChat, 0, "no MicroMessenger token"},
		{"WeCom", qf + back + rest, "wecom-ios", sandbox.FindNotWeChat, 0, "WeCom is not WeChat"},
		{"no redirect_uri", qf + rest, "", "authorize-redirect-uri", 10011, "redirect_uri is empty"},
		{"no scope", qf + back + "&response_type=code&state=", "", "authorize-scope", 10010, "scope is empty"},
		{"scope QFPay's account may not ask for", qf + back + "&response_type=code&scope=snsapi_userinfo&state=", "", "authorize-scope", 10005, `scope is "snsapi_userinfo", want snsapi_base`},
		{"scope nobody has", own + shop + "&response_type=code&scope=snsapi_login&state=", "", "authorize-scope", 10005, "want snsapi_base or snsapi_userinfo"},
		{"no response_type", own + shop + "&scope=snsapi_base&state=", "", "authorize-response-type", -1, `response_type is "", want code`},
		{"another response_type", own + shop + "&response_type=token&scope=snsapi_base&state=", "", "authorize-response-type", -1, `response_type is "token"`},
		{"sorted by name", own + shop + "&response_type=code&state=s&scope=snsapi_base", "", "authorize-order", -1, "not in the order WeChat matches"},
		{"appid last", "redirect_uri=http%3A%2F%2Fshop.test%2F&response_type=code&scope=snsapi_base&state=&" + own, "", "authorize-order", -1, "not in the order"},
		{"another host than the relay's", qf + "&redirect_uri=http%3A%2F%2Fm.test%2Fcb" + rest, "", "authorize-domain", 10003, "not on the account's OAuth domain 127.0.0.1:8080"},
		{"another port than the relay's", qf + "&redirect_uri=http%3A%2F%2F127.0.0.1%3A80%2F" + rest, "", "authorize-domain", 10003, "OAuth domain"},
		{"the shop's host with QFPay's account", qf + shop + rest, "", "authorize-domain", 10003, "OAuth domain 127.0.0.1:8080"},
		{"the relay's host with the own account", own + back + rest, "", "authorize-domain", 10003, "not on a domain registered"},
		{"no address", to("http%3A%2F%2F%25zz%2F"), "", "authorize-domain", 10003, "not on a domain registered"},
		{"a subdomain", to("http%3A%2F%2Fwww.shop.test%2F"), "", "authorize-domain", 10003, "not on a domain registered"},
		{"another port", to("http%3A%2F%2Fshop.test%3A8090%2F"), "", "authorize-domain", 10003, "not on a domain registered"},
		{"another scheme", to("ftp%3A%2F%2Fshop.test%2F"), "", "authorize-domain", 10003, "not on a domain registered"},
		{"encoded twice", to("http%253A%252F%252Fshop.test%252F"), "", "authorize-domain", 10003, "percent-encoded twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.browser == "" {
				c.browser = "android"
			}
			_, err := w.CheckAuthorize(t.Context(), sandbox.AuthorizeRequest{Params: qfpay.ParseParams(c.query), Client: client(t, c.browser), RelayHost: "127.0.0.1:8080"})
			var got *sandbox.PageRefusal
			if !errors.As(err, &got) || got.ID != c.rule || !strings.Contains(got.Detail, c.detail) {
				t.Fatalf("got %v, want %s: %s", err, c.rule, c.detail)
			}
			if page := got.Page; (page == nil) != (c.page == 0) || page != nil && page.Code != max(c.page, 0) {
				t.Errorf("page is %+v, want code %d", page, c.page)
			}
		})
	}
	for _, kind := range []string{"ios", "android", "windows", "mac", "devtools", "miniprogram"} {
		for name, query := range map[string]string{
			"QFPay's": qf + back + rest, "own": own + shop + rest, "userinfo": own + shop + "&response_type=code&scope=snsapi_userinfo&state=S1", "without state": own + shop + "&response_type=code&scope=snsapi_base",
			"upper case": to("HTTPS%3A%2F%2FShop.Test%2F"), "with WeChat's own flags": own + shop + rest + "&connect_redirect=1&uin=MTIz&key=k&version=28003FA6&pass_ticket=p", "a port": to("http%3A%2F%2F127.0.0.1%3A8090%2Fcb"),
		} {
			l, err := w.CheckAuthorize(t.Context(), sandbox.AuthorizeRequest{Params: qfpay.ParseParams(query), Client: client(t, kind), RelayHost: "127.0.0.1:8080"})
			if err != nil || l.App.Code != w.app.Code {
				t.Errorf("%s, %s: got App %q and error %v, want APPCODE and none", kind, name, l.App.Code, err)
			}
		}
	}
}

func TestAuthorizeRemarks(t *testing.T) {
	w := ownWorld(t)
	for _, c := range []struct{ name, query, finding string }{
		{"redirect_uri that was not encoded", "appid=" + ownAppID + "&redirect_uri=http://shop.test/cb?a=1&b=2&response_type=code&scope=snsapi_base&state=", "authorize-parameter-unknown"},
		{"state with a dash", "appid=" + ownAppID + "&redirect_uri=http%3A%2F%2Fshop.test%2F&response_type=code&scope=snsapi_base&state=a-b", "authorize-state"},
		{"state of 129 letters", "appid=" + ownAppID + "&redirect_uri=http%3A%2F%2Fshop.test%2F&response_type=code&scope=snsapi_base&state=" + strings.Repeat("a", 129), "authorize-state"},
		{"state of 128 letters", "appid=" + ownAppID + "&redirect_uri=http%3A%2F%2Fshop.test%2F&response_type=code&scope=snsapi_base&state=" + strings.Repeat("a", 128), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var e sandbox.Exchange
			_, err := w.CheckAuthorize(sandbox.WithExchange(t.Context(), &e), sandbox.AuthorizeRequest{Params: qfpay.ParseParams(c.query), Client: client(t, "ios")})
			w.must(err)
			got := ""
			if len(e.Findings) > 0 {
				got = e.Findings[0].ID
			}
			if got != c.finding {
				t.Errorf("found %q, want %q", got, c.finding)
			}
		})
	}
}

func TestEachErrorPageCanBeAskedFor(t *testing.T) {
	w := ownWorld(t)
	for _, row := range wechat.PageErrors() {
		_, err := w.UpdateApp(t.Context(), w.app.Code, func(a *sandbox.App) { a.Own.LoginError = row.Code })
		w.must(err)
		_, err = w.CheckAuthorize(t.Context(), sandbox.AuthorizeRequest{
			Params: qfpay.ParseParams("appid=" + ownAppID + "&redirect_uri=http%3A%2F%2Fshop.test%2F&response_type=code&scope=snsapi_base&state="), Client: client(t, "ios")})
		var got *sandbox.PageRefusal
		if !errors.As(err, &got) || got.Page == nil || got.Page.Code != row.Code {
			t.Errorf("login_error %d gives %v, want that page", row.Code, err)
		}
	}
	if _, err := w.UpdateApp(t.Context(), w.app.Code, func(a *sandbox.App) { a.Own.LoginError = 10007 }); !errors.Is(err, sandbox.ErrInvalid) || !strings.Contains(err.Error(), "login_error is 10007, want 0 or one of 10003, ") {
		t.Errorf("login_error 10007 gives %v, want an ErrInvalid that lists the codes", err)
	}
}

// What a payer answers, and that an answer is good for its own page only.
func TestConsent(t *testing.T) {
	w := ownWorld(t)
	login := func(scope, state string) sandbox.Login {
		l, err := w.CheckAuthorize(t.Context(), sandbox.AuthorizeRequest{
			Params: qfpay.ParseParams("appid=" + ownAppID + "&redirect_uri=http%3A%2F%2Fshop.test%2F&response_type=code&scope=" + scope + "&state=" + state), Client: client(t, "ios")})
		w.must(err)
		return l
	}
	for _, c := range []struct {
		scope            string
		consent          sandbox.Consent
		allowed, refused bool
	}{
		{"snsapi_base", sandbox.ConsentRefuse, true, false}, // nobody is asked
		{"snsapi_userinfo", sandbox.ConsentAsk, false, false}, {"snsapi_userinfo", sandbox.ConsentAllow, true, false},
		{"snsapi_userinfo", sandbox.ConsentRefuse, false, true}, {"snsapi_userinfo", sandbox.ConsentSnapshot, true, false},
	} {
		if allowed, refused := login(c.scope, "").Answer(sandbox.Payer{ID: "alice", Consent: c.consent}); allowed != c.allowed || refused != c.refused {
			t.Errorf("%s, %s: allowed %t, refused %t, want %t, %t", c.scope, c.consent, allowed, refused, c.allowed, c.refused)
		}
	}
	alice, page := sandbox.Payer{ID: "alice"}, login("snsapi_userinfo", "S1")
	uuid := page.Ticket(alice)
	if len(uuid) != 16 || page.CheckTicket(alice, uuid) != nil {
		t.Errorf("the page's own uuid %q is refused, want 16 digits that are taken", uuid)
	}
	for name, err := range map[string]error{
		"another payer's": page.CheckTicket(sandbox.Payer{ID: "bob"}, uuid), "another request's": login("snsapi_userinfo", "S2").CheckTicket(alice, uuid), "none": page.CheckTicket(alice, ""),
	} {
		var got *sandbox.PageRefusal
		if !errors.As(err, &got) || got.ID != "authorize-consent" {
			t.Errorf("%s gives %v, want authorize-consent", name, err)
		}
	}
}
