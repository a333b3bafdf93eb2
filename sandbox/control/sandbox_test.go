package control_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// hands is a clock that stands still.
type hands struct{ now time.Time }

func (h hands) Now() time.Time { return h.now }

var morning = time.Date(2026, 3, 14, 2, 0, 0, 0, time.UTC)

// box is a running sandbox and its controls, as JSON and as a client.
type box struct {
	*server.Server
	*control.Client
	t     *testing.T
	token string
}

func start(t *testing.T, c server.Config) *box {
	t.Helper()
	c.Clock, c.Seed, c.Version = hands{morning}, "test", "v1.2.3"
	c.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	s, err := server.Start(t.Context(), c)
	must(t, err)
	t.Cleanup(func() {
		if err := s.Shutdown(context.Background()); err != nil {
			t.Errorf("shutdown gives %v, want none", err)
		}
	})
	return &box{s, control.NewClient(s.ControlURL(), c.ControlToken), t, c.ControlToken}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
}

// tree is a JSON answer; tests read it by path, never through the types it was written with.
type tree struct {
	t      *testing.T
	status int
	raw    string
	value  any
}

// call sends JSON to a control path and reads the answer.
func (b *box) call(method, path, body string) tree {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.ControlURL()+"/_sandbox/v1"+path, strings.NewReader(body))
	must(b.t, err)
	if method != http.MethodGet {
		req.Header.Set("Content-Type", "application/json")
	}
	if b.token != "" {
		req.Header.Set("Authorization", "Bearer "+b.token)
	}
	return send(b.t, req)
}

func send(t *testing.T, req *http.Request) tree {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	must(t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	must(t, err)
	got := tree{t: t, status: resp.StatusCode, raw: string(raw)}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&got.value); err != nil {
		t.Fatalf("HTTP %d and %q, which is no JSON: %v", resp.StatusCode, raw, err)
	}
	if kind := resp.Header.Get("Content-Type"); kind != "application/json" {
		t.Errorf("Content-Type is %q, want application/json", kind)
	}
	return got
}

// at walks names and indexes: "apps.0.app_code". An absent one is "(absent)".
func (tr tree) at(path string) string {
	v := tr.value
	for step := range strings.SplitSeq(path, ".") {
		switch node := v.(type) {
		case map[string]any:
			next, found := node[step]
			if !found {
				return "(absent)"
			}
			v = next
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(node) {
				return "(absent)"
			}
			v = node[i]
		default:
			return "(absent)"
		}
	}
	return fmt.Sprint(v)
}

func (tr tree) want(status int, pairs ...string) tree {
	tr.t.Helper()
	shown := tr.raw[:min(len(tr.raw), 2000)]
	if tr.status != status {
		tr.t.Errorf("HTTP %d, want %d: %s", tr.status, status, shown)
	}
	for i := 0; i < len(pairs); i += 2 {
		if got := tr.at(pairs[i]); got != pairs[i+1] {
			tr.t.Errorf("%s is %q, want %q, in %s", pairs[i], got, pairs[i+1], shown)
		}
	}
	return tr
}

// refused checks an error: its status, code, and a part of its message.
func (tr tree) refused(status int, code, message string) {
	tr.t.Helper()
	tr.want(status, "error.code", code)
	if got := tr.at("error.message"); !strings.Contains(got, message) {
		tr.t.Errorf("the message is %q, want it to hold %q", got, message)
	}
}

// visit makes the vendor's surface record something.
func (b *box) visit(path string) {
	b.t.Helper()
	resp, err := http.Get(b.URL() + path)
	must(b.t, err)
	_, err = io.Copy(io.Discard, resp.Body)
	must(b.t, err)
	must(b.t, resp.Body.Close())
}

// merchant takes notifications and answers as it is told.
type merchant struct {
	mu     sync.Mutex
	answer string
	heard  int
}

func (m *merchant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, _ = io.Copy(io.Discard, r.Body)
	m.heard++
	_, _ = io.WriteString(w, m.answer)
}

func (m *merchant) says(answer string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answer = answer
}

// pay pays an order of the App by the rules, without a browser.
func (b *box) pay(code sandbox.AppCode, order string) {
	b.t.Helper()
	g, ctx := b.Gateway(), b.t.Context()
	app, err := g.Store.App(ctx, code)
	must(b.t, err)
	payer, err := g.PayerOf(ctx, "alice")
	must(b.t, err)
	login, err := g.IssueCode(ctx, app, payer)
	must(b.t, err)
	id, err := g.ExchangeCode(ctx, app, login.Code)
	must(b.t, err)
	_, p, err := g.Pay(ctx, app, sandbox.PaymentRequest{Txamt: "300", Txcurrcd: "HKD", PayType: "800207", OutTradeNo: order, Txdtm: "2026-03-14 10:00:00", SubOpenID: string(id)})
	must(b.t, err)
	v := sandbox.Invocation{PayParams: p, Payer: payer}
	v.Client.CanPay = true
	_, err = g.PayerPays(ctx, v)
	must(b.t, err)
}
