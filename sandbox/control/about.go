package control

import (
	"net"
	"net/http"
)

// About is which sandbox answers, and where browsers and merchants reach its vendor surface.
type About struct {
	Which
	// TLSAddress is host and port where the vendors' hosts are served over https, "" without TLS.
	TLSAddress string `json:"tls_address"`
	// VendorHosts are the names served there.
	VendorHosts []string `json:"vendor_hosts"`
}

// Which is a sandbox as a bundle names it.
type Which struct {
	Version string `json:"version"`
	URL     string `json:"url"`
}

// about tells where TLS is as the caller reaches it: a listener on every address is on the one asked.
func (a *API) about(r *http.Request) (any, error) {
	out := a.About
	host, port, err := net.SplitHostPort(out.TLSAddress)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsUnspecified() {
		return out, nil
	}
	host = r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if host == "" { // HTTP/1.0
		host = "127.0.0.1"
	}
	out.TLSAddress = net.JoinHostPort(host, port)
	return out, nil
}
