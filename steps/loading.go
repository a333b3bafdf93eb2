package steps

import (
	"context"
	"fmt"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/steps/browser"
)

// look is how often a page is asked whether it has loaded.
const look = 20 * time.Millisecond

// documentsAsked counts the pages the tab has asked for so far.
func (w *world) documentsAsked() int {
	n := 0
	for _, e := range w.tab.Timeline() {
		if e.Kind == browser.Request && e.Text == "Document" {
			n++
		}
	}
	return n
}

// followClick waits for the page a click leads to. A click that asks for none within half a second
// leads to none.
func (w *world) followClick(ctx context.Context, documentsBefore int) error {
	grace, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
	defer cancel()
	tick := time.NewTicker(look)
	defer tick.Stop()
	for w.documentsAsked() == documentsBefore {
		select {
		case <-tick.C:
		case <-grace.Done():
			return ctx.Err()
		}
	}
	return w.waitLoaded(ctx)
}

// waitLoaded waits until the page is there whole and no other is on its way.
func (w *world) waitLoaded(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		if !w.documentUnderWay() {
			state, err := w.tab.Eval(wait, "document.readyState")
			if err == nil && string(state) == `"complete"` && !w.documentUnderWay() {
				return nil
			}
			if err != nil && wait.Err() == nil && w.suite.Browser.Gone() {
				return ofBrowser(err)
			}
		}
		select {
		case <-tick.C:
		case <-wait.Done():
			return fmt.Errorf("the page at %s did not finish loading within %s", w.tab.URL(), patience)
		}
	}
}

// quiet is how long a page that has loaded may do nothing before nobody expects anything of it any
// more; an interstitial page that counts down takes three to five seconds.
const quiet = 6 * time.Second

// waitWallet waits for the wallet to open, as long as something still happens in the tab.
func (w *world) waitWallet(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(look)
	defer tick.Stop()
	began := time.Now()
	changed, seen := began, ""
	for {
		open, err := w.tab.Frame(walletFrame).Visible(wait, payButton+", "+walletAnswers)
		if err == nil && open {
			return nil
		}
		if err != nil && w.suite.Browser.Gone() {
			return ofBrowser(err)
		}
		events := w.tab.Timeline()
		if now := fmt.Sprint(len(events), w.tab.Dropped(), w.tab.URL()); now != seen || w.documentUnderWay() {
			changed, seen = time.Now(), now
		}
		if wait.Err() != nil || time.Since(changed) > quiet {
			return fmt.Errorf("WeChat's wallet did not open; the payer waited %s", time.Since(began).Round(time.Second))
		}
		select {
		case <-tick.C:
		case <-wait.Done():
		}
	}
}

// documentUnderWay reports whether a page was asked for that has not answered yet.
func (w *world) documentUnderWay() bool {
	waiting := map[string]bool{}
	for _, e := range w.tab.Timeline() {
		switch {
		case e.Kind == browser.Request && e.Text == "Document":
			waiting[e.URL] = true
		case e.Kind == browser.Response, e.Kind == browser.Failed:
			delete(waiting, e.URL)
		}
	}
	return len(waiting) > 0
}
