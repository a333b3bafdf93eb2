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
	appID, secret, oauthDomains               string
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
	f.StringVar(&a.payDirectories, "pay-directory", "", "`addresses` up to the last slash of own pages that may raise the wallet, separated by commas; they belong to -appid's account, where the App has one of its own, else to QFPay's")
	f.StringVar(&a.appID, "appid", "", "`appid` of the merchant's own official account (method 1)")
	f.StringVar(&a.secret, "secret", "", "`secret` of -appid (default: chosen by the sandbox)")
	f.StringVar(&a.oauthDomains, "oauth-domain", "", "`hosts` that redirect_uri may name at WeChat's login for -appid, separated by commas")
	f.Var(&a.settings, "set", "`setting=value`, more than once for several: "+settingNames())
}

// own is the official account that a new App's flags name; nil without.
func (a *appFlags) own(f *flag.FlagSet) (*control.OfficialAccount, error) {
	if a.appID == "" {
		for _, name := range []string{"secret", "oauth-domain"} {
			if given(f, name) {
				return nil, usageError("-%s belongs to an official account of the merchant's own; name it with -appid", name)
			}
		}
		return nil, nil
	}
	return &control.OfficialAccount{AppID: a.appID, Secret: a.secret, OAuthDomains: wordsAs[string](a.oauthDomains), PayDirectories: wordsAs[string](a.payDirectories)}, nil
}

// changeOwn puts what the flags say of the App's own official account into a change. It was read before, as the
// controls take the account whole.
func (a *appFlags) changeOwn(f *flag.FlagSet, now *control.OfficialAccount, change *control.AppChange) error {
	if !given(f, "appid") && !given(f, "secret") && !given(f, "oauth-domain") && (now == nil || !given(f, "pay-directory")) {
		return nil
	}
	if now == nil {
		own, err := a.own(f)
		change.OfficialAccount = own
		if own != nil {
			change.PayDirectories = nil
		}
		return err
	}
	next := *now
	if given(f, "appid") && a.appID == "" {
		change.OfficialAccount = &control.OfficialAccount{}
		return nil
	}
	if given(f, "appid") && a.appID != now.AppID {
		next.AppID, next.Secret = a.appID, ""
	}
	if given(f, "secret") {
		next.Secret = a.secret
	}
	if given(f, "oauth-domain") {
		next.OAuthDomains = wordsAs[string](a.oauthDomains)
	}
	if given(f, "pay-directory") {
		next.PayDirectories, change.PayDirectories = wordsAs[string](a.payDirectories), nil
	}
	change.OfficialAccount = &next
	return nil
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
		"qfsandbox apps create -code OWN -appid wx0123456789abcdef -oauth-domain shop.localhost:3000 -pay-directory http://shop.localhost:3000/pay/",
	},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		var a appFlags
		r.flags(f)
		a.flags(f)
		code := f.String("code", "", "app `code`")
		seed := f.String("seed", "", "`text` that makes all ids the same in every run")
		return r.with(func(ctx context.Context, in *invocation, c *control.Client) error {
			own, err := a.own(f)
			if err != nil {
				return err
			}
			directories := words(a.payDirectories)
			if own != nil {
				directories = nil
			}
			app, err := c.CreateApp(ctx, control.NewApp{
				AppCode: sandbox.AppCode(*code), ClientKey: a.key, Name: a.name, Mchids: wordsAs[sandbox.Mchid](a.mchids), NotifyURL: a.notifyURL, Seed: *seed,
				Currency: wordsAs[qfpay.Currency](a.currencies), PayTypes: wordsAs[qfpay.PayType](a.payTypes), PayDirectories: directories, OfficialAccount: own,
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
	about: " A list given empty, as -mchid '', is a list without anything; -appid '' takes the App's own official account from it. After a new -key what is signed with the old one is refused, and the journal says that it was the old one.",
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
			code, change := sandbox.AppCode(in.args[0]), a.changeOf(f)
			now, err := c.App(ctx, code)
			if err != nil {
				return err
			}
			if err := a.changeOwn(f, now.OfficialAccount, &change); err != nil {
				return err
			}
			app, err := c.ChangeApp(ctx, code, change)
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
