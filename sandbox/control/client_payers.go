package control

import (
	"context"
	"net/http"
	"net/url"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// IssueAuthCode makes a code that a payer shows at an App's tills.
func (c *Client) IssueAuthCode(ctx context.Context, id sandbox.PayerID, in NewAuthCode) (AuthCode, error) {
	var out AuthCode
	return out, c.call(ctx, http.MethodPost, "/payers/"+url.PathEscape(string(id))+"/auth-codes", in, &out)
}

// Accounts gives a payer's openid towards an App, for an order without a login.
func (c *Client) Accounts(ctx context.Context, app sandbox.AppCode, id sandbox.PayerID) (Accounts, error) {
	var out Accounts
	return out, c.call(ctx, http.MethodGet, "/apps/"+url.PathEscape(string(app))+"/payers/"+url.PathEscape(string(id)), nil, &out)
}
