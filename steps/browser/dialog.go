package browser

import (
	"context"
	"sync"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Dialog is a box a page opened with alert, confirm, prompt or beforeunload. It was accepted at once, a prompt with
// its default text: an open dialog freezes the page.
type Dialog struct {
	At      time.Time
	Type    string // "alert", "confirm", "prompt" or "beforeunload"
	Message string
	URL     string // of the page or iframe that opened it
}

type dialogs struct {
	mu   sync.Mutex
	list []Dialog
}

// Dialogs are the dialogs the tab has seen, oldest first.
func (t *Tab) Dialogs() []Dialog {
	t.dialogs.mu.Lock()
	defer t.dialogs.mu.Unlock()
	return append([]Dialog{}, t.dialogs.list...)
}

func (d *dialogs) observe(ev any) {
	opening, ok := ev.(*page.EventJavascriptDialogOpening)
	if !ok {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.list) < timelineSize { // a page in a loop of alerts
		d.list = append(d.list, Dialog{At: time.Now(), Type: string(opening.Type), Message: shorten(opening.Message), URL: opening.URL})
	}
}

// attendDialogs accepts dialogs from here until the tab's life ends; Close waits for it.
func (t *Tab) attendDialogs() {
	events := chromedp.Events(t.life, page.JavascriptDialogOpening) // subscribed from here on
	t.workers.Go(func() {
		for ev, err := range events {
			if err != nil {
				return
			}
			t.note("accept dialog", accept(t.life, ev))
		}
	})
}

func accept(ctx context.Context, ev page.EventJavascriptDialogOpening) error {
	_, err := chromedp.Call(ctx, page.HandleJavaScriptDialog,
		page.HandleJavaScriptDialogParams{Accept: true, PromptText: ev.DefaultPrompt})
	return err
}

// note logs what went wrong beside the actions; the end of the tab is nothing wrong.
func (t *Tab) note(what string, err error) {
	if err != nil && t.life.Err() == nil {
		t.browser.log.Warn(what, "url", t.URL(), "error", err)
	}
}
