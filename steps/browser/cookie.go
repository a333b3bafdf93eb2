package browser

import (
	"context"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// Cookie is a cookie of a tab. To set one, give Name, Value and URL; the rest is filled when cookies are read.
//
// Cookies know nothing of ports: one set for http://127.0.0.1:8080 is also sent to http://127.0.0.1:8090.
type Cookie struct {
	Name, Value string
	URL         string // of a page it is for; only to set it
	Domain      string
	Path        string
	HTTPOnly    bool
	Secure      bool
	SameSite    string // "Strict", "Lax", "None" or ""
}

func setCookies(ctx context.Context, s *chromedp.Target, cookies []Cookie) error {
	for _, c := range cookies { // one by one, so that the error names the one refused
		_, err := cdp.Call(ctx, s, network.SetCookies, network.SetCookiesParams{Cookies: []*network.CookieParam{{
			Name: c.Name, Value: c.Value, URL: c.URL, Domain: c.Domain, Path: c.Path,
			HTTPOnly: c.HTTPOnly, Secure: c.Secure, SameSite: network.CookieSameSite(c.SameSite)}}})
		if err != nil {
			return fmt.Errorf("cookie %q for %q: %w", c.Name, c.URL, err)
		}
	}
	return nil
}

// Cookies are all cookies of the tab, whatever site they belong to.
func (t *Tab) Cookies(ctx context.Context) ([]Cookie, error) {
	var list []Cookie
	err := t.act(ctx, func(ctx context.Context, _ *chromedp.Target) error {
		tab := chromedp.FromContext(t.life)
		res, err := cdp.Call(ctx, tab.Browser, storage.GetCookies, storage.GetCookiesParams{BrowserContextID: tab.BrowserContextID})
		for _, c := range res.Cookies {
			list = append(list, Cookie{Name: c.Name, Value: c.Value, Domain: c.Domain, Path: c.Path,
				HTTPOnly: c.HTTPOnly, Secure: c.Secure, SameSite: string(c.SameSite)})
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("cookies: %w", err)
	}
	return list, nil
}
