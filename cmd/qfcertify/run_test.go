package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// Both programs are built once and found on PATH, petshop as a profile's start command finds it.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "qfcertify-test-")
	if err == nil {
		var out []byte
		if out, err = exec.Command("go", "build", "-o", dir, ".", "../petshop").CombinedOutput(); err != nil {
			err = fmt.Errorf("%w: %s", err, out)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "the programs cannot be built:", err)
		os.Exit(1)
	}
	os.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

const profiles = "../../fixtures/profiles/"

// certify runs the command and gives its exit code and everything it printed.
func certify(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	code := run(t.Context(), append([]string{"run", "--out", t.TempDir()}, args...), &out, &out)
	return code, out.String()
}

// write puts a profile, or another file, into a directory of the test.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// changed is a copy of one of our profiles, started from the same directory, with texts replaced.
func changed(t *testing.T, profile string, replace ...string) string {
	t.Helper()
	raw, err := os.ReadFile(profiles + profile)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(string(raw), replace[i]) {
			t.Fatalf("%s holds no %q to replace", profile, replace[i])
		}
	}
	return write(t, profile, strings.NewReplacer(replace...).Replace(string(raw)))
}

func wantExit(t *testing.T, got, want int, out string, says ...string) {
	t.Helper()
	if got != want {
		t.Errorf("got exit %d, want %d:\n%s", got, want, out)
	}
	for _, s := range says {
		if !strings.Contains(out, s) {
			t.Errorf("the output does not say %q:\n%s", s, out)
		}
	}
}

func TestPassesPetshop(t *testing.T) {
	t.Parallel()
	code, out := certify(t, "--profile", profiles+"petshop.yaml")
	wantExit(t, code, 0, out, "11 scenarios: 11 pass", "verdict      PASSED")
}

func TestPassesFlaskshop(t *testing.T) {
	t.Parallel()
	code, out := certify(t, "--profile", profiles+"flaskshop.yaml")
	wantExit(t, code, 0, out, "11 scenarios: 11 pass", "verdict      PASSED")
}

// The published sample's spelling of the token never matches a real browser.
func TestFailsMisspeltUserAgent(t *testing.T) {
	t.Parallel()
	good, err := os.ReadFile("../../fixtures/flaskshop/app.py")
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(good, []byte("MicroMessenger")); n != 1 {
		t.Fatalf("app.py spells MicroMessenger %d times, want once so that this test can break it", n)
	}
	app := write(t, "app.py", strings.Replace(string(good), "MicroMessenger", "MichroMessenger", 1))
	code, out := certify(t, "--profile", changed(t, "flaskshop.yaml", "../flaskshop", filepath.Dir(app)), "ENV-01")
	wantExit(t, code, 1, out, "FAIL        ENV-01", "2 scenarios: 2 fail", "is MicroMessenger spelt right?", "(the same as for ENV-01 above)", "verdict      FAILED")
}

// A shop that shows every payer the same friendly page is not a correct one.
func TestFailsTheSamePageForEverything(t *testing.T) {
	t.Parallel()
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "<title>Paid</title>Thank you, SUCCESS, paid")
	}))
	t.Cleanup(shop.Close)
	code, out := certify(t, "--profile", write(t, "same.yaml", externalProfile(shop.URL, `  paid: {contains: paid}`)), "--listen", "127.0.0.1:0", "PAY-01", "NTF-01")
	wantExit(t, code, 1, out, "2 scenarios: 2 fail")
}

// externalProfile describes a merchant that runs already.
func externalProfile(base, status string) string {
	text := "app: {app_code: EXTERNAL, client_key: EXTERNALKEY}\nmerchant: " + base + "\norder: {url: \"{merchant}/buy\"}\n"
	if status != "" {
		text += "status:\n  url: \"{merchant}/status\"\n" + status + "\n"
	}
	return text
}

func TestIncompleteWithoutWitness(t *testing.T) {
	noStatus := changed(t, "petshop.yaml", `status:
  url: "{merchant}/orders/{out_trade_no}/status.json"
  paid: {path: status, equals: paid}
  shipments: shipments
`, "")
	code, out := certify(t, "--profile", noStatus, "PAY-01")
	wantExit(t, code, 3, out, "NOT JUDGED", "the profile declares no status", "verdict      INCOMPLETE")

	noShipments := changed(t, "petshop.yaml", "  shipments: shipments\n", "")
	code, out = certify(t, "--profile", noShipments, "PAY-02")
	wantExit(t, code, 3, out, "the profile declares no status.shipments")
}

func TestSkipsWithAReason(t *testing.T) {
	skipping := changed(t, "petshop.yaml", "  shipments: shipments\n", "skip:\n- {rule: PAY-02, reason: goods are downloads}\n")
	code, out := certify(t, "--profile", skipping, "PAY")
	wantExit(t, code, 0, out, "SKIPPED", "goods are downloads", "1 pass, 1 skipped")

	code, out = certify(t, "--profile", skipping, "PAY-02")
	wantExit(t, code, 3, out, "1 skipped", "verdict      INCOMPLETE") // nothing was judged at all
}

