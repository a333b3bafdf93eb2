package control

import (
	"context"
	"net/http"
	"net/url"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// Payers reads all payers, in the order of their ids.
func (c *Client) Payers(ctx context.Context) ([]Payer, error) {
	var all []Payer
	for {
		var page Payers
		q := url.Values{"limit": {"1000"}}
		if len(all) > 0 {
			q.Set("after", string(all[len(all)-1].ID))
		}
		if err := c.call(ctx, http.MethodGet, "/payers?"+q.Encode(), nil, &page); err != nil {
			return all, err
		}
		if len(page.Payers) == 0 {
			return all, nil
		}
		all = append(all, page.Payers...)
	}
}

// Payer reads a payer.
func (c *Client) Payer(ctx context.Context, id sandbox.PayerID) (Payer, error) {
	var out Payer
	return out, c.call(ctx, http.MethodGet, "/payers/"+url.PathEscape(string(id)), nil, &out)
}

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
