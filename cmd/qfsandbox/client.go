package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// defaultControlURL is where the controls are unless they were moved.
const defaultControlURL = "http://127.0.0.1:8081"

// remote are the flags of commands that talk to a running sandbox.
type remote struct {
	url, token, app string
	json            bool
}

// flags declares -url, -token and -json; app declares -app too.
func (r *remote) flags(f *flag.FlagSet) {
	f.StringVar(&r.url, "url", "", "`URL` of the sandbox's controls (default: QFSANDBOX_CONTROL_URL, else QFSANDBOX_URL, else "+defaultControlURL+")")
	f.StringVar(&r.token, "token", "", "bearer `token` of the controls (default: QFSANDBOX_CONTROL_TOKEN)")
	f.BoolVar(&r.json, "json", false, "print JSON for programs")
}

func (r *remote) appFlag(f *flag.FlagSet) {
	f.StringVar(&r.app, "app", "", "app `code` (default: the sandbox's only App, else the demo App)")
}

// client reaches the sandbox that flags and variables name, and knows that one is there.
func (r *remote) client(ctx context.Context, in *invocation) (*control.Client, error) {
	address := firstNonEmpty(r.url, in.variable("QFSANDBOX_CONTROL_URL"), in.variable("QFSANDBOX_URL"), defaultControlURL)
	c := control.NewClient(address, firstNonEmpty(r.token, in.variable("QFSANDBOX_CONTROL_TOKEN")))
	if _, err := c.About(ctx); err != nil {
		var refused *control.Error
		if errors.As(err, &refused) {
			return nil, err
		}
		return nil, fmt.Errorf("no sandbox's controls at %s: %w; start one with qfsandbox, or say where it is with -url or QFSANDBOX_URL", address, err)
	}
	return c, nil
}

// appOf chooses the App a command is about.
func (r *remote) appOf(ctx context.Context, c *control.Client) (sandbox.AppCode, error) {
	if r.app != "" {
		a, err := c.App(ctx, sandbox.AppCode(r.app))
		return a.AppCode, err
	}
	apps, err := c.Apps(ctx)
	if err != nil {
		return "", err
	}
	if len(apps) == 1 {
		return apps[0].AppCode, nil
	}
	for _, a := range apps {
		if a.AppCode == demoAppCode {
			return a.AppCode, nil
		}
	}
	return "", usageError("the sandbox has %d Apps and none of them is the demo App; say which with -app", len(apps))
}

// printJSON writes what a program reads.
func printJSON(in *invocation, v any) error {
	e := json.NewEncoder(in.stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func firstNonEmpty(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
