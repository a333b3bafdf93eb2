// Package steps turns the scenarios' sentences into deeds. A sentence's subject is its file:
// payer.go, merchant.go, qfpay.go; for the scenarios about the fake itself integrator*.go, payer_wallet.go
// and app.go.
//
// It reaches a sandbox through its control client only, so that the same scenarios run against one
// in this process, in a container, or on a team's host.
package steps

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/cucumber/godog"
	messages "github.com/cucumber/messages/go/v21"

	"github.com/qfpay-sandbox/qfpay-sandbox/features"
	"github.com/qfpay-sandbox/qfpay-sandbox/fixtures"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/browser"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/target"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

// Suite is one run of scenarios. Target and Browser are nil for scenarios about the fake itself.
type Suite struct {
	// Dir is features.Integration or features.Sandbox.
	Dir     string
	Control *control.Client
	// Vendor is the sandbox's vendor surface as merchants and browsers reach it.
	Vendor  string
	Target  *target.Target
	Browser *browser.Browser
	// Seed makes the same names and numbers again.
	Seed int64
	// Out is the directory screenshots go to, empty for none.
	Out string
	// Narrate gets each step as it happens; nil keeps quiet.
	Narrate io.Writer
	// Settle is how long a merchant may take to make up its mind after QFPay told it, Quiet how long
	// a page may do nothing before nobody expects anything of it any more; 0 is DefaultSettle and
	// DefaultQuiet.
	Settle, Quiet time.Duration
	// Done gets each scenario's result as it ends; nil for nobody.
	Done func(verdict.Result)

	files fs.FS // where Dir is, features.FS unless a test of the sentences brings its own
}

// What a Suite without times of its own waits. An interstitial page that counts down takes three to
// five seconds.
const (
	DefaultSettle = 10 * time.Second
	DefaultQuiet  = 6 * time.Second
)

// ErrSelection marks a tag or rule that selects nothing.
var ErrSelection = errors.New("nothing selected")

// Select lists the scenarios that carry one of the words as a tag: a rule (PAY-01), a family
// (PAY) or a tag (@must). No word selects all. Errors: ErrSelection naming the word.
func (s *Suite) Select(words ...string) ([]*messages.Pickle, error) {
	suite := godog.TestSuite{Options: s.options()}
	parsed, err := suite.RetrieveFeatures()
	if err != nil {
		return nil, fmt.Errorf("%w: the scenarios cannot be read: %w", verdict.ErrBroke, err)
	}
	var all []*messages.Pickle
	for _, f := range parsed {
		all = append(all, f.Pickles...)
	}
	if len(words) == 0 {
		return all, nil
	}
	chosen := map[string]bool{}
	for _, word := range words {
		hits := 0
		for _, p := range all {
			if slices.ContainsFunc(p.Tags, func(t *messages.PickleTag) bool { return carries(t.Name, word) }) {
				chosen[p.Id] = true
				hits++
			}
		}
		if hits == 0 {
			return nil, fmt.Errorf("%w: no scenario carries %q; %s", ErrSelection, word, tagsOf(all))
		}
	}
	return slices.DeleteFunc(all, func(p *messages.Pickle) bool { return !chosen[p.Id] }), nil
}

func carries(tag, word string) bool {
	tag, word = strings.TrimPrefix(tag, "@"), strings.TrimPrefix(word, "@")
	family, _, isRule := strings.Cut(tag, "-")
	return strings.EqualFold(tag, word) || isRule && family == strings.ToUpper(family) && strings.EqualFold(family, word)
}

