package sandbox_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// idsOfTables are all ids with a row.
func idsOfTables(t *testing.T) map[string]bool {
	t.Helper()
	seen := map[string]bool{}
	for _, row := range append(sandbox.RefusalFindings(), sandbox.Findings()...) {
		if seen[row.ID] {
			t.Errorf("%s has two rows", row.ID)
		}
		seen[row.ID] = true
	}
	return seen
}

func TestEachFindingSaysWhatToChange(t *testing.T) {
	for _, row := range append(sandbox.RefusalFindings(), sandbox.Findings()...) {
		for what, text := range map[string]string{"means": row.Means, "change": row.Change, "clause": row.Clause} {
			if text == "" || strings.HasSuffix(text, ".") || strings.Contains(text, "\n") {
				t.Errorf("%s: %s is %q, want words without a full stop", row.ID, what, text)
			}
		}
		if strings.Contains(row.Clause, "qfpay-api") || regexp.MustCompile(`(^|; )( \(|$)`).MatchString(row.Clause) {
			t.Errorf("%s: clause is %q, want a page others can find", row.ID, row.Clause)
		}
		if !regexp.MustCompile(`^[a-z][a-z0-9_-]*$`).MatchString(row.ID) {
			t.Errorf("%q is no id", row.ID)
		}
	}
}

// Whatever the code can leave has a row: each constant Find…, and each id that stands beside a call
// that makes a finding or a refusal.
func TestEachIDInTheCodeHasARow(t *testing.T) {
	rows, found := idsOfTables(t), 0
	for _, pattern := range []string{"*.go", "openapi/*.go", "cashier/*.go", "weixin/*.go", "notify/*.go", "server/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("found %d files for %s, error %v", len(files), pattern, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			code, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for id := range idsIn(code) {
				found++
				if !rows[id] {
					t.Errorf("%s leaves %q, which has no row", file, id)
				}
			}
		}
	}
	if found < 100 {
		t.Errorf("looked at %d ids, want all there are", found)
	}
}

// idsIn are the texts of constants called Find…, of first arguments to what makes refusals and
// findings, and of fields ID and Rule.
func idsIn(code *ast.File) map[string]bool {
	ids := map[string]bool{}
	add := func(e ast.Expr, prefix string) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			id, _ := strconv.Unquote(lit.Value)
			first, _, _ := strings.Cut(id, " ") // "syssn or out_trade_no" is called after the first
			ids[prefix+first] = true
		}
	}
	ast.Inspect(code, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			kind, of := n.Type.(*ast.SelectorExpr)
			return !of || kind.Sel.Name != "Popup" // whose ids are WeChat's texts
		case *ast.ValueSpec:
			if strings.HasPrefix(n.Names[0].Name, "Find") && len(n.Values) == 1 {
				add(n.Values[0], "")
			}
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && (key.Name == "Rule" || key.Name == "ID") {
				add(n.Value, "")
			}
		case *ast.CallExpr:
			name := ""
			switch f := n.Fun.(type) {
			case *ast.Ident:
				name = f.Name
			case *ast.SelectorExpr:
				name = f.Sel.Name
			}
			switch name {
			case "refuse", "RefuseRequest", "refusePath":
				add(n.Args[0], "")
			case "RefuseParameter", "refuseMissing":
				add(n.Args[0], "parameter-")
			case "Find":
				add(n.Args[1], "")
			}
		}
		return true
	})
	return ids
}
