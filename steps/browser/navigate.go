package browser

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Reason is why a navigation did not end on a page.
type Reason string

// Reasons of a NavigationError.
const (
	AppScheme  Reason = "it leads to another app, which a browser cannot open"
	NotFound   Reason = "the host name is not among those this browser may reach"
	Refused    Reason = "nothing listens there, or it hung up"
	Unreadable Reason = "the answer is not HTTP the browser understands"
	Insecure   Reason = "the certificate is not trusted"
	Cancelled  Reason = "it was given up: an empty answer, a download, or another navigation overtook it"
	OtherError Reason = "the browser could not load it"
)

// ErrNoHistory means that there is no page to go back to.
var ErrNoHistory = errors.New("no page to go back to")

// NavigationError is a navigation that the browser tried and that did not end on a page. For a redirect to an app, such
// as weixin://, that may be exactly right: Ended has its address.
type NavigationError struct {
	URL    string // asked for
	Ended  string // where the last redirect led
	Reason Reason
	Net    string // Chromium's words, for example net::ERR_NAME_NOT_RESOLVED
}

func (e *NavigationError) Error() string {
	target := e.URL
	if e.Ended != "" && e.Ended != e.URL {
		target += ", which led to " + e.Ended
	}
	return fmt.Sprintf("navigation to %s failed: %s (%s)", target, e.Reason, e.Net)
}

// reasonOf reads a net error of Chromium (net/base/net_error_list.h).
func reasonOf(ended, netError string) Reason {
	if appScheme(ended) {
		return AppScheme
	}
	name := strings.TrimPrefix(netError, "net::ERR_")
	switch {
	case strings.HasPrefix(name, "NAME_"):
		return NotFound
	case strings.HasPrefix(name, "CONNECTION_"), name == "EMPTY_RESPONSE", name == "ADDRESS_UNREACHABLE", name == "TIMED_OUT":
		return Refused
	case strings.HasPrefix(name, "INVALID_"), strings.HasPrefix(name, "CONTENT_"), name == "TOO_MANY_REDIRECTS",
		strings.HasPrefix(name, "RESPONSE_HEADERS_"):
		return Unreadable
	case strings.HasPrefix(name, "CERT_"), strings.HasPrefix(name, "SSL_"):
		return Insecure
	case name == "ABORTED":
		return Cancelled
	}
	return OtherError
}

// Goto opens an address as if typed, follows redirects, and returns when the page has loaded; two seconds after it has
// been parsed it waits no longer. A navigation that ends elsewhere is a *NavigationError.
func (t *Tab) Goto(ctx context.Context, address string) error {
	err := t.act(ctx, func(ctx context.Context, s *chromedp.Target) error {
		res, err := cdp.Call(ctx, s, page.Navigate, page.NavigateParams{URL: address})
		switch {
		case err != nil:
			return err
		case res.ErrorText != "":
			ended, _ := t.location.ending()
			return &NavigationError{URL: address, Ended: ended, Reason: reasonOf(ended, res.ErrorText), Net: res.ErrorText}
		case res.IsDownload:
			return &NavigationError{URL: address, Ended: address, Reason: Cancelled, Net: "download"}
		case res.LoaderID == "": // within the page
			return nil
		}
		return t.location.awaitLoad(ctx, func() bool { return t.location.entry(res.LoaderID).shown })
	})
	var nav *NavigationError
	if err == nil || errors.As(err, &nav) {
		return err
	}
	return fmt.Errorf("go to %s: %w", address, err)
}

// Reload loads the page again, repeating the request that made it.
func (t *Tab) Reload(ctx context.Context) error {
	from := t.URL()
	err := t.act(ctx, func(ctx context.Context, s *chromedp.Target) error {
		return t.leave(ctx, func() error {
			_, err := cdp.Call(ctx, s, page.Reload, page.ReloadParams{})
			return err
		})
	})
	if err != nil {
		return fmt.Errorf("reload %s: %w", from, err)
	}
	return nil
}

// Back goes back one page in the tab's history. The error wraps ErrNoHistory on the first page.
func (t *Tab) Back(ctx context.Context) error {
	from := t.URL()
	err := t.act(ctx, func(ctx context.Context, s *chromedp.Target) error {
		history, err := cdp.Call(ctx, s, page.GetNavigationHistory, cdp.Empty{})
		if err != nil {
			return err
		}
		before := history.CurrentIndex - 1
		if before < 0 || before == 0 && history.Entries[0].URL == "about:blank" { // the tab's own beginning
			return ErrNoHistory
		}
		return t.leave(ctx, func() error {
			_, err := cdp.Call(ctx, s, page.NavigateToHistoryEntry,
				page.NavigateToHistoryEntryParams{EntryID: history.Entries[before].ID})
			return err
		})
	})
	if err != nil {
		return fmt.Errorf("back from %s: %w", from, err)
	}
	return nil
}

// leave runs a command that leaves the page and waits for the next one.
func (t *Tab) leave(ctx context.Context, command func() error) error {
	_, _, before := t.location.snapshot()
	if err := command(); err != nil {
		return err
	}
	if err := t.location.awaitLoad(ctx, func() bool { return t.location.changes > before }); err != nil {
		return err
	}
	return t.lost()
}

// lost is a *NavigationError when the tab shows Chromium's error page.
func (t *Tab) lost() error {
	address, netError, _ := t.location.snapshot()
	if netError == "" {
		return nil
	}
	return &NavigationError{URL: address, Ended: address, Reason: reasonOf(address, netError), Net: netError}
}

// URL is the address of the page, fragment included; of a page that could not be loaded, the address that failed.
func (t *Tab) URL() string {
	address, _, _ := t.location.snapshot()
	return address
}

// WaitURL waits until the address of the page satisfies ok, and returns it.
func (t *Tab) WaitURL(ctx context.Context, ok func(address string) bool) (string, error) {
	var found string
	err := t.act(ctx, func(ctx context.Context, _ *chromedp.Target) error {
		return t.location.await(ctx, func() bool {
			found = t.location.url
			return ok(found)
		})
	})
	if err != nil {
		return "", fmt.Errorf("wait for another address than %s: %w%s", t.URL(), err, t.lostSuffix())
	}
	return found, nil
}

// lostSuffix adds to an error what the tab shows instead of a page.
func (t *Tab) lostSuffix() string {
	if err := t.lost(); err != nil {
		return "; " + err.Error()
	}
	return ""
}
