package server

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// nobody takes an answer and keeps its header.
type nobody struct{ header http.Header }

func (n *nobody) Header() http.Header         { return n.header }
func (n *nobody) WriteHeader(int)             {}
func (n *nobody) Write(p []byte) (int, error) { return len(p), nil }

// BenchmarkCalls is a call's way through all of the sandbox but net/http, the log written to a file.
// make bench measures what a caller sees.
func BenchmarkCalls(b *testing.B) {
	const code, key = "BENCHAPPCODE", "BENCHCLIENTKEY"
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer null.Close()
	s, err := Start(b.Context(), Config{Apps: []sandbox.App{{Code: code, ClientKey: key}}, Log: slog.New(slog.NewTextHandler(null, nil))})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Shutdown(b.Context())
	request := func(path string, p qfpay.Params) *http.Request {
		body := p.Encode()
		return &http.Request{
			Method: http.MethodPost, URL: &url.URL{Path: path}, RequestURI: path, Host: "127.0.0.1:8080", ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body)),
			Header: http.Header{
				"Content-Type": {"application/x-www-form-urlencoded"}, "X-Qf-Appcode": {code}, "X-Qf-Sign": {qfpay.Sign(p.Canonical(), key, qfpay.MD5)},
				"User-Agent": {"Go-http-client/1.1"}, "Content-Length": {"250"}, "Accept-Encoding": {"gzip"},
			},
		}
	}
	serve := func(path string, p qfpay.Params) {
		s.vendor.Handler.ServeHTTP(&nobody{http.Header{}}, request(path, p))
	}
	order := func(n int) string { return fmt.Sprintf("T%015d", n) }
	txdtm := sandbox.FormatTime(time.Now())
	pay := func(n int) {
		serve("/trade/v1/payment", qfpay.Params{
			{Name: "txamt", Value: "300"}, {Name: "txcurrcd", Value: "HKD"}, {Name: "pay_type", Value: "800207"}, {Name: "out_trade_no", Value: order(n)},
			{Name: "txdtm", Value: txdtm}, {Name: "goods_name", Value: "測試 pet food"}, {Name: "sub_openid", Value: fmt.Sprintf("oBenchPayer%017d", n)},
		})
	}
	pay(0)
	paid := 1
	b.Run("payment", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			pay(paid)
			paid++
		}
	})
	b.Run("enquiry", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			serve("/trade/v1/query", qfpay.Params{{Name: "out_trade_no", Value: order(0)}})
		}
	})
	b.Run("nothing", func(b *testing.B) { // but making the request
		b.ReportAllocs()
		for b.Loop() {
			request("/healthz", qfpay.Params{{Name: "out_trade_no", Value: order(0)}})
		}
	})
}
