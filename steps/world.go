package steps

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/fixtures"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/browser"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/target"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

// world is one scenario: who takes part in it and what was seen so far.
type world struct {
	suite  *Suite
	run    *run
	client *control.Client
	seed   int64
	fake   fixtures.Faker

	rule, name string
	skipped    string // why it is not judged
	unready    error  // why it could not begin
	failedStep string
	shots      []string

	app   control.AppCode
	mark  uint64 // journal: where the scenario began
	heard uint64 // journal: the last notification looked at
	told  uint64 // journal: the last line narrated

	payer   control.Payer
	kind    wechat.Browser
	tab     *browser.Tab
	order   order
	cashier string // the cashier's address, once reached
	forged  []forgery
	before  *target.Statement // what the merchant thought of the order before it was paid; nil if unknown
	delay   string            // the App's own notification delay, put back at the end
	other   seat              // another payer, or the same one at another tab
	page    *pageServer       // the integrator's own, nil without one

	integrator
}

// order is the payment the payer stands before.
type order struct {
	outTradeNo control.OutTradeNo
	openID     string
	// asked is what we put in the merchant's order address, which the merchant may heed or not.
	askedNo    string
	askedTxamt int64
}

// broke marks an error as the harness's own.
func broke(err error) error {
	if err == nil || errors.Is(err, verdict.ErrBroke) {
		return err
	}
	return fmt.Errorf("%w: %w", verdict.ErrBroke, err)
}

func (w *world) skipReason() (string, bool) {
	if w.suite.Target == nil {
		return "", false
	}
	return w.suite.Target.Profile.SkipReason(w.rule)
}

// begin makes the scenario's payer and marks the journal: whatever happened before is not its concern.
func (w *world) begin(ctx context.Context) error {
	if t := w.suite.Target; t != nil {
		w.app = control.AppCode(t.Profile.App.AppCode)
	}
	page, err := w.client.Journal(ctx, control.JournalFilter{App: w.app, Since: w.run.mark})
	if err != nil {
		return broke(err)
	}
	w.run.mark = page.Mark
	w.mark, w.heard, w.told = page.Mark, page.Mark, page.Mark
	if len(w.run.payers) == 0 {
		w.run.since = page.Mark
	}
	if w.suite.Target != nil {
		if err := w.suite.Target.Gone(ctx); err != nil {
			return fmt.Errorf("%w: %w", verdict.ErrUnreachable, err)
		}
		app, err := w.client.App(ctx, w.app)
		if err != nil {
			return broke(err)
		}
		if err := w.delayNotifications(ctx, 0); err != nil {
			return err
		}
		w.delay = app.NotifyDelay
	}
	w.order = order{askedNo: w.fake.OutTradeNo(), askedTxamt: w.fake.Txamt()}
	w.payer, err = w.client.CreatePayer(ctx, control.Payer{ID: control.PayerID(fmt.Sprintf("%s%d", w.fake.PayerID(), page.Mark)), Name: w.fake.PayerName()})
	w.run.payers[w.payer.ID] = true
	return broke(err)
}

// result is the scenario's outcome by our own count of the steps that passed.
func (w *world) result(ctx context.Context, err error, passed, steps int) verdict.Result {
	r := verdict.Result{Rule: w.rule, Scenario: w.name, Browser: w.kind.Kind, Seed: w.seed, Step: w.failedStep}
	if w.unready != nil {
		err = w.unready // without what godog says of hooks
	}
	switch {
	case w.skipped != "":
		r.Outcome, r.Reason = verdict.Skipped, w.skipped
	case ctx.Err() != nil: // whatever failed, we cut it off
		r.Outcome, r.Reason = verdict.NotRun, "interrupted"
	case err != nil && !errors.Is(err, godog.ErrUndefined) && !errors.Is(err, godog.ErrPending) && !errors.Is(err, godog.ErrSkip):
		err = w.reconsider(ctx, err)
		r.Outcome, r.Reason = verdict.OutcomeOf(err), err.Error()
	case passed == steps && steps > 0:
		r.Outcome = verdict.Pass
	default:
		r.Outcome, r.Reason = verdict.NotRun, fmt.Sprintf("%d of %d steps passed and nothing says why", passed, steps)
	}
	return r
}

