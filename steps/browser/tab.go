package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// ActionTimeout is how long an action may take, unless its context ends sooner.
const ActionTimeout = 10 * time.Second

// TabOptions say what a tab starts with.
type TabOptions struct {
	Script  string   // runs in every page of the tab before the page's own scripts; not in iframes
	Cookies []Cookie // set before the first page
	Beside  *Tab     // a tab whose cookies and storage it shares, as two windows of one browser do; close this one first
}

// Tab is one payer's browser: a page stack of one, with its own cookies and storage. An action that fails leaves the
// tab usable. Methods may be called from several goroutines, though a payer has one pair of hands.
type Tab struct {
	browser  *Browser
	kind     wechat.Browser
	life     context.Context // chromedp's; ends with Close or with the browser
	alive    context.Context // ends with life, or when the page crashes
	crash    context.CancelCauseFunc
	location location
	timeline timeline
	dialogs  dialogs
	workers  sync.WaitGroup // end with life
	guest    bool           // its cookies and storage are another tab's
	once     sync.Once
	closed   error // by Close
}

// Open opens a tab that presents itself as kind. The caller closes it.
func (b *Browser) Open(ctx context.Context, kind wechat.Browser, o TabOptions) (*Tab, error) {
	if b.Gone() {
		return nil, fmt.Errorf("open tab: %w", b.goneError(nil))
	}
	t := &Tab{browser: b, kind: kind, guest: o.Beside != nil}
	profile := chromedp.WithNewBrowserContext()
	if o.Beside != nil {
		profile = chromedp.WithExistingBrowserContext(chromedp.FromContext(o.Beside.life).BrowserContextID)
	}
	t.life, _ = chromedp.NewContext(b.ctx, profile, chromedp.WithListener(t.observe))
	t.alive, t.crash = context.WithCancelCause(t.life)

	// The first Do binds the tab's life to its context, so it gets no deadline. Nor is it interrupted: chromedp would
	// forget a browser context that the browser has already made. Whoever stops waiting leaves it to the goroutine,
	// which ends when the tab is open or the browser is gone.
	patience, cancel := context.WithTimeout(ctx, ActionTimeout)
	defer cancel()
	start := time.Now()
	opened := make(chan error)
	go func() {
		err := chromedp.Do(t.life, chromedp.Func(func(ctx context.Context, s *chromedp.Target) error {
			t.location.frame.Store(cdp.FrameID(s.TargetID))
			t.attendDialogs()
			return t.dress(ctx, s, o)
		}))
		select {
		case opened <- err:
		case <-patience.Done():
			t.note("close a tab nobody waited for", t.Close())
		}
	}()
	var err error
	select {
	case err = <-opened:
		if err == nil {
			return t, nil
		}
		err = t.explain(patience, t.life, time.Since(start), err)
		t.note("close a tab that did not open", t.Close())
	case <-patience.Done():
		err = t.explain(patience, t.life, time.Since(start), patience.Err())
	}
	return nil, fmt.Errorf("open tab as %s: %w", kind.Kind, err)
}

// observe runs on the goroutine that reads the browser's messages, in order, before the reply to the command that
// caused them: when an action returns, what it caused has been seen.
func (t *Tab) observe(ev any) {
	if _, ok := ev.(*inspector.EventTargetCrashed); ok {
		t.crash(ErrPageCrashed)
		return
	}
	t.location.observe(ev)
	t.timeline.observe(ev)
	t.dialogs.observe(ev)
}

// Kind is the browser kind the tab presents itself as.
func (t *Tab) Kind() wechat.Browser { return t.kind }

// Done is closed when the tab is: by Close, by whoever closed its window, or with the browser.
func (t *Tab) Done() <-chan struct{} { return t.alive.Done() }

