package pasted_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic/pasted"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Whatever is pasted is read or refused, and what was corrected reads back as the same parameters with
// the same signature.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		curlOK,
		"curl 'http://h/trade/v1/query?b=1&a=%zz' --data-raw $'a=\\u6e2c\\x21' -F 'x=\"y\"'",
		"curl ^\"http://h/trade/v1/query^\" ^\n  --data-raw ^\"a=1^&b=^%^20^\\^\"z\\\\^\"",
		"curl http://h/trade/v1/query -G --data-urlencode 'a=&=+%'",
		"curl http://h/trade/v1/payment -F 'a;b=\"c\"' --form-string '@=<'",
		"POST /trade/v1/query HTTP/1.1\r\nHost: h\r\n\r\na=1&b",
		"GET http://h/tool/v1/get_weixin_oauth_code?app_code=A&redirect_uri=x?a&b HTTP/1.1\n",
		`{"log":{"entries":[{"request":{"method":"P","url":"http://h/trade/v1/query","postData":{"text":"{\"a\":[1]}","mimeType":"application/json"}}}]}}`,
		"http://h/trade/v1/query?a=b#c=d",
		"b=1&a=2\nD4D5D3D7D9A1B2C3D4E5F60718293A4B",
		strings.Repeat("\xb0", 300),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := pasted.Read([]byte(text))
		if err != nil {
			if !errors.Is(err, pasted.ErrUnreadable) {
				t.Fatalf("got error %v, want ErrUnreadable", err)
			}
			return
		}
		for _, r := range list {
			for reading := range r.Readings() {
				_ = reading.Params.Canonical()
			}
			p, err := r.Params()
			if err != nil {
				continue
			}
			as := r.Credentials()
			as.AppCode, as.Sign = "APP", one
			if as.InQuery {
				continue // app_code is among the parameters, where it is the caller's to set
			}
			c := r.Correct(as, p)
			readsBack(t, c.String(), p.Without("sign", "sign_type"), as)
		}
	})
}

func readsBack(t *testing.T, text string, want qfpay.Params, as pasted.Credentials) {
	t.Helper()
	again, err := pasted.Read([]byte(text))
	if err != nil || len(again) != 1 {
		t.Fatalf("%s\nreads back as %d requests with error %v", text, len(again), err)
	}
	r := again[0]
	got, err := r.Params()
	if err != nil {
		t.Fatalf("%s\nreads back with error %v", text, err)
	}
	if r.Dialect != pasted.Address && (r.Credentials().Sign != as.Sign) {
		t.Fatalf("%s\nreads back with the signature %q, want %q", text, r.Credentials().Sign, as.Sign)
	}
	if got.Canonical() != want.Canonical() {
		t.Fatalf("%s\nreads back as %q, want %q", text, got.Canonical(), want.Canonical())
	}
}