// reconsider looks for what is behind an error that seems to be the merchant's: that it is no longer
// there, which is its own doing, or that somebody else is about, which is not.
func (w *world) reconsider(ctx context.Context, err error) error {
	outcome := verdict.OutcomeOf(err)
	if w.suite.Target == nil || outcome != verdict.Fail && outcome != verdict.NotJudged {
		return err
	}
	if gone := w.suite.Target.Gone(ctx); gone != nil {
		return fmt.Errorf("the merchant went away in this scenario: %s\nseen before that: %s", gone, err) // a failure, whatever err was
	}
	if outcome != verdict.Fail {
		return err
	}
	page, journalErr := w.client.Journal(ctx, control.JournalFilter{App: w.app, Since: w.run.since})
	if journalErr != nil {
		return broke(journalErr)
	}
	for _, e := range page.Exchanges {
		if e.Payer != "" && !w.run.payers[e.Payer] {
			return fmt.Errorf("%w: somebody else (payer %s) uses app code %s at this sandbox too, and what was found may be theirs; give each run an App of its own\n%w", verdict.ErrNotJudged, e.Payer, w.app, err)
		}
	}
	return err
}

// end keeps what the payer sees on a failure, closes the browser, and gives the App its own
// delivery plan back.
func (w *world) end(ctx context.Context, r *verdict.Result) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	w.hush()
	if w.other.tab != nil {
		if err := w.other.tab.Close(); err != nil && r.Outcome == verdict.Pass {
			r.Outcome, r.Reason = verdict.Broke, err.Error()
		}
	}
	defer w.page.close() // after the tabs that have it open
	if w.tab != nil {
		if r.Outcome == verdict.Fail || r.Outcome == verdict.NotJudged {
			w.screenshot(ctx, "failure")
			w.keepTimeline()
		}
		if err := w.tab.Close(); err != nil && r.Outcome == verdict.Pass {
			r.Outcome, r.Reason = verdict.Broke, err.Error()
		}
	}
	if w.delay != "" {
		if _, err := w.client.ChangeApp(ctx, w.app, control.AppChange{NotifyDelay: &w.delay}); err != nil && r.Outcome == verdict.Pass {
			r.Outcome, r.Reason = verdict.Broke, err.Error()
		}
	}
	r.Screenshots = w.shots
}

// keepTimeline writes down what the browser saw: requests, answers, console, dialogs.
func (w *world) keepTimeline() {
	if w.suite.Out == "" {
		return
	}
	var b strings.Builder
	for _, e := range w.tab.Timeline() {
		fmt.Fprintf(&b, "%s  %-10s %s %s", e.At.Format("15:04:05.000"), e.Kind, e.Method, e.URL)
		if e.Status != 0 {
			fmt.Fprintf(&b, "  %d", e.Status)
		}
		fmt.Fprintf(&b, "  %s\n", e.Text)
	}
	name := strings.ToLower(fmt.Sprintf("%s-%s-timeline.txt", w.rule, w.tab.Kind().Kind))
	if err := os.WriteFile(filepath.Join(w.suite.Out, name), []byte(b.String()), 0o644); err != nil {
		w.narrate("    no timeline: %v\n", err)
	}
}

// screenshot keeps what the payer sees. It is evidence, not a judgement: it fails no scenario.
func (w *world) screenshot(ctx context.Context, what string) {
	if w.suite.Out == "" || w.tab == nil {
		return
	}
	png, err := w.tab.Screenshot(ctx)
	if err != nil {
		w.narrate("    no screenshot: %v\n", err)
		return
	}
	name := fmt.Sprintf("%s-%s-%d-%s.png", w.rule, w.tab.Kind().Kind, len(w.shots)+1, what)
	path := filepath.Join(w.suite.Out, strings.ToLower(name))
	if err := os.WriteFile(path, png, 0o644); err != nil {
		w.narrate("    no screenshot: %v\n", err)
		return
	}
	w.shots = append(w.shots, path)
}

// ofBrowser classifies an error of the browser: gone is the harness's, anything else the page's.
func ofBrowser(err error) error {
	if errors.Is(err, browser.ErrBrowserGone) || errors.Is(err, browser.ErrPageCrashed) || errors.Is(err, browser.ErrTabClosed) {
		return broke(err)
	}
	return err
}
