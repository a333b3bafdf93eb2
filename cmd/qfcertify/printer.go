package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/features"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

// printer writes a run for people: a line a scenario, reasons below it, the verdict last.
type printer struct {
	to io.Writer
	// steps are printed in between, so a result stands apart from them.
	steps bool
	// told is each cause already explained, and for which rule; and each rule already quoted.
	told map[string]string
}

func (p printer) header(name, merchant, vendor, browser string, seed int64) {
	fmt.Fprintf(p.to, "merchant     %s  %s\nsandbox      %s\nbrowser      %s\nseed         %d\n\n", name, merchant, vendor, browser, seed)
}

func (p printer) result(r verdict.Result) {
	if p.steps {
		fmt.Fprintln(p.to)
	}
	fmt.Fprintf(p.to, "%-10s  %-7s  %-7s  %5s  %s\n", r.Outcome, r.Rule, r.Browser, fmt.Sprintf("%.1fs", r.Took.Round(100*time.Millisecond).Seconds()), r.Scenario)
	if r.Outcome == verdict.Pass {
		return
	}
	if rule, ok := features.RuleByID(r.Rule); ok && p.told[r.Rule] == "" {
		p.told[r.Rule] = r.Rule
		fmt.Fprintf(p.to, "            rule:  %s (%s)\n", rule.Sentence, rule.Clause)
	}
	if r.Step != "" {
		fmt.Fprintf(p.to, "            step:  %s\n", r.Step)
	}
	cause := causeOf(r.Reason)
	first, _, long := strings.Cut(r.Reason, "\n")
	switch told := p.told[cause]; {
	case told != "":
		fmt.Fprintf(p.to, "            found: %s (the same as for %s above)\n", first, told)
		return
	case p.steps && long && r.Step != "":
		fmt.Fprintf(p.to, "            found: %s (more at the step above)\n", first)
	default:
		fmt.Fprintf(p.to, "            found: %s\n", strings.ReplaceAll(r.Reason, "\n", "\n                   "))
	}
	p.told[cause] = r.Rule
}

// own is what differs between two orders that failed for one cause: numbers, ids, signatures.
var own = regexp.MustCompile(`[\w%.-]*[0-9][\w%.-]*`)

// causeOf is the reason without what is one order's own, the same for all that failed alike.
func causeOf(reason string) string { return own.ReplaceAllString(reason, "#") }

// summary counts the outcomes and gives the verdict, which is exit.
func (p printer) summary(l *verdict.Ledger, s settings, exit int) {
	var parts []string
	for _, o := range []verdict.Outcome{verdict.Pass, verdict.Fail, verdict.NotJudged, verdict.Skipped, verdict.NotRun, verdict.Unreachable, verdict.Broke} {
		if n := l.Count(o); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, strings.ToLower(string(o))))
		}
	}
	if missing := l.Selected - len(l.Results); missing > 0 {
		parts = append(parts, fmt.Sprintf("%d without a result", missing))
	}
	fmt.Fprintf(p.to, "\n%s: %s\nscreenshots  %s\nverdict      %s\n", count(l.Selected, "scenario"), strings.Join(parts, ", "), s.out, verdict.Say(exit))
	if exit == verdict.ExitFailed {
		i := slices.IndexFunc(l.Results, func(r verdict.Result) bool { return r.Outcome == verdict.Fail })
		fmt.Fprintf(p.to, "next         %s\n", s.again(l.Results[i].Rule))
	}
}

func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}

func printRules(to io.Writer) {
	for _, r := range features.Rules() {
		fmt.Fprintf(to, "%s  %-6s  %s\n        %s\n", r.ID, r.Severity, r.Sentence, r.Clause)
	}
}
