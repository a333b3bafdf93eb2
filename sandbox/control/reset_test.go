package control_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

func TestReset(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A", Seed: "a", NotifyURL: "http://127.0.0.1:1/n", Delivery: sandbox.DeliveryPlan{Delay: time.Minute}}, {Code: "B", Seed: "b"}}})
	ctx := t.Context()
	b.pay("A", "T1")
	first := b.call("GET", "/apps/A/orders/T1", "").want(200).at("syssn")
	b.pay("A", "T2")
	b.pay("B", "T1")
	b.call("POST", "/apps/A/clock/advance", `{"by": "30s"}`).want(200)
	b.call("PATCH", "/apps/A", `{"settings": {"amount_cases": true}}`).want(200)
	_, err := b.Gateway().UpdateApp(ctx, "A", func(a *sandbox.App) {
		a.FrozenAt = morning.Add(45 * time.Second) // before the notifications are due: an attempt under way would be recorded after the reset
		a.OrderPlans = []sandbox.OrderPlan{{OutTradeNo: "T3", Plan: sandbox.DeliveryPlan{Delay: time.Hour}}}
		a.Faults = []sandbox.Fault{{ID: 1, Route: sandbox.AtQuery, Effect: sandbox.Effect{Status: 503}}}
	})
	must(t, err)
	app, err := b.Gateway().Store.App(ctx, "A")
	must(t, err)
	must(t, b.Gateway().Record(ctx, sandbox.Exchange{App: app.Code, Surface: "openapi", URL: "/x"}))

	got, err := b.Reset(ctx, "A")
	must(t, err)
	if want := (control.Forgotten{Transactions: 2, Notifications: 2, Codes: 2, Exchanges: 1, Faults: 1, OrderPlans: 1}); got != want {
		t.Errorf("the reset forgot %+v, want %+v", got, want)
	}
	b.call("GET", "/apps/A", "").want(200, "now", "2026-03-14T02:00:00Z", "client_key", app.ClientKey, "notify_delay", "1m0s", "settings.amount_cases", "true")
	b.call("GET", "/apps/A/clock", "").want(200, "frozen", "false", "next_due", "<nil>")
	b.call("GET", "/apps/A/notifications", "").want(200, "notifications", "[]")
	b.call("GET", "/journal?app=A", "").want(200, "exchanges", "[]")
	after, err := b.Gateway().Store.App(ctx, "A")
	must(t, err)
	if len(after.Faults) != 0 || len(after.OrderPlans) != 0 || after.Drawn != 0 {
		t.Errorf("after the reset there are faults %v, plans %v and %d numbers drawn, want none", after.Faults, after.OrderPlans, after.Drawn)
	}
	b.pay("A", "T1")
	b.call("GET", "/apps/A/orders/T1", "").want(200, "syssn", first) // the stream of ids began anew
	b.call("GET", "/apps/B/orders/T1", "").want(200)                 // another App's stay
	b.call("GET", "/payers/alice", "").want(200)

	got, err = b.ResetAll(ctx)
	must(t, err)
	if got.Transactions != 2 || got.Notifications != 1 || got.Faults != 0 {
		t.Errorf("the reset of all forgot %+v, want two payments and a notification", got)
	}
	b.call("GET", "/apps/B/orders/T1", "").want(404)
	for body, message := range map[string]string{
		``: `app is "" and all is false, want {"app": an app code} or {"all": true}`, `{"app": "A", "all": true}`: `app is "A" and all is true`, `{"apps": "A"}`: "unknown field",
	} {
		b.call("POST", "/reset", body).refused(400, "invalid", message)
	}
	b.call("POST", "/reset", `{"app": "NOBODY"}`).refused(404, "not-found", `app "NOBODY" does not exist here`)
}

// A notification under way when everything is forgotten is recorded, and breaks nothing.
func TestResetWhileNotifying(t *testing.T) {
	var b *box
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		b.call("POST", "/reset", `{"app": "A"}`).want(200, "notifications", "1")
		_, _ = io.WriteString(w, "SUCCESS")
	}))
	t.Cleanup(shop.Close)
	b = start(t, server.Config{Apps: []sandbox.App{{Code: "A", NotifyURL: shop.URL, Delivery: sandbox.DeliveryPlan{Delay: time.Minute}}}})
	b.pay("A", "T1")
	b.call("POST", "/apps/A/clock/advance", `{"by": "1m"}`).want(200, "attempts", "1")
	b.call("GET", "/apps/A/notifications", "").want(200, "notifications", "[]")
	b.call("GET", "/journal?app=A", "").want(200, "exchanges.0.surface", "notify", "exchanges.0.answer_body", "SUCCESS")
}
