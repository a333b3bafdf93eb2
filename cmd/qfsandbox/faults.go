package main

import (
	"context"
	"flag"
	"fmt"
	"strconv"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

var faultsCommand = command{
	name: "faults", does: "list the faults armed for an App's calls, and how often they fired",
	about:    " A fault makes calls go wrong on purpose; docs/levers.md has its language.",
	examples: []string{"qfsandbox faults", "qfsandbox faults -json"},
	words:    []command{faultsAdd, faultsRemove, faultsUnfired},
	setup: faultList("No faults are armed. Arm one: qfsandbox faults add http=504,after-work -route payment", func(c *control.Client, ctx context.Context, app sandbox.AppCode) ([]control.Fault, error) {
		return c.Faults(ctx, app)
	}),
}

var faultsUnfired = command{
	name: "unfired", does: "list the faults that never fired: what a test armed and did not reach",
	examples: []string{"qfsandbox faults unfired", "qfsandbox faults unfired -json"},
	setup:    faultList("Every fault fired, or none is armed.", (*control.Client).UnfiredFaults),
}

func faultList(none string, read func(*control.Client, context.Context, sandbox.AppCode) ([]control.Fault, error)) func(*flag.FlagSet) func(context.Context, *invocation) error {
	return func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.flags(f)
		r.appFlag(f)
		return r.with(func(ctx context.Context, in *invocation, c *control.Client) error {
			app, err := r.appOf(ctx, c)
			if err != nil {
				return err
			}
			faults, err := read(c, ctx, app)
			if err != nil {
				return err
			}
			return r.show(in, control.Faults{Faults: faults}, func() {
				if len(faults) == 0 {
					in.say("%s", none)
					return
				}
				printFaults(in, faults)
			})
		})
	}
}

func printFaults(in *invocation, faults []control.Fault) {
	t := newTable("ID", "ROUTE", "ORDER", "NTH", "TIMES", "EFFECT", "MATCHED", "FIRED")
	for _, f := range faults {
		t.add(strconv.Itoa(f.ID), or(string(f.Route), "every"), or(string(f.OutTradeNo), "every"), strconv.Itoa(f.Nth), strconv.Itoa(f.Times), f.Effect,
			strconv.Itoa(f.Matched), strconv.Itoa(f.Fired))
	}
	t.print(in)
}

var faultsAdd = command{
	name: "add", takes: "EFFECT…", does: "arm a fault",
	about: " The effect is one or more of: a respcd such as 1143, http=504, after-work, delay=2s, cut=before, cut=during, cut=after, cut-body, malformed-json, wrong-content-type, slow-drip, or what becomes of the order.",
	examples: []string{
		"qfsandbox faults add http=504,after-work -route payment", "qfsandbox faults add 1143 -order T1 -nth 2 -times 3",
		"qfsandbox faults add delay=2s cut-body -route query -json",
	},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.flags(f)
		r.appFlag(f)
		route := f.String("route", "", "the call it is about (default: every one), `one of` "+list(sandbox.Endpoints()))
		order := f.String("order", "", "`out_trade_no` the call names (default: every one)")
		nth := f.Int("nth", 1, "the first matching call it fires `on`")
		times := f.Int("times", 1, "how `often` it fires")
		return r.with(func(ctx context.Context, in *invocation, c *control.Client) error {
			app, err := r.appOf(ctx, c)
			if err != nil {
				return err
			}
			fault, err := c.AddFault(ctx, app, control.NewFault{Effect: list(in.args), Route: sandbox.Endpoint(*route), OutTradeNo: sandbox.OutTradeNo(*order), Nth: *nth, Times: *times})
			if err != nil {
				return err
			}
			return r.show(in, fault, func() {
				printFaults(in, []control.Fault{fault})
				in.say("Take it away: qfsandbox faults remove %d", fault.ID)
			})
		})
	},
}

var faultsRemove = command{
	name: "remove", takes: "[ID]", does: "take a fault away, or -all",
	examples: []string{"qfsandbox faults remove 1", "qfsandbox faults remove -all"},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.flags(f)
		r.appFlag(f)
		all := f.Bool("all", false, "take all of the App's faults away")
		return r.with(func(ctx context.Context, in *invocation, c *control.Client) error {
			if (len(in.args) == 1) == *all {
				return usageError("qfsandbox faults remove wants the id of a fault, or -all; qfsandbox faults lists them")
			}
			app, err := r.appOf(ctx, c)
			if err != nil {
				return err
			}
			if *all {
				n, err := c.RemoveFaults(ctx, app)
				if err != nil {
					return err
				}
				return r.show(in, control.RemovedFaults{Removed: n}, func() { in.say("Faults taken away: %d", n) })
			}
			id, err := strconv.Atoi(in.args[0])
			if err != nil {
				return usageError("fault id is %q, want a number; qfsandbox faults lists them", in.args[0])
			}
			fault, err := c.RemoveFault(ctx, app, id)
			if err != nil {
				return missing(err, fmt.Sprintf("fault %d does not exist here; qfsandbox faults lists them", id))
			}
			return r.show(in, fault, func() {
				in.say("Fault %d (%s) is taken away; it matched calls: %d, fired: %d", fault.ID, fault.Effect, fault.Matched, fault.Fired)
			})
		})
	},
}
