package openapi

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// oauthNames are the parameters of get_weixin_oauth_code; others are strays.
var oauthNames = [...]string{"app_code", "redirect_uri", "mchid", "sign", "sign_type"}

// noteRedirectCut recognises the tail of a redirect_uri that stood in the address as it was: its & began
// a parameter of its own. It ends as a wrong signature, or, where the merchant signed what was left, as
// a payer who comes back without the tail.
func noteRedirectCut(ctx context.Context, r *http.Request, app sandbox.App, p qfpay.Params) bool {
	if !slices.ContainsFunc(p, isStray) {
		return false
	}
	cut := p.Get("redirect_uri")
	whole, tail, following := cut, qfpay.Params{}, false
	for _, one := range qfpay.ParseParams(r.URL.RawQuery) {
		switch {
		case one.Name == "redirect_uri":
			following = true
		case following && isStray(one):
			tail = append(tail, one)
		}
	}
	if len(tail) == 0 || cut == "" {
		return false
	}
	for _, one := range tail {
		whole += "&" + one.Name
		if one.Value != "" {
			whole += "=" + one.Value
		}
	}
	signedWhole := sandbox.SignedInPlaceOf(app, p, whole, tail)
	if !signedWhole && !strings.Contains(cut, "?") {
		return false // strays alone prove nothing
	}
	detail := fmt.Sprintf("redirect_uri is %s, and %s stands beside it", sandbox.Shown(cut), sandbox.Shown(tail.Encode()))
	if signedWhole {
		detail += "; the signature is over the whole"
	}
	encoded := "redirect_uri=" + sandbox.Shortened(url.QueryEscape(whole))
	sandbox.AddFinding(ctx, sandbox.Finding{ID: sandbox.FindRedirectURICut, Detail: detail,
		Received: "redirect_uri=" + sandbox.Shortened(cut) + " and " + sandbox.Shortened(tail.Encode()), Expected: encoded,
		Change: "percent-encode redirect_uri: " + sandbox.Shortened(whole) + " is " + encoded + " in an address"})
	return true
}

func isStray(p qfpay.Param) bool { return !slices.Contains(oauthNames[:], p.Name) }
