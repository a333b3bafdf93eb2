package server

import (
	"net/http"
	"testing"
	"time"
)

// A client that never ends its headers is not waited for as long as one that sends a body.
func TestHeadersHaveATimeOfTheirOwn(t *testing.T) {
	s := newHTTPServer(http.NotFoundHandler())
	if s.ReadHeaderTimeout != 10*time.Second || s.ReadTimeout != time.Minute || s.MaxHeaderBytes != 64<<10 {
		t.Errorf("headers may take %s and %d bytes, requests %s; want 10s, 65536 and 1m", s.ReadHeaderTimeout, s.MaxHeaderBytes, s.ReadTimeout)
	}
}
