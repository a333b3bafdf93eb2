package main

import (
	"context"
	"flag"
	"strconv"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// appFlags are what an App is created with and changed by.
type appFlags struct {
	key, name, mchids, notifyURL, notifyDelay string
	currencies, payTypes, payDirectories      string
	settings                                  settingsFlag
}

func (a *appFlags) flags(f *flag.FlagSet) {
	f.StringVar(&a.key, "key", "", "client `key`")
	f.StringVar(&a.name, "name", "", "merchant's `name` in the wallet")
	f.StringVar(&a.mchids, "mchid", "", "`mchids` of its shops, separated by commas; every call must then carry one")
	f.StringVar(&a.notifyURL, "notify-url", "", "`URL` that gets the notifications of orders without one of their own")
	f.StringVar(&a.notifyDelay, "notify-delay", "", "how `long` after payment the first notification goes out, such as 2m")
	f.StringVar(&a.currencies, "currency", "", "`currencies` it takes, separated by commas")
	f.StringVar(&a.payTypes, "pay-type", "", "`pay types` it may use, separated by commas")
	f.StringVar(&a.payDirectories, "pay-directory", "", "`addresses` up to the last slash of own pages that may raise the wallet, separated by commas")
	f.Var(&a.settings, "set", "`setting=value`, more than once for several: "+settingNames())
}

// wordsAs gives words between commas a type; never nil, as an empty list is one.
func wordsAs[T ~string](s string) []T {
	list := []T{}
	for _, w := range words(s) {
		list = append(list, T(w))
	}
	return list
}

// given reports whether a flag was said.
func given(f *flag.FlagSet, name string) (found bool) {
	f.Visit(func(fl *flag.Flag) { found = found || fl.Name == name })
	return found
}

var appsCreate = command{
	name: "create", does: "make an App; what is left out is chosen by the sandbox",
	examples: []string{
		"qfsandbox apps create", "qfsandbox apps create -code PETSHOP -key PETSHOPKEY -name 'Pet Shop' -notify-url http://127.0.0.1:3000/notify",
		"qfsandbox apps create -mchid M1,M2 -set canada=true -set refund_delay=90s -json",
	},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		var a appFlags
		r.flags(f)
		a.flags(f)
		code := f.String("code", "", "app `code`")
		seed := f.String("seed", "", "`text` that makes all ids the same in every run")
		return r.with(func(ctx context.Context, in *invocation, c *control.Client) error {
			app, err := c.CreateApp(ctx, control.NewApp{
				AppCode: sandbox.AppCode(*code), ClientKey: a.key, Name: a.name, Mchids: wordsAs[sandbox.Mchid](a.mchids), NotifyURL: a.notifyURL, Seed: *seed,
				Currency: wordsAs[qfpay.Currency](a.currencies), PayTypes: wordsAs[qfpay.PayType](a.payTypes), PayDirectories: words(a.payDirectories),
				Settings: a.settings.change, NotifyDelay: a.notifyDelay,
			})
			if err != nil {
				return err
			}
			return r.show(in, app, func() { printApp(in, app) })
		})
	},
}

var appsChange = command{
	name: "change", takes: "CODE", does: "change what its flags name, the client key too",
	about: " A list given empty, as -mchid '', is a list without anything. After a new -key what is signed with the old one is refused, and the journal says that it was the old one.",
	examples: []string{
		"qfsandbox apps change " + demoAppCode + " -notify-url http://127.0.0.1:3000/notify", "qfsandbox apps change " + demoAppCode + " -key NEWCLIENTKEY",
		"qfsandbox apps change " + demoAppCode + " -set rate_limit=true",
	},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		var a appFlags
		r.flags(f)
		a.flags(f)
		return r.with(func(ctx context.Context, in *invocation, c *control.Client) error {
			app, err := c.ChangeApp(ctx, sandbox.AppCode(in.args[0]), a.changeOf(f))
			if err != nil {
				return err
			}
			return r.show(in, app, func() { printApp(in, app) })
		})
	},
}

// changeOf is what the flags that were given ask for.
func (a *appFlags) changeOf(f *flag.FlagSet) control.AppChange {
	change := control.AppChange{Settings: a.settings.change}
	for name, to := range map[string]struct {
		field **string
		value *string
	}{
		"key": {&change.ClientKey, &a.key}, "name": {&change.Name, &a.name}, "notify-url": {&change.NotifyURL, &a.notifyURL}, "notify-delay": {&change.NotifyDelay, &a.notifyDelay},
	} {
		if given(f, name) {
			*to.field = to.value
		}
	}
	if given(f, "mchid") {
		change.Mchids = wordsAs[sandbox.Mchid](a.mchids)
	}
	if given(f, "currency") {
		change.Currency = wordsAs[qfpay.Currency](a.currencies)
	}
	if given(f, "pay-type") {
		change.PayTypes = wordsAs[qfpay.PayType](a.payTypes)
	}
	if given(f, "pay-directory") {
		change.PayDirectories = wordsAs[string](a.payDirectories)
	}
	return change
}

var appsReset = command{
	name: "reset", takes: "[CODE]", does: "forget an App's orders, notifications, codes, journal, faults and plans of single orders",
	about:    " Without CODE it is the App QFSANDBOX_APP_CODE names, else the sandbox's only App, else the demo App. Its clock is the real one again. Credentials, settings and its own delivery plan stay, and payers do.",
	examples: []string{"qfsandbox apps reset", "qfsandbox apps reset " + demoAppCode, "qfsandbox apps reset -all"},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.flags(f)
		all := f.Bool("all", false, "reset every App")
		return r.with(func(ctx context.Context, in *invocation, c *control.Client) error {
			if *all {
				if len(in.args) == 1 {
					return usageError("qfsandbox apps reset wants the code of an App, or -all, not both")
				}
				forgotten, err := c.ResetAll(ctx)
				if err != nil {
					return err
				}
				return r.show(in, forgotten, func() { printForgotten(in, "every App", forgotten) })
			}
			if len(in.args) == 1 {
				r.app = in.args[0]
			}
			app, err := r.appOf(ctx, c)
			if err != nil {
				return err
			}
			forgotten, err := c.Reset(ctx, app)
			if err != nil {
				return err
			}
			return r.show(in, forgotten, func() { printForgotten(in, "App "+string(app), forgotten) })
		})
	},
}

func printForgotten(in *invocation, of string, f control.Forgotten) {
	t := newTable("TRANSACTIONS", "NOTIFICATIONS", "CODES", "EXCHANGES", "FAULTS", "ORDER_PLANS")
	t.add(strconv.Itoa(f.Transactions), strconv.Itoa(f.Notifications), strconv.Itoa(f.Codes), strconv.Itoa(f.Exchanges), strconv.Itoa(f.Faults), strconv.Itoa(f.OrderPlans))
	t.print(in)
	in.say("Forgotten of %s. Credentials and settings stay.", of)
}
