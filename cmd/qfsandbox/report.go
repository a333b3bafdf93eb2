package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Bounds of the report: how many kinds of findings it tells apart before it goes quiet, and how many
// may wait for a terminal that is slower than the requests.
const (
	mostKinds   = 1000
	mostWaiting = 256
)

// report prints each new kind of finding while the sandbox serves: what a request did wrong, and what
// to change, beside the terse answer it got. A request waits for nothing here.
type report struct {
	term terminal
	// now gives the time of day, as the log's lines have it.
	now func() time.Time
	// controls is where the journal is; demo is the App that needs no mention.
	controls string
	demo     sandbox.AppCode

	mu      sync.Mutex
	seen    map[kind]bool
	closed  bool
	waiting chan found
	over    chan struct{} // closed when all is printed
	// repeats are those of kinds printed before, beyond those of kinds no longer told apart, and lost
	// those the terminal was too slow for.
	repeats, beyond, lost int
}

// kind is what is printed once.
type kind struct {
	app           sandbox.AppCode
	call, finding string
}

// found is what one exchange left that was not printed before.
type found struct {
	exchange sandbox.Exchange
	findings []sandbox.Finding
	at       time.Time
	// full says that no further kinds are told apart after these.
	full bool
}

func newReport(term terminal, now func() time.Time) *report {
	return &report{term: term, now: now, seen: map[kind]bool{}, waiting: make(chan found, mostWaiting), over: make(chan struct{})}
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
	var fresh []sandbox.Finding
	var kinds []kind
	for _, f := range mistakes(e) {
		switch k := (kind{e.App, callOf(e), f.ID}); {
		case r.seen[k] || slices.Contains(kinds, k):
			r.repeats++
		case len(r.seen)+len(kinds) >= mostKinds:
			r.beyond++
		default:
			kinds, fresh = append(kinds, k), append(fresh, f)
		}
	}
	if len(fresh) == 0 {
		return
	}
	e.RequestHeader, e.AnswerHeader, e.RequestBody, e.AnswerBody = nil, nil, nil, nil // they are used again
	select {
	case r.waiting <- found{e, fresh, r.now(), len(r.seen)+len(kinds) == mostKinds}:
		for _, k := range kinds {
			r.seen[k] = true
		}
	default:
		r.lost += len(fresh)
	}
}

// mistakes are the findings that say what to change: not what a lever did on purpose, not what became
// of a payer's payment, and no "signature wrong" beside the name of what is wrong with it.
func mistakes(e sandbox.Exchange) []sandbox.Finding {
	named := slices.ContainsFunc(e.Findings, func(f sandbox.Finding) bool { return ofClinic[f.ID] })
	return slices.DeleteFunc(slices.Clone(e.Findings), func(f sandbox.Finding) bool {
		return f.ID == sandbox.FindLever || slices.Contains(ofPayers[:], f.ID) || named && (f.ID == "signature-wrong" || f.ID == "app-code-unknown")
	})
}

// ofPayers are refusals for the payer's reasons: what a merchant has to expect.
var ofPayers = [...]string{
	"payer-enters-password", "payment-under-way", "payer-balance", "payer-account", "payer-card", "payer-real-name", "wallet-balance", "wallet-no-credit", "wallet-real-name",
}

// callOf names a call without what differs each time.
func callOf(e sandbox.Exchange) string {
	if e.Surface == "notify" || e.Surface == "unknown" {
		return e.Surface
	}
	path, _, _ := strings.Cut(e.URL, "?")
	return e.Method + " " + path[:min(len(path), 128)]
}

// run prints until close, and owns the terminal for its lines.
func (r *report) run() {
	defer close(r.over)
	first := true
	for f := range r.waiting {
		text := "\n" + r.block(f)
		if first {
			text += r.remark("Each kind of finding is printed once for each App and call; -findings=false prints none. All of them: " + r.command("journal -finding any"))
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
	text := fmt.Sprintf("qfsandbox: findings printed: %d, repeats left out: %d", len(r.seen), r.repeats)
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
