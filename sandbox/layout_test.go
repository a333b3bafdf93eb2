package sandbox_test

import (
	"bytes"
	"go/build"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/qfpay-sandbox/qfpay-sandbox"

// layoutRow says what a package may import. Words ending in /... stand for everything below.
type layoutRow struct {
	pkg string
	// ours are packages of this module, others those of other modules.
	ours, others []string
	// never are packages of the standard library.
	never  []string
	reason string
}

// layout is the table of docs/design.md; the row that fits a package best is its own.
var layout = []layoutRow{
	{pkg: "sandbox/qfpay", reason: "QFPay's words are a leaf: a merchant's test may use them without the sandbox"},
	{pkg: "sandbox/wechat", reason: "WeChat's words are a leaf, as QFPay's"},
	{pkg: "sandbox", ours: []string{"sandbox/qfpay", "sandbox/wechat"}, never: []string{"net/http", "encoding/json", "time/tzdata", "math/rand", "math/rand/v2", "crypto/rand"},
		reason: "the rules know no HTTP, no JSON and no randomness of their own, so they can be tested and read without them"},
	{pkg: "sandbox/memstore", ours: []string{"sandbox"}, reason: "a store remembers and has no rules"},
	{pkg: "sandbox/storetest", ours: []string{"sandbox"}, reason: "the contract speaks of stores only"},
	{pkg: "sandbox/sqlstore", ours: []string{"sandbox"}, others: []string{"..."}, reason: "a store remembers and has no rules; this one brings the database drivers"},
	{pkg: "sandbox/notify", ours: []string{"sandbox", "sandbox/qfpay"}, reason: "delivery needs the rules and QFPay's words, no surface"},
	{pkg: "sandbox/clinic", ours: []string{"sandbox", "sandbox/qfpay"}, others: []string{"golang.org/x/text/encoding/..."},
		reason: "the clinic explains signatures, to any surface, also those made in a Chinese character set"},
	{pkg: "sandbox/clinic/pasted", ours: []string{"sandbox", "sandbox/qfpay"}, reason: "reading what was pasted needs the names of QFPay's parameters, no surface"},
	{pkg: "sandbox/look", others: []string{"github.com/gorilla/mux"}, reason: "what the pages look like knows nothing of what they say"},
	{pkg: "sandbox/openapi", ours: []string{"sandbox", "sandbox/qfpay", "sandbox/wechat", "sandbox/clinic"}, others: []string{"github.com/gorilla/mux"},
		reason: "one surface never knows another: at the vendors they are different hosts"},
	{pkg: "sandbox/cashier", ours: []string{"sandbox", "sandbox/qfpay", "sandbox/wechat", "sandbox/clinic", "sandbox/look"}, others: []string{"github.com/gorilla/mux"},
		reason: "one surface never knows another: at the vendors they are different hosts"},
	{pkg: "sandbox/weixin", ours: []string{"sandbox", "sandbox/qfpay", "sandbox/wechat", "sandbox/clinic", "sandbox/look"}, others: []string{"github.com/gorilla/mux"},
		reason: "one surface never knows another: at the vendors they are different hosts"},
	{pkg: "sandbox/authority", reason: "certificates need the standard library; which hosts they are for is told"},
	{pkg: "sandbox/bundle", reason: "a bundle is a format: who writes one and who plays one share it, and it knows neither"},
	{pkg: "sandbox/replay", ours: []string{"sandbox", "sandbox/qfpay", "sandbox/bundle", "sandbox/control"},
		reason: "a replay reaches a sandbox as a merchant and as control's client do, so that it works against one anywhere"},
	{pkg: "sandbox/control", ours: []string{"sandbox", "sandbox/qfpay", "sandbox/wechat", "sandbox/clinic", "sandbox/bundle"}, others: []string{"github.com/gorilla/mux"},
		reason: "a merchant's mistake cannot reach the controls, so no vendor surface is in them"},
	{pkg: "sandbox/console", ours: []string{"sandbox", "sandbox/qfpay", "sandbox/wechat", "sandbox/clinic", "sandbox/control", "sandbox/look"}, others: []string{"github.com/gorilla/mux"},
		reason: "the console shows what the controls tell"},
	{pkg: "sandbox/seed", ours: []string{"sandbox", "sandbox/qfpay"}, others: []string{"go.yaml.in/yaml/v4"},
		reason: "a seed is YAML that says what the rules are to start with; it knows no surface"},
	{pkg: "sandbox/server", ours: []string{"sandbox/..."}, others: []string{"github.com/gorilla/mux"}, reason: "the server assembles the sandbox, and no test code with it"},
	{pkg: "sandbox/sandboxtest", ours: []string{"sandbox/..."}, reason: "two lines to adopt in a test bring the sandbox and nothing else"},
	{pkg: "features", reason: "the rule catalogue is data anybody may read"},
	{pkg: "fixtures", others: []string{"github.com/brianvoe/gofakeit/v6"}, reason: "fixtures are data; what they are used for is not theirs"},
	{pkg: "fixtures/petshop", others: []string{"github.com/gorilla/mux"},
		reason: "petshop shares no code with the sandbox: two signatures that agree are evidence, one used on both sides agrees with itself even when wrong"},
	{pkg: "steps/...", ours: []string{"sandbox/control", "sandbox/qfpay", "sandbox/wechat", "features", "fixtures", "steps/..."}, others: []string{"github.com/cucumber/..."},
		reason: "steps reach a sandbox only through control's client, so the same suite runs against one in a container or on a team's host"},
	{pkg: "steps/browser", ours: []string{"sandbox/wechat"}, others: []string{"github.com/chromedp/..."},
		reason: "chromedp changes often and is wrapped in one package"},
	{pkg: "steps/target", ours: []string{"sandbox/qfpay", "sandbox/wechat", "features"}, others: []string{"go.yaml.in/yaml/v4"},
		reason: "a profile is YAML; nothing else is"},
	{pkg: "cmd/internal/flagenv", reason: "flags and variables know nothing of what they set"},
	{pkg: "cmd/internal/gcroom", reason: "how garbage is collected has nothing to do with what is served"},
	{pkg: "cmd/internal/bench", ours: []string{"cmd/internal/gcroom", "sandbox", "sandbox/qfpay", "sandbox/openapi", "sandbox/server"}, others: []string{"github.com/gorilla/mux"},
		reason: "the benchmark assembles the sandbox it measures"},
	{pkg: "cmd/internal/bench/floor", reason: "what the sandbox is measured against has none of its code"},
	{pkg: "cmd/qfsandbox", ours: []string{"cmd/internal/flagenv", "cmd/internal/gcroom", "sandbox", "sandbox/qfpay", "sandbox/wechat", "sandbox/clinic", "sandbox/clinic/pasted", "sandbox/bundle", "sandbox/replay", "sandbox/authority", "sandbox/control", "sandbox/seed", "sandbox/server"},
		reason: "a command has flags and assembles, or asks a running sandbox through control's client"},
	{pkg: "cmd/qfcertify", ours: []string{"cmd/internal/flagenv", "sandbox", "sandbox/control", "sandbox/server", "features", "steps/..."}, reason: "a command has flags and assembles"},
	{pkg: "cmd/petshop", ours: []string{"fixtures/petshop"}, reason: "petshop shares no code with the sandbox"},
}

// fits reports whether a package is one of these. "..." alone is any.
func fits(pkg string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		below, isTree := strings.CutSuffix(word, "...")
		return word == pkg || isTree && (strings.HasPrefix(pkg, below) || pkg == strings.TrimSuffix(below, "/"))
	})
}

