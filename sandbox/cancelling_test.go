package sandbox_test

import (
	"errors"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func cancelOf(t sandbox.Transaction) sandbox.CancelRequest {
	return sandbox.CancelRequest{Syssn: string(t.Syssn), Txamt: "1", Txdtm: "2026-03-14 11:00:00", Mchid: string(t.Mchid)}
}

func TestCancel(t *testing.T) {
	for _, c := range []struct {
		name    string
		prepare func(w *world, n sandbox.Syssn)
		change  func(*sandbox.CancelRequest)
		payType qfpay.PayType
		cancel  qfpay.Cancel
	}{
		{"unpaid, by syssn", nil, nil, "800207", qfpay.CancelClosed},
		{"by out_trade_no", nil, func(r *sandbox.CancelRequest) { r.Syssn, r.OutTradeNo = "", "T1" }, "800207", qfpay.CancelClosed},
		{"by both", nil, func(r *sandbox.CancelRequest) { r.OutTradeNo = "T1" }, "800207", qfpay.CancelClosed},
		{"expired", func(w *world, _ sandbox.Syssn) { w.clock.now = morning.Add(3 * time.Hour) }, nil, "800207", qfpay.CancelClosed},
		{"a code shown by the payer", nil, nil, "800208", qfpay.CancelReversed},
		{"while the payer enters the password", func(w *world, n sandbox.Syssn) {
			w.edit(n, func(t *sandbox.Transaction) { t.DueAt = morning.Add(time.Hour) })
		}, nil, "800208", qfpay.CancelReversed},
	} {
		for _, by := range []sandbox.Endpoint{sandbox.AtClose, sandbox.AtReversal} {
			t.Run(c.name+", "+string(by), func(t *testing.T) {
				w := newWorld(t, withMchids("M1"))
				order, params := w.pay(func(r *sandbox.PaymentRequest) { r.Mchid = "M1" })
				w.edit(order.Syssn, func(t *sandbox.Transaction) { t.PayType = c.payType })
				if c.prepare != nil {
					c.prepare(w, order.Syssn)
				}
				r := cancelOf(order)
				if c.change != nil {
					c.change(&r)
				}
				told := w.told
				done, err := w.Cancel(t.Context(), w.app, by, r)
				w.must(err)
				got := w.stored(order.Syssn)
				respcd, _, cancel := got.Verdict(w.clock.now)
				if respcd != qfpay.RespClosed || cancel != c.cancel || !got.ClosedAt.Equal(w.clock.now) || !got.DueAt.IsZero() {
					t.Errorf("the order says %s, cancel %s, closed at %s, due at %s, want 1142, %s, now and nothing due", respcd, cancel, got.ClosedAt, got.DueAt, c.cancel)
				}
				if inUTC(done.Order) != got || done.Syssn == order.Syssn || len(done.Syssn) != 26 || w.told == told {
					t.Errorf("got %+v, want the order as it is stored and a number of its own", done)
				}
				found, err := w.Query(t.Context(), w.app, sandbox.QueryRequest{Syssns: []sandbox.Syssn{done.Syssn}, Mchid: "M1", Page: 1, PageSize: 10})
				if w.must(err); len(found.Transactions) > 0 {
					t.Errorf("the cancelling's own number finds %v, want nothing", found)
				}
				if _, err := w.PayerPays(t.Context(), w.invocation(params)); err == nil {
					t.Error("the payer can pay a closed order")
				}
				again := w.request()
				again.Mchid = "M1"
				_, _, err = w.Pay(t.Context(), w.app, again)
				wantRule(t, err, "out-trade-no-used")
			})
		}
	}
}

// edit changes what is stored, as another call of QFPay's would.
func (w *world) edit(n sandbox.Syssn, f func(*sandbox.Transaction)) {
	w.t.Helper()
	w.must(w.Store.ChangeTransactions(w.t.Context(), w.app.Code, []sandbox.Syssn{n}, func(ts []*sandbox.Transaction) (sandbox.Brought, error) {
		f(ts[0])
		return sandbox.Brought{}, nil
	}))
}

func TestCancelRefused(t *testing.T) {
	for _, c := range []struct {
		name    string
		prepare func(w *world, order sandbox.Transaction)
		change  func(*sandbox.CancelRequest)
		rule    string
		orig    bool
	}{
		{"unknown syssn", nil, func(r *sandbox.CancelRequest) { r.Syssn = "20260314000000000000000000" }, "cancel-unknown", false},
		{"unknown out_trade_no", nil, func(r *sandbox.CancelRequest) { r.Syssn, r.OutTradeNo = "", "T9" }, "cancel-unknown", false},
		{"another shop's syssn", nil, func(r *sandbox.CancelRequest) { r.Mchid = "M2" }, "cancel-unknown", false},
		{"another shop's out_trade_no", nil, func(r *sandbox.CancelRequest) { r.Syssn, r.OutTradeNo, r.Mchid = "", "T1", "M2" }, "cancel-unknown", false},
		{"numbers of two orders", nil, func(r *sandbox.CancelRequest) { r.OutTradeNo = "T9" }, "cancel-unknown", false},
		{"a refund", func(w *world, order sandbox.Transaction) {
			w.edit(order.Syssn, func(t *sandbox.Transaction) { t.State, t.PaidAt = sandbox.StatePaid, morning })
			_, err := w.refund(order, "R1", "1")
			w.must(err)
		}, func(r *sandbox.CancelRequest) { r.Syssn, r.OutTradeNo = "", "R1" }, "cancel-unknown", false},
		{"paid", func(w *world, order sandbox.Transaction) { w.set(order.Syssn, sandbox.StatePaid) }, nil, "cancel-paid", true},
		{"partly refunded", func(w *world, order sandbox.Transaction) { w.set(order.Syssn, sandbox.StatePartlyRefunded) }, nil, "cancel-paid", true},
		{"refunded", func(w *world, order sandbox.Transaction) { w.set(order.Syssn, sandbox.StateRefunded) }, nil, "cancel-refunded", true},
		{"closed", func(w *world, order sandbox.Transaction) { w.set(order.Syssn, sandbox.StateClosed) }, nil, "cancel-closed", true},
		{"failed", func(w *world, order sandbox.Transaction) { w.set(order.Syssn, sandbox.StateFailed) }, nil, "cancel-closed", true},
	} {
		for _, by := range []sandbox.Endpoint{sandbox.AtClose, sandbox.AtReversal} {
			t.Run(c.name+", "+string(by), func(t *testing.T) {
				w := newWorld(t, withMchids("M1", "M2"))
				order, _ := w.pay(func(r *sandbox.PaymentRequest) { r.Mchid = "M1" })
				if c.prepare != nil {
					c.prepare(w, order)
				}
				r := cancelOf(order)
				if c.change != nil {
					c.change(&r)
				}
				before := w.stored(order.Syssn)
				_, err := w.Cancel(t.Context(), w.app, by, r)
				no := wantRule(t, err, c.rule)
				if (no.Orig != nil) != c.orig || (no.Operation != "") != c.orig {
					t.Errorf("the refusal names %v and the cancelling %q, want both: %t", no.Orig, no.Operation, c.orig)
				}
				if after := w.stored(order.Syssn); after != before {
					t.Errorf("the order is\n%+v, want it unchanged\n%+v", after, before)
				}
			})
		}
	}
}

func TestCancelParameters(t *testing.T) {
	w := newWorld(t)
	order, _ := w.pay()
	neither := missingRefusal("syssn or out_trade_no")
	neither.Rule = "parameter-syssn"
	for _, c := range []struct {
		name   string
		change func(*sandbox.CancelRequest)
		want   sandbox.Refusal
	}{
		{"neither number", func(r *sandbox.CancelRequest) { r.Syssn = "" }, neither},
		{"no txamt", func(r *sandbox.CancelRequest) { r.Txamt = "" }, missingRefusal("txamt")},
		{"no txdtm", func(r *sandbox.CancelRequest) { r.Txdtm = "" }, missingRefusal("txdtm")},
		{"txamt of nothing", func(r *sandbox.CancelRequest) { r.Txamt = "0" }, parameterRefusal("txamt", "want at least 1")},
		{"txdtm of another shape", func(r *sandbox.CancelRequest) { r.Txdtm = "today" }, parameterRefusal("txdtm", "want YYYY-MM-DD hh:mm:ss")},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := cancelOf(order)
			c.change(&r)
			_, err := w.Cancel(t.Context(), w.app, sandbox.AtClose, r)
			wantRefusal(t, err, c.want)
		})
	}
}

