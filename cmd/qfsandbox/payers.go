package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

var payersCommand = command{
	name: "payers", takes: "[PAYER]", does: "list the payers, or show one with the names an App knows it by",
	about:    " A payer belongs to the sandbox, not to an App. What one does in the wallet is its behaviour; docs/control.md explains each.",
	examples: []string{"qfsandbox payers", "qfsandbox payers alice", "qfsandbox payers -json"},
	words:    []command{payersCreate, payersChange, payersCode},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.flags(f)
		r.appFlag(f)
		return r.with(func(ctx context.Context, in *invocation, c *control.Client) error {
			if len(in.args) == 1 {
				return r.showPayer(ctx, in, c, sandbox.PayerID(in.args[0]))
			}
			payers, err := c.Payers(ctx)
			if err != nil {
				return err
			}
			return r.show(in, control.Payers{Payers: payers}, func() {
				if len(payers) == 0 {
					in.say("There are no payers yet; a browser brings one, and so does: qfsandbox payers create -id alice")
					return
				}
				t := newTable("PAYER", "NAME", "BEHAVIOUR", "METHOD", "REAL_NAME", "CREID", "DELAY", "CONSENT", "BRIDGE")
				for _, p := range payers {
					t.add(string(p.ID), p.Name, string(p.Behaviour), string(p.Method), or(p.RealName, "-"), or(p.CreID, "-"), p.Delay, string(p.Consent), string(p.Bridge))
				}
				t.print(in)
				in.say("Change what one does: qfsandbox payers change %s -behaviour cancel", payers[0].ID)
			})
		})
	},
}

// knownPayer is a payer and its names towards an App.
type knownPayer struct {
	control.Payer
	Accounts control.Accounts `json:"accounts"`
}

func (r *remote) showPayer(ctx context.Context, in *invocation, c *control.Client, id sandbox.PayerID) error {
	p, err := c.Payer(ctx, id)
	if err != nil {
		return missingPayer(err, id)
	}
	app, err := r.appOf(ctx, c)
	if err != nil {
		return err
	}
	names, err := c.Accounts(ctx, app, id)
	if err != nil {
		return err
	}
	return r.show(in, knownPayer{p, names}, func() {
		printPayer(in, p)
		t := newTable()
		t.add("app", string(names.App))
		t.add("openid", string(names.OpenID)+"  (what sub_openid takes)")
		t.add("alipay", string(names.Alipay)+"  (cardcd of what is paid with Alipay)")
		t.print(in)
	})
}

// missingPayer names the command that makes the payer, where the controls name a path.
func missingPayer(err error, id sandbox.PayerID) error {
	var refused *control.Error
	if !errors.As(err, &refused) || !strings.HasPrefix(refused.Message, "payer ") {
		return err
	}
	if !sandbox.ValidPayerID(string(id)) {
		return missing(err, fmt.Sprintf("payer %q does not exist here; qfsandbox payers lists those that do", id))
	}
	return missing(err, fmt.Sprintf("payer %q does not exist here; qfsandbox payers create -id %s makes one", id, id))
}

func printPayer(in *invocation, p control.Payer) {
	t := newTable()
	t.add("payer", string(p.ID))
	t.add("name", p.Name)
	t.add("behaviour", string(p.Behaviour))
	t.add("method", string(p.Method))
	t.add("real_name", or(p.RealName, "-"))
	t.add("creid", or(p.CreID, "none: no card is bound, every real name passes"))
	t.add("delay", p.Delay)
	t.add("consent", string(p.Consent))
	t.add("bridge", string(p.Bridge))
	t.print(in)
}

// payerFlags are what a payer is created with and changed by.
type payerFlags struct{ name, behaviour, method, realName, creID, delay, consent, bridge string }

