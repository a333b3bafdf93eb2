package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// till is a sandbox, and an App whose orders a payer's browser opens.
type till struct {
	*server.Server
	t   *testing.T
	app sandbox.App
}

func openTill(t *testing.T) *till {
	t.Helper()
	srv, err := server.Start(t.Context(), server.Config{Log: testLog(t)})
	must(t, err)
	t.Cleanup(func() { must(t, srv.Shutdown(context.Background())) })
	app, err := srv.Gateway().CreateApp(t.Context(), sandbox.App{Name: "宠物店 Petshop", NotifyURL: "http://127.0.0.1:9/"})
	must(t, err)
	return &till{srv, t, app}
}

// payer creates somebody who was told what to do.
func (l *till) payer(p sandbox.Payer) sandbox.Payer {
	l.t.Helper()
	p, err := l.Gateway().CreatePayer(l.t.Context(), p)
	must(l.t, err)
	return p
}

// order is one for the payer; its number is the payer's id.
func (l *till) order(p sandbox.Payer, payType string, change ...func(*sandbox.PaymentRequest)) (sandbox.Transaction, sandbox.PayParams) {
	l.t.Helper()
	r := sandbox.PaymentRequest{
		Txamt: "300", Txcurrcd: "HKD", PayType: payType, OutTradeNo: string(p.ID), GoodsName: "狗粮 Dog food",
		Txdtm:      sandbox.FormatTime(l.Gateway().Now(l.app)),
		SubOpenID:  wechat.OpenIDFor(string(p.ID), l.app.Account.AppID),
		ExtendInfo: "{}",
	}
	for _, c := range change {
		c(&r)
	}
	t, params, err := l.Gateway().Pay(l.t.Context(), l.app, r)
	must(l.t, err)
	return t, params
}

// phone is the payer's, in WeChat, which puts its bridge into every page.
func (l *till) phone(p sandbox.Payer) *Tab {
	l.t.Helper()
	return open(l.t, "ios", TabOptions{
		Script: `document.addEventListener("DOMContentLoaded", () => {
			const bridge = document.createElement("script")
			bridge.src = "/wallet/bridge.js"
			document.head.append(bridge)
		})
		addEventListener("message", () => { // the last of the wallet, before the bridge takes it away
			const shown = document.getElementById("wx-wallet").contentDocument.querySelectorAll("#popup:not([hidden]), #waiting:not([hidden])")
			window.seen = Array.from(shown, e => e.textContent).join()
		})`,
		Cookies: []Cookie{{Name: "sandbox_payer", Value: string(p.ID), URL: l.URL(), HTTPOnly: true, SameSite: "Lax"}},
	})
}

func (l *till) state(n sandbox.Syssn) sandbox.State {
	l.t.Helper()
	t, err := l.Gateway().Store.TransactionBySyssn(l.t.Context(), l.app.Code, n)
	must(l.t, err)
	return t.State
}

// returned counts the pages that told of an order's return.
func (l *till) returned(ctx context.Context, atLeast int) (count int) {
	l.t.Helper()
	for mark := uint64(0); ; {
		page, err := l.Gateway().Store.Journal(ctx, "", mark, 500)
		must(l.t, err)
		for _, e := range page.Exchanges {
			if e.URL == "/wallet/returned" {
				count++
			}
		}
		if count >= atLeast {
			return count
		}
		mark = page.Mark
		must(l.t, l.Gateway().Store.WaitJournal(ctx, "", mark))
	}
}

