package server_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

const integratorsPage = "../../docs/integrators.md"

const integratorsIntro = `# Signing in your language

How a request is signed in five languages, and what goes wrong. Everything here is run against the sandbox by a test: the right calls are
accepted, the wrong ones refused with QFPay's 1108 and the mistake named beside it, in the journal and where the sandbox was started. The page is
made from the scripts in [fixtures/integrators](../fixtures/integrators) by ` + "`go test ./sandbox/server -run TestIntegrators -update`" + `.

Each script runs by itself too, against a sandbox on this machine: ` + "`python3 fixtures/integrators/python_requests.py`" + `.
`

// signers are the scripts whose signature the page shows, in their order.
var signers = []struct{ title, file, fence string }{
	{"PHP", "php_curl.php", "php"}, {"Python", "python_requests.py", "python"}, {"Node", "node_fetch.mjs", "js"}, {"curl and a shell", "curl.sh", "bash"},
}

// checkIntegratorsPage holds docs/integrators.md to the scripts.
func checkIntegratorsPage(t *testing.T, cases []integratorCase) {
	page := writeIntegratorsPage(t, cases)
	if *update {
		must(t, os.WriteFile(integratorsPage, []byte(page), 0o644))
		return
	}
	if kept, err := os.ReadFile(integratorsPage); err != nil || string(kept) != page {
		t.Errorf("docs/integrators.md is not what the scripts say (error %v); write it with go test ./sandbox/server -run TestIntegrators -update", err)
	}
}

func writeIntegratorsPage(t *testing.T, cases []integratorCase) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(integratorsIntro)
	for _, s := range signers {
		fmt.Fprintf(&b, "\n## %s\n\n```%s\n%s```\n", s.title, s.fence, signerOf(t, s.file))
	}
	b.WriteString("\nJava and .NET do not run in the test: two scripts write what they put on the wire byte for byte, and quote the code beside each case.\n" +
		"\n## Right\n\n| case | language | style | call |\n|---|---|---|---|\n")
	wrong := 0
	for _, c := range cases {
		if wrong += min(len(c.Wrong), 1); len(c.Wrong) == 0 {
			fmt.Fprintf(&b, "| %s | %s | %s | `%s` |\n", c.link(), c.Language, cell(c.Style), c.Call)
		}
	}
	b.WriteString("\n## Wrong\n\n| case | language | what it does | call | the mistake | what to change |\n|---|---|---|---|---|---|\n")
	for _, c := range cases {
		if len(c.Wrong) == 0 {
			continue
		}
		var names, changes []string
		for _, id := range c.Wrong {
			row, known := control.FindingRowOf(id)
			if !known {
				t.Errorf("%s is to be found %s, which has no row", c.Name, id)
			}
			names, changes = append(names, "`"+id+"`"), append(changes, row.Change)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | `%s` | %s | %s |\n", c.link(), c.Language, cell(c.Style), c.Call, strings.Join(names, ", "), cell(strings.Join(changes, "; ")))
	}
	fmt.Fprintf(&b, "\n%d calls, %d of them wrong. [findings.md](findings.md) lists every name there is.\n", len(cases), wrong)
	return b.String()
}

func (c integratorCase) link() string {
	return fmt.Sprintf("[%s](../fixtures/integrators/%s)", c.Name, c.file)
}

// signerOf is what stands between a script's marks.
func signerOf(t *testing.T, file string) string {
	t.Helper()
	code, err := os.ReadFile(filepath.Join(integratorsDir, file))
	must(t, err)
	_, rest, begun := strings.Cut(string(code), "[sign]\n")
	inside, _, ended := strings.Cut(rest, "[/sign]")
	end := strings.LastIndexByte(inside, '\n')
	if !begun || !ended || end < 0 {
		t.Fatalf("%s marks no signer with [sign] and [/sign]", file)
	}
	return inside[:end+1]
}
