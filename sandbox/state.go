package sandbox

import (
	"errors"
	"fmt"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// State is where a transaction stands.
type State string

const (
	// StateCreated: a payment nobody has paid yet, a refund that has not arrived yet.
	StateCreated        State = "created"
	StatePaid           State = "paid" // of a refund: done
	StatePartlyRefunded State = "partly refunded"
	StateRefunded       State = "refunded"
	StateClosed         State = "closed"
	StateExpired        State = "expired"
	StateFailed         State = "failed"
)

// Happening is what moves a transaction from one state to another.
type Happening string

const (
	HappensPaid         Happening = "paid"
	HappensFailed       Happening = "failed"
	HappensClosed       Happening = "closed"
	HappensExpired      Happening = "expired"
	HappensPartRefunded Happening = "part refunded"
	HappensRestRefunded Happening = "rest refunded"
)

// Transition is one row of the life of a transaction. What is in no row cannot happen.
type Transition struct {
	From State
	On   Happening
	To   State
}

var transitions = [...]Transition{
	{StateCreated, HappensPaid, StatePaid},
	{StateCreated, HappensFailed, StateFailed},
	{StateCreated, HappensClosed, StateClosed},
	{StateCreated, HappensExpired, StateExpired},
	{StateExpired, HappensClosed, StateClosed},
	{StatePaid, HappensPartRefunded, StatePartlyRefunded},
	{StatePaid, HappensRestRefunded, StateRefunded},
	{StatePartlyRefunded, HappensPartRefunded, StatePartlyRefunded},
	{StatePartlyRefunded, HappensRestRefunded, StateRefunded},
}

// ErrTransition says that a transaction's state does not allow what was to happen.
var ErrTransition = errors.New("not possible in this state")

// happen moves the transaction on, as the table of transitions allows. Expiry is seen to first.
// Errors: ErrTransition, and nothing is changed.
func (t *Transaction) happen(on Happening, now time.Time) error {
	from := t.StateAt(now)
	to, possible := from.after(on)
	if !possible {
		return fmt.Errorf("%w: a transaction that is %s cannot be %s", ErrTransition, from, on)
	}
	t.State = to
	switch on {
	case HappensPaid:
		t.PaidAt = now
	case HappensClosed:
		t.ClosedAt = now
	}
	if on != HappensPartRefunded && on != HappensRestRefunded {
		t.DueAt, t.DueFailure = time.Time{}, ""
	}
	return nil
}

// after is the state the table leads to; false when this cannot happen then.
func (s State) after(on Happening) (State, bool) {
	for _, row := range transitions {
		if row.From == s && row.On == on {
			return row.To, true
		}
	}
	return s, false
}

// StateAt is the state at an instant of the App's clock: what is stored, and expiry, which nobody
// needs to notice for it to have happened.
func (t *Transaction) StateAt(now time.Time) State {
	if t.Kind == KindRefund || t.ExpiresAt.IsZero() || now.Before(t.ExpiresAt) {
		return t.State
	}
	expired, _ := t.State.after(HappensExpired) // what was paid or closed in time stays so
	return expired
}

// Verdict is what an enquiry's record says of a transaction: the row's respcd, errmsg and cancel
// (qfpay-api 6.3 and 6.4). An expired order says 1181, where the documents allow 1142 too
// (assumption 24).
func (t *Transaction) Verdict(now time.Time) (qfpay.Respcd, string, qfpay.Cancel) {
	payerPresented := false
	if row, ok := t.PayType.Row(); ok {
		payerPresented = row.Flow == qfpay.FlowCPM
	}
	switch t.StateAt(now) {
	case StatePaid:
		return qfpay.RespOK, qfpay.TextPaid, qfpay.CancelNone
	case StatePartlyRefunded:
		return qfpay.RespOK, qfpay.TextPaid, qfpay.CancelPartiallyRefunded
	case StateRefunded:
		if payerPresented {
			return qfpay.RespOK, qfpay.TextPaid, qfpay.CancelReversed
		}
		return qfpay.RespOK, qfpay.TextPaid, qfpay.CancelRefunded
	case StateClosed:
		if payerPresented {
			return qfpay.RespClosed, qfpay.RespClosed.Text(), qfpay.CancelReversed
		}
		return qfpay.RespClosed, qfpay.RespClosed.Text(), qfpay.CancelClosed
	case StateExpired:
		return qfpay.RespExpired, qfpay.RespExpired.Text(), qfpay.CancelNone
	case StateFailed:
		return t.Failure, t.Failure.Text(), qfpay.CancelNone
	}
	if t.Kind == KindRefund {
		return qfpay.RespUnpaid, qfpay.TextRefunding, qfpay.CancelNone
	}
	return qfpay.RespUnpaid, qfpay.TextUnpaid, qfpay.CancelNone
}