// What each payer does is done by the wallet's own scripts; manual ones have a hand.
func TestWalletDoesWhatItsPayerWasTold(t *testing.T) {
	const paid, unpaid = sandbox.StatePaid, sandbox.StateCreated
	noCredit := func(r *sandbox.PaymentRequest) { r.LimitPay = "no_credit" }
	for _, c := range []struct {
		name   string
		payer  sandbox.Payer
		change func(*sandbox.PaymentRequest)
		clicks []string
		says   string // the last of the wallet
		hears  string // what the page's callback gets, empty for no call
		state  sandbox.State
	}{
		{name: "manual, pays", payer: sandbox.Payer{}, clicks: []string{"#pay", "#done"}, hears: "ok", state: paid},
		{name: "manual, cancels", payer: sandbox.Payer{}, clicks: []string{"#cancel"}, hears: "cancel", state: unpaid},
		{name: "manual with a credit card", payer: sandbox.Payer{Method: sandbox.MethodCredit}, change: noCredit, clicks: []string{"#pay", "#popup:not([hidden]) #dismiss"}, says: "不支持使用信用卡", hears: "cancel", state: unpaid},
		{name: "with a credit card", payer: sandbox.Payer{Method: sandbox.MethodCredit, Behaviour: sandbox.BehavePay}, change: noCredit, says: "不支持使用信用卡", hears: "cancel", state: unpaid},
		{name: "pay", payer: sandbox.Payer{Behaviour: sandbox.BehavePay}, hears: "ok", state: paid},
		{name: "cancel", payer: sandbox.Payer{Behaviour: sandbox.BehaveCancel}, hears: "cancel", state: unpaid},
		{name: "insufficient-balance", payer: sandbox.Payer{Behaviour: sandbox.BehaveInsufficientBalance}, says: "余额不足", hears: "cancel", state: unpaid},
		{name: "wrong-account", payer: sandbox.Payer{Behaviour: sandbox.BehaveWrongAccount}, says: "下单账号与支付账号不一致", hears: "cancel", state: unpaid},
		{name: "real-name-mismatch", payer: sandbox.Payer{Behaviour: sandbox.BehaveRealNameMismatch}, says: "实名信息", hears: "cancel", state: unpaid},
		{name: "pays-never-returns", payer: sandbox.Payer{Behaviour: sandbox.BehavePaysNeverReturns}, says: "微信已关闭", state: paid},
		{name: "pays-bridge-cancels", payer: sandbox.Payer{Behaviour: sandbox.BehavePaysBridgeCancels}, hears: "cancel", state: paid},
		{name: "bridge-ok-unpaid", payer: sandbox.Payer{Behaviour: sandbox.BehaveOKUnpaid}, hears: "ok", state: unpaid},
		{name: "slow", payer: sandbox.Payer{Behaviour: sandbox.BehaveSlow, Delay: 300 * time.Millisecond}, says: "正在输入密码", hears: "ok", state: paid},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := openTill(t)
			p := l.payer(c.payer)
			if c.change == nil {
				c.change = func(*sandbox.PaymentRequest) {}
			}
			order, params := l.order(p, "800207", c.change)
			tab := l.phone(p)
			must(t, tab.Goto(t.Context(), l.URL()+"/q/")) // a page in the cashier's directory
			six, err := json.Marshal(map[string]string{"appId": params.AppID, "timeStamp": params.TimeStamp, "nonceStr": params.NonceStr,
				"package": params.Package, "signType": params.SignType, "paySign": params.PaySign})
			must(t, err)
			eval(t, tab, fmt.Sprintf(`(() => { window.heard = new Promise(done => {
				const pay = () => WeixinJSBridge.invoke("getBrandWCPayRequest", %s, r => { window.called = true; done(r.err_msg) });
				window.WeixinJSBridge ? pay() : document.addEventListener("WeixinJSBridgeReady", pay)
			}) })()`, six))
			wallet := tab.Frame("#wx-wallet")
			for _, selector := range c.clicks {
				must(t, wallet.Click(t.Context(), selector))
			}
			returned := 0
			if c.hears != "" {
				returned = 1
				if got := eval(t, tab, "window.heard"); got != `"get_brand_wcpay_request:`+c.hears+`"` {
					t.Errorf("the page hears %s, want %s", got, c.hears)
				}
				var seen string
				must(t, json.Unmarshal([]byte(eval(t, tab, "window.seen")), &seen))
				if !strings.Contains(seen, c.says) || (seen == "") != (c.says == "") {
					t.Errorf("the wallet ends with %q, want %q", seen, c.says)
				}
			} else if _, err := wallet.WaitText(t.Context(), "#closed:not([hidden])", c.says); err != nil {
				t.Errorf("the wallet does not say %s: %v", c.says, err)
			} else if got := eval(t, tab, "window.called === true"); got != "false" {
				t.Error("the page hears something, want nothing from a WeChat that was closed")
			}
			if got := l.state(order.Syssn); got != c.state {
				t.Errorf("the order is %s, want %s", got, c.state)
			}
			if got := l.returned(t.Context(), returned); got != returned {
				t.Errorf("%d pages told of the return, want %d", got, returned)
			}
		})
	}
}