// The two mappings the documents give (qfpay-api 3.4), and the default, which takes every wallet everywhere.
func TestCancelByMapping(t *testing.T) {
	const center, newest = sandbox.CancelByDeveloperCenter, sandbox.CancelByNewest
	reversal, closing := sandbox.AtReversal, sandbox.AtClose
	for payType, call := range map[qfpay.PayType]map[sandbox.Cancelling]sandbox.Endpoint{
		"800101": {center: reversal, newest: reversal}, // Alipay, either code
		"800108": {center: reversal, newest: reversal},
		"801501": {center: reversal, newest: reversal},
		"800208": {center: reversal, newest: closing}, // WeChat, payer's code
		"801008": {center: reversal, newest: closing},
		"800008": {center: reversal, newest: closing},
		"800201": {center: closing, newest: reversal}, // WeChat, merchant's code
		"800207": {center: closing, newest: closing},
		"801101": {center: closing, newest: closing},
		"805801": {center: closing, newest: closing},
	} {
		for _, mapping := range []sandbox.Cancelling{sandbox.CancelEither, center, newest} {
			for _, by := range []sandbox.Endpoint{closing, reversal} {
				t.Run(string(payType)+" "+mapping.Word()+" "+string(by), func(t *testing.T) {
					w := newWorld(t, func(a *sandbox.App) { a.Settings.Cancelling = mapping })
					order, _ := w.pay()
					w.edit(order.Syssn, func(t *sandbox.Transaction) { t.PayType = payType })
					_, err := w.Cancel(t.Context(), w.app, by, cancelOf(order))
					if want := call[mapping]; mapping == sandbox.CancelEither || by == want {
						w.must(err)
					} else if no := wantRule(t, err, "cancel-wrong-call"); no.Orig != nil || no.Code != qfpay.RespBusy {
						t.Errorf("got %s about %v, want 1297 and no numbers", no.Code, no.Orig)
					}
				})
			}
		}
	}
}

// A payer at the wallet and a merchant who closes: exactly one of them wins.
func TestCancelAgainstThePayer(t *testing.T) {
	for range 50 {
		w := newWorld(t)
		w.NotificationDue = func() {}
		order, params := w.pay()
		invocation := w.invocation(params)
		start, paid := make(chan struct{}), make(chan error)
		go func() {
			<-start
			_, err := w.PayerPays(t.Context(), invocation)
			paid <- err
		}()
		close(start)
		_, closed := w.Cancel(t.Context(), w.app, sandbox.AtClose, cancelOf(order))
		pays := <-paid
		var no *sandbox.Refusal
		switch state := w.stored(order.Syssn).State; {
		case pays == nil && errors.As(closed, &no) && no.Rule == "cancel-paid" && state == sandbox.StatePaid:
		case pays != nil && closed == nil && state == sandbox.StateClosed:
		default:
			t.Fatalf("the payer got %v, the merchant %v, and the order is %s; want one of them to win", pays, closed, state)
		}
	}
}
