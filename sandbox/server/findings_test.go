package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// findingRow is what GET /_sandbox/v1/findings says of an id.
type findingRow struct{ Kind, Means, Change, Clause string }

// findingRows asks a sandbox for its table, and fails where an id stands in it twice.
func findingRows(t *testing.T, controlURL string) (ids []string, rows map[string]findingRow) {
	t.Helper()
	resp, err := http.Get(controlURL + "/_sandbox/v1/findings")
	must(t, err)
	defer resp.Body.Close()
	var list struct {
		Findings []struct {
			ID string
			findingRow
		}
	}
	must(t, json.NewDecoder(resp.Body).Decode(&list))
	rows = map[string]findingRow{}
	for _, row := range list.Findings {
		if _, twice := rows[row.ID]; twice {
			t.Errorf("%s is listed twice", row.ID)
		}
		rows[row.ID] = row.findingRow
		ids = append(ids, row.ID)
	}
	return ids, rows
}

// reached collects the findings that the goldens leave in the journal.
type reached struct {
	mu    sync.Mutex
	files int
	ids   map[string]string
}

func newReached() *reached { return &reached{ids: map[string]string{}} }

// add reads the journal of a sandbox that a golden was played to.
func (r *reached) add(t *testing.T, p *player) {
	t.Helper()
	page, err := p.server.Gateway().Store.Journal(t.Context(), "", 0, 10_000)
	must(t, err)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.files++
	for _, e := range page.Exchanges {
		for _, f := range e.Findings {
			r.ids[f.ID] = f.Detail
		}
	}
}

// elsewhere are findings that no single request of a golden can leave, and the test that has them.
var elsewhere = map[string]string{
	sandbox.FindSandboxMistake: "lifecycle_test.go", sandbox.FindCallerLeft: "levers_test.go", sandbox.FindDropped: "../plan_test.go",
	sandbox.FindWalletPayType: "../weixin/page_test.go", sandbox.FindWalletOrder: "../weixin/page_test.go", sandbox.FindWalletClosed: "../weixin/page_test.go",
	sandbox.FindWalletFailed: "../wallet_test.go", sandbox.FindWalletRealName: "../weixin/page_test.go", sandbox.FindWalletNoCredit: "../weixin/page_test.go",
	sandbox.FindWalletBalance:   "../weixin/page_test.go",
	sandbox.FindNotAcknowledged: "../notify/attempt_test.go", sandbox.FindNotifyAddress: "../notify/destinations_test.go", sandbox.FindWronglyAccepted: "../notify/plan_test.go",
}

// check holds the goldens and the table to each other: what is found has a row, and each row is found.
func (r *reached) check(t *testing.T, files int) {
	t.Helper()
	if r.files < files {
		return // -run asked for some of the files
	}
	ids, rows := findingRows(t, start(t, configOf(&hands{now: time.Now()})).ControlURL())
	for id, detail := range explainedIDs(t) {
		r.ids[id] = detail
	}
	for id, detail := range r.ids {
		if _, has := rows[id]; !has {
			t.Errorf("a golden leaves %s (%s), which has no row", id, detail)
		}
	}
	for _, id := range ids {
		_, found := r.ids[id]
		test, other := elsewhere[id]
		switch {
		case found && other:
			t.Errorf("%s is found by a golden, and need not be in %s", id, test)
		case !found && !other && rows[id].Kind != "signature": // the clinic's own tests have those
			t.Errorf("no golden leaves %s", id)
		}
	}
}

// explainedIDs are those of fixtures/findings, which TestExplained holds to what is found.
func explainedIDs(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(explainedDir, "*.txtar"))
	must(t, err)
	ids := map[string]string{}
	for _, file := range files {
		golden, err := txtar.ParseFile(file)
		must(t, err)
		for _, section := range golden.Files {
			for line := range strings.Lines(string(section.Data)) {
				id, detail, is := strings.Cut(line, ": ")
				if is && strings.HasSuffix(section.Name, " findings") && !strings.HasPrefix(line, " ") {
					ids[id] = detail
				}
			}
		}
	}
	return ids
}

var quotedFinding = regexp.MustCompile(`finding "([^"]+)"`)

// Sentences of the scenarios name findings; a name that was changed would never be found again.
func TestFindingsOfScenariosHaveRows(t *testing.T) {
	_, rows := findingRows(t, start(t, configOf(&hands{now: time.Now()})).ControlURL())
	files, err := filepath.Glob("../../features/*/*.feature")
	must(t, err)
	named := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(t, err)
		for _, m := range quotedFinding.FindAllStringSubmatch(string(text), -1) {
			named++
			if _, has := rows[m[1]]; !has && !strings.Contains(m[1], "<") { // an outline's
				t.Errorf("%s names %s, which has no row", file, m[1])
			}
		}
	}
	if named == 0 {
		t.Error("no scenario names a finding")
	}
}

const findingsIntro = `# Findings

What the journal can say beside an exchange, by id. A finding has the row's words and its own: ` + "`detail`" + `, what was received and expected where
either can be shown, and what to change in this case where that can be said better than here. ` + "`GET /_sandbox/v1/findings`" + ` serves the same as
JSON. The page is made from the code's tables by ` + "`go test ./sandbox/server -run TestFindingsPage -update`" + `; a test fails when it is old.

The clause is the page of QFPay's or WeChat's documents, by name, or the number of an assumption in [assumptions.md](assumptions.md). What goes on
the wire with a refusal is in [refusals.md](refusals.md). The mistakes behind a signature that was refused, which stand beside ` + "`signature-wrong`" + ` or
` + "`app-code-unknown`" + `, are in [clinic.md](clinic.md).
`

var findingKinds = map[string]string{
	"refusal": "Refusals\n\nThe request was refused by QFPay's calls, WeChat's pages, the cashier or the wallet.",
	"finding": "Remarks\n\nThe request was served, and something about it will hurt elsewhere; or it is about a notification or a lever.",
}

const findingsPage = "../../docs/findings.md"

func TestFindingsPage(t *testing.T) {
	ids, rows := findingRows(t, start(t, configOf(&hands{now: time.Now()})).ControlURL())
	var b strings.Builder
	b.WriteString(findingsIntro)
	kind := ""
	for _, id := range ids {
		row := rows[id]
		if row.Kind == "signature" {
			continue
		}
		if row.Kind != kind {
			kind = row.Kind
			fmt.Fprintf(&b, "\n## %s\n\n| id | means | change | clause |\n|---|---|---|---|\n", findingKinds[kind])
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", id, cell(row.Means), cell(row.Change), cell(row.Clause))
	}
	if *update {
		must(t, os.WriteFile(findingsPage, []byte(b.String()), 0o644))
		return
	}
	if kept, err := os.ReadFile(findingsPage); err != nil || string(kept) != b.String() {
		t.Errorf("docs/findings.md is not what the tables say (error %v); write it with go test ./sandbox/server -run TestFindingsPage -update", err)
	}
}
