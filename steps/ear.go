package steps

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// ear is where the integrator hears notifications: a listener on loopback, so the sandbox must run on
// the same machine.
type ear struct {
	server *httptest.Server
	mu     sync.Mutex
	says   string
	hangs  chan struct{} // nil, or until it is closed nobody is answered
	heard  []heard
	looked int // how many of them a sentence was about
}

// The paths of the integrator's two addresses; only the first is registered with QFPay.
const (
	notifyPath = "/notify"
	otherPath  = "/other"
)

// heard is one notification as it came in.
type heard struct {
	path, contentType, sign, body string
}

func (e *ear) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxAnswer)) // a notification that breaks off is heard as far as it came
	e.mu.Lock()
	e.heard = append(e.heard, heard{r.URL.Path, r.Header.Get("Content-Type"), r.Header.Get("X-QF-SIGN"), string(body)})
	says, hangs := e.says, e.hangs
	e.mu.Unlock()
	if hangs != nil {
		<-hangs
	}
	_, _ = io.WriteString(rw, says)
}

func (e *ear) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.heard)
}

// listen opens the address and registers it with QFPay, or changes what it answers.
func (w *world) listen(ctx context.Context, says string) error {
	if w.ear != nil {
		w.ear.mu.Lock()
		defer w.ear.mu.Unlock()
		w.ear.says = says
		return nil
	}
	w.ear = &ear{says: says}
	w.ears = append(w.ears, w.ear)
	w.ear.server = httptest.NewServer(w.ear)
	to := w.ear.server.URL + notifyPath
	_, err := w.client.ChangeApp(ctx, w.app, control.AppChange{NotifyURL: &to})
	return broke(err)
}

// hang pays an App whose merchant answers no notification before the scenario ends, and goes back to
// the integrator's own.
func (w *world) hang(ctx context.Context) error {
	own := w.integrator
	if err := w.makeApp(ctx); err != nil {
		return err
	}
	if err := w.listen(ctx, ""); err != nil {
		return err
	}
	w.ear.mu.Lock()
	w.ear.hangs = make(chan struct{})
	w.ear.mu.Unlock()
	if err := w.payerOrdersOfIntegrator(ctx, ""); err != nil {
		return err
	}
	if err := w.payerDecides(ctx, "pays"); err != nil {
		return err
	}
	ears := w.ears
	w.integrator, w.app, w.order.outTradeNo = own, own.own.AppCode, ""
	w.ears = ears
	return nil
}

// hush ends the listeners.
func (w *world) hush() {
	for _, e := range w.ears {
		if e.hangs != nil {
			close(e.hangs)
		}
		e.server.CloseClientConnections()
		e.server.Close()
	}
}

// catchUp waits for what is due by now; the clock does not move.
func (w *world) catchUp(ctx context.Context) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	_, err = w.client.SetClock(ctx, w.app, now)
	return broke(err)
}
