package sandbox

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// How long WeChat's tokens live, on the App's clock (wechat 2.4, 3.3). OldTokenLife is how long the
// account's token before the newest is still taken.
const (
	AccessTokenLife  = 7200 * time.Second
	RefreshTokenLife = 30 * 24 * time.Hour
	OldTokenLife     = 5 * time.Minute
)

// UserToken is what a payer's login gives the merchant's server.
type UserToken struct {
	Access, Refresh string
	OpenID          OpenID
	Scope           string
	UnionID         string
	Snapshot        bool
}

// APIRefusal is a no of WeChat's server API: HTTP 200 with errcode and errmsg.
type APIRefusal struct {
	Finding
	Row wechat.APIError
	// RID is what the text ends with, another one each time.
	RID string
}

func (r *APIRefusal) Error() string { return r.ID + ": " + r.Detail }

// refuseAPI draws the refusal's rid. Errors: *APIRefusal, and the entropy's.
func (g *Gateway) refuseAPI(code int, f Finding) error {
	row, _ := wechat.APIErrorOf(code)
	var raw [12]byte
	if _, err := g.Entropy.Read(raw[:]); err != nil {
		return err
	}
	return &APIRefusal{f, row, fmt.Sprintf("%x-%x-%x", raw[:4], raw[4:8], raw[8:])}
}

// RefuseAPI is for what the surface itself finds wrong: a call that does not exist, a wrong method.
func (g *Gateway) RefuseAPI(code int, f Finding) error { return g.refuseAPI(code, f) }

func (g *Gateway) missingAPI(code int, name string) error {
	return g.refuseAPI(code, Finding{ID: FindAPIMissing, Detail: name + " is missing", Received: "no " + name, Expected: name + "=…"})
}

// accountAt is the App whose own account has this appid, for calls that carry its secret too.
func (g *Gateway) accountAt(ctx context.Context, appID, secret string) (App, error) {
	switch {
	case appID == "":
		return App{}, g.missingAPI(wechat.APINoAppID, "appid")
	case secret == "":
		return App{}, g.missingAPI(wechat.APINoSecret, "secret")
	}
	app, err := g.ownAccount(ctx, appID)
	if err != nil {
		return App{}, err
	}
	if secret != app.Own.Secret {
		f := Finding{ID: FindAPISecret, Detail: "the secret is not that of " + appID, Received: fmt.Sprintf("a secret of %d characters", len(secret)), Expected: "the account's secret of 32 characters"}
		switch {
		case secret == app.ClientKey:
			f.Detail, f.Change = "the secret is QFPay's client_key", "send the official account's AppSecret: client_key signs calls of QFPay's, and goes nowhere else"
		case strings.TrimSpace(secret) == app.Own.Secret:
			f.Detail = "the secret has white space around it"
		case strings.EqualFold(secret, app.Own.Secret):
			f.Detail = "the secret differs in letter case"
		}
		return app, g.refuseAPI(wechat.APIBadSecret, f)
	}
	return app, nil
}

func (g *Gateway) ownAccount(ctx context.Context, appID string) (App, error) {
	f := Finding{ID: FindAPIAppID, Detail: fmt.Sprintf("appid %s belongs to no official account here", Shown(appID)), Received: "appid=" + shorten(appID)}
	app, err := g.Store.AppByAppID(ctx, appID)
	switch {
	case errors.Is(err, ErrNotFound):
		return App{}, g.refuseAPI(wechat.APIBadAppID, f)
	case err != nil:
		return App{}, err
	}
	g.noteApp(ctx, app)
	if appID != app.Own.AppID {
		f.Detail = fmt.Sprintf("appid %s is QFPay's official account, whose secret no merchant has", appID)
		f.Change = "exchange the code at QFPay, get_weixin_openid, or log payers in at the merchant's own account"
		return app, g.refuseAPI(wechat.APIBadAppID, f)
	}
	return app, nil
}

// TokenRequest is a call of sns/oauth2/access_token.
type TokenRequest struct{ AppID, Secret, Code, GrantType string }