func rowOf(pkg string) (layoutRow, bool) {
	for _, row := range layout {
		if row.pkg == pkg {
			return row, true
		}
	}
	for _, row := range layout {
		if fits(pkg, []string{row.pkg}) {
			return row, true
		}
	}
	return layoutRow{}, false
}

func TestEachPackageImportsWhatItMay(t *testing.T) {
	for dir, pkg := range packages(t) {
		row, known := rowOf(pkg)
		if !known {
			t.Errorf("%s is in no row of the layout; give it one, with a reason", pkg)
			continue
		}
		found, err := build.ImportDir(dir, 0)
		if err != nil {
			t.Errorf("%s: %v", pkg, err)
			continue
		}
		for _, path := range found.Imports {
			own, isOurs := strings.CutPrefix(path, module+"/")
			isOther := strings.Contains(strings.SplitN(path, "/", 2)[0], ".")
			switch {
			case isOurs && (!fits(own, row.ours) || own == "sandbox/storetest"), !isOurs && isOther && !fits(path, row.others), !isOther && fits(path, row.never):
				t.Errorf("%s imports %s, which it may not: %s", pkg, path, row.reason)
			}
		}
	}
}

// packages finds every directory with Go code, outside of testdata and of modules of their own.
func packages(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || path != ".." && strings.HasPrefix(entry.Name(), ".")):
			return filepath.SkipDir
		case entry.IsDir() && path != ".." && isModule(path):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			dir := filepath.Dir(path)
			found[dir] = filepath.ToSlash(strings.TrimPrefix(dir, ".."+string(filepath.Separator)))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 10 {
		t.Fatalf("only %d packages found; is this the module's root?", len(found))
	}
	return found
}

