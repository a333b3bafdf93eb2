package sandbox_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// refused checks what page and journal get of a wallet that said no. popup "" is none.
func refused(t *testing.T, err error, popup, result, errCode, detail string) {
	t.Helper()
	var got *sandbox.WalletRefusal
	if !errors.As(err, &got) {
		t.Fatalf("got error %v, want a refusal that says %q", err, detail)
	}
	a := got.Answer
	if a.Result != result || a.ErrCode != errCode || !strings.Contains(got.Detail, detail) {
		t.Errorf("got %s %q: %s, want %s %q: %s", a.Result, a.ErrCode, got.Detail, result, errCode, detail)
	}
	if (a.Popup == nil) != (popup == "") || a.Popup != nil && !strings.Contains(a.Popup.Chinese, popup) {
		t.Errorf("popup is %+v, want one that says %q", a.Popup, popup)
	}
	if a.Popup != nil && a.Popup.English == "" {
		t.Error("the popup has no English text")
	}
}

func TestWalletRefuses(t *testing.T) {
	type invocation = sandbox.Invocation
	on := func(kind string) func(*invocation) { return func(v *invocation) { v.Client = client(t, kind) } }
	for _, c := range []struct {
		name                           string
		change                         func(*invocation)
		popup, result, errCode, detail string
	}{
		{"desktop", on("windows"), "", wechat.PayNoFunction, "", "desktop clients"},
		{"mini-program", on("miniprogram"), "", wechat.PayNoFunction, "", "mini-program"},
		{"WeCom", on("wecom-ios"), "", wechat.PayNoFunction, "", "WeCom is not WeChat"},
		{"DevTools", on("devtools"), "", wechat.PayFailDevTools, "", "DevTools simulates no payment"},
		{"Chrome", on("chrome"), "", wechat.PayNoFunction, "", "not WeChat"},
		{"no appId", func(v *invocation) { v.PayParams.AppID = "" }, "缺少参数：appId", wechat.PayCancel, "", "appId is missing, empty or not a string"},
		{"no timeStamp", func(v *invocation) { v.PayParams.TimeStamp = "" }, "缺少参数：timeStamp", wechat.PayCancel, "", "timeStamp is missing"},
		{"no nonceStr", func(v *invocation) { v.PayParams.NonceStr = "" }, "缺少参数：nonceStr", wechat.PayCancel, "", "nonceStr is missing"},
		{"no package", func(v *invocation) { v.PayParams.Package = "" }, "缺少参数：total_fee", wechat.PayCancel, "", "package is missing"},
		{"no signType", func(v *invocation) { v.PayParams.SignType = "" }, "缺少参数：signType", wechat.PayCancel, "", "signType is missing"},
		{"no paySign", func(v *invocation) { v.PayParams.PaySign = "" }, "缺少参数：paySign", wechat.PayCancel, "", "paySign is missing"},
		{"timeStamp as a number on iOS", func(v *invocation) { v.NotText = []string{"timeStamp"} }, "缺少参数：timeStamp", wechat.PayCancel, "", "iOS counts it as missing, Android takes it"},
		{"package as something else on iOS", func(v *invocation) { v.NotText = []string{"package"} }, "缺少参数：total_fee", wechat.PayCancel, "", "package is not a string"},
		{"unknown appId", func(v *invocation) { v.PayParams.AppID = "wx0" }, "支付验证签名失败", wechat.PayCancel, "", `appId "wx0" belongs to no official account here`},
		{"another page", func(v *invocation) { v.Directory = "http://m.test/pay/" }, "当前页面的URL未注册：http://m.test/pay/", wechat.PayCancel, "", "http://m.test/pay/ is not registered"},
		{"package without prepay_id=", func(v *invocation) { v.PayParams.Package = strings.TrimPrefix(v.PayParams.Package, "prepay_id=") }, "缺少参数：total_fee", wechat.PayCancel, "", "want prepay_id=…"},
		{"unknown prepay_id", func(v *invocation) { v.PayParams.Package = "prepay_id=wx0" }, "缺少参数：total_fee", wechat.PayCancel, "", `prepay_id "wx0" was not issued`},
		{"changed nonceStr", func(v *invocation) { v.PayParams.NonceStr += "0" }, "支付验证签名失败", wechat.PayCancel, "", "paySign does not fit"},
		{"changed timeStamp", func(v *invocation) { v.PayParams.TimeStamp += "000" }, "支付验证签名失败", wechat.PayCancel, "", "paySign does not fit"},
		{"another signType", func(v *invocation) { v.PayParams.SignType = "HMAC-SHA256" }, "支付验证签名失败", wechat.PayCancel, "", "paySign does not fit"},
		{"unknown signType", func(v *invocation) { v.PayParams.SignType = "md5" }, "支付验证签名失败", wechat.PayCancel, "", "paySign does not fit"},
		{"paySign in lower case", func(v *invocation) { v.PayParams.PaySign = strings.ToLower(v.PayParams.PaySign) }, "支付验证签名失败", wechat.PayCancel, "", "paySign does not fit"},
		{"nonceStr of 33 bytes", func(v *invocation) { v.PayParams.NonceStr = strings.Repeat("n", 33) }, "支付验证签名失败", wechat.PayCancel, "", "; nonceStr has 33 bytes, want at most 32"},
		{"package of 129 bytes", func(v *invocation) { v.PayParams.Package = "prepay_id=" + strings.Repeat("w", 119) }, "缺少参数：total_fee", wechat.PayCancel, "", "package has 129 bytes, want at most 128"},
		{"timeStamp in milliseconds", func(v *invocation) { v.PayParams.TimeStamp += "000" }, "支付验证签名失败", wechat.PayCancel, "", "milliseconds"},
		{"a second wallet", func(v *invocation) { v.Again = true }, "", wechat.PayFail, "", "while the page's wallet was open"},
		{"wx.config not verified", func(v *invocation) { v.Unverified = true }, "", "getBrandWCPayRequest:fail, the permission value is offline verifying", "", "wx.config has not verified"},
		{"another payer", func(v *invocation) { v.Payer.ID = "mallory" }, "下单账号与支付账号不一致", wechat.PayCancel, "", "the order is for openid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			_, p := w.pay()
			v := w.invocation(p)
			c.change(&v)
			_, err := w.OpenWallet(t.Context(), v)
			refused(t, err, c.popup, c.result, c.errCode, c.detail)
			_, err = w.PayerPays(t.Context(), v) // all checks are made again
			refused(t, err, c.popup, c.result, c.errCode, c.detail)
			_, err = w.PayerCancels(t.Context(), v)
			refused(t, err, c.popup, c.result, c.errCode, c.detail)
			w.wantState(sandbox.StateCreated)
		})
	}
}

