package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// paid gives an order the payer has paid.
func (w *world) paid(change ...func(*sandbox.PaymentRequest)) sandbox.Transaction {
	w.t.Helper()
	t, p := w.pay(change...)
	if _, err := w.PayerPays(w.t.Context(), w.invocation(p)); err != nil {
		w.t.Fatalf("the payer gets %v, want to pay", err)
	}
	return w.stored(t.Syssn)
}

func (w *world) stored(n sandbox.Syssn) sandbox.Transaction {
	w.t.Helper()
	t, err := w.Store.TransactionBySyssn(w.t.Context(), w.app.Code, n)
	w.must(err)
	return inUTC(t)
}

// inUTC makes transactions of the same instants equal.
func inUTC(t sandbox.Transaction) sandbox.Transaction {
	for _, at := range []*time.Time{&t.CreatedAt, &t.PaidAt, &t.ClosedAt, &t.ExpiresAt, &t.DueAt} {
		*at = at.UTC()
	}
	return t
}

// change alters the App as its owner would.
func (w *world) change(f func(*sandbox.App)) {
	w.t.Helper()
	var err error
	w.app, err = w.UpdateApp(w.t.Context(), w.app.Code, f)
	w.must(err)
}

func refundOf(t sandbox.Transaction, number, amount string) sandbox.RefundRequest {
	return sandbox.RefundRequest{Syssn: string(t.Syssn), OutTradeNo: number, Txamt: amount, Txdtm: "2026-03-14 11:00:00", Mchid: string(t.Mchid)}
}

func (w *world) refund(t sandbox.Transaction, number, amount string) (sandbox.Transaction, error) {
	w.t.Helper()
	return w.Refund(w.t.Context(), w.app, refundOf(t, number, amount))
}

func TestRefundInParts(t *testing.T) {
	w := newWorld(t)
	order := w.paid(func(r *sandbox.PaymentRequest) { r.GoodsName = "狗糧" })
	told := w.told
	for _, step := range []struct {
		number, amount string
		refunded       sandbox.Amount
		state          sandbox.State
		cancel         qfpay.Cancel
	}{
		{"R1", "100", 100, sandbox.StatePartlyRefunded, qfpay.CancelPartiallyRefunded},
		{"R2", "50", 150, sandbox.StatePartlyRefunded, qfpay.CancelPartiallyRefunded},
		{"R3", "150", 300, sandbox.StateRefunded, qfpay.CancelRefunded},
	} {
		made, err := w.refund(order, step.number, step.amount)
		w.must(err)
		want := sandbox.Transaction{
			Kind: sandbox.KindRefund, Syssn: made.Syssn, App: "APPCODE", OutTradeNo: sandbox.OutTradeNo(step.number), State: sandbox.StatePaid,
			PayType: "800207", Amount: made.Amount, Currency: "HKD", Txdtm: "2026-03-14 11:00:00", GoodsName: "狗糧", OpenID: order.OpenID,
			CreatedAt: morning, PaidAt: morning, Chnlsn: order.Chnlsn, OrigSyssn: order.Syssn, OrigOutTradeNo: "T1",
		}
		if made != want || made.Amount.String() != step.amount || made.Syssn == order.Syssn {
			t.Errorf("\n got %+v\nwant %+v", made, want)
		}
		if got := w.stored(made.Syssn); got != inUTC(made) {
			t.Errorf("stored\n%+v\nwant\n%+v", got, made)
		}
		now := w.stored(order.Syssn)
		respcd, _, cancel := now.Verdict(morning)
		if now.Refunded != step.refunded || now.Refunding != 0 || now.State != step.state || respcd != qfpay.RespOK || cancel != step.cancel || now.PaidAt != order.PaidAt {
			t.Errorf("after %s the payment is %s with %d refunded and cancel %s, want %s, %d, %s", step.number, now.State, now.Refunded, cancel, step.state, step.refunded, step.cancel)
		}
	}
	if w.told != told+3 {
		t.Errorf("NotificationDue was called %d times, want 3", w.told-told)
	}
	_, err := w.refund(order, "R4", "1")
	wantRule(t, err, "refund-again")
}

// wantRule checks which row of the table refused, and that wire and journal got what the row says.
func wantRule(t *testing.T, err error, rule string) *sandbox.Refusal {
	t.Helper()
	var got *sandbox.Refusal
	if !errors.As(err, &got) || got.Rule != rule {
		t.Fatalf("got %v, want the refusal %s", err, rule)
	}
	if got.Detail == "" {
		t.Errorf("%s says nothing in the journal", rule)
	}
	return got
}

