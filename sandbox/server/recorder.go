package server

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/textproto"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/openapi"
)

// keptBody is how much of a body the journal keeps, in bytes.
const keptBody = 64 << 10

// recorder puts every exchange of the vendor's surface in the journal, as it passed on the wire.
type recorder struct {
	gateway *sandbox.Gateway
	clock   sandbox.Clock
	log     *slog.Logger
	// taken counts the exchanges on connections taken from net/http, whose Shutdown waits for all others.
	taken *sync.WaitGroup
}

// surfaceOf names the host a path belongs to at the vendor's. False: nothing worth a record.
func surfaceOf(path string) (string, bool) {
	switch {
	case path == "/connect/consent.css":
		return "", false
	case openapi.OwnsPath(path):
		return "openapi", true
	case strings.HasPrefix(path, "/connect/"), strings.HasPrefix(path, "/sns/"), strings.HasPrefix(path, "/cgi-bin/"):
		return "weixin", true
	case path == "/wallet/invoke", path == "/wallet/preverify", path == "/wallet/sheet", path == "/wallet/pay", path == "/wallet/cancel", path == "/wallet/returned", path == sandbox.PayPage:
		return "wallet", true
	case path == "/q/direct":
		return "cashier", true
	case path == "/", path == "/healthz", path == "/favicon.ico",
		strings.HasPrefix(path, "/_sandbox/"), strings.HasPrefix(path, "/wallet/"), strings.HasPrefix(path, "/mmopen/"), strings.HasPrefix(path, "/q/cashier."):
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
		rec.answer(next, w, r, surface, time.Now())
	})
}

// recording is what the recorder needs for one exchange. It is used again when the exchange is over:
// the journal has copied what it keeps, and a handler's goroutine has ended.
type recording struct {
	exchange sandbox.Exchange
	body     tee
	answer   answerRecorder
}

var recordings = sync.Pool{New: func() any { return new(recording) }}

// over readies a recording for another exchange; it keeps the room that bodies took.
func (one *recording) over() {
	*one = recording{body: tee{kept: one.body.kept[:0]}, answer: answerRecorder{kept: one.answer.kept[:0]}}
	recordings.Put(one)
}

func (rec *recorder) answer(next http.Handler, w http.ResponseWriter, r *http.Request, surface string, began time.Time) {
	one := recordings.Get().(*recording)
	one.exchange = sandbox.Exchange{
		Surface: surface, Started: rec.clock.Now(), Method: r.Method, URL: r.RequestURI, RequestHeader: textproto.MIMEHeader(r.Header),
		Findings: []sandbox.Finding{},
	}
	one.body.ReadCloser, one.answer.ResponseWriter, one.answer.taken = r.Body, w, rec.taken
	defer func() {
		if one.answer.hijacked {
			rec.taken.Done()
		}
		one.over()
	}()
	e := &one.exchange
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = &one.body
	}
	aborted := rec.serve(next, &one.answer, r.WithContext(sandbox.WithExchange(r.Context(), e)))
	e.Took = time.Since(began)
	if e.At.IsZero() { // no App's time was told
		e.At = rec.clock.Now()
	}
	e.RequestBody, e.RequestCut = one.body.kept, one.body.passed-len(one.body.kept)
	e.Status, e.AnswerHeader = one.answer.status, textproto.MIMEHeader(w.Header())
	e.AnswerBody, e.AnswerCut = one.answer.kept, one.answer.passed-len(one.answer.kept)
	ctx := context.WithoutCancel(r.Context())
	if e.App == "" || len(e.Findings) > 0 { // another's key in the address is hidden from the log too
		ctx = sandbox.WithExchange(ctx, e)
	}
	if err := rec.gateway.Record(ctx, *e); err != nil {
		rec.log.Error("exchange not recorded", "path", r.URL.Path, "error", err)
	}
	rec.line(ctx, e, r.URL.Path, began.Add(e.Took))
	if aborted {
		panic(http.ErrAbortHandler)
	}
}

// line logs an exchange. It passes by the Logger, which would look for the caller of each line.
func (rec *recorder) line(ctx context.Context, e *sandbox.Exchange, path string, at time.Time) {
	handler := rec.log.Handler()
	if !handler.Enabled(ctx, slog.LevelInfo) {
		return
	}
	line := slog.NewRecord(at, slog.LevelInfo, e.Surface, 0)
	line.AddAttrs(slog.String("app", string(e.App)), slog.String("method", e.Method), slog.String("path", rec.gateway.HideTokens(e.Hide(path))), slog.Int("status", e.Status),
		slog.String("respcd", string(e.Respcd)), slog.String("findings", findingIDs(e.Findings)))
	_ = handler.Handle(ctx, line) // a log that cannot be written has nowhere to say so
}

// serve keeps a panic, a mistake of ours, from losing the exchange: the caller gets HTTP 500, the
// log the cause, the journal a finding. It reports whether the connection is to be closed on purpose.
func (rec *recorder) serve(next http.Handler, w *answerRecorder, r *http.Request) (aborted bool) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		if cause == http.ErrAbortHandler {
			aborted = true
			return
		}
		rec.log.Error("panic", "path", r.URL.Path, "cause", cause, "stack", string(debug.Stack()))
		sandbox.Find(r.Context(), sandbox.FindSandboxMistake, "a mistake of the sandbox itself; its log has the cause")
		if w.status == 0 {
			http.Error(w, "a mistake of the sandbox itself; its log has the cause", http.StatusInternalServerError)
		}
	}()
	next.ServeHTTP(w, r)
	return false
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

// answerRecorder keeps what is written, also past net/http on a connection taken from it.
type answerRecorder struct {
	http.ResponseWriter
	status int
	kept   []byte
	passed int

	taken    *sync.WaitGroup
	hijacked bool
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

// Unwrap lets http.ResponseController find the rest of what a connection can do.
func (a *answerRecorder) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *answerRecorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	a.taken.Add(1) // while net/http still counts the connection
	conn, buffered, err := http.NewResponseController(a.ResponseWriter).Hijack()
	if a.hijacked = err == nil; !a.hijacked {
		a.taken.Done()
	}
	return recordedConn{conn, a}, buffered, err
}

type recordedConn struct {
	net.Conn
	answer *answerRecorder
}

func (c recordedConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.answer.kept = keep(c.answer.kept, p[:n])
	c.answer.passed += n
	return n, err
}

func keep(kept, more []byte) []byte {
	if room := keptBody - len(kept); room < len(more) {
		more = more[:max(room, 0)]
	}
	return append(kept, more...)
}
