package pasted_test

import (
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic/pasted"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func readOne(t *testing.T, text string) pasted.Request {
	t.Helper()
	list, err := pasted.Read([]byte(text))
	if err != nil || len(list) != 1 {
		t.Fatalf("%s\ngot %d requests and error %v, want one", text, len(list), err)
	}
	return list[0]
}

// A corrected request comes back as it came, with everything encoded once.
func TestCorrected(t *testing.T) {
	order := qfpay.Params{{Name: "txamt", Value: "300"}, {Name: "goods_name", Value: `it's "a" & 測試+1%`}}
	as := pasted.Credentials{AppCode: "APP", Sign: one}
	const body = "txamt=300&goods_name=it%27s+%22a%22+%26+%E6%B8%AC%E8%A9%A6%2B1%25"
	for _, c := range []struct{ name, text, want string }{
		{"curl keeps its other options and headers, and loses misspelt ones", "curl -sk -m 5 -A 'my shop' http://h/trade/v1/payment -H 'X-QFPAY-SIGN: x' -H 'X_QF_APPCODE: x' -H 'Accept: */*' -H 'Content-Length: 7' -d a=1",
			"curl -s -k -m 5 -A 'my shop' http://h/trade/v1/payment \\\n  -H 'Accept: */*' \\\n  -H 'X-QF-APPCODE: APP' \\\n  -H 'X-QF-SIGN: " + one + "' \\\n  -d txamt=300 \\\n  --data-urlencode 'goods_name=it'\\''s \"a\" & 測試+1%'"},
		{"multipart stays multipart", "curl http://h/trade/v1/payment -F txamt=1",
			"curl http://h/trade/v1/payment \\\n  -H 'X-QF-APPCODE: APP' \\\n  -H 'X-QF-SIGN: " + one + "' \\\n  --form-string txamt=300 \\\n  --form-string 'goods_name=it'\\''s \"a\" & 測試+1%'"},
		{"what came in the address stays there", "curl -X POST 'http://h/trade/v1/payment?txamt=1&goods_name=x'",
			"curl -X POST 'http://h/trade/v1/payment?" + body + "' \\\n  -H 'X-QF-APPCODE: APP' \\\n  -H 'X-QF-SIGN: " + one + "'"},
		{"cmd", "curl ^\"http://h/trade/v1/payment^\" ^\n --data-raw ^\"a=1^\"",
			"curl http://h/trade/v1/payment ^\n  -H ^\"X-QF-APPCODE: APP^\" ^\n  -H ^\"X-QF-SIGN: " + one + "^\" ^\n  -d ^\"txamt=300^\" ^\n  -d ^\"goods_name=it^%27s+^%22a^%22+^%26+^%E6^%B8^%AC^%E8^%A9^%A6^%2B1^%25^\""},
		{"cmd, in ASCII", "curl ^\"http://h/trade/v1/payment^\" ^\n --data-raw ^\"a=1^\" -A ^\"x^\\^\"y z^\"",
			"curl -A ^\"x^\\^\"y z^\" http://h/trade/v1/payment ^\n  -H ^\"X-QF-APPCODE: APP^\" ^\n  -H ^\"X-QF-SIGN: " + one + "^\" ^\n  -d ^\"txamt=300^\" ^\n  -d ^\"goods_name=it^%27s+^%22a^%22+^%26+^%E6^%B8^%AC^%E8^%A9^%A6^%2B1^%25^\""},
		{"raw HTTP", "POST /trade/v1/payment HTTP/1.1\nHost: h\nContent-Length: 3\n\na=1",
			"POST /trade/v1/payment HTTP/1.1\nHost: h\nX-QF-APPCODE: APP\nX-QF-SIGN: " + one + "\nContent-Type: application/x-www-form-urlencoded\nContent-Length: 65\n\n" + body},
		{"JSON becomes a form", `curl http://h/trade/v1/payment --json '{}'`,
			"curl http://h/trade/v1/payment \\\n  -H 'X-QF-APPCODE: APP' \\\n  -H 'X-QF-SIGN: " + one + "' \\\n  -d txamt=300 \\\n  --data-urlencode 'goods_name=it'\\''s \"a\" & 測試+1%'"},
		{"HAR becomes curl", `{"log":{"entries":[{"request":{"method":"POST","url":"http://h/trade/v1/payment","headers":[],"postData":{"text":"a=1"}}}]}}`,
			"curl http://h/trade/v1/payment \\\n  -H 'X-QF-APPCODE: APP' \\\n  -H 'X-QF-SIGN: " + one + "' \\\n  -d txamt=300 \\\n  --data-urlencode 'goods_name=it'\\''s \"a\" & 測試+1%'"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := readOne(t, c.text)
			corrected := r.Correct(as, order)
			if got := corrected.String(); got != c.want {
				t.Fatalf("got\n%s\nwant\n%s", got, c.want)
			}
			readsBack(t, c.want, order, as)
		})
	}
}