func TestRefundRefused(t *testing.T) {
	days := func(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }
	for _, c := range []struct {
		name    string
		prepare func(w *world, order sandbox.Transaction)
		change  func(*sandbox.RefundRequest)
		rule    string
		orig    bool // the answer names the payment
	}{
		{"unknown syssn", nil, func(r *sandbox.RefundRequest) { r.Syssn = "20260314000000000000000000" }, "refund-unknown", false},
		{"another shop's", nil, func(r *sandbox.RefundRequest) { r.Mchid = "M2" }, "refund-unknown", false},
		{"out_trade_no for a syssn", nil, func(r *sandbox.RefundRequest) { r.Syssn = "T1" }, "refund-unknown", false},
		{"a refund's syssn", func(w *world, order sandbox.Transaction) {
			made, err := w.refund(order, "R0", "1")
			w.must(err)
			w.app.Name = string(made.Syssn)
		}, nil, "refund-of-refund", true},
		{"the payment's number", nil, func(r *sandbox.RefundRequest) { r.OutTradeNo = "T1" }, "out-trade-no-used", true},
		{"another refund's number", func(w *world, order sandbox.Transaction) { _, err := w.refund(order, "R1", "1"); w.must(err) }, nil, "out-trade-no-used", true},
		{"more than was paid", nil, func(r *sandbox.RefundRequest) { r.Txamt = "301" }, "refund-over-remainder", true},
		{"more than is left", func(w *world, order sandbox.Transaction) { _, err := w.refund(order, "R0", "1"); w.must(err) },
			func(r *sandbox.RefundRequest) { r.Txamt = "300" }, "refund-over-remainder", true},
		{"one minute before midnight", func(w *world, _ sandbox.Transaction) { w.clock.now = morning.Add(13*time.Hour + 59*time.Minute) }, nil, "refund-blackout", true},
		{"a year and a second", func(w *world, _ sandbox.Transaction) { w.clock.now = morning.Add(days(365) + time.Second) }, nil, "refund-window", true},
		{"two at once", func(w *world, order sandbox.Transaction) {
			w.change(func(a *sandbox.App) { a.Settings.RefundDelay = time.Minute })
			_, err := w.refund(order, "R0", "1")
			w.must(err)
		}, nil, "refund-under-way", true},
		{"no turnover today", func(w *world, _ sandbox.Transaction) {
			w.change(func(a *sandbox.App) { a.Settings.DailyBalance = true })
			w.clock.now = morning.Add(days(1))
		}, nil, "refund-balance", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, withMchids("M1", "M2"))
			order := w.paid(func(r *sandbox.PaymentRequest) { r.Mchid = "M1" })
			if c.prepare != nil {
				c.prepare(w, order)
			}
			r := refundOf(order, "R1", "100")
			if c.rule == "refund-of-refund" {
				r.Syssn = w.app.Name
			}
			if c.change != nil {
				c.change(&r)
			}
			before := w.stored(order.Syssn)
			_, err := w.Refund(t.Context(), w.app, r)
			no := wantRule(t, err, c.rule)
			if (no.Orig != nil) != c.orig || no.OutTradeNo != sandbox.OutTradeNo(r.OutTradeNo) {
				t.Errorf("the refusal names payment %v and number %q, want a payment: %t, and %q", no.Orig, no.OutTradeNo, c.orig, r.OutTradeNo)
			}
			if after := w.stored(order.Syssn); after != before {
				t.Errorf("the payment is\n%+v, want it unchanged\n%+v", after, before)
			}
		})
	}
}

func TestRefundOfWhatIsNotPaid(t *testing.T) {
	for _, c := range []struct {
		name    string
		prepare func(w *world, n sandbox.Syssn)
		rule    string
	}{
		{"unpaid", func(*world, sandbox.Syssn) {}, "refund-unpaid"},
		{"expired", func(w *world, _ sandbox.Syssn) { w.clock.now = morning.Add(sandbox.PrepayLife) }, "refund-unpaid"},
		{"failed", func(w *world, n sandbox.Syssn) { w.set(n, sandbox.StateFailed) }, "refund-unpaid"},
		{"closed", func(w *world, n sandbox.Syssn) { w.set(n, sandbox.StateClosed) }, "refund-closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			order, _ := w.pay()
			c.prepare(w, order.Syssn)
			_, err := w.refund(order, "R1", "100")
			wantRule(t, err, c.rule)
		})
	}
}

