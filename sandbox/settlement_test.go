package sandbox_test

import (
	"context"
	"regexp"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// Levers decide in this order: the order's own, the payer's, the amount, nothing.
func TestLeversHaveAnOrder(t *testing.T) {
	for _, c := range []struct {
		name    string
		order   sandbox.Behaviour
		payer   sandbox.Behaviour
		cases   bool
		txamt   string
		want    string // the wallet's result
		by      string
		variant sandbox.Variant
	}{
		{"nothing", "", "manual", true, "300", "get_brand_wcpay_request:ok", "default", ""},
		{"the amount", "", "manual", true, "130", "get_brand_wcpay_request:ok", "amount 1.30", sandbox.VariantNever},
		{"the amount of a duplicate", "", "manual", true, "132", "get_brand_wcpay_request:ok", "amount 1.32", sandbox.VariantDuplicate},
		{"the amount of a bad signature", "", "manual", true, "133", "get_brand_wcpay_request:ok", "amount 1.33", sandbox.VariantBadSignature},
		{"the amount of wrong fields", "", "manual", true, "134", "get_brand_wcpay_request:ok", "amount 1.34", sandbox.VariantWrongAmount},
		{"the amount, where amounts do not decide", "", "manual", false, "130", "get_brand_wcpay_request:ok", "default", ""},
		{"the payer before the amount", "", "pays-bridge-cancels", true, "130", "get_brand_wcpay_request:cancel", "payer alice", ""},
		{"the order before the payer", "pay", "pays-bridge-cancels", true, "130", "get_brand_wcpay_request:ok", "header", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, func(a *sandbox.App) { a.Settings.AmountCases = c.cases })
			var err error
			w.payer, err = w.UpdatePayer(t.Context(), "alice", func(p *sandbox.Payer) { p.Behaviour = c.payer })
			w.must(err)
			tr, p := w.pay(func(r *sandbox.PaymentRequest) {
				r.Txamt = c.txamt
				if r.Behaviour = c.order; c.order != "" {
					r.Lever = "header"
				}
			})
			ctx, e := w.noted()
			a, err := w.PayerPays(ctx, w.invocation(p))
			w.must(err)
			got, err := w.Store.TransactionBySyssn(t.Context(), "APPCODE", tr.Syssn)
			w.must(err)
			if a.Result != c.want || e.DecidedBy != c.by || got.Variant != c.variant || got.State != sandbox.StatePaid {
				t.Errorf("got %s by %q, %s, variant %q, want %s by %q, paid, variant %q", a.Result, e.DecidedBy, got.State, got.Variant, c.want, c.by, c.variant)
			}
		})
	}
}

// What each behaviour makes of an order in the wallet.
func TestBehaviours(t *testing.T) {
	for _, c := range []struct {
		behaviour     sandbox.Behaviour
		result, popup string
		gone          bool
		state         sandbox.State
	}{
		{sandbox.BehaveManual, "get_brand_wcpay_request:ok", "", false, sandbox.StatePaid},
		{sandbox.BehavePay, "get_brand_wcpay_request:ok", "", false, sandbox.StatePaid},
		{sandbox.BehaveSlow, "get_brand_wcpay_request:ok", "", false, sandbox.StatePaid},
		{sandbox.BehaveInsufficientBalance, "get_brand_wcpay_request:cancel", "余额不足", false, sandbox.StateCreated},
		{sandbox.BehaveWrongAccount, "get_brand_wcpay_request:cancel", "下单账号与支付账号不一致", false, sandbox.StateCreated},
		{sandbox.BehaveRealNameMismatch, "get_brand_wcpay_request:cancel", "实名信息", false, sandbox.StateCreated},
		{sandbox.BehavePaysNeverReturns, "", "", true, sandbox.StatePaid},
		{sandbox.BehavePaysBridgeCancels, "get_brand_wcpay_request:cancel", "", false, sandbox.StatePaid},
		{sandbox.BehaveOKUnpaid, "get_brand_wcpay_request:ok", "", false, sandbox.StateCreated},
	} {
		t.Run(string(c.behaviour), func(t *testing.T) {
			w := newWorld(t)
			var err error
			w.payer, err = w.UpdatePayer(t.Context(), "alice", func(p *sandbox.Payer) { p.Behaviour = c.behaviour })
			w.must(err)
			tr, p := w.pay()
			a, err := w.PayerPays(t.Context(), w.invocation(p))
			if c.popup != "" {
				refused(t, err, c.popup, c.result, "", "payer alice")
			} else if w.must(err); a.Result != c.result || a.Gone != c.gone {
				t.Errorf("the page gets %q, gone %v, want %q, %v", a.Result, a.Gone, c.result, c.gone)
			}
			got, err := w.Store.TransactionBySyssn(t.Context(), "APPCODE", tr.Syssn)
			w.must(err)
			if got.State != c.state {
				t.Errorf("the order is %s, want %s", got.State, c.state)
			}
		})
	}
}

