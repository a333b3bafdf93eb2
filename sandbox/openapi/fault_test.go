package openapi

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// Where a connection cannot be taken from net/http, net/http is told to close it.
func TestCutWithoutAConnection(t *testing.T) {
	defer func() {
		if got := recover(); got != http.ErrAbortHandler {
			t.Errorf("got panic %v, want http.ErrAbortHandler", got)
		}
	}()
	cut(httptest.NewRecorder(), sandbox.CutBefore)
}

func TestPathsOfQFPay(t *testing.T) {
	for path, want := range map[string]bool{
		"/trade/v1/query": true, "/trade/": true, "/tool/v1/x": true, "/checkstand": true, "/checkstand/": true, "/checkstand/x": true, "/custom/v1/query": true,
		"/subscription/billing_order/v1/list": true, "/settlement/v1/query": true, "/download/v1/trade_bill": true,
		"/": false, "/trade": false, "/checkstander": false, "/custom/v2/query": false, "/q/direct": false, "/download/v1/trade_bills": false,
	} {
		if got := OwnsPath(path); got != want {
			t.Errorf("%s is QFPay's: %t, want %t", path, got, want)
		}
	}
}
