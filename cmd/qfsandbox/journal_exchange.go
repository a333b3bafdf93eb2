package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// printExchange shows an exchange whole: what was concluded first, then the bytes.
func printExchange(in *invocation, e control.Exchange) {
	t := newTable()
	line := func(name, value string) {
		if value != "" {
			t.add(name, value)
		}
	}
	line("exchange", fmt.Sprintf("%d  %s  %s", e.Seq, direction(e), e.Surface))
	line("time", fmt.Sprintf("%s  took %s", sandbox.FormatTime(e.At), time.Duration(e.TookMicros)*time.Microsecond))
	line("app", string(e.App))
	line("order", string(e.OutTradeNo))
	line("syssn", string(e.Syssn))
	line("payer", string(e.Payer))
	line("openid", string(e.OpenID))
	line("respcd", string(e.Respcd))
	line("fidelity", string(e.Fidelity))
	line("decided by", e.DecidedBy)
	line("error", e.Error)
	t.print(in)
	for _, f := range e.Findings {
		in.say("")
		in.say("finding %s", f.ID)
		t := newTable()
		for _, part := range []struct{ name, value string }{
			{"  what", f.Detail}, {"  received", f.Received}, {"  expected", f.Expected}, {"  change", f.Change}, {"  see", f.Clause},
		} {
			if part.value != "" {
				t.add(part.name, part.value)
			}
		}
		t.print(in)
	}
	in.say("")
	in.say("%s %s", e.Method, e.URL)
	message(in, e.RequestHeader, e.RequestBody, e.RequestCut)
	in.say("")
	if e.Status == 0 {
		in.say("No answer came.")
		return
	}
	in.say("HTTP %d", e.Status)
	message(in, e.AnswerHeader, e.AnswerBody, e.AnswerCut)
}

// message is headers, an empty line and the body, whose own lines stay lines.
func message(in *invocation, header map[string][]string, body string, cut int) {
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			in.say("%s: %s", name, value)
		}
	}
	if body != "" {
		in.say("")
		fmt.Fprintln(in.stdout, harmlessLines(strings.TrimSuffix(body, "\n")))
	}
	if cut > 0 {
		in.say("(and %d bytes more, which were not kept)", cut)
	}
}
