package browser

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// shared is the browser of all tests but those that kill one.
var shared *Browser

// proxied counts requests that went to the proxy the environment names; there must be none.
var proxied struct {
	sync.Mutex
	urls []string
}

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proxied.Lock()
		defer proxied.Unlock()
		proxied.urls = append(proxied.urls, r.Method+" "+r.RequestURI)
	}))
	defer proxy.Close()
	for _, name := range []string{"http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"} {
		os.Setenv(name, proxy.URL)
	}
	var err error
	if shared, err = Launch(context.Background(), Options{Resolve: map[string]string{"mapped.example": mapped.Listener.Addr().String()}}); err != nil {
		fmt.Fprintln(os.Stderr, "the tests of this package need a browser:", err)
		return 1
	}
	defer shared.Close()
	defer mapped.Close()
	return m.Run()
}

// mapped answers for the host name mapped.example.
var mapped = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "<title>mapped</title><p id=host>%s</p>", r.Host)
}))

// site is a web site of a test: pages by path, and the requests it got.
type site struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request
}

type pages map[string]string

// newSite serves HTML by path, and what handler does for all others.
func newSite(t *testing.T, content pages, handler http.HandlerFunc) *site {
	t.Helper()
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r)
		s.mu.Unlock()
		if html, ok := content[r.URL.Path]; ok {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, phone+html)
			return
		}
		if handler != nil {
			handler(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(func() {
		s.CloseClientConnections() // Chromium keeps them open
		s.Close()
	})
	return s
}

const phone = `<!doctype html><meta name="viewport" content="width=device-width, initial-scale=1">`

// got is the newest request for a path.
func (s *site) got(t *testing.T, path string) *http.Request {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.requests) - 1; i >= 0; i-- {
		if s.requests[i].URL.Path == path {
			return s.requests[i]
		}
	}
	t.Fatalf("got no request for %s", path)
	return nil
}

func (s *site) count(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, r := range s.requests {
		if r.URL.Path == path {
			n++
		}
	}
	return n
}

func kindNamed(t *testing.T, name string) wechat.Browser {
	t.Helper()
	kind, ok := wechat.BrowserNamed(name)
	if !ok {
		t.Fatalf("no browser kind %q", name)
	}
	return kind
}

// open opens a tab of a kind in the shared browser.
func open(t *testing.T, kind string, o TabOptions) *Tab {
	t.Helper()
	tab, err := shared.Open(t.Context(), kindNamed(t, kind), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tab.Close(); err != nil {
			t.Error(err)
		}
	})
	return tab
}

// visit opens a tab on a page.
func visit(t *testing.T, kind, address string) *Tab {
	t.Helper()
	tab := open(t, kind, TabOptions{})
	must(t, tab.Goto(t.Context(), address))
	return tab
}

// brief is a context for actions that are to fail.
func brief(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	t.Cleanup(cancel)
	return ctx
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func eval(t *testing.T, tab *Tab, js string) string {
	t.Helper()
	value, err := tab.Eval(t.Context(), js)
	must(t, err)
	return string(value)
}

func text(t *testing.T, tab *Tab, selector string) string {
	t.Helper()
	text, err := tab.Text(t.Context(), selector)
	must(t, err)
	return text
}

// events are those of a kind, one line each.
func events(tab *Tab, kind EventKind) string {
	var lines []string
	for _, e := range tab.Timeline() {
		if e.Kind == kind {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %d %s", e.Method, e.URL, e.Status, e.Text)))
		}
	}
	return strings.Join(lines, "\n")
}

func testLog(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), nil))
}
