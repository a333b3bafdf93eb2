package openapi

import (
	"path"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

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
	for _, at := range sandbox.Endpoints() {
		if slices.Contains(words, string(at)) {
			return pathOf(at)
		}
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
