package sandbox

import (
	"context"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Accounts are the names a payer's wallets have for it towards one App.
type Accounts struct {
	// OpenID is WeChat's, which sub_openid takes: at the merchant's own official account if it has one.
	OpenID OpenID
	// Alipay is the cardcd of what it pays with Alipay.
	Alipay OpenID
}

// AccountsOf names a payer towards an App, without a browser and a login. An order with such an
// openid is served and remarked on (openid-not-fresh), as with any that was not just obtained.
// Errors: ErrNotFound.
func (g *Gateway) AccountsOf(ctx context.Context, code AppCode, id PayerID) (Accounts, error) {
	app, err := g.Store.App(ctx, code)
	if err != nil {
		return Accounts{}, err
	}
	if _, err := g.Store.Payer(ctx, id); err != nil {
		return Accounts{}, err
	}
	return Accounts{OpenID: openIDAt(id, app.payerAccount(qfpay.FlowJSAPI)), Alipay: accountIn(walletAlipay, id, app)}, nil
}
