package control

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func orderPath(app sandbox.AppCode, order sandbox.OutTradeNo) string {
	return "/apps/" + url.PathEscape(string(app)) + "/orders/" + url.PathEscape(string(order))
}

// Order reads an order; mchid is empty for an App without shops.
func (c *Client) Order(ctx context.Context, app sandbox.AppCode, m sandbox.Mchid, order sandbox.OutTradeNo) (Order, error) {
	path := orderPath(app, order)
	if m != "" {
		path += "?" + url.Values{"mchid": {string(m)}}.Encode()
	}
	var out Order
	return out, c.call(ctx, http.MethodGet, path, nil, &out)
}

// OrderFilter chooses orders; empty fields match everything. Limit is 100 when it is 0, and 1,000 at most.
type OrderFilter struct {
	Mchid  sandbox.Mchid
	States []sandbox.State
	// Since is the first instant of creation.
	Since time.Time
	Limit int
}

// Orders lists an App's orders, newest first.
func (c *Client) Orders(ctx context.Context, app sandbox.AppCode, f OrderFilter) (Orders, error) {
	q := url.Values{}
	if f.Mchid != "" {
		q.Set("mchid", string(f.Mchid))
	}
	var states []string
	for _, s := range f.States {
		states = append(states, string(s))
	}
	if len(states) > 0 {
		q.Set("state", strings.Join(states, ","))
	}
	if !f.Since.IsZero() {
		q.Set("since", f.Since.Format(time.RFC3339Nano))
	}
	if f.Limit != 0 {
		q.Set("limit", strconv.Itoa(f.Limit))
	}
	var out Orders
	return out, c.call(ctx, http.MethodGet, "/apps/"+url.PathEscape(string(app))+"/orders?"+q.Encode(), nil, &out)
}

// PayOrder pays an order as its payer would in the wallet. An *Error with a code wallet-… is the
// wallet's refusal.
func (c *Client) PayOrder(ctx context.Context, app sandbox.AppCode, order sandbox.OutTradeNo, by OrderPayer) (Order, error) {
	var out Order
	return out, c.call(ctx, http.MethodPost, orderPath(app, order)+"/pay", by, &out)
}

// CancelOrder leaves an order as its payer would in the wallet.
func (c *Client) CancelOrder(ctx context.Context, app sandbox.AppCode, order sandbox.OutTradeNo, by OrderPayer) (Order, error) {
	var out Order
	return out, c.call(ctx, http.MethodPost, orderPath(app, order)+"/cancel", by, &out)
}

// ReturnFromOrder brings the payer back to the merchant's page, as a browser would: deliveries on
// returned fall due.
func (c *Client) ReturnFromOrder(ctx context.Context, app sandbox.AppCode, order sandbox.OutTradeNo, m sandbox.Mchid) (Order, error) {
	var out Order
	return out, c.call(ctx, http.MethodPost, orderPath(app, order)+"/return", OrderPayer{Mchid: m}, &out)
}