func (p *payerFlags) flags(f *flag.FlagSet) {
	f.StringVar(&p.name, "name", "", "account's `name` in the wallet")
	f.StringVar(&p.behaviour, "behaviour", "", "what the payer does in the wallet: `one of` "+list(sandbox.Behaviours()))
	f.StringVar(&p.method, "method", "", "what the wallet pays with: `one of` "+list(sandbox.Methods()))
	f.StringVar(&p.realName, "real-name", "", "`name` on the bound bank card")
	f.StringVar(&p.creID, "creid", "", "identity card `number` of the bound bank card")
	f.StringVar(&p.delay, "delay", "", "how `long` a slow payer takes, such as 5s")
	f.StringVar(&p.consent, "consent", "", "the payer's answer where WeChat asks for name and picture: `one of` "+list(sandbox.Consents()))
	f.StringVar(&p.bridge, "bridge", "", "when WeixinJSBridge appears in the payer's browser: `one of` "+list(sandbox.Bridges()))
}

var payersCreate = command{
	name: "create", does: "make a payer; what is left out is chosen by the sandbox",
	examples: []string{"qfsandbox payers create -id bob -behaviour pay", "qfsandbox payers create -id carol -name '小林' -behaviour slow -delay 30s -json"},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		var p payerFlags
		r.flags(f)
		p.flags(f)
		id := f.String("id", "", "`id` of letters, digits, - and _")
		return r.with(func(ctx context.Context, in *invocation, c *control.Client) error {
			payer, err := c.CreatePayer(ctx, control.Payer{ID: sandbox.PayerID(*id), Name: p.name, Behaviour: sandbox.Behaviour(p.behaviour),
				Method: sandbox.Method(p.method), RealName: p.realName, CreID: p.creID, Delay: p.delay, Consent: sandbox.Consent(p.consent), Bridge: sandbox.Bridge(p.bridge)})
			if err != nil {
				return err
			}
			return r.show(in, payer, func() { printPayer(in, payer) })
		})
	},
}

var payersChange = command{
	name: "change", takes: "PAYER", does: "change what its flags name",
	examples: []string{"qfsandbox payers change alice -behaviour insufficient-balance", "qfsandbox payers change alice -method credit -json", "qfsandbox payers change alice -consent refuse -bridge slow"},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		var p payerFlags
		r.flags(f)
		p.flags(f)
		return r.with(func(ctx context.Context, in *invocation, c *control.Client) error {
			var change control.PayerChange
			behaviour, method, consent, bridge := sandbox.Behaviour(p.behaviour), sandbox.Method(p.method), sandbox.Consent(p.consent), sandbox.Bridge(p.bridge)
			for _, flag := range []struct {
				name string
				set  func()
			}{
				{"name", func() { change.Name = &p.name }}, {"behaviour", func() { change.Behaviour = &behaviour }}, {"method", func() { change.Method = &method }},
				{"real-name", func() { change.RealName = &p.realName }}, {"creid", func() { change.CreID = &p.creID }}, {"delay", func() { change.Delay = &p.delay }},
				{"consent", func() { change.Consent = &consent }}, {"bridge", func() { change.Bridge = &bridge }},
			} {
				if given(f, flag.name) {
					flag.set()
				}
			}
			payer, err := c.ChangePayer(ctx, sandbox.PayerID(in.args[0]), change)
			if err != nil {
				return missingPayer(err, sandbox.PayerID(in.args[0]))
			}
			return r.show(in, payer, func() { printPayer(in, payer) })
		})
	},
}

var payersCode = command{
	name: "code", takes: "PAYER", does: "give a code that the payer shows at an App's tills, for pay types that scan it",
	examples: []string{"qfsandbox payers code alice", "qfsandbox payers code alice -wallet alipay -json"},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.flags(f)
		r.appFlag(f)
		wallet := f.String("wallet", "wechat", "the `wallet` that shows it: wechat or alipay")
		return r.with(func(ctx context.Context, in *invocation, c *control.Client) error {
			app, err := r.appOf(ctx, c)
			if err != nil {
				return err
			}
			code, err := c.IssueAuthCode(ctx, sandbox.PayerID(in.args[0]), control.NewAuthCode{App: app, Wallet: *wallet})
			if err != nil {
				return missingPayer(err, sandbox.PayerID(in.args[0]))
			}
			return r.show(in, code, func() {
				in.say("%s", code.AuthCode)
				in.say("Payment takes it as auth_code with App %s, once, until %s.", code.App, sandbox.FormatTime(code.ExpiresAt))
			})
		})
	},
}
