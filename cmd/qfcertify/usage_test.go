package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestUsage(t *testing.T) {
	good := "app: {app_code: A, client_key: B}\nmerchant: http://127.0.0.1:1\norder: {url: \"{merchant}/buy\"}\n"
	for _, c := range []struct {
		name    string
		profile string
		args    []string
		says    string
	}{
		{"unknown flag", good, []string{"--nonsense"}, "-nonsense"},
		{"bad flag value", good, []string{"--seed", "x"}, `invalid value "x" for flag -seed`},
		{"unknown rule", good, []string{"XXX-99"}, `no scenario carries "XXX-99"; there are ENV-01`},
		{"bad sandbox", good, []string{"--sandbox", "localhost"}, `--sandbox is "localhost"`},
		{"listen beside sandbox", good, []string{"--sandbox", "http://127.0.0.1:1", "--listen", "127.0.0.1:0"}, "--listen"},
		{"url without sandbox", good, []string{"--sandbox-url", "http://x"}, "--sandbox-url"},
		{"unknown key", good + "colour: red\n", nil, "colour"},
		{"broken YAML", "app: [", nil, "profile cannot be used"},
		{"empty", "", nil, "p.yaml is empty"},
		{"no app", "name: x", nil, "app.app_code is missing"},
		{"no key", "app: {app_code: A}", nil, "app.client_key is missing"},
		{"no merchant", "app: {app_code: A, client_key: B}\norder: {url: x}", nil, "merchant is missing"},
		{"no order", "app: {app_code: A, client_key: B}\nmerchant: http://x", nil, "order.url is missing"},
		{"merchant without scheme", strings.Replace(good, "http://127.0.0.1:1", "shop", 1), []string{"--listen", "127.0.0.1:0"}, `merchant is "shop"`},
		{"unknown placeholder", good + "notify_url: \"{mercant}/n\"\n", nil, "placeholder {mercant}"},
		{"order's placeholder elsewhere", good + "notify_url: \"{merchant}/{txamt}\"\n", nil, "placeholder {txamt}"},
		{"status without paid", good + "status: {url: \"{merchant}/s\"}\n", nil, "status.paid wants either"},
		{"skip without reason", good + "skip: [{rule: PAY-01}]\n", nil, "skip wants a rule and a reason"},
		{"skip of no rule", good + "skip: [{rule: XXX-01, reason: r}]\n", nil, `the rule "XXX-01", which does not exist`},
		{"bad time", good + "start: {command: [x], within: soon}\n", nil, `start.within is "soon"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out := certify(t, append([]string{"--profile", write(t, "p.yaml", c.profile)}, c.args...)...)
			wantExit(t, code, 2, out, c.says)
		})
	}
	t.Run("no profile", func(t *testing.T) {
		code, out := certify(t)
		wantExit(t, code, 2, out, "--profile is missing")
	})
	t.Run("profile not there", func(t *testing.T) {
		code, out := certify(t, "--profile", "nowhere.yaml")
		wantExit(t, code, 2, out, "nowhere.yaml")
	})
	t.Run("unknown variable", func(t *testing.T) {
		t.Setenv("QFCERTIFY_COLOUR", "red")
		code, out := certify(t, "--profile", write(t, "p.yaml", good))
		wantExit(t, code, 2, out, "QFCERTIFY_COLOUR")
	})
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{nil, 2, "Exit codes:"},
		{[]string{"help"}, 0, "Exit codes:"},
		{[]string{"-h"}, 0, "QFCERTIFY_SHOW_STEPS"},
		{[]string{"run", "-h"}, 0, "--profile"},
		{[]string{"version"}, 0, "qfcertify dev"},
		{[]string{"rules"}, 0, "PAY-01  MUST"},
		{[]string{"judge"}, 2, `"judge" is no command`},
	} {
		var out bytes.Buffer
		code := run(t.Context(), c.args, &out, &out)
		if code != c.code || !strings.Contains(out.String(), c.says) {
			t.Errorf("qfcertify %v: got exit %d, want %d and %q:\n%s", c.args, code, c.code, c.says, out.String())
		}
	}
}
