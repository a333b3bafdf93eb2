package openapi

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// noteQuery remarks on a POST whose parameters are in its address. QFPay's published sample sends them so
// and QFPay takes them; every proxy and log on the way keeps addresses.
func noteQuery(ctx context.Context, r *http.Request) {
	if r.Method != http.MethodPost || r.URL.RawQuery == "" {
		return
	}
	var names []string
	for _, p := range qfpay.ParseParams(r.URL.RawQuery) {
		names = append(names, p.Name)
	}
	listed := strings.Join(names, ", ")
	sandbox.AddFinding(ctx, sandbox.Finding{ID: sandbox.FindInQuery, Detail: "the address of the POST carries " + sandbox.Shown(listed),
		Received: "POST " + r.URL.Path + "?" + sandbox.Shortened(r.URL.RawQuery), Expected: "POST " + r.URL.Path + ", and in the body " + sandbox.Shortened(r.URL.RawQuery)})
}

// noteRedirectRaw remarks on a redirect_uri that stands in the address as it is. It arrives whole as long as
// it has no & of its own.
func noteRedirectRaw(ctx context.Context, r *http.Request) {
	for part := range strings.SplitSeq(r.URL.RawQuery, "&") {
		value, is := strings.CutPrefix(part, "redirect_uri=")
		if !is || !strings.Contains(value, "://") {
			continue
		}
		sandbox.AddFinding(ctx, sandbox.Finding{ID: sandbox.FindRedirectURIRaw, Detail: fmt.Sprintf("redirect_uri stands in the address as %s", sandbox.Shown(value)),
			Received: "redirect_uri=" + sandbox.Shortened(value), Expected: "redirect_uri=" + sandbox.Shortened(url.QueryEscape(value))})
		return
	}
}