func (w *world) set(n sandbox.Syssn, s sandbox.State) {
	w.t.Helper()
	w.edit(n, func(t *sandbox.Transaction) { t.State = s })
}

func TestRefundParameters(t *testing.T) {
	w := newWorld(t)
	order := w.paid()
	for _, c := range []struct {
		name   string
		change func(*sandbox.RefundRequest)
		want   sandbox.Refusal
	}{
		{"no syssn", func(r *sandbox.RefundRequest) { r.Syssn = "" }, missingRefusal("syssn")},
		{"no out_trade_no", func(r *sandbox.RefundRequest) { r.OutTradeNo = "" }, missingRefusal("out_trade_no")},
		{"no txamt", func(r *sandbox.RefundRequest) { r.Txamt = "" }, missingRefusal("txamt")},
		{"no txdtm", func(r *sandbox.RefundRequest) { r.Txdtm = "" }, missingRefusal("txdtm")},
		{"txamt of nothing", func(r *sandbox.RefundRequest) { r.Txamt = "0" }, parameterRefusal("txamt", "want at least 1")},
		{"txamt in dollars", func(r *sandbox.RefundRequest) { r.Txamt = "1.00" }, parameterRefusal("txamt", "digits only")},
		{"long out_trade_no", func(r *sandbox.RefundRequest) { r.OutTradeNo = fmt.Sprintf("%0129d", 1) }, parameterRefusal("out_trade_no", "at most 128")},
		{"long udid", func(r *sandbox.RefundRequest) { r.Udid = fmt.Sprintf("%041d", 1) }, parameterRefusal("udid", "at most 40")},
		{"txdtm of another shape", func(r *sandbox.RefundRequest) { r.Txdtm = "2026-03-14T11:00:00" }, parameterRefusal("txdtm", "want YYYY-MM-DD hh:mm:ss")},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := refundOf(order, "R1", "100")
			c.change(&r)
			c.want.OutTradeNo = sandbox.OutTradeNo(r.OutTradeNo)
			_, err := w.Refund(t.Context(), w.app, r)
			wantRefusal(t, err, c.want)
		})
	}
}

// Assumption 28: the blackout begins at 23:30:00 and ends at 00:30:00, in UTC+8.
func TestRefundBlackoutEdges(t *testing.T) {
	at := func(day, hour, minute, second int) time.Time {
		return time.Date(2026, 3, day, hour, minute, second, 0, sandbox.QFPayZone).UTC()
	}
	for _, c := range []struct {
		now  time.Time
		rule string
	}{
		{at(14, 23, 29, 59), ""},
		{at(14, 23, 30, 0), "refund-blackout"},
		{at(15, 0, 0, 0), "refund-blackout"},
		{at(15, 0, 29, 59), "refund-blackout"},
		{at(15, 0, 30, 0), ""},
		{at(15, 12, 30, 0), ""},
	} {
		t.Run(sandbox.FormatTime(c.now), func(t *testing.T) {
			w := newWorld(t)
			order := w.paid()
			w.change(func(a *sandbox.App) { a.ClockOffset = c.now.Sub(morning) }) // the App's clock counts
			_, err := w.refund(order, "R1", "100")
			if c.rule == "" {
				w.must(err)
			} else {
				wantRule(t, err, c.rule)
			}
		})
	}
}

func TestRefundWindows(t *testing.T) {
	for _, c := range []struct {
		payType qfpay.PayType
		days    int
	}{
		{"800207", 365}, {"800101", 365}, {"802801", 365}, {"805801", 90}, {"805814", 90}, {"802001", 29}, {"803701", 365},
	} {
		t.Run(string(c.payType), func(t *testing.T) {
			w := newWorld(t)
			order := w.paid()
			w.edit(order.Syssn, func(t *sandbox.Transaction) { t.PayType = c.payType })
			w.clock.now = morning.AddDate(0, 0, c.days)
			_, err := w.refund(order, "R1", "100")
			w.must(err)
			w.clock.now = w.clock.now.Add(time.Second)
			_, err = w.refund(order, "R2", "100")
			wantRule(t, err, "refund-window")
		})
	}
}

