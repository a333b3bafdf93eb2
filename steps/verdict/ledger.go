// Package verdict turns evidence into verdicts, and verdicts into an exit code. It counts for
// itself what was selected and what ran; no test runner's opinion enters.
package verdict

import (
	"errors"
	"slices"
	"time"
)

// Outcome is what became of one scenario.
type Outcome string

const (
	Pass      Outcome = "PASS"
	Fail      Outcome = "FAIL"
	NotJudged Outcome = "NOT JUDGED" // evidence that the profile does not offer was needed
	Skipped   Outcome = "SKIPPED"    // the profile says why
	NotRun    Outcome = "NOT RUN"    // it was selected and did not come to its end
	Broke     Outcome = "ERROR"      // the harness broke; this says nothing about the merchant
	// Unreachable is a scenario that found nobody to judge: the merchant had gone away before.
	Unreachable Outcome = "GONE"
)

// Result is one scenario's outcome and the evidence for it.
type Result struct {
	Rule     string
	Scenario string
	// Browser is the kind it ran in, empty where there was none.
	Browser string
	Outcome Outcome
	// Step is where it ended, Reason why; both empty on a pass.
	Step   string
	Reason string
	Took   time.Duration
	// Screenshots are files.
	Screenshots []string
	// Seed makes the same names and numbers again.
	Seed int64
}

// Exit codes of a run.
const (
	ExitPassed      = 0
	ExitFailed      = 1 // a MUST rule failed
	ExitUsage       = 2 // a wrong word, a profile that cannot be read, or nothing selected
	ExitIncomplete  = 3 // not everything selected was judged
	ExitUnreachable = 4 // the merchant could not be reached, so it was not judged
	ExitBroke       = 5 // the harness broke
)

// Ledger collects the results of a run.
type Ledger struct {
	// Selected is how many scenarios were to run.
	Selected int
	Results  []Result
}

// Count tells how many scenarios had an outcome.
func (l *Ledger) Count(o Outcome) int {
	n := 0
	for _, r := range l.Results {
		if r.Outcome == o {
			n++
		}
	}
	return n
}

// Exit is the run's exit code: the worst thing that happened decides. What was selected and left
// no result counts as not run.
func (l *Ledger) Exit() int {
	switch {
	case l.Selected == 0:
		return ExitUsage
	case l.Count(Broke) > 0:
		return ExitBroke
	case l.Count(Fail) > 0:
		return ExitFailed
	case l.Count(Unreachable) > 0:
		return ExitUnreachable
	case len(l.Results) != l.Selected, l.Count(NotRun) > 0, l.Count(NotJudged) > 0, l.Count(Pass) == 0:
		return ExitIncomplete
	default:
		return ExitPassed
	}
}

// Say is the exit code in one word for people.
func Say(exit int) string {
	words := []string{"PASSED", "FAILED", "NOTHING SELECTED", "INCOMPLETE", "MERCHANT UNREACHABLE", "HARNESS BROKE"}
	if exit < 0 || exit >= len(words) {
		return "UNKNOWN"
	}
	return words[exit]
}

// ErrBroke marks an error of the harness: sandbox or browser gone, not the merchant's doing.
var ErrBroke = errors.New("the harness broke")

// ErrNotJudged marks evidence that the profile does not offer.
var ErrNotJudged = errors.New("not judged")

// ErrUnreachable marks a merchant that was not there to be judged.
var ErrUnreachable = errors.New("not judged")

// OutcomeOf classifies what ended a scenario.
func OutcomeOf(err error) Outcome {
	switch {
	case err == nil:
		return Pass
	case errors.Is(err, ErrBroke):
		return Broke
	case errors.Is(err, ErrNotJudged):
		return NotJudged
	case errors.Is(err, ErrUnreachable):
		return Unreachable
	default:
		return Fail
	}
}

// Sort puts the results in the order of the rules given, scenarios in the order they ran.
func (l *Ledger) Sort(rules []string) {
	slices.SortStableFunc(l.Results, func(a, b Result) int { return slices.Index(rules, a.Rule) - slices.Index(rules, b.Rule) })
}
