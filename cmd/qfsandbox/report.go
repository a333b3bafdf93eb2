package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Bounds of the report: how many kinds of findings it tells apart before it goes quiet, and how many
// may wait for a terminal that is slower than the requests.
const (
	mostKinds   = 1000
	mostWaiting = 256
)

// report prints each new kind of finding while the sandbox serves: what a request did wrong, and what
// to change, beside the terse answer it got; and one line when it happens again. A request waits for
// nothing here.
type report struct {
	term terminal
	// now gives the time of day, as the log's lines have it.
	now func() time.Time
	// controls is where the journal is; demo is the App that needs no mention.
	controls string
	demo     sandbox.AppCode

	mu sync.Mutex
	// seen has when each kind was last printed again.
	seen    map[kind]time.Time
	closed  bool
	waiting chan found
	over    chan struct{} // closed when all is printed
	// again are the repeats that got a line and repeats those that did not, beyond are those of kinds
	// no longer told apart, and lost those the terminal was too slow for.
	again, repeats, beyond, lost int
}

// found is what one exchange left: the findings that were not printed before, and the names of those
// that were.
type found struct {
	exchange sandbox.Exchange
	findings []sandbox.Finding
	again    []string
	digests  bool // those of a notification were left out
	at       time.Time
	// full says that no further kinds are told apart after these.
	full bool
}

func newReport(term terminal, now func() time.Time) *report {
	return &report{term: term, now: now, seen: map[kind]time.Time{}, waiting: make(chan found, mostWaiting), over: make(chan struct{})}
}

// recorded is the Recorded of a Gateway.
func (r *report) recorded(e sandbox.Exchange) {
	if len(e.Findings) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	at := r.now()
	var fresh []sandbox.Finding
	var again []string
	var kinds, repeated []kind
	for _, f := range mistakes(e) {
		k := kindOf(e, f)
		last, known := r.seen[k]
		switch {
		case slices.Contains(kinds, k) || slices.Contains(repeated, k) || known && at.Sub(last) < betweenRepeats:
			r.repeats++
		case known:
			repeated, again = append(repeated, k), append(again, f.ID)
		case len(r.seen)+len(kinds) >= mostKinds:
			r.beyond++
		default:
			kinds, fresh = append(kinds, k), append(fresh, f)
		}
	}
	if len(fresh) == 0 && (len(again) == 0 || len(r.waiting) >= mostWaiting/2) { // the other half is for what is new
		r.repeats += len(again)
		return
	}
	e.RequestHeader, e.AnswerHeader, e.RequestBody, e.AnswerBody = nil, nil, nil, nil // they are used again
	f := found{exchange: e, findings: fresh, again: again, digests: e.Has(clinic.NotifyCandidates), at: at}
	f.full = len(kinds) > 0 && len(r.seen)+len(kinds) == mostKinds
	select {
	case r.waiting <- f:
		for _, k := range kinds {
			r.seen[k] = time.Time{}
		}
		for _, k := range repeated {
			r.seen[k] = at
		}
		r.again += len(again)
	default:
		r.lost += len(fresh)
		r.repeats += len(again)
	}
}

// run prints until close, and owns the terminal for its lines.
func (r *report) run() {
	defer close(r.over)
	first := true
	for f := range r.waiting {
		if len(f.findings) == 0 {
			r.say(r.repeat(f) + r.lostRemark())
			continue
		}
		text := "\n" + r.block(f)
		if first {
			text += r.remark("Each new kind of finding is printed once for each App and call, and a repeat as one line; -findings=false prints none. All of them: " + r.command("journal -finding any"))
			first = false
		}
		if f.full {
			text += r.remark(fmt.Sprintf("%d kinds of findings were printed; further ones are in the journal only.", mostKinds))
		}
		r.say(text + r.lostRemark())
	}
	if text := r.lostRemark() + r.lastLine(); text != "" {
		r.say(text)
	}
}

// say writes whole lines at once, so that a log on the same terminal never comes in between.
func (r *report) say(text string) {
	_, _ = r.term.to.Write([]byte(text)) // a terminal that is gone has nowhere to say so
}

// remark is about the report itself.
func (r *report) remark(text string) string {
	var b strings.Builder
	for _, part := range wrapped(text, r.term.width()-2) {
		fmt.Fprintf(&b, "  %s\n", r.term.in(faint, part))
	}
	return b.String()
}

func (r *report) lostRemark() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.lost
	if r.lost = 0; n == 0 {
		return ""
	}
	return r.remark(fmt.Sprintf("Findings came faster than they could be printed, and %d were left out; the journal has them.", n))
}

// lastLine sums up what was not printed.
func (r *report) lastLine() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.seen) == 0 {
		return ""
	}
	text := fmt.Sprintf("qfsandbox: new kinds of findings: %d, repeats printed: %d, repeats left out: %d", len(r.seen), r.again, r.repeats)
	if r.beyond > 0 {
		text += fmt.Sprintf(", further kinds left out: %d", r.beyond)
	}
	return text + "\n"
}

// patience is how long the end waits for a terminal that takes nothing.
const patience = 300 * time.Millisecond

// close prints what still waits, no longer than ctx lasts.
func (r *report) close(ctx context.Context) {
	r.mu.Lock()
	if !r.closed {
		r.closed = true
		close(r.waiting)
	}
	r.mu.Unlock()
	select {
	case <-r.over:
	case <-ctx.Done():
	}
}

// verdict says what the caller was told.
func verdict(e sandbox.Exchange) (text string, refused bool) {
	switch {
	case e.Surface == "notify" && e.Status == 0:
		return "not delivered", true
	case e.Surface == "notify":
		return fmt.Sprintf("answered HTTP %d", e.Status), true
	case e.Respcd == "":
		return fmt.Sprintf("HTTP %d", e.Status), e.Status >= 400
	case e.Respcd == qfpay.RespOK:
		return "accepted " + string(e.Respcd), false
	}
	return "refused " + string(e.Respcd), true
}
