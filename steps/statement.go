package steps

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/steps/target"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

// ask asks the merchant's status witness. A witness that is not there or says nothing is no proof
// against the merchant: the error then wraps verdict.ErrNotJudged.
func (w *world) ask(ctx context.Context) (target.Statement, error) {
	s, err := w.suite.Target.Ask(ctx, string(w.order.outTradeNo), w.order.askedTxamt)
	switch {
	case errors.Is(err, target.ErrNoWitness):
		err = fmt.Errorf("%w: the profile declares no status, so nobody can say what the merchant thinks of the order", verdict.ErrNotJudged)
	case err != nil:
		err = fmt.Errorf("%w: %w", verdict.ErrNotJudged, err)
	}
	return s, err
}

// until asks the witness until it says what is wanted; another answer at the end is the error's.
func (w *world) until(ctx context.Context, wanted func(target.Statement) bool, want string) error {
	wait, cancel := context.WithTimeout(ctx, w.suite.Settle)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	said := fmt.Errorf("%w: the merchant's status does not answer within %s", verdict.ErrNotJudged, w.suite.Settle)
	for {
		s, err := w.ask(wait)
		switch {
		case w.suite.Target.Profile.Status == nil:
			return err
		case err == nil && wanted(s):
			return nil
		case wait.Err() != nil: // an answer our own deadline cut off says nothing
		case err != nil && w.suite.Target.Gone(ctx) != nil: // nobody is left to change its mind
			return err
		case err != nil:
			said = err
		default:
			said = fmt.Errorf("%s: want %s; %s later the merchant's status still says: %s", w.order.outTradeNo, want, w.suite.Settle, s.Said)
		}
		select {
		case <-tick.C:
		case <-wait.Done():
			return said
		}
	}
}

// dwell is how long nothing has to happen until it counts as not happening: what a queue or a
// timer of the merchant's does late is done all the same.
const dwell = time.Second

// holds asks the witness for as long as dwell and gives what was wrong at any time.
func (w *world) holds(ctx context.Context, wrong func(target.Statement) error) error {
	over := time.NewTimer(dwell)
	defer over.Stop()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		s, err := w.ask(ctx)
		if err != nil {
			return err
		}
		if err := wrong(s); err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-over.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// noteBefore remembers what the merchant thinks of the order that is about to be paid. A witness
// that does not answer now will be asked again when it matters.
func (w *world) noteBefore(ctx context.Context) {
	if w.suite.Target == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if s, err := w.ask(ctx); err == nil {
		w.before = &s
	}
}

func (w *world) orderBecomesPaid(ctx context.Context) error {
	if w.before != nil && w.before.Paid {
		return w.paidByNobody(*w.before)
	}
	return w.until(ctx, func(s target.Statement) bool { return s.Paid }, "the order paid")
}

func (w *world) paidByNobody(s target.Statement) error {
	return fmt.Errorf("nobody has paid order %s and the merchant's status says it is paid: %s", w.order.outTradeNo, s.Said)
}

// orderIsNotPaid wants it neither paid nor shipped.
func (w *world) orderIsNotPaid(ctx context.Context) error {
	return w.holds(ctx, func(s target.Statement) error {
		switch {
		case s.Paid:
			return w.paidByNobody(s)
		case s.Shipments > 0:
			return fmt.Errorf("nobody has paid order %s and the merchant shipped it: %s", w.order.outTradeNo, s.Said)
		}
		return nil
	})
}

func (w *world) merchantHasShipped(ctx context.Context, want string) error {
	count := map[string]int{"nothing": 0, "once": 1}[want]
	wrong := func(s target.Statement) error {
		switch {
		case s.Shipments < 0:
			return fmt.Errorf("%w: the profile declares no status.shipments, so nobody can say how often the merchant shipped", verdict.ErrNotJudged)
		case s.Shipments != count:
			return fmt.Errorf("the merchant shipped order %s %d times, want %s: %s", w.order.outTradeNo, s.Shipments, want, s.Said)
		}
		return nil
	}
	if count == 0 { // that nothing was shipped shows when all is shipped once
		s, err := w.ask(ctx)
		if err != nil {
			return err
		}
		return wrong(s)
	}
	if err := w.until(ctx, func(s target.Statement) bool { return s.Shipments != 0 }, "shipped "+want); err != nil {
		return err
	}
	return w.holds(ctx, wrong)
}
