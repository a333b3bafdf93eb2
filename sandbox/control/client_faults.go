package control

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func faultsPath(code sandbox.AppCode) string {
	return "/apps/" + url.PathEscape(string(code)) + "/faults"
}

// AddFault arms a fault behind those the App has.
func (c *Client) AddFault(ctx context.Context, code sandbox.AppCode, in NewFault) (Fault, error) {
	var out Fault
	return out, c.call(ctx, http.MethodPost, faultsPath(code), in, &out)
}

// Faults lists an App's faults, fired or not.
func (c *Client) Faults(ctx context.Context, code sandbox.AppCode) ([]Fault, error) {
	var out Faults
	err := c.call(ctx, http.MethodGet, faultsPath(code), nil, &out)
	return out.Faults, err
}

// UnfiredFaults lists those that never fired: what a test armed and did not reach.
func (c *Client) UnfiredFaults(ctx context.Context, code sandbox.AppCode) ([]Fault, error) {
	var out Faults
	err := c.call(ctx, http.MethodGet, faultsPath(code)+"?unfired=true", nil, &out)
	return out.Faults, err
}

// RemoveFault takes one fault away and gives it as it was.
func (c *Client) RemoveFault(ctx context.Context, code sandbox.AppCode, id int) (Fault, error) {
	var out Fault
	return out, c.call(ctx, http.MethodDelete, faultsPath(code)+"/"+strconv.Itoa(id), struct{}{}, &out)
}

// RemoveFaults takes all faults of an App away and says how many there were.
func (c *Client) RemoveFaults(ctx context.Context, code sandbox.AppCode) (int, error) {
	var out RemovedFaults
	err := c.call(ctx, http.MethodDelete, faultsPath(code), struct{}{}, &out)
	return out.Removed, err
}
