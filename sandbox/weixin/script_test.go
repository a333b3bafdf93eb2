package weixin_test

import (
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
)

// bridge.js and jweixin.js, in a page that testdata/script.mjs makes of what they touch.
func TestBridgeScript(t *testing.T) {
	script, err := os.Open("testdata/script.mjs") // read by us, so that the test is run again when it changes
	if err != nil {
		t.Fatal(err)
	}
	defer script.Close()
	for _, name := range []string{"bridge.js", "jweixin.js"} {
		if _, err := os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "node", "--input-type=module", "-")
	cmd.Stdin = script
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s(it needs Node 18 or newer; make test installs it)", err, out)
	}
	if !regexp.MustCompile(`pass [1-9]\d+\n`).Match(out) {
		t.Errorf("the tests did not run: %s", out)
	}
}

func TestSDKIsServedByVersion(t *testing.T) {
	s := open(t, memstore.New())
	script, err := os.ReadFile("jweixin.js")
	must(t, err)
	for _, version := range []string{"1.0.0", "1.2.0", "1.3.2", "1.4.0", "1.6.0"} {
		w := s.visit("GET", "/open/js/jweixin-"+version+".js", "ios", "", "")
		if w.Code != http.StatusOK || w.Body.String() != string(script) || w.Header().Get("Content-Type") != "application/javascript; charset=utf-8" || w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: got HTTP %d, %v, %d bytes", version, w.Code, w.Header(), w.Body.Len())
		}
	}
	for _, version := range []string{"1.6.1", "2.0.0", "%3Cb%3E"} {
		w := s.visit("GET", "/open/js/jweixin-"+version+".js", "ios", "", "")
		if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "; WeChat published 1.0.0, 1.1.0") || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("%q: got HTTP %d and %q, want 404 and the versions there are", version, w.Code, w.Body)
		}
	}
}
