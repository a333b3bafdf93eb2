package sandbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// MaxDelay bounds how long a lever can hold an answer back.
const MaxDelay = time.Minute

// effectWords is what ParseEffect takes, for those who sent something else.
const effectWords = "a published respcd but 0000, http=400 to http=599, delay= up to 60s such as delay=2s, cut=before, cut=during, cut=after, " +
	"cut-body, malformed-json, wrong-content-type, slow-drip, after-work, or what becomes of the order"

// ParseEffect reads what is to become of a call: words with commas or blanks between them, such as
// "1143", "http=504,after-work" or "delay=2s cut-body". What it gives has a String that reads back
// the same. Errors name the word and what is allowed.
func ParseEffect(s string) (Effect, error) {
	var e Effect
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
		if err := e.add(word); err != nil {
			return Effect{}, err
		}
	}
	if err := e.check(); err != nil {
		return Effect{}, err
	}
	return e, nil
}

func (e *Effect) add(word string) error {
	name, value, _ := strings.Cut(word, "=")
	twice := false
	switch {
	case name == "http":
		status, err := strconv.Atoi(value)
		if err != nil || strconv.Itoa(status) != value {
			return fmt.Errorf("%q has no HTTP status, want http=400 to http=599", word)
		}
		twice, e.Status = e.Status != 0, status
	case name == "delay":
		d, err := time.ParseDuration(value)
		if err != nil || d <= 0 {
			return fmt.Errorf("%q has no time, want delay= up to 60s such as delay=2s", word)
		}
		twice, e.Delay = e.Delay != 0, d
	case name == "cut":
		twice, e.Cut = e.Cut != "", CutPoint(value)
		if value == "" {
			return fmt.Errorf("%q says no place, want cut=before, cut=during or cut=after", word)
		}
	case word == "after-work":
		twice, e.AfterWork = e.AfterWork, true
	case slices.Contains(damages[:], Damage(word)):
		twice, e.Damage = e.Damage != "", Damage(word)
	case slices.Contains(leverBehaviours(), Behaviour(word)):
		twice, e.Behaviour = e.Behaviour != "", Behaviour(word)
	case len(word) == 4 && strings.Trim(word, "0123456789") == "":
		twice, e.Respcd = e.Respcd != "", qfpay.Respcd(word)
	default:
		return fmt.Errorf("%q is none of: %s (%s)", word, effectWords, behaviourList())
	}
	if twice {
		return fmt.Errorf("%q comes on top of another word of its kind, want one", word)
	}
	return nil
}

// check refuses what is out of bounds, and words that leave each other nothing to do.
func (e Effect) check() error {
	_, published := e.Respcd.Row()
	unasked := !e.AfterWork && (e.Respcd != "" || e.Status != 0) || e.Cut == CutBefore || e.Cut == CutDuring
	switch {
	case e == Effect{}:
		return fmt.Errorf("it is empty, want one or more of: %s (%s)", effectWords, behaviourList())
	case e.Respcd == qfpay.RespOK:
		return errors.New("0000 is what the work answers; a lever would only leave its fields out")
	case e.Respcd != "" && !published:
		return fmt.Errorf("respcd %q was never published, want one of those in docs/refusals.md", e.Respcd)
	case e.Status != 0 && (e.Status < 400 || e.Status > 599):
		return fmt.Errorf("http=%d is no failure, want http=400 to http=599", e.Status)
	case e.Delay < 0 || e.Delay > MaxDelay:
		return fmt.Errorf("delay=%s is out of bounds, want up to %s", e.Delay, MaxDelay)
	case e.Cut != "" && !slices.Contains(cutPoints[:], e.Cut):
		return fmt.Errorf("cut=%s is no place, want cut=before, cut=during or cut=after", e.Cut)
	case e.Damage != "" && !slices.Contains(damages[:], e.Damage):
		return fmt.Errorf("damage %q is unknown, want one of %v", e.Damage, damages)
	case e.Behaviour != "" && !slices.Contains(leverBehaviours(), e.Behaviour):
		return fmt.Errorf("behaviour %q is unknown, want one of %s", e.Behaviour, behaviourList())
	case e.Respcd != "" && e.Status != 0:
		return fmt.Errorf("%s and http=%d are two answers, want one", e.Respcd, e.Status)
	case e.Cut != "" && (e.Respcd != "" || e.Status != 0 || e.Damage != ""):
		return fmt.Errorf("cut=%s leaves no answer, so nothing else can be said of one", e.Cut)
	case e.Status != 0 && (e.Damage == DamageMalformed || e.Damage == DamageContentType):
		return fmt.Errorf("http=%d answers a page, which %s cannot spoil", e.Status, e.Damage)
	case e.AfterWork && e.Respcd == "" && e.Status == 0 && e.Cut != CutAfter, e.AfterWork && unasked:
		return errors.New("after-work loses the work's answer, so it needs another one (a respcd or http=) or cut=after")
	case e.Behaviour != "" && unasked:
		return fmt.Errorf("%s is for an order, but no work is done before that answer; add after-work or leave one out", e.Behaviour)
	}
	return nil
}

