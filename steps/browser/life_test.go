package browser

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

func TestTabsShareNothing(t *testing.T) {
	s := newSite(t, pages{"/": `<p id=p>x<script>document.cookie = 'visited=1'; localStorage.n = 1 + Number(localStorage.n || 0)</script>`}, nil)
	first := open(t, "ios", TabOptions{Cookies: []Cookie{{Name: "sandbox_payer", Value: "P1", URL: s.URL}}})
	second := open(t, "android", TabOptions{Cookies: []Cookie{{Name: "sandbox_payer", Value: "P2", URL: s.URL, HTTPOnly: true, SameSite: "Lax"}}})
	for tab, want := range map[*Tab]string{first: "P1", second: "P2"} {
		must(t, tab.Goto(t.Context(), s.URL))
		if got := s.got(t, "/").Header.Get("Cookie"); got != "sandbox_payer="+want {
			t.Errorf("got Cookie %q, want sandbox_payer=%s alone", got, want)
		}
		if got := eval(t, tab, `localStorage.n`); got != `"1"` {
			t.Errorf("storage: got %s, want 1", got)
		}
		cookies, err := tab.Cookies(t.Context())
		must(t, err)
		if got := fmt.Sprint(cookies); len(cookies) != 2 || !strings.Contains(got, "sandbox_payer "+want) || !strings.Contains(got, "visited 1") {
			t.Errorf("got cookies %s", got)
		}
	}
}

func TestBadCookieIsNamed(t *testing.T) {
	_, err := shared.Open(t.Context(), kindNamed(t, "ios"), TabOptions{Cookies: []Cookie{{Name: "payer", Value: "1"}}})
	if err == nil || !strings.Contains(err.Error(), `open tab as ios: cookie "payer" for ""`) {
		t.Errorf("got %v, want it to name the cookie", err)
	}
}

// contexts are the browser contexts of the shared browser, and its open pages.
func contexts(t *testing.T) string {
	t.Helper()
	list, err := chromedp.CallBrowser(shared.ctx, target.GetBrowserContexts, cdp.Empty{})
	must(t, err)
	targets, err := chromedp.Targets(shared.ctx)
	must(t, err)
	text := fmt.Sprintf("%d contexts", len(list.BrowserContextIDs))
	for _, info := range targets {
		text += fmt.Sprintf(", %s %s", info.Type, info.URL)
	}
	return text
}

// goroutines are those that run this package's code for a tab.
func goroutines(t *testing.T) string {
	var all, ours bytes.Buffer
	must(t, pprof.Lookup("goroutine").WriteTo(&all, 2))
	for stack := range strings.SplitSeq(all.String(), "\n\n") {
		if strings.Contains(stack, "browser.(*Tab)") && !strings.Contains(stack, "testing.tRunner") {
			ours.WriteString(stack + "\n\n")
		}
	}
	return ours.String()
}

func TestNothingLeaks(t *testing.T) {
	s := newSite(t, pages{"/": `<p id=p>x<script>onbeforeunload = () => 'stay'; navigator.serviceWorker.register('/sw.js')</script>`},
		func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/sw.js" {
				w.Header().Set("Content-Type", "text/javascript")
				fmt.Fprint(w, `self.addEventListener('fetch', () => {})`)
				return
			}
			<-r.Context().Done()
		})
	before := contexts(t)
	for _, kind := range []string{"android", "ios"} {
		tab, err := shared.Open(t.Context(), kindNamed(t, kind), TabOptions{})
		must(t, err)
		must(t, tab.Goto(t.Context(), s.URL))
		eval(t, tab, `fetch('/hangs'), 1`)
		must(t, tab.Click(t.Context(), "#p")) // beforeunload asks only those who touched the page
		must(t, tab.Close())
		must(t, tab.Close())
		if err := tab.Goto(t.Context(), s.URL); !errors.Is(err, ErrTabClosed) {
			t.Errorf("after Close: got %v, want ErrTabClosed", err)
		}
	}
	_, err := shared.Open(t.Context(), kindNamed(t, "ios"), TabOptions{Cookies: []Cookie{{}}})
	if err == nil {
		t.Error("got a tab with a nameless cookie, want an error")
	}
	for _, wait := range []time.Duration{0, time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond, 20 * time.Millisecond, 40 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), wait) // given up at some point of opening
		if tab, err := shared.Open(ctx, kindNamed(t, "android"), TabOptions{}); err == nil {
			must(t, tab.Close())
		} else if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("open within %s: got %v, want context.DeadlineExceeded", wait, err)
		}
		cancel()
	}
	after, left := contexts(t), goroutines(t)
	ctx, cancel := context.WithTimeout(t.Context(), ActionTimeout)
	defer cancel()
	for (after != before || left != "") && ctx.Err() == nil { // those given up close behind our back
		after, left = contexts(t), goroutines(t)
	}
	if after != before || left != "" {
		t.Errorf("got %s, want %s as before; got goroutines\n%s\nwant none", after, before, left)
	}
}

func TestFrozenPageCanBeClosed(t *testing.T) {
	s := newSite(t, pages{"/": `<p id=p>x`}, nil)
	tab := visit(t, "ios", s.URL)
	eval(t, tab, `setTimeout(() => { for (;;) {} }), 1`)
	if err := tab.WaitVisible(brief(t), "#q"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want context.DeadlineExceeded", err)
	}
	must(t, tab.Close())
}

