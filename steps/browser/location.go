package browser

import (
	"context"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
)

// location follows the page of a tab through the browser's events: where it is, how far it has loaded, and where it
// last tried to go.
type location struct {
	frame atomic.Value // cdp.FrameID of the page itself

	mu       sync.Mutex
	changed  chan struct{} // closed at the next change; nil while nobody waits
	url      string
	netError string // of the document shown, when it is Chromium's error page
	document cdp.LoaderID
	changes  int       // documents shown and moves within them
	loading  []loading // newest last, the few that matter
	asked    string    // last address a document request went to, hop by hop
	request  network.RequestID
	failed   string // net error of that request
}

// loading is how far one document has come.
type loading struct {
	document             cdp.LoaderID
	shown, ready, loaded bool
}

const (
	rememberedDocuments = 8
	// loadGrace is how long a page that has been parsed may go on loading before an action stops waiting: an image
	// that never arrives must not block a scenario.
	loadGrace = 2 * time.Second
)

func (l *location) mainFrame() cdp.FrameID {
	frame, _ := l.frame.Load().(cdp.FrameID)
	return frame
}

// observe runs on the goroutine that reads the browser's messages: it must not block nor send.
func (l *location) observe(ev any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		if ev.Type == network.ResourceTypeDocument && ev.FrameID == l.mainFrame() {
			l.asked = ev.Request.URL + ev.Request.URLFragment
			l.request, l.failed = ev.RequestID, ""
		}
	case *network.EventLoadingFailed:
		if ev.RequestID == l.request {
			l.failed = ev.ErrorText
		}
	case *page.EventFrameNavigated:
		if ev.Frame.ParentID == "" {
			l.show(ev.Frame)
		}
	case *page.EventNavigatedWithinDocument:
		if ev.FrameID == l.mainFrame() {
			l.url = ev.URL
			l.change()
		}
	case *page.EventLifecycleEvent:
		if ev.FrameID == l.mainFrame() {
			l.progress(ev.LoaderID, ev.Name)
		}
	}
}

func (l *location) show(frame *cdp.Frame) {
	l.frame.Store(frame.ID)
	l.document, l.netError = frame.LoaderID, ""
	l.url = frame.URL + frame.URLFragment
	if frame.UnreachableURL != "" { // the address bar goes on showing the address that failed
		l.url, l.netError = frame.UnreachableURL, l.failed
	}
	l.entry(frame.LoaderID).shown = true
	l.change()
}

func (l *location) progress(document cdp.LoaderID, stage string) {
	switch stage {
	case "DOMContentLoaded":
		l.entry(document).ready = true
	case "load":
		l.entry(document).loaded = true
	default:
		return
	}
	l.wake()
}

// entry is valid until the next call.
func (l *location) entry(document cdp.LoaderID) *loading {
	for i := range l.loading {
		if l.loading[i].document == document {
			return &l.loading[i]
		}
	}
	if len(l.loading) == rememberedDocuments {
		l.loading = append(l.loading[:0], l.loading[1:]...)
	}
	l.loading = append(l.loading, loading{document: document})
	return &l.loading[len(l.loading)-1]
}

func (l *location) change() {
	l.changes++
	l.wake()
}

func (l *location) wake() {
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
}

// await returns when done, called with the lock held at each change, reports true.
func (l *location) await(ctx context.Context, done func() bool) error {
	for {
		l.mu.Lock()
		if done() {
			l.mu.Unlock()
			return nil
		}
		if l.changed == nil {
			l.changed = make(chan struct{})
		}
		changed := l.changed
		l.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// awaitLoad returns when begun reports true and the document shown then has loaded, or has been parsed and had its
// grace. A page that replaces itself meanwhile is followed.
func (l *location) awaitLoad(ctx context.Context, begun func() bool) error {
	if err := l.await(ctx, func() bool { return begun() && l.entry(l.document).ready }); err != nil {
		return err
	}
	grace, cancel := context.WithTimeout(ctx, loadGrace)
	defer cancel()
	_ = l.await(grace, func() bool { return l.entry(l.document).loaded }) // parsed is good enough
	return nil
}

func (l *location) snapshot() (url, netError string, changes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.url, l.netError, l.changes
}

// ending is where the last document request ended and with which net error, "" if none.
func (l *location) ending() (address, netError string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.asked, l.failed
}

// appScheme reports whether an address belongs to another app (weixin:, alipays:, tel: …), which no browser opens.
func appScheme(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "", "http", "https", "about", "data", "blob", "javascript", "file", "chrome", "chrome-error":
		return false
	}
	return true
}
