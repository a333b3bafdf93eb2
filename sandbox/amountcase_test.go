package sandbox_test

import (
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func withAmountCases(a *sandbox.App) { a.Settings.AmountCases = true }

func (w *world) changeApp(change func(*sandbox.App)) {
	w.t.Helper()
	var err error
	w.app, err = w.UpdateApp(w.t.Context(), "APPCODE", change)
	w.must(err)
}

// What an amount decides where the payer's code is scanned by somebody the sandbox does not know.
func TestAmountCases(t *testing.T) {
	for _, c := range []struct {
		txamt, by string
		rule      string
		respcd    qfpay.Respcd
		state     sandbox.State
		variants  []sandbox.Variant
	}{
		{"300", "default", "", "", sandbox.StatePaid, []sandbox.Variant{sandbox.VariantGood}},
		{"101", "amount 1.01", "", "", sandbox.StatePaid, []sandbox.Variant{sandbox.VariantGood}},
		{"102", "amount 1.02", "", "", sandbox.StateRefunded, []sandbox.Variant{sandbox.VariantGood}},
		{"130", "amount 1.30", "", "", sandbox.StatePaid, []sandbox.Variant{sandbox.VariantNever}},
		{"131", "amount 1.31", "payer-balance", "1201", sandbox.StateFailed, nil},
		{"132", "amount 1.32", "", "", sandbox.StatePaid, []sandbox.Variant{sandbox.VariantDuplicate}},
		{"133", "amount 1.33", "", "", sandbox.StatePaid, []sandbox.Variant{sandbox.VariantBadSignature}},
		{"134", "amount 1.34", "", "", sandbox.StatePaid, []sandbox.Variant{sandbox.VariantWrongAmount}},
	} {
		t.Run(c.txamt, func(t *testing.T) {
			w := newWorld(t, withAmountCases)
			ctx, e := w.noted()
			r := scanned("800208", "131234567890123456")
			r.Txamt = c.txamt
			_, _, err := w.Pay(ctx, w.app, r)
			if c.rule != "" {
				refusalNamed(t, err, c.rule, c.respcd)
			} else {
				w.must(err)
			}
			got, err := w.Store.TransactionByOutTradeNo(t.Context(), "APPCODE", "", "T1")
			w.must(err)
			if got.State != c.state || e.DecidedBy != c.by || e.Syssn != got.Syssn {
				t.Errorf("the order is %s by %q, the exchange about %s; want %s by %q, about %s", got.State, e.DecidedBy, e.Syssn, c.state, c.by, got.Syssn)
			}
			list, err := w.Store.Notifications(t.Context(), "APPCODE", "T1")
			w.must(err)
			if len(list) != len(c.variants) || len(list) == 1 && list[0].Variant != c.variants[0] {
				t.Errorf("the notifications are %+v, want %v", list, c.variants)
			}
		})
	}
}

// 1.02 is refunded by the rules of every refund, whichever way it was paid, and only where the
// amount decided.
func TestTheAmountThatIsRefundedByItself(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*world)
		lever  sandbox.Behaviour
		want   sandbox.State
		found  bool
	}{
		{"in the wallet", func(*world) {}, "", sandbox.StateRefunded, false},
		{"under way", func(w *world) { w.changeApp(func(a *sandbox.App) { a.Settings.RefundDelay = time.Minute }) }, "", sandbox.StatePaid, false},
		{"in the hour without refunds", func(w *world) { w.clock.now = time.Date(2026, 3, 14, 23, 30, 0, 0, sandbox.QFPayZone) }, "", sandbox.StatePaid, true},
		{"decided by the order", func(*world) {}, sandbox.BehavePay, sandbox.StatePaid, false},
		{"where amounts decide nothing", func(w *world) { w.changeApp(func(a *sandbox.App) { a.Settings.AmountCases = false }) }, "", sandbox.StatePaid, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, withAmountCases)
			c.change(w)
			tr, p := w.pay(func(r *sandbox.PaymentRequest) {
				r.Txamt = "102"
				if r.Behaviour = c.lever; c.lever != "" {
					r.Lever = "header"
				}
			})
			ctx, e := w.noted()
			_, err := w.PayerPays(ctx, w.invocation(p))
			w.must(err)
			got, err := w.Store.TransactionBySyssn(t.Context(), "APPCODE", tr.Syssn)
			w.must(err)
			if got.State != c.want || e.Has(sandbox.FindLever) != c.found {
				t.Errorf("the order is %s with findings %v, want %s, told of the lever: %v", got.State, e.Findings, c.want, c.found)
			}
			if c.name == "under way" && got.Refunding != 102 {
				t.Errorf("%d are under way back, want 102", got.Refunding)
			}
		})
	}
}

// At the till the order of the levers is the wallet's: order, payer, amount, nothing.
func TestLeversHaveAnOrderAtTheTill(t *testing.T) {
	for _, c := range []struct {
		name   string
		order  sandbox.Behaviour
		payer  sandbox.Behaviour
		txamt  string
		rule   string
		respcd qfpay.Respcd
		by     string
	}{
		{"nothing", "", "manual", "300", "payer-enters-password", "1143", "default"},
		{"the amount", "", "manual", "131", "payer-balance", "1201", "amount 1.31"},
		{"the payer before the amount", "", "pending", "131", "payment-under-way", "1145", "payer alice"},
		{"the order before the payer", "wrong-account", "pending", "131", "payer-account", "1203", "fault 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, withAmountCases)
			_, err := w.UpdatePayer(t.Context(), "alice", func(p *sandbox.Payer) { p.Behaviour = c.payer })
			w.must(err)
			code, err := w.IssueAuthCode(t.Context(), "APPCODE", "alice", "")
			w.must(err)
			r := scanned("800208", code.Code)
			r.Txamt, r.Behaviour = c.txamt, c.order
			if c.order != "" {
				r.Lever = "fault 1"
			}
			ctx, e := w.noted()
			_, _, err = w.Pay(ctx, w.app, r)
			refusalNamed(t, err, c.rule, c.respcd)
			if e.DecidedBy != c.by {
				t.Errorf("it was decided by %q, want %q", e.DecidedBy, c.by)
			}
		})
	}
}

func TestAccountsOf(t *testing.T) {
	w := newWorld(t)
	got, err := w.AccountsOf(t.Context(), "APPCODE", "alice")
	w.must(err)
	if got.OpenID != w.openID() || len(got.Alipay) != 16 || got.Alipay[:4] != "2088" {
		t.Errorf("alice is %+v, want the openid of a login and 2088 with 12 digits", got)
	}
	if _, err := w.AccountsOf(t.Context(), "NOBODY", "alice"); err == nil {
		t.Error("an unknown App has names for alice")
	}
	if _, err := w.AccountsOf(t.Context(), "APPCODE", "nobody"); err == nil {
		t.Error("an unknown payer has names")
	}
}
