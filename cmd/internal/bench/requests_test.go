//go:build linux

package main

import (
	"bufio"
	"bytes"
	"net/http"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

type stopped struct{}

func (stopped) Now() time.Time { return time.Date(2026, 3, 14, 10, 0, 0, 0, time.UTC) }

// A load that the sandbox refused would measure refusals.
func TestRequestsAreSignedByTheirOwners(t *testing.T) {
	for name, l := range map[string]load{
		"payments": payments(995, 10, 7, stopped{}), "enquiries": enquiries(10, 1_000, 7), "exchanges": exchanges(995, 10, 7),
	} {
		for _, raw := range l.requests {
			r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
			if err != nil {
				t.Fatalf("%s: got error %v, want none", name, err)
			}
			p, err := qfpay.ReadParams(r, 1<<20)
			if err != nil {
				t.Fatalf("%s: got error %v, want none", name, err)
			}
			var key string
			for app := range 7 {
				if appCode(app) == r.Header.Get("X-QF-APPCODE") {
					key = appKey(app)
				}
			}
			if !qfpay.Verify(p, key, r.Header.Get("X-QF-SIGN"), qfpay.MD5) {
				t.Errorf("%s: %q is not signed by its App", name, raw)
			}
		}
	}
}

func TestEachPaymentHasItsOwnNumber(t *testing.T) {
	seen := map[string]bool{}
	for _, raw := range append(payments(0, 50, 7, stopped{}).requests, payments(50, 50, 7, stopped{}).requests...) {
		seen[string(raw)] = true
	}
	if len(seen) != 100 {
		t.Errorf("got %d different payments of 100", len(seen))
	}
	if id := openID(123); !wechat.ValidOpenID(id) {
		t.Errorf("%q is no openid", id)
	}
}
