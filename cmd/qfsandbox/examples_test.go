package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// world is a sandbox in which the examples of the help have something to work on: payer alice, order
// T1 that nobody paid, T2 that was paid and notified, one fault, and a merchant.
type world struct {
	t        *testing.T
	srv      *server.Server
	client   *control.Client
	merchant *httptest.Server
	dir      string
}

// exampleFiles are files of the reader's own that examples name.
var exampleFiles = map[string]string{
	"key.txt":           demoClientKey + "\n",
	"parameters.json":   `{"out_trade_no": "A1", "txamt": "300"}`,
	"notification.json": `{"status": "1", "txamt": "300"}`,
	"refused.txt":       "curl http://127.0.0.1:8080/trade/v1/query -H 'X-QF-APPCODE: " + demoAppCode + "' -H 'X-QF-SIGN: 00000000000000000000000000000000' -d out_trade_no=T1\n",
	"traffic.har": `{"log": {"version": "1.2", "entries": [{"request": {"method": "POST", "url": "http://127.0.0.1:8080/trade/v1/query", "headers": [{"name": "X-QF-APPCODE", "value": "` + demoAppCode +
		`"}, {"name": "X-QF-SIGN", "value": "00"}], "postData": {"mimeType": "application/x-www-form-urlencoded", "text": "out_trade_no=T1"}}, "response": {"status": 200, "content": {}}}]}}`,
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldAt(t, nil)
}

// newWorldAt is newWorld at another time than now.
func newWorldAt(t *testing.T, clock sandbox.Clock) *world {
	t.Helper()
	merchant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "SUCCESS") }))
	t.Cleanup(merchant.Close)
	demo := sandbox.App{Code: demoAppCode, ClientKey: demoClientKey, Name: demoName, NotifyURL: merchant.URL + "/notify", Seed: "world"}
	srv, err := server.Start(t.Context(), server.Config{Addr: "127.0.0.1:0", ControlAddr: "127.0.0.1:0", TLS: server.TLS{Addr: "127.0.0.1:0"}, Clock: clock, Seed: "world", Version: version, Apps: []sandbox.App{demo}, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	t.Cleanup(func() {
		if err := srv.Shutdown(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("shutdown gives %v, want none", err)
		}
	})
	w := &world{t, srv, control.NewClient(srv.ControlURL(), ""), merchant, t.TempDir()}
	_, err = w.client.CreatePayer(t.Context(), control.Payer{ID: "alice"})
	must(t, err)
	w.order("T1")
	w.order("T2")
	_, err = w.client.PayOrder(t.Context(), demoAppCode, "T2", control.OrderPayer{Payer: "alice"})
	must(t, err)
	_, err = firstAnswers(t.Context(), w.client, demoAppCode, "T2")
	must(t, err)
	_, err = w.client.AddFault(t.Context(), demoAppCode, control.NewFault{Effect: "1143", Route: "query"})
	must(t, err)
	for name, text := range exampleFiles {
		must(t, os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600))
	}
	raw, err := w.client.Bundle(t.Context(), demoAppCode, "", "T1")
	must(t, err)
	must(t, os.WriteFile(filepath.Join(w.dir, "T1.bundle.txt"), raw, 0o600))
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
}

// order makes a JSAPI order of alice's over the wire.
func (w *world) order(number string) {
	w.t.Helper()
	names, err := w.client.Accounts(w.t.Context(), demoAppCode, "alice")
	must(w.t, err)
	must(w.t, second(signedCall(w.srv.URL(), demoAppCode, demoClientKey, "payment", "out_trade_no="+number, "pay_type="+string(qfpay.WeChatJSAPI), "sub_openid="+string(names.OpenID),
		"txamt=300", "txcurrcd=HKD", "txdtm=2026-03-14 10:00:00")))
}

func second[T any](_ T, err error) error { return err }

// environ is what a shell beside the sandbox has.
func (w *world) environ() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + w.dir, "GORACE=atexit_sleep_ms=0", "QFSANDBOX_URL=" + w.srv.URL()}
}

// shell runs a line as somebody pastes it, at this sandbox's addresses in the place of the usual ones.
func (w *world) shell(line string) *exec.Cmd {
	usual := strings.NewReplacer("http://127.0.0.1:8080", w.srv.URL(), defaultControlURL, w.srv.ControlURL(), "http://127.0.0.1:3000", w.merchant.URL)
	cmd := exec.CommandContext(w.t.Context(), "bash", "-c", usual.Replace(line))
	cmd.Env, cmd.Dir = w.environ(), w.dir
	return cmd
}

// everyCommand gives each command, and each word of one, with what it is called by.
func everyCommand(path string, list []command, visit func(path string, c command)) {
	for _, c := range list {
		visit(path+" "+c.name, c)
		everyCommand(path+" "+c.name, c.words, visit)
	}
}

func TestEveryCommandHasHelpAndExamplesThatWork(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Fatal("examples are pasted into bash, which is not here")
	}
	everyCommand("qfsandbox", commands(), func(path string, c command) {
		t.Run(path, func(t *testing.T) {
			var help strings.Builder
			f := flag.NewFlagSet(path, flag.ContinueOnError)
			c.setup(f)
			c.help(f, &help)
			for _, want := range []string{c.does, "Exit codes: "} {
				if !strings.Contains(help.String(), want) {
					t.Errorf("its help lacks %q", want)
				}
			}
			if n := len(c.examples); n > 4 || n < 2 && path != "qfsandbox version" {
				t.Errorf("it has %d examples, want 2 to 4", n)
			}
			for _, line := range c.examples {
				if !strings.Contains(help.String(), line) || !strings.Contains(line, strings.TrimSuffix(path, " serve")) {
					t.Errorf("the example %q is not in its help, or is another command's", line)
				}
				t.Run(line, func(t *testing.T) {
					t.Parallel()
					w := newWorld(t)
					cmd := w.shell(line)
					switch {
					case c.name == "serve":
						cmd.Env = append(cmd.Env, "QFSANDBOX_ADDR=127.0.0.1:0", "QFSANDBOX_CONTROL_ADDR=127.0.0.1:0")
						w.runsUntilEnded(cmd, "its signature:", syscall.SIGTERM)
					case strings.Contains(line+" ", " -f "):
						w.runsUntilEnded(cmd, "/trade/v1/payment", syscall.SIGINT)
					default:
						out, err := cmd.CombinedOutput()
						found := c.name == "explain" && strings.Contains(string(out), "has a mistake, named above") ||
							c.name == "verify" && strings.Contains(string(out), "does not prove it, see above")
						if err != nil && !found {
							t.Errorf("%s ends with %v:\n%s", line, err, out)
						}
					}
				})
			}
		})
	})
}

// runsUntilEnded waits for a line that contains the text, sends the signal, and wants exit code 0.
func (w *world) runsUntilEnded(cmd *exec.Cmd, text string, with os.Signal) {
	w.t.Helper()
	out, err := cmd.StdoutPipe()
	must(w.t, err)
	must(w.t, cmd.Start())
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.Contains(lines.Text(), text) {
	}
	must(w.t, cmd.Process.Signal(with))
	_, err = io.Copy(io.Discard, out)
	if err = errors.Join(err, cmd.Wait()); err != nil {
		w.t.Errorf("%s ends with %v, want exit code 0", cmd, err)
	}
}