func tagsOf(pickles []*messages.Pickle) string {
	var names []string
	for _, p := range pickles {
		for _, t := range p.Tags {
			if name := strings.TrimPrefix(t.Name, "@"); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return "there are " + strings.Join(names, " ")
}

func (s *Suite) options() *godog.Options {
	files := s.files
	if files == nil {
		files = features.FS
	}
	return &godog.Options{Format: "progress", Output: io.Discard, NoColors: true, Strict: true, Concurrency: 1, FS: files, Paths: []string{s.Dir}}
}

// Run plays the selected scenarios and collects what became of each in the ledger.
func (s *Suite) Run(ctx context.Context, selected []*messages.Pickle) *verdict.Ledger {
	s.Settle, s.Quiet = cmp.Or(s.Settle, DefaultSettle), cmp.Or(s.Quiet, DefaultQuiet)
	r := &run{suite: s, ledger: &verdict.Ledger{Selected: len(selected)}, wanted: map[string]bool{}, payers: map[control.PayerID]bool{}}
	for _, p := range selected {
		r.wanted[pickleKey(p)] = true
	}
	options := s.options()
	options.DefaultContext = ctx
	// godog's own opinion does not count: it calls a run passed in which nothing ran.
	_ = godog.TestSuite{ScenarioInitializer: r.initialise, Options: options}.Run()
	var ids []string
	for _, rule := range features.Rules() {
		ids = append(ids, rule.ID)
	}
	r.ledger.Sort(ids)
	return r.ledger
}

// pickleKey names a scenario across two readings of the same file: name and steps.
func pickleKey(p *messages.Pickle) string {
	texts := make([]string, len(p.Steps))
	for i, step := range p.Steps {
		texts[i] = step.Text
	}
	return p.Uri + "\x00" + p.Name + "\x00" + strings.Join(texts, "\x00")
}

// run is one Run; scenarios come one after the other.
type run struct {
	suite  *Suite
	ledger *verdict.Ledger
	wanted map[string]bool
	// since is the journal's mark at the first scenario, mark at the latest; payers are those of this run.
	since  uint64
	mark   uint64
	payers map[control.PayerID]bool
}

// errUnwanted ends a scenario that was not selected; it leaves no result.
var errUnwanted = errors.New("not selected")

// initialise is called by godog once for each scenario.
func (r *run) initialise(sc *godog.ScenarioContext) {
	w := &world{suite: r.suite, run: r, client: r.suite.Control}
	passed, wanted := 0, false
	var began time.Time
	sc.Before(func(ctx context.Context, p *godog.Scenario) (context.Context, error) {
		if wanted = r.wanted[pickleKey(p)] && ctx.Err() == nil; !wanted {
			return ctx, errUnwanted
		}
		began = time.Now()
		w.seed = fixtures.SeedOf(r.suite.Seed, p.Name)
		w.fake = fixtures.New(w.seed)
		w.rule, w.name = ruleOf(p), p.Name
		if reason, skip := w.skipReason(); skip {
			w.skipped = reason
			return ctx, godog.ErrSkip
		}
		w.narrateScenario()
		w.unready = w.begin(ctx)
		return ctx, w.unready
	})
	sc.StepContext().After(func(ctx context.Context, step *godog.Step, status godog.StepResultStatus, err error) (context.Context, error) {
		switch {
		case !wanted:
		case status == godog.StepPassed:
			passed++
			w.narrateStep(ctx, step.Text, nil)
		case err != nil && w.failedStep == "" && w.unready == nil:
			w.failedStep = step.Text
			w.narrateStep(ctx, step.Text, err)
		}
		return ctx, nil
	})
	sc.After(func(ctx context.Context, p *godog.Scenario, err error) (_ context.Context, ended error) {
		if !wanted {
			return ctx, nil
		}
		defer func() { // a panic in here would end the whole run
			if cause := recover(); cause != nil {
				r.add(verdict.Result{Rule: w.rule, Scenario: p.Name, Outcome: verdict.Broke, Reason: fmt.Sprintf("panic after the scenario: %v\n%s", cause, debug.Stack())})
			}
		}()
		result := w.result(ctx, err, passed, len(p.Steps))
		result.Took = time.Since(began)
		w.end(context.WithoutCancel(ctx), &result)
		r.add(result)
		return ctx, nil
	})
	w.payerSteps(sc)
	w.merchantSteps(sc)
	w.qfpaySteps(sc)
	w.integratorSteps(sc)
}

func (r *run) add(result verdict.Result) {
	r.ledger.Results = append(r.ledger.Results, result)
	if r.suite.Done != nil {
		r.suite.Done(result)
	}
}

// ruleOf is the scenario's rule, or for scenarios about the fake its first tag.
func ruleOf(p *messages.Pickle) string {
	first := ""
	for _, t := range p.Tags {
		name := strings.TrimPrefix(t.Name, "@")
		if _, ok := features.RuleByID(name); ok {
			return name
		}
		if first == "" {
			first = name
		}
	}
	return first
}
