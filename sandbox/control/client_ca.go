package control

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// CAPath is where a sandbox with TLS gives its CA's certificate, on every address it listens on.
const CAPath = "/_sandbox/ca.pem"

// mostCertificate bounds what is read of a certificate, in bytes.
const mostCertificate = 64 << 10

// CA reads the certificate of the sandbox's CA, as PEM. It is no secret: there is no token to it.
func (c *Client) CA(ctx context.Context) ([]byte, error) {
	address := strings.TrimSuffix(c.base, Prefix) + CAPath
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("sandbox control: %w", err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("sandbox control: %w", err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, mostCertificate))
	switch {
	case err != nil:
		return nil, fmt.Errorf("sandbox control: %w", err)
	case resp.StatusCode == http.StatusNotFound:
		return nil, &Error{Status: resp.StatusCode, Code: "no-tls", Message: "this sandbox has no CA: it was started without -tls"}
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("sandbox control: %s answered HTTP %d", address, resp.StatusCode)
	}
	return raw, nil
}
