package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// bundleCommand writes one order's file, to send to somebody who has no such sandbox.
var bundleCommand = command{
	name: "bundle", takes: "ORDER", does: "write all about one order into one text file",
	about: " The file holds what went wrong, the order, a timeline and every exchange byte for byte, and no client_key. " +
		"An order that was never accepted has one too. Somebody else plays it again with qfsandbox replay. ORDER is an out_trade_no.",
	examples: []string{"qfsandbox bundle T1 -o T1.bundle.txt", "qfsandbox bundle T1 | less"},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.connection(f)
		r.appFlag(f)
		f.StringVar(&r.mchid, "mchid", "", "`mchid` of the order's shop (default: the shop that has such an order)")
		file := f.String("o", "", "`file` to write (default: standard output)")
		return func(ctx context.Context, in *invocation) error {
			c, err := r.client(ctx, in)
			if err != nil {
				return err
			}
			app, err := r.appOf(ctx, c)
			if err != nil {
				return err
			}
			raw, err := c.Bundle(ctx, app, sandbox.Mchid(r.mchid), sandbox.OutTradeNo(in.args[0]))
			if err != nil {
				return err
			}
			if *file == "" {
				_, err := in.stdout.Write(raw)
				return err
			}
			if err := os.WriteFile(*file, raw, 0o600); err != nil {
				return fmt.Errorf("cannot write -o: %w", err)
			}
			_, err = fmt.Fprintf(in.stdout, "%s: %d bytes; read it, send it, or play it again: qfsandbox replay %s\n", filepath.Base(*file), len(raw), *file)
			return err
		}
	},
}
