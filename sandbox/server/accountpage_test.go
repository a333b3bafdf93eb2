package server_test

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/seed"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

const accountPage = "../../docs/official-account.md"

// The page's commands do what it says, in its order.
func TestAccountPageRuns(t *testing.T) {
	raw, err := os.ReadFile(accountPage)
	must(t, err)
	demo, err := os.ReadFile("../../fixtures/seed/demo.yaml")
	must(t, err)
	plan, err := seed.Parse("demo.yaml", demo)
	must(t, err)
	s := start(t, server.Config{Apps: plan.Apps, Payers: plan.Payers})
	script := "set -eu\nURL=" + s.URL() + "\n"
	for _, block := range regexp.MustCompile("(?s)```bash\n(.*?)```").FindAllStringSubmatch(string(raw), -1) {
		script += block[1] + "\necho\n"
	}
	cmd := exec.CommandContext(t.Context(), "bash")
	cmd.Stdin = strings.NewReader(script)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v:\n%s", err, out)
	}
	for _, want := range []string{`{"errcode":0,"errmsg":"ok"}`, `"refresh_token":"`, "\nwx5a1d0b0c0e0f0011\n", `{"errcode":48001,`, `"respcd": "1143"`, `{"err_msg":"preVerifyJSAPI:ok"}`} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the commands print\n%s\nwant %s in it", out, want)
		}
	}
}

// The page has every error of WeChat's login and API, in WeChat's words.
func TestAccountPageListsEveryError(t *testing.T) {
	raw, err := os.ReadFile(accountPage)
	must(t, err)
	page := string(raw)
	for _, e := range wechat.PageErrors() {
		if row := fmt.Sprintf("\n| %d | %s |", e.Code, e.Chinese); !strings.Contains(page, row) {
			t.Errorf("the page lacks %s", row)
		}
	}
	for _, e := range wechat.APIErrors() {
		if row := fmt.Sprintf("\n| %d | %s |", e.Code, e.Text); !strings.Contains(page, row) {
			t.Errorf("the page lacks %s", row)
		}
	}
	if n := len(wechat.PageErrors()) + len(wechat.APIErrors()); strings.Count(page, "\n| ")-4-2-2 > n { // heads, rules, and the two pages without a code
		t.Errorf("the page has more rows than the %d errors there are", n)
	}
}
