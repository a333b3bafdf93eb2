package control

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

var fuzzed = []sandbox.Exchange{
	{Seq: 1, App: "A", Surface: "openapi", URL: "/tool/v1/get_weixin_openid?code=1", Respcd: "0000", OpenID: "o1"},
	{Seq: 2, App: "A", Surface: "openapi", URL: "/trade/v1/payment", RequestBody: []byte("out_trade_no=T1&sub_openid=o1&goods_name=%E7%8B%97"), Respcd: "0000", OutTradeNo: "T1", Syssn: "S1", OpenID: "o1", Status: 200, DecidedBy: "fault 1"},
	{Seq: 3, App: "A", Surface: "notify", URL: "http://h/%zz", RequestBody: []byte(`{"notify_type": "payment"}`), AnswerBody: []byte("SUCCESS"), OutTradeNo: "T1", DecidedBy: "plan bad-signature", RequestHeader: textproto.MIMEHeader{"A": {"b"}}},
	{Seq: 4, Surface: "cashier", URL: "%", Error: "\\u12", Findings: []sandbox.Finding{{ID: "lever", Detail: "\xff"}}},
}

// Whatever is sent to be verified is understood or refused by name, and true means without failures.
func FuzzVerification(f *testing.F) {
	for _, seed := range []string{
		`{"app": "A", "out_trade_no": "T1", "verify": "one-payment"}`, `{"app": "A", "expect": [{"call": "payment", "times": {"min": 1, "max": 2}}], "nothing_else": true}`,
		`{"app": "A", "expect": [{"call": "get_weixin_openid", "respcd": "0000", "times": 1}, {"notification": "payment", "acknowledged": true, "after": 0}]}`,
		`{"app": "A", "expect": [{"surface": "cashier", "finding": "any", "status": "4xx", "decided_by": "fault 3", "times": 1e3}]}`, `{"expect": [{"times": [{}]}]}`, `[]`, `{"app": "A", "since": 18446744073709551615, "nothing_else": true}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var in Verification
		err := readJSON(httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body)), &in)
		var wanted []expected
		if err == nil {
			wanted, err = in.read()
		}
		var p *problem
		if err != nil {
			if !errors.As(err, &p) || p.Message == "" {
				t.Fatalf("%q gives %v, want a refusal with words", body, err)
			}
			return
		}
		s := &facts{order: in.OutTradeNo, logins: map[int]bool{}, fresh: map[int][]int{}}
		for i := range fuzzed {
			s.list = append(s.list, factOf(&fuzzed[i], wanted))
		}
		s.tie()
		v := s.verdict(in, wanted)
		if v.Verified != (len(v.Failures) == 0) || len(v.Checked) == 0 {
			t.Errorf("%q is verified %t with %d failures of %d", body, v.Verified, len(v.Failures), len(v.Checked))
		}
		if _, err := json.Marshal(v); err != nil {
			t.Error(err)
		}
	})
}

// Whatever stands in a query is a filter or refused by name, and no exchange breaks a filter.
func FuzzFilters(f *testing.F) {
	for _, seed := range []string{
		"surface=openapi&direction=in", "status=4xx&respcd=1108", "q=%E7%8B%97&path=/trade/v1/payment", "after=2026-03-14T02:00:00+08:00&before=2026-03-14+10:00:00", "finding=any&decided_by=fault+3",
		"status=0", "status=999", "method=%00", "q=%5Cud83d%5Cu", "surface=a&surface=b", "fidelity=", "q=%25252525",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		query, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		tests, err := readFilters(query)
		var p *problem
		if err != nil && (!errors.As(err, &p) || p.Message == "") {
			t.Fatalf("%q gives %v, want a refusal with words", raw, err)
		}
		for i := range fuzzed {
			for _, wanted := range tests {
				wanted(&fuzzed[i])
			}
		}
	})
}

// A text is found by each part of it, however it was written.
func FuzzSearch(f *testing.F) {
	for _, seed := range []string{"goods_name=狗粮", "100%", `\u72d7`, `\ud83d\ude00 `, "a+b c", "ÀÉÎ %C3%80"} {
		f.Add(seed, 0, len(seed))
	}
	f.Fuzz(func(t *testing.T, text string, from, to int) {
		if from < 0 || to > len(text) || from >= to || to-from > longestSearch || len(text) > 4096 {
			return
		}
		part := strings.ToLower(text)
		if to > len(part) {
			return
		}
		part = part[from:to]
		for how, written := range map[string]string{"as it is": text, "percent-encoded": url.QueryEscape(text), "encoded twice": url.QueryEscape(url.QueryEscape(text))} {
			if !tells(written, part) {
				t.Errorf("%q is not found in %q, %s", part, written, how)
			}
		}
	})
}