// ExchangeAtWeChat burns a code of the merchant's own account. Errors: *APIRefusal.
func (g *Gateway) ExchangeAtWeChat(ctx context.Context, r TokenRequest) (UserToken, error) {
	app, err := g.accountAt(ctx, r.AppID, r.Secret)
	if err != nil {
		return UserToken{}, err
	}
	switch {
	case r.Code == "":
		return UserToken{}, g.missingAPI(wechat.APINoCode, "code")
	case r.GrantType != "authorization_code":
		return UserToken{}, g.refuseAPI(wechat.APIBadGrantType, grantFinding(r.GrantType, "authorization_code"))
	}
	now := g.Now(app)
	c, err := g.Store.OAuthCode(ctx, app.Code, r.Code)
	f := Finding{ID: FindAPICode, Received: "code=" + shorten(r.Code)}
	switch {
	case errors.Is(err, ErrNotFound):
		f.Detail = fmt.Sprintf("code %s was never issued for this account; pass the code of the callback on byte for byte", Shown(r.Code))
		return UserToken{}, g.refuseAPI(wechat.APIBadCode, f)
	case err != nil:
		return UserToken{}, err
	case c.AppID != r.AppID:
		f.Detail = "the code is of QFPay's official account, whose login get_weixin_oauth_code began"
		f.Change = "exchange it at QFPay, get_weixin_openid; or begin the login at open.weixin.qq.com with the own account's appid"
		return UserToken{}, g.refuseAPI(wechat.APIBadCode, f)
	case c.TakenAt.IsZero() && !now.Before(c.ExpiresAt):
		f.Detail = fmt.Sprintf("the code was issued at %s and lived until %s; it is %s now", FormatTime(c.IssuedAt), FormatTime(c.ExpiresAt), FormatTime(now))
		f.Expected = "a code less than 5m0s old"
		return UserToken{}, g.refuseAPI(wechat.APICodeExpired, f)
	}
	c, err = g.Store.TakeOAuthCode(ctx, app.Code, r.Code, now, Grant{App: app.Code, OpenID: c.OpenID, At: now, By: callerOf(ctx)})
	if errors.Is(err, ErrTaken) {
		used := usedCode(c, now)
		f.Detail, f.Received, f.Expected, f.Change = used.Detail, used.Received, used.Expected, used.Change
		return UserToken{}, g.refuseAPI(wechat.APICodeUsed, f)
	}
	if err != nil {
		return UserToken{}, err
	}
	Note(ctx, func(e *Exchange) { e.Payer, e.OpenID = c.Payer, c.OpenID })
	scope := c.Scope
	if scope == "" {
		scope = ScopeBase
	}
	return g.userToken(app, userGrant{app.Own.AppID, c.Payer, c.OpenID, scope, c.Snapshot}, now.Add(RefreshTokenLife), now), nil
}

func grantFinding(got, want string) Finding {
	return Finding{ID: FindAPIGrant, Detail: fmt.Sprintf("grant_type is %s, want %s", Shown(got), want), Received: "grant_type=" + shorten(got), Expected: "grant_type=" + want}
}

// userGrant is what a payer's tokens carry.
type userGrant struct {
	appID    string
	payer    PayerID
	openID   OpenID
	scope    string
	snapshot bool
}

const (
	userAccess  = "access"
	userRefresh = "refresh"
)

// tokenText begins as WeChat's tokens do, with a number and an underscore.
func tokenText(a App, kind string, u userGrant, until time.Time) string {
	return "86_" + sealText(a, kind, u.appID, string(u.payer), string(u.openID), u.scope, strconv.FormatBool(u.snapshot), strconv.FormatInt(until.Unix(), 10))
}

func (g *Gateway) userToken(a App, u userGrant, refreshUntil, now time.Time) UserToken {
	t := UserToken{Access: tokenText(a, userAccess, u, now.Add(AccessTokenLife)), Refresh: tokenText(a, userRefresh, u, refreshUntil), OpenID: u.openID, Scope: u.scope, Snapshot: u.snapshot}
	if u.scope == ScopeUserinfo {
		t.UnionID = unionIDOf(a, u)
	}
	return t
}

// unionIDOf is one per payer and App: an App stands for the open-platform account its official account
// belongs to (assumption 60).
func unionIDOf(a App, u userGrant) string {
	of := string(u.payer)
	if u.snapshot {
		of = "snapshot of " + of
	}
	return wechat.OpenIDFor(of, "union "+string(a.Code))
}

// readToken gives what a payer's token carries. Errors: *APIRefusal with the code for one that is
// wrong or expired.
func (g *Gateway) readToken(ctx context.Context, kind, token string, wrong, expired int) (App, userGrant, time.Time, error) {
	refused := func(code int, detail, change string) (App, userGrant, time.Time, error) {
		return App{}, userGrant{}, time.Time{}, g.refuseAPI(code, Finding{ID: FindAPIToken, Detail: detail, Received: fmt.Sprintf("a token of %d characters", len(token)), Change: change})
	}
	text, _ := strings.CutPrefix(token, "86_")
	words := wordsSealed(text)
	if len(words) < 1 {
		return refused(wrong, "the token is none that was given out here", "")
	}
	app, err := g.Store.AppByAppID(ctx, words[0])
	if errors.Is(err, ErrNotFound) {
		return refused(wrong, "the token is of no account here", "")
	} else if err != nil {
		return App{}, userGrant{}, time.Time{}, err
	}
	g.noteApp(ctx, app)
	if !isSealed(app, kind, text, words) || len(words) != 6 {
		for _, other := range []struct{ kind, says string }{{userAccess, "an access token of a payer"}, {userRefresh, "a refresh token"}, {accountAccess, "the account's own token, of cgi-bin/token"}} {
			if other.kind != kind && isSealed(app, other.kind, text, words) {
				return refused(wrong, "the token is "+other.says+", which this call does not take", "")
			}
		}
		return refused(wrong, "the token was altered on the way", "")
	}
	seconds, _ := strconv.ParseInt(words[5], 10, 64) // sealed
	until, now := time.Unix(seconds, 0), g.Now(app)
	if !now.Before(until) {
		return refused(expired, fmt.Sprintf("the token lived until %s; it is %s now", FormatTime(until), FormatTime(now)), "")
	}
	u := userGrant{words[0], PayerID(words[1]), OpenID(words[2]), words[3], words[4] == "true"}
	Note(ctx, func(e *Exchange) { e.Payer, e.OpenID = u.payer, u.openID })
	return app, u, until, nil
}

