package control_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

func TestClientRoundTrips(t *testing.T) {
	m := &merchant{answer: "SUCCESS"}
	shop := httptest.NewServer(m)
	t.Cleanup(shop.Close)
	b := start(t, server.Config{ControlToken: "s3cret"})
	ctx := t.Context()

	about, err := b.About(ctx)
	must(t, err)
	if about.Which != (control.Which{Version: "v1.2.3", URL: b.URL()}) {
		t.Errorf("it is %+v, want v1.2.3 at %s", about, b.URL())
	}
	app, err := b.CreateApp(ctx, control.NewApp{AppCode: "A", Mchids: []control.Mchid{"M1"}, NotifyURL: shop.URL, NotifyDelay: "1m", Name: "Shop", Seed: "s", ClientKey: "KEYKEYKEY"})
	must(t, err)
	if app.AppCode != "A" || app.ClientKey != "KEYKEYKEY" || app.NotifyDelay != "1m0s" || !app.Now.Equal(morning) || len(app.Mchids) != 1 {
		t.Errorf("the App made is %+v", app)
	}
	name, none := "New Shop", "0s"
	_, err = b.ChangeApp(ctx, "A", control.AppChange{Name: &name, NotifyDelay: &none})
	must(t, err)
	app, err = b.App(ctx, "A")
	must(t, err)
	if app.Name != name || app.NotifyURL != shop.URL || app.NotifyDelay != none {
		t.Errorf("the App read is %+v, want the changed name and delay, the same URL", app)
	}
	payer, err := b.CreatePayer(ctx, control.Payer{ID: "bob", Behaviour: sandbox.BehavePay})
	must(t, err)
	cancel := sandbox.BehaveCancel
	payer, err = b.ChangePayer(ctx, payer.ID, control.PayerChange{Behaviour: &cancel})
	must(t, err)
	if payer != (control.Payer{ID: "bob", Name: "Payer bob", Behaviour: cancel, Method: sandbox.MethodBalance, Delay: "5s", Consent: sandbox.ConsentAsk, Bridge: sandbox.BridgeLate}) {
		t.Errorf("the payer is %+v, want bob who cancels", payer)
	}
	clock, err := b.AdvanceClock(ctx, "A", 90*time.Minute)
	must(t, err)
	if !clock.Now.Equal(morning.Add(90*time.Minute)) || clock.QFPay != "2026-03-14 11:30:00" || clock.Attempts != 0 {
		t.Errorf("the clock is %+v, want 90 minutes on", clock)
	}
	list, err := b.Notifications(ctx, "A", "T1")
	must(t, err)
	if len(list) != 0 {
		t.Errorf("there are %d notifications, want none", len(list))
	}
	_, err = b.Resend(ctx, 1)
	wantError(t, err, 404, "not-found", "names nothing that exists here")
}

func TestClientFollowsAPayment(t *testing.T) {
	m := &merchant{answer: "SUCCESS"}
	shop := httptest.NewServer(m)
	t.Cleanup(shop.Close)
	b := start(t, server.Config{})
	ctx := t.Context()
	_, err := b.CreateApp(ctx, control.NewApp{AppCode: "A", NotifyURL: shop.URL})
	must(t, err)
	b.pay("A", "T1")
	page, err := b.Wait(ctx, control.JournalFilter{App: "A", Surface: "notify", OutTradeNo: "T1"}, time.Minute)
	must(t, err)
	if len(page.Exchanges) != 1 || page.Exchanges[0].AnswerBody != "SUCCESS" {
		t.Fatalf("the wait gives %+v, want the notification", page)
	}
	list, err := b.Notifications(ctx, "A", "")
	must(t, err)
	if len(list) != 1 || list[0].Pending || list[0].NextAt != nil || list[0].State != "acknowledged at attempt 1" {
		t.Errorf("the notifications are %+v, want one, acknowledged", list)
	}
	n, err := b.Resend(ctx, list[0].ID)
	must(t, err)
	if len(n.Attempts) != 2 || !n.Attempts[1].Acknowledged {
		t.Errorf("after one more there are %+v, want two attempts", n.Attempts)
	}
	page, err = b.Wait(ctx, control.JournalFilter{App: "A", Since: page.Mark, OutTradeNo: "T2"}, 0)
	must(t, err)
	if len(page.Exchanges) != 0 {
		t.Errorf("a wait of no time for nothing gives %+v, want none", page.Exchanges)
	}
}

// The client reads on until the journal's end, however little matches.
func TestClientReadsTheWholeJournal(t *testing.T) {
	b := start(t, server.Config{})
	const n = 2500
	for i := range n {
		e := sandbox.Exchange{Surface: "openapi", URL: "/trade/v1/query"}
		if i%1000 == 999 {
			e.URL = "/trade/v1/payment?x=1"
		}
		must(t, b.Gateway().Record(t.Context(), e))
	}
	for _, c := range []struct {
		filter control.JournalFilter
		want   int
	}{{control.JournalFilter{}, n}, {control.JournalFilter{Path: "/trade/v1/payment"}, 2}, {control.JournalFilter{Since: 2000}, 500}, {control.JournalFilter{Since: n}, 0}} {
		page, err := b.Journal(t.Context(), c.filter)
		must(t, err)
		if len(page.Exchanges) != c.want || page.Mark != n {
			t.Errorf("%+v gives %d exchanges and mark %d, want %d and %d", c.filter, len(page.Exchanges), page.Mark, c.want, n)
		}
	}
}

func wantError(t *testing.T, err error, status int, code, message string) {
	t.Helper()
	var got *control.Error
	if !errors.As(err, &got) || got.Status != status || got.Code != code || !strings.Contains(got.Error(), message) {
		t.Errorf("got %v, want HTTP %d %s: %s", err, status, code, message)
	}
}

func TestClientErrors(t *testing.T) {
	b := start(t, server.Config{ControlToken: "s3cret"})
	_, err := control.NewClient(b.ControlURL(), "wrong").App(t.Context(), "A")
	wantError(t, err, 401, "token", "-control-token")
	_, err = b.App(t.Context(), "A/../B")
	wantError(t, err, 404, "no-such-path", "A/../B")
	_, err = b.CreateApp(t.Context(), control.NewApp{Name: strings.Repeat("x", 200)})
	wantError(t, err, 400, "invalid", "want up to 128 printable characters")

	_, err = control.NewClient(b.URL(), "s3cret").App(t.Context(), "A") // the vendor's surface
	wantError(t, err, 404, "controls-elsewhere", "the controls are at "+b.ControlURL())
	if refused := (*control.Error)(nil); !errors.As(err, &refused) || refused.ControlURL != b.ControlURL() {
		t.Errorf("the vendor's surface gives %#v, want the controls' address %s", err, b.ControlURL())
	}
	page := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(page.Close)
	_, err = control.NewClient(page.URL, "").App(t.Context(), "A")
	if err == nil || !strings.Contains(err.Error(), "answered HTTP 404; is that the control address?") {
		t.Errorf("a server without controls gives %v, want a hint", err)
	}
	strange := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("hello")) }))
	t.Cleanup(strange.Close)
	_, err = control.NewClient(strange.URL+"/", "").App(t.Context(), "A")
	if err == nil || !strings.Contains(err.Error(), "answered no JSON of its own") {
		t.Errorf("another server gives %v, want a hint", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = b.App(ctx, "A"); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context gives %v, want %v", err, context.Canceled)
	}
}
