package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// AuthorizeRequest is a visit to WeChat's authorize page.
type AuthorizeRequest struct {
	// Params are the query's, in their order, which WeChat matches.
	Params qfpay.Params
	Client wechat.Client
	// UserAgent is what Client was read from.
	UserAgent string
	// RelayHost is the host and port QFPay's relay lives on here: the OAuth domain of QFPay's account.
	RelayHost string
}

// Login is an authorize request that is right.
type Login struct {
	App     App
	Account *OfficialAccount
	// Scope is ScopeBase or ScopeUserinfo.
	Scope       string
	RedirectURI string
	State       string
}

// asksConsent reports whether the payer has to be asked.
func (l Login) asksConsent() bool { return l.Scope == ScopeUserinfo }

// PageRefusal is WeChat's no: a page instead of a redirect. Page is nil for a browser that is not WeChat.
type PageRefusal struct {
	Finding
	Page *wechat.PageError
}

func (r *PageRefusal) Error() string { return r.ID + ": " + r.Detail }

func refusePage(code int, f Finding) *PageRefusal {
	row, _ := wechat.PageErrorOf(code)
	return &PageRefusal{f, &row}
}

// refuseLink is WeChat's page for an address that does not have the one form it matches (assumption 23).
func refuseLink(f Finding) *PageRefusal {
	return &PageRefusal{f, &wechat.PageError{Chinese: wechat.NoSuchLink, English: "this link cannot be opened"}}
}

// The parameters of the authorize page in the order WeChat matches (wechat 2.1), and those it and its
// client add behind them.
var (
	authorizeOrder = []string{"appid", "redirect_uri", "response_type", "scope", "state"}
	authorizeExtra = []string{"forcePopup", "forceSnapShot", "connect_redirect", "component_appid", "uin", "key", "version", "pass_ticket", "devicetype", "lang"}
)

// CheckAuthorize judges a visit to the authorize page, in the order of assumption 59: account,
// browser, order of the parameters, redirect_uri, scope, domain. Errors: *PageRefusal.
func (g *Gateway) CheckAuthorize(ctx context.Context, r AuthorizeRequest) (Login, error) {
	appID, redirectURI, scope, state := r.Params.Get("appid"), r.Params.Get("redirect_uri"), r.Params.Get("scope"), r.Params.Get("state")
	if appID == "" {
		return Login{}, refusePage(10012, Finding{ID: FindAuthorizeAppID, Detail: "appid is empty", Received: "no appid"})
	}
	app, err := g.Store.AppByAppID(ctx, appID)
	if errors.Is(err, ErrNotFound) {
		return Login{}, refuseLink(Finding{ID: FindAuthorizeAppID, Detail: fmt.Sprintf("appid %s belongs to no official account here", Shown(appID)), Received: "appid=" + shorten(appID)})
	}
	if err != nil {
		return Login{}, err
	}
	g.noteApp(ctx, app)
	account := app.accountNamed(appID)
	if !r.Client.InWeChat {
		return Login{}, &PageRefusal{notWeChat(r.Client, r.UserAgent), nil}
	}
	if err := checkAuthorizeForm(ctx, r.Params); err != nil {
		return Login{}, err
	}
	own := account == &app.Own
	scopes := []string{ScopeBase}
	if own {
		scopes = append(scopes, ScopeUserinfo)
	}
	expected := "scope=" + strings.Join(scopes, " or scope=")
	switch {
	case redirectURI == "":
		return Login{}, refusePage(10011, Finding{ID: FindAuthorizeRedirectURI, Detail: "redirect_uri is empty", Received: "no redirect_uri"})
	case scope == "":
		return Login{}, refusePage(10010, Finding{ID: FindAuthorizeScope, Detail: "scope is empty, want " + ScopeBase, Received: "no scope", Expected: expected})
	case !slices.Contains(scopes, scope):
		return Login{}, refusePage(10005, Finding{ID: FindAuthorizeScope, Detail: fmt.Sprintf("scope is %s, want %s", Shown(scope), strings.Join(scopes, " or ")),
			Received: "scope=" + shorten(scope), Expected: expected})
	}
	if err := checkDomain(account, own, redirectURI, r.RelayHost); err != nil {
		return Login{}, err
	}
	if code := account.LoginError; code != 0 {
		return Login{}, refusePage(code, Finding{ID: FindAuthorizeAsked, Detail: fmt.Sprintf("the account's login_error asks for error %d", code)})
	}
	if !plainState(state) {
		AddFinding(ctx, Finding{ID: FindAuthorizeState, Detail: fmt.Sprintf("state is %s", Shown(state)), Received: "state=" + shorten(state), Expected: "up to 128 letters and digits"})
	}
	return Login{App: app, Account: account, Scope: scope, RedirectURI: redirectURI, State: state}, nil
}

