package sandboxtest_test

import (
	"fmt"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/sandboxtest"
)

// Each subtest has a sandbox of its own, and all have the same order number.
func TestParallelSandboxes(t *testing.T) {
	for i := range 50 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			s := sandboxtest.Start(t)
			s.Queue("query", "1145")
			if got := enquire(s, 2); got != "1145 0000" {
				t.Errorf("enquiries give %s, want 1145 0000", got)
			}
			s.Call("/trade/v1/payment", order(s, "T1"))
			if state := s.Pay("T1").State; state != "paid" {
				t.Errorf("the order is %s, want paid", state)
			}
			if n := len(s.Journal(journalOfPayments)); n != 1 {
				t.Errorf("%d payments in the journal, want 1", n)
			}
		})
	}
}

// One sandbox serves all subtests; each has an App, and so orders, clock and journal of its own.
func TestParallelSubtests(t *testing.T) {
	shared := sandboxtest.Start(t)
	for _, currency := range []string{"HKD", "USD", "JPY"} {
		t.Run(currency, func(t *testing.T) {
			t.Parallel()
			s := shared.NewApp(t)
			params := order(s, "T1")
			params["txcurrcd"] = currency
			s.Call("/trade/v1/payment", params)
			if got := s.Pay("T1"); string(got.Txcurrcd) != currency {
				t.Errorf("%s was paid, want %s", got.Txcurrcd, currency)
			}
		})
	}
}

// Subtests of one App share what it has; what fails in one fails there.
func TestForASubtest(t *testing.T) {
	s := sandboxtest.Start(t)
	s.Call("/trade/v1/payment", order(s, "T1"))
	t.Run("paid", func(t *testing.T) {
		if state := s.For(t).Pay("T1").State; state != "paid" {
			t.Errorf("the order is %s, want paid", state)
		}
	})
	sub := trial("TestShop/receipt", func(t testing.TB) { s.For(t).Order("T2") })
	if !sub.failed || t.Failed() {
		t.Errorf("the subtest failed: %t, its parent: %t, want only the subtest", sub.failed, t.Failed())
	}
}
