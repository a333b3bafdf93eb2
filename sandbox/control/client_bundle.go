package control

import (
	"context"
	"net/http"
	"net/url"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// Bundle gives everything about one order as one text file (docs/bundle.md); mchid is empty where one
// shop alone has the number. A number no request named gives a refusal with status 404.
func (c *Client) Bundle(ctx context.Context, app sandbox.AppCode, m sandbox.Mchid, order sandbox.OutTradeNo) ([]byte, error) {
	path := orderPath(app, order) + "/bundle"
	if m != "" {
		path += "?" + url.Values{"mchid": {string(m)}}.Encode()
	}
	return c.fetch(ctx, http.MethodGet, path, nil)
}
