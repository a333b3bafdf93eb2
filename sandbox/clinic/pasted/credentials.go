package pasted

import (
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Credentials are what a request shows to say who sent it.
type Credentials struct {
	AppCode, Sign string
	SignType      qfpay.SignType
	// InQuery: they are the parameters app_code and sign, as of a browser's address; always MD5.
	InQuery bool
}

// oauthCodePath is the call a browser makes, which has no headers of the merchant's.
const oauthCodePath = "/tool/v1/get_weixin_oauth_code"

// Unsigned reports whether r is a payer's way to the cashier, which carries no signature of the merchant's.
func (r *Request) Unsigned() bool { return r.URL != nil && r.URL.Path == "/q/direct" }

// Credentials gives what QFPay would take for them.
func (r *Request) Credentials() Credentials {
	if r.Dialect == Signed {
		c := Credentials{Sign: r.Digest}
		if len(r.Digest) == 64 {
			c.SignType = qfpay.SHA256
		}
		return c
	}
	if strings.HasSuffix(r.URL.Path, oauthCodePath) {
		p := qfpay.ParseParams(r.URL.RawQuery)
		return Credentials{AppCode: p.Get("app_code"), Sign: p.Get("sign"), InQuery: true}
	}
	h := r.HTTPHeader()
	return Credentials{AppCode: h.Get("X-QF-APPCODE"), Sign: h.Get("X-QF-SIGN"), SignType: qfpay.SignTypeOf(h.Get("X-QF-SIGNTYPE"))}
}

// lettersOf is a header's name without what people write differently.
func lettersOf(name string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case 'A' <= c && c <= 'Z':
			return c + 'a' - 'A'
		case 'a' <= c && c <= 'z':
			return c
		}
		return -1
	}, name)
}

// misspelt are headers, by their letters, that somebody meant to be one of QFPay's.
var misspelt = map[string]bool{
	"sign": true, "signature": true, "appcode": true, "signtype": true, "xsign": true, "xsignature": true, "xappcode": true, "xsigntype": true,
	"qfsign": true, "qfappcode": true, "qfsigntype": true,
}

// replacedHeader reports whether a corrected request brings this header anew, or has no use for it.
func replacedHeader(name string) bool {
	letters := lettersOf(name)
	switch letters {
	case "contentlength", "transferencoding", "contenttype", "expect", "acceptencoding", "connection":
		return true
	}
	return strings.HasPrefix(letters, "xqf") || misspelt[letters]
}