// checkAuthorizeForm holds an address to the one form WeChat's page matches: the order of its
// parameters, and response_type. Of a redirect_uri that was not encoded the part before its first &
// survives (wechat 2.2).
func checkAuthorizeForm(ctx context.Context, params qfpay.Params) error {
	var came, strays []string
	for _, p := range params {
		switch {
		case slices.Contains(authorizeOrder, p.Name):
			came = append(came, p.Name)
		case !slices.Contains(authorizeExtra, p.Name):
			strays = append(strays, p.Name)
		}
	}
	if len(strays) > 0 {
		f := Finding{ID: FindAuthorizeStray, Detail: fmt.Sprintf("the address has %s, which WeChat's page does not have", Shown(strays[0])), Received: shorten(strings.Join(strays, ", ")),
			Expected: strings.Join(authorizeOrder, ", ")}
		if strings.Contains(params.Get("redirect_uri"), "?") {
			f.Detail += "; it was probably redirect_uri's, which was cut off at an unencoded &"
			f.Change = "percent-encode redirect_uri"
		}
		AddFinding(ctx, f)
	}
	if !slices.IsSortedFunc(came, func(a, b string) int { return slices.Index(authorizeOrder, a) - slices.Index(authorizeOrder, b) }) {
		return refuseLink(Finding{ID: FindAuthorizeOrder, Detail: "the parameters are not in the order WeChat matches", Received: strings.Join(came, ", "), Expected: strings.Join(authorizeOrder, ", ")})
	}
	if got := params.Get("response_type"); got != "code" {
		return refuseLink(Finding{ID: FindAuthorizeResponseType, Detail: fmt.Sprintf("response_type is %s, want code", Shown(got)), Received: "response_type=" + shorten(got), Expected: "response_type=code"})
	}
	return nil
}

// checkDomain compares redirect_uri's host, port included, with those registered for the account
// (wechat 2.2, assumption 58).
func checkDomain(account *OfficialAccount, own bool, redirectURI, relayHost string) error {
	u, err := url.Parse(redirectURI)
	host := ""
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		host = u.Host
	}
	if own && account.mayReceive(host) || !own && host == relayHost {
		return nil
	}
	f := Finding{ID: FindAuthorizeDomain, Received: "redirect_uri=" + shorten(redirectURI)}
	decoded, decodeErr := url.QueryUnescape(redirectURI)
	switch {
	case host == "" && decodeErr == nil && !hasScheme(redirectURI) && hasScheme(decoded):
		f.Detail = fmt.Sprintf("redirect_uri is %s after decoding once, so it was percent-encoded twice", Shown(redirectURI))
		f.Expected, f.Change = "redirect_uri="+shorten(decoded)+" after decoding once", "percent-encode redirect_uri once"
	case !own:
		f.Detail = fmt.Sprintf("redirect_uri %s is not on the account's OAuth domain %s", Shown(redirectURI), relayHost)
		f.Expected = "an address on " + relayHost
	case len(account.OAuthDomains) == 0:
		f.Detail = fmt.Sprintf("no OAuth domain is registered for the account %s", account.AppID)
		f.Change = fmt.Sprintf("register %s as an oauth_domain of the App's official_account", Shown(host))
	default:
		f.Detail = fmt.Sprintf("redirect_uri %s is not on a domain registered for the account", Shown(redirectURI))
		f.Expected = "an address on " + strings.Join(account.OAuthDomains, " or ")
		f.Change = fmt.Sprintf("send redirect_uri on a registered host, or register %s: each host is compared whole, port included, and none covers its subdomains", Shown(host))
	}
	return refusePage(10003, f)
}

func plainState(s string) bool {
	if len(s) > 128 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !('0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z') {
			return false
		}
	}
	return true
}

// IssueCode logs the payer in at QFPay's account, as get_weixin_oauth_code has it done.
func (g *Gateway) IssueCode(ctx context.Context, a App, p Payer) (OAuthCode, error) {
	return g.LogIn(ctx, Login{App: a, Account: &a.Account, Scope: ScopeBase}, p)
}

// LogIn gives the payer's browser a code of the account.
func (g *Gateway) LogIn(ctx context.Context, l Login, p Payer) (OAuthCode, error) {
	source, err := g.draw(ctx, l.App)
	if err != nil {
		return OAuthCode{}, err
	}
	code, err := wechat.NewCode(source)
	if err != nil {
		return OAuthCode{}, err
	}
	now := g.Now(l.App)
	c := OAuthCode{Code: code, App: l.App.Code, Payer: p.ID, OpenID: openIDAt(p.ID, l.Account), IssuedAt: now, ExpiresAt: now.Add(CodeLife)}
	if l.Account.AppID == l.App.Own.AppID {
		c.AppID = l.Account.AppID
	}
	if l.asksConsent() {
		c.Scope = ScopeUserinfo
		if c.Snapshot = p.Consent == ConsentSnapshot; c.Snapshot {
			c.OpenID = OpenID(wechat.OpenIDFor("snapshot of "+string(p.ID), l.Account.AppID))
		}
	}
	Note(ctx, func(e *Exchange) { e.Payer, e.OpenID = p.ID, c.OpenID })
	return c, g.Store.CreateOAuthCode(ctx, c)
}

// Answer is what the payer's consent says without being asked: allowed, refused, or neither, when the
// page has to be shown.
func (l Login) Answer(p Payer) (allowed, refused bool) {
	if !l.asksConsent() {
		return true, false
	}
	return p.Consent == ConsentAllow || p.Consent == ConsentSnapshot, p.Consent == ConsentRefuse
}

// Ticket binds the page that asks a payer to what it asks: 16 hex digits, WeChat's uuid. Nothing is
// kept in between.
func (l Login) Ticket(p Payer) string {
	sum := sealOf(l.App, "consent", string(p.ID), l.Account.AppID, l.Scope, l.RedirectURI, l.State)
	return fmt.Sprintf("%x", sum[:8])
}

// CheckTicket holds a payer's answer to the page it was asked on. Errors: *PageRefusal.
func (l Login) CheckTicket(p Payer, uuid string) error {
	if uuid == l.Ticket(p) {
		return nil
	}
	return refuseLink(Finding{ID: FindAuthorizeConsent, Detail: "uuid " + strconv.Quote(shorten(uuid)) + " is not that of this payer's page, or what was asked there was changed",
		Received: "uuid=" + shorten(uuid), Expected: "the uuid of the page"})
}
