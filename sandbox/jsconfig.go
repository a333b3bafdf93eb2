package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// JSConfig is a page's wx.config, as the client has it verified (preVerifyJSAPI).
type JSConfig struct {
	AppID, TimeStamp, NonceStr, Signature string
	// URL is the page's address; a fragment is not signed.
	URL    string
	Client wechat.Client
}

// JSConfigRefusal is WeChat's no to wx.config; the page's wx.error gets ErrMsg.
type JSConfigRefusal struct {
	Finding
	ErrMsg string
}

func (r *JSConfigRefusal) Error() string { return r.ID + ": " + r.Detail }

// CheckJSConfig holds wx.config to the account's tickets and domains. The page's host has to be one of
// the account's OAuth domains, which stand for its JS domains too (assumption 61). Errors: *JSConfigRefusal.
func (g *Gateway) CheckJSConfig(ctx context.Context, c JSConfig) error {
	app, err := g.Store.AppByAppID(ctx, c.AppID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if err != nil || c.AppID == "" || app.Own.AppID != c.AppID {
		return &JSConfigRefusal{Finding{ID: FindJSConfig, Detail: fmt.Sprintf("appId %s is no official account of a merchant's own here", Shown(c.AppID)), Received: "appId=" + shorten(c.AppID),
			Change: "configure the page with the appid of the merchant's own account"}, wechat.ConfigInvalidAppID}
	}
	g.noteApp(ctx, app)
	page, _, _ := strings.Cut(c.URL, "#")
	now := g.Now(app)
	for _, window := range []int64{ticketAt(now), ticketAt(now) - 1} { // one given out just before its end is still signed with
		if wechat.ConfigSignature(ticketOf(app, window), c.NonceStr, c.TimeStamp, page) == c.Signature {
			return checkJSDomain(app, page)
		}
	}
	ticket := ticketOf(app, ticketAt(now))
	f := Finding{ID: FindJSConfig, Detail: "the signature does not fit the page's address, nonceStr and timestamp", Received: "signature=" + shorten(c.Signature),
		Expected: "SHA-1 over " + wechat.ConfigString("(the ticket)", c.NonceStr, c.TimeStamp, page)}
	signs := func(page string) bool {
		return wechat.ConfigSignature(ticket, c.NonceStr, c.TimeStamp, page) == c.Signature
	}
	withoutQuery, _, _ := strings.Cut(page, "?")
	decoded, _ := url.QueryUnescape(page)
	switch {
	case c.Signature == "" || c.NonceStr == "" || c.TimeStamp == "":
		f.Detail, f.Received = "one of signature, nonceStr and timestamp is missing", "no signature, nonceStr or timestamp"
	case strings.EqualFold(wechat.ConfigSignature(ticket, c.NonceStr, c.TimeStamp, page), c.Signature):
		f.Change = "write the signature in small letters"
	case signs(c.URL):
		f.Change = "sign the address without its fragment, the part behind #"
	case signs(withoutQuery):
		f.Change = "sign the address with its query: " + shorten(page)
	case signs(decoded):
		f.Change = "sign the address as the browser has it, percent-encoded"
	case signs(strings.TrimSuffix(page, "/")), signs(page + "/"):
		f.Change = "sign the address with or without its last slash as the browser has it"
	case signs(strings.Replace(page, "http://", "https://", 1)), signs(strings.Replace(page, "https://", "http://", 1)):
		f.Change = "sign the address with the scheme the browser sees; a proxy in front may have changed it"
	}
	return &JSConfigRefusal{f, wechat.ConfigInvalidSignature}
}

func checkJSDomain(app App, page string) error {
	u, err := url.Parse(page)
	if err == nil && app.Own.mayReceive(u.Host) {
		return nil
	}
	return &JSConfigRefusal{Finding{ID: FindJSConfig, Detail: fmt.Sprintf("the page %s is not on a domain registered for the account", Shown(page)), Received: shorten(page),
		Expected: "a page on " + strings.Join(app.Own.OAuthDomains, " or "), Change: "register the page's host as an oauth_domain of the App's official_account"}, wechat.ConfigInvalidDomain}
}