func (w *world) wantState(want sandbox.State) {
	w.t.Helper()
	t, err := w.Store.TransactionByOutTradeNo(w.t.Context(), "APPCODE", "", "T1")
	w.must(err)
	if t.State != want {
		w.t.Errorf("the order is %s, want %s", t.State, want)
	}
}

// Assumption 7: what is wrong in two ways is refused for the earlier one of this order.
func TestWalletChecksInOrder(t *testing.T) {
	w := newWorld(t)
	_, p := w.pay()
	v := w.invocation(p)
	_, err := w.PayerPays(t.Context(), v)
	w.must(err)
	w.clock.now = morning.Add(3 * time.Hour)
	steps := []struct {
		break_ func(*sandbox.Invocation)
		detail string
	}{
		{func(v *sandbox.Invocation) {}, "the order is paid"}, // before expiry
		{func(v *sandbox.Invocation) { v.Payer.ID = "mallory" }, "the order is for openid"},
		{func(v *sandbox.Invocation) { v.PayParams.PaySign = "X" }, "paySign does not fit"},
		{func(v *sandbox.Invocation) { v.PayParams.Package = "prepay_id=wx0" }, "was not issued"},
		{func(v *sandbox.Invocation) { v.PayParams.Package = "wx0" }, "want prepay_id=…"},
		{func(v *sandbox.Invocation) { v.Directory = "http://m.test/" }, "is not registered"},
		{func(v *sandbox.Invocation) { v.PayParams.AppID = "wx0" }, "belongs to no official account"},
		{func(v *sandbox.Invocation) { v.PayParams.NonceStr = "" }, "nonceStr is missing"},
		{func(v *sandbox.Invocation) { v.Unverified = true }, "wx.config has not verified"},
		{func(v *sandbox.Invocation) { v.Again = true }, "while the page's wallet was open"},
		{func(v *sandbox.Invocation) { v.Client = client(t, "mac") }, "desktop"},
	}
	for _, s := range steps { // each breaks one more thing
		s.break_(&v)
		_, err := w.OpenWallet(t.Context(), v)
		var got *sandbox.WalletRefusal
		if !errors.As(err, &got) || !strings.Contains(got.Detail, s.detail) {
			t.Errorf("got %v, want a refusal that says %q", err, s.detail)
		}
	}
}