func TestRefundBalance(t *testing.T) {
	w := newWorld(t, func(a *sandbox.App) { a.Settings.DailyBalance = true })
	w.clock.now = time.Date(2026, 3, 14, 23, 0, 0, 0, sandbox.QFPayZone)
	yesterday := w.paid()
	late, params := w.pay(func(r *sandbox.PaymentRequest) { r.OutTradeNo, r.Txamt = "T2", "150" })
	w.clock.now = time.Date(2026, 3, 15, 0, 30, 0, 0, sandbox.QFPayZone)
	_, err := w.refund(yesterday, "R1", "1")
	if no := wantRule(t, err, "refund-balance"); no.Resperr != qfpay.TextRefundBalance {
		t.Errorf("resperr is %q, want %q", no.Resperr, qfpay.TextRefundBalance)
	}
	_, err = w.PayerPays(t.Context(), w.invocation(params)) // ordered yesterday, paid today
	w.must(err)
	w.paid(func(r *sandbox.PaymentRequest) { r.OutTradeNo, r.Txcurrcd = "T3", "USD" })
	_, err = w.refund(yesterday, "R1", "151")
	if no := wantRule(t, err, "refund-balance"); no.Resperr != "Today this payment method refundable balance is 1.50 HKD, not enough(1269)" {
		t.Errorf("resperr is %q, want it to name 1.50 HKD", no.Resperr)
	}
	fails := refundOf(yesterday, "R0", "150")
	fails.Behaviour = sandbox.BehaveFailLater
	_, err = w.Refund(t.Context(), w.app, fails)
	w.must(err)
	_, err = w.refund(late, "R1", "1") // what is under way counts, what failed does not
	wantRule(t, err, "refund-balance")
	w.clock.now = w.clock.now.Add(sandbox.PendingFor)
	_, err = w.refund(yesterday, "R1", "150")
	w.must(err)
	_, err = w.refund(late, "R2", "1")
	wantRule(t, err, "refund-balance")
	w.change(func(a *sandbox.App) { a.Settings.DailyBalance = false })
	_, err = w.refund(late, "R2", "1")
	w.must(err)
}

func TestRefundsAtOnceNeverExceedThePayment(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*sandbox.App)
		want   int
		rule   string
	}{
		{"done at once", func(*sandbox.App) {}, 30, "refund-again"},
		{"one under way", func(a *sandbox.App) { a.Settings.RefundDelay = time.Minute }, 1, "refund-under-way"},
		{"balance", func(a *sandbox.App) { a.Settings.DailyBalance = true }, 30, "refund-again"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, c.change)
			w.NotificationDue = func() {}
			order := w.paid()
			errs := make([]error, 50)
			var calls sync.WaitGroup
			for i := range errs {
				calls.Go(func() { _, errs[i] = w.refund(order, fmt.Sprint("R", i), "10") })
			}
			calls.Wait()
			done := 0
			for _, err := range errs {
				if err == nil {
					done++
				} else {
					wantRule(t, err, c.rule)
				}
			}
			after := w.stored(order.Syssn)
			if sum := after.Refunded + after.Refunding; done != c.want || sum != sandbox.Amount(10*done) {
				t.Errorf("%d refunds of 10 were taken and %d is given back, want %d refunds", done, sum, c.want)
			}
		})
	}
}

// hesitant is a store that gives way after each look at a list.
type hesitant struct{ sandbox.Store }

func (h hesitant) EachTransaction(ctx context.Context, r sandbox.TransactionRange, yield func(sandbox.Transaction) bool) error {
	err := h.Store.EachTransaction(ctx, r, yield)
	for range 100 {
		runtime.Gosched()
	}
	return err
}

// Refunds of several payments at once do not use up more than the day's balance together.
func TestRefundsAtOnceKeepToTheBalance(t *testing.T) {
	w := newWorld(t, func(a *sandbox.App) { a.Settings.DailyBalance = true })
	w.NotificationDue = func() {}
	var orders []sandbox.Transaction
	for _, n := range []string{"T1", "T2", "T3"} {
		orders = append(orders, w.paid(func(r *sandbox.PaymentRequest) { r.OutTradeNo = n }))
	}
	w.clock.now = morning.AddDate(0, 0, 1)
	w.paid(func(r *sandbox.PaymentRequest) { r.OutTradeNo, r.Txamt = "T4", "100" })
	w.Store = hesitant{w.Store}
	errs := make([]error, 50)
	var calls sync.WaitGroup
	for i := range errs {
		calls.Go(func() { _, errs[i] = w.refund(orders[i%3], fmt.Sprint("R", i), "10") })
	}
	calls.Wait()
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
		} else {
			wantRule(t, err, "refund-balance")
		}
	}
	if done != 10 {
		t.Errorf("%d refunds of 10 were taken from a balance of 100, want 10", done)
	}
}
