package sandbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// CodeLife is how long an OAuth code can be exchanged, on the App's clock (WeChat's five minutes).
const CodeLife = 5 * time.Minute

// What an official account may ask for at WeChat's login: the openid alone, without asking the payer,
// or nickname and picture too, which the payer allows or refuses.
const (
	ScopeBase     = "snsapi_base"
	ScopeUserinfo = "snsapi_userinfo"
)

// OAuthCode is WeChat's login result, to be exchanged once for an OpenID.
type OAuthCode struct {
	Code string
	App  AppCode
	// AppID is the merchant's own official account, where the payer logged in at that: such codes are for
	// sns/oauth2/access_token. Empty is QFPay's, whose codes are for get_weixin_openid.
	AppID string
	// Scope is what was asked for, empty for snsapi_base.
	Scope  string
	Payer  PayerID
	OpenID OpenID
	// Snapshot: WeChat showed the page as a snapshot, so that the OpenID is nobody's.
	Snapshot  bool
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
	if c.AppID != "" {
		return "", refuse("code-unknown", fmt.Sprintf("the code is of the merchant's own official account %s, which QFPay cannot exchange", c.AppID)).
			Got("a code of " + c.AppID).Want("a code from get_weixin_oauth_code").
			Fix("exchange it at WeChat, sns/oauth2/access_token, with the account's appid and secret; get_weixin_openid is for codes of QFPay's account")
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
