package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// CodeLife is how long an OAuth code can be exchanged, on the App's clock (WeChat's five minutes).
const CodeLife = 5 * time.Minute

// OAuthCode is WeChat's login result, to be exchanged once for an OpenID.
type OAuthCode struct {
	Code      string
	App       AppCode
	Payer     PayerID
	OpenID    OpenID
	IssuedAt  time.Time
	ExpiresAt time.Time
	// TakenAt is zero until the code is exchanged; TakenBy is the User-Agent of the call that did.
	TakenAt time.Time
	TakenBy string
}

// Grant remembers that an App obtained an OpenID and has not paid with it since.
type Grant struct {
	App    AppCode
	OpenID OpenID
	At     time.Time
	// By is the User-Agent of the call that obtained it, for the code's TakenBy.
	By string
}

// CheckRedirectURI judges the redirect_uri of get_weixin_oauth_code: String(512), absolute.
func CheckRedirectURI(s string) error {
	if s == "" {
		return refuseMissing("redirect_uri")
	}
	if err := checkWebAddress(s, 512); err != nil {
		return refuseAddress("redirect_uri", s, err)
	}
	return nil
}

// AuthorizeRequest is a visit to WeChat's authorize page.
type AuthorizeRequest struct {
	AppID       string
	RedirectURI string
	Scope       string
	Client      wechat.Client
	// UserAgent is what Client was read from.
	UserAgent string
	// OwnHost is the host and port QFPay's relay lives on here: the account's registered OAuth domain.
	OwnHost string
}

// PageRefusal is WeChat's no: a page instead of a redirect. Error is nil for a browser that is not WeChat.
type PageRefusal struct {
	Finding
	Page *wechat.PageError
}

func (r *PageRefusal) Error() string { return r.ID + ": " + r.Detail }

// CheckAuthorize judges a visit to the authorize page and gives the App that owns the account.
// Errors: *PageRefusal.
func (g *Gateway) CheckAuthorize(ctx context.Context, r AuthorizeRequest) (App, error) {
	page := func(code int, f Finding) error {
		row, _ := wechat.PageErrorOf(code)
		return &PageRefusal{f, &row}
	}
	if r.AppID == "" {
		return App{}, page(10012, Finding{ID: FindAuthorizeAppID, Detail: "appid is empty", Received: "no appid"})
	}
	app, err := g.Store.AppByAppID(ctx, r.AppID)
	if errors.Is(err, ErrNotFound) {
		return App{}, &PageRefusal{
			Finding{ID: FindAuthorizeAppID, Detail: fmt.Sprintf("appid %s belongs to no official account here", Shown(r.AppID)), Received: "appid=" + shorten(r.AppID)},
			&wechat.PageError{Chinese: wechat.NoSuchLink, English: "this link cannot be opened"}} // assumption 23
	}
	if err != nil {
		return App{}, err
	}
	g.noteApp(ctx, app)
	switch {
	case !r.Client.InWeChat:
		return app, &PageRefusal{notWeChat(r.Client, r.UserAgent), nil}
	case r.RedirectURI == "":
		return app, page(10011, Finding{ID: FindAuthorizeRedirectURI, Detail: "redirect_uri is empty", Received: "no redirect_uri"})
	case r.Scope == "":
		return app, page(10010, Finding{ID: FindAuthorizeScope, Detail: "scope is empty, want snsapi_base", Received: "no scope", Expected: "scope=snsapi_base"})
	case r.Scope != "snsapi_base":
		return app, page(10005, Finding{ID: FindAuthorizeScope, Detail: fmt.Sprintf("scope is %s, want snsapi_base", Shown(r.Scope)),
			Received: "scope=" + shorten(r.Scope), Expected: "scope=snsapi_base"})
	}
	u, err := url.Parse(r.RedirectURI)
	if err != nil || u.Host != r.OwnHost {
		return app, page(10003, Finding{ID: FindAuthorizeDomain, Detail: fmt.Sprintf("redirect_uri %s is not on the account's OAuth domain %s", Shown(r.RedirectURI), r.OwnHost),
			Received: "redirect_uri=" + shorten(r.RedirectURI), Expected: "an address on " + r.OwnHost})
	}
	return app, nil
}

