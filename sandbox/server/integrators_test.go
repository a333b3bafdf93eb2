package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

const integratorsDir = "../../fixtures/integrators"

// integrators are the scripts that call QFPay as people do in other languages. They share no code with
// the sandbox: that they are understood is evidence.
var integrators = []struct{ file, interpreter, packages string }{
	{"curl.sh", "bash", "bash curl"},
	{"python_requests.py", "/usr/bin/python3", "python3 python3-requests"},
	{"php_curl.php", "php", "php-cli php-curl"},
	{"node_fetch.mjs", "node", "nodejs"},
	{"java_urlconnection.py", "/usr/bin/python3", "python3"},
	{"dotnet_httpclient.py", "/usr/bin/python3", "python3"},
}

// integratorCase is a line of a script: one call, what it is to be told, and what it was told.
type integratorCase struct {
	Name, Language, Style, Call string
	// Wrong are the findings that name the mistake; none: the call is right.
	Wrong        []string
	Status       int
	Answer, Sent string

	file string
}

// What QFPay says to a wrong signature and to a wrong app code, whatever is wrong with it.
const (
	signatureRefused = `{"resperr": "\u7b7e\u540d\u9519\u8bef(1108)", "respcd": "1108", "respmsg": "signature error"}`
	appCodeRefused   = `{"resperr": "APPCODE\u975e\u6cd5", "respcd": "1108", "respmsg": ""}`
)

const (
	integratorsPreviousKey = "SANDBOXCLIENTKEYOFLASTYEAR000000"
	integratorsOtherKey    = "SANDBOXCLIENTKEYOFSOMEBODYELSE00"
)

// TestIntegrators sends what integrators send, right and wrong: the right calls are accepted, the wrong
// ones refused in QFPay's words, and the journal names each mistake.
func TestIntegrators(t *testing.T) {
	t.Parallel()
	told := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "SUCCESS") }))
	defer told.Close()
	s := start(t, server.Config{Apps: []sandbox.App{
		{Code: demoCode, ClientKey: integratorsPreviousKey, Name: "Pet Shop", NotifyURL: told.URL}, {Code: "SANDBOXAPPCODEOFSOMEBODYELSE0000", ClientKey: integratorsOtherKey},
	}})
	controls(t, s, http.MethodPatch, "/apps/"+demoCode, `{"client_key": "`+demoKey+`"}`)
	cases := runIntegrators(t, s)
	journal := controls(t, s, http.MethodGet, "/journal?limit=10000", "")
	for _, key := range []string{demoKey, integratorsPreviousKey, integratorsOtherKey} {
		if bytes.Contains(journal, []byte(key)) {
			t.Errorf("the journal holds the client_key %s", key)
		}
	}
	found := findingsByCase(t, journal)
	calls, wrong := map[string]int{}, 0
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) { c.check(t, found[c.Name]) })
		if calls[c.Call]++; len(c.Wrong) > 0 {
			wrong++
		}
	}
	if len(cases) < 46 || wrong < 22 || 3*wrong < len(cases) || len(cases)-wrong < 22 {
		t.Errorf("%d cases, %d of them wrong, want at least 46, and at least 22 of either", len(cases), wrong)
	}
	for _, at := range []sandbox.Endpoint{sandbox.AtOAuthCode, sandbox.AtOpenID, sandbox.AtPayment, sandbox.AtQuery, sandbox.AtRefund, sandbox.AtClose} {
		if calls[string(at)] == 0 {
			t.Errorf("no case calls %s", at)
		}
	}
	t.Run("page", func(t *testing.T) { checkIntegratorsPage(t, cases) })
}

// check holds one case to what it promises; found are the exchanges with its name.
func (c integratorCase) check(t *testing.T, found []recordedCase) {
	if len(found) != 1 {
		t.Fatalf("the journal has %d exchanges of it, want 1", len(found))
	}
	if len(c.Wrong) == 0 {
		switch {
		case c.Call == string(sandbox.AtOAuthCode) && (c.Status != http.StatusFound || c.Answer != ""):
			t.Errorf("got HTTP %d and %s, want 302", c.Status, c.Answer)
		case c.Call != string(sandbox.AtOAuthCode) && (c.Status != http.StatusOK || !strings.Contains(c.Answer, `"respcd": "0000"`)):
			t.Errorf("sent %s\ngot HTTP %d and %s, want respcd 0000", c.Sent, c.Status, c.Answer)
		}
		advice := func(id string) bool { return id == sandbox.FindInQuery && strings.Contains(c.Sent, "?") }
		if len(slices.DeleteFunc(found[0].ids(), advice)) > 0 {
			t.Errorf("sent %s\nwhich is right, and the journal has %s", c.Sent, found[0])
		}
		return
	}
	refusal, answer := "signature-wrong", signatureRefused
	if strings.HasPrefix(c.Wrong[0], "app-code") {
		refusal, answer = "app-code-unknown", appCodeRefused
	}
	if c.Status != http.StatusOK || c.Answer != answer {
		t.Errorf("got HTTP %d and\n%s\nwant 200 and\n%s", c.Status, c.Answer, answer)
	}
	want := append([]string{refusal}, c.Wrong...)
	got := found[0].ids()
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("sent %s\nthe journal finds %v, want %v\n%s", c.Sent, got, want, found[0])
	}
}

