package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/features"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/browser"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/target"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

// judge runs the scenarios against the merchant and gives the exit code.
func judge(ctx context.Context, args []string, stdout, stderr io.Writer) (int, error) {
	var s settings
	if err := s.parse(args, os.Environ(), stdout); err != nil {
		return 0, err
	}
	profile, err := target.Load(s.profile)
	if err != nil {
		return 0, fail(verdict.ExitUsage, "%w", err)
	}
	for _, skip := range profile.Skip {
		if _, ok := features.RuleByID(skip.Rule); !ok {
			return 0, fail(verdict.ExitUsage, "%s: skip names the rule %q, which does not exist; qfcertify rules lists them", s.profile, skip.Rule)
		}
	}
	if s.seed == 0 {
		s.seed = time.Now().UnixNano() & (1<<40 - 1)
	}
	suite := &steps.Suite{Dir: features.Integration, Seed: s.seed, Out: s.out}
	selected, err := suite.Select(s.words...)
	if errors.Is(err, steps.ErrSelection) {
		return 0, fail(verdict.ExitUsage, "%w", err)
	} else if err != nil {
		return 0, err
	}

	closeSandbox, err := s.openSandbox(ctx, profile, suite, stderr)
	if err != nil {
		return 0, err
	}
	defer closeSandbox()
	merchant, err := target.Open(ctx, profile, suite.Vendor)
	if errors.Is(err, target.ErrProfile) {
		return 0, fail(verdict.ExitUsage, "%w", err)
	} else if err != nil {
		return 0, fail(verdict.ExitUnreachable, "%w", err)
	}
	defer func() { _ = merchant.Close() }() // a merchant that will not end is not its verdict's business
	suite.Target = merchant
	if err := registerApp(ctx, suite.Control, merchant); err != nil {
		return 0, err
	}
	suite.Browser, err = browser.Launch(ctx, browser.Options{
		ExecPath: s.chrome, Headful: s.headful, NoSandbox: s.noSandbox, Allow: hostsOf(suite.Vendor, merchant),
		Log: slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		return 0, fail(verdict.ExitBroke, "%w", err)
	}
	defer func() { _ = suite.Browser.Close() }() // it has served

	p := printer{to: stdout, steps: s.showSteps, told: map[string]string{}}
	p.header(profile.Name, merchant.Base, suite.Vendor, suite.Browser.Version(), s.seed)
	if s.showSteps {
		suite.Narrate = stdout
	}
	suite.Done = p.result
	ledger := suite.Run(ctx, selected)
	if ctx.Err() != nil {
		p.summary(ledger, s, verdict.ExitBroke)
		return 0, fail(verdict.ExitBroke, "interrupted: %w", context.Cause(ctx))
	}
	p.summary(ledger, s, ledger.Exit())
	return ledger.Exit(), nil
}

// openSandbox connects the suite to the sandbox named, or to one of its own.
func (s settings) openSandbox(ctx context.Context, profile target.Profile, suite *steps.Suite, stderr io.Writer) (closeIt func(), err error) {
	closeIt = func() {}
	controls := s.sandbox
	if controls == "" {
		c := server.Config{Addr: s.listen, Version: version, Log: slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelError}))}
		if c.Addr == "" && profile.Start == nil {
			c.Addr = "127.0.0.1:8080" // where a merchant that runs already looks for it
		}
		srv, err := server.Start(ctx, c)
		if err != nil {
			return closeIt, fail(verdict.ExitBroke, "the sandbox inside this program: %w; choose another address with --listen, or a running sandbox with --sandbox", err)
		}
		closeIt = func() {
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
			defer cancel()
			_ = srv.Shutdown(end) // the run is over; what still hangs is cut off
		}
		controls = srv.ControlURL()
	}
	suite.Control = control.NewClient(controls, s.token)
	if suite.Vendor, err = s.vendorOf(ctx, suite.Control); err != nil {
		closeIt()
		return func() {}, fail(verdict.ExitBroke, "no sandbox at %s: %w", controls, err)
	}
	return closeIt, nil
}

// aboutPatience is how long a sandbox may take to say what it is.
const aboutPatience = 10 * time.Second

// vendorOf is the vendor surface of the sandbox these are the controls of.
func (s settings) vendorOf(ctx context.Context, c *control.Client) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, aboutPatience)
	defer cancel()
	about, err := c.About(ctx)
	if err != nil {
		return "", err
	}
	vendor := strings.TrimSuffix(cmp.Or(s.vendor, about.URL), "/")
	if u, err := url.Parse(vendor); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("it says that merchants reach it at %q, which is no address; is it a sandbox's control address?", vendor)
	}
	return vendor, nil
}

// registerApp makes sure the sandbox knows the merchant's credentials and where to notify it.
func registerApp(ctx context.Context, c *control.Client, merchant *target.Target) error {
	p := merchant.Profile
	notify := merchant.NotifyURL()
	app, err := c.App(ctx, sandbox.AppCode(p.App.AppCode))
	var refused *control.Error
	switch {
	case errors.As(err, &refused) && refused.Code == "not-found":
		in := control.NewApp{AppCode: control.AppCode(p.App.AppCode), ClientKey: p.App.ClientKey, Name: p.Name, NotifyURL: notify}
		if p.App.Mchid != "" {
			in.Mchids = []control.Mchid{control.Mchid(p.App.Mchid)}
		}
		_, err = c.CreateApp(ctx, in)
	case err != nil:
	case app.ClientKey != p.App.ClientKey:
		return fail(verdict.ExitUsage, "app.client_key of the profile is not the one the sandbox has for app code %s", p.App.AppCode)
	case !sameShop(app.Mchids, p.App.Mchid):
		return fail(verdict.ExitUsage, "app.mchid of the profile is %q, the sandbox has %v for app code %s", p.App.Mchid, app.Mchids, p.App.AppCode)
	default:
		_, err = c.ChangeApp(ctx, app.AppCode, control.AppChange{NotifyURL: &notify})
	}
	if errors.As(err, &refused) && refused.Status < 500 {
		return fail(verdict.ExitUsage, "the sandbox does not take the profile's app: %s", refused.Message)
	}
	return err
}

func sameShop(issued []control.Mchid, own string) bool {
	if own == "" {
		return len(issued) == 0
	}
	for _, m := range issued {
		if string(m) == own {
			return true
		}
	}
	return false
}

func hostsOf(vendor string, merchant *target.Target) []string {
	hosts := merchant.Hosts()
	if u, err := url.Parse(vendor); err == nil {
		hosts = append(hosts, u.Hostname())
	}
	return hosts
}
