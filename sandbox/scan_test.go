package sandbox_test

import (
	"errors"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// scanned is a request of a till that scanned this code.
func scanned(payType, code string) sandbox.PaymentRequest {
	return sandbox.PaymentRequest{Txamt: "300", Txcurrcd: "HKD", PayType: payType, OutTradeNo: "T1", Txdtm: "2026-03-14 10:00:00", AuthCode: code}
}

// refusalNamed checks the rule and the code of a refusal and gives it.
func refusalNamed(t *testing.T, err error, rule string, code qfpay.Respcd) *sandbox.Refusal {
	t.Helper()
	got, ok := errors.AsType[*sandbox.Refusal](err)
	if !ok || got.Rule != rule || got.Code != code {
		t.Fatalf("got %v, want the refusal %s with %s", err, rule, code)
	}
	return got
}

// What a payer does when its code is scanned, and what the order is a little later.
func TestScannedPayers(t *testing.T) {
	const takes = 7 * time.Second
	for _, c := range []struct {
		behaviour    sandbox.Behaviour
		rule         string
		respcd       qfpay.Respcd
		state, later sandbox.State
		failure      qfpay.Respcd
		due          bool
	}{
		{sandbox.BehavePay, "", "", sandbox.StatePaid, sandbox.StatePaid, "", false},
		{sandbox.BehavePaysNeverReturns, "", "", sandbox.StatePaid, sandbox.StatePaid, "", false},
		{sandbox.BehavePaysBridgeCancels, "", "", sandbox.StatePaid, sandbox.StatePaid, "", false},
		{sandbox.BehaveManual, "payer-enters-password", "1143", sandbox.StateCreated, sandbox.StateCreated, "", false},
		{sandbox.BehaveOKUnpaid, "payer-enters-password", "1143", sandbox.StateCreated, sandbox.StateCreated, "", false},
		{sandbox.BehaveSlow, "payer-enters-password", "1143", sandbox.StateCreated, sandbox.StatePaid, "", true},
		{sandbox.BehavePending, "payment-under-way", "1145", sandbox.StateCreated, sandbox.StatePaid, "", true},
		{sandbox.BehaveCancel, "payer-enters-password", "1143", sandbox.StateCreated, sandbox.StateFailed, "2007", true},
		{sandbox.BehaveInsufficientBalance, "payer-balance", "1201", sandbox.StateFailed, sandbox.StateFailed, "1201", false},
		{sandbox.BehaveWrongAccount, "payer-account", "1203", sandbox.StateFailed, sandbox.StateFailed, "1203", false},
		{sandbox.BehaveRealNameMismatch, "payer-real-name", "1147", sandbox.StateFailed, sandbox.StateFailed, "1147", false},
	} {
		t.Run(string(c.behaviour), func(t *testing.T) {
			w := newWorld(t)
			_, err := w.UpdatePayer(t.Context(), "alice", func(p *sandbox.Payer) { p.Behaviour, p.Delay = c.behaviour, takes })
			w.must(err)
			code, err := w.IssueAuthCode(t.Context(), "APPCODE", "alice", "")
			w.must(err)
			ctx, e := w.noted()
			_, _, err = w.Pay(ctx, w.app, scanned("800208", code.Code))
			if c.rule == "" {
				w.must(err)
			} else if no := refusalNamed(t, err, c.rule, c.respcd); no.Order == nil || no.Order.OutTradeNo != "T1" || no.Order.State != c.state {
				t.Errorf("the refusal left the order %+v, want T1, %s", no.Order, c.state)
			}
			by := "payer alice"
			if c.behaviour == sandbox.BehaveManual {
				by = "default"
			}
			if e.DecidedBy != by || e.Payer != "alice" {
				t.Errorf("it was decided by %q for payer %q, want %q for alice", e.DecidedBy, e.Payer, by)
			}
			order := func() sandbox.Transaction {
				got, err := w.Store.TransactionByOutTradeNo(t.Context(), "APPCODE", "", "T1")
				w.must(err)
				return got
			}
			got := order()
			if got.State != c.state || got.DueAt.Equal(morning.Add(takes)) != c.due || got.DueAt.IsZero() == c.due {
				t.Errorf("the order is %s, due at %s; want %s, due %v", got.State, got.DueAt, c.state, c.due)
			}
			if (w.told > 0) != (c.due || c.state == sandbox.StatePaid) {
				t.Errorf("whoever waits for what is due was woken %d times", w.told)
			}
			w.clock.now = morning.Add(takes)
			if c.due {
				w.must(w.SettleDue(t.Context(), w.app, got.Syssn))
			}
			if got = order(); got.State != c.later || got.Failure != c.failure {
				t.Errorf("later it is %s with %q, want %s with %q", got.State, got.Failure, c.later, c.failure)
			}
		})
	}
}

// The controls decide what a payer at the password does.
func TestControlsDecideAtThePassword(t *testing.T) {
	for _, c := range []struct {
		name  string
		do    func(*world) (sandbox.Transaction, error)
		state sandbox.State
		fails qfpay.Respcd
	}{
		{"pay", func(w *world) (sandbox.Transaction, error) {
			return w.PayOrder(w.t.Context(), "APPCODE", "", "T1", "alice")
		}, sandbox.StatePaid, ""},
		{"cancel", func(w *world) (sandbox.Transaction, error) {
			return w.CancelOrder(w.t.Context(), "APPCODE", "", "T1", "")
		}, sandbox.StateFailed, "2007"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			code, err := w.IssueAuthCode(t.Context(), "APPCODE", "alice", "alipay")
			w.must(err)
			_, _, err = w.Pay(t.Context(), w.app, scanned("800008", code.Code))
			refusalNamed(t, err, "payer-enters-password", "1143")
			got, err := c.do(w)
			w.must(err)
			if got.State != c.state || got.Failure != c.fails {
				t.Errorf("the order is %s with %q, want %s with %q", got.State, got.Failure, c.state, c.fails)
			}
		})
	}
}

// A stranger pays at once, unless the order leaves it to the controls.
func TestAStrangerWaitsWhenTold(t *testing.T) {
	w := newWorld(t)
	r := scanned("800208", "131234567890123456")
	r.Behaviour, r.Lever = sandbox.BehaveManual, "header"
	_, _, err := w.Pay(t.Context(), w.app, r)
	refusalNamed(t, err, "payer-enters-password", "1143")
	got, err := w.PayOrder(t.Context(), "APPCODE", "", "T1", "")
	w.must(err)
	if got.State != sandbox.StatePaid {
		t.Errorf("the order is %s, want paid", got.State)
	}
}

func TestLimitPayAtTheTill(t *testing.T) {
	for _, c := range []struct {
		limit  string
		method sandbox.Method
		ok     bool
	}{{"no_credit", sandbox.MethodCredit, false}, {"no_credit", sandbox.MethodDebit, true}, {"", sandbox.MethodCredit, true}} {
		w := newWorld(t)
		_, err := w.UpdatePayer(t.Context(), "alice", func(p *sandbox.Payer) { p.Behaviour, p.Method = sandbox.BehavePay, c.method })
		w.must(err)
		code, err := w.IssueAuthCode(t.Context(), "APPCODE", "alice", "")
		w.must(err)
		r := scanned("800208", code.Code)
		r.LimitPay = c.limit
		_, _, err = w.Pay(t.Context(), w.app, r)
		if c.ok {
			w.must(err)
		} else {
			refusalNamed(t, err, "payer-card", "1203")
		}
	}
}
