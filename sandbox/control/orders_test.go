package control_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// order makes an order of alice's by the rules.
func (b *box) order(code sandbox.AppCode, mchid, number string) {
	b.t.Helper()
	app, err := b.Gateway().Store.App(b.t.Context(), code)
	must(b.t, err)
	_, _, err = b.Gateway().Pay(b.t.Context(), app, sandbox.PaymentRequest{Txamt: "300", Txcurrcd: "HKD", PayType: "800207", OutTradeNo: number, Mchid: mchid,
		Txdtm: "2026-03-14 10:00:00", LimitPay: "no_credit", SubOpenID: wechat.OpenIDFor("alice", app.Account.AppID)})
	must(b.t, err)
}

func TestOrderIsPaidWithoutABrowser(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A", NotifyURL: "http://127.0.0.1:9/notify"}}})
	b.call("POST", "/payers", `{"id": "alice"}`).want(201)
	for _, c := range []struct{ name, number, body string }{
		{"by its payer", "T1", `{"payer": "alice"}`}, {"by whoever it is for", "T2", `{}`}, {"with a slash in its number", "2026/03_pay", `{"payer": "alice"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.order("A", "", c.number)
			path := "/apps/A/orders/" + url.PathEscape(c.number)
			b.call("GET", path, "").want(200, "state", "created", "respcd", "1143", "cancel", "0", "paid_at", "<nil>", "txamt", "300", "refunds", "[]", "pay_url", "")
			b.call("POST", path+"/cancel", c.body).want(200, "state", "created")
			b.call("POST", path+"/pay", c.body).want(200, "state", "paid", "respcd", "0000", "paid_at", "2026-03-14T02:00:00Z", "out_trade_no", c.number)
			b.call("GET", path, "").want(200, "state", "paid")
			b.call("POST", path+"/pay", c.body).refused(409, "wallet-paid", "该订单已支付 (this order has been paid): the order is paid since 2026-03-14 10:00:00")
			b.call("POST", path+"/cancel", c.body).refused(409, "wallet-paid", "该订单已支付")
			list, err := b.Notifications(t.Context(), "A", sandbox.OutTradeNo(c.number))
			must(t, err)
			if len(list) != 1 {
				t.Errorf("%d notifications came of the payment, want 1", len(list))
			}
		})
	}
}

func TestRefundedOrderSaysWhenItWasPaid(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A"}}})
	b.order("A", "", "T1")
	b.call("POST", "/apps/A/orders/T1/pay", `{}`).want(200)
	g := b.Gateway()
	app, err := g.Store.App(t.Context(), "A")
	must(t, err)
	paid, err := g.Store.TransactionByOutTradeNo(t.Context(), "A", "", "T1")
	must(t, err)
	b.call("POST", "/apps/A/clock/advance", `{"by": "1h"}`).want(200)
	_, err = g.Refund(t.Context(), app, sandbox.RefundRequest{Syssn: string(paid.Syssn), OutTradeNo: "R1", Txamt: "100", Txdtm: "2026-03-14 11:00:00"})
	must(t, err)
	b.call("POST", "/apps/A/orders/T1/pay", `{}`).refused(409, "wallet-paid", "the order was paid at 2026-03-14 10:00:00 and is partly refunded now")
}

func TestOrderOfAShop(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A", Mchids: []sandbox.Mchid{"M1"}}}})
	b.order("A", "M1", "T1")
	b.call("GET", "/apps/A/orders/T1", "").refused(404, "not-found", "T1")
	b.call("POST", "/apps/A/orders/T1/pay", `{}`).refused(404, "not-found", `by that mchid: the App has shops`)
	paid, err := b.PayOrder(t.Context(), "A", "T1", control.OrderPayer{Mchid: "M1"})
	must(t, err)
	read, err := b.Order(t.Context(), "A", "M1", "T1")
	must(t, err)
	if paid.State != sandbox.StatePaid || read.State != sandbox.StatePaid || paid.Mchid != "M1" {
		t.Errorf("paid it is %+v, read %+v, want M1's, paid", paid, read)
	}
}

func TestOrderIsNotPaid(t *testing.T) {
	for _, c := range []struct{ name, payer, body, code, message string }{
		{"by a stranger", `{"id": "bob"}`, `{"payer": "bob"}`, "wallet-other-payer", "下单账号与支付账号不一致"},
		{"without money", `{"id": "alice", "behaviour": "insufficient-balance"}`, `{"payer": "alice"}`, "wallet-balance", "余额不足 (your balance is too low): payer alice"},
		{"as a wrong account", `{"id": "alice", "behaviour": "wrong-account"}`, `{"payer": "alice"}`, "wallet-other-payer", "payer alice makes this payer somebody else's account"},
		{"with another name", `{"id": "alice", "behaviour": "real-name-mismatch"}`, `{"payer": "alice"}`, "wallet-real-name", "实名信息"},
		{"by credit card", `{"id": "alice", "method": "credit"}`, `{"payer": "alice"}`, "wallet-no-credit", "limit_pay is no_credit"},
		{"by nobody known", `{"id": "alice"}`, `{"payer": "carol"}`, "invalid", `payer is "carol", want one that exists`},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := start(t, server.Config{Apps: []sandbox.App{{Code: "A"}}})
			b.call("POST", "/payers", c.payer).want(201)
			b.order("A", "", "T1")
			_, err := b.PayOrder(t.Context(), "A", "T1", control.OrderPayer{Payer: payerIn(c.body)})
			var refusal *control.Error
			if !errors.As(err, &refusal) || refusal.Code != c.code || !strings.Contains(refusal.Message, c.message) || refusal.Status/100 != 4 {
				t.Errorf("got %v, want %s with %q and a 4xx status", err, c.code, c.message)
			}
			b.call("GET", "/apps/A/orders/T1", "").want(200, "state", "created", "paid_at", "<nil>")
			must(t, second(b.CancelOrder(t.Context(), "A", "T1", control.OrderPayer{})))
		})
	}
}

func payerIn(body string) sandbox.PayerID {
	_, rest, _ := strings.Cut(body, `"payer": "`)
	id, _, _ := strings.Cut(rest, `"`)
	return sandbox.PayerID(id)
}

func second[T any](_ T, err error) error { return err }

func TestPayerReturnsWithoutABrowser(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A", NotifyURL: "http://127.0.0.1:9/notify"}}})
	b.call("POST", "/payers", `{"id": "alice"}`).want(201)
	b.order("A", "", "T1")
	b.call("PUT", "/apps/A/orders/T1/plan", `{"delivery": [{"on": "returned", "after": "1m"}]}`).want(200)
	b.call("POST", "/apps/A/orders/T1/pay", `{}`).want(200, "state", "paid")
	waiting := func() string {
		list, err := b.Notifications(t.Context(), "A", "T1")
		must(t, err)
		if len(list) != 1 {
			t.Fatalf("%d notifications came of the payment, want 1", len(list))
		}
		return string(list[0].Waiting)
	}
	if got := waiting(); got != "returned" {
		t.Errorf("before the return it waits for %q, want returned", got)
	}
	b.call("POST", "/apps/A/orders/T1/return", `{"payer": "alice"}`).refused(400, "invalid", "payer")
	b.call("POST", "/apps/A/orders/NONE/return", `{}`).refused(404, "not-found", "NONE")
	if _, err := b.ReturnFromOrder(t.Context(), "A", "T1", ""); err != nil {
		t.Errorf("the return gives error %v, want none", err)
	}
	if got := waiting(); got != "" {
		t.Errorf("after the return it waits for %q, want nothing", got)
	}
}

func TestOrdersAreListedNewestFirst(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A"}, {Code: "B"}}})
	for _, number := range []string{"T1", "T2", "T3"} {
		b.order("A", "", number)
		b.call("POST", "/apps/A/clock/advance", `{"by": "1m"}`).want(200)
	}
	b.order("B", "", "T9")
	b.call("POST", "/apps/A/orders/T2/pay", `{}`).want(200)
	app, err := b.Gateway().Store.App(t.Context(), "A")
	must(t, err)
	for _, number := range []string{"R1", "R2"} {
		_, err = b.Gateway().Refund(t.Context(), app, sandbox.RefundRequest{Syssn: b.call("GET", "/apps/A/orders/T2", "").at("syssn"), OutTradeNo: number, Txamt: "100", Txdtm: "2026-03-14 10:03:00"})
		must(t, err)
	}
	for _, c := range []struct{ query, orders, more string }{
		{"", "T3 T2 T1", "false"},
		{"?limit=2", "T3 T2", "true"}, {"?limit=3", "T3 T2 T1", "false"}, {"?limit=4", "T3 T2 T1", "false"},
		{"?state=created", "T3 T1", "false"}, {"?state=created&limit=1", "T3", "true"}, {"?state=partly+refunded&limit=1", "T2", "false"}, {"?state=partly+refunded,paid", "T2", "false"}, {"?state=closed", "", "false"},
		{"?since=2026-03-14+10:01:00", "T3 T2", "false"}, {"?since=2026-03-14T02:02:00Z", "T3", "false"}, {"?mchid=M1", "", "false"},
	} {
		got := b.call("GET", "/apps/A/orders"+c.query, "").want(200, "more", c.more)
		var numbers []string
		for i := range got.value.(map[string]any)["orders"].([]any) {
			numbers = append(numbers, got.at(fmt.Sprintf("orders.%d.out_trade_no", i)))
		}
		if strings.Join(numbers, " ") != c.orders {
			t.Errorf("%q gives %v, want %s", c.query, numbers, c.orders)
		}
	}
	b.call("GET", "/apps/A/orders", "").want(200, "orders.1.refunds.0.out_trade_no", "R1", "orders.1.refunds.1.out_trade_no", "R2", "orders.1.refunded", "200", "orders.0.refunds", "[]")
	for query, message := range map[string]string{
		"?state=payed": `state is "payed", want one of created, paid, partly refunded, refunded, closed, expired, failed`,
		"?since=today": `since is "today", want a time such as`, "?limit=1001": `limit is "1001", want a whole number from 1 to 1000`, "?sate=paid": `query parameter "sate" is none of`,
	} {
		b.call("GET", "/apps/A/orders"+query, "").refused(400, "invalid", message)
	}
	b.call("GET", "/apps/NONE/orders", "").refused(404, "not-found", `app "NONE" does not exist here`)

	list, err := b.Orders(t.Context(), "A", control.OrderFilter{States: []sandbox.State{sandbox.StateCreated, sandbox.StatePartlyRefunded}, Since: morning.Add(time.Minute), Limit: 9})
	must(t, err)
	if len(list.Orders) != 2 || list.Orders[0].OutTradeNo != "T3" || list.Orders[1].OutTradeNo != "T2" {
		t.Errorf("the client lists %+v, want T3 and T2", list.Orders)
	}
}

func TestPayersAreListed(t *testing.T) {
	b := start(t, server.Config{})
	b.call("GET", "/payers", "").want(200, "payers", "[]")
	for _, id := range []string{"carol", "alice", "bob"} {
		b.call("POST", "/payers", `{"id": "`+id+`", "behaviour": "pay"}`).want(201)
	}
	b.call("GET", "/payers", "").want(200, "payers.0.id", "alice", "payers.1.behaviour", "pay", "payers.2.id", "carol", "payers.3", "(absent)")
	b.call("GET", "/payers?after=alice&limit=1", "").want(200, "payers.0.id", "bob", "payers.1", "(absent)")
	b.call("GET", "/payers?limit=0", "").refused(400, "invalid", "want a whole number from 1 to 1000")
	all, err := b.Payers(t.Context())
	must(t, err)
	one, err := b.Payer(t.Context(), "bob")
	must(t, err)
	if len(all) != 3 || all[1] != one {
		t.Errorf("the client lists %+v, want three with %+v second", all, one)
	}
}
