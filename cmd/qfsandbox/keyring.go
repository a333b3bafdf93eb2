package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// keyring is where sign and explain have a client_key from. A key that is given is used here and
// goes nowhere; without one a running sandbox is asked for its Apps.
type keyring struct {
	remote
	code, key, file string
	showKey         bool
}

func (k *keyring) flags(f *flag.FlagSet) {
	k.connection(f)
	f.BoolVar(&k.json, "json", false, "print JSON for programs, in the words of docs/explain.md")
	f.StringVar(&k.code, "app", "", "another name of -app-code: app `code`")
	f.StringVar(&k.code, "app-code", "", "app `code` (default: the request's own, else the sandbox's only App, else the demo App)")
	f.StringVar(&k.key, "client-key", "", "client `key`; others on this machine may see it among the arguments, so better give a file or QFSANDBOX_CLIENT_KEY")
	f.StringVar(&k.file, "client-key-file", "", "`file` that holds the client key and nothing else")
	f.BoolVar(&k.showKey, "show-key", false, "print the client key itself where (client_key) stands")
}

// holder is the App a signature is made or judged for.
type holder struct {
	app sandbox.App
	// others are Apps whose key may have been taken by mistake.
	others []sandbox.App
	// from says whose key it is, as "of the demo App" does.
	from string
	// given: the key was given by whoever asks.
	given bool
	// sandbox is the vendor's address of the sandbox that was asked, empty without one.
	sandbox string
}

// foreign reports whether the key is only a guess at the one of this app code.
func (h *holder) foreign(code string) bool { return !h.given && code != string(h.app.Code) }

// given reads the key that flags and variables give, and where it is from.
func (k *keyring) given(in *invocation) (key, from string, err error) {
	switch {
	case k.key != "" && k.file != "":
		return "", "", usageError("-client-key and -client-key-file are both given, want one")
	case k.key != "":
		return k.key, "given with -client-key", nil
	case k.file != "":
		raw, err := os.ReadFile(k.file)
		if err != nil {
			return "", "", usageError("cannot read -client-key-file: %w", err)
		}
		if key = strings.TrimSpace(string(raw)); key == "" {
			return "", "", usageError("-client-key-file %s is empty, want the client key in it", k.file)
		}
		return key, "given with -client-key-file", nil
	}
	return in.variable("QFSANDBOX_CLIENT_KEY"), "given in QFSANDBOX_CLIENT_KEY", nil
}

// askedWithin is how long a sandbox may take to answer before the demo App is used.
const askedWithin = 2 * time.Second

// holderFor chooses the App; shown is the app code a request came with, if any.
func (k *keyring) holderFor(ctx context.Context, in *invocation, shown string) (holder, error) {
	key, from, err := k.given(in)
	if err != nil {
		return holder{}, err
	}
	code := firstNonEmpty(k.code, in.variable("QFSANDBOX_APP_CODE"), shown)
	if key != "" {
		return holder{app: sandbox.App{Code: sandbox.AppCode(firstNonEmpty(code, demoAppCode)), ClientKey: key}, from: from, given: true}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, askedWithin)
	defer cancel()
	c, err := k.client(ctx, in)
	if err == nil {
		return k.asked(ctx, c, sandbox.AppCode(code))
	}
	if k.url != "" { // somebody said where it is
		return holder{}, err
	}
	demo := sandbox.App{Code: demoAppCode, ClientKey: demoClientKey, Name: demoName}
	if k.code != "" && k.code != demoAppCode {
		return holder{}, usageError("the client_key of app code %q is not known here: no sandbox answers; give it with -client-key-file or QFSANDBOX_CLIENT_KEY", k.code)
	}
	return holder{app: demo, from: "of the demo App, for none was given and no sandbox answers"}, nil
}

// asked takes the Apps of a running sandbox.
func (k *keyring) asked(ctx context.Context, c *control.Client, code sandbox.AppCode) (holder, error) {
	about, err := c.About(ctx)
	if err != nil {
		return holder{}, err
	}
	apps, err := c.Apps(ctx)
	if err != nil {
		return holder{}, err
	}
	h := holder{sandbox: about.URL, from: "of the sandbox at " + about.URL}
	for _, a := range apps {
		own := sandbox.App{Code: a.AppCode, ClientKey: a.ClientKey, Name: a.Name, Mchids: a.Mchids, Currencies: a.Currency, PayTypes: a.PayTypes}
		if a.AppCode == code {
			h.app = own
			continue
		}
		h.others = append(h.others, own)
	}
	if h.app.Code != "" {
		return h, nil
	}
	if k.code != "" {
		return h, usageError("app code %q is none of the sandbox at %s; give its client key with -client-key-file or QFSANDBOX_CLIENT_KEY", k.code, about.URL)
	}
	for i, a := range h.others {
		if len(h.others) == 1 || a.Code == demoAppCode {
			h.app, h.others = a, append(h.others[:i:i], h.others[i+1:]...)
			return h, nil
		}
	}
	return h, usageError("the sandbox has %d Apps and none of them is the demo App; say which with -app-code", len(apps))
}

// hide masks every key there is in what is about to be printed.
func (k *keyring) hide(h holder, text string) string {
	if k.showKey {
		return strings.ReplaceAll(text, keyPlace, h.app.ClientKey)
	}
	text = sandbox.HideKey(text, h.app.ClientKey)
	for _, a := range h.others {
		text = sandbox.HideKey(text, a.ClientKey)
	}
	return text
}

// keyPlace stands where the key is appended.
const keyPlace = "(client_key)"

// headersOf are the headers of a signed call.
func headersOf(code, sign string, sha256 bool) []string {
	list := []string{fmt.Sprintf("X-QF-APPCODE: %s", code), fmt.Sprintf("X-QF-SIGN: %s", sign)}
	if sha256 {
		list = append(list, "X-QF-SIGNTYPE: SHA256")
	}
	return list
}
