package sandbox_test

import (
	"context"
	"errors"
	"io"
	mathrand "math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// hands is a clock that moves when it is told to.
type hands struct{ now time.Time }

func (h *hands) Now() time.Time { return h.now }

// morning is 10:00:00 in QFPay's zone.
var morning = time.Date(2026, 3, 14, 10, 0, 0, 0, sandbox.QFPayZone)

// world is a sandbox without HTTP: one App, one payer with an iPhone, and a clock that stands still.
type world struct {
	*sandbox.Gateway
	t     *testing.T
	clock *hands
	app   sandbox.App
	payer sandbox.Payer
	told  int // how often NotificationDue was called
}

// newWorld changes the App by the functions given before it is created.
func newWorld(t *testing.T, change ...func(*sandbox.App)) *world {
	t.Helper()
	w := &world{t: t, clock: &hands{morning}}
	w.Gateway = &sandbox.Gateway{Store: memstore.New(), Clock: w.clock, Entropy: entropy(1), NotificationDue: func() { w.told++ }}
	app := sandbox.App{Code: "APPCODE", ClientKey: "CLIENTKEY", Seed: "seed", NotifyURL: "http://127.0.0.1/notify"}
	for _, c := range change {
		c(&app)
	}
	var err error
	w.app, err = w.CreateApp(t.Context(), app)
	w.must(err)
	w.payer, err = w.CreatePayer(t.Context(), sandbox.Payer{ID: "alice"})
	w.must(err)
	return w
}

func entropy(seed byte) io.Reader { return mathrand.NewChaCha8([32]byte{seed}) }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("got error %v, want none", err)
	}
}

// noted gives a context that records, and what it records.
func (w *world) noted() (context.Context, *sandbox.Exchange) {
	e := &sandbox.Exchange{}
	return sandbox.WithExchange(w.t.Context(), e), e
}

// openID logs the payer in and exchanges the code: what a merchant does before each payment.
func (w *world) openID() sandbox.OpenID {
	w.t.Helper()
	code, err := w.IssueCode(w.t.Context(), w.app, w.payer)
	w.must(err)
	id, err := w.ExchangeCode(w.t.Context(), w.app, code.Code)
	w.must(err)
	return id
}

// request is a payment that is accepted; a test breaks one thing of it.
func (w *world) request() sandbox.PaymentRequest {
	w.t.Helper()
	return sandbox.PaymentRequest{
		Txamt: "300", Txcurrcd: "HKD", PayType: "800207", OutTradeNo: "T1", Txdtm: "2026-03-14 10:00:00", SubOpenID: string(w.openID()),
	}
}

func (w *world) pay(change ...func(*sandbox.PaymentRequest)) (sandbox.Transaction, sandbox.PayParams) {
	w.t.Helper()
	r := w.request()
	for _, c := range change {
		c(&r)
	}
	t, p, err := w.Pay(w.t.Context(), w.app, r)
	w.must(err)
	return t, p
}

// invocation is the cashier raising the wallet with these six.
func (w *world) invocation(p sandbox.PayParams) sandbox.Invocation {
	const own = "http://127.0.0.1:8080/q/"
	return sandbox.Invocation{PayParams: p, Directory: own, OwnDirectory: own, Client: client(w.t, "ios"), Payer: w.payer}
}

func client(t *testing.T, kind string) wechat.Client {
	t.Helper()
	b, ok := wechat.BrowserNamed(kind)
	if !ok {
		t.Fatalf("no browser is called %s", kind)
	}
	return wechat.Recognise(b.UserAgent)
}

// wantRefusal checks everything the wire and the journal get of a refusal. detail is a part of it.
func wantRefusal(t *testing.T, err error, want sandbox.Refusal) {
	t.Helper()
	var got *sandbox.Refusal
	if !errors.As(err, &got) {
		t.Errorf("got error %v, want the refusal %s", err, want.Rule)
		return
	}
	if name, isParameter := strings.CutPrefix(want.Rule, "parameter-"); isParameter && !strings.HasPrefix(got.Detail, name+" ") {
		t.Errorf("detail is %q, want it to start with the parameter's name", got.Detail)
	}
	if !strings.Contains(got.Detail, want.Detail) {
		t.Errorf("detail is %q, want it to hold %q", got.Detail, want.Detail)
	}
	want.Detail, want.Received, want.Expected, want.Change = got.Detail, got.Received, got.Expected, got.Change // see findings_test.go
	if *got != want {
		t.Errorf("\n got %+v\nwant %+v", *got, want)
	}
}

// parameterRefusal is the shape of a 1104 that names a parameter.
func parameterRefusal(name, detail string) sandbox.Refusal {
	return sandbox.Refusal{Rule: "parameter-" + name, Code: qfpay.RespParameter, Resperr: "参数错误(1104)", Respmsg: name + " error",
		Fidelity: sandbox.Assumed, Detail: detail}
}

func missingRefusal(name string) sandbox.Refusal {
	r := parameterRefusal(name, "is missing or empty")
	r.Respmsg, r.Missing = name+" is required", name
	return r
}

// wantFindings checks the ids of what was found, in order.
func wantFindings(t *testing.T, e *sandbox.Exchange, want ...string) {
	t.Helper()
	var got []string
	for _, f := range e.Findings {
		got = append(got, f.ID)
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("findings are %q, want %q", got, want)
	}
}
