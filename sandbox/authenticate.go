package sandbox

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Credentials are what a call shows to say who it is.
type Credentials struct {
	AppCode AppCode
	// Sign is a hex digest in either case.
	Sign     string
	SignType qfpay.SignType
	// Aliased lets MchidAlias stand for a missing mchid of an App with shops.
	Aliased bool
}

// MchidAlias is another name of mchid that only some calls know (quirk 9).
const MchidAlias = "mchntid"

// Caller gives the App of this code and notes it beside the request, for one that gets no further.
// The zero App: there is none.
func (g *Gateway) Caller(ctx context.Context, code AppCode) App {
	a, err := g.Store.App(ctx, code)
	if err != nil {
		return App{}
	}
	g.noteApp(ctx, a)
	return a
}

// Authenticate finds the App and checks signature and mchid rule, in that order (assumption 6).
// Errors: *Refusal.
func (g *Gateway) Authenticate(ctx context.Context, c Credentials, p qfpay.Params) (App, error) {
	if c.AppCode == "" {
		return App{}, refuse("app-code-unknown", "no app code came; send it in the header X-QF-APPCODE (as the parameter app_code of get_weixin_oauth_code)").Got("no app code")
	}
	a, err := g.Store.App(ctx, c.AppCode)
	if errors.Is(err, ErrNotFound) {
		return App{}, refuse("app-code-unknown", fmt.Sprintf("app code %s is not one of this sandbox", Shown(c.AppCode))).Got("app code " + shorten(c.AppCode))
	}
	if err != nil {
		return App{}, err
	}
	g.noteApp(ctx, a)
	switch {
	case c.Sign == "":
		return a, refuse("signature-wrong", "no signature came; send it in the header X-QF-SIGN (as the parameter sign of get_weixin_oauth_code)").Got("no signature")
	case !qfpay.Verify(p, a.ClientKey, c.Sign, c.SignType):
		return a, refuse("signature-wrong", fmt.Sprintf("received %s; %s over %q followed by the client_key gives another digest", shorten(c.Sign), c.SignType, p.Canonical())).Got(shorten(c.Sign))
	}
	if p.HasEmpty() {
		if inclusive := p.CanonicalWithEmpties(); inclusive != p.Canonical() && qfpay.Sign(inclusive, a.ClientKey, c.SignType) == strings.ToUpper(c.Sign) {
			AddFinding(ctx, Finding{ID: FindEmptySigned, Detail: fmt.Sprintf("the signature was made over %q", inclusive), Received: inclusive, Expected: p.Canonical()})
		}
	}
	m := Mchid(p.Get("mchid"))
	if m == "" && c.Aliased && len(a.Mchids) > 0 {
		m = Mchid(p.Get(MchidAlias))
	}
	if !a.AllowsMchid(m) {
		return a, g.refuseMchid(ctx, a, m, namesOf(p))
	}
	return a, nil
}

// SignedInPlaceOf reports whether get_weixin_oauth_code was signed over this redirect_uri in place of the
// one that came and the parameters that stand beside it.
func SignedInPlaceOf(a App, p qfpay.Params, redirectURI string, beside qfpay.Params) bool {
	names := []string{"sign", "sign_type", "redirect_uri"}
	for _, one := range beside {
		names = append(names, one.Name)
	}
	meant := append(p.Without(names...), qfpay.Param{Name: "redirect_uri", Value: redirectURI})
	return a.ClientKey != "" && qfpay.Verify(meant, a.ClientKey, p.Get("sign"), qfpay.MD5)
}