// The same without a bridge: at the page of a code, and of an H5 payment, which leads back.
func TestPageDoesWhatItsPayerWasTold(t *testing.T) {
	shop := newSite(t, pages{"/done": "<p id=done>thank you"}, nil)
	for _, c := range []struct {
		behaviour sandbox.Behaviour
		clicks    []string
		ends      string // of a code
		back      bool   // of H5
		state     sandbox.State
	}{
		{sandbox.BehaveManual, []string{"#pay"}, "paid", true, sandbox.StatePaid},
		{sandbox.BehaveManual, []string{"#cancel"}, "unpaid", true, sandbox.StateCreated},
		{sandbox.BehavePay, nil, "paid", true, sandbox.StatePaid},
		{sandbox.BehaveCancel, nil, "unpaid", true, sandbox.StateCreated},
		{sandbox.BehaveInsufficientBalance, nil, "refused", false, sandbox.StateCreated},
		{sandbox.BehaveWrongAccount, nil, "refused", false, sandbox.StateCreated},
		{sandbox.BehaveRealNameMismatch, nil, "refused", false, sandbox.StateCreated},
		{sandbox.BehavePaysNeverReturns, nil, "gone", false, sandbox.StatePaid},
		{sandbox.BehavePaysBridgeCancels, nil, "unpaid", true, sandbox.StatePaid},
		{sandbox.BehaveOKUnpaid, nil, "paid", true, sandbox.StateCreated},
		{sandbox.BehaveSlow, nil, "paid", true, sandbox.StatePaid},
	} {
		for _, payType := range []string{"800201", "800212"} {
			t.Run(fmt.Sprintf("%s %v %s", c.behaviour, c.clicks, payType), func(t *testing.T) {
				l := openTill(t)
				p := l.payer(sandbox.Payer{Behaviour: c.behaviour, Delay: 200 * time.Millisecond})
				order, _ := l.order(p, payType)
				address := l.URL() + sandbox.PayPageTarget(l.app, order)
				if payType == "800212" {
					address += "&redirect_url=" + url.QueryEscape(shop.URL+"/done")
				}
				tab := l.phone(p)
				must(t, tab.Goto(t.Context(), address))
				for _, selector := range c.clicks {
					must(t, tab.Click(t.Context(), selector))
				}
				end := fmt.Sprintf("[data-state=%s] main", c.ends)
				if payType == "800212" && c.back {
					end = "#done"
				}
				must(t, tab.WaitVisible(t.Context(), end))
				if got := l.state(order.Syssn); got != c.state {
					t.Errorf("the order is %s, want %s", got, c.state)
				}
			})
		}
	}
}

// The answer may wait until the merchant was told: a second press meanwhile is none.
func TestPagePaysOnce(t *testing.T) {
	l := openTill(t)
	p := l.payer(sandbox.Payer{})
	order, _ := l.order(p, "800201")
	tab := l.phone(p)
	must(t, tab.Goto(t.Context(), l.URL()+sandbox.PayPageTarget(l.app, order)))
	got := eval(t, tab, `(() => {
		const stopped = [], pay = document.getElementById("pay")
		document.addEventListener("submit", e => { stopped.push(e.defaultPrevented) })
		pay.click(); pay.click()
		return stopped
	})()`)
	if got != "[false,true]" {
		t.Errorf("of two presses %s were stopped, want the second", got)
	}
	must(t, tab.WaitVisible(t.Context(), "[data-state=paid] main"))
}
