package server

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/textproto"
	"runtime/debug"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// keptBody is how much of a body the journal keeps, in bytes.
const keptBody = 64 << 10

// recorder puts every exchange of the vendor's surface in the journal, as it passed on the wire.
type recorder struct {
	gateway *sandbox.Gateway
	clock   sandbox.Clock
	log     *slog.Logger
}

// surfaceOf names the host a path belongs to at the vendor's. False: nothing worth a record.
func surfaceOf(path string) (string, bool) {
	switch {
	case strings.HasPrefix(path, "/trade/"), strings.HasPrefix(path, "/tool/"):
		return "openapi", true
	case strings.HasPrefix(path, "/connect/"):
		return "weixin", true
	case path == "/wallet/invoke", path == "/wallet/sheet", path == "/wallet/pay", path == "/wallet/cancel":
		return "wallet", true
	case path == "/q/direct":
		return "cashier", true
	case path == "/", path == "/healthz", path == "/favicon.ico",
		strings.HasPrefix(path, "/_sandbox/"), strings.HasPrefix(path, "/wallet/"), strings.HasPrefix(path, "/q/cashier."):
		return "", false
	default:
		return "unknown", true
	}
}

func (rec *recorder) record(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		surface, worth := surfaceOf(r.URL.Path)
		if !worth {
			next.ServeHTTP(w, r)
			return
		}
		began := time.Now()
		e := &sandbox.Exchange{
			At: rec.clock.Now(), Surface: surface, Method: r.Method, URL: r.RequestURI, RequestHeader: textproto.MIMEHeader(r.Header),
			Findings: []sandbox.Finding{},
		}
		body := &tee{ReadCloser: r.Body}
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = body
		}
		answer := &answerRecorder{ResponseWriter: w}
		rec.serve(next, answer, r.WithContext(sandbox.WithExchange(r.Context(), e)))
		e.Took = time.Since(began)
		e.RequestBody, e.RequestCut = body.kept, body.passed-len(body.kept)
		e.Status, e.AnswerHeader = answer.status, textproto.MIMEHeader(w.Header())
		e.AnswerBody, e.AnswerCut = answer.kept, answer.passed-len(answer.kept)
		if err := rec.gateway.Record(context.WithoutCancel(r.Context()), *e); err != nil {
			rec.log.Error("exchange not recorded", "path", r.URL.Path, "error", err)
		}
		rec.log.Info(surface, "app", e.App, "method", r.Method, "path", r.URL.Path, "status", e.Status, "respcd", e.Respcd, "findings", findingIDs(e.Findings))
	})
}

// serve keeps a panic, a mistake of ours, from losing the exchange: the caller gets HTTP 500, the
// log the cause, the journal a finding.
func (rec *recorder) serve(next http.Handler, w *answerRecorder, r *http.Request) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		rec.log.Error("panic", "path", r.URL.Path, "cause", cause, "stack", string(debug.Stack()))
		sandbox.Find(r.Context(), "sandbox-mistake", "a mistake of the sandbox itself; its log has the cause")
		if w.status == 0 {
			http.Error(w, "a mistake of the sandbox itself; its log has the cause", http.StatusInternalServerError)
		}
	}()
	next.ServeHTTP(w, r)
}

func findingIDs(findings []sandbox.Finding) string {
	var b strings.Builder
	for i, f := range findings {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(f.ID)
	}
	return b.String()
}

// tee keeps what is read of a request's body, up to what the journal keeps.
type tee struct {
	io.ReadCloser
	kept   []byte
	passed int
}

func (t *tee) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	t.kept = keep(t.kept, p[:n])
	t.passed += n
	return n, err
}

// answerRecorder keeps what is written.
type answerRecorder struct {
	http.ResponseWriter
	status int
	kept   []byte
	passed int
}

func (a *answerRecorder) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answerRecorder) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	a.kept = keep(a.kept, p)
	a.passed += len(p)
	return a.ResponseWriter.Write(p)
}

func keep(kept, more []byte) []byte {
	if room := keptBody - len(kept); room < len(more) {
		more = more[:max(room, 0)]
	}
	return append(kept, bytes.Clone(more)...)
}
