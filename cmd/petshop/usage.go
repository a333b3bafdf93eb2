package main

import (
	"flag"
	"fmt"
	"io"
)

// printUsage shows every flag with its variable and its default.
func printUsage(w io.Writer) {
	fmt.Fprint(w, `petshop is a small shop that takes WeChat Pay through QFPay: a correct merchant to read, and to test against.

  petshop [flags]                  serve
  petshop healthcheck [-url URL]   exit 0 if a running petshop is healthy
  petshop version

Without -appid payments are for QFPay's official account (the document's method 2): QFPay tells the payer's openid, and its
cashier (-o2) opens the wallet. With -appid and -app-secret they are for the shop's own (method 1): WeChat tells the
openid, and the shop's page /checkout/pay opens the wallet. The account needs the shop's host as its web authorisation
domain, PUBLIC-URL/checkout/ as a payment directory, and to be bound to the app code at QFPay.

Every flag can be set by its environment variable too; the flag wins.

`)
	fs := flagSet(new(settings))
	fs.VisitAll(func(f *flag.Flag) {
		kind, usage := flag.UnquoteUsage(f)
		fmt.Fprintf(w, "  -%s %s (%s)\n        %s", f.Name, kind, envOf(f.Name), usage)
		if f.DefValue != "" {
			fmt.Fprintf(w, " (default %s)", f.DefValue)
		}
		fmt.Fprintln(w)
	})
}
