package sandboxtest_test

import (
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/sandboxtest"
)

func TestVerify(t *testing.T) {
	for _, c := range []struct {
		name  string
		check func(*sandboxtest.Sandbox)
		want  []string // of what is printed; nothing passes
	}{
		{"as expected", func(s *sandboxtest.Sandbox) {
			s.Verify(control.Verification{OutTradeNo: "T1", Expect: []control.Expectation{{Call: "payment", Respcd: "0000", Times: 1}}})
		}, nil},
		{"two failures", func(s *sandboxtest.Sandbox) {
			s.Verify(control.Verification{OutTradeNo: "T1", Expect: []control.Expectation{{Call: "payment", Times: 2}, {Call: "query"}}})
		}, []string{"sandboxtest: ", "want exactly 2, got 1", "sandboxtest: ", "want at least 1, got 0"}},
		{"one payment", func(s *sandboxtest.Sandbox) { s.VerifyOnePayment("T2") }, []string{"sandboxtest: accepted payments with out_trade_no T2: want exactly 1, got 0"}},
		{"another App's order", func(s *sandboxtest.Sandbox) {
			s.Verify(control.Verification{App: "OTHER", OutTradeNo: "T1", Expect: []control.Expectation{{Call: "payment"}}})
		}, nil}, // the App is the sandbox's own, whatever is said
		{"unreadable", func(s *sandboxtest.Sandbox) { s.Verify(control.Verification{Verify: "all-is-well"}) }, []string{"sandboxtest: sandbox control: ", "all-is-well"}},
	} {
		ended := trial("TestShop", func(t testing.TB) {
			s := sandboxtest.Start(t)
			s.Call("/trade/v1/payment", order(s, "T1"))
			c.check(s)
		})
		rest := ended.words()
		for _, want := range c.want {
			_, after, found := strings.Cut(rest, want)
			if !found {
				t.Errorf("%s: it ended with\n%s\nwant %q in it", c.name, ended.printed(), want)
			}
			rest = after
		}
		if ended.failed != (c.want != nil) {
			t.Errorf("%s: it ended with\n%s\nwant it failed: %t", c.name, ended.printed(), c.want != nil)
		}
	}
}