func TestWalletOpens(t *testing.T) {
	const own = "http://shop.test/pay/"
	for _, c := range []struct {
		name   string
		change func(*sandbox.Invocation)
	}{
		{"iOS", func(*sandbox.Invocation) {}},
		{"Android takes a number", func(v *sandbox.Invocation) { v.Client, v.NotText = client(t, "android"), []string{"timeStamp"} }},
		{"old Android", func(v *sandbox.Invocation) { v.Client = client(t, "android-old") }},
		{"a registered directory", func(v *sandbox.Invocation) { v.Directory = own }},
		{"a registered domain", func(v *sandbox.Invocation) { v.Directory = "http://domain.test/any/where/" }},
		{"the root of a registered domain", func(v *sandbox.Invocation) { v.Directory = "http://domain.test/" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, func(a *sandbox.App) {
				a.Account.PayDirectories = []string{"http://other.test/", own, "http://domain.test"}
			})
			order, p := w.pay()
			v := w.invocation(p)
			c.change(&v)
			ctx, e := w.noted()
			sheet, err := w.OpenWallet(ctx, v)
			w.must(err)
			if sheet.App.Code != "APPCODE" || sheet.Transaction.Syssn != order.Syssn || sheet.Payer.ID != "alice" {
				t.Errorf("the sheet is of %s %s %s, want APPCODE %s alice", sheet.App.Code, sheet.Transaction.Syssn, sheet.Payer.ID, order.Syssn)
			}
			if e.App != "APPCODE" || e.OutTradeNo != "T1" || e.Payer != "alice" || e.OpenID != order.OpenID {
				t.Errorf("the exchange is of %s %s %s %s, want the order's", e.App, e.OutTradeNo, e.Payer, e.OpenID)
			}
		})
	}
	for name, directory := range map[string]string{
		"a parent": "http://shop.test/", "a child": own + "now/", "another scheme": "https://shop.test/pay/", "capitals": "http://shop.test/Pay/",
		"another scheme of the domain": "https://domain.test/pay/", "a subdomain": "http://m.domain.test/pay/", "another port": "http://domain.test:81/pay/", "a longer name": "http://domain.testing/",
	} {
		w := newWorld(t, func(a *sandbox.App) { a.Account.PayDirectories = []string{own, "http://domain.test"} })
		_, p := w.pay()
		v := w.invocation(p)
		v.Directory = directory
		_, err := w.OpenWallet(t.Context(), v)
		if err == nil {
			t.Errorf("%s of a registered directory opens the wallet", name)
		}
	}
}

func TestPrepayLivesTwoHours(t *testing.T) {
	for _, c := range []struct {
		after time.Duration
		live  bool
	}{{0, true}, {2*time.Hour - time.Second, true}, {2*time.Hour - 1, true}, {2 * time.Hour, false}} {
		w := newWorld(t)
		_, p := w.pay()
		var err error
		w.app, err = w.MoveClock(t.Context(), "APPCODE", morning.Add(c.after))
		w.must(err)
		_, err = w.OpenWallet(t.Context(), w.invocation(p))
		if c.live {
			w.must(err)
			continue
		}
		refused(t, err, "该订单已过期", wechat.PayFail, "2", "could be paid until 2026-03-14 12:00:00; it is 2026-03-14 12:00:00 now")
	}
}

