package sandbox_test

import (
	"sync"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func TestRefundUnderWay(t *testing.T) {
	for _, c := range []struct {
		name      string
		delay     time.Duration
		behaviour sandbox.Behaviour
		after     time.Duration
		fails     bool
	}{
		{"the App's delay", time.Minute, "", time.Minute, false},
		{"told to be pending", 0, sandbox.BehavePending, sandbox.PendingFor, false},
		{"told to be pending, with a longer delay", time.Minute, sandbox.BehavePending, time.Minute, false},
		{"told to fail later", 0, sandbox.BehaveFailLater, sandbox.PendingFor, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, func(a *sandbox.App) { a.Settings.RefundDelay = c.delay })
			order := w.paid()
			told := w.told
			r := refundOf(order, "R1", "300")
			r.Behaviour, r.Lever = c.behaviour, "header"
			ctx, e := w.noted()
			made, err := w.Refund(ctx, w.app, r)
			w.must(err)
			if by := e.DecidedBy; (by == "header") != (c.behaviour != "") {
				t.Errorf("it was decided by %q, told %q", by, c.behaviour)
			}
			if w.told == told {
				t.Error("nobody was told that something is due")
			}
			respcd, errmsg, _ := made.Verdict(morning)
			if respcd != qfpay.RespUnpaid || errmsg != qfpay.TextRefunding || !made.PaidAt.IsZero() || !made.DueAt.Equal(morning.Add(c.after)) {
				t.Errorf("the refund says %s %s and is due at %s, want 1143 and %s later", respcd, errmsg, made.DueAt, c.after)
			}
			if got := w.stored(order.Syssn); got.State != sandbox.StatePaid || got.Refunding != 300 || got.Refunded != 0 {
				t.Errorf("the payment is %s, %d refunded, %d under way, want paid, 0, 300", got.State, got.Refunded, got.Refunding)
			}
			w.clock.now = morning.Add(c.after - time.Second)
			w.must(w.SettleDue(t.Context(), w.app, made.Syssn))
			if got := w.stored(made.Syssn); got != inUTC(made) {
				t.Errorf("a second early the refund is\n%+v, want it unchanged\n%+v", got, made)
			}
			w.clock.now = morning.Add(c.after + time.Hour) // nobody looked for an hour
			w.must(w.SettleDue(t.Context(), w.app, made.Syssn))
			w.must(w.SettleDue(t.Context(), w.app, made.Syssn)) // once is all
			payment, refund := w.stored(order.Syssn), w.stored(made.Syssn)
			if payment.Refunding != 0 || !refund.DueAt.IsZero() {
				t.Errorf("afterwards %d is under way and something due at %s, want neither", payment.Refunding, refund.DueAt)
			}
			respcd, _, _ = refund.Verdict(w.clock.now)
			if c.fails {
				if respcd != qfpay.RespRefundDenied || payment.State != sandbox.StatePaid || payment.Refunded != 0 {
					t.Errorf("a failed refund says %s, its payment is %s, %d refunded, want 1155, paid, 0", respcd, payment.State, payment.Refunded)
				}
				_, err := w.Refund(t.Context(), w.app, refundOf(order, "R2", "300"))
				w.must(err)
				return
			}
			if respcd != qfpay.RespOK || !refund.PaidAt.Equal(made.DueAt) || payment.State != sandbox.StateRefunded || payment.Refunded != 300 {
				t.Errorf("the refund says %s, done at %s, its payment is %s, %d refunded, want 0000, %s, refunded, 300", respcd, refund.PaidAt, payment.State, payment.Refunded, made.DueAt)
			}
		})
	}
}

// What is due is settled before a call looks, whether or not anybody watched the clock.
func TestCallsSeeWhatIsDue(t *testing.T) {
	w := newWorld(t, func(a *sandbox.App) { a.Settings.RefundDelay = time.Minute })
	order := w.paid()
	_, err := w.refund(order, "R1", "100")
	w.must(err)
	_, err = w.refund(order, "R2", "100")
	wantRule(t, err, "refund-under-way")
	w.clock.now = morning.Add(time.Minute)
	_, err = w.refund(order, "R2", "100")
	w.must(err)
}

