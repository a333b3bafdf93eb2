package qfpay_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// An answer made in memory of another shows nothing of it, also when many are made at once.
func TestRecycledObjectsAreLikeNew(t *testing.T) {
	print := func(n int) string {
		a := qfpay.PaymentAnswer{OutTradeNo: fmt.Sprint("T", n), Respcd: qfpay.RespOK}
		if n%2 == 0 {
			a.PayParams = &qfpay.PayParams{Package: fmt.Sprint("prepay_id=", n)}
		}
		o := a.Object()
		defer qfpay.Recycle(o)
		return string(o.Append(nil))
	}
	var want [100]string
	for n := range want {
		want[n] = print(n)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for n := range want {
				if got := print(n); got != want[n] {
					t.Errorf("answer %d is %s, want %s", n, got, want[n])
				}
				e := qfpay.Envelope{Respcd: "1108", Resperr: fmt.Sprint(n)}.Object()
				if got, want := string(e.Append(nil)), fmt.Sprintf(`{"resperr": "%d", "respcd": "1108", "respmsg": ""}`, n); got != want {
					t.Errorf("envelope %d is %s, want %s", n, got, want)
				}
				qfpay.Recycle(e)
			}
		})
	}
	all.Wait()
}
