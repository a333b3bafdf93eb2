package control

import (
	"context"
	"net/http"
)

// Findings lists what a served request can be blamed for, and what to change.
func (c *Client) Findings(ctx context.Context) ([]FindingRow, error) {
	var out struct{ Findings []FindingRow }
	err := c.call(ctx, http.MethodGet, "/findings", nil, &out)
	return out.Findings, err
}
