package clinic_test

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// One request for each name, as somebody really sends it, and the words it gets. Each is signed with
// the standard library alone: five and two are MD5 and SHA256 of the string and the key.
func TestNames(t *testing.T) {
	const previous = "SANDBOXKEYTHATWAS0123456789ABCDE"
	five := func(text string) string { return strings.ToUpper(fmt.Sprintf("%x", md5.Sum([]byte(text)))) }
	two := func(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
	gbk := func(text string) string {
		made, err := simplifiedchinese.GBK.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	raw := md5.Sum([]byte("a=1&b=2" + ownKey))
	mac := macOf(md5.New, ownKey, "a=1&b=2")
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	_ = parts.WriteField("note", "one\r\ntwo")
	_ = parts.Close()
	const urlencoded = "application/x-www-form-urlencoded"
	for _, c := range []struct {
		id, query, kind, body, sign string
		header                      http.Header
		says                        string
	}{
		{clinic.KeyOfAnotherApp, "", urlencoded, "a=1&b=2", five("a=1&b=2" + othersOf(2)[1].ClientKey), nil, "client_key of App SANDBOXAPP0000000000000000000001"},
		{clinic.KeyPrevious, "", urlencoded, "a=1&b=2", five("a=1&b=2" + previous), nil, "the key this App had before its key was changed"},
		{clinic.KeyWhiteSpace, "", urlencoded, "a=1&b=2", five("a=1&b=2" + ownKey + "\n"), nil, "a newline behind it"},
		{clinic.KeyWhiteSpace, "", urlencoded, "a=1&b=2", five("a=1&b=2\ufeff" + ownKey), nil, "a byte order mark before it"},
		{clinic.KeyLetterCase, "", urlencoded, "a=1&b=2", five("a=1&b=2" + strings.ToLower(ownKey)), nil, "in lower case"},
		{clinic.KeyMissing, "", urlencoded, "a=1&b=2", five("a=1&b=2"), nil, "nothing was appended"},
		{clinic.KeyIsAppCode, "", urlencoded, "a=1&b=2", five("a=1&b=2" + appCode), nil, "the app code was appended"},
		{clinic.KeyPlaceholder, "", urlencoded, "a=1&b=2", five("a=1&b=2undefined"), nil, `the word "undefined"`},
		{clinic.KeyCut, "", urlencoded, "a=1&b=2", five("a=1&b=2" + ownKey[1:]), nil, "without its first character"},
		{clinic.KeyQuoted, "", urlencoded, "a=1&b=2", five("a=1&b=2'" + ownKey + "'"), nil, "single quotes"},
		{clinic.KeySeparator, "", urlencoded, "a=1&b=2", five("a=1&b=2&key=" + ownKey), nil, `"&key=" stood between`},
		{clinic.KeyFirst, "", urlencoded, "a=1&b=2", five(ownKey + "a=1&b=2"), nil, "the key stood before the string"},
		{clinic.KeyTwice, "", urlencoded, "a=1&b=2", five(ownKey + "a=1&b=2" + ownKey), nil, "before the string and behind it"},
		{clinic.KeySorted, "", urlencoded, "a=1&txamt=2", five("a=1&key=" + ownKey + "&txamt=2"), nil, "sorted among the parameters as key, and not appended"},
		{clinic.NotSorted, "", urlencoded, "b=2&a=1", five("b=2&a=1" + ownKey), nil, "in the order they were sent in"},
		{clinic.SortedCaseInsensitively, "", urlencoded, "a=1&B=2", five("a=1&B=2" + ownKey), nil, "in the order they were sent in"},
		{clinic.SortedCaseInsensitively, "", urlencoded, "C=3&a=1&B=2", five("a=1&B=2&C=3" + ownKey), nil, "without regard to letter case"},
		{clinic.SortedByPair, "", urlencoded, "a1=1&b=2&a=2", five("a1=1&a=2&b=2" + ownKey), nil, "the finished name=value pairs were sorted"},
		{clinic.SortedByValue, "", urlencoded, "c=1&a=3&b=2&d=0", five("d=0&c=1&b=2&a=3" + ownKey), nil, "descending order"},
		{clinic.SortedByValue, "", urlencoded, "c=1&a=3&b=2", five("c=1&b=2&a=3" + ownKey), nil, "descending order"},
		{clinic.SortedByValue, "", urlencoded, "c=1&a=2&b=3&d=0", five("d=0&c=1&a=2&b=3" + ownKey), nil, "by their values"},
		{clinic.SortedBackwards, "", urlencoded, "c=1&a=3&b=2", five("c=1&b=2&a=3" + ownKey), nil, "descending order"},
		{clinic.EmptyKept, "", urlencoded, "a=1&b=2", five("a=1&b=2&mchid=" + ownKey), nil, "mchid= with no value, and no mchid was sent"},
		{clinic.EmptyPartlyKept, "", urlencoded, "a=1&b=&c=", five("a=1&b=" + ownKey), nil, "holds b only"},
		{clinic.EmptyAsWord, "", urlencoded, "a=1&b=", five("a=1&b=null" + ownKey), nil, `the word "null"`},
		{clinic.FalsyDropped, "", urlencoded, "a=1&b=2&c=0&d=0", five("a=1&b=2" + ownKey), nil, "lacks c=0 and d=0"},
		{clinic.CoversSign, "", urlencoded, "a=1&sign_type=MD5", five("a=1&sign_type=MD5" + ownKey), nil, "holds sign_type=MD5"},
		{clinic.CoversAppCode, "", urlencoded, "a=1&b=2", five("a=1&app_code=" + appCode + "&b=2" + ownKey), nil, "holds app_code=" + appCode},
		{clinic.ParameterMissing, "", urlencoded, "a=1&b=2&c=3", five("a=1&c=3" + ownKey), nil, "lacks b, which was sent"},
		{clinic.ParameterMissing, "", urlencoded, "a=1&b=2&c=3&d=4", five("b=2&c=3" + ownKey), nil, "lacks a and d"},
		{clinic.ParameterExtra, "", urlencoded, "a=1&b=2", five("a=1&b=2&mchid=SHOP1" + ownKey), nil, "holds mchid=SHOP1, which was not sent"},
		{clinic.OnlyBody, "x=1&y=2", urlencoded, "a=1&b=2", five("a=1&b=2" + ownKey), nil, "without x and y of the query"},
		{clinic.OnlyQuery, "x=1&y=2", urlencoded, "a=1&b=2", five("x=1&y=2" + ownKey), nil, "without a and b of the body"},
		{clinic.BodyNotRead, "", "application/json", `{"b": "2", "a": 1}`, five("a=1&b=2" + ownKey), nil, `type "application/json" holds no parameters`},
		{clinic.BodyNotRead, "", "text/plain", "b=2&a=1", five("a=1&b=2" + ownKey), nil, `type "text/plain" holds no parameters`},
		{clinic.DuplicateName, "", urlencoded, "a=1&a=2&b=3", five("a=2&b=3" + ownKey), nil, `a was sent more than once, and the value that was signed, "2"`},
		{clinic.NothingCovered, "", urlencoded, "a=1&b=2", five(ownKey), nil, "only the key was hashed"},
		{clinic.RawSeparator, "", urlencoded, "goods_name=A&B&txamt=1", five("goods_name=A&B&txamt=1" + ownKey), nil, `the value of "goods_name" was signed whole`},
		{clinic.Encoded, "", urlencoded, "goods_name=%E6%B8%AC+a%2Fb", five("goods_name=%E6%B8%AC%20a%2Fb" + ownKey), nil, "as encodeURIComponent does"},
		{clinic.Encoded, "", urlencoded, "goods_name=%E6%B8%AC+a%2Fb", five("goods_name=%e6%b8%ac+a%2fb" + ownKey), nil, "with hex digits in lower case"},
		{clinic.Encoded, "", urlencoded, "a=x%2Fy&b=2", five("a%3Dx%2Fy%26b%3D2" + ownKey), nil, "the whole string was percent-encoded"},
		{clinic.EncodedTwice, "", urlencoded, "a=x%2Fy", five("a=x%252Fy" + ownKey), nil, "percent-encoded twice"},
		{clinic.NumberFormat, "", urlencoded, "a=1&txamt=100", five("a=1&txamt=1.00" + ownKey), nil, `txamt was signed as "1.00" and sent as "100"`},
		{clinic.NumberFormat, "", urlencoded, "a=1&txamt=100", five("a=1&txamt=1e2" + ownKey), nil, `signed as "1e2"`},
		{clinic.NumberFormat, "", urlencoded, "out_trade_no=12345678901234567890", five("out_trade_no=12345678901234567000" + ownKey), nil, "12345678901234567000"},
		{clinic.NumberFormat, "", urlencoded, "out_trade_no=12345678901234567890", five("out_trade_no=1.2345678901235E+19" + ownKey), nil, "1.2345678901235E+19"},
		{clinic.BooleanFormat, "", urlencoded, "a=true&b=2", five("a=True&b=2" + ownKey), nil, `a was signed as "True"`},
		{clinic.TimestampDiffers, "", urlencoded, "txdtm=2026-01-02+03:04:05", five("txdtm=2026-01-02 03:04:04" + ownKey), nil, "1s earlier"},
		{clinic.TimestampDiffers, "", urlencoded, "txdtm=2026-01-02+03:04:05", five("txdtm=2026-01-01 19:04:05" + ownKey), nil, "8h0m0s earlier"},
		{clinic.TimestampDiffers, "", urlencoded, "txdtm=2026-01-02+03:04:05", five("txdtm=2026-01-02T03:04:05Z" + ownKey), nil, "another form of the time"},
		{clinic.ValuesTrimmed, "", urlencoded, "name=Peter+&b=2", five("b=2&name=Peter" + ownKey), nil, "without the white space"},
		{clinic.LineEnds, "", parts.FormDataContentType(), form.String(), five("note=one\ntwo" + ownKey), nil, `\n where \r\n was sent`},
		{clinic.UnicodeEscaped, "", urlencoded, "goods_name=測試", five(`goods_name=\u6e2c\u8a66` + ownKey), nil, `\u escapes in lower case`},
		{clinic.HTMLEscaped, "", urlencoded, "a=%3Cb%3E", five("a=&lt;b&gt;" + ownKey), nil, "HTML's escapes"},
		{clinic.ValueCut, "", urlencoded, "a=x%3Dy&b=2", five("a=x&b=2" + ownKey), nil, `signed as "x" only`},
		{clinic.ValueChangedOnWay, "", urlencoded, "a=x+y/z", five("a=x+y/z" + ownKey), nil, "with + where blanks arrived"},
		{clinic.ValueChangedOnWay, "", urlencoded, "a=x%252Fy", five("a=x/y" + ownKey), nil, "percent-encoded twice for sending"},
		{clinic.ValuesQuoted, "", urlencoded, "a=1&b=2", five(`a="1"&b="2"` + ownKey), nil, "double quotes"},
		{clinic.JSONValue, "", urlencoded, `extend_info={"a": 1, "b": 2}`, five(`extend_info={"a":1,"b":2}` + ownKey), nil, "the JSON of extend_info"},
		{clinic.JSONSigned, "", "application/json", `{"b": "2", "a": "1"}`, five(`{"b": "2", "a": "1"}` + ownKey), nil, "the JSON of the body was signed as it was sent"},
		{clinic.JSONSigned, "", urlencoded, "a=1&b=2", five(`{"a":"1","b":"2"}` + ownKey), nil, "as JSON.stringify writes it"},
		{clinic.TrailingAmpersand, "", urlencoded, "a=1&b=2", five("?a=1&b=2" + ownKey), nil, `"?" stood before the string`},
		{clinic.StringWhiteSpace, "", urlencoded, "a=1&b=2", five("a=1 & b=2" + ownKey), nil, `the pairs with " & "`},
		{clinic.ValuesOnly, "", urlencoded, "a=1&b=2", five("12" + ownKey), nil, "only the values were joined"},
		{clinic.SeparatorsOtherwise, "", urlencoded, "a=1&b=2", five("a=1,b=2" + ownKey), nil, `the pairs with ","`},
		{clinic.StringLetterCase, "", urlencoded, "a=X&b=2", five("a=x&b=2" + ownKey), nil, "lower case, its values too"},
		{clinic.CharacterSet, "", urlencoded, "goods_name=测试", five(gbk("goods_name=测试") + ownKey), nil, "in GBK"},
		{clinic.CharacterSet, "", urlencoded, "goods_name=" + url.QueryEscape(gbk("测试")), five("goods_name=测试" + ownKey), nil, "sent in GBK"},
		{clinic.CharacterSet, "", urlencoded, "goods_name=caf%C3%A9", five("goods_name=caf\xe9" + ownKey), nil, "in Latin-1"},
		{clinic.CoversAddress, "", urlencoded, "a=1&b=2", five("/trade/v1/payment?a=1&b=2" + ownKey), nil, `began with "/trade/v1/payment?"`},
		{clinic.MD5ForSHA256, "", urlencoded, "a=1&b=2", five("a=1&b=2" + ownKey), http.Header{"X-Qf-Signtype": {"SHA256"}}, "says SHA256, and the digest is an MD5"},
		{clinic.SHA256WithoutHeader, "", urlencoded, "a=1&b=2", two("a=1&b=2" + ownKey), nil, "no header X-QF-SIGNTYPE came"},
		{clinic.SignTypeMisspelt, "", urlencoded, "a=1&b=2", two("a=1&b=2" + ownKey), http.Header{"X-Qf-Signtype": {"SHA-256"}}, `says "SHA-256"`},
		{clinic.SignTypeMisspelt, "", urlencoded, "a=1&b=2", two("a=1&b=2" + ownKey), http.Header{"X-Qf-Sign-Type": {"SHA256"}}, "the header X-Qf-Sign-Type says"},
		{clinic.SignTypeMisspelt, "", urlencoded, "a=1&b=2&sign_type=SHA256", two("a=1&b=2" + ownKey), nil, "the parameter sign_type says"},
		{clinic.HMAC, "", urlencoded, "a=1&b=2", mac, nil, "HMAC-MD5 of the string"},
		{clinic.Base64, "", urlencoded, "a=1&b=2", base64.StdEncoding.EncodeToString(raw[:]), nil, "written in Base64"},
		{clinic.HashedTwice, "", urlencoded, "a=1&b=2", five(five("a=1&b=2" + ownKey)), nil, "hashed again with MD5"},
		{clinic.Truncated, "", urlencoded, "a=1&b=2", five("a=1&b=2" + ownKey)[8:24], nil, "middle hex digits of a MD5 came: 16 of 32"},
		{clinic.Truncated, "", urlencoded, "a=1&b=2", two("a=1&b=2" + ownKey)[:32], nil, "first hex digits of a SHA256 came: 32 of 64"},
		{clinic.OtherDigest, "", urlencoded, "a=1&b=2", "SHA1", nil, "the digest is a SHA1"},
		{clinic.Decorated, "", urlencoded, "a=1&b=2", "MD5 " + five("a=1&b=2"+ownKey), nil, `"MD5 " in front of it`},
		{clinic.NotHashed, "", urlencoded, "a=1&b=2", "a=1&b=2" + ownKey, nil, "the string itself"},
		{clinic.IsTheKey, "", urlencoded, "a=1&b=2", ownKey, nil, "the client_key itself"},
		{clinic.IsAppCode, "", urlencoded, "a=1&b=2", appCode, nil, "the app code came in place"},
		{clinic.FromDocument, "", urlencoded, "a=1&b=2", "6FB43AC29175B4602FF95F8332028F19", nil, "a sample of QFPay's documents"},
		{clinic.SignMissing, "", urlencoded, "a=1&b=2", "", nil, "no signature came"},
		{clinic.SignMisspelt, "", urlencoded, "a=1&b=2", "", http.Header{"X_QF_SIGN": {five("a=1&b=2" + ownKey)}}, "came as the header X_QF_SIGN"},
		{clinic.SignMisspelt, "", urlencoded, "a=1&b=2&sign=" + five("a=1&b=2"+ownKey), "", nil, "came as the parameter sign"},
		{clinic.Unrecognised, "", urlencoded, "a=1&b=x+y+", strings.Repeat("ab", 16), nil, "blanks at an end of b"},
	} {
		t.Run(c.id+" "+c.says, func(t *testing.T) {
			req, err := http.NewRequest(http.MethodPost, "/trade/v1/payment?"+c.query, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header = http.Header{"Content-Type": {c.kind}}
			for name, values := range c.header {
				req.Header[name] = values
			}
			params, err := qfpay.ReadParams(req, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			sign := c.sign
			if c.id == clinic.OtherDigest {
				sign = digestSHA1("a=1&b=2" + ownKey)
			}
			d := clinic.Diagnose(clinic.Case{
				App: sandbox.App{Code: appCode, ClientKey: ownKey, PreviousKey: previous, Mchids: []sandbox.Mchid{"SHOP1"}}, Others: othersOf(3), Params: params, Sign: sign,
				SignType: qfpay.SignTypeOf(req.Header.Get("X-QF-SIGNTYPE")), Method: req.Method, URL: req.URL, Header: req.Header, Body: []byte(c.body),
			})
			findings := d.Findings()
			if len(findings) != 1 {
				t.Fatalf("got %+v, want one finding", d)
			}
			f := findings[0]
			// Where the names given are equal on this request, the first row of the table says which is given.
			equal := slices.ContainsFunc(clinic.StandIns(), func(s clinic.StandIn) bool { return s.Given == f.ID && slices.Contains(s.For, c.id) }) ||
				f.ID == clinic.NotSorted && c.id == clinic.SortedCaseInsensitively
			if f.ID != c.id && !equal || !strings.Contains(f.Detail, c.says) || f.Change == "" {
				t.Errorf("got %s: %s, want %s that says %q", f.ID, f.Detail, c.id, c.says)
			}
			if strings.Contains(fmt.Sprintf("%+v", d), ownKey) || strings.Contains(fmt.Sprintf("%+v", d), previous) {
				t.Errorf("it tells a key: %+v", d)
			}
		})
	}
}

// A signature that is right is said to be.
func TestRight(t *testing.T) {
	for _, sign := range []string{qfpay.Sign("a=1", ownKey, qfpay.MD5), strings.ToLower(qfpay.Sign("a=1", ownKey, qfpay.MD5)), qfpay.Sign("a=1&b=", ownKey, qfpay.MD5)} {
		if d := clinic.Diagnose(posted("a=1&b=", sign, 3)); !d.Right || len(d.Findings()) != 0 {
			t.Errorf("%s: got %+v, want it right and nothing to say", sign, d)
		}
	}
}
