package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// healthcheck asks a running petshop whether it is well; containers call it.
func healthcheck(ctx context.Context, args []string) int {
	fs := flag.NewFlagSet("petshop healthcheck", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	target := defaultTarget()
	fs.Var(&checked{text: target.String(), set: into(&target, webAddress)}, "url", "address of the petshop to ask")
	err := fs.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Printf("petshop healthcheck [-url URL]\n\nAsks URL/healthz (default %s, from %s) and exits 0 if it answers 200 \"ok\".\n", target, envOf("addr"))
		return exitOK
	case err != nil:
		return complain(exitUsage, withHint(fs, err))
	case fs.NArg() > 0:
		return complain(exitUsage, fmt.Errorf("healthcheck: unexpected argument %q; the address goes into -url", fs.Arg(0)))
	}
	if err := ask(ctx, target); err != nil {
		return complain(exitUnhealthy, fmt.Errorf("healthcheck: %w", err))
	}
	return exitOK
}

// defaultTarget is where a petshop with the same environment listens.
func defaultTarget() *url.URL {
	addr := os.Getenv(envOf("addr"))
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return &url.URL{Scheme: "http", Host: "127.0.0.1:8090"}
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
}

func ask(ctx context.Context, target *url.URL) error {
	if !strings.HasSuffix(target.Path, "/healthz") {
		target = target.JoinPath("healthz")
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 64))
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK || string(body) != "ok\n" {
		return fmt.Errorf("%s answered %s, %q; want 200, %q", target, resp.Status, body, "ok\n")
	}
	return nil
}
