package server_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/openapi"
)

// goldenAnswer is an answer of fixtures/wire to a call of QFPay's open API.
type goldenAnswer struct {
	file, section string
	at            sandbox.Endpoint
	status        string
	decidedBy     string

	Respcd, Resperr, Respmsg, Syssn string
}

func (g goldenAnswer) where() string { return g.file + ": " + g.section }

// says compares with a row; sums of money in a text are the case's own.
func (g goldenAnswer) says(row sandbox.RefusalRow) bool {
	return g.Respcd == string(row.Code) && sums.ReplaceAllString(g.Resperr, "") == sums.ReplaceAllString(row.Resperr, "") && g.Respmsg == row.Respmsg
}

var sums = regexp.MustCompile(`[0-9]+(\.[0-9]+)? [A-Z]{3}\b`)

// byLever reports whether a header or a fault decided it.
func (g goldenAnswer) byLever() bool {
	return g.decidedBy == sandbox.ByHeader || strings.HasPrefix(g.decidedBy, "fault ")
}

// goldenAnswers are all of them, as the files have them.
func goldenAnswers(t *testing.T) []goldenAnswer {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(wireDir, "*.txtar"))
	must(t, err)
	var all []goldenAnswer
	for _, file := range files {
		golden, err := txtar.ParseFile(file)
		must(t, err)
		for i := 1; i < len(golden.Files); i++ {
			request, answer := golden.Files[i-1], string(golden.Files[i].Data)
			line := strings.Fields(string(request.Data))
			if golden.Files[i].Name != request.Name+" answer" || len(line) < 3 {
				continue
			}
			at, is := endpointOf(line[1])
			if !is {
				continue
			}
			if strings.HasPrefix(answer, "HTTP/1.1 100") {
				_, answer, _ = strings.Cut(answer, "\n\n")
			}
			head, body, _ := strings.Cut(answer, "\n\n")
			g := goldenAnswer{file: filepath.Base(file), section: request.Name, at: at, status: strings.Fields(head + " none none")[1]}
			if _, after, found := strings.Cut(head, "X-Sandbox-Decided-By: "); found {
				g.decidedBy, _, _ = strings.Cut(after, "\n")
			}
			if strings.Contains(head, "application/json") && json.Unmarshal([]byte(body), &g) == nil {
				all = append(all, g)
			}
		}
	}
	return all
}

// endpointOf names the call at an address. False: it is none of QFPay's open API.
func endpointOf(address string) (sandbox.Endpoint, bool) {
	path, _, _ := strings.Cut(address, "?")
	if strings.HasPrefix(path, "/tool/v1/get_weixin_oauth_code/") {
		return sandbox.AtOAuthCode, true
	}
	dir, last := filepath.Split(path)
	if at := sandbox.Endpoint(last); slices.Contains(sandbox.Endpoints(), at) && (dir == "/trade/v1/" || dir == "/tool/v1/") {
		return at, true
	}
	return sandbox.AtOther, openapi.OwnsPath(path)
}

// rowOf gives the row a golden refusal belongs to: the one its section's name begins with, or the
// only one that says the same.
func rowOf(g goldenAnswer) (sandbox.RefusalRow, error) {
	var fitting []sandbox.RefusalRow
	claimed := false
	rule, _, named := strings.Cut(g.section, ": ")
	for _, row := range sandbox.RefusalsAt(g.at) {
		if !g.says(row) {
			claimed = claimed || named && row.Rule == rule
			continue
		}
		if named && row.Rule == rule {
			return row, nil
		}
		fitting = append(fitting, row)
	}
	switch {
	case claimed:
		return sandbox.RefusalRow{}, fmt.Errorf("its name says %s, which answers otherwise than %s, %q and %q", rule, g.Respcd, g.Resperr, g.Respmsg)
	case len(fitting) == 0:
		return sandbox.RefusalRow{}, fmt.Errorf("no row of %s has %s, %q and %q", g.at, g.Respcd, g.Resperr, g.Respmsg)
	case len(fitting) == 1:
		return fitting[0], nil
	}
	return sandbox.RefusalRow{}, fmt.Errorf("%d rows of %s say the same; begin the section's name with the rule and a colon", len(fitting), g.at)
}

