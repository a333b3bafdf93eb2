package steps_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/features"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/target"
)

// openSample starts fixtures/sampleshop with variables of its own, for an App of this test.
func (c court) openSample(t *testing.T, env map[string]string) *target.Target {
	t.Helper()
	p, err := target.Load("../fixtures/profiles/sampleshop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	app, err := c.control.CreateApp(t.Context(), control.NewApp{})
	if err != nil {
		t.Fatal(err)
	}
	p.App = target.App{AppCode: string(app.AppCode), ClientKey: app.ClientKey}
	for name, value := range env {
		p.Start.Env[name] = value
	}
	m, err := target.Open(t.Context(), p, target.Sandbox{URL: c.vendor})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// The sample's habits are served, and each leaves its finding: those docs/sample.md lists, and no other.
func TestSampleShop(t *testing.T) {
	c := openCourt(t)
	m := c.openSample(t, nil)
	c.play(t, features.Browser, m, "sample")
	c.play(t, features.Browser, c.openSample(t, map[string]string{"SAMPLESHOP_TXAMT": "25000"}), "sample-price")
	c.play(t, features.Browser, c.openSample(t, map[string]string{"SAMPLESHOP_TOKEN": "MichroMessenger"}), "sample-misspelt")

	page, err := c.control.Journal(t.Context(), control.JournalFilter{Finding: "any"})
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, e := range page.Exchanges {
		for _, f := range e.Findings {
			if !slices.Contains(left, f.ID) {
				left = append(left, f.ID)
			}
		}
	}
	doc, err := os.ReadFile("../docs/sample.md")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for line := range strings.SplitSeq(string(doc), "\n") {
		if m := regexp.MustCompile("^\\| .*\\| `([a-z-]+)` \\|$").FindStringSubmatch(line); m != nil {
			listed = append(listed, m[1])
		}
	}
	slices.Sort(left)
	slices.Sort(listed)
	if !slices.Equal(left, listed) {
		t.Errorf("the journal has %v, docs/sample.md lists %v", left, listed)
	}
}
