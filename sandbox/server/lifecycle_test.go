package server_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// fetch gives status and body of a GET.
func fetch(t *testing.T, address string) (int, string) {
	t.Helper()
	resp, err := http.Get(address)
	must(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(t, err)
	return resp.StatusCode, string(body)
}

func TestZeroConfigIsComplete(t *testing.T) {
	s := start(t, server.Config{})
	if s.URL() == s.ControlURL() {
		t.Errorf("vendor and controls are both at %s, want two listeners", s.URL())
	}
	for _, base := range []string{s.URL(), s.ControlURL()} {
		if status, body := fetch(t, base+"/healthz"); status != http.StatusOK || body != "ok\n" {
			t.Errorf("%s/healthz answers HTTP %d and %q, want 200 and ok", base, status, body)
		}
	}
	if status, _ := fetch(t, s.URL()+"/_sandbox/v1/apps"); status != http.StatusNotFound {
		t.Errorf("the vendor's surface answers HTTP %d to a control path, want 404", status)
	}
	if status, _ := fetch(t, s.ControlURL()+"/trade/v1/query"); status != http.StatusNotFound {
		t.Errorf("the controls answer HTTP %d to a vendor path, want 404", status)
	}
}

func TestSinglePort(t *testing.T) {
	s := start(t, server.Config{SinglePort: true, ControlAddr: "not used"})
	if s.URL() != s.ControlURL() {
		t.Errorf("vendor is at %s and controls at %s, want one", s.URL(), s.ControlURL())
	}
	for path, want := range map[string]int{"/_sandbox/v1/apps": 200, "/trade/v1/query": 200, "/healthz": 200, "/_sandbox/v1/nothing": 404, "/nothing": 404} {
		if status, _ := fetch(t, s.URL()+path); status != want {
			t.Errorf("%s answers HTTP %d, want %d", path, status, want)
		}
	}
}

func TestStartRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		config server.Config
		want   string
	}{
		{"public URL without scheme", server.Config{PublicURL: "sandbox:8080"}, `public URL is "sandbox:8080", want a scheme and host such as http://sandbox:8080`},
		{"public URL with a path", server.Config{PublicURL: "http://h/x"}, `public URL is "http://h/x"`},
		{"public URL with a query", server.Config{PublicURL: "http://h?x"}, "public URL is"},
		{"public URL of another scheme", server.Config{PublicURL: "ftp://h"}, "public URL is"},
		{"an App", server.Config{Apps: []sandbox.App{{Code: "no good"}}}, `app no good: invalid: app_code is "no good"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := server.Start(t.Context(), c.config)
			if !errors.Is(err, sandbox.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an ErrInvalid that says %q", err, c.want)
			}
		})
	}
	_, err := server.Start(t.Context(), server.Config{Apps: []sandbox.App{{Code: "A"}, {Code: "A"}}})
	if !errors.Is(err, sandbox.ErrExists) {
		t.Errorf("one App twice gives %v, want ErrExists", err)
	}
}

func TestTakenAddress(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, free.Close())
	for what, c := range map[string]server.Config{"vendor": {Addr: taken.Addr().String()}, "control": {Addr: free.Addr().String(), ControlAddr: taken.Addr().String()}} {
		_, err := server.Start(t.Context(), c)
		var address *net.OpError
		if !errors.As(err, &address) || !errors.Is(err, syscall.EADDRINUSE) || address.Addr.String() != taken.Addr().String() {
			t.Errorf("%s address taken: got %v, want an address-in-use error of %s", what, err, taken.Addr())
		}
	}
	start(t, server.Config{Addr: free.Addr().String()}) // a start that failed holds no listener
}

func TestPublicURLIsWhatBrowsersAreSentTo(t *testing.T) {
	s := start(t, server.Config{PublicURL: "https://qfpay.test/", Apps: []sandbox.App{{Code: demoCode, ClientKey: demoKey}}})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Get(s.URL() + "/tool/v1/get_weixin_oauth_code?app_code=" + demoCode + "&redirect_uri=http%3A%2F%2Fmerchant.test%2Fgetcode&sign=E08C5AEF3778C327B2710E63924AE414")
	must(t, err)
	defer resp.Body.Close()
	if to := resp.Header.Get("Location"); !strings.HasPrefix(to, "https://qfpay.test/connect/oauth2/authorize?") || !strings.Contains(to, "redirect_uri=https%3A%2F%2Fqfpay.test%2Ftool") {
		t.Errorf("the browser is sent to %s, want https://qfpay.test, and back there", to)
	}
}

// gated is a store that tells when a call came in and holds it until it is let on.
type gated struct {
	*memstore.Store
	entered chan struct{}
	on      chan struct{}
	left    chan error // why a waiting for the journal ended
}

func (g *gated) WaitJournal(ctx context.Context, app sandbox.AppCode, since uint64) error {
	g.entered <- struct{}{}
	err := g.Store.WaitJournal(ctx, app, since)
	g.left <- err
	return err
}

func (g *gated) TransactionByOutTradeNo(ctx context.Context, app sandbox.AppCode, m sandbox.Mchid, n sandbox.OutTradeNo) (sandbox.Transaction, error) {
	g.entered <- struct{}{}
	<-g.on
	return g.Store.TransactionByOutTradeNo(ctx, app, m, n)
}

// ended is a request's outcome.
type ended struct {
	status int
	body   string
	err    error
}

func inBackground(request func() (*http.Response, error)) <-chan ended {
	done := make(chan ended, 1)
	go func() {
		resp, err := request()
		if err != nil {
			done <- ended{err: err}
			return
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		done <- ended{resp.StatusCode, string(body), err}
	}()
	return done
}

func TestShutdownEndsALongPoll(t *testing.T) {
	store := &gated{Store: memstore.New(), entered: make(chan struct{}, 1), left: make(chan error, 1)}
	s := start(t, server.Config{Store: store})
	poll := inBackground(func() (*http.Response, error) {
		return http.Get(s.ControlURL() + "/_sandbox/v1/journal/wait?timeout=1m")
	})
	<-store.entered
	must(t, s.Shutdown(context.Background()))
	if err := <-store.left; !errors.Is(err, context.Canceled) {
		t.Errorf("the waiting ended with %v, want %v: at once, not with its minute", err, context.Canceled)
	}
	if got := <-poll; got.err != nil || got.status != http.StatusOK || !strings.Contains(got.body, `"exchanges": []`) {
		t.Errorf("the poll got %+v, want HTTP 200 and no exchanges", got)
	}
}

// A connection opened ahead, as browsers do, holds up no shutdown.
func TestShutdownClosesWhatIsSilent(t *testing.T) {
	s := start(t, server.Config{})
	for _, base := range []string{s.URL(), s.ControlURL()} {
		conn, err := net.Dial("tcp", hostOf(base))
		must(t, err)
		defer conn.Close()
		fetch(t, base+"/healthz") // accepted after it
	}
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Second) // http.Server alone would take five
	defer cancel()
	must(t, s.Shutdown(ctx))
}

func TestShutdownLetsARequestEnd(t *testing.T) {
	store := &gated{Store: memstore.New(), entered: make(chan struct{}, 1), on: make(chan struct{})}
	s := start(t, server.Config{Store: store, Apps: []sandbox.App{{Code: demoCode, ClientKey: demoKey}}})
	query := inBackground(func() (*http.Response, error) { return signedQuery(s, "out_trade_no=T1") })
	<-store.entered
	down := make(chan error, 1)
	go func() { down <- s.Shutdown(context.Background()) }()
	for refused := 0; refused < 100; { // it has begun, and had time to close what it closes
		conn, err := net.Dial("tcp", hostOf(s.URL()))
		if err != nil {
			refused++
			continue
		}
		conn.Close()
	}
	close(store.on)
	if got := <-query; got.err != nil || !strings.Contains(got.body, `"respcd": "0000"`) {
		t.Errorf("the request under way got %+v, want 0000", got)
	}
	must(t, <-down)
}

func TestShutdownGivesUpWithItsContext(t *testing.T) {
	store := &gated{Store: memstore.New(), entered: make(chan struct{}, 1), on: make(chan struct{})}
	s := start(t, server.Config{Store: store, Apps: []sandbox.App{{Code: demoCode, ClientKey: demoKey}}})
	query := inBackground(func() (*http.Response, error) { return signedQuery(s, "out_trade_no=T1") })
	<-store.entered
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Shutdown(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("shutdown gives %v, want %v", err, context.Canceled)
	}
	if got := <-query; got.err == nil {
		t.Errorf("the request that hung got %+v, want its connection closed", got)
	}
	close(store.on)
	must(t, s.Shutdown(context.Background())) // a second time does nothing
	select {
	case err := <-s.Failed():
		t.Errorf("a listener says it failed: %v", err)
	default:
	}
}

// signedQuery posts to /trade/v1/query, signed by the demo App.
func signedQuery(s *server.Server, canonical string) (*http.Response, error) {
	return signedPost(s, "/trade/v1/query", canonical, canonical)
}

func signedPost(s *server.Server, path, canonical, body string) (*http.Response, error) {
	req, err := http.NewRequest(http.MethodPost, s.URL()+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("X-QF-APPCODE", demoCode)
	req.Header.Set("X-QF-SIGN", digest("MD5", canonical, demoKey))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return http.DefaultClient.Do(req)
}

// broken is a store whose disk burns.
type broken struct{ *memstore.Store }

func (broken) TransactionByOutTradeNo(context.Context, sandbox.AppCode, sandbox.Mchid, sandbox.OutTradeNo) (sandbox.Transaction, error) {
	return sandbox.Transaction{}, errors.New("disk /dev/sdb burns")
}

// Our own mistakes: 1252 to the caller, the cause to the log, a finding in the journal.
func TestMistakesOfOursAreNotTold(t *testing.T) {
	var log guarded
	s := start(t, server.Config{Store: broken{memstore.New()}, Apps: []sandbox.App{{Code: demoCode, ClientKey: demoKey}}, Log: slog.New(slog.NewTextHandler(&log, nil))})
	resp, err := signedQuery(s, "out_trade_no=T1")
	must(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(t, err)
	const want = `{"resperr": "\u7cfb\u7edf\u9519\u8bef(1252)", "respcd": "1252", "respmsg": ""}`
	if resp.StatusCode != http.StatusOK || string(body) != want {
		t.Errorf("got HTTP %d and %s, want 200 and %s", resp.StatusCode, body, want)
	}
	if got := resp.Header.Get("X-QF-SIGN"); got != digest("MD5", want, demoKey) {
		t.Errorf("X-QF-SIGN is %s, want the answer's signature", got)
	}
	if !strings.Contains(log.String(), "disk /dev/sdb burns") {
		t.Errorf("the log says %s, want the cause", log.String())
	}
	e := lastOf(t, s, demoCode)
	if !e.Has("sandbox-mistake") || strings.Contains(e.Findings[0].Detail, "sdb") {
		t.Errorf("the journal finds %v, want sandbox-mistake without the cause", e.Findings)
	}
}

// absent is a store that was never made.
type absent struct{ *memstore.Store }

func (absent) TransactionByOutTradeNo(context.Context, sandbox.AppCode, sandbox.Mchid, sandbox.OutTradeNo) (sandbox.Transaction, error) {
	panic("the store is absent")
}

func (absent) AppByAppID(context.Context, string) (sandbox.App, error) {
	panic("the store is absent")
}

func TestPanicsAreMistakesToo(t *testing.T) {
	var log guarded
	s := start(t, server.Config{Store: absent{memstore.New()}, Apps: []sandbox.App{{Code: demoCode, ClientKey: demoKey}}, Log: slog.New(slog.NewTextHandler(&log, nil))})
	resp, err := signedQuery(s, "out_trade_no=T1")
	closed(t, resp, err)
	if e := lastOf(t, s, demoCode); e.Respcd != "1252" || !e.Has("sandbox-mistake") {
		t.Errorf("the call got %s and %v, want 1252 and sandbox-mistake", e.Respcd, e.Findings)
	}
	status, body := fetch(t, s.URL()+"/connect/oauth2/authorize?appid=x")
	if e := lastOf(t, s, ""); status != http.StatusInternalServerError || e.Status != status || !e.Has("sandbox-mistake") || strings.Contains(body, "absent") {
		t.Errorf("the page answers HTTP %d and %q, the journal keeps %d and %v, want 500 and sandbox-mistake", status, body, e.Status, e.Findings)
	}
	if n := strings.Count(log.String(), "the store is absent"); n != 2 {
		t.Errorf("the log tells the cause %d times, want twice:\n%s", n, log.String())
	}
}

// guarded is a log several goroutines write to.
type guarded struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (g *guarded) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.b.Write(p)
}

func (g *guarded) String() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.b.String()
}
