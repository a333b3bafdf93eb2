package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// defaultControlURL is where the controls are unless they were moved.
const defaultControlURL = "http://127.0.0.1:8081"

// byDefault is who says so where no flag and no variable does.
const byDefault = "the default"

// remote are the flags of commands that talk to a running sandbox.
type remote struct {
	url, token, app, mchid string
	json                   bool
	// ofVariable is the App QFSANDBOX_APP_CODE names.
	ofVariable string
}

// flags declares -url, -token and -json; appFlag declares -app, orderFlags -app and -mchid.
func (r *remote) flags(f *flag.FlagSet) {
	r.connection(f)
	f.BoolVar(&r.json, "json", false, "print JSON for programs, in the words of docs/control.md")
}

// connection declares -url and -token, for a command whose output is a file of its own kind.
func (r *remote) connection(f *flag.FlagSet) {
	f.StringVar(&r.url, "url", "", "`URL` of the sandbox's controls (default: QFSANDBOX_CONTROL_URL, else QFSANDBOX_URL, else "+defaultControlURL+")")
	f.StringVar(&r.token, "token", "", "bearer `token` of the controls (default: QFSANDBOX_CONTROL_TOKEN)")
}

func (r *remote) appFlag(f *flag.FlagSet) {
	f.StringVar(&r.app, "app", "", "app `code` (default: QFSANDBOX_APP_CODE, else the sandbox's only App, else the demo App)")
}

func (r *remote) orderFlags(f *flag.FlagSet) {
	r.flags(f)
	r.appFlag(f)
	f.StringVar(&r.mchid, "mchid", "", "`mchid` of the order's shop (default: the shop that has such an order)")
}

// address is where flags and variables say the controls are, and which of them says so.
func (r *remote) address(in *invocation) (where, by string, err error) {
	where, by = defaultControlURL, byDefault
	for _, source := range []struct{ name, value string }{
		{"-url", r.url}, {"QFSANDBOX_CONTROL_URL", in.variable("QFSANDBOX_CONTROL_URL")}, {"QFSANDBOX_URL", in.variable("QFSANDBOX_URL")},
	} {
		if source.value != "" {
			where, by = source.value, source.name
			break
		}
	}
	u, err := url.Parse(where)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", "", usageError("%s is %q, want one such as %s", by, where, defaultControlURL)
	}
	return strings.TrimSuffix(where, "/"), by, nil
}

// errNoSandbox says that nothing answers where a sandbox should.
var errNoSandbox = errors.New("no sandbox")

// client reaches the sandbox that flags and variables name, and knows that one is there. QFPay's
// address will do: the sandbox says there where its controls are.
func (r *remote) client(ctx context.Context, in *invocation) (*control.Client, error) {
	where, by, err := r.address(in)
	if err != nil {
		return nil, err
	}
	r.ofVariable = in.variable("QFSANDBOX_APP_CODE")
	token := firstNonEmpty(r.token, in.variable("QFSANDBOX_CONTROL_TOKEN"))
	c := control.NewClient(where, token)
	_, err = c.About(ctx)
	var refused *control.Error
	if errors.As(err, &refused) && refused.Code == control.ElsewhereCode {
		beside := besideOf(where, refused.ControlURL)
		c = control.NewClient(beside, token)
		if _, err = c.About(ctx); err != nil && !errors.As(err, &refused) {
			return nil, fmt.Errorf("%s (%s) is QFPay's address, and its controls are not to be reached at %s: %w; say where they are with -url or QFSANDBOX_CONTROL_URL", where, by, beside, cause(err))
		}
		where = beside
	}
	switch {
	case err == nil:
		return c, nil
	case errors.As(err, &refused) && refused.Status == http.StatusUnauthorized:
		return nil, fmt.Errorf("the sandbox at %s asks for its token: give what it was started with as -control-token with -token or QFSANDBOX_CONTROL_TOKEN", where)
	case errors.As(err, &refused):
		return nil, err
	case ctx.Err() != nil:
		return nil, ctx.Err()
	}
	return nil, fmt.Errorf("%w at %s (%s): %w; start one with qfsandbox, or say where it is with -url or QFSANDBOX_URL", errNoSandbox, where, by, cause(err))
}

// besideOf is the controls' port on the host that was asked: the sandbox may know that host by
// another name.
func besideOf(asked, controls string) string {
	a, err := url.Parse(asked)
	c, err2 := url.Parse(controls)
	if err != nil || err2 != nil || c.Port() == "" {
		return controls
	}
	c.Host = net.JoinHostPort(a.Hostname(), c.Port())
	return c.String()
}

// cause leaves out what wraps a network error: method and address are told already.
func cause(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// appOf chooses the App a command is about.
func (r *remote) appOf(ctx context.Context, c *control.Client) (sandbox.AppCode, error) {
	a, err := r.wholeApp(ctx, c)
	return a.AppCode, err
}

// wholeApp is appOf with all there is to know of the App.
func (r *remote) wholeApp(ctx context.Context, c *control.Client) (control.App, error) {
	if r.app != "" {
		return c.App(ctx, sandbox.AppCode(r.app))
	}
	if r.ofVariable != "" {
		a, err := c.App(ctx, sandbox.AppCode(r.ofVariable))
		if err != nil {
			return a, fmt.Errorf("QFSANDBOX_APP_CODE: %w", err)
		}
		return a, nil
	}
	apps, err := c.Apps(ctx)
	if err != nil {
		return control.App{}, err
	}
	if len(apps) == 1 {
		return apps[0], nil
	}
	for _, a := range apps {
		if a.AppCode == demoAppCode {
			return a, nil
		}
	}
	return control.App{}, usageError("the sandbox has %d Apps and none of them is the demo App; say which with -app", len(apps))
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

// talking is what a command does with the sandbox it found.
type talking func(ctx context.Context, in *invocation, c *control.Client) error

func (r *remote) with(body talking) func(context.Context, *invocation) error {
	return func(ctx context.Context, in *invocation) error {
		c, err := r.client(ctx, in)
		if err != nil {
			return err
		}
		return body(ctx, in, c)
	}
}

// withApp is with for what is about one App.
func (r *remote) withApp(body func(ctx context.Context, in *invocation, c *control.Client, app control.App) error) func(context.Context, *invocation) error {
	return r.with(func(ctx context.Context, in *invocation, c *control.Client) error {
		app, err := r.wholeApp(ctx, c)
		if err != nil {
			return err
		}
		return body(ctx, in, c, app)
	})
}

// show prints JSON for programs, or what people read.
func (r *remote) show(in *invocation, value any, people func()) error {
	if r.json {
		return printJSON(in, value)
	}
	people()
	return nil
}

// missing puts better words in the place of a refusal that names a path.
func missing(err error, message string) error {
	var refused *control.Error
	if errors.As(err, &refused) && refused.Status == http.StatusNotFound {
		return &control.Error{Status: refused.Status, Code: refused.Code, Message: message}
	}
	return err
}
