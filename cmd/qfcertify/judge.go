package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/url"
	"os"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/features"
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

	vendors, err := s.openSandbox(ctx, profile, stderr)
	if err != nil {
		return 0, err
	}
	defer vendors.close()
	suite.Control, suite.Vendor = vendors.control, vendors.url
	merchant, err := target.Open(ctx, profile, vendors.forMerchant())
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
		Resolve: vendors.resolve(), Trust: vendors.ca,
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

func hostsOf(vendor string, merchant *target.Target) []string {
	hosts := merchant.Hosts()
	if u, err := url.Parse(vendor); err == nil {
		hosts = append(hosts, u.Hostname())
	}
	return hosts
}
