package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

var appsCommand = command{
	name: "apps", takes: "[CODE]", does: "list the Apps, or show one whole",
	about:    " An App is a set of credentials and all that belongs to it: orders, clock, faults, journal.",
	examples: []string{"qfsandbox apps", "qfsandbox apps " + demoAppCode, "qfsandbox apps -json"},
	words:    []command{appsCreate, appsChange, appsReset},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.flags(f)
		return r.with(func(ctx context.Context, in *invocation, c *control.Client) error {
			if len(in.args) == 1 {
				app, err := c.App(ctx, sandbox.AppCode(in.args[0]))
				if err != nil {
					return err
				}
				return r.show(in, app, func() { printApp(in, app) })
			}
			apps, err := c.Apps(ctx)
			if err != nil {
				return err
			}
			return r.show(in, map[string][]control.App{"apps": apps}, func() {
				t := newTable("APP", "NAME", "MCHIDS", "NOTIFY_URL", "TIME")
				for _, a := range apps {
					t.add(string(a.AppCode), a.Name, or(list(a.Mchids), "-"), or(a.NotifyURL, "-"), sandbox.FormatTime(a.Now))
				}
				t.print(in)
				in.say("Times are QFPay's, UTC+8. One App with its key and settings: qfsandbox apps CODE")
			})
		})
	},
}

// list is words with commas between them.
func list[T ~string](items []T) string {
	words := make([]string, len(items))
	for i, item := range items {
		words[i] = string(item)
	}
	return strings.Join(words, ",")
}

func printApp(in *invocation, a control.App) {
	t := newTable()
	t.add("app_code", string(a.AppCode))
	t.add("client_key", a.ClientKey)
	t.add("name", a.Name)
	t.add("mchids", or(list(a.Mchids), "none: calls carry no mchid"))
	t.add("notify_url", or(a.NotifyURL, "none: only orders with one of their own are notified"))
	t.add("appid", a.AppID+"  (QFPay's account)")
	t.add("currencies", list(a.Currency))
	t.add("pay_types", list(a.PayTypes))
	t.add("pay_directories", or(list(a.PayDirectories), "none but the cashier's"))
	if own := a.OfficialAccount; own == nil {
		t.add("own account", "none: QFPay's serves the App (method 2)")
	} else {
		t.add("own appid", own.AppID+"  (the merchant's account, method 1)")
		t.add("own secret", own.Secret)
		t.add("own oauth_domains", or(list(own.OAuthDomains), "none: WeChat's login refuses every redirect_uri"))
		t.add("own pay_directories", or(list(own.PayDirectories), "none: only QFPay's cashier raises the wallet"))
	}
	for _, s := range settingsOf(a.Settings) {
		t.add("setting "+s.name, s.value)
	}
	t.add("notify_delay", a.NotifyDelay)
	for _, d := range a.Delivery {
		t.add("delivery", fmt.Sprintf("on %s after %s: %s", d.On, d.After, d.Variant))
	}
	t.add("seed", or(a.Seed, "none: ids are random"))
	t.add("time", sandbox.FormatTime(a.Now))
	t.print(in)
	in.say("Change it: qfsandbox apps change %s -h", a.AppCode)
}