// What stands unencoded in a request can be read as it was meant; which reading is right, a signature tells.
func TestReadings(t *testing.T) {
	for _, c := range []struct {
		name, text, meant string // canonical
		why               string
		sure              bool
	}{
		{"a raw & and nothing behind it", "curl http://h/trade/v1/payment -d 'goods_name=a & b&txamt=1'", "goods_name=a & b&txamt=1", "pasted-raw-ampersand", true},
		{"a raw & and a pair behind it", "curl http://h/trade/v1/payment -d 'goods_name=a&b=c&txamt=1'", "goods_name=a&b=c&txamt=1", "pasted-raw-ampersand", false},
		{"an address's own query", "http://h/tool/v1/get_weixin_oauth_code?redirect_uri=http://s/?a=1&b=2&app_code=A", "app_code=A&redirect_uri=http://s/?a=1&b=2", "pasted-raw-ampersand", true},
		{"a raw + beside a raw &", "curl http://h/trade/v1/payment -d 'goods_name=1+1 & b&txamt=1'", "goods_name=1+1 & b&txamt=1", "pasted-raw-ampersand", true},
		{"a raw +", "curl http://h/trade/v1/payment -d 'goods_name=1+1&txamt=1'", "goods_name=1+1&txamt=1", "pasted-raw-plus", true},
		{"a raw %", "curl http://h/trade/v1/payment -d 'goods_name=100%25&txamt=1'", "goods_name=100%25&txamt=1", "pasted-raw-plus", true},
		{"a raw #", "http://h/tool/v1/get_weixin_oauth_code?app_code=A&redirect_uri=http://s/#/pay", "app_code=A&redirect_uri=http://s/#/pay", "pasted-raw-hash", true},
		{"JSON", `curl http://h/trade/v1/payment --json '{"txamt": 1, "goods_name": "a\u6e2c", "x": null, "extend_info": {"a": 1}}'`, `extend_info={"a": 1}&goods_name=a測&txamt=1`, "pasted-body-not-urlencoded", true},
		{"a form called text", "curl http://h/trade/v1/payment -H 'Content-Type: text/plain' -d 'txamt=1&goods_name=a+b'", "goods_name=a b&txamt=1", "pasted-body-not-urlencoded", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := readOne(t, c.text)
			for reading := range r.Readings() {
				if reading.Params.Canonical() == c.meant {
					if reading.Why.ID != c.why || reading.Sure != c.sure {
						t.Errorf("got %s and sure %v, want %s and %v", reading.Why.ID, reading.Sure, c.why, c.sure)
					}
					return
				}
			}
			t.Errorf("no reading gives %q", c.meant)
		})
	}
}

// Somebody who does not sort must not hear that a value was split.
func TestKnownNamesAreNoTails(t *testing.T) {
	r := readOne(t, "curl http://h/trade/v1/payment -d 'txcurrcd=HKD&txamt=1&mchid=x&out_trade_no=1'")
	for reading := range r.Readings() {
		t.Errorf("got %q, want no reading at all", reading.Params.Canonical())
	}
}

// However many pairs there are, the ways to read them are bounded.
func TestReadingsAreBounded(t *testing.T) {
	r := readOne(t, "curl http://h/trade/v1/payment -d '"+strings.Repeat("a=b&", 5000)+"c'")
	n := 0
	for range r.Readings() {
		n++
	}
	if n > 2000 {
		t.Errorf("got %d readings, want at most 2000", n)
	}
}