// RefreshAtWeChat gives a payer's tokens anew; the refresh token's end does not move. Errors: *APIRefusal.
func (g *Gateway) RefreshAtWeChat(ctx context.Context, appID, grantType, refresh string) (UserToken, error) {
	switch {
	case appID == "":
		return UserToken{}, g.missingAPI(wechat.APINoAppID, "appid")
	case refresh == "":
		return UserToken{}, g.missingAPI(wechat.APINoRefreshToken, "refresh_token")
	case grantType != "refresh_token":
		return UserToken{}, g.refuseAPI(wechat.APIBadGrantType, grantFinding(grantType, "refresh_token"))
	}
	if _, err := g.ownAccount(ctx, appID); err != nil {
		return UserToken{}, err
	}
	app, u, until, err := g.readToken(ctx, userRefresh, refresh, wechat.APIBadRefreshToken, wechat.APIRefreshExpired)
	if err != nil {
		return UserToken{}, err
	}
	if u.appID != appID {
		return UserToken{}, g.refuseAPI(wechat.APIBadRefreshToken, Finding{ID: FindAPIToken, Detail: "the refresh token is of another account", Received: "appid=" + shorten(appID), Expected: "appid=" + u.appID})
	}
	return g.userToken(app, u, until, g.Now(app)), nil
}

// UserInfo is what WeChat tells of a payer who allowed it.
type UserInfo struct {
	OpenID   OpenID
	Nickname string
	UnionID  string
	Snapshot bool
	// Picture is the path of the payer's picture on WeChat's host of pictures.
	Picture string
}

// UserInfoAtWeChat is sns/userinfo. Errors: *APIRefusal.
func (g *Gateway) UserInfoAtWeChat(ctx context.Context, token, openID string) (UserInfo, error) {
	app, u, err := g.checkUserToken(ctx, token, openID)
	if err != nil {
		return UserInfo{}, err
	}
	if u.scope != ScopeUserinfo {
		return UserInfo{}, g.refuseAPI(wechat.APIUnauthorised, Finding{ID: FindAPIScope, Detail: "the token is of scope " + u.scope, Received: "a token of scope " + u.scope, Expected: "one of scope " + ScopeUserinfo})
	}
	p, err := g.Store.Payer(ctx, u.payer)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return UserInfo{}, err
	}
	info := UserInfo{OpenID: u.openID, Nickname: p.Name, UnionID: unionIDOf(app, u), Snapshot: u.snapshot, Picture: PicturePath + string(u.openID) + "/132"}
	if u.snapshot || p.Name == "" {
		info.Nickname = "微信用户" // what WeChat calls those it does not name
	}
	return info, nil
}

// PicturePath is where payers' pictures are, by openid.
const PicturePath = "/mmopen/vi_32/"

// CheckTokenAtWeChat is sns/auth: whether a payer's token still serves. Errors: *APIRefusal.
func (g *Gateway) CheckTokenAtWeChat(ctx context.Context, token, openID string) error {
	_, _, err := g.checkUserToken(ctx, token, openID)
	return err
}

func (g *Gateway) checkUserToken(ctx context.Context, token, openID string) (App, userGrant, error) {
	switch {
	case token == "":
		return App{}, userGrant{}, g.missingAPI(wechat.APINoAccessToken, "access_token")
	case openID == "":
		return App{}, userGrant{}, g.missingAPI(wechat.APINoOpenID, "openid")
	}
	app, u, _, err := g.readToken(ctx, userAccess, token, wechat.APIBadCredential, wechat.APITokenExpired)
	if err != nil {
		return app, u, err
	}
	if OpenID(openID) != u.openID {
		return app, u, g.refuseAPI(wechat.APIBadOpenID, Finding{ID: FindAPIOpenID, Detail: fmt.Sprintf("openid is %s, the token is for %s", Shown(openID), u.openID), Received: "openid=" + shorten(openID), Expected: "openid=" + string(u.openID)})
	}
	return app, u, nil
}
