package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rogpeppe/go-internal/txtar"
)

// pastedBase is where the requests in testdata go; those that are sent go to the script's own sandbox.
const pastedBase = "127.0.0.1:8080"

// resend does with the corrected request of the last explanation, or with what sign printed last, what a
// reader would, and wants a success, with ! a refusal.
func resend(ts *testscript.TestScript, refused bool, _ []string) {
	said := ts.ReadFile("stdout")
	_, corrected, found := strings.Cut(said, "corrected:\n\n")
	if !found {
		corrected = said[strings.LastIndex(said, "\n\n")+2:]
	}
	host := strings.TrimPrefix(ts.Getenv("URL"), "http://")
	corrected = strings.ReplaceAll(corrected, pastedBase, host)
	switch {
	case strings.HasPrefix(corrected, "curl "):
		if _, err := exec.LookPath("curl"); err != nil {
			ts.Logf("there is no curl, so the corrected command was not run")
			return
		}
		out, err := exec.Command("sh", "-c", corrected).Output()
		ts.Check(err)
		accepted(ts, refused, corrected, string(out))
	case strings.HasPrefix(corrected, "http://"):
		resp, err := http.DefaultTransport.RoundTrip(request(ts, strings.TrimSpace(corrected)))
		ts.Check(err)
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusFound {
			ts.Fatalf("%s\nanswers HTTP %d, want the way to WeChat", corrected, resp.StatusCode)
		}
	default:
		conn, err := net.Dial("tcp", host)
		ts.Check(err)
		defer conn.Close()
		_, err = io.WriteString(conn, strings.Replace(corrected, "\n", "\nConnection: close\n", 1))
		ts.Check(err)
		answer, err := io.ReadAll(conn)
		ts.Check(err)
		accepted(ts, refused, corrected, string(answer))
	}
}

func request(ts *testscript.TestScript, address string) *http.Request {
	r, err := http.NewRequest(http.MethodGet, address, nil)
	ts.Check(err)
	return r
}

func accepted(ts *testscript.TestScript, refused bool, sent, answer string) {
	if refused == strings.Contains(answer, `"respcd": "0000"`) {
		ts.Fatalf("%s\nanswers %s", sent, answer)
	}
}

// docs/explain.md shows what the scripts want printed.
func TestThePageShowsWhatIsPrinted(t *testing.T) {
	page, err := os.ReadFile("../../docs/explain.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, name := range []string{"explain_output.txtar", "sign.txtar"} {
		script, err := txtar.ParseFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range script.Files {
			if !strings.HasSuffix(f.Name, ".said") && f.Name != "steps.out" {
				continue
			}
			shown++
			if !bytes.Contains(page, f.Data) {
				t.Errorf("docs/explain.md does not show %s of %s as it is printed", f.Name, name)
			}
		}
	}
	if shown != 6 {
		t.Errorf("found %d outputs, want five explanations and one signature", shown)
	}
}
