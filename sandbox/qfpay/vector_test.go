package qfpay_test

import (
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Invented credentials of our own vectors.
const (
	ownKey  = "SANDBOXCLIENTKEY0123456789ABCDEF"
	ownCode = "SANDBOXAPPCODE0123456789ABCDEF00"
)

// vector is a signed parameter set. canonical is given without the key.
type vector struct {
	name      string
	source    string
	canonical string
	key       string
	md5       string
	sha256    string
	empties   bool // canonical holds an empty value and was signed with it
}

var vectors = []vector{
	{
		name: "V1 shop registration, Chinese", source: "Chinese overseas document of 2016, section 0.1",
		canonical: "address=XX区XX路XX号&bankaccount=1234567890&bankaddr=银行详细地址&bankcity=成都&bankcode=123&bankcountry=中国" +
			"&bankname=中国建设银行&bankswiftcode=001&bankuser=王&channel_type=1&city=成都&country=中国&email=email@example.com" +
			"&idnumber=110000201608220123&licenseactive_date=2016-07-10&licensenumber=12345678&mcc_id=6125485337528623306" +
			"&mobile=14401234567&name=测试企业&shopname=XX商店&username=some_user",
		key: "789012", md5: "E019253E135863C335333C983DF05359",
	},
	{
		name: "V2 shop registration, an empty value and a trailing blank", source: "global document, request method page",
		canonical: "address=TST&bankaccount=168477081838&bankaddr=TST&bankcity=Hong Kong&bankcode=123&bankcountry=Hong Kong" +
			"&bankname=HSBC&bankswiftcode=HSBCHKHHHKH&bankuser=Peter&channel_type=&city=Hong Kong&country=Hong Kong" +
			"&email=peter@test.com&idnumber=172845391795&legalperson=Peter&licenseactive_date=20160810&licensenumber=123456" +
			"&mcc_id=21002&mobile=123456&name=Peter &shopname=PeterShopR&username=peter@test.com001",
		key: "c49ce1d444994b419934286eb07b40f2", md5: "3a7a3bba647fb6fbc28f6687d78212e2", empties: true,
	},
	{
		name: "published input, generic names", source: "published input; digests computed",
		canonical: "abc=value1&bad=value3&bcd=value2", key: "Key",
		md5:    "fe90e1859af37371a06415cf19f6614f",
		sha256: "55bed8288586b02e3836bf0c4baec24c002b1c87e1c355f356a3547ab97a64b4",
	},
	{
		name: "published input, mchid and amount", source: "published input; digests computed",
		canonical: "mchid=ZaMVg12345&txamt=100&txcurrcd=HKD", key: "abcd1234",
		md5:    "3cb3aa9c21d818ab4cafaa8fa3feacf4",
		sha256: "99d9f7174823928b74c74b1c7a7e1538df733774dd21c9606a202cb8bb3d74e8",
	},
	{
		name: "oauth", source: "ours",
		canonical: "app_code=" + ownCode + "&redirect_uri=http://merchant.test/getcode", key: ownKey,
		md5:    "E08C5AEF3778C327B2710E63924AE414",
		sha256: "04114c823c1b57ff0974be23b2abe7d081b285d901eb9e82cc7b5c1ddea51f25",
	},
	{
		name: "oauth, mchid and a query of its own", source: "ours",
		canonical: "app_code=" + ownCode + "&mchid=ZaMVg12345" +
			"&redirect_uri=https://merchant.test/wap/pay/wxredirect?showwxpaytitle=1", key: ownKey,
		md5:    "3952EFEA1C0FE1BD5773D49609B60E88",
		sha256: "65416c395fd12bfdc0292437326aed8222ce5c1fe04d301d5f952d572db9ddb3",
	},
	{
		name: "openid", source: "ours", canonical: "code=011QipnO1yMIla1VJdoO1FUrnO1Qipnv", key: ownKey,
		md5:    "DC7434A2A956C0680B46D6CB590A767E",
		sha256: "b3d62d877b03785f8249193df50b9dfae6d6ab80aea4bf48ee78fbdefc327c83",
	},
	{
		name: "payment 800207", source: "ours",
		canonical: "out_trade_no=01234567890123456789&pay_type=800207&sub_openid=oo3Lss8d0hLOuyTuSJMVwLTk68JE&txamt=1" +
			"&txcurrcd=HKD&txdtm=2020-04-10 11:45:44", key: ownKey,
		md5:    "FA1A3A43853FED5B8FD0AB8CD9AB849B",
		sha256: "9ae40eb31a0afee976c7afb82c0a50ca6d7292fd18f91045260ebdb6621fb34a",
	},
	{
		name: "payment, Chinese goods_name", source: "ours",
		canonical: "goods_name=測試&out_trade_no=T1&pay_type=800207&sub_openid=oo3Lss8d0hLOuyTuSJMVwLTk68JE&txamt=300" +
			"&txcurrcd=HKD&txdtm=2020-04-10 11:45:44", key: ownKey,
		md5:    "A9F475143C7A93D075FBDBB3C558CAA1",
		sha256: "bcfcab706f2e558da76174ab6f280240fdcaafbf3711662f8380fe77b00fcd48",
	},
	{
		name: "the same with its empty udid", source: "ours",
		canonical: "goods_name=測試&out_trade_no=T1&pay_type=800207&sub_openid=oo3Lss8d0hLOuyTuSJMVwLTk68JE&txamt=300" +
			"&txcurrcd=HKD&txdtm=2020-04-10 11:45:44&udid=", key: ownKey,
		md5: "30796E0B1692BBF55EDA6B8E5240D573", empties: true,
	},
	{
		name: "query", source: "ours", canonical: "syssn=20200410000300020086358791", key: ownKey,
		md5:    "7147E2B357DC270EEB13017E850A11BE",
		sha256: "1bd3e56e012be373d0c87e410f4eb6ed98e39f8d7a900ccff88488e096c45fdd",
	},
	{
		name: "refund", source: "ours",
		canonical: "out_trade_no=R1&syssn=20200410000300020086358791&txamt=300&txdtm=2020-04-10 12:00:00", key: ownKey,
		md5:    "3EEA25F1899951D1EE19DED00FE2BF20",
		sha256: "7eccd5f6b914c0ceb5746bc46d9ac3981ea7b3922264f686fe8c146b42832940",
	},
}

// paramsOf splits a canonical string without decoding it; no value among the vectors holds an &.
func paramsOf(canonical string) qfpay.Params {
	var p qfpay.Params
	for pair := range strings.SplitSeq(canonical, "&") {
		name, value, _ := strings.Cut(pair, "=")
		p = append(p, qfpay.Param{Name: name, Value: value})
	}
	return p
}

func TestVectors(t *testing.T) {
	for _, v := range vectors {
		t.Run(v.name, func(t *testing.T) {
			sent := shuffled(append(paramsOf(v.canonical),
				qfpay.Param{Name: "sign", Value: "not signed"}, qfpay.Param{Name: "sign_type", Value: "MD5"}))
			got := sent.Canonical()
			if v.empties {
				got = sent.CanonicalWithEmpties()
			}
			if got != v.canonical {
				t.Errorf("canonical string: got %q want %q", got, v.canonical)
			}
			// As a client sends it: escaped, and read back.
			if arrived := qfpay.ParseParams(sent.Encode()); arrived.CanonicalWithEmpties() != sent.CanonicalWithEmpties() {
				t.Errorf("after transport: got %q want %q", arrived.CanonicalWithEmpties(), sent.CanonicalWithEmpties())
			}
			checkDigest(t, v.canonical, v.key, v.md5, qfpay.MD5, sent)
			if v.sha256 != "" {
				checkDigest(t, v.canonical, v.key, v.sha256, qfpay.SHA256, sent)
			}
		})
	}
}

func checkDigest(t *testing.T, canonical, key, want string, kind qfpay.SignType, sent qfpay.Params) {
	t.Helper()
	if got := qfpay.Sign(canonical, key, kind); got != strings.ToUpper(want) {
		t.Errorf("%v: got %s want %s", kind, got, strings.ToUpper(want))
	}
	for _, sign := range []string{strings.ToUpper(want), strings.ToLower(want)} {
		if !qfpay.Verify(sent, key, sign, kind) {
			t.Errorf("%v: %s does not verify", kind, sign)
		}
	}
	if qfpay.Verify(sent, key+"x", want, kind) {
		t.Errorf("%v: verifies with another key", kind)
	}
	if qfpay.Verify(sent, key, want, kind^1) {
		t.Errorf("%v: verifies as the other digest", kind)
	}
}

func TestBodyVectors(t *testing.T) {
	tests := []struct {
		name, source, body string
		size               int
		key, md5           string
	}{
		{
			name: "V3 signed answer", source: "Japan reference, section 3.4.3", size: 302,
			body: `{"pay_type": "800108", "sysdtm": "2018-01-12 19:31:16", "cardcd": "2088802362210279", ` +
				`"txdtm": "2018-01-12 19:31:22", "resperr": "\u4ea4\u6613\u6210\u529f", "txcurrcd": "CNY", "txamt": "1", ` +
				`"respmsg": "", "out_trade_no": "130145934788787530052", "syssn": "20180112000100020001662134", "respcd": "0000"}`,
			key: "615ED178BA524459976CE40FAB78000F", md5: "1E2CE7C2A7F8F581C354A857182B7A31",
		},
		{
			name: "notification, Chinese and a slash", source: "ours", size: 84,
			body: `{"status": "1", "goods_name": "\u6e2c\u8a66/\u5496\u5561", "notify_type": "payment"}`,
			key:  ownKey, md5: "84081F872181E1347CC2E774902FF460",
		},
		{
			name: "illegal app code", source: "captured body; key ours", size: 67,
			body: `{"resperr": "APPCODE\u975e\u6cd5", "respcd": "1108", "respmsg": ""}`,
			key:  ownKey, md5: "30553681AAD2BA066454A5A4145BA95E",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body := []byte(tt.body)
			if len(body) != tt.size {
				t.Errorf("size: got %d want %d", len(body), tt.size)
			}
			if got := qfpay.SignBody(body, tt.key); got != tt.md5 {
				t.Errorf("got %s want %s", got, tt.md5)
			}
			for _, sign := range []string{tt.md5, strings.ToLower(tt.md5)} {
				if !qfpay.VerifyBody(body, tt.key, sign) {
					t.Errorf("%s does not verify", sign)
				}
			}
			if qfpay.VerifyBody(append(body, '\n'), tt.key, tt.md5) {
				t.Error("verifies with a byte more")
			}
		})
	}
}