// BehavioursAt lists what can happen to the order of a call after its answer: what its payer does,
// or what becomes of a refund.
func BehavioursAt(at Endpoint) []Behaviour {
	switch at {
	case AtPayment:
		return Behaviours()
	case AtRefund:
		return []Behaviour{BehavePending, BehaveFailLater}
	}
	return nil
}

// outcomesAt is what X-Sandbox-Outcome may say at a call.
func outcomesAt(at Endpoint) string {
	if bs := BehavioursAt(at); bs != nil {
		return effectWords + " (" + joined(bs) + ")"
	}
	return strings.TrimSuffix(effectWords, ", or what becomes of the order")
}

func leverBehaviours() []Behaviour { return append(BehavioursAt(AtPayment), BehaveFailLater) }

func behaviourList() string { return joined(leverBehaviours()) }

func joined(bs []Behaviour) string {
	words := make([]string, len(bs))
	for i, b := range bs {
		words[i] = string(b)
	}
	return strings.Join(words, ", ")
}

// String writes the effect as ParseEffect reads it.
func (e Effect) String() string {
	var words []string
	if e.Behaviour != "" {
		words = append(words, string(e.Behaviour))
	}
	if e.Respcd != "" {
		words = append(words, string(e.Respcd))
	}
	if e.Status != 0 {
		words = append(words, "http="+strconv.Itoa(e.Status))
	}
	if e.Delay != 0 {
		words = append(words, "delay="+e.Delay.String())
	}
	if e.Cut != "" {
		words = append(words, "cut="+string(e.Cut))
	}
	if e.Damage != "" {
		words = append(words, string(e.Damage))
	}
	if e.AfterWork {
		words = append(words, "after-work")
	}
	return strings.Join(words, ",")
}

// Works reports whether the call does its work all the same.
func (e Effect) Works() bool {
	return e.AfterWork || e.Respcd == "" && e.Status == 0 && e.Cut != CutBefore && e.Cut != CutDuring
}

// OnlyBehaviour reports whether nothing but the payer is decided: the answer is the work's own.
func (e Effect) OnlyBehaviour() bool { return e.Behaviour != "" && e == Effect{Behaviour: e.Behaviour} }

// fits says what is wrong with having this effect at an endpoint.
func (e Effect) fits(at Endpoint) error {
	switch {
	case e.Behaviour != "" && BehavioursAt(at) == nil:
		return fmt.Errorf("%s is for payment or refund, %s has no payer to do it", e.Behaviour, at)
	case e.Behaviour != "" && !slices.Contains(BehavioursAt(at), e.Behaviour):
		return fmt.Errorf("%s is nothing %s can meet, want one of: %s", e.Behaviour, at, joined(BehavioursAt(at)))
	case at == AtOAuthCode && e.Damage != "" && e.Respcd == "" && e.Status == 0:
		return fmt.Errorf("%s answers with a redirect, which has no body for %s", at, e.Damage)
	}
	return nil
}

// Lever is what decides a call in place of the rules. By names it as X-Sandbox-Decided-By does,
// empty when there is none.
type Lever struct {
	Effect Effect
	By     string
}

// ByHeader names the lever a request brings in X-Sandbox-Outcome.
const ByHeader = "header"

// LeverOn gives what decides this call: the request's own X-Sandbox-Outcome, else the first of the
// App's faults that fires. A call decided by its header is none a fault can match. Errors: *Refusal.
func (g *Gateway) LeverOn(ctx context.Context, a App, at Endpoint, order OutTradeNo, header string) (Lever, error) {
	if header == "" && len(a.Faults) == 0 {
		return Lever{}, nil
	}
	var lever Lever
	if header != "" {
		effect, err := ParseEffect(header)
		if err == nil {
			err = effect.fits(at)
		}
		if err != nil {
			return Lever{}, refuse("outcome-unreadable", fmt.Sprintf("X-Sandbox-Outcome is %s: %s", Shown(header), err)).
				Got("X-Sandbox-Outcome: " + shorten(header)).Want(outcomesAt(at))
		}
		lever = Lever{effect, ByHeader}
	} else {
		fault, fires, err := g.TakeFault(ctx, a, at, order)
		if err != nil || !fires {
			return Lever{}, err
		}
		lever = Lever{fault.Effect, "fault " + strconv.Itoa(fault.ID)}
	}
	Note(ctx, func(e *Exchange) { e.DecidedBy = lever.By })
	return lever, nil
}

// Refusal is the answer of a lever that says a respcd: the code's own text, nothing in respmsg.
func (l Lever) Refusal() *Refusal {
	return &Refusal{Rule: FindLever, Code: l.Effect.Respcd, Resperr: l.Effect.Respcd.Text(), Fidelity: fidelityOfCode(l.Effect.Respcd), Detail: l.String()}
}

func (l Lever) String() string { return l.By + ": " + l.Effect.String() }

// fidelityOfCode: the table of codes says of each where it was seen.
func fidelityOfCode(c qfpay.Respcd) Fidelity {
	if row, ok := c.Row(); ok && strings.Contains(row.Source, "observed") {
		return Observed
	}
	return Documented
}
