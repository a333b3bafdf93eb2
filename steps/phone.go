package steps

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/browser"
)

// UnchangedWallet is where pages reach WeChat's wallet under the vendors' own names.
const UnchangedWallet = "https://" + wechat.HostWallet

// Phone is what makes a browser a payer's at one sandbox.
type Phone struct {
	// Vendor is the sandbox's vendor surface.
	Vendor string
	// Wallet is where pages reach the wallet, Vendor or UnchangedWallet: one on the same origin, else the first.
	Wallet []string
	Payer  control.PayerID
}

// Open opens a tab that is the payer's: it looks like the kind, WeChat knows who holds it, and where the kind has a
// bridge each page gets it.
func (p Phone) Open(ctx context.Context, b *browser.Browser, kind wechat.Browser) (*browser.Tab, error) {
	bridge, err := p.bridge(ctx, kind)
	if err != nil {
		return nil, err
	}
	return b.Open(ctx, kind, browser.TabOptions{Script: bridge, Cookies: p.cookies()})
}

// bridge is the script WeChat's client puts into every page, empty for browsers that have none.
func (p Phone) bridge(ctx context.Context, kind wechat.Browser) (string, error) {
	if !kind.Bridge {
		return "", nil
	}
	q := url.Values{"payer": {string(p.Payer)}, "home": p.Wallet}
	resp, body, err := fetch(ctx, http.MethodGet, p.Vendor+"/wallet/bridge.js?"+q.Encode(), nil, nil)
	if err != nil {
		return "", fmt.Errorf("the sandbox's bridge script: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("the sandbox's bridge script: HTTP %d from %s", resp.StatusCode, p.Vendor)
	}
	return string(body), nil
}

// cookies say to WeChat who holds the phone: the browser is the payer's, whatever it opens.
func (p Phone) cookies() []browser.Cookie {
	all := []browser.Cookie{{Name: payerCookie, Value: string(p.Payer), URL: "https://" + wechat.HostOpen + "/", Domain: ".weixin.qq.com", Path: "/",
		Secure: true, SameSite: "None"}} // the wallet is in other sites' pages
	for _, address := range p.addresses() {
		all = append(all, browser.Cookie{Name: payerCookie, Value: string(p.Payer), URL: address + "/"})
	}
	return all
}

// addresses are those the sandbox answers at: a merchant on this machine may be configured with either name of it.
func (p Phone) addresses() []string {
	all := []string{p.Vendor}
	u, err := url.Parse(p.Vendor)
	if err != nil || machine(u.Hostname()) != "127.0.0.1" {
		return all
	}
	for _, name := range []string{"127.0.0.1", "localhost"} {
		if name != u.Hostname() {
			all = append(all, strings.Replace(p.Vendor, u.Host, strings.TrimSuffix(name+":"+u.Port(), ":"), 1))
		}
	}
	return all
}

// payerCookie is what the sandbox knows a payer's browser by.
const payerCookie = "sandbox_payer"
