package replay_test

import (
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

const (
	ownAppID  = "wx0123456789abcdef"
	ownSecret = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
)

// ownLife is one order of a merchant with an account of its own: WeChat's login with the consent page, the calls
// of its API, a payment, and the wallet over the merchant's page.
func ownLife(t *testing.T) *life {
	l := begin(t, "then", func(in *control.NewApp) {
		in.OfficialAccount = &control.OfficialAccount{AppID: ownAppID, Secret: ownSecret,
			OAuthDomains: []string{"merchant.test"}, PayDirectories: []string{"http://merchant.test/pay/"}}
	})
	l.browse("/connect/oauth2/authorize?appid=" + ownAppID + "&redirect_uri=" + url.QueryEscape("http://merchant.test/back?order=T1") + "&response_type=code&scope=snsapi_userinfo&state=1")
	form := regexp.MustCompile(`name="([a-z_]+)" value="([^"]*)"`).FindAllStringSubmatch(l.answer, -1)
	q := url.Values{}
	for _, f := range form {
		if f[1] != "allow" || f[2] == "1" {
			q.Set(f[1], html.UnescapeString(f[2]))
		}
	}
	l.browse("/connect/oauth2/authorize_reply?" + q.Encode())
	back, err := url.Parse(l.location)
	must(t, err)
	code := back.Query().Get("code")
	if code == "" {
		t.Fatalf("no code in %q", l.location)
	}
	// The secret in a body, too, and where it does not belong.
	l.send("POST", "/sns/oauth2/access_token?appid="+ownAppID+"&code="+code+"&grant_type=authorization_code", "secret="+ownSecret, "Content-Type", "application/x-www-form-urlencoded", "X-Secret", ownSecret)
	l.send("GET", "/sns/oauth2/access_token?appid="+ownAppID+"&secret="+ownSecret+"&code="+code+"&grant_type=authorization_code", "")
	var token struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
		OpenID       string `json:"openid"`
	}
	if json.Unmarshal([]byte(l.answer), &token); token.OpenID == "" {
		t.Fatalf("no token: %s", l.answer)
	}
	l.openID = token.OpenID
	l.send("GET", "/sns/userinfo?access_token="+token.AccessToken+"&openid="+token.OpenID+"&lang=zh_CN", "")
	l.wantAnswer("nickname")
	l.send("GET", "/sns/auth?access_token=made-up&openid="+token.OpenID, "")
	l.wantAnswer("rid: ")
	l.send("GET", "/sns/oauth2/refresh_token?appid="+ownAppID+"&grant_type=refresh_token&refresh_token="+token.RefreshToken, "")
	l.wantAnswer("access_token")
	l.call("/trade/v1/payment", "txamt", "300", "txcurrcd", "HKD", "pay_type", "800207", "out_trade_no", "T1", "txdtm", "2026-03-14 10:00:00", "sub_openid", l.openID, "goods_name", "cat "+ownSecret)
	l.wantAnswer(`"respcd": "0000"`)
	var paid struct {
		PayParams map[string]string `json:"pay_params"`
	}
	must(t, json.Unmarshal([]byte(l.answer), &paid))
	body, err := json.Marshal(map[string]any{"page": "http://merchant.test/pay/1", "params": paid.PayParams})
	must(t, err)
	for _, path := range []string{"/wallet/invoke", "/wallet/pay", "/wallet/returned"} {
		l.send("POST", path, string(body), "Content-Type", "text/plain", "User-Agent", inWeChat, "Cookie", "sandbox_payer=alice")
		if path == "/wallet/pay" {
			l.wantAnswer("get_brand_wcpay_request:ok")
		}
	}
	l.call("/trade/v1/query", "out_trade_no", "T1")
	return l
}

// A merchant's own account is another one in the replay, with other tokens and openids: no difference.
func TestAnOwnAccountIsPlayedAgain(t *testing.T) {
	raw := ownLife(t).bundle("T1")
	b := parsed(t, raw)
	var calls []string
	for _, e := range b.Exchanges {
		path, _, _ := strings.Cut(e.URL, "?")
		calls = append(calls, path)
	}
	const want = "/connect/oauth2/authorize /connect/oauth2/authorize_reply /sns/oauth2/access_token /sns/userinfo /sns/oauth2/refresh_token " +
		"/trade/v1/payment /wallet/invoke /wallet/pay /wallet/returned /trade/v1/query"
	if got := strings.Join(calls, " "); got != want {
		t.Errorf("the bundle has the calls\n%s\nwant\n%s", got, want)
	}
	s := start(t, "now")
	r := play(t, s, "", b)
	wantSame(t, r, 10)
	again, err := control.NewClient(s.ControlURL(), "").App(t.Context(), r.App)
	must(t, err)
	if own := again.OfficialAccount; own == nil || own.AppID == ownAppID || own.Secret == ownSecret || own.OAuthDomains[0] != "merchant.test" {
		t.Errorf("got the account %+v, want another one on the same domains", own)
	}
	wantSame(t, play(t, s, "", b), 10) // beside the first
}

// Nothing that leaves the sandbox has an account's secret in it.
func TestAnAccountsSecretStaysInside(t *testing.T) {
	l := ownLife(t)
	texts := map[string]string{"bundle": string(l.bundle("T1"))}
	for name, path := range map[string]string{"journal": "/_sandbox/v1/journal", "export": "/_sandbox/v1/journal.ndjson", "HAR": "/_sandbox/v1/journal.har"} {
		if code := l.send("GET", l.s.ControlURL()+path, ""); code != 200 {
			t.Fatalf("%s: HTTP %d %s", name, code, l.answer)
		}
		texts[name] = l.answer
	}
	for name, text := range texts {
		if strings.Contains(text, ownSecret) {
			t.Errorf("the %s holds the secret: %s", name, around(text, ownSecret))
		}
		if !strings.Contains(text, "(secret)") && !strings.Contains(text, "%28secret%29") {
			t.Errorf("the %s does not say where a secret was", name)
		}
	}
}

func around(text, word string) string {
	i := strings.Index(text, word)
	return text[max(0, i-80):min(len(text), i+len(word)+40)]
}
