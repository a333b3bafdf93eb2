package control_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

func TestGuard(t *testing.T) {
	b := start(t, server.Config{ControlHosts: []string{"sandbox.team.example"}})
	own := strings.TrimPrefix(b.ControlURL(), "http://")
	for _, c := range []struct {
		name, method, host, origin, contentType string
		status                                  int
		code, message                           string
	}{
		{"an IP address", "GET", own, "", "", 200, "", ""},
		{"localhost", "GET", "localhost:8081", "", "", 200, "", ""},
		{"a name without dots", "GET", "sandbox", "", "", 200, "", ""},
		{"an IPv6 address", "GET", "[::1]:8081", "", "", 200, "", ""},
		{"a name that was given", "GET", "sandbox.team.example:80", "", "", 200, "", ""},
		{"a name of somebody's", "GET", "evil.example", "", "", 403, "host", `Host is "evil.example", want an IP address, localhost, a name without dots or one given with -control-host`},
		{"a name that looks like an address", "GET", "127.0.0.1.evil.example:8081", "", "", 403, "host", "Host is"},
		{"a name below the one given", "GET", "x.sandbox.team.example", "", "", 403, "host", "Host is"},
		{"localhost with a dot behind", "GET", "evil.localhost", "", "", 403, "host", "Host is"},
		{"its own origin", "POST", own, "http://" + own, "application/json", 201, "", ""},
		{"a foreign origin", "POST", own, "http://evil.example", "application/json", 403, "origin", `Origin is "http://evil.example", want none or this host's own`},
		{"a foreign origin that reads", "GET", own, "https://evil.example", "", 403, "origin", "Origin is"},
		{"the origin null", "POST", own, "null", "application/json", 403, "origin", `Origin is "null"`},
		{"another port's origin", "POST", own, "http://127.0.0.1:1", "application/json", 403, "origin", "Origin is"},
		{"JSON with a charset", "POST", own, "", "application/json; charset=utf-8", 201, "", ""},
		{"no content type", "POST", own, "", "", 415, "content-type", `Content-Type is "", want application/json`},
		{"a form", "POST", own, "", "application/x-www-form-urlencoded", 415, "content-type", "Content-Type is"},
		{"text", "POST", own, "", "text/plain", 415, "content-type", "Content-Type is"},
		{"JSON hidden in another type", "POST", own, "", "text/plain; application/json", 415, "content-type", "Content-Type is"},
		{"a foreign host and a foreign origin", "POST", "evil.example", "http://evil.example", "text/plain", 403, "host", "Host is"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := "/apps"
			req, err := http.NewRequestWithContext(t.Context(), c.method, b.ControlURL()+"/_sandbox/v1"+path, nil)
			must(t, err)
			req.Host = c.host
			if c.origin != "" {
				req.Header.Set("Origin", c.origin)
			}
			if c.contentType != "" {
				req.Header.Set("Content-Type", c.contentType)
			}
			got := send(t, req)
			if c.code == "" {
				got.want(c.status)
				return
			}
			got.refused(c.status, c.code, c.message)
		})
	}
}

// Every path is guarded, also those that do not exist, on one port too.
func TestGuardHasNoGap(t *testing.T) {
	for _, single := range []bool{false, true} {
		b := start(t, server.Config{SinglePort: single})
		for _, c := range []struct{ method, path string }{{"GET", "/journal"}, {"GET", "/nothing"}, {"PUT", "/apps"}, {"GET", "/journal/wait?timeout=1m"}, {"GET", "/about"}} {
			req, err := http.NewRequestWithContext(t.Context(), c.method, b.ControlURL()+"/_sandbox/v1"+c.path, nil)
			must(t, err)
			req.Host = "evil.example"
			send(t, req).refused(403, "host", "Host is")
		}
	}
}

func TestToken(t *testing.T) {
	b := start(t, server.Config{ControlToken: "s3cret"})
	for header, ok := range map[string]bool{
		"": false, "Bearer s3cret": true, "Bearer s3cre": false, "Bearer s3cret ": true, "bearer s3cret": false, "Bearer": false, "s3cret": false, "Basic s3cret": false, "Bearer S3CRET": false,
	} {
		for _, path := range []string{"/apps", "/journal", "/nothing"} {
			req, err := http.NewRequestWithContext(t.Context(), "GET", b.ControlURL()+"/_sandbox/v1"+path, nil)
			must(t, err)
			if header != "" {
				req.Header.Set("Authorization", header)
			}
			got := send(t, req)
			if !ok {
				got.refused(401, "token", "send Authorization: Bearer and the token given with -control-token")
			} else if got.status == 401 {
				t.Errorf("%q is refused for %s, want it taken", header, path)
			}
			if strings.Contains(got.raw, "s3cret") {
				t.Errorf("the answer tells the token: %s", got.raw)
			}
		}
	}
	b.call("GET", "/apps", "").want(200)
}
