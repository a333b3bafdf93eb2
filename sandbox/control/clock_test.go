package control_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

func TestClockMoves(t *testing.T) {
	m := &merchant{answer: "no"}
	shop := httptest.NewServer(m)
	t.Cleanup(shop.Close)
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A", NotifyURL: shop.URL, Delivery: sandbox.DeliveryPlan{Delay: time.Minute}}}})
	b.call("GET", "/apps/A/clock", "").want(200, "frozen", "false", "next_due", "<nil>", "note", "(absent)")
	b.call("POST", "/apps/A/clock/advance-to-next", "").want(200, "qfpay", "2026-03-14 10:00:00", "attempts", "0", "settled", "0", "note", "nothing is due")
	b.call("POST", "/apps/A/clock/freeze", "").want(200, "frozen", "true", "qfpay", "2026-03-14 10:00:00")
	b.call("POST", "/apps/A/clock/set", `{"to": "2026-03-31 23:30:00"}`).want(200, "qfpay", "2026-03-31 23:30:00", "now", "2026-03-31T15:30:00Z", "frozen", "true")
	b.pay("A", "T1")
	syssn := b.call("GET", "/apps/A/notifications", "").at("notifications.0.syssn")
	b.call("GET", "/apps/A/clock", "").want(200, "next_due.at", "2026-03-31T15:31:00Z", "next_due.qfpay", "2026-03-31 23:31:00", "next_due.kind", "notification",
		"next_due.notification", "1", "next_due.out_trade_no", "T1", "next_due.syssn", syssn)
	b.call("POST", "/apps/A/clock/advance-to-next", "{}").want(200, "qfpay", "2026-03-31 23:31:00", "attempts", "1", "note", "(absent)", "next_due.qfpay", "2026-03-31 23:33:00")
	b.call("POST", "/apps/A/clock/set", `{"to": "2026-03-31T15:43:00Z"}`).want(200, "qfpay", "2026-03-31 23:43:00", "attempts", "2", "next_due.qfpay", "2026-03-31 23:53:00")
	b.call("POST", "/apps/A/clock/unfreeze", "").want(200, "frozen", "false", "qfpay", "2026-03-31 23:43:00")
	b.call("POST", "/apps/A/clock/run-until-idle", "").want(200, "qfpay", "2026-04-01 23:53:00", "attempts", "5", "next_due", "<nil>")
	b.call("POST", "/apps/A/clock/set", `{"to": "2026-03-14 10:00:00"}`).refused(409, "not-empty", "a clock goes back only before the first of them: reset the App, or go forward")
	for to, message := range map[string]string{
		"": `to is ""`, "2026-03-14": `to is "2026-03-14", want a time such as "2026-03-14 10:00:00", which is UTC+8, or "2026-03-14T02:00:00Z"`, "2026-02-30 10:00:00": "want a time", "3026-01-01 00:00:00": "clock would read",
	} {
		b.call("POST", "/apps/A/clock/set", `{"to": "`+to+`"}`).refused(400, "invalid", message)
	}
	for _, how := range []string{"advance-to-next", "run-until-idle", "freeze", "unfreeze"} {
		b.call("POST", "/apps/A/clock/"+how, `{"to": "now"}`).refused(400, "invalid", `unknown field "to"`)
		b.call("POST", "/apps/NOBODY/clock/"+how, "").refused(404, "not-found", `app "NOBODY" does not exist here`)
	}
	b.call("POST", "/apps/NOBODY/clock/set", `{"to": "2026-03-14 10:00:00"}`).refused(404, "not-found", `app "NOBODY" does not exist here`)
}

func TestClientMovesClocks(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A", NotifyURL: "http://127.0.0.1:1/"}}})
	ctx := t.Context()
	c, err := b.FreezeClock(ctx, "A")
	must(t, err)
	if !c.Frozen {
		t.Errorf("after FreezeClock it is %+v, want it to stand", c)
	}
	c, err = b.SetClock(ctx, "A", morning.Add(time.Hour))
	must(t, err)
	if !c.Now.Equal(morning.Add(time.Hour)) {
		t.Errorf("SetClock gives %s, want an hour on", c.Now)
	}
	c, err = b.AdvanceClockToNext(ctx, "A")
	must(t, err)
	if c.Note != "nothing is due" {
		t.Errorf("AdvanceClockToNext says %q, want that nothing is due", c.Note)
	}
	c, err = b.RunClockUntilIdle(ctx, "A")
	must(t, err)
	if c.Attempts != 0 || c.NextDue != nil {
		t.Errorf("RunClockUntilIdle gives %+v, want nothing done and nothing due", c)
	}
	_, err = b.UnfreezeClock(ctx, "A")
	must(t, err)
	c, err = b.Clock(ctx, "A")
	must(t, err)
	if c.Frozen || !c.Now.Equal(morning.Add(time.Hour)) {
		t.Errorf("after UnfreezeClock it is %+v, want it to go on from there", c)
	}
}

func TestClockGoesBack(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A"}}})
	b.call("POST", "/apps/A/clock/set", `{"to": "2025-02-28 23:59:59"}`).want(200, "qfpay", "2025-02-28 23:59:59")
	b.call("POST", "/apps/A/clock/freeze", "").want(200)
	b.call("POST", "/apps/A/clock/set", `{"to": "2025-02-28 10:00:00"}`).want(200, "qfpay", "2025-02-28 10:00:00", "frozen", "true")
	b.call("POST", "/apps/A/clock/set", `{"to": "1926-01-01 00:00:00"}`).refused(400, "invalid", "clock would read")
	ctx, g := t.Context(), b.Gateway()
	app, err := g.Store.App(ctx, "A")
	must(t, err)
	payer, err := g.PayerOf(ctx, "alice")
	must(t, err)
	_, err = g.IssueCode(ctx, app, payer) // the first thing an App has
	must(t, err)
	b.call("POST", "/apps/A/clock/set", `{"to": "2025-02-28 09:00:00"}`).refused(409, "not-empty", "reset the App, or go forward")
	_, err = g.Store.Reset(ctx, "A")
	must(t, err)
	b.call("POST", "/apps/A/clock/set", `{"to": "2025-02-28 09:00:00"}`).want(200, "qfpay", "2025-02-28 09:00:00")
}
