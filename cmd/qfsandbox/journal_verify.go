package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

var journalVerify = command{
	name: "verify", takes: "ORDER", does: "say whether the journal proves what should have happened to an order",
	about: " Without -expect that is one payment: one accepted payment with this number, after one exchange of a code for its openid, " +
		"paid, and its notification acknowledged. Exit code 0 when it is proved, 1 when not.",
	examples: []string{"qfsandbox journal verify T1", `echo '{"expect": [{"call": "payment", "times": 1}]}' | qfsandbox journal verify T1 -expect - -json`},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.flags(f)
		r.appFlag(f)
		expect := f.String("expect", "", "`file` with what to expect as JSON, - for standard input: docs/journal.md")
		since := f.Uint64("since", 0, "only what is behind this `number` of the journal")
		return func(ctx context.Context, in *invocation) error {
			v, err := verification(in, *expect)
			if err != nil {
				return err
			}
			c, err := r.client(ctx, in)
			if err != nil {
				return err
			}
			if v.App, err = r.appOf(ctx, c); err != nil {
				return err
			}
			v.OutTradeNo, v.Since = sandbox.OutTradeNo(in.args[0]), *since
			result, err := c.Verify(ctx, v)
			if err != nil {
				return err
			}
			if err := r.show(in, result, func() { printVerified(in, result) }); err != nil {
				return err
			}
			if !result.Verified {
				return errors.New("the journal does not prove it, see above")
			}
			return nil
		}
	},
}

// verification is what to prove: one payment, or what a file says.
func verification(in *invocation, file string) (control.Verification, error) {
	if file == "" {
		return control.Verification{Verify: "one-payment"}, nil
	}
	var raw []byte
	var err error
	if file == "-" {
		raw, err = io.ReadAll(io.LimitReader(in.stdin, 1<<20))
	} else {
		raw, err = os.ReadFile(file)
	}
	if err != nil {
		return control.Verification{}, usageError("-expect: %w", err)
	}
	var v control.Verification
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&v); err != nil {
		return v, usageError(`-expect %s: %w; want JSON such as {"expect": [{"call": "payment", "times": 1}]}`, file, err)
	}
	return v, nil
}

func printVerified(in *invocation, v control.Verified) {
	failed := map[string]bool{}
	for _, f := range v.Failures {
		failed[f.Expectation] = true
	}
	t := newTable("RESULT", "EXPECTATION", "EXPECTED", "ACTUAL", "EXCHANGES")
	for _, c := range v.Checked {
		result := "ok"
		if failed[c.Expectation] {
			result = "FAILED"
		}
		t.add(result, c.Expectation, c.Expected, c.Actual, or(strings.Trim(fmt.Sprint(c.Seq), "[]"), "-"))
	}
	t.print(in)
}
