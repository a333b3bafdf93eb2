package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// planned makes the App's plan of these.
func planned(ds ...sandbox.Delivery) func(*sandbox.App) {
	return func(a *sandbox.App) { a.Delivery.Deliveries = ds }
}

func TestPlansAreJudged(t *testing.T) {
	good := sandbox.Delivery{On: sandbox.OnPaid, Variant: sandbox.VariantGood}
	for _, c := range []struct {
		name string
		bad  sandbox.Delivery
		want string
	}{
		{"no occasion", sandbox.Delivery{Variant: "good"}, `delivery 2: on is "", want one of paid, returned, closed, refunded`},
		{"another occasion", sandbox.Delivery{On: "payed", Variant: "good"}, `delivery 2: on is "payed", want one of paid, returned, closed, refunded`},
		{"no variant", sandbox.Delivery{On: "paid"}, `delivery 2: variant is "", want one of good, duplicate, concurrent-duplicates, bad-signature,`},
		{"another variant", sandbox.Delivery{On: "paid", Variant: "twice"}, `delivery 2: variant is "twice", want one of`},
		{"before the occasion", sandbox.Delivery{On: "paid", Variant: "good", After: -1}, "delivery 2: after is -1ns, want 0 to"},
		{"in a hundred years", sandbox.Delivery{On: "paid", Variant: "good", After: sandbox.MaxClockOffset + 1}, "delivery 2: after is"},
		{"before a return that has been", sandbox.Delivery{On: "returned", Variant: "good", BeforeReturn: true}, `delivery 2: before_return comes with on "returned" and after 0s, want on "paid" and no after`},
		{"before the return, later", sandbox.Delivery{On: "paid", Variant: "good", After: time.Second, BeforeReturn: true}, `and after 1s, want`},
		{"never before the return", sandbox.Delivery{On: "paid", Variant: "never", BeforeReturn: true}, `delivery 2: before_return comes with variant "never"`},
		{"an older state of what is new", sandbox.Delivery{On: "paid", Variant: "older-state"}, `delivery 2: variant "older-state" comes with on "paid", want "refunded"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			plan := sandbox.DeliveryPlan{Deliveries: []sandbox.Delivery{good, c.bad}}
			_, err := w.UpdateApp(t.Context(), "APPCODE", func(a *sandbox.App) { a.Delivery = plan })
			wantInvalid(t, err, c.want)
			_, err = w.SetOrderPlan(t.Context(), w.app, "T1", plan)
			wantInvalid(t, err, c.want)
		})
	}
	w := newWorld(t)
	many := make([]sandbox.Delivery, sandbox.MaxDeliveries+1)
	for i := range many {
		many[i] = good
	}
	_, err := w.UpdateApp(t.Context(), "APPCODE", planned(many...))
	wantInvalid(t, err, "delivery has 21 entries, want at most 20")
	_, err = w.UpdateApp(t.Context(), "APPCODE", planned(many[1:]...))
	w.must(err)
	for _, v := range sandbox.Variants() {
		_, err := w.UpdateApp(t.Context(), "APPCODE", planned(sandbox.Delivery{On: sandbox.OnRefunded, Variant: v}))
		w.must(err)
	}
}

func wantInvalid(t *testing.T, err error, part string) {
	t.Helper()
	if !errors.Is(err, sandbox.ErrInvalid) || !strings.Contains(err.Error(), part) {
		t.Errorf("got %v, want ErrInvalid with %q", err, part)
	}
}

// brought lists what is stored for the App: occasion or due time, variant, order.
func (w *world) brought() []string {
	w.t.Helper()
	list, err := w.Store.Notifications(w.t.Context(), "APPCODE", "")
	w.must(err)
	var got []string
	for _, n := range list {
		when := "not pending"
		switch {
		case n.Waiting != "":
			when = "waiting for " + string(n.Waiting)
		case n.Pending:
			when = n.NextAt.Sub(morning).String()
		}
		got = append(got, fmt.Sprintf("%s of %s %s: %s", n.Variant, n.Kind, n.OutTradeNo, when))
	}
	return got
}

func wantList(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func (w *world) payerPays(p sandbox.PayParams) {
	w.t.Helper()
	_, err := w.PayerPays(w.t.Context(), w.invocation(p))
	w.must(err)
}

func (w *world) refunds(syssn sandbox.Syssn, order, amount string) {
	w.t.Helper()
	_, err := w.Refund(w.t.Context(), w.app, sandbox.RefundRequest{Syssn: string(syssn), OutTradeNo: order, Txamt: amount, Txdtm: "2026-03-14 10:00:00"})
	w.must(err)
}

func TestPlansOfApps(t *testing.T) {
	for _, c := range []struct {
		name string
		plan sandbox.DeliveryPlan
		want []string
	}{
		{"QFPay's own", sandbox.DeliveryPlan{}, []string{"good of payment T1: 0s", "good of refund R1: 0s"}},
		{"a delay", sandbox.DeliveryPlan{Delay: time.Minute}, []string{"good of payment T1: 1m0s", "good of refund R1: 0s"}},
		{"a plan replaces all of QFPay's, the delay too", sandbox.DeliveryPlan{Delay: time.Minute, Deliveries: []sandbox.Delivery{{On: "paid", Variant: "compact"}}}, []string{"compact of payment T1: 0s"}},
		{"several, and some that wait", sandbox.DeliveryPlan{Deliveries: []sandbox.Delivery{
			{On: "refunded", Variant: "older-state", After: time.Hour}, {On: "returned", Variant: "good", After: time.Second}, {On: "paid", Variant: "bad-signature", After: 2 * time.Minute},
			{On: "closed", Variant: "good"}, {On: "paid", Variant: "never"}, {On: "refunded", Variant: "duplicate"}}},
			[]string{"good of payment T1: waiting for returned", "bad-signature of payment T1: 2m0s", "never of payment T1: not pending", "older-state of payment T1: 1h0m0s", "duplicate of refund R1: 0s"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, func(a *sandbox.App) { a.Delivery = c.plan })
			paid, p := w.pay()
			w.payerPays(p)
			w.refunds(paid.Syssn, "R1", "100")
			wantList(t, w.brought(), c.want...)
		})
	}
}

func TestPlansOfOrders(t *testing.T) {
	w := newWorld(t, planned(sandbox.Delivery{On: sandbox.OnPaid, Variant: sandbox.VariantNever}))
	own := sandbox.DeliveryPlan{Deliveries: []sandbox.Delivery{{On: sandbox.OnPaid, Variant: sandbox.VariantCompact}, {On: sandbox.OnRefunded, Variant: sandbox.VariantExtraFields}}}
	var err error
	w.app, err = w.SetOrderPlan(t.Context(), w.app, "T1", sandbox.DeliveryPlan{})
	w.must(err)
	paid, p := w.pay()
	w.app, err = w.SetOrderPlan(t.Context(), w.app, "T1", own) // a second one takes the first one's place
	w.must(err)
	w.app, err = w.SetOrderPlan(t.Context(), w.app, "T2", sandbox.DeliveryPlan{}) // QFPay's own, in place of the App's
	w.must(err)
	w.payerPays(p)
	w.refunds(paid.Syssn, "R1", "100") // a refund follows the plan of its payment
	_, p = w.pay(func(r *sandbox.PaymentRequest) { r.OutTradeNo = "T2" })
	w.payerPays(p)
	wantList(t, w.brought(), "compact of payment T1: 0s", "extra-fields of refund R1: 0s", "good of payment T2: 0s")

	_, err = w.SetOrderPlan(t.Context(), w.app, "T1", own)
	wantInvalid(t, err, `order "T1" was paid at 2026-03-14 10:00:00`)
	w.app, err = w.RemoveOrderPlan(t.Context(), "APPCODE", "T2")
	w.must(err)
	if _, err = w.RemoveOrderPlan(t.Context(), "APPCODE", "T2"); !errors.Is(err, sandbox.ErrNotFound) {
		t.Errorf("removing a plan twice gives %v, want ErrNotFound", err)
	}
	if _, has := w.app.OrderPlan("T2"); has || len(w.app.OrderPlans) != 1 {
		t.Errorf("the plans left are %v, want T1's", w.app.OrderPlans)
	}
}

func TestPlansOfOrdersAreBounded(t *testing.T) {
	w := newWorld(t, func(a *sandbox.App) {
		for i := range sandbox.MaxOrderPlans {
			a.OrderPlans = append(a.OrderPlans, sandbox.OrderPlan{OutTradeNo: sandbox.OutTradeNo(fmt.Sprint("O", i))})
		}
	})
	_, err := w.SetOrderPlan(t.Context(), w.app, "T1", sandbox.DeliveryPlan{})
	wantInvalid(t, err, "1001 orders have plans of their own, want at most 1000; remove some")
	_, err = w.SetOrderPlan(t.Context(), w.app, "O7", sandbox.DeliveryPlan{})
	w.must(err)
	w = newWorld(t)
	_, err = w.SetOrderPlan(t.Context(), w.app, "\n", sandbox.DeliveryPlan{})
	wantInvalid(t, err, `out_trade_no of a plan is "\n"`)
}

// An amount case takes the place of the good notification, but of no plan.
func TestVariantOfAnAmount(t *testing.T) {
	amount := func(a *sandbox.App) { a.Settings.AmountCases = true }
	for _, c := range []struct {
		change []func(*sandbox.App)
		want   string
	}{
		{[]func(*sandbox.App){amount}, "bad-signature of payment T1: 0s"},
		{[]func(*sandbox.App){amount, planned(sandbox.Delivery{On: "paid", Variant: "compact"})}, "compact of payment T1: 0s"},
	} {
		w := newWorld(t, c.change...)
		_, p := w.pay(func(r *sandbox.PaymentRequest) { r.Txamt = "133" })
		w.payerPays(p)
		wantList(t, w.brought(), c.want)
	}
}

func TestPayerReturned(t *testing.T) {
	w := newWorld(t, planned(sandbox.Delivery{On: "returned", Variant: "good", After: time.Minute}, sandbox.Delivery{On: "returned", Variant: "compact"}))
	paid, p := w.pay()
	w.must(w.PayerReturned(t.Context(), w.app, paid.Syssn)) // an unpaid order brought nothing forth
	w.payerPays(p)
	other, p := w.pay(func(r *sandbox.PaymentRequest) { r.OutTradeNo = "T2" })
	w.payerPays(p)
	if _, err := w.NextDue(t.Context(), "APPCODE"); !errors.Is(err, sandbox.ErrNotFound) {
		t.Errorf("before the return NextDue gives %v, want nothing due", err)
	}
	w.clock.now = morning.Add(time.Hour)
	told := w.told
	w.must(w.PayerReturned(t.Context(), w.app, paid.Syssn))
	want := []string{"good of payment T1: 1h1m0s", "compact of payment T1: 1h0m0s", "good of payment T2: waiting for returned", "compact of payment T2: waiting for returned"}
	wantList(t, w.brought(), want...)
	if w.told == told {
		t.Error("nobody was told that something is due")
	}
	w.clock.now = morning.Add(2 * time.Hour)
	w.must(w.PayerReturned(t.Context(), w.app, paid.Syssn)) // a second time changes nothing
	wantList(t, w.brought(), want...)
	w.must(w.PayerReturned(t.Context(), w.app, other.Syssn))
	if err := w.PayerReturned(t.Context(), w.app, "S9"); !errors.Is(err, sandbox.ErrNotFound) {
		t.Errorf("an unknown number gives %v, want ErrNotFound", err)
	}
}

// Nobody is to be told where nobody can be, but what is never sent needs no address.
func TestPlansWithoutAnAddress(t *testing.T) {
	for variant, want := range map[sandbox.Variant][]string{sandbox.VariantGood: {sandbox.FindNoNotifyURL}, sandbox.VariantNever: nil} {
		w := newWorld(t, planned(sandbox.Delivery{On: "paid", Variant: variant}), func(a *sandbox.App) { a.NotifyURL = "" })
		_, p := w.pay()
		ctx, e := w.noted()
		_, err := w.PayerPays(ctx, w.invocation(p))
		w.must(err)
		wantFindings(t, e, want...)
	}
}

// What there is no room for is found beside the call that brought it forth.
func TestDroppedNotificationIsFound(t *testing.T) {
	w := newWorld(t, planned(sandbox.Delivery{On: "paid", Variant: "good"}, sandbox.Delivery{On: "refunded", Variant: "good"}, sandbox.Delivery{On: "closed", Variant: "good"}))
	refunded, p := w.pay(func(r *sandbox.PaymentRequest) { r.OutTradeNo = "OLD" })
	w.payerPays(p)
	closed, _ := w.pay(func(r *sandbox.PaymentRequest) { r.OutTradeNo = "T2" })
	_, p = w.pay()
	crowd := make([]sandbox.Notification, sandbox.MaxPendingNotifications-1)
	for i := range crowd {
		crowd[i] = sandbox.Notification{App: "APPCODE", OutTradeNo: "OLD", Pending: true, NextAt: morning}
	}
	w.must(w.Store.ChangeTransactions(t.Context(), "APPCODE", []sandbox.Syssn{refunded.Syssn}, func([]*sandbox.Transaction) (sandbox.Brought, error) {
		return sandbox.Brought{Notifications: crowd}, nil
	}))
	for order, call := range map[string]func(context.Context) error{
		"T1": func(ctx context.Context) error {
			_, err := w.PayerPays(ctx, w.invocation(p))
			return err
		},
		"R1": func(ctx context.Context) error {
			_, err := w.Refund(ctx, w.app, sandbox.RefundRequest{Syssn: string(refunded.Syssn), OutTradeNo: "R1", Txamt: "100", Txdtm: "2026-03-14 10:00:00"})
			return err
		},
		"T2": func(ctx context.Context) error {
			_, err := w.Cancel(ctx, w.app, sandbox.AtClose, sandbox.CancelRequest{Syssn: string(closed.Syssn), Txamt: "300", Txdtm: "2026-03-14 10:00:00"})
			return err
		},
	} {
		ctx, e := w.noted()
		w.must(call(ctx))
		wantFindings(t, e, sandbox.FindDropped)
		want := "the notification of " + order + " was dropped: 10000 are pending and 10000 kept, at most 10000 and 20000 can be"
		if len(e.Findings) == 1 && e.Findings[0].Detail != want {
			t.Errorf("it says %q, want %q", e.Findings[0].Detail, want)
		}
	}
}