// A refund nobody can be told of arrives while another call looks: that call is not blamed for it.
func TestCallsAreNotBlamedForWhatIsDue(t *testing.T) {
	w := newWorld(t, func(a *sandbox.App) { a.Settings.RefundDelay, a.NotifyURL = time.Minute, "" })
	order := w.paid()
	_, err := w.Refund(t.Context(), w.app, refundOf(order, "R1", "300"))
	w.must(err)
	w.clock.now = morning.Add(time.Hour)
	ctx, e := w.noted()
	found, err := w.Query(ctx, w.app, sandbox.QueryRequest{OutTradeNos: []sandbox.OutTradeNo{"R1"}, Page: 1, PageSize: 10})
	w.must(err)
	if len(found.Transactions) != 1 || found.Transactions[0].State != sandbox.StatePaid {
		t.Errorf("the enquiry finds %+v, want the refund, arrived", found.Transactions)
	}
	wantFindings(t, e)
}

// The clock and a call may look at once.
func TestSettleDueOnce(t *testing.T) {
	w := newWorld(t, func(a *sandbox.App) { a.Settings.RefundDelay = time.Minute })
	w.NotificationDue = func() {}
	order := w.paid()
	made, err := w.refund(order, "R1", "100")
	w.must(err)
	w.clock.now = morning.Add(time.Minute)
	var looks sync.WaitGroup
	for range 20 {
		looks.Go(func() {
			if err := w.SettleDue(t.Context(), w.app, made.Syssn); err != nil {
				t.Errorf("got error %v, want none", err)
			}
		})
	}
	looks.Wait()
	if got := w.stored(order.Syssn); got.Refunded != 100 || got.Refunding != 0 || got.State != sandbox.StatePartlyRefunded {
		t.Errorf("the payment is %s, %d refunded, %d under way, want partly refunded, 100, 0", got.State, got.Refunded, got.Refunding)
	}
}

func TestSettlePaymentsDue(t *testing.T) {
	for _, c := range []struct {
		name    string
		failure qfpay.Respcd
		first   func(w *world, n sandbox.Syssn)
		want    sandbox.State
	}{
		{"the payer was done", "", nil, sandbox.StatePaid},
		{"the payer gave up", qfpay.RespPasswordClosed, nil, sandbox.StateFailed},
		{"nobody looked until it would have expired", "", func(w *world, _ sandbox.Syssn) { w.clock.now = morning.Add(3 * time.Hour) }, sandbox.StatePaid},
		{"closed meanwhile", "", func(w *world, n sandbox.Syssn) { w.set(n, sandbox.StateClosed) }, sandbox.StateClosed},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			order, _ := w.pay()
			w.edit(order.Syssn, func(t *sandbox.Transaction) { t.DueAt, t.DueFailure = morning.Add(5*time.Second), c.failure })
			w.clock.now = morning.Add(5 * time.Second)
			if c.first != nil {
				c.first(w, order.Syssn)
			}
			w.must(w.SettleDue(t.Context(), w.app, order.Syssn))
			got := w.stored(order.Syssn)
			if got.State != c.want || !got.DueAt.IsZero() || got.Failure != c.failure {
				t.Errorf("the payment is %s %s, due at %s, want %s %s and nothing due", got.State, got.Failure, got.DueAt, c.want, c.failure)
			}
			if c.want == sandbox.StatePaid && !got.PaidAt.Equal(morning.Add(5*time.Second)) {
				t.Errorf("it was paid at %s, want when it was due", got.PaidAt)
			}
		})
	}
	w := newWorld(t)
	if err := w.SettleDue(t.Context(), w.app, "S"); err == nil {
		t.Error("an unknown number gives no error, want ErrNotFound")
	}
}
