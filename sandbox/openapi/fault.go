package openapi

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// How a slow answer drips: a byte, a pause, but no longer than this in all.
const (
	dripPause = 100 * time.Millisecond
	dripMost  = 30 * time.Second
)

// halfAHead is what cut=during sends.
const halfAHead = "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Ty"

// held is an answer that is written and not sent yet.
type held struct {
	header http.Header
	status int
	body   []byte
}

func (h *held) Header() http.Header    { return h.header }
func (h *held) WriteHeader(status int) { h.status = status }
func (h *held) Write(p []byte) (int, error) {
	h.body = append(h.body, p...)
	return len(p), nil
}

// serveUnder serves a call as a lever says: with or without its work, then the wait, then an answer
// of the work's or the lever's own, whole, spoiled or not at all.
func (a *API) serveUnder(ctx context.Context, w http.ResponseWriter, l sandbox.Lever, c call, serve endpoint) {
	e := l.Effect
	out, detail := &held{header: http.Header{}}, l.String()
	if e.Works() {
		c.Behaviour, c.Lever = e.Behaviour, l.By
		ans, err := safely(ctx, serve, c)
		sandbox.Note(ctx, func(x *sandbox.Exchange) { x.DecidedBy = l.By }) // the work may have named another
		a.answer(ctx, out, c, ans, err)
	}
	if e.Respcd != "" || e.Status != 0 || e.Cut != "" {
		if e.Works() {
			detail += fmt.Sprintf("; the work was done and its answer, HTTP %d%s, is lost", out.status, takeVerdict(ctx))
		}
		out = &held{header: http.Header{}}
	}
	switch {
	case e.Status != 0:
		a.proxyPage(ctx, out, e.Status)
	case e.Respcd != "":
		r := l.Refusal()
		sandbox.Note(ctx, func(x *sandbox.Exchange) { x.Respcd, x.Fidelity = r.Code, r.Fidelity })
		a.write(ctx, out, http.StatusOK, c.App, qfpay.Envelope{Resperr: r.Resperr, Respcd: r.Code, Respmsg: r.Respmsg}.Object())
	}
	if !e.OnlyBehaviour() {
		sandbox.Find(ctx, sandbox.FindLever, detail)
	}
	if e.Delay > 0 || e.Damage == sandbox.DamageSlowDrip {
		// The limit for reading the request would end the wait for the answer too.
		if err := http.NewResponseController(w).SetReadDeadline(time.Time{}); err != nil {
			a.Log.Debug("read deadline not lifted", "error", err)
		}
	}
	if !a.wait(ctx, e.Delay) {
		sandbox.Find(ctx, sandbox.FindCallerLeft, fmt.Sprintf("the caller left within the %s its answer was held back; nothing was sent", e.Delay))
		return
	}
	if e.Cut != "" {
		cut(w, e.Cut)
		return
	}
	a.send(ctx, w, out, c.App, e.Damage)
}

// takeVerdict takes the work's verdict back, for it is not what is answered, and says which it was.
func takeVerdict(ctx context.Context) string {
	said := ""
	sandbox.Note(ctx, func(e *sandbox.Exchange) {
		if e.Respcd != "" {
			said = " and respcd " + string(e.Respcd)
		}
		e.Respcd, e.Fidelity = "", ""
	})
	return said
}

// wait holds an answer back. False: the caller has left.
func (a *API) wait(ctx context.Context, d time.Duration) bool {
	if d == 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-a.Done: // a shutdown waits for nobody's delay
	case <-ctx.Done():
		return false
	}
	return true
}

// cut closes the connection, which the server would go on with otherwise.
func cut(w http.ResponseWriter, at sandbox.CutPoint) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer conn.Close()
	if at == sandbox.CutDuring {
		_, _ = conn.Write([]byte(halfAHead)) // a caller that has left misses nothing
	}
}

// proxyPage is the answer of a proxy in front of QFPay: its page, no JSON, no signature.
func (a *API) proxyPage(ctx context.Context, w http.ResponseWriter, status int) {
	sandbox.Note(ctx, func(e *sandbox.Exchange) { e.Fidelity = sandbox.Assumed })
	title := strconv.Itoa(status)
	if text := http.StatusText(status); text != "" {
		title += " " + text
	}
	page := fmt.Sprintf("<html>\r\n<head><title>%s</title></head>\r\n<body>\r\n<center><h1>%s</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n", title, title)
	h := header(ctx, w)
	h.Del("X-Powered-By")
	h["Content-Type"] = []string{"text/html"}
	h["Content-Length"] = []string{strconv.Itoa(len(page))}
	w.WriteHeader(status)
	_, _ = w.Write([]byte(page)) // into memory
}

// send sends an answer, spoiled as the lever says.
func (a *API) send(ctx context.Context, w http.ResponseWriter, out *held, app sandbox.App, damage sandbox.Damage) {
	body := out.body
	switch damage {
	case sandbox.DamageMalformed:
		body = body[:max(len(body)-1, 0)]
		out.header["Content-Length"] = []string{strconv.Itoa(len(body))}
		out.header["X-QF-SIGN"] = []string{qfpay.SignBody(body, app.ClientKey)} // right for what is sent
	case sandbox.DamageContentType:
		out.header["Content-Type"] = []string{"text/html; charset=UTF-8"}
	case sandbox.DamageCutBody:
		body = body[:len(body)/2] // less than announced, so the connection ends with it
	}
	h := w.Header()
	for name, values := range out.header {
		h[name] = values
	}
	w.WriteHeader(out.status)
	if damage == sandbox.DamageSlowDrip {
		a.drip(ctx, w, body)
		return
	}
	if _, err := w.Write(body); err != nil {
		a.Log.Debug("answer not written", "error", err)
	}
}

// drip sends a byte at a time until all are sent, the caller leaves, or, then without pauses, the
// server shuts down.
func (a *API) drip(ctx context.Context, w http.ResponseWriter, body []byte) {
	pause := min(dripPause, dripMost/time.Duration(max(len(body), 1)))
	flush := http.NewResponseController(w).Flush
	for i := range body {
		_, err := w.Write(body[i : i+1])
		if err == nil {
			err = flush()
		}
		if err != nil || !a.wait(ctx, pause) {
			sandbox.Find(ctx, sandbox.FindCallerLeft, fmt.Sprintf("the caller left after %d of %d bytes", i+1, len(body)))
			return
		}
	}
}
