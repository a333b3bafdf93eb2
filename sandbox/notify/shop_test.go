package notify_test

import (
	"context"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/notify"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// hands is a clock that moves when it is told to.
type hands struct {
	mu  sync.Mutex
	now time.Time
}

func (h *hands) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hands) set(t time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = t
}

var morning = time.Date(2026, 3, 14, 10, 0, 0, 0, sandbox.QFPayZone)

// world is the rules and a deliverer, with a clock that stands still and nobody delivering yet.
type world struct {
	*sandbox.Gateway
	*notify.Deliverer
	t     *testing.T
	clock *hands
}

func newWorld(t *testing.T, store sandbox.Store) *world {
	t.Helper()
	w := &world{t: t, clock: &hands{now: morning}}
	w.Gateway = &sandbox.Gateway{Store: store, Clock: w.clock, Entropy: mathrand.NewChaCha8([32]byte{}), NotificationDue: func() {}}
	w.Deliverer = notify.New(w.Gateway, notify.Destinations{}, slog.New(slog.NewTextHandler(t.Output(), nil)))
	return w
}

func newShop(t *testing.T, m *merchant) *world {
	t.Helper()
	w := newWorld(t, memstore.New())
	w.open("APP", m.url)
	return w
}

// open makes an App whose notifications go there.
func (w *world) open(code sandbox.AppCode, notifyURL string) {
	w.t.Helper()
	_, err := w.CreateApp(w.t.Context(), sandbox.App{Code: code, ClientKey: "CLIENTKEY", NotifyURL: notifyURL})
	must(w.t, err)
}

// paid pays an order of the App and gives the id of its notification, 0 when the plan has none.
func (w *world) paid(code sandbox.AppCode, order string) uint64 {
	w.t.Helper()
	ctx := w.t.Context()
	app, err := w.Store.App(ctx, code)
	must(w.t, err)
	payer, err := w.PayerOf(ctx, "alice")
	must(w.t, err)
	_, p, err := w.Pay(ctx, app, sandbox.PaymentRequest{
		Txamt: "300", Txcurrcd: "HKD", PayType: "800207", OutTradeNo: order, Txdtm: "2026-03-14 10:00:00", SubOpenID: wechat.OpenIDFor("alice", app.Account.AppID),
	})
	must(w.t, err)
	ios, _ := wechat.BrowserNamed("ios")
	_, err = w.PayerPays(ctx, sandbox.Invocation{PayParams: p, Client: wechat.Recognise(ios.UserAgent), Payer: payer})
	must(w.t, err)
	list, err := w.Store.Notifications(ctx, code, sandbox.OutTradeNo(order))
	must(w.t, err)
	if len(list) == 0 {
		return 0
	}
	return list[len(list)-1].ID
}

func (w *world) notification(id uint64) sandbox.Notification {
	w.t.Helper()
	n, err := w.Store.Notification(w.t.Context(), id)
	must(w.t, err)
	return n
}

func (w *world) lastExchange() sandbox.Exchange {
	w.t.Helper()
	page, err := w.Store.Journal(w.t.Context(), "", 0, 1000)
	must(w.t, err)
	if len(page.Exchanges) == 0 {
		w.t.Fatal("the journal is empty")
	}
	return page.Exchanges[len(page.Exchanges)-1]
}

// advance moves the App's clock and checks how many attempts that made.
func (w *world) advance(by time.Duration, attempts int) {
	w.t.Helper()
	p, err := w.Advance(w.t.Context(), "APP", by)
	must(w.t, err)
	if p.Attempts != attempts {
		w.t.Errorf("advancing by %s made %d attempts, want %d", by, p.Attempts, attempts)
	}
}

// run delivers until the function given back is called, which returns when nothing runs any more.
func (w *world) run() (stop func()) {
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.Run(ctx)
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		<-done
	})
	w.t.Cleanup(stop)
	return stop
}

func describe(n sandbox.Notification) string {
	return fmt.Sprintf("%s, %d attempts", n.Describe(), len(n.Attempts))
}

// quiet gives a deliverer that logs nothing, for what is done ten thousand times.
func quiet(g *sandbox.Gateway) *notify.Deliverer {
	return notify.New(g, notify.Destinations{}, slog.New(slog.DiscardHandler))
}
