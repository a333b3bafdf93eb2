package features_test

import (
	"bufio"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/features"
)

var ruleTag = regexp.MustCompile(`@([A-Z]{3}-\d{2})\b`)

// scenario is one scenario's tags and how many lines its story has.
type scenario struct {
	file, name string
	tags       string
	lines      int
}

func scenariosIn(t *testing.T, dir string) []scenario {
	t.Helper()
	files, err := fs.Glob(features.FS, dir+"/*.feature")
	if err != nil || len(files) == 0 {
		t.Fatalf("no features in %s: %v", dir, err)
	}
	var all []scenario
	for _, file := range files {
		f, err := features.FS.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		tags, inStory := "", false
		for lines := bufio.NewScanner(f); lines.Scan(); {
			line := strings.TrimSpace(lines.Text())
			word, _, _ := strings.Cut(line, " ")
			switch {
			case strings.HasPrefix(line, "@"):
				tags = line
			case strings.HasPrefix(line, "Scenario"):
				all = append(all, scenario{file: file, name: line, tags: tags})
				tags, inStory = "", true
			case strings.HasPrefix(line, "Examples"):
				inStory = false
			case inStory && line != "" && strings.Contains(" Given When Then And But ", " "+word+" "):
				all[len(all)-1].lines++
			}
		}
		f.Close()
	}
	return all
}

// A rule without a scenario is not judged, and a scenario without one rule judges nobody knows what.
func TestEveryRuleHasItsScenarios(t *testing.T) {
	judged := map[string]bool{}
	for _, s := range scenariosIn(t, features.Integration) {
		found := ruleTag.FindAllStringSubmatch(s.tags, -1)
		if len(found) != 1 {
			t.Errorf("%s %q carries the rules %v, want exactly one", s.file, s.name, found)
			continue
		}
		rule, ok := features.RuleByID(found[0][1])
		if !ok {
			t.Errorf("%s %q carries %s, which is not in the catalogue", s.file, s.name, found[0][1])
		}
		if want := "@" + strings.ToLower(string(rule.Severity)); !strings.Contains(s.tags+" ", want+" ") {
			t.Errorf("%s %q is tagged %q, want %s as in the catalogue", s.file, s.name, s.tags, want)
		}
		judged[rule.ID] = true
	}
	for _, r := range features.Rules() {
		if !judged[r.ID] {
			t.Errorf("no scenario judges %s", r.ID)
		}
		if r.Sentence == "" || r.Clause == "" {
			t.Errorf("%s lacks its sentence or clause", r.ID)
		}
	}
}

func TestScenariosAreShortStories(t *testing.T) {
	for _, dir := range []string{features.Integration, features.Sandbox, features.Browser} {
		for _, s := range scenariosIn(t, dir) {
			if s.lines < 2 || s.lines > 7 {
				t.Errorf("%s %q has %d lines, want 2 to 7", s.file, s.name, s.lines)
			}
		}
	}
}
