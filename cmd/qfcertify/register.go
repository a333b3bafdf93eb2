package main

import (
	"context"
	"errors"
	"slices"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/target"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

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
		in.OfficialAccount = accountOf(merchant, nil)
		_, err = c.CreateApp(ctx, in)
	case err != nil:
	case app.ClientKey != p.App.ClientKey:
		return fail(verdict.ExitUsage, "app.client_key of the profile is not the one the sandbox has for app code %s", p.App.AppCode)
	case !sameShop(app.Mchids, p.App.Mchid):
		return fail(verdict.ExitUsage, "app.mchid of the profile is %q, the sandbox has %v for app code %s", p.App.Mchid, app.Mchids, p.App.AppCode)
	case p.App.OfficialAccount == nil && app.OfficialAccount != nil:
		return fail(verdict.ExitUsage, "the sandbox has the official account %s for app code %s, and the profile has none: put app.official_account into it, with appid and secret", app.OfficialAccount.AppID, p.App.AppCode)
	case p.App.OfficialAccount != nil && app.OfficialAccount != nil && p.App.OfficialAccount.AppID != app.OfficialAccount.AppID:
		return fail(verdict.ExitUsage, "app.official_account.appid of the profile is %s, the sandbox has %s for app code %s", p.App.OfficialAccount.AppID, app.OfficialAccount.AppID, p.App.AppCode)
	case p.App.OfficialAccount != nil && app.OfficialAccount != nil && p.App.OfficialAccount.Secret != app.OfficialAccount.Secret:
		return fail(verdict.ExitUsage, "app.official_account.secret of the profile is not the one the sandbox has for %s", app.OfficialAccount.AppID)
	default:
		_, err = c.ChangeApp(ctx, app.AppCode, control.AppChange{NotifyURL: &notify, OfficialAccount: accountOf(merchant, app.OfficialAccount)})
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

// accountOf is the merchant's own official account, registered with its addresses besides those it has; nil for
// a merchant without one.
func accountOf(merchant *target.Target, has *control.OfficialAccount) *control.OfficialAccount {
	o := merchant.OfficialAccount()
	if o == nil {
		return nil
	}
	account := control.OfficialAccount{AppID: o.AppID, Secret: o.Secret, OAuthDomains: o.OAuthDomains, PayDirectories: o.PayDirectories}
	if has != nil {
		account.OAuthDomains, account.PayDirectories = union(has.OAuthDomains, o.OAuthDomains), union(has.PayDirectories, o.PayDirectories)
		account.LoginError = has.LoginError
	}
	return &account
}

func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}
