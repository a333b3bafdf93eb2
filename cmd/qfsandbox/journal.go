package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"strconv"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

var journalCommand = command{
	name: "journal", takes: "[SEQ]", does: "list what passed on the wire, newest last, or show one exchange whole",
	about: " Filters are those of docs/journal.md. -f follows, also when the sandbox is started anew, until it is interrupted.",
	examples: []string{
		"qfsandbox journal", "qfsandbox journal -finding any -n 5", "qfsandbox journal 1", "qfsandbox journal -f -order T1",
	},
	words: []command{journalExport, journalVerify},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.flags(f)
		filter := journalFilter(f)
		n := f.Int("n", 20, "`number` of the newest to list, 0 for all")
		follow := f.Bool("f", false, "go on with new ones as they come")
		return r.with(func(ctx context.Context, in *invocation, c *control.Client) error {
			if len(in.args) == 1 {
				return r.showExchange(ctx, in, c, in.args[0])
			}
			if *n < 0 {
				return usageError("-n is %d, want 0 for all, or how many", *n)
			}
			filter := filter()
			page, err := lastOf(ctx, c, filter, *n)
			if err != nil {
				return err
			}
			if *follow {
				return r.follow(ctx, in, c, filter, page)
			}
			if page.Exchanges == nil {
				page.Exchanges = []control.Exchange{}
			}
			return r.show(in, page, func() { printJournal(in, page) })
		})
	},
}

// journalFilter declares the flags that choose exchanges.
func journalFilter(f *flag.FlagSet) func() control.JournalFilter {
	var j control.JournalFilter
	var app, order, syssn, payer, openid, respcd, fidelity string
	for _, flag := range []struct {
		to          *string
		name, usage string
	}{
		{&app, "app", "only this App's, by its `code` (default: everybody's)"},
		{&order, "order", "only about this order, by its `out_trade_no`"},
		{&syssn, "syssn", "only about the transaction with this `number`"},
		{&payer, "payer", "only of this payer, by `id`"},
		{&openid, "openid", "only about this `openid`"},
		{&respcd, "respcd", "only those answered with this `respcd`"},
		{&fidelity, "fidelity", "only answers that are `one of` documented, observed, assumed"},
		{&j.Surface, "surface", "only of this `surface`: " + strings.Join(control.Surfaces(), ", ")},
		{&j.Direction, "direction", "only what came `in`, or went out"},
		{&j.Path, "path", "only calls of this `path`"},
		{&j.Method, "method", "only calls with this HTTP `method`"},
		{&j.Status, "status", "only those answered with this HTTP `status`: 200, 4xx, or 0 for no answer"},
		{&j.DecidedBy, "decided-by", "only what this `lever` decided, as X-Sandbox-Decided-By says"},
		{&j.Finding, "finding", "only those with this finding, by `id`, or with any"},
		{&j.Search, "q", "only those with this `text` anywhere"},
		{&j.After, "after", "only those at this `time` of their App's clock or later"},
		{&j.Before, "before", "only those before this `time`"},
	} {
		f.StringVar(flag.to, flag.name, "", flag.usage)
	}
	f.Uint64Var(&j.Since, "since", 0, "only those behind this `number`")
	return func() control.JournalFilter {
		j.App, j.OutTradeNo, j.Syssn, j.Payer, j.OpenID = sandbox.AppCode(app), sandbox.OutTradeNo(order), sandbox.Syssn(syssn), sandbox.PayerID(payer), sandbox.OpenID(openid)
		j.Respcd, j.Fidelity = qfpay.Respcd(respcd), sandbox.Fidelity(fidelity)
		return j
	}
}

// lastOf reads the n newest, all of them for 0, and where to go on from.
func lastOf(ctx context.Context, c *control.Client, f control.JournalFilter, n int) (control.JournalPage, error) {
	f.Last = n
	return c.Journal(ctx, f)
}

// journalTable has widths that most exchanges fit in, so that lines which come one by one stand in columns.
func journalTable() *table {
	t := newTable("SEQ", "TIME", "DIR", "SURFACE", "CALL", "ORDER", "STATUS", "RESPCD", "DECIDED_BY", "FINDINGS")
	t.least = []int{4, 19, 3, 7, 30, 8, 6, 6, 10}
	return t
}

func addExchange(t *table, e control.Exchange) {
	status := "-"
	if e.Status != 0 {
		status = strconv.Itoa(e.Status)
	}
	t.add(strconv.FormatUint(e.Seq, 10), sandbox.FormatTime(e.At), direction(e), e.Surface, e.Method+" "+e.Path, or(string(e.OutTradeNo), "-"), status,
		or(string(e.Respcd), "-"), or(e.DecidedBy, "-"), or(findingIDs(e), "-"))
}

// direction is how an exchange passed, seen from QFPay.
func direction(e control.Exchange) string {
	if e.Surface == "notify" {
		return "out"
	}
	return "in"
}

func findingIDs(e control.Exchange) string {
	ids := make([]string, len(e.Findings))
	for i, f := range e.Findings {
		ids[i] = f.ID
	}
	return strings.Join(ids, ",")
}

func printJournal(in *invocation, page control.JournalPage) {
	if len(page.Exchanges) == 0 {
		in.say("The journal has nothing of the kind.")
		return
	}
	t := journalTable()
	for _, e := range page.Exchanges {
		addExchange(t, e)
	}
	t.print(in)
	if page.Dropped > 0 {
		in.say("Older ones were dropped for want of room: %d", page.Dropped)
	}
	in.say("Times are QFPay's, UTC+8. One whole, with what to change: qfsandbox journal %d", page.Exchanges[len(page.Exchanges)-1].Seq)
}

func (r *remote) showExchange(ctx context.Context, in *invocation, c *control.Client, text string) error {
	seq, err := strconv.ParseUint(text, 10, 63)
	if err != nil || seq == 0 {
		return usageError("%q is no number of an exchange, want one such as 12; qfsandbox journal lists them", text)
	}
	page, err := c.Journal(ctx, control.JournalFilter{Since: seq - 1, Until: seq + 1})
	if err != nil {
		return err
	}
	if len(page.Exchanges) == 0 {
		return fmt.Errorf("exchange %d is not in the journal, whose oldest is %d; qfsandbox journal lists the newest", seq, page.Oldest)
	}
	return r.show(in, page.Exchanges[0], func() { printExchange(in, page.Exchanges[0]) })
}

// printLine is JSON on one line, for what comes one by one.
func printLine(in *invocation, v any) error {
	e := json.NewEncoder(in.stdout)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
