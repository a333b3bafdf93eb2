package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// Headers and addresses beyond the bound are answered by net/http before any surface sees them, and
// so are in no journal; those below it get the surface's own answer.
func TestHeadersAreBounded(t *testing.T) {
	s := start(t, server.Config{})
	for _, c := range []struct {
		name, path, header string
		status             int
		body               string
	}{
		{"a large header", "/healthz", strings.Repeat("x", 100<<10), 431, "431 Request Header Fields Too Large"},
		{"a long address", "/healthz?x=" + strings.Repeat("x", 100<<10), "", 431, "431 Request Header Fields Too Large"},
		{"a header below the bound", "/healthz", strings.Repeat("x", 60<<10), 200, "ok\n"},
		{"an address below the bound", "/healthz?x=" + strings.Repeat("x", 60<<10), "", 200, "ok\n"},
	} {
		for surface, base := range map[string]string{"QFPay": s.URL(), "controls": s.ControlURL()} {
			t.Run(c.name+" to "+surface, func(t *testing.T) {
				conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
				must(t, err)
				defer conn.Close()
				go fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: %s\r\nConnection: close\r\n\r\n", c.path, c.header) // ends with the connection
				resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
				must(t, err)
				defer resp.Body.Close()
				body, err := io.ReadAll(resp.Body)
				must(t, err)
				if resp.StatusCode != c.status || string(body) != c.body || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/plain") {
					t.Errorf("got HTTP %d, %q and %q, want %d and %q as text", resp.StatusCode, resp.Header.Get("Content-Type"), body, c.status, c.body)
				}
			})
		}
	}
}