// Close closes the tab, disposes its cookies and storage, and waits until both are done. Closing twice, or after the
// browser is gone, is no error.
func (t *Tab) Close() error {
	t.once.Do(func() {
		if t.guest {
			t.closed = chromedp.Cancel(t.life)
			return
		}
		// Without its context the page goes at once. chromedp closes the page first, which takes half a second
		// while something loads, and complains when it finds the page gone.
		ctx, cancel := context.WithTimeout(t.browser.ctx, closeTimeout)
		defer cancel()
		id := chromedp.FromContext(t.life).BrowserContextID
		_, err := chromedp.CallBrowser(ctx, target.DisposeBrowserContext, target.DisposeBrowserContextParams{BrowserContextID: id})
		if late := chromedp.Cancel(t.life); err != nil {
			t.closed = late
		}
	})
	t.workers.Wait()
	if t.closed != nil && !t.browser.Gone() {
		return fmt.Errorf("close tab: %w", t.closed)
	}
	return nil
}

// act runs fn for at most ActionTimeout, or until ctx ends if that is sooner.
func (t *Tab) act(ctx context.Context, fn func(ctx context.Context, s *chromedp.Target) error) error {
	start := time.Now()
	actx, cancel := context.WithTimeout(t.alive, ActionTimeout)
	defer cancel()
	stop := context.AfterFunc(ctx, cancel)
	defer stop()
	if err := chromedp.Do(actx, chromedp.Func(fn)); err != nil {
		return t.explain(ctx, actx, time.Since(start), err)
	}
	return nil
}

// explain finds the reason behind an error of an action. Chromium's end looks like a cancelled context, which it is
// not to whoever reads the verdict.
func (t *Tab) explain(ctx, actx context.Context, took time.Duration, err error) error {
	ended := ctx.Err()
	if ended == nil {
		ended = actx.Err()
	}
	var missed *ElementError
	switch {
	case t.browser.Gone():
		return t.browser.goneError(err)
	case errors.Is(context.Cause(t.alive), ErrPageCrashed):
		return ErrPageCrashed
	case t.life.Err() != nil && ctx.Err() == nil:
		return ErrTabClosed
	case ended == nil:
		return err
	case errors.As(err, &missed):
		missed.Waited, missed.Err = took, ended
		return err
	}
	return fmt.Errorf("gave up after %s: %w", took.Round(time.Millisecond), ended)
}

// Eval evaluates an expression among the page's own scripts, waits for the value if it is a promise, and returns it as
// JSON; undefined is null. An exception is the error.
func (t *Tab) Eval(ctx context.Context, js string) (json.RawMessage, error) {
	value := json.RawMessage("null")
	err := t.act(ctx, func(ctx context.Context, s *chromedp.Target) error {
		res, err := cdp.Call(ctx, s, runtime.Evaluate, runtime.EvaluateParams{
			Expression: js, ReturnByValue: new(true), AwaitPromise: new(true)})
		switch {
		case err != nil:
			return err
		case res.ExceptionDetails != nil:
			return errors.New(exceptionText(res.ExceptionDetails))
		case len(res.Result.Value) > 0:
			value = json.RawMessage(res.Result.Value)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("eval on %s: %w", t.URL(), err)
	}
	return value, nil
}

// screenshotPatience bounds one try: a picture asked for while a navigation swaps the page is never answered, and the
// next one is at once.
const screenshotPatience = time.Second

// Screenshot is what the payer sees, as PNG: the viewport, at the kind's device pixels.
func (t *Tab) Screenshot(ctx context.Context) ([]byte, error) {
	var png []byte
	err := t.act(ctx, func(ctx context.Context, s *chromedp.Target) error {
		for {
			try, cancel := context.WithTimeout(ctx, screenshotPatience)
			res, err := cdp.Call(try, s, page.CaptureScreenshot, page.CaptureScreenshotParams{
				Format: page.CaptureScreenshotFormatPng, FromSurface: new(true)})
			cancel()
			if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
				continue
			}
			png = res.Data
			return err
		}
	})
	if err != nil {
		return nil, fmt.Errorf("screenshot of %s: %w", t.URL(), err)
	}
	return png, nil
}