// The real name is the wallet's to check; without a bank card there is nothing to compare.
func TestRealNameIsCheckedAtTheWallet(t *testing.T) {
	for _, c := range []struct {
		name  string
		payer sandbox.Payer
		ok    bool
	}{
		{"no card", sandbox.Payer{}, true},
		{"no card, another name", sandbox.Payer{RealName: "小王"}, true},
		{"the same", sandbox.Payer{RealName: "小林", CreID: "43010219900101001x"}, true},
		{"another name", sandbox.Payer{RealName: "小王", CreID: "43010219900101001X"}, false},
		{"another number", sandbox.Payer{RealName: "小林", CreID: "430102199001010029"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			var err error
			w.payer, err = w.UpdatePayer(t.Context(), "alice", func(p *sandbox.Payer) { p.RealName, p.CreID = c.payer.RealName, c.payer.CreID })
			w.must(err)
			_, p := w.pay(func(r *sandbox.PaymentRequest) {
				r.RealName = &sandbox.RealName{CreID: "43010219900101001X", TrueName: "小林"}
			})
			_, err = w.PayerPays(t.Context(), w.invocation(p))
			if c.ok {
				w.must(err)
			} else {
				refused(t, err, "实名信息", "get_brand_wcpay_request:cancel", "", "extend_info names 小林")
			}
		})
	}
}

func TestLimitPayRefusesCreditCards(t *testing.T) {
	for _, c := range []struct {
		limit  string
		method sandbox.Method
		ok     bool
	}{
		{"", sandbox.MethodCredit, true}, {"no_credit", sandbox.MethodDebit, true}, {"no_credit", sandbox.MethodBalance, true}, {"no_credit", sandbox.MethodCredit, false},
	} {
		w := newWorld(t)
		var err error
		w.payer, err = w.UpdatePayer(t.Context(), "alice", func(p *sandbox.Payer) { p.Method = c.method })
		w.must(err)
		_, p := w.pay(func(r *sandbox.PaymentRequest) { r.LimitPay = c.limit })
		_, err = w.PayerPays(t.Context(), w.invocation(p))
		if c.ok {
			w.must(err)
		} else {
			refused(t, err, "信用卡", "get_brand_wcpay_request:cancel", "", "limit_pay is no_credit")
		}
	}
}

func TestSettlementGivesTheWalletsNumber(t *testing.T) {
	w := newWorld(t)
	told := 0
	w.DeliverBeforeReturn = func(_ context.Context, app sandbox.AppCode, n sandbox.Syssn) {
		told++
		if got, err := w.Store.TransactionBySyssn(t.Context(), app, n); err != nil || got.State != sandbox.StatePaid {
			t.Errorf("what comes before the return finds %s, error %v, want paid", got.State, err)
		}
	}
	tr, p := w.pay()
	_, err := w.PayerPays(t.Context(), w.invocation(p))
	w.must(err)
	got, err := w.Store.TransactionBySyssn(t.Context(), "APPCODE", tr.Syssn)
	w.must(err)
	if !regexp.MustCompile(`^4200[0-9]{24}$`).MatchString(got.Chnlsn) {
		t.Errorf("chnlsn is %q, want 4200 and 24 digits", got.Chnlsn)
	}
	if told != 1 {
		t.Errorf("deliveries before the return were made %d times, want once", told)
	}
}

// The number has the shape of the payer's wallet, whichever pay type it came by.
func TestWalletNumbers(t *testing.T) {
	const weChat, alipay, others = `^4200[0-9]{24}$`, `^202603142200[0-9]{16}$`, `^20260314[0-9]{16}$`
	for _, c := range []struct{ payType, code, want string }{
		{"800208", "131234567890123456", weChat}, {"801008", "131234567890123456", weChat}, {"800008", "131234567890123456", weChat},
		{"800108", "281234567890123456", alipay}, {"800008", "281234567890123456", alipay},
		{"800708", "621234567890123456", others}, {"800008", "621234567890123456", others},
		{"805808", "991234567890123456", `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`},
	} {
		w := newWorld(t)
		got, _, err := w.Pay(t.Context(), w.app, scanned(c.payType, c.code))
		w.must(err)
		if !regexp.MustCompile(c.want).MatchString(got.Chnlsn) {
			t.Errorf("%s by %s: chnlsn is %q, want it to match %s", c.payType, c.code, got.Chnlsn, c.want)
		}
	}
}
