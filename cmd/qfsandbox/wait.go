package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

var waitCommand = command{
	name: "wait", takes: "[ORDER]", does: "wait until a sandbox is healthy, or until an order is in a state",
	about:    " It ends with 0 as soon as that is so, and with 1 when the time is over or the order cannot get there any more. An order that does not exist yet is waited for.",
	examples: []string{"qfsandbox wait -timeout 10s", "qfsandbox wait T2 -state paid", "qfsandbox wait T2 -state paid,refunded -timeout 5s -json"},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.orderFlags(f)
		timeout := f.Duration("timeout", 30*time.Second, "how `long` to wait")
		state := f.String("state", "paid", "`states` to wait for, separated by commas: "+strings.Join(stateWords(), ", "))
		return func(ctx context.Context, in *invocation) error {
			if *timeout <= 0 {
				return usageError("-timeout is %s, want a time such as 30s", *timeout)
			}
			ctx, cancel := context.WithTimeout(ctx, *timeout)
			defer cancel()
			if len(in.args) == 0 {
				return r.waitForHealth(ctx, in, *timeout)
			}
			w := waiting{order: sandbox.OutTradeNo(in.args[0]), timeout: *timeout}
			for _, word := range words(*state) {
				s := sandbox.State(strings.ReplaceAll(word, "-", " "))
				if !slices.Contains(sandbox.States(), s) {
					all := strings.Join(stateWords(), ", ")
					return usageError("-state is %q, want one of %s%s", word, all, sandbox.Guess(word, all))
				}
				w.states = append(w.states, s)
			}
			return r.withApp(func(_ context.Context, in *invocation, c *control.Client, app control.App) error {
				o, err := w.forOrder(ctx, &r, c, app)
				if err != nil {
					return err
				}
				return r.show(in, o, func() { in.say("Order %s is %s.", o.OutTradeNo, o.State) })
			})(ctx, in)
		}
	},
}

// knock is how long after a sandbox was not there it is asked again.
const knock = 100 * time.Millisecond

func (r *remote) waitForHealth(ctx context.Context, in *invocation, timeout time.Duration) error {
	where, by, err := r.address(in)
	if err != nil {
		return err
	}
	again := time.NewTicker(knock)
	defer again.Stop()
	last := errors.New("it was not asked in time")
	for {
		err := healthy(ctx, where)
		if err == nil {
			return r.show(in, map[string]string{"url": where, "health": "ok"}, func() { in.say("A sandbox is healthy at %s.", where) })
		}
		if ctx.Err() == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("no healthy sandbox at %s (%s) within %s: %w", where, by, timeout, cause(last))
		case <-again.C:
		}
	}
}

// waiting is for an order's states.
type waiting struct {
	order   sandbox.OutTradeNo
	states  []sandbox.State
	timeout time.Duration
}

// final are states that no other follows.
var final = []sandbox.State{sandbox.StateClosed, sandbox.StateFailed, sandbox.StateRefunded}

// forOrder reads the order whenever the journal has something new of it, and once a second: what
// clocks and controls do is in no journal.
func (w waiting) forOrder(ctx context.Context, r *remote, c *control.Client, app control.App) (control.Order, error) {
	filter := control.JournalFilter{App: app.AppCode, OutTradeNo: w.order}
	seen := "does not exist yet"
	for {
		o, err := r.order(ctx, c, app, w.order)
		var refused *control.Error
		switch {
		case err == nil && slices.Contains(w.states, o.State):
			return o, nil
		case err == nil && slices.Contains(final, o.State):
			return o, fmt.Errorf("order %s is %s and stays so; it cannot become %s", w.order, o.State, list(w.states))
		case err == nil:
			seen = "is " + string(o.State)
		case ctx.Err() == nil && !(errors.As(err, &refused) && refused.Status == 404):
			return o, err
		}
		page, err := c.Wait(ctx, filter, oneWait)
		if ctx.Err() != nil {
			return o, fmt.Errorf("order %s %s after %s, want %s", w.order, seen, w.timeout, list(w.states))
		}
		if err != nil {
			return o, err
		}
		filter.Since = page.Mark
	}
}
