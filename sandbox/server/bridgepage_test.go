package server_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// textsBelow joins the files of these kinds below a directory.
func textsBelow(t *testing.T, root string, kinds ...string) string {
	t.Helper()
	var b strings.Builder
	must(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		for _, kind := range kinds {
			if strings.HasSuffix(path, kind) {
				raw, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				b.Write(raw)
			}
		}
		return nil
	}))
	return b.String()
}

// docs/bridge.md names tests and scenarios that exist, every popup and every finding of the wallet.
func TestBridgePage(t *testing.T) {
	raw, err := os.ReadFile("../../docs/bridge.md")
	must(t, err)
	page := string(raw)
	tests, scenarios := textsBelow(t, "..", "_test.go", ".mjs"), textsBelow(t, "../../features", ".feature")
	named := regexp.MustCompile("`(Test[A-Za-z]+)(?:/([^`]+))?`").FindAllStringSubmatch(page, -1)
	if len(named) < 40 {
		t.Errorf("the page names %d tests, want at least 40", len(named))
	}
	for _, n := range named {
		if !strings.Contains(tests, "func "+n[1]+"(") {
			t.Errorf("the page names %s, which is no test", n[1])
		}
		if n[2] != "" && !strings.Contains(tests, `"`+n[2]) {
			t.Errorf("the page names %s/%s, and no test has that case", n[1], n[2])
		}
	}
	told := 0
	for line := range strings.SplitSeq(page, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 3 {
			continue
		}
		for _, n := range regexp.MustCompile(`"((?:[^"\\]|\\")+)"`).FindAllStringSubmatch(cells[len(cells)-2], -1) {
			told++
			name := strings.ReplaceAll(n[1], `\"`, `"`)
			if !regexp.MustCompile(`Scenario( Outline)?: ` + regexp.QuoteMeta(name) + `\n`).MatchString(scenarios) {
				t.Errorf("the page names the scenario %q, which there is not", name)
			}
		}
	}
	if told < 25 {
		t.Errorf("the page names %d scenarios, want at least 25", told)
	}
	for _, p := range wechat.Popups() {
		if !strings.Contains(page, p.Chinese) {
			t.Errorf("the page lacks the popup %s, %s", p.ID, p.Chinese)
		}
	}
	for _, row := range sandbox.RefusalFindings() {
		if strings.HasPrefix(row.ID, "wallet-") && !strings.Contains(page, "`"+row.ID+"`") {
			t.Errorf("the page lacks the finding %s", row.ID)
		}
	}
}
