package steps_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/fixtures/petshop"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/browser"
)

// driver is a program of fixtures/drivers.
type driver struct {
	name    string
	command []string
	needs   []string // programs it cannot do without
}

func drivers(t *testing.T) []driver {
	chromium, err := browser.Find()
	if err != nil {
		t.Fatal(err)
	}
	return []driver{
		{"webdriver", []string{"python3", "../fixtures/drivers/webdriver.py"}, []string{"python3", "chromedriver"}},
		{"cdp", []string{"node", "../fixtures/drivers/cdp.mjs", "--browser", chromium}, []string{"node"}},
	}
}

// run gives a driver's exit code and all it printed.
func (d driver) run(t *testing.T, args ...string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	words := slices.Concat(d.command, args)
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it ends its browser
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v: %s", err, out)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

func (d driver) ready(t *testing.T) {
	t.Helper()
	for _, program := range d.needs {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal(err, "(make test installs it)")
			}
			t.Skip(err)
		}
	}
}

// A payment by plain WebDriver and by raw CDP: for method 2 a User-Agent is enough, for method 1 one script more.
func TestOtherDrivers(t *testing.T) {
	srv := startSandbox(t)
	c := court{control: control.NewClient(srv.ControlURL(), ""), vendor: srv.URL()}
	shared, own := c.openPetshop(t, ""), c.openPetshop(t, petshop.RaiseBridge)
	for _, d := range drivers(t) {
		t.Run(d.name, func(t *testing.T) {
			d.ready(t)
			for _, m := range []struct {
				name string
				args []string
				code int
				says string
				paid bool
			}{
				{"method 2", []string{"--shop", shared.Base + "/"}, 0, "says", true},
				{"method 1", []string{"--shop", own.Base + "/", "--method", "1", "--sandbox", c.vendor}, 0, "every page gets WeChat's bridge", true},
				{"a payer who cancels", []string{"--shop", shared.Base + "/", "--press", "cancel"}, 1, "the payer pressed cancel", false},
			} {
				t.Run(m.name, func(t *testing.T) {
					before, err := c.control.Journal(t.Context(), control.JournalFilter{Last: 1})
					if err != nil {
						t.Fatal(err)
					}
					code, out := d.run(t, m.args...)
					if code != m.code || !strings.Contains(out, m.says) {
						t.Errorf("got exit %d, want %d and %q:\n%s", code, m.code, m.says, out)
					}
					told, err := c.control.Journal(t.Context(), control.JournalFilter{Since: before.Mark, Surface: "notify"})
					if err != nil {
						t.Fatal(err)
					}
					if paid := len(told.Exchanges) == 1 && told.Exchanges[0].AnswerBody == "SUCCESS"; paid != m.paid {
						t.Errorf("got %d notifications, want the payment told: %t", len(told.Exchanges), m.paid)
					}
					wrong, err := c.control.Journal(t.Context(), control.JournalFilter{Since: before.Mark, Finding: "any"})
					if err != nil {
						t.Fatal(err)
					}
					for _, e := range wrong.Exchanges {
						t.Errorf("%s %s: %v", e.Method, e.Path, e.Findings)
					}
				})
			}
		})
	}
}

func TestDriversRefuse(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	for _, d := range drivers(t) {
		t.Run(d.name, func(t *testing.T) {
			d.ready(t)
			for _, c := range []struct {
				args []string
				code int
				says string
			}{
				{[]string{"--shop", "shop.test"}, 2, "want an address such as http://127.0.0.1:8090/"},
				{[]string{"--shop", gone.URL, "--method", "1", "--sandbox", gone.URL}, 2, "no bridge script at " + gone.URL},
				{[]string{"--shop", gone.URL}, 1, "ERR_CONNECTION_REFUSED"},
			} {
				if code, out := d.run(t, c.args...); code != c.code || !strings.Contains(out, c.says) {
					t.Errorf("%v: got exit %d, want %d and %q:\n%s", c.args, code, c.code, c.says, out)
				}
			}
		})
	}
	missing := driver{"cdp", []string{"node", "../fixtures/drivers/cdp.mjs", "--browser", "/no/chromium"}, nil}
	if code, out := missing.run(t, "--shop", gone.URL); code != 2 || !strings.Contains(out, "/no/chromium does not start") {
		t.Errorf("without a browser: got exit %d:\n%s", code, out)
	}
}
