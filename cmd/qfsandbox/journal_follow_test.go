package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// following is "qfsandbox journal -f" beside a sandbox.
type following struct {
	t     *testing.T
	lines *bufio.Scanner
	errs  *bufio.Scanner
	end   context.CancelFunc
	code  chan int
}

func follow(t *testing.T, environ []string, args ...string) *following {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	outRead, outWrite := io.Pipe()
	errRead, errWrite := io.Pipe()
	f := &following{t, bufio.NewScanner(outRead), bufio.NewScanner(errRead), cancel, make(chan int, 1)}
	go func() {
		code := run(ctx, append([]string{"journal", "-f"}, args...), environ, strings.NewReader(""), outWrite, errWrite)
		outWrite.Close()
		errWrite.Close()
		f.code <- code
	}()
	t.Cleanup(cancel)
	return f
}

// next is the next line that contains the text.
func (f *following) next(lines *bufio.Scanner, text string) string {
	f.t.Helper()
	for lines.Scan() {
		if strings.Contains(lines.Text(), text) {
			return lines.Text()
		}
	}
	f.t.Fatalf("it ended without a line with %q", text)
	return ""
}

func (f *following) interrupted() {
	f.t.Helper()
	f.end()
	go func() {
		for f.lines.Scan() { // what else it says is nobody's, but has to be read
		}
	}()
	if code := <-f.code; code != exitOK {
		f.t.Errorf("interrupted it ends with %d, want %d", code, exitOK)
	}
}

func TestJournalIsFollowed(t *testing.T) {
	w := newWorld(t)
	f := follow(t, w.environ(), "-surface", "openapi", "-order", "T2", "-order", "")
	first := f.next(f.lines, "T2")
	w.order("T3")
	third := f.next(f.lines, "T3")
	if strings.Index(first, "POST") != strings.Index(third, "POST") {
		t.Errorf("columns move:\n%s\n%s", first, third)
	}
	f.interrupted()
}

func TestJournalIsFollowedAsJSON(t *testing.T) {
	w := newWorld(t)
	f := follow(t, w.environ(), "-json", "-n", "1")
	f.next(f.lines, `"seq":3,`)
	w.order("T3")
	if line := f.next(f.lines, `"out_trade_no":"T3"`); !strings.HasPrefix(line, "{") || !strings.HasSuffix(line, "}") {
		t.Errorf("the line is %s, want one object", line)
	}
	f.interrupted()
}

// relay is an address at which one sandbox can be put in the place of another.
type relay struct {
	mu sync.Mutex
	to http.Handler
}

func (r *relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	to := r.to
	r.mu.Unlock()
	if to == nil {
		panic(http.ErrAbortHandler)
	}
	to.ServeHTTP(w, req)
}

func (r *relay) put(to http.Handler) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.to = to
}

func proxyTo(t *testing.T, address string) http.Handler {
	t.Helper()
	u, err := url.Parse(address)
	must(t, err)
	p := httputil.NewSingleHostReverseProxy(u)
	p.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }
	return p
}

// A sandbox that is started anew numbers its journal from 1, and nothing of it is left out.
func TestFollowingSurvivesARestart(t *testing.T) {
	before, after := newWorld(t), newWorld(t)
	r := &relay{to: proxyTo(t, before.srv.ControlURL())}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	front := httptest.NewUnstartedServer(r)
	front.Listener.Close()
	front.Listener = l
	front.Start()
	t.Cleanup(front.Close)
	before.order("T3")

	f := follow(t, append(before.environ(), "QFSANDBOX_CONTROL_URL=http://"+l.Addr().String()))
	f.next(f.lines, "T3")
	r.put(nil)
	must(t, before.srv.Shutdown(t.Context()))
	f.next(f.errs, "the sandbox is gone")
	r.put(proxyTo(t, after.srv.ControlURL()))
	f.next(f.errs, "it is there again")
	f.next(f.lines, "T1")
	after.order("T4")
	f.next(f.lines, "T4")
	f.interrupted()
}

func TestFollowingEndsWithARefusal(t *testing.T) {
	w := newWorld(t)
	f := follow(t, w.environ(), "-app", demoAppCode+"X")
	if line := f.next(f.errs, "does not exist here"); !strings.HasPrefix(line, "qfsandbox: app ") {
		t.Errorf("it says %q", line)
	}
	if code := <-f.code; code != exitBroke {
		t.Errorf("it ends with %d, want %d", code, exitBroke)
	}
}

func TestComeBackKeepsTheMarkOfTheSameJournal(t *testing.T) {
	w := newWorld(t)
	for mark, want := range map[uint64]uint64{2: 2, 3: 3, 4: 0} {
		got, err := comeBack(t.Context(), control.NewClient(w.srv.ControlURL(), ""), mark)
		if err != nil || got != want {
			t.Errorf("after mark %d it goes on from %d with error %v, want %d: the journal has 3 exchanges", mark, got, err, want)
		}
	}
}
