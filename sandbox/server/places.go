package server

import (
	"net"
	"net/http"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/look"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/openapi"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// place is what answers under one of the vendors' names: a surface of QFPay's in one region, or one of WeChat's hosts.
type place struct{ surface, region, name string }

// places are the paths below which something answers, and whose host they are on. QFPay's own paths are
// openapi.OwnsPath's.
var places = [...]struct{ below, surface string }{
	{"/q/", qfpay.SurfaceCashier},
	{"/connect/", wechat.HostOpen},
	{"/sns/", wechat.HostAPI},
	{"/cgi-bin/", wechat.HostAPI},
	{"/open/js/", wechat.HostResources},
	{"/wallet/", wechat.HostWallet},
	{"/mmopen/", wechat.HostPictures},
}

// shared are paths every host answers: what the sandbox's pages are made of, and its own.
func shared(path string) bool {
	return path == look.SheetPath || path == "/" || path == "/healthz" || path == "/favicon.ico" ||
		strings.HasPrefix(path, "/q/cashier.") || strings.HasPrefix(path, "/_sandbox/")
}

// vendorNamed is the place of a host name without a port; false if it is none of the vendors'.
func vendorNamed(name string) (place, bool) {
	name = strings.TrimSuffix(name, ".")
	if h, ok := qfpay.HostNamed(name); ok {
		return place{h.Surface, h.Region, h.Name}, true
	}
	if h, ok := wechat.HostNamed(name); ok {
		at := place{h.Name, "", h.Name}
		if h.Name == wechat.HostReserve {
			at.surface = wechat.HostResources
		}
		return at, true
	}
	return place{}, false
}

// vendorOf is the place a request names.
func vendorOf(r *http.Request) (place, bool) {
	name := hostOf(r)
	if host, _, err := net.SplitHostPort(name); err == nil {
		name = host
	}
	return vendorNamed(name)
}

// surfaceBelow is whose host a path is on, "" where nobody's.
func surfaceBelow(path string) string {
	if openapi.OwnsPath(path) {
		return qfpay.SurfaceOpenAPI
	}
	for _, p := range places {
		if strings.HasPrefix(path, p.below) {
			return p.surface
		}
	}
	return ""
}

// hostFor names the host of a surface beside one in a region: QFPay has one in most, and WeChat one for all.
func hostFor(surface string, beside place) string {
	if _, ok := wechat.HostNamed(surface); ok {
		return surface
	}
	first := ""
	for _, h := range qfpay.Hosts() {
		if h.Surface != surface {
			continue
		}
		switch {
		case h.Region == beside.region && strings.HasPrefix(h.Name, "test-") == strings.HasPrefix(beside.name, "test-"):
			return h.Name
		case first == "" || h.Region == "hk" && h.Live || h.Region == beside.region:
			first = h.Name
		}
	}
	return first
}

// absences say in a host's dialect that it has no such path.
type absences struct{ openapi, api, page http.Handler }

// byHost serves under a vendor's name what that host has, and nothing else: at the vendors they are
// different machines.
func byHost(next http.Handler, absent absences) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at, ok := vendorOf(r)
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		r.Header["Host"] = []string{r.Host} // for the journal: the host decides what is answered
		surface := surfaceBelow(r.URL.Path)
		if surface == at.surface || shared(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		path := sandbox.Shortened(r.URL.Path)
		if surface != "" {
			right := hostFor(surface, at)
			sandbox.AddFinding(r.Context(), sandbox.Finding{ID: sandbox.FindWrongHost, Detail: path + " is not on " + at.name + ": it is on " + right,
				Received: r.Method + " " + at.name + path, Expected: right + path, Change: "send it to " + right})
		}
		switch {
		case at.surface == qfpay.SurfaceOpenAPI:
			absent.openapi.ServeHTTP(w, r)
		case at.surface == wechat.HostAPI:
			absent.api.ServeHTTP(w, r)
		case surface != "":
			absent.page.ServeHTTP(w, r)
		default:
			next.ServeHTTP(w, r) // whose answer names the path that was probably meant
		}
	})
}
