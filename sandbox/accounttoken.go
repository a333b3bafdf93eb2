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

const (
	accountAccess = "account"
	ticketWindow  = AccessTokenLife
)

// AccountTokenAtWeChat is cgi-bin/token: a new token of the account's own each time, which takes the
// place of the one before; that one is taken for five more minutes. With stable the newest is given as
// long as it lives, and the seconds are what is left of it. Errors: *APIRefusal.
func (g *Gateway) AccountTokenAtWeChat(ctx context.Context, grantType, appID, secret string, stable bool) (token string, seconds int, err error) {
	if grantType != "client_credential" {
		return "", 0, g.refuseAPI(wechat.APIBadGrantType, grantFinding(grantType, "client_credential"))
	}
	app, err := g.accountAt(ctx, appID, secret)
	if err != nil {
		return "", 0, err
	}
	now := g.Now(app)
	lives := func(t AccountToken) bool { return t.Serial > 0 && now.Before(t.IssuedAt.Add(AccessTokenLife)) }
	if !stable || !lives(app.Own.Token) {
		app, err = g.Store.UpdateApp(ctx, app.Code, func(a *App) error {
			if a.Own.AppID != appID {
				return ErrNotFound // unbound meanwhile
			}
			if !stable || !lives(a.Own.Token) {
				a.Own.Token = AccountToken{Serial: a.Own.Token.Serial + 1, IssuedAt: now}
			}
			return nil
		})
		if errors.Is(err, ErrNotFound) {
			_, err = g.ownAccount(ctx, appID)
		}
		if err != nil {
			return "", 0, err
		}
	}
	left := app.Own.Token.IssuedAt.Add(AccessTokenLife).Sub(now)
	return accountToken(app, app.Own.Token.Serial), int(left / time.Second), nil
}

func accountToken(a App, serial uint64) string {
	return "86_" + sealText(a, accountAccess, a.Own.AppID, strconv.FormatUint(serial, 10))
}

// TicketAtWeChat is cgi-bin/ticket/getticket for the JSSDK. The ticket is the same for everybody who
// asks within two hours, and the seconds are what is left of them. Errors: *APIRefusal.
func (g *Gateway) TicketAtWeChat(ctx context.Context, token, kind string) (ticket string, seconds int, err error) {
	switch {
	case token == "":
		return "", 0, g.missingAPI(wechat.APINoAccessToken, "access_token")
	case kind != "jsapi":
		return "", 0, g.refuseAPI(wechat.APIBadArguments, Finding{ID: FindAPICall, Detail: fmt.Sprintf("type is %s, want jsapi", Shown(kind)), Received: "type=" + shorten(kind), Expected: "type=jsapi",
			Change: "send type=jsapi; tickets of cards are not served here"})
	}
	app, err := g.checkAccountToken(ctx, token)
	if err != nil {
		return "", 0, err
	}
	now := g.Now(app)
	window := ticketAt(now)
	return ticketOf(app, window), int((window+1)*int64(ticketWindow/time.Second) - now.Unix()), nil
}

func (g *Gateway) checkAccountToken(ctx context.Context, token string) (App, error) {
	refused := func(code int, detail, change string) (App, error) {
		return App{}, g.refuseAPI(code, Finding{ID: FindAPIToken, Detail: detail, Received: fmt.Sprintf("a token of %d characters", len(token)), Expected: "the newest token of cgi-bin/token", Change: change})
	}
	text, _ := strings.CutPrefix(token, "86_")
	words := wordsSealed(text)
	if len(words) == 0 {
		return refused(wechat.APIBadCredential, "the token is none that was given out here", "")
	}
	app, err := g.Store.AppByAppID(ctx, words[0])
	switch {
	case errors.Is(err, ErrNotFound):
		return refused(wechat.APIBadCredential, "the token is of no account here", "")
	case err != nil:
		return App{}, err
	}
	g.noteApp(ctx, app)
	switch {
	case isSealed(app, userAccess, text, words):
		return refused(wechat.APIBadCredential, "the token is a payer's, of sns/oauth2/access_token, which cgi-bin calls do not take", "ask cgi-bin/token for the account's own token; a payer's login gives another kind")
	case len(words) != 2 || !isSealed(app, accountAccess, text, words):
		return refused(wechat.APIBadCredential, "the token was altered on the way", "")
	}
	serial, _ := strconv.ParseUint(words[1], 10, 64) // sealed
	now, newest := g.Now(app), app.Own.Token
	if app.Own.AppID != words[0] {
		return refused(wechat.APIBadCredential, "the token is of an account the App has no more", "")
	}
	switch {
	case serial == newest.Serial && now.Before(newest.IssuedAt.Add(AccessTokenLife)), serial+1 == newest.Serial && now.Before(newest.IssuedAt.Add(OldTokenLife)):
		return app, nil
	case serial == newest.Serial:
		return refused(wechat.APITokenExpired, fmt.Sprintf("the token was given out at %s and lived two hours; it is %s now", FormatTime(newest.IssuedAt), FormatTime(now)), "keep the token with its end, and ask for a new one before that")
	}
	return refused(wechat.APIBadCredential, fmt.Sprintf("a newer token took this one's place at %s", FormatTime(newest.IssuedAt)),
		"keep one token for all processes of the merchant: each call of cgi-bin/token ends the one before")
}

// ticketAt numbers the two hours a ticket is for.
func ticketAt(now time.Time) int64 { return now.Unix() / int64(ticketWindow/time.Second) }

// ticketOf is the account's ticket in one stretch of two hours: 86 characters, as WeChat's have.
func ticketOf(a App, window int64) string {
	words := []string{a.Own.AppID, strconv.FormatInt(window, 10)}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
	text := []byte("SANDBOXTICKET")
	for part := 0; len(text) < 86; part++ {
		sum := sealOf(a, "ticket "+strconv.Itoa(part), words...)
		for _, b := range sum[:min(len(sum), 86-len(text))] {
			text = append(text, alphabet[b%64])
		}
	}
	return string(text)
}
