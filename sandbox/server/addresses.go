package server

import (
	"fmt"
	"net"
	"net/http"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// base gives the address a request came to. Under a vendor's own name there is one for each host; under
// any other, and behind a PublicURL, all of them are the same.
func (c Config) base(r *http.Request) string {
	if c.PublicURL != "" && !underVendorName(r) {
		return c.PublicURL
	}
	return scheme(r) + "://" + hostOf(r)
}

// weixin gives the address of WeChat's pages to somebody who came with this request, wallet that of
// its wallet and of the bridge.
func (c Config) weixin(r *http.Request) string { return c.vendor(r, wechat.HostOpen) }
func (c Config) wallet(r *http.Request) string { return c.vendor(r, wechat.HostWallet) }

func (c Config) vendor(r *http.Request, host string) string {
	if !underVendorName(r) {
		return c.base(r)
	}
	if _, port, err := net.SplitHostPort(hostOf(r)); err == nil {
		host = net.JoinHostPort(host, port)
	}
	return scheme(r) + "://" + host
}

// underVendorName reports whether a request names one of QFPay's or WeChat's own hosts.
func underVendorName(r *http.Request) bool {
	_, ok := vendorOf(r)
	return ok
}

func scheme(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

func hostOf(r *http.Request) string {
	if r.Host == "" { // HTTP/1.0 needs no Host
		return fmt.Sprint(r.Context().Value(http.LocalAddrContextKey))
	}
	return r.Host
}
