package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// screen starts an X server without a screen, and makes it the display of this test.
func screen(t *testing.T) {
	t.Helper()
	path, err := exec.LookPath("Xvfb")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("no Xvfb; make test installs it:", err)
		}
		t.Skip("no Xvfb here:", err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "-displayfd", "3", "-screen", "0", "1000x900x24", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{write}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	_ = write.Close()
	number, err := io.ReadAll(io.LimitReader(read, 8))
	if n := strings.TrimSpace(string(number)); err == nil && n != "" {
		t.Setenv("DISPLAY", ":"+n)
		return
	}
	t.Fatalf("Xvfb gave no display: %q, %v", number, err)
}

// probe is a shop that writes down what its visitor has.
type probe struct {
	*httptest.Server
	mu   sync.Mutex
	said []string
	came chan struct{}
}

func openProbe(t *testing.T) *probe {
	p := &probe{came: make(chan struct{}, 16)}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/said" {
			p.mu.Lock()
			p.said = append(p.said, r.UserAgent()+" "+r.URL.Query().Get("bridge"))
			p.mu.Unlock()
			p.came <- struct{}{}
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `<!doctype html><title>probe</title><p>a page<script>
const say = () => fetch('/said?bridge=' + typeof window.WeixinJSBridge);
if (/micromessenger/i.test(navigator.userAgent) && !window.WeixinJSBridge) document.addEventListener('WeixinJSBridgeReady', say); else say();
</script>`)
	}))
	t.Cleanup(p.Close)
	return p
}

// A visible browser as WeChat, with its bridge, until somebody ends it.
func TestBrowse(t *testing.T) {
	screen(t)
	srv, c := startSandbox(t, server.Config{TLS: server.TLS{Addr: "127.0.0.1:0"}, Payers: []sandbox.Payer{{ID: "alice", Name: "Alice"}}})
	shop := openProbe(t)
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	go func() {
		<-shop.came
		cancel() // Ctrl-C
	}()
	var out bytes.Buffer
	code := run(ctx, []string{"browse", "--as", "android", "--payer", "alice", "--no-sandbox", "--sandbox", srv.ControlURL(), shop.URL}, &out, &out)
	wantExit(t, code, 0, out.String(), "browser      WeChat on an Android phone, Chrome/", "payer        alice (Alice)")
	shop.mu.Lock()
	defer shop.mu.Unlock()
	if len(shop.said) != 1 || !strings.Contains(shop.said[0], "XWEB") || !strings.HasSuffix(shop.said[0], " object") {
		t.Errorf("the shop saw %q, want one Android phone with a bridge", shop.said)
	}
	if _, err := c.Payer(t.Context(), control.PayerID(defaultPayer)); err == nil {
		t.Error("another payer was made although one was named")
	}
}

// A picture needs no window; the payer is made.
func TestBrowseTakesAPicture(t *testing.T) {
	srv, c := startSandbox(t, server.Config{})
	shop := openProbe(t)
	file := filepath.Join(t.TempDir(), "page.png")
	var out bytes.Buffer
	code := run(t.Context(), []string{"browse", "--as", "wecom-ios", "--no-sandbox", "--sandbox", srv.ControlURL(), "--screenshot", file, shop.URL + "/x"}, &out, &out)
	wantExit(t, code, 0, out.String(), "note         WeCom is not WeChat", "page         "+shop.URL+"/x", "screenshot   "+file)
	if png, err := os.ReadFile(file); err != nil || !bytes.HasPrefix(png, []byte("\x89PNG")) {
		t.Errorf("no picture: %v", err)
	}
	if _, err := c.Payer(t.Context(), control.PayerID(defaultPayer)); err != nil {
		t.Error(err)
	}
}

func TestBrowseRefuses(t *testing.T) {
	srv, _ := startSandbox(t, server.Config{})
	at := []string{"--sandbox", srv.ControlURL()}
	gone := httptest.NewServer(nil)
	gone.Close()
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"no address", nil, 2, "browse wants one address such as http://127.0.0.1:8090/, got 0"},
		{"two addresses", []string{"http://a", "http://b"}, 2, "got 2: http://a http://b"},
		{"no scheme", []string{"shop.test"}, 2, `the address is "shop.test", want one with its scheme`},
		{"no such kind", append(at, "--as", "nokia", "http://a"), 2, `--as is "nokia", want one of ios android android-old`},
		{"no sandbox", []string{"--sandbox", gone.URL, "http://a"}, 4, "no sandbox at " + gone.URL},
		{"no control address", []string{"--sandbox", "localhost", "http://a"}, 2, `--sandbox is "localhost"`},
		{"no payer's id", append(at, "--payer", "a b", "http://a"), 2, `--payer is "a b"`},
		{"no such flag", []string{"--colour", "http://a"}, 2, "-colour"},
		{"no display", append(at, "http://127.0.0.1:1/"), 5, "there is no display"},
		{"a page that is not there", append(at, "--no-sandbox", "--screenshot", filepath.Join(t.TempDir(), "x.png"), gone.URL), 4, "navigation to " + gone.URL},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			code := run(t.Context(), append([]string{"browse"}, c.args...), &out, &out)
			wantExit(t, code, c.code, out.String(), c.says)
		})
	}
	var out bytes.Buffer
	if code := run(t.Context(), []string{"browsers"}, &out, &out); code != 0 || !strings.Contains(out.String(), "miniprogram    Web-view of a WeChat mini-program") {
		t.Errorf("browsers: exit %d, %s", code, &out)
	}
}
