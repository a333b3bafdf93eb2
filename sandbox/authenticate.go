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
		return App{}, refuse("app-code-unknown", "no app code came; send it in the header X-QF-APPCODE (as the parameter app_code of get_weixin_oauth_code)")
	}
	a, err := g.Store.App(ctx, c.AppCode)
	if errors.Is(err, ErrNotFound) {
		return App{}, refuse("app-code-unknown", fmt.Sprintf("app code %q is not one of this sandbox", c.AppCode))
	}
	if err != nil {
		return App{}, err
	}
	g.noteApp(ctx, a)
	switch {
	case c.Sign == "":
		return a, refuse("signature-wrong", "no signature came; send it in the header X-QF-SIGN (as the parameter sign of get_weixin_oauth_code)")
	case !qfpay.Verify(p, a.ClientKey, c.Sign, c.SignType):
		return a, refuse("signature-wrong", fmt.Sprintf("received %s; %s over %q followed by the client_key gives another digest", c.Sign, c.SignType, p.Canonical()))
	}
	if p.HasEmpty() {
		if inclusive := p.CanonicalWithEmpties(); inclusive != p.Canonical() && qfpay.Sign(inclusive, a.ClientKey, c.SignType) == strings.ToUpper(c.Sign) {
			Find(ctx, FindEmptySigned, fmt.Sprintf("the signature was made over %q", inclusive))
		}
	}
	m := Mchid(p.Get("mchid"))
	if m == "" && c.Aliased && len(a.Mchids) > 0 {
		m = Mchid(p.Get(MchidAlias))
	}
	if !a.AllowsMchid(m) {
		switch {
		case m == "":
			return a, refuse("mchid-rule", fmt.Sprintf("mchid is missing; this App has %v and every call must name one", a.Mchids))
		case len(a.Mchids) == 0:
			return a, refuse("mchid-rule", fmt.Sprintf("mchid is %q, but none was issued to this App, so it must not be sent", m))
		default:
			return a, refuse("mchid-rule", fmt.Sprintf("mchid is %q, want one of %s", m, oneOf(a.Mchids)))
		}
	}
	return a, nil
}
