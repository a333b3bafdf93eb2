package sandbox_test

import (
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// One prepay_id in the hands of two payers, as far as it was observed (wechat 3.5): the one it is for may try
// again until it is paid, the other never may.
func TestTwoPayersOnOnePrepay(t *testing.T) {
	w := newWorld(t)
	_, p := w.pay()
	bob, err := w.CreatePayer(t.Context(), sandbox.Payer{ID: "bob"})
	w.must(err)
	alices, bobs := w.invocation(p), w.invocation(p)
	bobs.Payer = bob
	const mismatch, isFor = "下单账号与支付账号不一致", "the order is for openid"

	_, err = w.OpenWallet(t.Context(), alices)
	w.must(err)
	_, err = w.OpenWallet(t.Context(), bobs) // while alice's wallet is open
	refused(t, err, mismatch, wechat.PayCancel, "", isFor)
	_, err = w.PayerCancels(t.Context(), alices)
	w.must(err)
	_, err = w.PayerPays(t.Context(), bobs) // after she cancelled
	refused(t, err, mismatch, wechat.PayCancel, "", isFor)
	_, err = w.PayerPays(t.Context(), alices) // who may try again
	w.must(err)
	_, err = w.OpenWallet(t.Context(), alices)
	refused(t, err, "该订单已支付", wechat.PayCancel, "", "the order is paid")
	_, err = w.OpenWallet(t.Context(), bobs)
	refused(t, err, mismatch, wechat.PayCancel, "", isFor)
}

// An openid that is nobody's, as a login in a snapshot page gives, is no payer's (wechat 2.4).
func TestSnapshotOpenIDPaysNothing(t *testing.T) {
	w := newWorld(t)
	_, p := w.pay(func(r *sandbox.PaymentRequest) {
		r.SubOpenID = wechat.OpenIDFor("snapshot of alice", w.app.Account.AppID)
	})
	_, err := w.OpenWallet(t.Context(), w.invocation(p))
	refused(t, err, "下单账号与支付账号不一致", wechat.PayCancel, "", "the order is for openid")
}

// What became of an order decides what its prepay_id still does.
func TestPrepayOfAnOrderThatEnded(t *testing.T) {
	for _, c := range []struct {
		name                           string
		end                            func(*world, sandbox.Invocation)
		popup, result, errCode, detail string
	}{
		{"expired", func(w *world, _ sandbox.Invocation) {
			_, err := w.MoveClock(w.t.Context(), "APPCODE", morning.Add(2*time.Hour))
			w.must(err)
		}, "该订单已过期，请重新下单", wechat.PayFail, "2", "could be paid until"},
		{"paid", func(w *world, v sandbox.Invocation) {
			_, err := w.PayerPays(w.t.Context(), v)
			w.must(err)
		}, "该订单已支付", wechat.PayCancel, "", "the order is paid"},
		{"closed", func(w *world, _ sandbox.Invocation) {
			w.changed(func(t *sandbox.Transaction) { t.State, t.ClosedAt = sandbox.StateClosed, morning })
		}, "该订单已关闭", wechat.PayCancel, "", "the order was closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			_, p := w.pay()
			v := w.invocation(p)
			c.end(w, v)
			_, err := w.OpenWallet(t.Context(), v)
			refused(t, err, c.popup, c.result, c.errCode, c.detail)
		})
	}
}

// changed stores the one order otherwise.
func (w *world) changed(change func(*sandbox.Transaction)) {
	w.t.Helper()
	one, err := w.Store.TransactionByOutTradeNo(w.t.Context(), "APPCODE", "", "T1")
	w.must(err)
	w.must(w.Store.ChangeTransactions(w.t.Context(), "APPCODE", []sandbox.Syssn{one.Syssn}, func(all []*sandbox.Transaction) (sandbox.Brought, error) {
		change(all[0])
		return sandbox.Brought{}, nil
	}))
}

