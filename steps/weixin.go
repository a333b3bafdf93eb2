package steps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func (w *world) weixinSteps(sc *godog.ScenarioContext) {
	sc.When(`^the integrator sends a payer to WeChat's login(?: with (.+))?$`, w.sendToLogin)
	sc.When(`^the payer (allows|refuses) at the consent page$`, w.answerConsent)
	sc.Then(`^the payer comes back with(|out) a code$`, func(ctx context.Context, out string) error {
		return w.cameBack(ctx, map[string]string{"": "a", "out": "no"}[out])
	})
	sc.Then(`^the payer comes back to "([^"]*)"$`, w.cameBackTo)
	sc.When(`^the integrator exchanges the code at WeChat(?: with (.+))?$`, w.exchangeAtWeChat)
	sc.Then(`^the openid is another than before$`, w.openIDIsNew)
	w.weixinAPISteps(sc)
}

// address is where a payer came back to, taken apart.
type address struct {
	query    string // as it stands there
	fragment string
}

// callbacks are the sentences' words for redirect_uri.
var callbacks = map[string]string{
	"an address with a query":    merchantCallback + "?order=T1",
	"an address with a fragment": merchantCallback + "#/pay",
	"an address of a subdomain":  "http://www." + merchantHost + "/callback",
	"an address on another port": "http://" + merchantHost + ":8443/callback",
	"an address of another host": "http://other.test/callback",
	"no address":                 "callback",
}

// sendToLogin opens WeChat's authorize page as a merchant's redirect has a browser do it, and follows
// until the payer is back at the merchant or has a page to look at.
func (w *world) sendToLogin(ctx context.Context, with string) error {
	p := qfpay.Params{
		{Name: "appid", Value: w.account.official.AppID}, {Name: "redirect_uri", Value: merchantCallback}, {Name: "response_type", Value: "code"},
		{Name: "scope", Value: "snsapi_base"}, {Name: "state", Value: "S1"},
	}
	if with == "its parameters in another order" {
		slices.Reverse(p)
		with = ""
	}
	changes, err := w.params(with)
	if err != nil {
		return err
	}
	p = inPlace(p, changes)
	if words, known := callbacks[p.Get("redirect_uri")]; known {
		p = inPlace(p, qfpay.Params{{Name: "redirect_uri", Value: words}})
	}
	w.code, w.account.back, w.account.consent, w.shown = "", address{}, "", ""
	return w.followLogin(ctx, w.loginAddress(p))
}

// loginAddress keeps the parameters' order, which counts.
func (w *world) loginAddress(p qfpay.Params) string {
	var query []string
	for _, x := range p {
		query = append(query, x.Name+"="+url.QueryEscape(x.Value))
	}
	return w.suite.Vendor + "/connect/oauth2/authorize?" + strings.Join(query, "&")
}

// inPlace puts parameters where those of the same names were; an empty value leaves one out, state=""
// apart, which is none to WeChat's eyes but stands there.
func inPlace(p, by qfpay.Params) qfpay.Params {
	for _, c := range by {
		at := slices.IndexFunc(p, func(x qfpay.Param) bool { return x.Name == c.Name })
		switch {
		case at < 0:
			p = append(p, c)
		case c.Value == "":
			p = slices.Delete(p, at, at+1)
		default:
			p[at].Value = c.Value
		}
	}
	return p
}

func (w *world) followLogin(ctx context.Context, next string) error {
	for range 5 {
		resp, raw, err := fetch(ctx, http.MethodGet, next, w.phone(""), nil)
		if err != nil {
			return broke(err)
		}
		if resp.StatusCode != http.StatusFound {
			w.shown = string(raw)
			if strings.Contains(w.shown, "<form") {
				w.account.consent = next
			}
			return nil
		}
		to := resp.Header.Get("Location")
		if !strings.HasPrefix(to, w.suite.Vendor) {
			u, err := url.Parse(to)
			if err != nil {
				return fmt.Errorf("WeChat sends the payer to %q: %w", to, err)
			}
			w.account.back, w.code = address{u.RawQuery, u.EscapedFragment()}, u.Query().Get("code")
			return nil
		}
		if next, err = absolute(next, to); err != nil {
			return fmt.Errorf("WeChat sends the payer to %q: %w", to, err)
		}
	}
	return fmt.Errorf("the login did not end after five redirects, last to %s", next)
}