func BenchmarkTab(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, phone+"<p>shop") }))
	defer server.Close()
	defer server.CloseClientConnections()
	for _, name := range []string{"ios", "android"} {
		b.Run(name, func(b *testing.B) {
			kind, _ := wechat.BrowserNamed(name)
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				tab, err := shared.Open(b.Context(), kind, TabOptions{})
				if err == nil {
					err = errors.Join(tab.Goto(b.Context(), server.URL), tab.Close())
				}
				if err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "median-ms")
		})
	}
}

// launch starts a browser of the test's own.
func launch(t *testing.T) *Browser {
	t.Helper()
	b, err := Launch(t.Context(), Options{Log: testLog(t)})
	must(t, err)
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func TestKilledBrowserIsGone(t *testing.T) {
	b := launch(t)
	if b.Gone() || !strings.Contains(b.Version(), "Chrome/") {
		t.Fatalf("got gone %t, version %q", b.Gone(), b.Version())
	}
	tab, err := b.Open(t.Context(), kindNamed(t, "ios"), TabOptions{})
	must(t, err)
	waiting := make(chan error)
	go func() { waiting <- tab.WaitVisible(context.Background(), "#never") }()
	must(t, chromedp.FromContext(b.ctx).Browser.Process().Kill())
	errs := map[string]error{"running action": <-waiting}
	errs["goto"] = tab.Goto(t.Context(), "http://127.0.0.1/")
	errs["click"] = tab.Click(t.Context(), "#b")
	_, errs["text"] = tab.Text(t.Context(), "#b")
	_, errs["wait url"] = tab.WaitURL(t.Context(), func(string) bool { return false })
	_, errs["screenshot"] = tab.Screenshot(t.Context())
	_, errs["eval"] = tab.Eval(t.Context(), "1")
	_, errs["cookies"] = tab.Cookies(t.Context())
	errs["back"] = tab.Back(t.Context())
	_, errs["open"] = b.Open(t.Context(), kindNamed(t, "ios"), TabOptions{})
	for name, err := range errs {
		if !errors.Is(err, ErrBrowserGone) || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: got %v, want ErrBrowserGone", name, err)
		}
	}
	if !b.Gone() {
		t.Error("Gone: got false, want true")
	}
	must(t, tab.Close())
	must(t, b.Close())
}

func TestClosedBrowserIsGone(t *testing.T) {
	b := launch(t)
	tab, err := b.Open(t.Context(), kindNamed(t, "ios"), TabOptions{})
	must(t, err)
	must(t, b.Close())
	must(t, b.Close())
	if err := tab.Click(t.Context(), "#b"); !errors.Is(err, ErrBrowserGone) || !b.Gone() {
		t.Errorf("got %v, gone %t, want ErrBrowserGone", err, b.Gone())
	}
	must(t, tab.Close())
}

func TestLaunchContextBoundsOnlyTheLaunch(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	b, err := Launch(ctx, Options{})
	must(t, err)
	defer b.Close()
	cancel()
	tab, err := b.Open(t.Context(), kindNamed(t, "ios"), TabOptions{})
	must(t, err)
	must(t, tab.Close())
	if _, err := Launch(ctx, Options{}); !errors.Is(err, ErrLaunch) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want ErrLaunch and context.Canceled", err)
	}
}

func TestCrashedPageIsNotAGoneBrowser(t *testing.T) {
	tab := visit(t, "ios", "http://mapped.example/")
	waiting := make(chan error)
	go func() { waiting <- tab.WaitVisible(context.Background(), "#never") }()
	_ = tab.act(t.Context(), func(ctx context.Context, s *chromedp.Target) error {
		_, err := cdp.Call(ctx, s, page.Crash, cdp.Empty{})
		return err
	})
	for _, err := range []error{<-waiting, tab.Goto(t.Context(), "http://mapped.example/")} {
		if !errors.Is(err, ErrPageCrashed) || errors.Is(err, ErrBrowserGone) {
			t.Errorf("got %v, want ErrPageCrashed", err)
		}
	}
	visit(t, "ios", "http://mapped.example/")
}

func TestCallersContextEndsAnAction(t *testing.T) {
	tab := open(t, "ios", TabOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := tab.WaitVisible(ctx, "#x")
	var missed *ElementError
	if !errors.Is(err, context.Canceled) || errors.As(err, &missed) && missed.Waited >= ActionTimeout {
		t.Errorf("got %v, want context.Canceled at once", err)
	}
}

func TestLaunchErrorsCarryTheBrowsersWords(t *testing.T) {
	script := func(text string) string {
		path := filepath.Join(t.TempDir(), "chrome")
		must(t, os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o755))
		return path
	}
	for name, c := range map[string]struct {
		options Options
		want    []string
	}{
		"no such file": {Options{ExecPath: "/no/such/chrome"}, []string{"/no/such/chrome", "no such file"}},
		"library":      {Options{ExecPath: script("echo 'error while loading shared libraries: libnss3.so' >&2; exit 127")}, []string{"it said: error while loading shared libraries: libnss3.so"}},
		"sandbox":      {Options{ExecPath: script("echo 'FATAL: No usable sandbox!' >&2; exit 1")}, []string{"NoSandbox", "it said: FATAL"}},
		"long":         {Options{ExecPath: script("yes x | head -c 100000; echo last words; exit 1")}, []string{"last words"}},
		"resolve":      {Options{Resolve: map[string]string{"http://a": "b:1"}}, []string{`"http://a" is not a host name`}},
	} {
		_, err := Launch(t.Context(), c.options)
		if !errors.Is(err, ErrLaunch) {
			t.Errorf("%s: got %v, want ErrLaunch", name, err)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want it to say %q", name, err, want)
			}
		}
		if len(err.Error()) > tailSize+500 {
			t.Errorf("%s: got %d bytes, want only the tail", name, len(err.Error()))
		}
	}
}
