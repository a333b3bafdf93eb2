package qfpay_test

import (
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

const paymentForm = "txamt=300&txcurrcd=HKD&pay_type=800207&out_trade_no=T20200410114544&txdtm=2020-04-10+11%3A45%3A44" +
	"&goods_name=%E6%B8%AC%E8%A9%A6&sub_openid=oo3Lss8d0hLOuyTuSJMVwLTk68JE&mchid=ZaMVg12345"

func BenchmarkParseParams(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		qfpay.ParseParams(paymentForm)
	}
}

func BenchmarkReadParams(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := qfpay.ReadParams(request("POST", "", form, paymentForm), 1<<20); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRequest is what BenchmarkReadParams spends on making its request.
func BenchmarkRequest(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		request("POST", "", form, paymentForm)
	}
}

func BenchmarkCanonical(b *testing.B) {
	p := qfpay.ParseParams(paymentForm)
	b.ReportAllocs()
	for b.Loop() {
		p.Canonical()
	}
}

func BenchmarkSign(b *testing.B) {
	canonical := qfpay.ParseParams(paymentForm).Canonical()
	b.ReportAllocs()
	for b.Loop() {
		qfpay.Sign(canonical, ownKey, qfpay.MD5)
	}
}

func BenchmarkVerify(b *testing.B) {
	p := qfpay.ParseParams(paymentForm)
	for _, kind := range []qfpay.SignType{qfpay.MD5, qfpay.SHA256} {
		b.Run(kind.String(), func(b *testing.B) {
			sign := qfpay.Sign(p.Canonical(), ownKey, kind)
			b.ReportAllocs()
			for b.Loop() {
				if !qfpay.Verify(p, ownKey, sign, kind) {
					b.Fatal("does not verify")
				}
			}
		})
	}
}

func BenchmarkPaymentAnswer(b *testing.B) {
	a := qfpay.PaymentAnswer{
		PayType: qfpay.WeChatJSAPI, Sysdtm: "2020-04-10 11:45:44", Paydtm: "2020-04-10 11:45:44",
		Txdtm: "2020-04-10 11:45:44", Udid: qfpay.DefaultUdid, Txcurrcd: "HKD", Txamt: "300", Resperr: qfpay.TextPaid,
		OutTradeNo: "T20200410114544", Syssn: "20200410000300020086358791", Respcd: qfpay.RespOK,
		PayParams: &qfpay.PayParams{
			Package: "prepay_id=wx21201855730335ac86f8c43d1889123400", TimeStamp: "1586490344", SignType: "MD5",
			PaySign: "FA1A3A43853FED5B8FD0AB8CD9AB849B", AppID: "wx0123456789abcdef", NonceStr: "0123456789abcdef0123456789abcdef",
		},
	}
	b.ReportAllocs()
	for b.Loop() {
		qfpay.SignBody(a.Object().Bytes(), ownKey)
	}
}
