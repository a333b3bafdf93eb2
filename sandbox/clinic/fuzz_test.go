package clinic_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Whatever comes, a diagnosis does not panic and tells no key, wherever the request carries one.
func FuzzDiagnose(f *testing.F) {
	const previous = "SANDBOXKEYTHATWAS0123456789ABCDE"
	others := othersOf(3)
	for _, seed := range []struct{ sign, query, body, kind, header string }{
		{strings.Repeat("ab", 16), "a=1", "b=2&a=1", "", ""},
		{ownKey, "key=" + previous, "client_key=" + others[0].ClientKey, "application/x-www-form-urlencoded", others[1].ClientKey},
		{"MD5 " + strings.Repeat("AB", 16), "", `{"a": "` + ownKey + `", "b": {}}`, "application/json", ""},
		{"a=" + ownKey, "a=" + others[2].ClientKey + "&a&&=&%zz=%", "--x\r\n", "multipart/form-data; boundary=x", "SHA256"},
		{strings.Repeat("=", 44), "txdtm=2026-01-02+03:04:05&txamt=100&e=", "goods_name=%E6%B5%8B\xff&x=0&y=true", "text/plain", previous},
		{"0x" + strings.Repeat("f", 63), "sign=1&sign_type=2", "", "", "md5"},
	} {
		f.Add(seed.sign, seed.query, seed.body, seed.kind, seed.header)
	}
	f.Fuzz(func(t *testing.T, sign, query, body, kind, header string) {
		c := clinic.Case{
			App: sandbox.App{Code: appCode, ClientKey: ownKey, PreviousKey: previous}, Others: others, Sign: sign, Method: http.MethodPost,
			URL: &url.URL{Path: "/trade/v1/payment", RawQuery: query}, Header: http.Header{"Content-Type": {kind}, "X-Qf-Signtype": {header}, "X-Other": {header}}, Body: []byte(body),
			Params: append(qfpay.ParseParams(query), qfpay.ParseParams(body)...), SignType: qfpay.SignTypeOf(header),
		}
		nobody := c
		nobody.App, nobody.Others = sandbox.App{}, append(others[:len(others):len(others)], c.App)
		nobody.Header = http.Header{"X-Qf-Appcode": {header}}
		nobody.Sign = ""
		for _, c := range []clinic.Case{c, nobody} {
			d := clinic.Diagnose(c)
			said := fmt.Sprintf("%+v %+v", d, d.Findings())
			for _, key := range []string{ownKey, previous, others[0].ClientKey, others[1].ClientKey, others[2].ClientKey} {
				if strings.Contains(said, key) {
					t.Errorf("it tells %s: %s", key, said)
				}
			}
			if len(d.Mistakes) == 0 && !d.Right && !d.Unrecognised && c.App.Code != "" {
				t.Errorf("it says nothing: %s", said)
			}
		}
	})
}

// What a merchant answers and sends is taken apart without a panic.
func FuzzNotification(f *testing.F) {
	f.Add(notified, "bad sign "+strings.Repeat("ab", 16))
	f.Add("{}", "")
	f.Add(`{"a":{"b":[1,"\u00`, strings.Repeat("AB", 32))
	f.Fuzz(func(t *testing.T, body, answer string) {
		got := clinic.Notification(clinic.NotificationCase{App: sandbox.App{Code: appCode, ClientKey: ownKey}, Body: []byte(body), Computed: clinic.DigestsIn(answer)})
		if len(got) != 1 || strings.Contains(fmt.Sprintf("%+v", got), ownKey) && !strings.Contains(body, ownKey) {
			t.Errorf("got %+v, want one finding that tells no key", got)
		}
	})
}
