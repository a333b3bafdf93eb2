package verdict_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

func TestExit(t *testing.T) {
	of := func(outcomes ...verdict.Outcome) []verdict.Result {
		var rs []verdict.Result
		for _, o := range outcomes {
			rs = append(rs, verdict.Result{Outcome: o})
		}
		return rs
	}
	for _, c := range []struct {
		name     string
		selected int
		results  []verdict.Result
		want     int
	}{
		{"all passed", 2, of(verdict.Pass, verdict.Pass), 0},
		{"passed, one skipped with a reason", 2, of(verdict.Pass, verdict.Skipped), 0},
		{"one failed", 2, of(verdict.Pass, verdict.Fail), 1},
		{"nothing selected", 0, nil, 2},
		{"nothing ran", 2, nil, 3},
		{"one left no result", 2, of(verdict.Pass), 3},
		{"one was not judged", 2, of(verdict.Pass, verdict.NotJudged), 3},
		{"one did not run to its end", 2, of(verdict.Pass, verdict.NotRun), 3},
		{"everything skipped", 1, of(verdict.Skipped), 3},
		{"failed and incomplete", 3, of(verdict.Fail, verdict.NotRun), 1},
		{"gone before one", 2, of(verdict.Pass, verdict.Unreachable), 4},
		{"gone, and one not judged", 2, of(verdict.NotJudged, verdict.Unreachable), 4},
		{"gone after one failed", 2, of(verdict.Fail, verdict.Unreachable), 1},
		{"broke and gone", 2, of(verdict.Broke, verdict.Unreachable), 5},
		{"broke and failed", 2, of(verdict.Broke, verdict.Fail), 5},
		{"more results than selected", 1, of(verdict.Pass, verdict.Pass), 3},
	} {
		l := &verdict.Ledger{Selected: c.selected, Results: c.results}
		if got := l.Exit(); got != c.want {
			t.Errorf("%s: got exit %d, want %d", c.name, got, c.want)
		}
	}
}

func TestOutcomeOf(t *testing.T) {
	for _, c := range []struct {
		err  error
		want verdict.Outcome
	}{
		{nil, verdict.Pass},
		{errors.New("the merchant is wrong"), verdict.Fail},
		{fmt.Errorf("x: %w", verdict.ErrNotJudged), verdict.NotJudged},
		{fmt.Errorf("x: %w", verdict.ErrBroke), verdict.Broke},
		{fmt.Errorf("x: %w", verdict.ErrUnreachable), verdict.Unreachable},
		{errors.Join(errors.New("wrong"), verdict.ErrBroke), verdict.Broke},
	} {
		if got := verdict.OutcomeOf(c.err); got != c.want {
			t.Errorf("OutcomeOf(%v): got %s, want %s", c.err, got, c.want)
		}
	}
}

func TestEveryExitHasAWord(t *testing.T) {
	seen := map[string]bool{}
	for code := range 6 {
		word := verdict.Say(code)
		if word == "UNKNOWN" || seen[word] {
			t.Errorf("exit %d is called %q, want a word of its own", code, word)
		}
		seen[word] = true
	}
	if got := verdict.Say(6); got != "UNKNOWN" {
		t.Errorf("exit 6 is called %q, want UNKNOWN", got)
	}
}