func TestUnreachable(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	code, out := certify(t, "--profile", write(t, "gone.yaml", externalProfile(gone.URL, "")), "--listen", "127.0.0.1:0")
	wantExit(t, code, 4, out, "merchant unreachable", gone.URL)

	dies := changed(t, "petshop.yaml", `[petshop, -addr, "127.0.0.1:{port}", -openapi, "{sandbox}", -o2, "{sandbox}", -app-code, "{app_code}", -client-key, "{client_key}"]`, "[petshop, -nonsense]")
	code, out = certify(t, "--profile", dies)
	wantExit(t, code, 4, out, "ended before it answered", "nonsense")

	code, out = certify(t, "--profile", changed(t, "petshop.yaml", "[petshop,", "[no-such-program,"))
	wantExit(t, code, 4, out, `the program "no-such-program" is neither beside qfcertify nor on PATH`)
}

func TestHarnessBroke(t *testing.T) {
	petshop := profiles + "petshop.yaml"
	code, out := certify(t, "--profile", petshop, "--chrome", "/bin/false")
	wantExit(t, code, 5, out, "browser did not start")

	gone := httptest.NewServer(nil)
	gone.Close()
	code, out = certify(t, "--profile", petshop, "--sandbox", gone.URL)
	wantExit(t, code, 5, out, "no sandbox at "+gone.URL)

	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	var buf bytes.Buffer
	code = run(stopped, []string{"run", "--profile", petshop, "--out", t.TempDir()}, &buf, &buf)
	wantExit(t, code, 5, buf.String())
}

// A browser that dies under a merchant's page is no verdict on the merchant.
func TestKilledBrowserIsNotTheMerchantsFault(t *testing.T) {
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/buy" {
			for _, pid := range browsersOfThisTest(t) {
				if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
					t.Errorf("kill %d: %v", pid, err)
				}
			}
		}
		fmt.Fprint(w, "a page")
	}))
	t.Cleanup(shop.Close)
	code, out := certify(t, "--profile", write(t, "kills.yaml", externalProfile(shop.URL, "")), "--listen", "127.0.0.1:0", "PAY-01")
	wantExit(t, code, 5, out, "ERROR       PAY-01", "verdict      HARNESS BROKE")
}

// browsersOfThisTest finds the browser among this process's own children.
func browsersOfThisTest(t *testing.T) []int {
	var pids []int
	tasks, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		t.Error(err)
	}
	for _, task := range tasks {
		raw, err := os.ReadFile(task)
		if err != nil {
			continue // a thread that has ended
		}
		for word := range strings.FieldsSeq(string(raw)) {
			command, err := os.ReadFile("/proc/" + word + "/cmdline")
			if pid, convErr := strconv.Atoi(word); err == nil && convErr == nil && strings.Contains(string(command), "--user-data-dir") {
				pids = append(pids, pid)
			}
		}
	}
	if len(pids) == 0 {
		t.Error("this process has no browser among its children")
	}
	return pids
}

// The same scenarios run against a sandbox that was there before, which may have another key for the App.
func TestRunningSandbox(t *testing.T) {
	srv, err := server.Start(t.Context(), server.Config{ControlToken: "secret", Apps: []sandbox.App{{Code: "SANDBOXAPPCODE0123456789ABCDEF00", ClientKey: "ANOTHERKEY"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = srv.Shutdown(context.Background()) })
	code, out := certify(t, "--profile", profiles+"petshop.yaml", "--sandbox", srv.ControlURL(), "PAY-01")
	wantExit(t, code, 5, out, "control-token")

	code, out = certify(t, "--profile", profiles+"petshop.yaml", "--sandbox", srv.ControlURL(), "--control-token", "secret", "PAY-01")
	wantExit(t, code, 2, out, "app.client_key of the profile is not the one the sandbox has")

	code, out = certify(t, "--profile", changed(t, "petshop.yaml", "SANDBOXCLIENTKEY0123456789ABCDEF", "ANOTHERKEY"), "--sandbox", srv.ControlURL(), "--control-token", "secret", "--show-steps", "PAY-01")
	wantExit(t, code, 0, out, "POST /trade/v1/payment  200 0000", "1 scenario: 1 pass")
}

// Scenarios that were not selected leave nothing in the output.
func TestShowStepsOfTheSelectedOnly(t *testing.T) {
	code, out := certify(t, "--profile", profiles+"petshop.yaml", "--show-steps", "PAY-01")
	wantExit(t, code, 0, out, "  ok    the payer pays in the wallet")
	if n := strings.Count(out, "PAY-01  A payer pays"); n != 1 || strings.Contains(out, "FAIL") {
		t.Errorf("the output shows more than the one scenario:\n%s", out)
	}
}

// The payer comes back from the cashier to an error page: paid or not, that is no shop.
func TestFailsABrokenReturnPage(t *testing.T) {
	good, err := os.ReadFile("../../fixtures/flaskshop/app.py")
	if err != nil {
		t.Fatal(err)
	}
	const view = "def result():\n"
	if !bytes.Contains(good, []byte(view)) {
		t.Fatalf("app.py has no %q to break", view)
	}
	app := write(t, "app.py", strings.Replace(string(good), view, view+"    return 'gone', 404\n", 1))
	dir := t.TempDir()
	var buf bytes.Buffer
	code := run(t.Context(), []string{"run", "--out", dir, "--profile", changed(t, "flaskshop.yaml", "../flaskshop", filepath.Dir(app)), "RES"}, &buf, &buf)
	wantExit(t, code, 1, buf.String(), "2 scenarios: 2 fail", "answered HTTP 404")
	if files, err := filepath.Glob(dir + "/*timeline.txt"); err != nil || len(files) == 0 {
		t.Errorf("a failure left no timeline in %s: %v", dir, err)
	}
}
