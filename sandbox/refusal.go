package sandbox

import (
	"fmt"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Fidelity says how sure we are that the real system does what we do.
type Fidelity string

const (
	Documented Fidelity = "documented" // a published document of QFPay or WeChat says so
	Observed   Fidelity = "observed"   // a captured answer shows it
	Assumed    Fidelity = "assumed"    // the public record is silent; docs/assumptions.md says why we chose this
)

// Refusal is QFPay's no. Code, Resperr and Respmsg go on the wire and say no more than QFPay does;
// Rule and Detail go in the journal and say everything.
type Refusal struct {
	Rule     string
	Code     qfpay.Respcd
	Resperr  string
	Respmsg  string
	Fidelity Fidelity
	Detail   string
	// Received is what came, Expected what would have been right, Change what to change this time; empty
	// is what the row says.
	Received, Expected, Change string
	// Missing is the parameter that did not come, or came empty.
	Missing string
	// RetryAfter is when the rate limit lets the caller on, 0 for other refusals.
	RetryAfter time.Duration
	// Orig is the payment a refused refund, close or reversal was about; its answer names it.
	Orig *Transaction
	// OutTradeNo is the number the refused refund was to have.
	OutTradeNo OutTradeNo
	// Operation is the number a close or reversal got that was refused for the payment's state.
	Operation Syssn
	// Order is the order a failed payment left behind; its answer names it.
	Order *Transaction
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("%s (%s): %s", r.Rule, r.Code, r.Detail)
}

// Finding is the refusal as the journal keeps it.
func (r *Refusal) Finding() Finding {
	return Finding{ID: r.Rule, Detail: r.Detail, Received: r.Received, Expected: r.Expected, Change: r.Change}
}

// Got says what came.
func (r *Refusal) Got(received string) *Refusal {
	r.Received = received
	return r
}

// Want says what would have been right.
func (r *Refusal) Want(expected string) *Refusal {
	r.Expected = expected
	return r
}

// Fix says what to change this time, where the row's words are too general.
func (r *Refusal) Fix(change string) *Refusal {
	r.Change = change
	return r
}

// refuse makes the refusal of a row of the table; detail says what was wrong this time.
func refuse(rule, detail string) *Refusal {
	row, ok := refusalRow(rule)
	if !ok {
		panic("no refusal is called " + rule) // a mistake of ours; every rule's golden finds it
	}
	return &Refusal{Rule: rule, Code: row.Code, Resperr: row.Resperr, Respmsg: row.Respmsg, Fidelity: row.Fidelity, Detail: detail}
}

// about names the payment the refused call was about.
func (r *Refusal) about(t Transaction) *Refusal {
	r.Orig = &t
	return r
}

// RefuseParameter names a parameter whose value is not allowed, the value, and why. The code is documented,
// its text is not (assumption 3).
func RefuseParameter(name, value, detail string) *Refusal {
	return &Refusal{Received: name + "=" + shorten(value), Rule: "parameter-" + name, Code: qfpay.RespParameter, Resperr: textParameter, Respmsg: name + " error", Fidelity: Assumed, Detail: name + " " + detail}
}

func refuseMissing(name string) *Refusal {
	r := RefuseParameter(name, "", "is missing or empty and this call needs it")
	r.Respmsg = name + " is required"
	r.Missing = name
	return r.Got("no " + name)
}

const textParameter = "参数错误(1104)"

// RefuseRequest is the answer to a request that cannot be read at all, or is for nobody here
// (assumption 5). The rule is one of the table's.
func RefuseRequest(rule, detail string) *Refusal { return refuse(rule, detail) }
