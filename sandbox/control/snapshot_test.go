package control_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// ask calls QFPay's own surface as the App's merchant does and gives the answer's body.
func (b *box) ask(app sandbox.App, path string, params qfpay.Params) string {
	b.t.Helper()
	form := url.Values{}
	for _, p := range params {
		form.Set(p.Name, p.Value)
	}
	req, err := http.NewRequestWithContext(b.t.Context(), "POST", b.URL()+path, strings.NewReader(form.Encode()))
	must(b.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-QF-APPCODE", string(app.Code))
	req.Header.Set("X-QF-SIGN", qfpay.Sign(params.Canonical(), app.ClientKey, qfpay.MD5))
	resp, err := http.DefaultClient.Do(req)
	must(b.t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	must(b.t, err)
	return string(raw)
}

// payments asks for the App's payments.
func (b *box) payments(app sandbox.App) string {
	b.t.Helper()
	raw := b.ask(app, "/trade/v1/query", qfpay.Params{{Name: "page_size", Value: "10"}})
	if !strings.HasPrefix(raw, `{"respcd": "0000"`) {
		b.t.Fatalf("the enquiry answers %s", raw)
	}
	return raw
}

func TestSnapshotAndRestore(t *testing.T) {
	app := sandbox.App{Code: "A", ClientKey: "KEY", NotifyURL: "http://127.0.0.1:1/n"}
	b := start(t, server.Config{Apps: []sandbox.App{app, {Code: "B"}}})
	ctx := t.Context()
	b.call("POST", "/apps/A/clock/advance", `{"by": "1h"}`).want(200)
	b.pay("A", "T1")
	b.pay("B", "T9")
	before := b.payments(app)
	_, err := b.CreatePayer(ctx, control.Payer{ID: "bob", Name: "Bob"})
	must(t, err)
	all, err := b.Snapshot(ctx, "")
	must(t, err)
	alone, err := b.Snapshot(ctx, "A")
	must(t, err)

	b.pay("A", "T2")
	b.pay("B", "T8")
	b.call("POST", "/apps/A/clock/advance", `{"by": "240h"}`).want(200)
	b.call("PATCH", "/apps/A", `{"name": "Later", "mchids": ["M1"]}`).want(200)
	b.call("PATCH", "/payers/bob", `{"name": "Robert"}`).want(200)
	b.call("POST", "/apps", `{"app_code": "C"}`).want(201)

	restored, err := b.Restore(ctx, alone)
	must(t, err)
	if restored != (control.Restored{Apps: 1, Transactions: 1, Notifications: 1}) {
		t.Errorf("restored %+v, want A with its payment and notification, and no payer", restored)
	}
	if got := b.payments(app); got != before {
		t.Errorf("after the restore the enquiry answers\n%s, want\n%s", got, before)
	}
	b.call("GET", "/apps/A", "").want(200, "name", "Demo Shop", "mchids", "<nil>", "now", "2026-03-14T03:00:00Z")
	b.call("GET", "/payers/bob", "").want(200, "name", "Robert")
	b.call("GET", "/apps/C", "").want(200)
	b.pay("A", "T2") // its number is free again

	restored, err = b.Restore(ctx, all)
	must(t, err)
	if restored.Apps != 2 || restored.Payers != 2 || restored.Transactions != 2 {
		t.Errorf("restored %+v, want A, B, bob and alice, two payments", restored)
	}
	if got := b.payments(app); got != before {
		t.Errorf("after the second restore the enquiry answers\n%s, want\n%s", got, before)
	}
	b.call("GET", "/payers/bob", "").want(200, "name", "Bob")
	b.call("GET", "/apps/C", "").want(200) // an App that is in no snapshot stays

	// A sandbox that knows nothing takes it as well.
	other := start(t, server.Config{})
	_, err = other.Restore(ctx, all)
	must(t, err)
	if got := other.payments(app); got != before {
		t.Errorf("in another sandbox the enquiry answers\n%s, want\n%s", got, before)
	}
}

// What was due when the snapshot was taken is delivered after the restore.
func TestRestoreWakesDelivery(t *testing.T) {
	m := &merchant{answer: "SUCCESS"}
	shop := httptest.NewServer(m)
	t.Cleanup(shop.Close)
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A", NotifyURL: shop.URL, FrozenAt: morning, Delivery: sandbox.DeliveryPlan{Delay: time.Minute}}}})
	b.pay("A", "T1")
	snapshot, err := b.Snapshot(t.Context(), "A")
	must(t, err)
	snapshot = bytes.Replace(snapshot, []byte(`"FrozenAt":"2026-03-14T02:00:00Z"`), []byte(`"FrozenAt":"2026-03-14T03:00:00Z"`), 1)
	_, err = b.Restore(t.Context(), snapshot)
	must(t, err)
	page, err := b.Wait(t.Context(), control.JournalFilter{App: "A", Surface: "notify", OutTradeNo: "T1"}, time.Minute)
	must(t, err)
	if len(page.Exchanges) != 1 || page.Exchanges[0].AnswerBody != "SUCCESS" {
		t.Errorf("the journal has %+v, want the notification", page.Exchanges)
	}
}

// A record nobody thought of when snapshots were written is missed here, not by somebody's restore.
func TestSnapshotHasEveryList(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A"}}})
	raw, err := b.Snapshot(t.Context(), "")
	must(t, err)
	var lists map[string]json.RawMessage
	must(t, json.Unmarshal(raw, &lists))
	for f := range reflect.TypeFor[sandbox.Snapshot]().Fields() {
		name := strings.ReplaceAll(snake(f.Name), "o_auth", "oauth")
		if _, found := lists[name]; !found {
			t.Errorf("the snapshot has no %s", name)
		}
		delete(lists, name)
	}
	if delete(lists, "version"); len(lists) > 0 {
		t.Errorf("the snapshot has %d lists more than there are records: %v", len(lists), lists)
	}
}

// What the rules store can be restored, whatever state it is in, and comes back as it was.
func TestRestoreBringsEverythingBack(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{
		Code: "A", NotifyURL: "http://127.0.0.1:1/n", FrozenAt: morning, Settings: sandbox.Settings{RefundDelay: time.Hour},
		Delivery: sandbox.DeliveryPlan{Delay: time.Minute},
		Faults:   []sandbox.Fault{{Route: sandbox.AtQuery, Effect: sandbox.Effect{Status: 503}}},
	}}})
	g, ctx := b.Gateway(), t.Context()
	for _, order := range []string{"T1", "T2", "T3"} {
		b.pay("A", order)
	}
	refund := func(number, of, txamt string, behaviour sandbox.Behaviour) {
		app, err := g.Store.App(ctx, "A")
		must(t, err)
		orig, err := g.Store.TransactionByOutTradeNo(ctx, "A", "", sandbox.OutTradeNo(of))
		must(t, err)
		_, err = g.Refund(ctx, app, sandbox.RefundRequest{Syssn: string(orig.Syssn), OutTradeNo: number, Txamt: txamt, Txdtm: "2026-03-14 10:00:00", Behaviour: behaviour})
		must(t, err)
	}
	refund("R1", "T1", "100", "")
	refund("R2", "T2", "300", sandbox.BehaveFailLater)
	b.call("POST", "/apps/A/clock/advance", `{"by": "1h"}`).want(200, "settled", "2")
	refund("R3", "T3", "200", "") // still under way
	orig, err := g.Store.TransactionByOutTradeNo(ctx, "A", "", "T1")
	must(t, err)
	app, err := g.Store.App(ctx, "A")
	must(t, err)
	_, err = g.AddNote(ctx, app, sandbox.NoteRequest{Code: "A", Syssn: string(orig.Syssn), Note: "笔记"})
	must(t, err)
	_, err = g.Store.TakeAuthCode(ctx, "A", "130000000000000001", morning)
	must(t, err)

	ids := regexp.MustCompile(`"ID":\d+`) // a restored notification has another
	first, err := b.Snapshot(ctx, "")
	must(t, err)
	for _, state := range []string{"paid", "partly refunded", "created", "failed"} {
		if !bytes.Contains(first, []byte(`"State":"`+state+`"`)) {
			t.Errorf("nothing in the snapshot is %s, want one of each state", state)
		}
	}
	_, err = b.Restore(ctx, first)
	must(t, err)
	second, err := b.Snapshot(ctx, "")
	must(t, err)
	if a, b := ids.ReplaceAll(first, nil), ids.ReplaceAll(second, nil); !bytes.Equal(a, b) {
		t.Errorf("restored and taken again the snapshot is\n%s, want\n%s", b, a)
	}
	b.call("POST", "/apps/A/clock/advance", `{"by": "1h"}`).want(200, "settled", "1") // what was under way arrives
}
