package control_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

func TestPlansOfApps(t *testing.T) {
	b := start(t, server.Config{})
	b.call("POST", "/apps", `{"app_code": "A"}`).want(201, "delivery", "[]")
	b.call("POST", "/apps", `{"app_code": "B", "delivery": [{"on": "closed"}]}`).want(201, "delivery.0.on", "closed", "delivery.0.after", "0s", "delivery.0.variant", "good", "delivery.0.before_return", "(absent)")
	b.call("PATCH", "/apps/A", `{"delivery": [{"on": "paid", "before_return": true}, {"on": "paid", "after": "2m", "variant": "wrong-amount"}]}`).want(200,
		"delivery.0.on", "paid", "delivery.0.after", "0s", "delivery.0.variant", "good", "delivery.0.before_return", "true",
		"delivery.1.after", "2m0s", "delivery.1.variant", "wrong-amount", "delivery.2", "(absent)")
	b.call("PATCH", "/apps/A", `{"name": "New"}`).want(200, "delivery.1.variant", "wrong-amount")
	for change, message := range map[string]string{
		`[{"on": "payed"}]`: `delivery 1: on is "payed", want one of paid, returned, closed, refunded`,
		`[{"on": "paid"}, {"on": "paid", "variant": "bad"}]`: `delivery 2: variant is "bad", want one of good, duplicate,`,
		`[{"on": "paid", "after": "soon"}]`:                  `delivery 1: after is "soon", want a time such as 90s`,
		`[{"on": "paid", "when": "1m"}]`:                     `unknown field "when"`,
		`{"on": "paid"}`:                                     `delivery is a JSON object, want a list of objects`,
	} {
		b.call("PATCH", "/apps/A", `{"delivery": `+change+`}`).refused(400, "invalid", message)
		b.call("POST", "/apps", `{"delivery": `+change+`}`).refused(400, "invalid", message)
		b.call("PUT", "/apps/A/orders/T1/plan", `{"delivery": `+change+`}`).refused(400, "invalid", message)
	}
	b.call("PATCH", "/apps/A", `{"delivery": []}`).want(200, "delivery", "[]")
}

func TestPlansOfOrders(t *testing.T) {
	m := &merchant{answer: "no"}
	shop := httptest.NewServer(m)
	t.Cleanup(shop.Close)
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A", NotifyURL: shop.URL}}})
	const path = "/apps/A/orders/T/1/plan" // a number may have slashes
	b.call("GET", path, "").refused(404, "not-found", `order "T/1" has no plan of its own; it follows its App's`)
	b.call("DELETE", path, "").refused(404, "not-found", `order "T/1" has no plan of its own`)
	b.call("PUT", path, "").refused(400, "invalid", "delivery is missing, want a list of deliveries")
	b.call("PUT", path, `{"delivery": []}`).want(200, "out_trade_no", "T/1", "delivery", "[]")
	b.call("PUT", path, `{"delivery": [{"on": "paid", "after": "1h", "variant": "never"}]}`).want(200, "delivery.0.after", "1h0m0s", "delivery.0.variant", "never", "delivery.1", "(absent)")
	b.call("GET", path, "").want(200, "out_trade_no", "T/1", "delivery.0.variant", "never")
	b.pay("A", "T/1")
	b.call("GET", "/apps/A/notifications", "").want(200, "notifications.0.state", "never sent, as planned", "notifications.0.variant", "never", "notifications.0.pending", "false", "notifications.1", "(absent)")
	b.call("PUT", path, `{"delivery": []}`).refused(400, "invalid", `order "T/1" was paid at 2026-03-14 10:00:00`)
	b.call("DELETE", path, "").want(200, "out_trade_no", "T/1", "delivery.0.variant", "never")
	b.call("GET", path, "").refused(404, "not-found", "has no plan")
	b.call("GET", "/apps/A/orders/T/1", "").want(200) // the order itself is another path
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		b.call(method, "/apps/NOBODY/orders/T1/plan", `{"delivery": []}`).refused(404, "not-found", "")
	}
}

