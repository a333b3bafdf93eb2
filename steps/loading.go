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
		if !w.underWay(documents) {
			state, err := w.tab.Eval(wait, "document.readyState")
			if err == nil && string(state) == `"complete"` && !w.underWay(documents) {
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

// waitWallet waits for the wallet to open, as long as something still happens in the tab.
func (w *world) waitWallet(ctx context.Context) error {
	began := time.Now()
	open, err := w.watch(ctx, w.suite.Quiet, func(ctx context.Context) (bool, error) {
		return w.tab.Frame(walletFrame).Visible(ctx, payButton+", "+walletAnswers)
	})
	if err == nil && !open {
		err = fmt.Errorf("WeChat's wallet did not open; the payer waited %s", time.Since(began).Round(time.Second))
	}
	return err
}

// watch looks until something is seen, for as long as the tab is never still for longer than
// still, and for patience at most. It reports whether it was seen; an error is a lost browser.
func (w *world) watch(ctx context.Context, still time.Duration, seen func(context.Context) (bool, error)) (bool, error) {
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(look)
	defer tick.Stop()
	changed, was := time.Now(), ""
	for {
		found, err := seen(wait)
		if err == nil && found {
			return true, nil
		}
		if err != nil && w.suite.Browser.Gone() {
			return false, ofBrowser(err)
		}
		now := fmt.Sprint(len(w.tab.Timeline()), w.tab.Dropped(), w.tab.URL())
		if now != was || w.underWay(everything) {
			changed, was = time.Now(), now
		}
		if wait.Err() != nil || time.Since(changed) > still {
			return false, nil
		}
		select {
		case <-tick.C:
		case <-wait.Done():
		}
	}
}

// What a tab may be waiting for.
const (
	documents  = "Document"
	everything = ""
)

// underWay reports whether something of the kind was asked for that has not answered yet.
func (w *world) underWay(kind string) bool {
	waiting := map[string]int{}
	for _, e := range w.tab.Timeline() {
		switch {
		case e.Kind == browser.Request && (kind == everything || e.Text == kind):
			waiting[e.URL]++
		case e.Kind == browser.Response, e.Kind == browser.Failed:
			if waiting[e.URL]--; waiting[e.URL] <= 0 {
				delete(waiting, e.URL)
			}
		case kind == everything && e.Kind == browser.Navigation && e.Text == "": // what the page before was waiting for is of no matter
			clear(waiting)
		}
	}
	return len(waiting) > 0
}