func TestPayerPays(t *testing.T) {
	w := newWorld(t)
	order, p := w.pay()
	w.clock.now = morning.Add(90 * time.Second)
	got, err := w.PayerPays(t.Context(), w.invocation(p))
	w.must(err)
	if got != (sandbox.WalletAnswer{Result: wechat.PayOK}) {
		t.Errorf("the page gets %+v, want ok", got)
	}
	paid, err := w.Store.TransactionBySyssn(t.Context(), "APPCODE", order.Syssn)
	w.must(err)
	if paid.State != sandbox.StatePaid || !paid.PaidAt.Equal(morning.Add(90*time.Second)) || len(paid.Chnlsn) != 28 || !strings.HasPrefix(paid.Chnlsn, "4200") {
		t.Errorf("the order is %s since %s, WeChat's number %q, want paid since 10:01:30 and 28 digits from 4200", paid.State, paid.PaidAt, paid.Chnlsn)
	}
	if w.told != 1 {
		t.Errorf("NotificationDue was called %d times, want once", w.told)
	}
	_, err = w.PayerPays(t.Context(), w.invocation(p))
	refused(t, err, "该订单已支付", wechat.PayCancel, "", "the order is paid since 2026-03-14 10:01:30")
	_, err = w.PayerCancels(t.Context(), w.invocation(p))
	refused(t, err, "该订单已支付", wechat.PayCancel, "", "the order is paid")
}

func TestPayerCancels(t *testing.T) {
	w := newWorld(t)
	_, p := w.pay()
	for range 2 {
		got, err := w.PayerCancels(t.Context(), w.invocation(p))
		w.must(err)
		if got != (sandbox.WalletAnswer{Result: wechat.PayCancel}) {
			t.Errorf("the page gets %+v, want cancel", got)
		}
	}
	w.wantState(sandbox.StateCreated)
	_, err := w.PayerPays(t.Context(), w.invocation(p)) // a change of mind
	w.must(err)
	w.wantState(sandbox.StatePaid)
}

func TestPayerWithoutMoney(t *testing.T) {
	w := newWorld(t)
	_, p := w.pay()
	v := w.invocation(p)
	v.Payer.Behaviour = sandbox.BehaveInsufficientBalance
	_, err := w.OpenWallet(t.Context(), v)
	w.must(err) // the sheet opens; the money is missing when the payer pays
	_, err = w.PayerPays(t.Context(), v)
	refused(t, err, "余额不足", wechat.PayCancel, "", "payer alice makes the payer's balance too low")
	w.wantState(sandbox.StateCreated)
	if w.told != 0 {
		t.Error("a payment that failed made a notification due")
	}
}

// Paid in another window between the check and the payment.
func TestPayerIsOvertaken(t *testing.T) {
	w := newWorld(t)
	_, p := w.pay()
	kept := w.Store.(*memstore.Store)
	w.Store = &overtaken{kept, func() {
		_, err := w.PayerPays(t.Context(), w.invocation(p))
		w.must(err)
	}}
	_, err := w.PayerPays(t.Context(), w.invocation(p))
	refused(t, err, "该订单已支付", wechat.PayCancel, "", "a moment ago")
	list, err := kept.Notifications(t.Context(), "APPCODE", "T1")
	w.must(err)
	if len(list) != 1 || w.told != 1 {
		t.Errorf("%d notifications are stored, NotificationDue was called %d times, want 1 and 1", len(list), w.told)
	}
}

func TestOfManyWhoPayOnceOneWins(t *testing.T) {
	w := newWorld(t)
	w.NotificationDue = func() {}
	_, p := w.pay()
	results := make([]error, 50)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() { _, results[i] = w.PayerPays(t.Context(), w.invocation(p)) })
	}
	all.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
			continue
		}
		refused(t, err, "该订单已支付", wechat.PayCancel, "", "paid")
	}
	list, err := w.Store.Notifications(t.Context(), "APPCODE", "T1")
	w.must(err)
	if won != 1 || len(list) != 1 {
		t.Errorf("%d won and %d notifications are stored, want 1 and 1", won, len(list))
	}
}
