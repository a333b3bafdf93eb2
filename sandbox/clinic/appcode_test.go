package clinic_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// A request of nobody's is told what is wrong with its app code, and then with its signature.
func TestAppCodes(t *testing.T) {
	app := sandbox.App{Code: appCode, ClientKey: ownKey, Mchids: []sandbox.Mchid{"SHOP1"}, Account: sandbox.OfficialAccount{AppID: "wx0123456789abcdef"}}
	right, byCode := qfpay.Sign("a=1", ownKey, qfpay.MD5), qfpay.Sign("a=1", appCode, qfpay.MD5)
	for _, c := range []struct {
		name, path string
		params     qfpay.Params
		header     http.Header
		sign       string
		want       []string
	}{
		{"none", "/trade/v1/query", qfpay.Params{{Name: "a", Value: "1"}}, nil, right, []string{clinic.AppCodeMissing}},
		{"another header", "/trade/v1/query", qfpay.Params{{Name: "a", Value: "1"}}, http.Header{"X_QF_APPCODE": {appCode}}, right, []string{clinic.AppCodeMisspelt}},
		{"a parameter, which was not signed", "/trade/v1/query", qfpay.Params{{Name: "a", Value: "1"}, {Name: "app_code", Value: appCode}}, nil, right, []string{clinic.AppCodeMisspelt, clinic.ParameterMissing}},
		{"a letter wrong", "/trade/v1/query", qfpay.Params{{Name: "a", Value: "1"}}, http.Header{"X-Qf-Appcode": {"X" + appCode[1:]}}, right, []string{clinic.AppCodeAlmost}},
		{"lower case, and &key=", "/trade/v1/query", qfpay.Params{{Name: "a", Value: "1"}}, http.Header{"X-Qf-Appcode": {"sandboxappcode0123456789abcdef00"}}, qfpay.Sign("a=1", "&key="+ownKey, qfpay.MD5), []string{clinic.AppCodeAlmost, clinic.KeySeparator}},
		{"the mchid", "/trade/v1/query", qfpay.Params{{Name: "a", Value: "1"}}, http.Header{"X-Qf-Appcode": {"SHOP1"}}, right, []string{clinic.AppCodeOtherNumber}},
		{"WeChat's appid", "/trade/v1/query", qfpay.Params{{Name: "a", Value: "1"}}, http.Header{"X-Qf-Appcode": {"wx0123456789abcdef"}}, right, []string{clinic.AppCodeOtherNumber}},
		{"exchanged with the key", "/trade/v1/query", qfpay.Params{{Name: "a", Value: "1"}}, http.Header{"X-Qf-Appcode": {ownKey}}, byCode, []string{clinic.AppCodeIsTheKey, clinic.KeyIsAppCode}},
		{"of somewhere else", "/trade/v1/query", qfpay.Params{{Name: "a", Value: "1"}}, http.Header{"X-Qf-Appcode": {"ELSEWHERE"}}, "00", nil},
		{"in a header of a browser's call", "/tool/v1/get_weixin_oauth_code", qfpay.Params{{Name: "a", Value: "1"}}, http.Header{"X-Qf-Appcode": {appCode}}, right, []string{clinic.AppCodeMisspelt}},
	} {
		d := clinic.Diagnose(clinic.Case{Others: append(othersOf(3), app), Params: c.params, Sign: c.sign, Method: http.MethodPost, URL: &url.URL{Path: c.path}, Header: c.header})
		var ids []string
		for _, m := range d.Mistakes {
			ids = append(ids, m.ID)
		}
		if !slices.Equal(ids, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, d.Mistakes, c.want)
		}
	}
}