// extend_info and limit_pay let the wallet open and stop the payment when Pay is pressed.
func TestMeansAreCheckedWhenThePayerPays(t *testing.T) {
	named := &sandbox.RealName{CreID: "430067798868676871", TrueName: "小林"}
	for _, c := range []struct {
		name  string
		order func(*sandbox.PaymentRequest)
		payer sandbox.Payer
		popup string // "" pays
	}{
		{"a credit card, no_credit", func(r *sandbox.PaymentRequest) { r.LimitPay = "no_credit" }, sandbox.Payer{Method: sandbox.MethodCredit}, "该商户不支持使用信用卡支付"},
		{"a debit card, no_credit", func(r *sandbox.PaymentRequest) { r.LimitPay = "no_credit" }, sandbox.Payer{Method: sandbox.MethodDebit}, ""},
		{"a credit card", func(*sandbox.PaymentRequest) {}, sandbox.Payer{Method: sandbox.MethodCredit}, ""},
		{"another number", func(r *sandbox.PaymentRequest) { r.RealName = named }, sandbox.Payer{CreID: "110101199003070000", RealName: "小林"}, "实名信息与商户提供的信息不一致"},
		{"another name", func(r *sandbox.PaymentRequest) { r.RealName = named }, sandbox.Payer{CreID: "430067798868676871", RealName: "小明"}, "实名信息与商户提供的信息不一致"},
		{"the same person", func(r *sandbox.PaymentRequest) { r.RealName = named }, sandbox.Payer{CreID: "430067798868676871", RealName: "小林"}, ""},
		{"no card bound", func(r *sandbox.PaymentRequest) { r.RealName = named }, sandbox.Payer{RealName: "小明"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			_, p := w.pay(c.order)
			v := w.invocation(p)
			c.payer.ID = v.Payer.ID
			v.Payer = c.payer
			_, err := w.OpenWallet(t.Context(), v)
			w.must(err)
			_, err = w.PayerPays(t.Context(), v)
			if c.popup == "" {
				w.must(err)
				return
			}
			refused(t, err, c.popup, wechat.PayCancel, "", "")
			w.wantState(sandbox.StateCreated)
		})
	}
}

// What the page hears when the payer is done, whatever happened to the order.
func TestCallbackIsNoProof(t *testing.T) {
	for _, c := range []struct {
		behaviour sandbox.Behaviour
		answer    sandbox.WalletAnswer
		state     sandbox.State
	}{
		{sandbox.BehavePay, sandbox.WalletAnswer{Result: wechat.PayOK}, sandbox.StatePaid},
		{sandbox.BehavePaysBridgeCancels, sandbox.WalletAnswer{Result: wechat.PayCancel}, sandbox.StatePaid},
		{sandbox.BehaveOKUnpaid, sandbox.WalletAnswer{Result: wechat.PayOK}, sandbox.StateCreated},
		{sandbox.BehavePaysNeverReturns, sandbox.WalletAnswer{Gone: true}, sandbox.StatePaid},
	} {
		w := newWorld(t)
		_, p := w.pay()
		v := w.invocation(p)
		v.Payer.Behaviour = c.behaviour
		got, err := w.PayerPays(t.Context(), v)
		w.must(err)
		if got != c.answer {
			t.Errorf("%s: the page gets %+v, want %+v", c.behaviour, got, c.answer)
		}
		w.wantState(c.state)
	}
}

// A prepay_id of a code to scan is none for the bridge, however well it is signed.
func TestWalletPaysJSAPIOnly(t *testing.T) {
	w := newWorld(t)
	order, _ := w.pay(func(r *sandbox.PaymentRequest) { r.PayType, r.SubOpenID = "800201", "" })
	p := sandbox.PayParams{AppID: w.app.Account.AppID, TimeStamp: "1773453600", NonceStr: "n", Package: "prepay_id=" + order.PrepayID, SignType: "MD5"}
	var err error
	p.PaySign, err = wechat.PaySign(p.AppID, p.TimeStamp, p.NonceStr, p.Package, p.SignType, w.app.Account.PayKey)
	w.must(err)
	_, err = w.OpenWallet(t.Context(), w.invocation(p))
	refused(t, err, "支付场景非法", wechat.PayCancel, "", "which the bridge does not pay")
}