// absolute is an address as one page names it to a browser.
func absolute(page, to string) (string, error) {
	base, err := url.Parse(page)
	if err != nil {
		return "", err
	}
	u, err := base.Parse(to)
	if err != nil {
		return "", err
	}
	u.Fragment = ""
	return u.String(), nil
}

// The parts of the consent page's form.
var (
	formAction = regexp.MustCompile(`<form[^>]* action="([^"]*)"`)
	formMethod = regexp.MustCompile(`<form[^>]* method="([^"]*)"`)
	formInput  = regexp.MustCompile(`<(?:input|button)\b[^>]*>`)
	inputName  = regexp.MustCompile(` name="([^"]*)"`)
	inputValue = regexp.MustCompile(` value="([^"]*)"`)
)

var unescapeHTML = strings.NewReplacer("&amp;", "&", "&#34;", `"`, "&#39;", "'", "&lt;", "<", "&gt;", ">").Replace

// answerConsent sends the consent page's form with the one button or the other.
func (w *world) answerConsent(ctx context.Context, how string) error {
	if w.account.consent == "" {
		return fmt.Errorf("there is no consent page; the payer sees: %s", shortText(w.shown, 300))
	}
	form := url.Values{}
	for _, tag := range formInput.FindAll([]byte(w.shown), -1) {
		name, value := first(inputName, tag), unescapeHTML(first(inputValue, tag))
		if name == "allow" && value != map[string]string{"allows": "1", "refuses": "0"}[how] {
			continue
		}
		if name != "" {
			form.Add(name, value)
		}
	}
	to, err := absolute(w.account.consent, unescapeHTML(first(formAction, []byte(w.shown))))
	if err != nil {
		return err
	}
	if strings.EqualFold(first(formMethod, []byte(w.shown)), "post") {
		return errors.New("the consent page's form posts, and WeChat's asks by GET")
	}
	if u, _, ok := strings.Cut(to, "?"); ok {
		to = u
	}
	return w.followLogin(ctx, to+"?"+form.Encode())
}

// cameBack wants the payer at the merchant, "a" with a code, "no" without one.
func (w *world) cameBack(_ context.Context, code string) error {
	switch {
	case w.account.back == address{}:
		return fmt.Errorf("the payer did not come back, and sees: %s", shortText(w.shown, 300))
	case code == "a" && w.code == "":
		return fmt.Errorf("the payer came back with %q, which has no code", w.account.back.query)
	case code == "no" && w.code != "":
		return fmt.Errorf("the payer came back with the code %s", w.code)
	}
	return nil
}

// cameBackTo compares the address but for the code, written as CODE.
func (w *world) cameBackTo(want string) error {
	got := w.account.back.query
	if w.code != "" {
		got = strings.ReplaceAll(got, url.QueryEscape(w.code), "CODE")
	}
	if w.account.back.fragment != "" {
		got += "#" + w.account.back.fragment
	}
	if got != want {
		return fmt.Errorf("the payer came back to %q, want %q", got, want)
	}
	return nil
}

// exchangeAtWeChat is sns/oauth2/access_token.
func (w *world) exchangeAtWeChat(ctx context.Context, with string) error {
	err := w.askWeChat(ctx, "/sns/oauth2/access_token", qfpay.Params{
		{Name: "appid", Value: w.account.official.AppID}, {Name: "secret", Value: w.account.official.Secret},
		{Name: "code", Value: w.code}, {Name: "grant_type", Value: "authorization_code"},
	}, with)
	if err != nil {
		return err
	}
	var got struct{ AccessToken, RefreshToken, OpenID string }
	for path, into := range map[string]*string{"access_token": &got.AccessToken, "refresh_token": &got.RefreshToken, "openid": &got.OpenID} {
		*into, _ = field(w.account.answer, path)
	}
	if got.OpenID != "" {
		w.account.openIDBefore = w.openID
		w.account.access, w.account.refresh, w.openID = got.AccessToken, got.RefreshToken, got.OpenID
	}
	return nil
}

func (w *world) openIDIsNew() error {
	if w.account.openIDBefore == "" || w.account.openIDBefore == w.openID {
		return fmt.Errorf("the openid is %q, and was %q", w.openID, w.account.openIDBefore)
	}
	return nil
}

// errcode of an answer of WeChat's; 0 where it has none.
func errcode(raw string) (int, bool) {
	var of struct {
		ErrCode *int `json:"errcode"`
	}
	if json.Unmarshal([]byte(raw), &of) != nil || of.ErrCode == nil {
		return 0, false
	}
	return *of.ErrCode, true
}
