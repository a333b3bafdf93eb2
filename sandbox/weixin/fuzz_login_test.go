package weixin_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
)

const (
	fuzzAppID  = "wx0123456789abcdef"
	fuzzSecret = "0123456789abcdef0123456789abcdef"
)

// openOwn is WeChat with a merchant that has an account of its own on the host shop.test.
func openOwn(t *testing.T) *site {
	s := open(t, memstore.New())
	_, err := s.CreateApp(t.Context(), sandbox.App{Code: "OWN", Own: sandbox.OfficialAccount{AppID: fuzzAppID, Secret: fuzzSecret, OAuthDomains: []string{"shop.test"}}})
	must(t, err)
	return s
}

// Whatever stands in the address, the login answers with a page, or sends the browser to the one host registered.
func FuzzAuthorize(f *testing.F) {
	right := "appid=" + fuzzAppID + "&redirect_uri=http%3A%2F%2Fshop.test%2Fback%3Fa%3D1&response_type=code&scope=snsapi_base&state=S"
	for _, seed := range []string{"", right, strings.Replace(right, "base", "userinfo", 1), strings.Replace(right, "shop.test", "shop.test%40evil.test", 1), strings.Replace(right, "http%3A%2F%2F", "%2F%2F", 1),
		strings.Replace(right, "shop.test", "shop.test%5C.evil.test", 1), strings.Replace(right, "shop.test", "evil.test%23shop.test", 1), "appid=" + fuzzAppID + "&redirect_uri=javascript:alert(1)&response_type=code&scope=snsapi_base",
		right + "&state=%0d%0aSet-Cookie:a=b", "state=S&" + right, strings.Replace(right, "%3A", "%253A", 1), right + "&appid=x", strings.Replace(right, "back", "back%0a", 1), "%zz;&=&&"} {
		f.Add(seed, "/connect/oauth2/authorize", true)
		f.Add(seed, "/connect/oauth2/authorize_reply", true)
	}
	f.Add(right, "/connect/oauth2/authorize", false)
	f.Fuzz(func(t *testing.T, query, path string, inWeChat bool) {
		if path != "/connect/oauth2/authorize" && path != "/connect/oauth2/authorize_reply" || !ascii(query) {
			t.Skip()
		}
		s := openOwn(t)
		w := s.visit("GET", path+"?"+query, map[bool]string{true: "ios", false: "chrome"}[inWeChat], "sandbox_payer=alice", "")
		location := w.Header().Get("Location")
		switch {
		case w.Code == http.StatusFound:
			to, err := url.Parse(location)
			if err != nil || to.Host != "shop.test" && !(to.Host == "" && strings.HasPrefix(to.Path, "/connect/oauth2/authorize")) || to.User != nil || !inWeChat {
				t.Errorf("%s?%s leads to %q", path, query, location)
			}
		case location != "" || w.Code >= 500 || w.Code == http.StatusOK && !strings.Contains(w.Body.String(), "TEST"):
			t.Errorf("%s?%s: HTTP %d, Location %q: %s", path, query, w.Code, location, w.Body)
		}
	})
}

// ascii keeps to what can stand in a request line.
func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || r == '#' }) < 0
}

// The server API answers in JSON, and gives nothing for tokens and codes that nobody was given.
func FuzzWeChatAPI(f *testing.F) {
	for _, path := range []string{"/sns/oauth2/access_token", "/sns/oauth2/refresh_token", "/sns/userinfo", "/sns/auth", "/cgi-bin/token", "/cgi-bin/ticket/getticket", "/sns/nothing"} {
		for _, seed := range []string{"", "appid=" + fuzzAppID, "appid=" + fuzzAppID + "&secret=" + fuzzSecret + "&code=x&grant_type=authorization_code", "access_token=86_AAAAAAAAAAAAAAAAAAAAAHd4&openid=o",
			"refresh_token=86_AAAAAAAAAAAAAAAAAAAAAHd4&grant_type=refresh_token&appid=" + fuzzAppID, "appid=a&appid=b", "%zz", "access_token=&openid=", "type=jsapi&access_token=86_w"} {
			f.Add(path, seed, "GET")
		}
		f.Add(path, "a=b", "POST")
	}
	f.Fuzz(func(t *testing.T, path, query, method string) {
		if !strings.HasPrefix(path, "/sns/") && !strings.HasPrefix(path, "/cgi-bin/") || !ascii(path+query) || strings.ContainsAny(path, "?%") || method != "GET" && method != "POST" {
			t.Skip()
		}
		s := openOwn(t)
		w := s.visit(method, path+"?"+query, "ios", "", "")
		if w.Code == http.StatusMovedPermanently || w.Code == http.StatusNotFound { // a path with dots, which the server serves
			t.Skip()
		}
		var answer map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%s %s?%s: HTTP %d %s", method, path, query, w.Code, w.Body)
		}
		if code, _ := answer["errcode"].(float64); code == 0 {
			if p, _ := url.ParseQuery(query); path != "/cgi-bin/token" || p.Get("secret") != fuzzSecret {
				t.Errorf("%s %s?%s gives %s", method, path, query, w.Body)
			}
		}
	})
}
