package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Notification is QFPay's asynchronous POST to the merchant, kept as the bytes that are sent.
type Notification struct {
	ID         uint64
	App        AppCode
	OutTradeNo OutTradeNo
	Syssn      Syssn
	// Kind is what it tells of: a payment, also one that was closed, or a refund.
	Kind Kind
	URL  string
	Body []byte
	// Sign is the header X-QF-SIGN: upper-case MD5 of Body and client_key.
	Sign      string
	CreatedAt time.Time
	// Variant is what is right or wrong with it.
	Variant Variant
	// Waiting is the occasion that makes it due, After later; empty once that has come.
	Waiting Occasion
	After   time.Duration
	// BeforeReturn holds the payer's return back until its first attempt was answered.
	BeforeReturn bool
	// Pending is true until it was acknowledged or the ladder ended; NextAt is when it is due then,
	// zero while it waits for an occasion. Rung counts the rungs of the ladder that are used up.
	Pending  bool
	NextAt   time.Time
	Rung     int
	Attempts []Attempt
}

// Attempt is one try to deliver.
type Attempt struct {
	// At is the App's time, URL where it went.
	At  time.Time
	URL string
	// Status is the answer's, 0 when none came; Answer its body, cut to 1,024 bytes.
	Status int
	Answer string
	Error  string
	// Acknowledged is the verdict: HTTP 200 and exactly SUCCESS. Verdict is its text.
	Acknowledged bool
	Verdict      string
	// NextAt is when the one after it is due, zero when none is.
	NextAt time.Time
}

// Ladder is how long after a refused attempt the next one is due: seven retries, then QFPay gives
// up (qfpay-api 4).
var Ladder = []time.Duration{
	2 * time.Minute, 10 * time.Minute, 10 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour, 15 * time.Hour,
}

// Acknowledges reports whether an answer stops the retries: HTTP 200 and SUCCESS in upper case,
// white space around it aside (quirk 31).
func Acknowledges(status int, body string) bool {
	return status == 200 && strings.TrimSpace(body) == "SUCCESS"
}

// Tried adds attempts made at the same time and says when the next is due, if any. What is settled
// stays settled: an attempt made by hand afterwards starts no new ladder, and one that went to
// another address changes nothing.
func (n *Notification) Tried(tries ...Attempt) {
	before := n.acknowledged()
	n.Attempts = append(n.Attempts, tries...)
	if !n.Pending || !slices.ContainsFunc(tries, n.isOwn) {
		return
	}
	n.Waiting = ""
	at, acknowledged := tries[len(tries)-1].At, n.acknowledged() > before
	if !acknowledged {
		n.Rung++
	}
	switch {
	case n.Variant.MustBeRefused():
		n.Pending = false
	case acknowledged && n.Variant == VariantDuplicate && before == 0:
		n.NextAt = at
	case acknowledged || n.Rung > len(Ladder):
		n.Pending = false
	default:
		n.NextAt = at.Add(Ladder[n.Rung-1])
	}
	if !n.Pending {
		return
	}
	for i := len(n.Attempts) - len(tries); i < len(n.Attempts); i++ {
		n.Attempts[i].NextAt = n.NextAt
	}
}

// isOwn: the attempt went to the notification's own address.
func (n *Notification) isOwn(a Attempt) bool { return a.URL == "" || a.URL == n.URL }

// acknowledged counts the attempts that were.
func (n *Notification) acknowledged() (count int) {
	for _, a := range n.Attempts {
		if a.Acknowledged && n.isOwn(a) {
			count++
		}
	}
	return count
}

// Describe is the notification's state in one line for people.
func (n Notification) Describe() string {
	if n.Waiting != "" {
		return fmt.Sprintf("waits until the payer %s", n.Waiting)
	}
	if n.Pending {
		return fmt.Sprintf("attempt %d due at %s", len(n.Attempts)+1, FormatTime(n.NextAt))
	}
	if i := slices.IndexFunc(n.Attempts, func(a Attempt) bool { return a.Acknowledged && n.isOwn(a) }); i >= 0 {
		return fmt.Sprintf("acknowledged at attempt %d", i+1)
	}
	switch {
	case n.Variant == VariantNever && len(n.Attempts) == 0:
		return "never sent, as planned"
	case n.Variant.MustBeRefused():
		return "refused, as it must be"
	}
	return fmt.Sprintf("given up after %d attempts", len(n.Attempts))
}
