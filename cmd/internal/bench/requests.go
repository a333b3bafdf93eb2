//go:build linux

package main

import (
	"fmt"
	"strconv"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Paths of the three calls that are measured.
const (
	paymentPath  = "/trade/v1/payment"
	enquiryPath  = "/trade/v1/query"
	exchangePath = "/tool/v1/get_weixin_openid"
)

// appCode and appKey are those of the App with this index. The server's Apps are made of the same.
func appCode(i int) string { return fmt.Sprintf("BENCHAPPCODE%020d", i) }
func appKey(i int) string  { return fmt.Sprintf("BENCHCLIENTKEY%018d", i) }

// What belongs to number n goes to App n modulo the number of Apps, so that neighbours in time
// belong to different Apps.
func ownerOf(n, apps int) int { return n % apps }

// Numbers of orders: those stored before anything is measured, and those of measured payments.
func storedOrder(n int) string { return fmt.Sprintf("STORED%010d", n) }
func newOrder(n int) string    { return fmt.Sprintf("T%015d", n) }

// openID is the n-th payer's at the n-th payment's App.
func openID(n int) string { return fmt.Sprintf("oBenchPayer%017d", n) }

// oauthCode is the n-th code a payer brings.
func oauthCode(n int) string { return fmt.Sprintf("0%031d", n) }

func paymentForm(order, payer, txdtm string) qfpay.Params {
	return qfpay.Params{
		{Name: "txamt", Value: "300"}, {Name: "txcurrcd", Value: "HKD"}, {Name: "pay_type", Value: string(qfpay.WeChatJSAPI)},
		{Name: "out_trade_no", Value: order}, {Name: "txdtm", Value: txdtm}, {Name: "goods_name", Value: "測試 pet food"}, {Name: "sub_openid", Value: payer},
	}
}

// post is a signed request, ready to be sent.
func post(path string, app int, p qfpay.Params) []byte {
	body := p.Encode()
	b := make([]byte, 0, 320+len(body))
	b = append(b, "POST "+path+" HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: "...)
	b = strconv.AppendInt(b, int64(len(body)), 10)
	b = append(b, "\r\nContent-Type: application/x-www-form-urlencoded\r\nX-QF-APPCODE: "+appCode(app)+"\r\nX-QF-SIGN: "...)
	b = append(b, qfpay.Sign(p.Canonical(), appKey(app), qfpay.MD5)...)
	b = append(b, "\r\nAccept-Encoding: gzip\r\n\r\n"...)
	return append(b, body...)
}

// payments are new orders with the numbers from first on.
func payments(first, count, apps int, at sandbox.Clock) load {
	l := load{once: true, requests: make([][]byte, count)}
	txdtm := sandbox.FormatTime(at.Now())
	for i := range l.requests {
		n := first + i
		l.requests[i] = post(paymentPath, ownerOf(n, apps), paymentForm(newOrder(n), openID(n), txdtm))
	}
	return l
}

// enquiries ask for stored orders by their numbers, here and there among all of them.
func enquiries(count, stored, apps int) load {
	l := load{requests: make([][]byte, count)}
	for i := range l.requests {
		n := i * 7_919 % stored
		l.requests[i] = post(enquiryPath, ownerOf(n, apps), qfpay.Params{{Name: "out_trade_no", Value: storedOrder(n)}})
	}
	return l
}

// exchanges bring codes nobody has exchanged yet.
func exchanges(first, count, apps int) load {
	l := load{once: true, requests: make([][]byte, count)}
	for i := range l.requests {
		n := first + i
		l.requests[i] = post(exchangePath, ownerOf(n, apps), qfpay.Params{{Name: "code", Value: oauthCode(n)}})
	}
	return l
}
