package sandbox_test

import (
	"context"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// atPage is an order with a page, whose App tells of a payment when its payer returned.
func atPage(t *testing.T, b sandbox.Behaviour) (*world, sandbox.Transaction, sandbox.PageVisit) {
	t.Helper()
	w := newWorld(t, func(a *sandbox.App) {
		a.Delivery.Deliveries = []sandbox.Delivery{{On: sandbox.OnReturned, Variant: sandbox.VariantGood}}
	})
	o, _ := w.pay(func(r *sandbox.PaymentRequest) { r.PayType, r.SubOpenID = "800201", "" })
	p := w.payer
	p.Behaviour = b
	return w, o, sandbox.PageVisit{AppID: w.app.Account.AppID, PrepayID: o.PrepayID, Payer: p}
}

func TestPayAtPage(t *testing.T) {
	for _, c := range []struct {
		behaviour sandbox.Behaviour
		result    string
		gone      bool
		state     sandbox.State
		waits     int // notifications that still wait for the return
	}{
		{sandbox.BehaveManual, wechat.PayOK, false, sandbox.StatePaid, 0},
		{sandbox.BehavePay, wechat.PayOK, false, sandbox.StatePaid, 0},
		{sandbox.BehaveSlow, wechat.PayOK, false, sandbox.StatePaid, 0},
		{sandbox.BehavePaysNeverReturns, "", true, sandbox.StatePaid, 1},
		{sandbox.BehavePaysBridgeCancels, wechat.PayCancel, false, sandbox.StatePaid, 0},
		{sandbox.BehaveOKUnpaid, wechat.PayOK, false, sandbox.StateCreated, 0},
	} {
		t.Run(string(c.behaviour), func(t *testing.T) {
			w, _, v := atPage(t, c.behaviour)
			held := 0
			w.DeliverBeforeReturn = func(context.Context, sandbox.AppCode, sandbox.Syssn) { held++ }
			end, err := w.PayAtPage(t.Context(), v)
			w.must(err)
			if end.Result != c.result || end.Gone != c.gone || end.Paid != (c.state == sandbox.StatePaid) || end.ReturnURL != "" {
				t.Errorf("the visit ends as %+v, want %q, gone %v, %s", end, c.result, c.gone, c.state)
			}
			w.wantState(c.state)
			if want := map[bool]int{true: 1}[end.Paid]; held != want {
				t.Errorf("the payer was held back %d times, want %d", held, want)
			}
			if got := w.waiting(); got != c.waits {
				t.Errorf("%d notifications wait for the return, want %d", got, c.waits)
			}
		})
	}
}

func TestLeavePage(t *testing.T) {
	w, _, v := atPage(t, sandbox.BehaveManual)
	end, err := w.LeavePage(t.Context(), v)
	w.must(err)
	if end.Result != wechat.PayCancel || end.Paid || end.ReturnURL != "" {
		t.Errorf("the visit ends as %+v, want cancel", end)
	}
	w.wantState(sandbox.StateCreated)
}

// The bridge's orders have no page, and codes no bridge.
func TestPageIsOfItsOwnOrders(t *testing.T) {
	w := newWorld(t)
	o, _ := w.pay()
	_, err := w.OpenPage(t.Context(), sandbox.PageVisit{AppID: w.app.Account.AppID, PrepayID: o.PrepayID, Payer: w.payer})
	refused(t, err, "支付场景非法", wechat.PayCancel, "", "the order's pay_type is 800207, which only WeChat's bridge pays")
}

// A page's word of the return counts with its paySign, and only for what was paid.
func TestReturned(t *testing.T) {
	w := newWorld(t, func(a *sandbox.App) {
		a.Delivery.Deliveries = []sandbox.Delivery{{On: sandbox.OnReturned, Variant: sandbox.VariantGood}}
	})
	_, p := w.pay()
	v := w.invocation(p)
	w.must(w.Returned(t.Context(), v))
	w.wantState(sandbox.StateCreated)
	_, err := w.PayerPays(t.Context(), v)
	w.must(err)
	for name, change := range map[string]func(*sandbox.PayParams){
		"appId": func(p *sandbox.PayParams) { p.AppID = "wx0" }, "package": func(p *sandbox.PayParams) { p.Package = "prepay_id=wx0" },
		"paySign": func(p *sandbox.PayParams) { p.PaySign = "" }, "timeStamp": func(p *sandbox.PayParams) { p.TimeStamp = "0" },
	} {
		forged := v
		change(&forged.PayParams)
		w.must(w.Returned(t.Context(), forged))
		if w.waiting() != 1 {
			t.Fatalf("a return with another %s counts", name)
		}
	}
	w.must(w.Returned(t.Context(), v))
	if w.waiting() != 0 {
		t.Error("the page's own return does not count")
	}
}

// waiting counts the order's notifications that wait for its payer's return.
func (w *world) waiting() (count int) {
	w.t.Helper()
	list, err := w.Store.Notifications(w.t.Context(), "APPCODE", "T1")
	w.must(err)
	for _, n := range list {
		if n.Waiting == sandbox.OnReturned {
			count++
		}
	}
	return count
}
