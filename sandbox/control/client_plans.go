package control

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func planPath(code sandbox.AppCode, order sandbox.OutTradeNo) string {
	return "/apps/" + url.PathEscape(string(code)) + "/orders/" + url.PathEscape(string(order)) + "/plan"
}

// SetOrderPlan gives an order a delivery plan of its own, before it is paid and whether it exists
// yet or not. No delivery at all is QFPay's own plan.
func (c *Client) SetOrderPlan(ctx context.Context, code sandbox.AppCode, order sandbox.OutTradeNo, plan ...Delivery) (OrderPlan, error) {
	if plan == nil {
		plan = []Delivery{}
	}
	var out OrderPlan
	return out, c.call(ctx, http.MethodPut, planPath(code, order), PlanChange{Delivery: plan}, &out)
}

// OrderPlan reads an order's own delivery plan; an order without one gives a refusal with status 404.
func (c *Client) OrderPlan(ctx context.Context, code sandbox.AppCode, order sandbox.OutTradeNo) (OrderPlan, error) {
	var out OrderPlan
	return out, c.call(ctx, http.MethodGet, planPath(code, order), nil, &out)
}

// RemoveOrderPlan lets an order follow its App's plan again, and gives the plan it had.
func (c *Client) RemoveOrderPlan(ctx context.Context, code sandbox.AppCode, order sandbox.OutTradeNo) (OrderPlan, error) {
	var out OrderPlan
	return out, c.call(ctx, http.MethodDelete, planPath(code, order), nil, &out)
}

// PendingNotifications lists an App's notifications that are due now or later, or wait for an occasion.
func (c *Client) PendingNotifications(ctx context.Context, code sandbox.AppCode) ([]Notification, error) {
	var out struct{ Notifications []Notification }
	err := c.call(ctx, http.MethodGet, "/apps/"+url.PathEscape(string(code))+"/notifications?pending=true", nil, &out)
	return out.Notifications, err
}

// ResendTo makes one more attempt at a notification, to another address than its own.
func (c *Client) ResendTo(ctx context.Context, id uint64, to string) (Notification, error) {
	var out Notification
	return out, c.call(ctx, http.MethodPost, "/notifications/"+strconv.FormatUint(id, 10)+"/resend", Resend{URL: to}, &out)
}
