package openapi

import (
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// NoteNearest adds to a path that is nobody's which call of QFPay's was probably meant: a base address
// with a slash behind it, letters in another case, the version in another place.
func NoteNearest(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if near := nearestPath(r.URL.Path); near != "" && near != r.URL.Path {
			sandbox.AddFinding(r.Context(), sandbox.Finding{ID: "path-unknown", Detail: sandbox.Shortened(r.URL.Path) + ": there is no such path at QFPay or WeChat",
				Received: r.Method + " " + sandbox.Shortened(r.URL.Path), Expected: near, Change: "call " + near})
		}
		next.ServeHTTP(w, r)
	})
}

// nearestPath gives the path of a call that one nobody knows was probably meant to be; empty when none
// is near.
func nearestPath(asked string) string {
	if len(asked) > 200 {
		return ""
	}
	clean := strings.TrimSuffix(strings.ToLower(path.Clean(asked)), ".php")
	words := strings.FieldsFunc(clean, func(r rune) bool { return r == '/' })
	if len(words) == 0 {
		return ""
	}
	last := words[len(words)-1]
	switch {
	case last == "direct" && slices.Contains(words, "q"):
		return "/q/direct"
	case last == "authorize" && slices.Contains(words, "oauth2"):
		return "/connect/oauth2/authorize"
	}
	for _, at := range sandbox.Endpoints() {
		if slices.Contains(words, string(at)) && (len(words) > 1 || strings.HasPrefix(string(at), "get_")) {
			return pathOf(at)
		}
	}
	if words[0] != "trade" && words[0] != "tool" {
		return "" // somebody else's path
	}
	for _, word := range []struct {
		others string
		at     sandbox.Endpoint
	}{
		{"pay, unifiedorder, create, order", sandbox.AtPayment}, {"enquiry, inquiry, search, orderquery", sandbox.AtQuery},
		{"cancel, revoke, reverse, void", sandbox.AtReversal}, {"oauth_code, get_oauth_code, get_wechat_oauth_code, getweixinoauthcode", sandbox.AtOAuthCode},
		{"openid, get_openid, get_wechat_openid, getweixinopenid", sandbox.AtOpenID}, {"note, addnote", sandbox.AtAddNote},
	} {
		if slices.Contains(strings.Split(word.others, ", "), last) {
			return pathOf(word.at)
		}
	}
	names := make([]string, 0, len(sandbox.Endpoints()))
	for _, at := range sandbox.Endpoints() {
		names = append(names, string(at))
	}
	guess := strings.TrimSuffix(strings.TrimPrefix(sandbox.Guess(last, strings.Join(names, ", ")), "; did you mean "), "?")
	if guess == "" {
		return ""
	}
	return pathOf(sandbox.Endpoint(guess))
}

func pathOf(at sandbox.Endpoint) string {
	if at == sandbox.AtOAuthCode || at == sandbox.AtOpenID {
		return "/tool/v1/" + string(at)
	}
	return "/trade/v1/" + string(at)
}
