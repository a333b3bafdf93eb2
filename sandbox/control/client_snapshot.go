package control

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// Snapshot copies an App and all that belongs to it, its journal aside; an empty code is every App
// and every payer. It holds client keys.
func (c *Client) Snapshot(ctx context.Context, app sandbox.AppCode) (json.RawMessage, error) {
	q := url.Values{}
	if app != "" {
		q.Set("app", string(app))
	}
	var out json.RawMessage
	return out, c.call(ctx, http.MethodGet, "/snapshot?"+q.Encode(), nil, &out)
}

// Restore puts the Apps of a snapshot in place of those with their codes, whole or not at all.
func (c *Client) Restore(ctx context.Context, snapshot json.RawMessage) (Restored, error) {
	var out Restored
	return out, c.call(ctx, http.MethodPost, "/restore", snapshot, &out)
}

// Reset leaves one App as it was after its creation.
func (c *Client) Reset(ctx context.Context, app sandbox.AppCode) (Forgotten, error) {
	var out Forgotten
	return out, c.call(ctx, http.MethodPost, "/reset", Reset{App: app}, &out)
}

// ResetAll does so with every App.
func (c *Client) ResetAll(ctx context.Context) (Forgotten, error) {
	var out Forgotten
	return out, c.call(ctx, http.MethodPost, "/reset", Reset{All: true}, &out)
}