type rowKey struct {
	at            sandbox.Endpoint
	rule, respmsg string
}

// goldensOfRows sorts the golden refusals by row, those of levers by code and by endpoint.
func goldensOfRows(t *testing.T) (rows map[rowKey][]goldenAnswer, codes map[string]goldenAnswer, levers map[sandbox.Endpoint]goldenAnswer) {
	t.Helper()
	rows, codes, levers = map[rowKey][]goldenAnswer{}, map[string]goldenAnswer{}, map[sandbox.Endpoint]goldenAnswer{}
	for _, g := range goldenAnswers(t) {
		if g.byLever() && !slices.ContainsFunc(sandbox.RefusalsAt(g.at), func(row sandbox.RefusalRow) bool { return strings.HasPrefix(g.section, row.Rule+": ") }) {
			if g.at == sandbox.AtQuery {
				codes[g.Respcd] = g
			}
			levers[g.at] = g
			continue
		}
		if g.Respcd == "0000" {
			continue
		}
		row, err := rowOf(g)
		switch {
		case err != nil && g.Syssn != "": // what became of an order, no refusal
		case err != nil:
			t.Errorf("%s: %v", g.where(), err)
		default:
			k := rowKey{g.at, row.Rule, row.Respmsg}
			rows[k] = append(rows[k], g)
		}
	}
	return rows, codes, levers
}

// awaited are rows whose condition needs what is not served yet.
var awaited = map[rowKey]string{}

// Nothing in the table is unreachable: each row has a golden at each of its endpoints, and each
// golden refusal a row.
func TestEachRefusalHasItsGolden(t *testing.T) {
	rows, codes, levers := goldensOfRows(t)
	for _, at := range append(sandbox.Endpoints(), sandbox.AtOther) {
		for _, row := range sandbox.RefusalsAt(at) {
			k := rowKey{at, row.Rule, row.Respmsg}
			switch why, waits := awaited[k]; {
			case waits && len(rows[k]) > 0:
				t.Errorf("%s: %s has a golden and waits no more for %s", at, row.Rule, why)
			case !waits && len(rows[k]) == 0:
				t.Errorf("%s: no golden is answered %s %q by %s", at, row.Code, row.Respmsg, row.Rule)
			}
		}
		if _, has := levers[at]; !has && at != sandbox.AtOther {
			t.Errorf("%s: no golden is decided by a lever", at)
		}
	}
	for _, row := range sandbox.CodesByLever() {
		if g := codes[string(row.Code)]; g.Resperr != row.Resperr || g.status != "200" {
			t.Errorf("the golden of %s by lever says %q with HTTP %s, want %q and 200", row.Code, g.Resperr, g.status, row.Resperr)
		}
	}
}

// A parameter that the code judges and the table does not have would be in no document.
func TestEachParameterHasItsRow(t *testing.T) {
	named := map[string]bool{}
	for _, p := range sandbox.Parameters() {
		named[p.Name] = true
	}
	for _, pattern := range []string{"../*.go", "../openapi/*.go"} {
		files, err := filepath.Glob(pattern)
		must(t, err)
		for _, file := range files {
			code, err := os.ReadFile(file)
			must(t, err)
			for _, call := range []string{"RefuseParameter(\"", "refuseMissing(\""} {
				for _, rest := range strings.Split(string(code), call)[1:] {
					if name, _, _ := strings.Cut(rest, `"`); !named[name] && !strings.HasSuffix(file, "_test.go") {
						t.Errorf("%s refuses the parameter %s, which has no row in parameters.go", file, name)
					}
				}
			}
		}
	}
}

const refusalsPage = "../../docs/refusals.md"

func TestRefusalsPage(t *testing.T) {
	rows, codes, _ := goldensOfRows(t)
	page := writeRefusalsPage(rows, codes)
	if *update {
		must(t, os.WriteFile(refusalsPage, []byte(page), 0o644))
		return
	}
	if kept, err := os.ReadFile(refusalsPage); err != nil || string(kept) != page {
		t.Errorf("docs/refusals.md is not what the tables and goldens say (error %v); write it with go test ./sandbox/server -run TestRefusalsPage -update", err)
	}
}
