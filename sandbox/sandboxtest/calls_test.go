package sandboxtest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/sandboxtest"
)

var journalOfPayments = control.JournalFilter{Path: "/trade/v1/payment"}

func TestCallsAreSigned(t *testing.T) {
	s := sandboxtest.Start(t, sandboxtest.WithApp(control.NewApp{AppCode: "A", ClientKey: "KEY"}))
	// printf 'a=1&b=x yKEY' | md5sum
	if got := s.Sign(sandboxtest.Params{"b": "x y", "a": "1", "empty": ""}); got != "A2ADAB9F7796A5F8277431D6D7FA468E" {
		t.Errorf("the signature is %s, want the digest of both that have a value, sorted", got)
	}
	for _, c := range []struct {
		path, respcd, method string
		params               sandboxtest.Params
	}{
		{"/trade/v1/query", "0000", "POST", sandboxtest.Params{"out_trade_no": "訂單 & 1+1=2"}},
		{"/tool/v1/get_weixin_openid", "1104", "GET", sandboxtest.Params{"code": "訂單 & 1+1=2"}},
	} {
		answer := s.Call(c.path, c.params)
		if got := answer.At("respcd"); got == "1108" || got != c.respcd && c.path == "/trade/v1/query" {
			t.Errorf("%s gives respcd %s, want it signed right", c.path, got)
		}
		if got := s.Journal(control.JournalFilter{Path: c.path})[0].Method; got != c.method {
			t.Errorf("%s was called with %s, want %s", c.path, got, c.method)
		}
	}
}

// A redirect is an answer; following it is the payer's part.
func TestCallFollowsNoRedirect(t *testing.T) {
	s := sandboxtest.Start(t)
	p := sandboxtest.Params{"app_code": s.AppCode, "redirect_uri": "http://127.0.0.1:9/back"}
	p["sign"] = s.Sign(p)
	answer := s.Call("/tool/v1/get_weixin_oauth_code", p)
	if answer.Status != http.StatusFound || !strings.Contains(answer.Header.Get("Location"), "/connect/oauth2/authorize") {
		t.Errorf("got HTTP %d to %q, want a redirect to WeChat", answer.Status, answer.Header.Get("Location"))
	}
}

func TestAnswerAt(t *testing.T) {
	a := sandboxtest.Answer{Body: `{"respcd": "0000", "data": [{"cancel": 0, "note": "\u4e2d"}, {}], "page": {"size": 10}}`}
	for path, want := range map[string]string{
		"respcd": "0000", "data.0.note": "中", "data.0.cancel": "0", "data.1": "{}", "page.size": "10",
		"none": "", "data.2": "", "data.-1": "", "data.x": "", "respcd.x": "", "page.size.x": "", "": "",
	} {
		if got := a.At(path); got != want {
			t.Errorf("%q is %q, want %q", path, got, want)
		}
	}
	if got := (sandboxtest.Answer{Body: "<html>"}).At("respcd"); got != "" {
		t.Errorf("a page has the respcd %q, want none", got)
	}
}
