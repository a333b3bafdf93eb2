package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

var clockCommand = command{
	name: "clock", does: "show an App's time and what is due next, or move it",
	about:    " Each App has a clock of its own. What falls due on the way happens before the command ends.",
	examples: []string{"qfsandbox clock", "qfsandbox clock advance 2m", "qfsandbox clock next", "qfsandbox clock -json"},
	words: []command{
		clockWord("advance", "DURATION", "move it on", []string{"qfsandbox clock advance 2m", "qfsandbox clock advance 15h -json"}, advance),
		clockWord("set", "TIME…", "set it: 2026-03-31 23:29:59 is UTC+8, RFC 3339 is as it says", []string{"qfsandbox clock set '2027-03-31 23:29:59'", "qfsandbox clock set 2027-03-31T15:29:59Z"}, setClock),
		clockWord("next", "", "move it to the next thing that is due, and do that", []string{"qfsandbox clock next", "qfsandbox clock next -json"}, without((*control.Client).AdvanceClockToNext)),
		clockWord("run", "", "move it on until nothing is due", []string{"qfsandbox clock run", "qfsandbox clock run -json"}, without((*control.Client).RunClockUntilIdle)),
		clockWord("freeze", "", "make it stand", []string{"qfsandbox clock freeze", "qfsandbox clock freeze -app " + demoAppCode}, without((*control.Client).FreezeClock)),
		clockWord("unfreeze", "", "make it go on from where it stands", []string{"qfsandbox clock unfreeze", "qfsandbox clock unfreeze -app " + demoAppCode}, without((*control.Client).UnfreezeClock)),
	},
	setup: clockSetup(without((*control.Client).Clock)),
}

// clockWord is a word of clock.
func clockWord(name, takes, does string, examples []string, move clockMove) command {
	return command{name: name, takes: takes, does: does, examples: examples, setup: clockSetup(move)}
}

// clockMove does something to an App's clock, or nothing.
type clockMove func(ctx context.Context, c *control.Client, app sandbox.AppCode, args []string) (control.Clock, error)

// without is a move that takes no arguments.
func without(call func(*control.Client, context.Context, sandbox.AppCode) (control.Clock, error)) clockMove {
	return func(ctx context.Context, c *control.Client, app sandbox.AppCode, _ []string) (control.Clock, error) {
		return call(c, ctx, app)
	}
}

func clockSetup(move clockMove) func(f *flag.FlagSet) func(context.Context, *invocation) error {
	return func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.flags(f)
		r.appFlag(f)
		return r.withApp(func(ctx context.Context, in *invocation, c *control.Client, app control.App) error {
			clock, err := move(ctx, c, app.AppCode, in.args)
			if err != nil {
				return err
			}
			return r.show(in, clock, func() { printClock(in, app.AppCode, clock) })
		})
	}
}

func advance(ctx context.Context, c *control.Client, app sandbox.AppCode, args []string) (control.Clock, error) {
	by, err := time.ParseDuration(args[0])
	if err != nil || by <= 0 || len(args) > 1 {
		return control.Clock{}, usageError("%q is no time to move on by, want one such as 90s, 2m or 15h", strings.Join(args, " "))
	}
	return c.AdvanceClock(ctx, app, by)
}

// setClock reads a time whether its blank was quoted or not.
func setClock(ctx context.Context, c *control.Client, app sandbox.AppCode, args []string) (control.Clock, error) {
	text := strings.Join(args, " ")
	to, err := time.ParseInLocation(sandbox.DateTimeLayout, text, sandbox.QFPayZone)
	if err != nil {
		to, err = time.Parse(time.RFC3339, text)
	}
	if err != nil {
		return control.Clock{}, usageError(`%q is no time, want one such as "2026-03-31 23:29:59", which is UTC+8, or 2026-03-31T15:29:59Z`, text)
	}
	return c.SetClock(ctx, app, to)
}

func printClock(in *invocation, app sandbox.AppCode, clock control.Clock) {
	t := newTable()
	t.add("app", string(app))
	t.add("time", clock.QFPay+"  (UTC+8)")
	if clock.Frozen {
		t.add("frozen", "it stands until it is moved or unfrozen")
	}
	if clock.Attempts+clock.Settled > 0 {
		t.add("done", fmt.Sprintf("attempts at notifications: %d, transactions settled: %d", clock.Attempts, clock.Settled))
	}
	t.add("next due", dueOf(clock.NextDue))
	if clock.Note != "" {
		t.add("note", clock.Note)
	}
	t.print(in)
}

func dueOf(d *control.Due) string {
	switch {
	case d == nil:
		return "nothing"
	case d.Notification != 0:
		return fmt.Sprintf("%s  notification %d of order %s", d.QFPay, d.Notification, d.OutTradeNo)
	default:
		return fmt.Sprintf("%s  transaction %s", d.QFPay, d.OutTradeNo)
	}
}
