package wechat_test

import (
	"errors"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

func TestPaySign(t *testing.T) {
	tests := []struct {
		signType, want, source string
	}{
		{"MD5", "22D9B4E54AB1950F51E0649E8810ACD6", "published in WeChat Pay's JSAPI page"},
		{"HMAC-SHA256", "FB9D1EFB5C509131BBFF729F88A99CA2DE9B724D06D3B3262832A53083862BC0", "computed"},
	}
	for _, tt := range tests {
		got, err := wechat.PaySign("wxd678efh567hg6787", "1490840662", "5K8264ILTKCH16CQ2502SI8ZNMTM67VS",
			"prepay_id=wx2017033010242291fcfe0db70013231072", tt.signType, "qazwsxedcrfvtgbyhnujmikolp111111")
		if err != nil || got != tt.want {
			t.Errorf("%s (%s): got %s, %v want %s", tt.signType, tt.source, got, err, tt.want)
		}
	}
}

func TestPaySignCoversEverything(t *testing.T) {
	sign := func(fields ...string) string {
		t.Helper()
		got, err := wechat.PaySign(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5])
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	good := sign("wx1", "1", "n", "prepay_id=wx1", "MD5", "key")
	for _, other := range [][]string{
		{"wx2", "1", "n", "prepay_id=wx1", "MD5", "key"},
		{"wx1", "2", "n", "prepay_id=wx1", "MD5", "key"},
		{"wx1", "1", "N", "prepay_id=wx1", "MD5", "key"},
		{"wx1", "1", "n", "wx1", "MD5", "key"},
		{"wx1", "1", "n", "prepay_id=wx1", "HMAC-SHA256", "key"},
		{"wx1", "1", "n", "prepay_id=wx1", "MD5", "Key"},
	} {
		if got := sign(other...); got == good {
			t.Errorf("%q signs like the original", other)
		}
	}
}

func TestPaySignRefuses(t *testing.T) {
	for _, signType := range []string{"", "md5", "SHA1", "RSA", "HMACSHA256"} {
		if got, err := wechat.PaySign("a", "1", "n", "p", signType, "k"); !errors.Is(err, wechat.ErrSignType) || got != "" {
			t.Errorf("%q: got %q, %v want %v", signType, got, err, wechat.ErrSignType)
		}
	}
}

func TestAppSign(t *testing.T) {
	const want = "F962FEA2A8A32FEBD76B5B4E0EABBECF" // computed
	fields := [7]string{"wxd678efh567hg6787", "1490840662", "5K8264ILTKCH16CQ2502SI8ZNMTM67VS", "Sign=WXPay", "1900000109",
		"wx2017033010242291fcfe0db70013231072", "qazwsxedcrfvtgbyhnujmikolp111111"}
	sign := func(f [7]string) string {
		got, err := wechat.AppSign(f[0], f[1], f[2], f[3], f[4], f[5], f[6])
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := sign(fields); got != want {
		t.Errorf("got %s want %s", got, want)
	}
	for i := range fields {
		other := fields
		other[i] += "1"
		if sign(other) == want {
			t.Errorf("%q signs like the original", other)
		}
	}
}
