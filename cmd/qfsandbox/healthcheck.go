package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// healthcheckCommand asks a running sandbox whether it is well. In a container it is the image's own probe.
var healthcheckCommand = command{
	name: "healthcheck", does: "exit 0 when a sandbox answers",
	examples: []string{"qfsandbox healthcheck", "qfsandbox healthcheck -url http://127.0.0.1:8080"},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		where := f.String("url", "", "`URL` of the vendor's surface or the controls (default: QFSANDBOX_URL, or QFSANDBOX_ADDR on this machine)")
		return func(ctx context.Context, in *invocation) error { return healthcheck(ctx, in, where) }
	},
}

func healthcheck(ctx context.Context, in *invocation, where *string) error {
	if *where == "" {
		*where = urlFrom(in.environ)
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	if err := healthy(ctx, *where); err != nil {
		return err
	}
	fmt.Fprintln(in.stdout, "ok")
	return nil
}

// healthy reports whether a sandbox answers there, on either of its addresses.
func healthy(ctx context.Context, where string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(where, "/")+"/healthz", nil)
	if err != nil {
		return usageError("-url is %q, want one such as http://127.0.0.1:8080", where)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("no sandbox at %s: %w", where, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 16))
	if err != nil || resp.StatusCode != http.StatusOK || string(body) != "ok\n" {
		return fmt.Errorf("%s answered HTTP %d and %q, which is no healthy sandbox", where, resp.StatusCode, body)
	}
	return nil
}

func urlFrom(environ []string) string {
	found := "http://127.0.0.1:8080"
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		switch {
		case name == string(envPrefix+"URL") && value != "":
			return value
		case name == string(envPrefix+"ADDR"):
			if host, port, err := net.SplitHostPort(value); err == nil {
				if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
					host = "127.0.0.1"
				}
				found = "http://" + net.JoinHostPort(host, port)
			}
		}
	}
	return found
}
