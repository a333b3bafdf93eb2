package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// mostListed is how many more Apps the banner lists.
const mostListed = 9

// banner tells a newcomer what to configure and gives a first call that works when pasted.
func banner(to io.Writer, srv *server.Server, caFile string) {
	app := srv.Apps()[0]
	fmt.Fprintf(to, "QFPay sandbox %s (TEST: no money moves here)\n\n", version)
	line := func(name, value, what string) { fmt.Fprintf(to, "  %-13s %-34s %s\n", name, value, what) }
	line("QFPay", srv.URL(), "openapi: /tool/v1/*, /trade/v1/*   cashier: /q/direct")
	line("controls", srv.ControlURL(), "/_sandbox/v1/journal, apps, payers, clock")
	if srv.TLSAddr() != "" {
		line("vendors", "https://"+srv.TLSAddr(), fmt.Sprintf("the %d hosts of QFPay and WeChat, by name: qfsandbox hosts", len(server.VendorHosts())))
		line("CA", or(caFile, srv.ControlURL()+control.CAPath), "certificate to trust: qfsandbox ca")
	}
	line("app_code", string(app.Code), "header X-QF-APPCODE")
	line("client_key", app.ClientKey, "signs requests, never sent")
	what := "to be sent with every call"
	if len(app.Mchids) > 1 {
		what = "one of them to be sent with every call"
	}
	for _, m := range app.Mchids {
		line("mchid", string(m), what)
	}
	if app.NotifyURL != "" {
		line("notify_url", app.NotifyURL, "for orders without one of their own")
	}
	listApps(to, srv.Apps()[1:])
	if srv.TLSAddr() != "" {
		unchanged(to, srv.URL(), caFile)
	}
	params := qfpay.Params{{Name: "page_size", Value: "10"}}
	if len(app.Mchids) > 0 {
		params = append(params, qfpay.Param{Name: "mchid", Value: string(app.Mchids[0])})
	}
	fmt.Fprintf(to, "\nTry a signed call (an enquiry for the latest payments):\n\n  curl -s %s/trade/v1/query -H 'X-QF-APPCODE: %s' -H 'X-QF-SIGN: %s'", srv.URL(), app.Code,
		qfpay.Sign(params.Canonical(), app.ClientKey, qfpay.MD5))
	for _, p := range params {
		fmt.Fprintf(to, " -d '%s=%s'", p.Name, strings.ReplaceAll(p.Value, "'", `'\''`))
	}
	fmt.Fprintf(to, "\n\nits signature: MD5 of %q and the client_key behind it.\n\n", params.Canonical())
}

// unchanged tells how a program with the vendors' hosts in it runs as it is.
func unchanged(to io.Writer, proxy, caFile string) {
	fmt.Fprintf(to, "\nRun an integration that has the vendors' own host names in it, unchanged:\n\n  ")
	if caFile == "" {
		fmt.Fprint(to, `eval "$(qfsandbox ca -file ca.pem -env)"; `)
	} else {
		for _, v := range unchangedEnv(proxy, caFile) {
			if v.name != "https_proxy" && v.name != "NODE_USE_ENV_PROXY" {
				fmt.Fprintf(to, "%s=%s ", v.name, quoted(v.value))
			}
		}
	}
	fmt.Fprint(to, "your-program\n")
}

// listApps names the other Apps, a line each.
func listApps(to io.Writer, apps []sandbox.App) {
	for i, app := range apps {
		if i == mostListed {
			fmt.Fprintf(to, "  %-13s and %d more: /_sandbox/v1/apps on the controls lists them\n", "", len(apps)-i)
			return
		}
		title := ""
		if i == 0 {
			title = "other Apps"
		}
		fmt.Fprintf(to, "  %-13s %-34s %s  %s", title, app.Code, app.ClientKey, app.Name)
		for _, m := range app.Mchids {
			fmt.Fprintf(to, "  mchid %s", m)
		}
		fmt.Fprintln(to)
	}
}
