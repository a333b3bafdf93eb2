package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

var findingsCommand = command{
	name: "findings", takes: "[FINDING]", does: "list what a request can be blamed for, or explain one",
	examples: []string{"qfsandbox findings", "qfsandbox findings signature-wrong", "qfsandbox findings -json"},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.flags(f)
		return r.with(func(ctx context.Context, in *invocation, c *control.Client) error {
			rows, err := c.Findings(ctx)
			if err != nil {
				return err
			}
			if len(in.args) == 0 {
				return r.show(in, map[string][]control.FindingRow{"findings": rows}, func() {
					t := newTable("ID", "KIND", "MEANS")
					for _, row := range rows {
						t.add(row.ID, row.Kind, row.Means)
					}
					t.print(in)
					in.say("What to change: qfsandbox findings ID. Where it happened: qfsandbox journal -finding ID")
				})
			}
			var ids []string
			for _, row := range rows {
				if row.ID == in.args[0] {
					return r.show(in, row, func() { printFinding(in, row) })
				}
				ids = append(ids, row.ID)
			}
			return fmt.Errorf("%q is no finding%s; qfsandbox findings lists them", in.args[0], sandbox.Guess(in.args[0], strings.Join(ids, ", ")))
		})
	},
}

func printFinding(in *invocation, row control.FindingRow) {
	t := newTable()
	t.add("finding", row.ID)
	t.add("means", row.Means)
	t.add("change", row.Change)
	t.add("see", row.Clause)
	t.print(in)
	in.say("Where it happened: qfsandbox journal -finding %s", row.ID)
}
