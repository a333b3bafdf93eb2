package control

import (
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// NewAuthCode asks for a code that a payer shows at an App's tills. Wallet is wechat, also when
// empty, or alipay.
type NewAuthCode struct {
	App    sandbox.AppCode `json:"app"`
	Wallet string          `json:"wallet,omitempty"`
}

// AuthCode is such a code; a payment of the pay types that scan takes it as auth_code, once.
type AuthCode struct {
	AuthCode  string          `json:"auth_code"`
	App       sandbox.AppCode `json:"app"`
	Payer     sandbox.PayerID `json:"payer"`
	IssuedAt  time.Time       `json:"issued_at"`
	ExpiresAt time.Time       `json:"expires_at"`
}

// Accounts are the names of a payer towards an App: openid is what sub_openid takes, alipay the
// cardcd of what is paid with Alipay.
type Accounts struct {
	App    sandbox.AppCode `json:"app"`
	Payer  sandbox.PayerID `json:"payer"`
	OpenID sandbox.OpenID  `json:"openid"`
	Alipay sandbox.OpenID  `json:"alipay"`
}

func (a *API) issueAuthCode(r *http.Request) (any, error) {
	var in NewAuthCode
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	c, err := a.Gateway.IssueAuthCode(r.Context(), in.App, sandbox.PayerID(mux.Vars(r)["payer"]), in.Wallet)
	if err != nil {
		return nil, err
	}
	return created{AuthCode{AuthCode: c.Code, App: c.App, Payer: c.Payer, IssuedAt: c.IssuedAt, ExpiresAt: c.ExpiresAt}}, nil
}

func (a *API) getAccounts(r *http.Request) (any, error) {
	vars := mux.Vars(r)
	app, payer := sandbox.AppCode(vars["app"]), sandbox.PayerID(vars["payer"])
	names, err := a.Gateway.AccountsOf(r.Context(), app, payer)
	if err != nil {
		return nil, err
	}
	return Accounts{App: app, Payer: payer, OpenID: names.OpenID, Alipay: names.Alipay}, nil
}