// isModule reports whether a directory is a module of its own, which this module's build does not see.
func isModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

// What a program links decides how large its image is, and what petshop proves.
func TestProgramsLinkWhatTheyMay(t *testing.T) {
	for program, c := range map[string]struct {
		never  []string
		reason string
	}{
		"./cmd/qfsandbox":    {[]string{"github.com/chromedp/...", "github.com/cucumber/...", module + "/steps/...", "testing"}, "its image stays small"},
		"./cmd/petshop":      {[]string{module + "/sandbox/...", module + "/steps/...", module + "/features"}, "petshop shares no code with the sandbox"},
		"./fixtures/petshop": {[]string{module + "/sandbox/...", module + "/steps/...", module + "/features"}, "petshop shares no code with the sandbox"},
	} {
		list := exec.CommandContext(t.Context(), "go", "list", "-deps", program)
		list.Dir = ".."
		var complaint bytes.Buffer
		list.Stderr = &complaint
		out, err := list.Output()
		if err != nil {
			t.Errorf("%s: %v\n%s", program, err, complaint.Bytes())
			continue
		}
		linked := strings.Fields(string(out))
		if len(linked) < 50 {
			t.Errorf("%s links only %d packages; that cannot be all", program, len(linked))
		}
		for _, pkg := range linked {
			if fits(pkg, c.never) {
				t.Errorf("%s links %s, which it may not: %s", program, pkg, c.reason)
			}
		}
	}
}

// petshop may import nothing of ours, so it has its own copy of the tokens.
func TestPagesShareTheirTokens(t *testing.T) {
	ours, err := os.ReadFile("look/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := os.ReadFile("../fixtures/petshop/assets/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(ours, theirs) {
		t.Error("sandbox/look/tokens.css and fixtures/petshop/assets/tokens.css differ, want the same bytes")
	}
}

// The rules take their time from the Clock and their randomness from the Entropy.
func TestRulesHaveNoClockOfTheirOwn(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("found %d files, error %v", len(files), err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"time.Now", "time.Since", "time.Until", "time.Sleep", "time.After", "rand.Reader"} {
			if bytes.Contains(code, []byte(word)) {
				t.Errorf("%s uses %s, want the Gateway's Clock or Entropy", file, word)
			}
		}
	}
}
