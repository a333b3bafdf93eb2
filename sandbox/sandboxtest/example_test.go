package sandboxtest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/sandboxtest"
)

// The bodies of these examples are bodies of tests. An example has no *testing.T, so runTest stands in
// for go test: it calls the body with one that prints how the test ended.
func runTest(name string, body func(t testing.TB)) { fmt.Println(trial(name, body).printed()) }

// A payment, and the notification it brings to the merchant's own server.
func ExampleStart() {
	runTest("TestPayment", func(t testing.TB) {
		merchant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "SUCCESS")
		}))
		defer merchant.Close()
		s := sandboxtest.Start(t, sandboxtest.WithNotifyURL(merchant.URL+"/notify"))

		// In a test of yours, your program makes this call: it is configured with s.URL, s.AppCode and s.ClientKey.
		answer := s.Call("/trade/v1/payment", sandboxtest.Params{
			"out_trade_no": "T1", "pay_type": "800207", "sub_openid": s.OpenID("alice"),
			"txamt": "300", "txcurrcd": "HKD", "txdtm": "2026-03-14 10:00:00",
		})
		fmt.Println("ordered:", answer.At("respcd"))

		fmt.Println("the order is", s.Pay("T1").State)
		told := s.Wait(control.JournalFilter{Surface: "notify", OutTradeNo: "T1"})
		fmt.Println("the merchant was told of", told.OutTradeNo, "and answered", told.AnswerBody)
	})
	// Output:
	// ordered: 0000
	// the order is paid
	// the merchant was told of T1 and answered SUCCESS
	// --- PASS: TestPayment
}

// The next call is refused, the one after it loses its answer, and then all is well again.
func ExampleSandbox_Queue() {
	runTest("TestRetries", func(t testing.TB) {
		s := sandboxtest.Start(t)
		s.Queue("query", "1145", "http=504")
		for range 3 {
			answer := s.Call("/trade/v1/query", sandboxtest.Params{"out_trade_no": "T1"})
			fmt.Printf("HTTP %d, respcd %q\n", answer.Status, answer.At("respcd"))
		}
	})
	// Output:
	// HTTP 200, respcd "1145"
	// HTTP 504, respcd ""
	// HTTP 200, respcd "0000"
	// --- PASS: TestRetries
}

// A merchant who is down hears again when the clock says so; nothing sleeps.
func ExampleSandbox_Advance() {
	runTest("TestNotificationComesAgain", func(t testing.TB) {
		var attempts atomic.Int32
		s := sandboxtest.Start(t,
			sandboxtest.WithTime(time.Date(2026, 3, 14, 10, 0, 0, 0, time.UTC)),
			sandboxtest.WithNotifyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if attempts.Add(1) == 1 {
					w.WriteHeader(http.StatusBadGateway)
					return
				}
				io.WriteString(w, "SUCCESS")
			})))
		s.Call("/trade/v1/payment", sandboxtest.Params{
			"out_trade_no": "T1", "pay_type": "800207", "sub_openid": s.OpenID("alice"),
			"txamt": "300", "txcurrcd": "HKD", "txdtm": "2026-03-14 18:00:00",
		})
		s.Pay("T1")
		s.Wait(control.JournalFilter{Surface: "notify"})
		fmt.Println("attempts at once:", attempts.Load())

		s.Advance(2 * time.Minute)
		fmt.Println("attempts after two minutes:", attempts.Load())
		fmt.Println(s.Notifications("T1")[0].Attempts[1].Verdict)
	})
	// Output:
	// attempts at once: 1
	// attempts after two minutes: 2
	// acknowledged
	// --- PASS: TestNotificationComesAgain
}
