package browser

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// pollInterval is how often an element is looked for.
const pollInterval = 25 * time.Millisecond

// ElementError is an element that was not there, or not as needed, until the action's time was over.
type ElementError struct {
	Action   string // "click", "wait for", …
	Selector string // CSS
	Frame    string // CSS of the iframe it was looked for in, "" for the page
	State    string // what was wrong when last looked: "no such element", "covered by div#mask", …
	URL      string // of the page, when the time was over
	Title    string
	Page     error // *NavigationError if the tab shows no page at all
	Waited   time.Duration
	Err      error // why the waiting ended: context.DeadlineExceeded or context.Canceled
}

func (e *ElementError) Error() string {
	where := fmt.Sprintf("%q", e.Selector)
	if e.Frame != "" {
		where += fmt.Sprintf(" in iframe %q", e.Frame)
	}
	text := fmt.Sprintf("%s %s: %s after %s on %s (title %q)", e.Action, where, e.State,
		e.Waited.Round(time.Millisecond), e.URL, e.Title)
	if e.Page != nil {
		text += "; " + e.Page.Error()
	}
	return text
}

func (e *ElementError) Unwrap() []error {
	if e.Page != nil {
		return []error{e.Err, e.Page}
	}
	return []error{e.Err}
}

// ErrSelector means that a selector is not CSS.
var ErrSelector = errors.New("not a CSS selector")

// Frame is the page of a tab, or one of its iframes, whatever site that is of.
type Frame struct {
	tab      *Tab
	selector string
}

// Frame is the iframe a CSS selector finds in the page. It is looked up anew by each action, so it may appear later,
// or be replaced.
func (t *Tab) Frame(selector string) Frame { return Frame{t, selector} }

func (t *Tab) page() Frame { return Frame{tab: t} }

// Click waits until the element is visible, enabled, standing still and not covered, scrolls to it, and taps its middle
// with a finger or a mouse as the kind has it. Selectors are CSS, here and below.
func (t *Tab) Click(ctx context.Context, selector string) error { return t.page().Click(ctx, selector) }

// Text waits for the element and returns its text as displayed, of a form field its value.
func (t *Tab) Text(ctx context.Context, selector string) (string, error) {
	return t.page().Text(ctx, selector)
}

// Visible reports whether the element is there and displayed now; it waits for nothing.
func (t *Tab) Visible(ctx context.Context, selector string) (bool, error) {
	return t.page().Visible(ctx, selector)
}

// WaitVisible waits until the element is displayed.
func (t *Tab) WaitVisible(ctx context.Context, selector string) error {
	return t.page().WaitVisible(ctx, selector)
}

// WaitText waits until the element's text contains a string, and returns the text.
func (t *Tab) WaitText(ctx context.Context, selector, substring string) (string, error) {
	return t.page().WaitText(ctx, selector, substring)
}

// BodyText is the text of the whole page as displayed.
func (t *Tab) BodyText(ctx context.Context) (string, error) { return t.page().Text(ctx, "body") }

// Title is the title of the page.
func (t *Tab) Title(ctx context.Context) (string, error) {
	var title string
	err := t.page().await(ctx, "read title of", "html", func(l look) string {
		title = l.Title
		return present(l)
	})
	return title, err
}

// Click is Tab.Click within the frame.
func (f Frame) Click(ctx context.Context, selector string) error {
	var last look
	still := false
	return f.poll(ctx, "click", selector, toTouch, func(l look) string {
		if state := touchable(l); state != "" {
			still = false
			return state
		}
		moved := !still || l.X != last.X || l.Y != last.Y
		still, last = true, l
		if moved {
			return "moving"
		}
		return ""
	}, func(ctx context.Context, s *chromedp.Target) error {
		tap := chromedp.MouseClickXY(last.X, last.Y)
		if f.tab.kind.Touch {
			tap = chromedp.TapXY(last.X, last.Y)
		} else if _, err := chromedp.MouseEvent(chromedp.MouseMoved, last.X, last.Y)(ctx, s); err != nil {
			return err
		}
		_, err := tap(ctx, s)
		return err
	})
}

// Text is Tab.Text within the frame.
func (f Frame) Text(ctx context.Context, selector string) (string, error) {
	var text string
	err := f.await(ctx, "read", selector, func(l look) string {
		text = l.Text
		return present(l)
	})
	return text, err
}

// Visible is Tab.Visible within the frame.
func (f Frame) Visible(ctx context.Context, selector string) (bool, error) {
	visible := false
	err := f.await(ctx, "look for", selector, func(l look) string {
		visible = l.Visible
		return ""
	})
	return visible, err
}

// WaitVisible is Tab.WaitVisible within the frame.
func (f Frame) WaitVisible(ctx context.Context, selector string) error {
	return f.await(ctx, "wait for", selector, shown)
}

// WaitText is Tab.WaitText within the frame.
func (f Frame) WaitText(ctx context.Context, selector, substring string) (string, error) {
	var text string
	err := f.await(ctx, fmt.Sprintf("wait for %q in", substring), selector, func(l look) string {
		text = l.Text
		switch {
		case present(l) != "":
			return present(l)
		case !strings.Contains(l.Text, substring):
			return fmt.Sprintf("the text is %q", shorten(l.Text))
		}
		return ""
	})
	return text, err
}

// present, shown and touchable say what is missing, "" if nothing is.
func present(l look) string {
	if l.noFrame == "" && !l.Found {
		return "no such element"
	}
	return l.noFrame
}

func shown(l look) string {
	if l.Found && !l.Visible {
		return "not visible"
	}
	return present(l)
}

func touchable(l look) string {
	switch {
	case shown(l) != "":
		return shown(l)
	case l.Disabled:
		return "disabled"
	case l.Offscreen:
		return "outside the screen"
	case l.Covered != "":
		return "covered by " + l.Covered
	case l.Moving:
		return "moving"
	}
	return ""
}

func (f Frame) await(ctx context.Context, action, selector string, missing func(look) string) error {
	return f.poll(ctx, action, selector, toRead, missing, nil)
}

// poll looks at the element until missing says "", then runs then. Navigation meanwhile is no error: a look that fails
// because its page went away is repeated on the next one.
func (f Frame) poll(ctx context.Context, action, selector string, p purpose, missing func(look) string,
	then func(context.Context, *chromedp.Target) error) error {
	failed := &ElementError{Action: action, Selector: selector, Frame: f.selector, State: "never looked at"}
	err := f.tab.act(ctx, func(ctx context.Context, s *chromedp.Target) error {
		tick := time.NewTicker(pollInterval)
		defer tick.Stop()
		for {
			l, err := f.look(ctx, s, selector, p)
			switch {
			case errors.Is(err, ErrSelector):
				return err
			case err == nil:
				failed.Title = l.Title
				if failed.State = missing(l); failed.State == "" {
					if then == nil {
						return nil
					}
					return then(ctx, s)
				}
			case ctx.Err() == nil:
				failed.State, failed.Title = err.Error(), l.Title
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				failed.URL, failed.Page = f.tab.URL(), f.tab.lost()
				return failed
			}
		}
	})
	var missed *ElementError
	if err == nil || errors.As(err, &missed) {
		return err
	}
	return fmt.Errorf("%s %q on %s: %w", action, selector, f.tab.URL(), err)
}
