package main

import (
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

// print gives what a run with these results prints.
func print(steps bool, s settings, exit int, results ...verdict.Result) string {
	var out strings.Builder
	p := printer{to: &out, steps: steps, told: map[string]string{}}
	for _, r := range results {
		p.result(r)
	}
	p.summary(&verdict.Ledger{Selected: 3, Results: results}, s, exit)
	return out.String()
}

func TestACauseIsToldOnce(t *testing.T) {
	const why = "the wallet did not open\nthe payer is at http://127.0.0.1:5000/pay?order=%&nonce=%, which says: no"
	at := func(rule, order, nonce string) verdict.Result {
		return verdict.Result{Rule: rule, Scenario: "S " + order, Outcome: verdict.Fail, Step: "the payer orders", Reason: strings.Replace(strings.Replace(why, "%", order, 1), "%", nonce, 1)}
	}
	out := print(false, settings{}, verdict.ExitFailed, at("ENV-01", "901", "0a1b"), at("ENV-01", "902", "ff00"), at("PAY-01", "903", "c4"))
	for _, says := range []struct {
		text string
		n    int
	}{
		{"which says: no", 1}, {"found: the wallet did not open", 3}, {"(the same as for ENV-01 above)", 2},
		{"rule:  A payer in WeChat", 1}, {"rule:  An order that is paid becomes paid", 1}, {"3 scenarios: 3 fail", 1},
	} {
		if got := strings.Count(out, says.text); got != says.n {
			t.Errorf("%q is said %d times, want %d:\n%s", says.text, got, says.n, out)
		}
	}
	for line := range strings.Lines(out) {
		if strings.ContainsRune(line, '\x1b') {
			t.Errorf("no plain text: %q", line)
		}
	}
}

// Two causes stay two although they begin alike.
func TestOtherCausesAreTold(t *testing.T) {
	out := print(false, settings{}, verdict.ExitFailed,
		verdict.Result{Rule: "PAY-01", Outcome: verdict.Fail, Reason: "it failed\nsignature wrong"},
		verdict.Result{Rule: "PAY-02", Outcome: verdict.Fail, Reason: "it failed\nno such order"})
	if !strings.Contains(out, "signature wrong") || !strings.Contains(out, "no such order") || strings.Contains(out, "the same as") {
		t.Errorf("a cause of two is missing:\n%s", out)
	}
}

// With --show-steps the step has told it already.
func TestStepsTellTheRest(t *testing.T) {
	out := print(true, settings{}, verdict.ExitFailed, verdict.Result{Rule: "PAY-01", Outcome: verdict.Fail, Step: "the payer pays", Reason: "no wallet\nthe payer is at /pay"})
	if !strings.Contains(out, "found: no wallet (more at the step above)") || strings.Contains(out, "/pay") {
		t.Errorf("the explanation is told twice:\n%s", out)
	}
}

func TestSummary(t *testing.T) {
	s := settings{out: "/tmp/shots", given: []string{"--profile=p.yaml"}}
	out := print(false, s, verdict.ExitUnreachable, verdict.Result{Rule: "PAY-01", Outcome: verdict.Pass}, verdict.Result{Rule: "PAY-02", Outcome: verdict.Unreachable, Reason: "gone"})
	for _, says := range []string{"3 scenarios: 1 pass, 1 gone, 1 without a result", "screenshots  /tmp/shots", "verdict      MERCHANT UNREACHABLE"} {
		if !strings.Contains(out, says) {
			t.Errorf("the summary does not say %q:\n%s", says, out)
		}
	}
	if strings.Contains(out, "next ") {
		t.Errorf("there is nothing to do next:\n%s", out)
	}
	out = print(false, s, verdict.ExitFailed, verdict.Result{Rule: "RES-01", Outcome: verdict.Fail, Reason: "x"})
	if !strings.Contains(out, "--profile=p.yaml --show-steps RES-01") {
		t.Errorf("the last line does not say what to do next:\n%s", out)
	}
}
