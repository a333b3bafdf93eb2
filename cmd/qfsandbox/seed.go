package main

import (
	"errors"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/seed"
)

// start gives the Apps and payers to begin with: those of the seeds in the order of the flags, then
// the demo App, unless a seed has one with its code.
func (s settings) start() (seed.Seed, error) {
	var all seed.Seed
	for _, source := range []struct {
		flag, value string
		read        func() (seed.Seed, error)
	}{
		{"-seed-file", s.seedFile, func() (seed.Seed, error) { return seed.Load(s.seedFile) }},
		{"-seed-yaml", s.seedYAML, func() (seed.Seed, error) { return seed.Parse("-seed-yaml", []byte(s.seedYAML)) }},
		{"-apps", s.apps, func() (seed.Seed, error) { return seed.ParseList("-apps", s.apps) }},
	} {
		if source.value == "" {
			continue
		}
		more, err := source.read()
		if err == nil {
			all, err = all.Merge(more, source.flag)
		}
		if err != nil {
			return all, asUsage(err)
		}
	}
	demo := s.demoApp()
	if demo.Code == "" || !all.HasApp(demo.Code) {
		all.Apps = append(all.Apps, demo)
		return all, nil
	}
	for _, f := range []struct {
		name    string
		changed bool
	}{
		{"-client-key", s.clientKey != demoClientKey}, {"-name", s.name != demoName}, {"-mchid", s.mchids != ""}, {"-notify-url", s.notifyURL != ""},
	} {
		if f.changed {
			return all, usageError("%s is for the demo App, but app_code %s is in the seed; say it there, or give the demo App another -app-code", f.name, demo.Code)
		}
	}
	return all, nil
}

func (s settings) demoApp() sandbox.App {
	app := sandbox.App{Code: sandbox.AppCode(s.appCode), ClientKey: s.clientKey, Name: s.name, NotifyURL: s.notifyURL, Seed: s.seed}
	for _, m := range words(s.mchids) {
		app.Mchids = append(app.Mchids, sandbox.Mchid(m))
	}
	return app
}

// asUsage makes a seed's mistake one of usage.
func asUsage(err error) error {
	if errors.Is(err, seed.ErrSeed) {
		return &failure{exitUsage, err}
	}
	return err
}
