package sandbox

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// How many Apps and payers are looked through to say whose a value is. Only what was refused, or is
// remarkable, is looked for.
const (
	mostApps   = 256
	mostPayers = 256
	// mostOpenIDs are made to say whose one is: the payment that carried it was accepted, and waits.
	mostOpenIDs = 512
)

// named is an App as findings name it.
func (a *App) named() string {
	if a.Name == "" {
		return string(a.Code)
	}
	return fmt.Sprintf("%s (%s)", a.Code, shorten(a.Name))
}

// otherApps are the first Apps of this sandbox, but for one. None: the store would not say.
func (g *Gateway) otherApps(ctx context.Context, but AppCode) []App {
	apps, err := g.Store.Apps(ctx, "", mostApps)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(apps, func(a App) bool { return a.Code == but })
}

// refuseMchid is the refusal of a call whose mchid breaks the rule of its App. came are the names of
// its parameters, alias a MchidAlias the call does not read.
func (g *Gateway) refuseMchid(ctx context.Context, a App, m Mchid, came []string) *Refusal {
	switch {
	case m == "":
		r := refuse("mchid-rule", fmt.Sprintf("mchid is missing; this App has %v and every call must name one", a.Mchids)).Got("no mchid").Want("mchid=" + oneOf(a.Mchids))
		if name := lookalike("mchid", came); name != "" {
			r.Got("no mchid, but " + shorten(name)).Fix("send it as mchid: this call does not read " + shorten(name))
		}
		return r
	case len(a.Mchids) == 0:
		r := refuse("mchid-rule", fmt.Sprintf("mchid is %s, but none was issued to this App, so it must not be sent", Shown(m))).Got("mchid=" + shorten(m)).Want("no mchid").
			Fix("leave mchid out of the request and of the signature")
		return g.whoseMchid(ctx, r, a, m)
	}
	r := refuse("mchid-rule", fmt.Sprintf("mchid is %s, want one of %s", Shown(m), oneOf(a.Mchids))).Got("mchid=" + shorten(m)).Want("mchid=" + oneOf(a.Mchids))
	for _, own := range a.Mchids {
		switch {
		case strings.EqualFold(string(own), string(m)):
			return r.Fix(fmt.Sprintf("send mchid=%s: letter case counts", own))
		case strings.TrimSpace(string(m)) == string(own):
			return r.Fix(fmt.Sprintf("send mchid=%s without the blanks around it", own))
		case len(m) < 32 && distance(string(m), string(own)) <= 2:
			r.Fix(fmt.Sprintf("send mchid=%s if that was meant", own))
		}
	}
	return g.whoseMchid(ctx, r, a, m)
}

// whoseMchid adds which other App of this sandbox has the shop.
func (g *Gateway) whoseMchid(ctx context.Context, r *Refusal, a App, m Mchid) *Refusal {
	for _, other := range g.otherApps(ctx, a.Code) {
		if slices.Contains(other.Mchids, m) {
			instead := "with a mchid of App " + string(a.Code)
			if len(a.Mchids) == 0 {
				instead = "without mchid"
			}
			return r.Fix(fmt.Sprintf("call with the credentials of App %s, whose shop %s is, or %s", other.named(), m, instead))
		}
	}
	return r
}

// noteOtherAccount finds an order whose openid is of the other one of the App's two accounts: it is
// accepted, and no payer's wallet will pay it (assumption 57).
func (g *Gateway) noteOtherAccount(ctx context.Context, a App, id OpenID) (found bool, err error) {
	if !a.HasOwnAccount() {
		return false, nil
	}
	payers, err := g.Store.Payers(ctx, "", mostPayers)
	if err != nil {
		return false, err
	}
	for _, p := range payers {
		if openIDAt(p.ID, &a.Account) == id {
			AddFinding(ctx, Finding{ID: FindOpenIDOther, Detail: fmt.Sprintf("sub_openid %s is payer %s's at QFPay's official account; the order is for %s", id, p.ID, a.Own.AppID),
				Received: "sub_openid=" + string(id), Expected: "sub_openid=" + string(openIDAt(p.ID, &a.Own))})
			return true, nil
		}
	}
	return false, nil
}

