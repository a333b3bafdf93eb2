package sandbox_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// Each payer has a list of its own, over all merchants and accounts, newest first.
func TestBillsAreThePayersOwn(t *testing.T) {
	w := newWorld(t)
	_, p := w.pay()
	_, err := w.PayerPays(t.Context(), w.invocation(p))
	w.must(err)
	_, err = w.CreatePayer(t.Context(), sandbox.Payer{ID: "bob"})
	w.must(err)
	other, err := w.CreateApp(t.Context(), sandbox.App{Code: "OTHER", ClientKey: "K", Own: sandbox.OfficialAccount{AppID: "wx0123456789abcdef"}})
	w.must(err)
	order := func(number string, payer sandbox.PayerID, later time.Duration) {
		t.Helper()
		w.clock.now = morning.Add(later)
		names, err := w.AccountsOf(t.Context(), "OTHER", payer)
		w.must(err)
		r := w.request()
		r.OutTradeNo, r.SubOpenID = number, string(names.OpenID)
		_, _, err = w.Pay(t.Context(), other, r)
		w.must(err)
	}
	order("A1", "alice", time.Minute)
	order("B1", "bob", 2*time.Minute)
	order("A2", "alice", 3*time.Minute)
	want := func(payer sandbox.PayerID, most, more int, numbers ...sandbox.OutTradeNo) {
		t.Helper()
		got, left, err := w.Bills(t.Context(), payer, most)
		w.must(err)
		if left != more || len(got) != len(numbers) {
			t.Fatalf("%s has %d bills and %d more, want %v and %d more", payer, len(got), left, numbers, more)
		}
		for i, b := range got {
			if b.Transaction.OutTradeNo != numbers[i] || b.App.Code != b.Transaction.App {
				t.Errorf("bill %d of %s is %s at %s, want %s", i, payer, b.Transaction.OutTradeNo, b.App.Code, numbers[i])
			}
		}
	}
	want("alice", 10, 0, "A2", "A1", "T1")
	want("alice", 2, 1, "A2", "A1")
	want("bob", 10, 0, "B1")
	want("nobody", 10, 0)

	// What others order afterwards hides nothing.
	for i := range 1_200 {
		w.must(w.Store.CreateTransaction(t.Context(), sandbox.Transaction{Kind: sandbox.KindPayment, App: "OTHER", Syssn: sandbox.Syssn(fmt.Sprintf("N%d", i)),
			OutTradeNo: sandbox.OutTradeNo(fmt.Sprintf("N%d", i)), OpenID: "oSOMEBODY", CreatedAt: morning.Add(time.Hour)}))
	}
	want("alice", 10, 0, "A2", "A1", "T1")
	want("bob", 1, 0, "B1")
}
