package browser

import (
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// EventKind says what happened in an Event.
type EventKind string

// What a timeline records.
const (
	Request    EventKind = "request"    // sent; Text is what it is for: Document, Script, XHR …
	Response   EventKind = "response"   // headers arrived; each hop of a redirect has its own
	Failed     EventKind = "failed"     // no response; Text is Chromium's net error
	Console    EventKind = "console"    // Text is "level: message"; also the browser's own complaints about the page
	Exception  EventKind = "exception"  // uncaught, Text is its first line
	Dialogue   EventKind = "dialog"     // accepted at once; Text is "type: message"
	Navigation EventKind = "navigation" // the page asks for (Text "asked"), reached ("") or failed to reach an address
	Window     EventKind = "window"     // a new window was asked for and refused
)

// Event is one thing the browser saw.
type Event struct {
	At     time.Time // when it was received
	Kind   EventKind
	Method string // of requests, responses and failures
	URL    string // shortened if longer than 2000 bytes
	Status int    // of responses
	Text   string // shortened likewise
}

const (
	timelineSize = 2000
	maxText      = 2000
)

// timeline keeps the newest events, in order of arrival.
type timeline struct {
	mu       sync.Mutex
	events   []Event
	next     int // oldest once full
	dropped  int
	requests map[network.RequestID]Event // on their way, for failures, which name only the id
}

// Timeline is what the tab saw, oldest first, at most the newest 2000 events.
func (t *Tab) Timeline() []Event {
	l := &t.timeline
	l.mu.Lock()
	defer l.mu.Unlock()
	return append(append([]Event{}, l.events[l.next:]...), l.events[:l.next]...)
}

// Dropped is the number of events that Timeline no longer holds.
func (t *Tab) Dropped() int {
	t.timeline.mu.Lock()
	defer t.timeline.mu.Unlock()
	return t.timeline.dropped
}

func (l *timeline) add(e Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.addLocked(e)
}

func (l *timeline) addLocked(e Event) {
	e.At, e.URL, e.Text = time.Now(), shorten(e.URL), shorten(e.Text)
	if len(l.events) < timelineSize {
		l.events = append(l.events, e)
		return
	}
	l.events[l.next] = e
	l.next = (l.next + 1) % timelineSize
	l.dropped++
}

// observe runs on the goroutine that reads the browser's messages: it must not block nor send.
func (l *timeline) observe(ev any) {
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		l.request(ev)
	case *network.EventResponseReceived:
		l.response(ev.RequestID, ev.Response)
	case *network.EventLoadingFinished:
		l.mu.Lock()
		delete(l.requests, ev.RequestID)
		l.mu.Unlock()
	case *network.EventLoadingFailed:
		l.failure(ev)
	case *runtime.EventConsoleAPICalled:
		l.add(Event{Kind: Console, Text: string(ev.Type) + ": " + consoleText(ev.Args)})
	case *runtime.EventExceptionThrown:
		l.add(Event{Kind: Exception, URL: ev.ExceptionDetails.URL, Text: exceptionText(ev.ExceptionDetails)})
	case *log.EventEntryAdded:
		if ev.Entry.Source != log.EntrySourceNetwork { // those are responses and failures already
			l.add(Event{Kind: Console, URL: ev.Entry.URL, Text: string(ev.Entry.Level) + ": " + ev.Entry.Text})
		}
	case *page.EventJavascriptDialogOpening:
		l.add(Event{Kind: Dialogue, URL: ev.URL, Text: string(ev.Type) + ": " + ev.Message})
	case *page.EventFrameRequestedNavigation:
		l.add(Event{Kind: Navigation, URL: ev.URL, Text: "asked"})
	case *page.EventFrameNavigated:
		if ev.Frame.UnreachableURL != "" {
			l.add(Event{Kind: Navigation, URL: ev.Frame.UnreachableURL, Text: "unreachable"})
		} else {
			l.add(Event{Kind: Navigation, URL: ev.Frame.URL + ev.Frame.URLFragment})
		}
	case *page.EventNavigatedWithinDocument:
		l.add(Event{Kind: Navigation, URL: ev.URL, Text: "within the page"})
	case *page.EventWindowOpen:
		l.add(Event{Kind: Window, URL: ev.URL, Text: "refused"})
	}
}

func (l *timeline) request(ev *network.EventRequestWillBeSent) {
	if ev.RedirectResponse != nil { // the same id once more: the hop before has been answered
		l.response(ev.RequestID, ev.RedirectResponse)
	}
	if strings.HasPrefix(ev.Request.URL, "data:") || strings.HasPrefix(ev.Request.URL, "blob:") {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	e := Event{Kind: Request, Method: ev.Request.Method, URL: ev.Request.URL, Text: string(ev.Type)}
	if l.requests == nil || len(l.requests) > timelineSize { // requests that never end must not pile up
		l.requests = map[network.RequestID]Event{}
	}
	l.requests[ev.RequestID] = e
	l.addLocked(e)
}

func (l *timeline) response(id network.RequestID, r *network.Response) {
	if strings.HasPrefix(r.URL, "data:") || strings.HasPrefix(r.URL, "blob:") {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.addLocked(Event{Kind: Response, Method: l.requests[id].Method, URL: r.URL, Status: int(r.Status), Text: r.MimeType})
}

func (l *timeline) failure(ev *network.EventLoadingFailed) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.requests[ev.RequestID]
	if !ok {
		return
	}
	delete(l.requests, ev.RequestID)
	e.Kind, e.Text = Failed, ev.ErrorText
	l.addLocked(e)
}

func consoleText(args []*runtime.RemoteObject) string {
	words := make([]string, len(args))
	for i, arg := range args {
		words[i] = objectText(arg)
	}
	return strings.Join(words, " ")
}

func exceptionText(d *runtime.ExceptionDetails) string {
	text := d.Text
	if d.Exception != nil {
		text += " " + objectText(d.Exception)
	}
	first, _, _ := strings.Cut(text, "\n") // the rest is the stack
	return first
}

// objectText is a value as the console shows it: strings bare, objects by their description.
func objectText(o *runtime.RemoteObject) string {
	var text string
	if o.Type == runtime.RemoteObjectTypeString && json.Unmarshal(o.Value, &text) == nil {
		return text
	}
	if o.Description != "" {
		return o.Description
	}
	if len(o.Value) > 0 {
		return string(o.Value)
	}
	return string(o.Type)
}

func shorten(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText], "") + "…"
}