// recordedCase is an exchange as the journal tells it.
type recordedCase struct {
	RequestHeader map[string][]string `json:"request_header"`
	Findings      []struct{ ID, Detail, Received, Expected, Change string }
}

func (r recordedCase) ids() (list []string) {
	for _, f := range r.Findings {
		list = append(list, f.ID)
	}
	return list
}

func (r recordedCase) String() string {
	var b strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "  %s: %s\n    received %s\n    expected %s\n", f.ID, f.Detail, f.Received, f.Expected)
	}
	return b.String()
}

// findingsByCase sorts the journal by the name each case sends as its User-Agent.
func findingsByCase(t *testing.T, journal []byte) map[string][]recordedCase {
	t.Helper()
	var page struct{ Exchanges []recordedCase }
	must(t, json.Unmarshal(journal, &page))
	found := map[string][]recordedCase{}
	for _, e := range page.Exchanges {
		name := strings.Join(e.RequestHeader["User-Agent"], " ")
		found[name] = append(found[name], e)
	}
	return found
}

// runIntegrators runs the scripts side by side, each with a WeChat code of its own to exchange and a
// payment to refund, and gives their cases in the scripts' order.
func runIntegrators(t *testing.T, s *server.Server) []integratorCase {
	t.Helper()
	environ := append(os.Environ(), "QFPAY_URL="+s.URL(), "QFPAY_APP_CODE="+demoCode, "QFPAY_CLIENT_KEY="+demoKey,
		"QFPAY_PREVIOUS_KEY="+integratorsPreviousKey, "QFPAY_OTHER_KEY="+integratorsOtherKey, "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")
	outputs := make([][]byte, len(integrators))
	var all sync.WaitGroup
	for i, script := range integrators {
		program, err := exec.LookPath(script.interpreter)
		if err != nil {
			t.Fatalf("%s needs %s: run .ci/install.sh test, or install %s (Debian's names)", script.file, script.interpreter, script.packages)
		}
		cmd := exec.CommandContext(t.Context(), program, filepath.Join(integratorsDir, script.file))
		cmd.Env = append(slices.Clone(environ), "QFPAY_CODE="+issuedCode(t, s, i), "QFPAY_SYSSN="+paidOrder(t, s, i))
		all.Go(func() {
			var complaint bytes.Buffer
			cmd.Stderr = &complaint
			out, err := cmd.Output()
			if err != nil {
				t.Errorf("%s: %v; is something missing? .ci/install.sh test installs %s\n%s", script.file, err, script.packages, &complaint)
			}
			outputs[i] = out
		})
	}
	all.Wait()
	var cases []integratorCase
	for i, out := range outputs {
		for line := range bytes.Lines(out) {
			c := integratorCase{file: integrators[i].file}
			if err := json.Unmarshal(line, &c); err != nil {
				t.Fatalf("%s prints no line of JSON: %v\n%s", c.file, err, line)
			}
			cases = append(cases, c)
		}
	}
	return cases
}

// issuedCode is a code of WeChat's nobody has exchanged.
func issuedCode(t *testing.T, s *server.Server, i int) string {
	t.Helper()
	code, now := fmt.Sprintf("011Code%025d", i), time.Now()
	must(t, s.Gateway().Store.CreateOAuthCode(t.Context(), sandbox.OAuthCode{Code: code, App: demoCode, Payer: "P1", OpenID: "oo3Lss8d0hLOuyTuSJMVwLTk68JE", IssuedAt: now, ExpiresAt: now.Add(5 * time.Minute)}))
	return code
}

// paidOrder is the syssn of a payment of 50.00.
func paidOrder(t *testing.T, s *server.Server, i int) string {
	t.Helper()
	order := fmt.Sprintf("paid-%d", i)
	canonical := "out_trade_no=" + order + "&pay_type=800201&txamt=5000&txcurrcd=HKD&txdtm=" + time.Now().In(sandbox.QFPayZone).Format(sandbox.DateTimeLayout)
	resp, err := signedPost(s, "/trade/v1/payment", canonical, canonical)
	must(t, err)
	defer resp.Body.Close()
	var answer struct{ Respcd, Syssn string }
	must(t, json.NewDecoder(resp.Body).Decode(&answer))
	if answer.Respcd != "0000" {
		t.Fatalf("an order to refund gives respcd %s, want 0000", answer.Respcd)
	}
	controls(t, s, http.MethodPost, "/apps/"+demoCode+"/orders/"+order+"/pay", "{}")
	return answer.Syssn
}

// controls asks the control interface, which has to agree.
func controls(t *testing.T, s *server.Server, method, path, body string) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.ControlURL()+"/_sandbox/v1"+path, strings.NewReader(body))
	must(t, err)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	must(t, err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	must(t, err)
	if resp.StatusCode >= 300 {
		t.Fatalf("%s %s gives HTTP %d: %s", method, path, resp.StatusCode, answer)
	}
	return answer
}