// IssueCode logs the payer in at the App's official account.
func (g *Gateway) IssueCode(ctx context.Context, a App, p Payer) (OAuthCode, error) {
	source, err := g.draw(ctx, a)
	if err != nil {
		return OAuthCode{}, err
	}
	code, err := wechat.NewCode(source)
	if err != nil {
		return OAuthCode{}, err
	}
	now := g.Now(a)
	c := OAuthCode{Code: code, App: a.Code, Payer: p.ID, OpenID: openIDFor(p.ID, a), IssuedAt: now, ExpiresAt: now.Add(CodeLife)}
	Note(ctx, func(e *Exchange) { e.Payer, e.OpenID = p.ID, c.OpenID })
	return c, g.Store.CreateOAuthCode(ctx, c)
}

// callerOf is the User-Agent of the call, as much of it as is worth keeping.
func callerOf(ctx context.Context) (by string) {
	Note(ctx, func(e *Exchange) { by = e.RequestHeader.Get("User-Agent") })
	return strings.ToValidUTF8(by[:min(len(by), 100)], "")
}

// usedCode is the refusal of a code that was exchanged before: when, and for whom.
func usedCode(c OAuthCode, now time.Time) *Refusal {
	r := refuse("code-used", fmt.Sprintf("the code was exchanged at %s for openid %s (payer %s)", FormatTime(c.TakenAt), c.OpenID, c.Payer))
	if c.TakenBy != "" {
		r.Detail += fmt.Sprintf(", by %q", c.TakenBy)
	}
	r.Detail += "; a code is for one exchange, get a new one for each payment"
	r.Got("a code that was exchanged " + now.Sub(c.TakenAt).Round(time.Second).String() + " ago").Want("a code nobody exchanged")
	if now.Sub(c.TakenAt) < 3*time.Second {
		r.Fix("expect the callback twice: WeChat calls redirect_uri again at times; keep the openid of the first exchange for this visit")
	}
	return r
}

// openIDFor is stable: the same person has the same OpenID towards the same account (qfpay-api 7.4).
func openIDFor(p PayerID, a App) OpenID {
	return OpenID(wechat.OpenIDFor(string(p), a.Account.AppID))
}

// ExchangeCode burns a code for the OpenID behind it. Errors: *Refusal.
func (g *Gateway) ExchangeCode(ctx context.Context, a App, code string) (OpenID, error) {
	if code == "" {
		return "", refuseMissing("code")
	}
	c, err := g.Store.OAuthCode(ctx, a.Code, code)
	if errors.Is(err, ErrNotFound) {
		return "", g.whoseCode(ctx, refuse("code-unknown",
			fmt.Sprintf("code %s was never issued to this App; pass the code of the callback on byte for byte", Shown(code))), a, code)
	}
	if err != nil {
		return "", err
	}
	now := g.Now(a)
	if c.TakenAt.IsZero() && !now.Before(c.ExpiresAt) {
		return "", refuse("code-expired",
			fmt.Sprintf("the code was issued at %s and lived until %s; it is %s now", FormatTime(c.IssuedAt), FormatTime(c.ExpiresAt), FormatTime(now))).
			Got("a code " + now.Sub(c.IssuedAt).Round(time.Second).String() + " old").Want("a code less than 5m0s old")
	}
	c, err = g.Store.TakeOAuthCode(ctx, a.Code, code, now, Grant{App: a.Code, OpenID: c.OpenID, At: now, By: callerOf(ctx)})
	if errors.Is(err, ErrTaken) {
		return "", usedCode(c, now)
	}
	if err != nil {
		return "", err
	}
	Note(ctx, func(e *Exchange) { e.Payer, e.OpenID = c.Payer, c.OpenID })
	return c.OpenID, nil
}