// whoseOpenID says of an openid that this App did not obtain for this payment where it is from.
func (g *Gateway) whoseOpenID(ctx context.Context, a App, id OpenID) Finding {
	f := Finding{ID: FindOpenIDNotFresh, Detail: fmt.Sprintf("sub_openid %s was not obtained since this App's last payment with it", id),
		Received: "sub_openid=" + string(id), Expected: "an openid from get_weixin_openid, obtained for this payment"}
	payers, err := g.Store.Payers(ctx, "", mostPayers)
	if err != nil {
		return f
	}
	for _, p := range payers {
		switch own := openIDAt(p.ID, a.payerAccount(qfpay.FlowJSAPI)); {
		case own == id:
			f.Change = fmt.Sprintf("get a new code and a new openid for every payment: this one is payer %s's and was used for an earlier payment, or never obtained", p.ID)
			return f
		case strings.EqualFold(string(own), string(id)):
			f.Expected = "sub_openid=" + string(own)
			f.Change = "keep the letters of an openid as they are: " + string(own) + " differs in case only, and is another one"
			return f
		}
	}
	made := len(payers)
	var others []App // with nobody here there is nobody's openid to be found
	if len(payers) > 0 {
		if others, err = g.Store.Apps(ctx, "", mostOpenIDs/len(payers)+1); err != nil {
			return f
		}
	}
	for _, other := range others {
		if other.Code == a.Code {
			continue
		}
		if made += len(payers); made > mostOpenIDs {
			f.Change = "get the openid from get_weixin_openid with this App's credentials, for every payment anew"
			return f
		}
		for _, p := range payers {
			if openIDAt(p.ID, &other.Account) == id {
				f.Change = fmt.Sprintf("get the openid with this App's credentials: this one is payer %s's at the official account of App %s, and means nothing at this one's", p.ID, other.named())
				return f
			}
		}
	}
	f.Change = "get the openid from get_weixin_openid: nobody known here has this one at any account, so no payer can pay the order"
	return f
}

// whoseCode explains a code that was never issued to this App.
func (g *Gateway) whoseCode(ctx context.Context, r *Refusal, a App, code string) *Refusal {
	r.Got("code=" + shorten(code)).Want("code of 32 letters and digits, as the callback brought it")
	if trimmed := strings.TrimSpace(code); trimmed != code && g.knowsCode(ctx, a.Code, trimmed) {
		return r.Want("code=" + trimmed).Fix("send the code without the blanks around it")
	}
	switch {
	case isNothing(code):
		return r.Fix("stop when the callback brings no code: " + Shown(code) + " was sent in its place")
	case len(code) > 32 && g.knowsCode(ctx, a.Code, code[:32]):
		return r.Want("code=" + code[:32]).Fix(fmt.Sprintf("send the code alone: %s stands behind it", Shown(code[32:])))
	case len(code) < 32 && len(code) > 2 && code[0] == '0' && isDigits(code[:3]) && plainWord(code, 32):
		return r.Fix(fmt.Sprintf("keep the whole code: this one has %d characters, a code has 32", len(code)))
	case strings.Contains(code, "%"):
		return r.Fix("percent-encode the code once: this one arrived encoded")
	case len(code) >= 16 && len(code) <= 24 && isDigits(code):
		return r.Fix("send the OAuth code of the callback; digits like these are a payer's code for a till, sent as auth_code of a payment")
	case !looksLikeCode(code):
		return r.Fix("read the callback's parameter code: this is not shaped like one, as state and other parameters are not")
	}
	for _, other := range g.otherApps(ctx, a.Code) {
		if g.knowsCode(ctx, other.Code, code) {
			return r.Fix(fmt.Sprintf("exchange the code with the credentials that asked for it: it is of App %s", other.named()))
		}
	}
	if strings.ToLower(code) == code || strings.ToUpper(code) == code {
		return r.Fix("keep the code's letters as they are: its letter case was changed on the way")
	}
	return r
}

func (g *Gateway) knowsCode(ctx context.Context, app AppCode, code string) bool {
	_, err := g.Store.OAuthCode(ctx, app, code)
	return err == nil
}