func TestNotificationsThatWait(t *testing.T) {
	m := &merchant{answer: "no"}
	shop := httptest.NewServer(m)
	t.Cleanup(shop.Close)
	elsewhere := &merchant{answer: "SUCCESS"}
	other := httptest.NewServer(elsewhere)
	t.Cleanup(other.Close)
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A", NotifyURL: shop.URL}}})
	b.call("PATCH", "/apps/A", `{"delivery": [{"on": "returned"}, {"on": "paid", "variant": "bad-signature", "after": "1m"}, {"on": "paid", "after": "2m"}]}`).want(200)
	b.pay("A", "T1")
	b.call("POST", "/apps/A/clock/advance", `{"by": "2m"}`).want(200, "attempts", "2")
	b.call("GET", "/apps/A/notifications?pending=true", "").want(200, "dropped", "0",
		"notifications.0.kind", "payment", "notifications.0.waiting", "returned", "notifications.0.next_at", "<nil>", "notifications.0.state", "waits until the payer returned",
		"notifications.1.waiting", "", "notifications.1.next_at", "2026-03-14T02:04:00Z", "notifications.1.id", "3", "notifications.2", "(absent)",
		"notifications.1.attempts.0.url", shop.URL, "notifications.1.attempts.0.verdict", `answered HTTP 200 and "no", want 200 and exactly SUCCESS`, "notifications.1.attempts.0.next_at", "2026-03-14T02:04:00Z")
	b.call("GET", "/apps/A/notifications?pending=false", "").want(200, "notifications.1.state", "refused, as it must be", "notifications.1.attempts.0.next_at", "<nil>", "notifications.2.id", "3")
	b.call("GET", "/apps/A/notifications?pending=perhaps", "").refused(400, "invalid", `pending is "perhaps", want true or false`)
	b.call("POST", "/notifications/3/resend", `{"url": "`+other.URL+`"}`).want(200, "url", shop.URL, "pending", "true", "attempts.1.url", other.URL, "attempts.1.verdict", "acknowledged", "attempts.1.next_at", "<nil>", "next_at", "2026-03-14T02:04:00Z")
	b.call("POST", "/notifications/3/resend", `{"url": "nowhere"}`).refused(400, "invalid", `url is "nowhere", want an absolute address`)
	b.call("POST", "/notifications/3/resend", `{"to": "nowhere"}`).refused(400, "invalid", `unknown field "to"`)
	if elsewhere.heard != 1 {
		t.Errorf("the other address heard %d times, want once", elsewhere.heard)
	}
}

func TestClientPlans(t *testing.T) {
	m := &merchant{answer: "no"}
	shop := httptest.NewServer(m)
	t.Cleanup(shop.Close)
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A", NotifyURL: shop.URL}}})
	ctx := t.Context()
	plan, err := b.SetOrderPlan(ctx, "A", "T/1 狗", control.Delivery{On: sandbox.OnReturned, Variant: sandbox.VariantDuplicate})
	must(t, err)
	if plan.OutTradeNo != "T/1 狗" || len(plan.Delivery) != 1 || plan.Delivery[0] != (control.Delivery{On: sandbox.OnReturned, After: "0s", Variant: sandbox.VariantDuplicate}) {
		t.Errorf("SetOrderPlan gives %+v", plan)
	}
	b.pay("A", "T/1 狗")
	list, err := b.PendingNotifications(ctx, "A")
	must(t, err)
	if len(list) != 1 || list[0].Waiting != sandbox.OnReturned || list[0].Variant != sandbox.VariantDuplicate {
		t.Fatalf("PendingNotifications gives %+v, want the one that waits", list)
	}
	n, err := b.ResendTo(ctx, list[0].ID, shop.URL+"/other")
	must(t, err)
	if len(n.Attempts) != 1 || !strings.HasSuffix(n.Attempts[0].URL, "/other") || n.Waiting != sandbox.OnReturned {
		t.Errorf("ResendTo gives %+v, want an attempt elsewhere that changes nothing", n)
	}
	_, err = b.RemoveOrderPlan(ctx, "A", "T/1 狗")
	must(t, err)
	_, err = b.OrderPlan(ctx, "A", "T/1 狗")
	wantError(t, err, 404, "not-found", "has no plan of its own")
	plan, err = b.SetOrderPlan(ctx, "A", "T2")
	must(t, err)
	if len(plan.Delivery) != 0 {
		t.Errorf("a plan of nothing is %+v, want QFPay's own", plan)
	}
}

// The payer's page hears of the payment only after the merchant answered.
func TestMerchantHearsBeforeThePayerReturns(t *testing.T) {
	m := &merchant{answer: "SUCCESS"}
	shop := httptest.NewServer(m)
	t.Cleanup(shop.Close)
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A", NotifyURL: shop.URL}}})
	b.call("PATCH", "/apps/A", `{"delivery": [{"on": "paid", "before_return": true}]}`).want(200)
	for i, order := range []string{"T1", "T2", "T3"} {
		b.pay("A", order)
		m.mu.Lock()
		if m.heard != i+1 {
			t.Errorf("when the payer of %s returned the merchant had heard %d times, want %d", order, m.heard, i+1)
		}
		m.mu.Unlock()
		b.call("GET", "/apps/A/notifications?out_trade_no="+order, "").want(200, "notifications.0.state", "acknowledged at attempt 1", "notifications.0.attempts.1", "(absent)")
	}
}
