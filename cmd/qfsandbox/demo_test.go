package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/seed"
)

const demoSeed = "fixtures/seed/demo.yaml"

func TestDemoSeed(t *testing.T) {
	s, err := seed.Load("../../" + demoSeed)
	if err != nil {
		t.Fatal(err)
	}
	if demo := s.Apps[0]; demo.Code != demoAppCode || demo.ClientKey != demoClientKey || demo.Name != demoName || len(demo.Mchids) != 0 {
		t.Errorf("the first App is %+v, want the demo App as it is without a seed", demo)
	}
	if len(s.Apps) != 4 || len(s.Apps[1].Mchids) != 2 || !s.Apps[2].Settings.Canada || !s.Apps[3].HasOwnAccount() {
		t.Errorf("there are Apps %+v, want the demo App, an agent with two shops, a Canadian one and one with its own account", s.Apps)
	}
	for _, b := range sandbox.Behaviours() {
		if !slices.ContainsFunc(s.Payers, func(p sandbox.Payer) bool { return p.Behaviour == b }) {
			t.Errorf("no payer's behaviour is %s, want one of each", b)
		}
	}
	for _, a := range s.Apps {
		if len(a.Faults) > 0 || len(a.Delivery.Deliveries) > 0 {
			t.Errorf("App %s has faults %v and deliveries %v, want them switched off", a.Code, a.Faults, a.Delivery.Deliveries)
		}
	}
}

// What is a remark in the demo seed is an example, which works when the # are taken away.
func TestDemoSeedExamples(t *testing.T) {
	raw, err := os.ReadFile("../../" + demoSeed)
	if err != nil {
		t.Fatal(err)
	}
	var on []string
	for line := range strings.Lines(string(raw)) {
		trimmed := strings.TrimLeft(line, " ")
		if text, remark := strings.CutPrefix(trimmed, "# "); remark && strings.ContainsAny(text[:1], "df ") && strings.ContainsAny(text, ":{") && !strings.Contains(text, ". ") {
			line = line[:len(line)-len(trimmed)] + text
		}
		on = append(on, line)
	}
	s, err := seed.Parse("demo.yaml", []byte(strings.Join(on, "")))
	if err != nil || len(s.Apps[0].Faults) != 2 || len(s.Apps[0].Delivery.Deliveries) != 3 {
		t.Errorf("got error %v and %+v, want two faults and three deliveries", err, s.Apps)
	}
}

func TestComposeStartsWithTheDemoSeed(t *testing.T) {
	raw, err := os.ReadFile("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	var compose struct {
		Services map[string]struct {
			Volumes     []string          `yaml:"volumes"`
			Environment map[string]string `yaml:"environment"`
		} `yaml:"services"`
	}
	if err := yaml.Load(raw, &compose); err != nil {
		t.Fatal(err)
	}
	s := compose.Services["sandbox"]
	inside := s.Environment["QFSANDBOX_SEED_FILE"]
	if want := "./" + demoSeed + ":" + inside + ":ro"; inside == "" || !slices.Contains(s.Volumes, want) {
		t.Errorf("the sandbox reads %q and mounts %v, want %s among them", inside, s.Volumes, want)
	}
	for _, name := range []string{"QFSANDBOX_APPS", "QFSANDBOX_SEED_YAML"} {
		if got, want := s.Environment[name], "${"+name+":-}"; got != want {
			t.Errorf("the sandbox's %s is %q, want %s handed on", name, got, want)
		}
	}
}
