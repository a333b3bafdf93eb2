package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"syscall"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// grace is how long requests under way may take to end after a signal.
const grace = 1500 * time.Millisecond

var serveCommand = command{
	name: "serve", does: "serve until SIGTERM or SIGINT",
	examples: []string{"qfsandbox", "qfsandbox serve -notify-url http://127.0.0.1:3000/notify", "qfsandbox -seed-yaml '{payers: [{id: bob, behaviour: pay}]}'"},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var s settings
		s.flags(f)
		return func(ctx context.Context, in *invocation) error {
			if err := fill(f, in.environ); err != nil {
				return err
			}
			return serve(ctx, s, in)
		}
	},
}

// fill sets the flags that were not given from their variables.
func fill(f *flag.FlagSet, environ []string) error {
	if err := envPrefix.Fill(f, environ, clientVariables...); err != nil {
		return usageError("%w", err)
	}
	return nil
}

func serve(ctx context.Context, s settings, in *invocation) error {
	c, err := s.config(in.stderr)
	if err != nil {
		return err
	}
	findings := newReport(terminalOf(in.stdout, in), time.Now)
	if s.findings {
		c.Recorded = findings.recorded
	}
	srv, err := server.Start(ctx, c)
	if err != nil {
		return s.startFailure(err)
	}
	if err := s.writeFiles(srv); err != nil {
		_ = srv.Shutdown(context.Background()) // the file's error is the one to tell
		return err
	}
	banner(in.stdout, srv, s.tls.certificate())
	findings.controls, findings.demo = srv.ControlURL(), srv.Apps()[0].Code
	go findings.run() // until close
	var broken error
	select {
	case <-ctx.Done():
		fmt.Fprintln(in.stdout, "\nqfsandbox: stopping")
	case broken = <-srv.Failed():
	}
	end, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	defer func() {
		end, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		findings.close(end)
	}()
	if err := srv.Shutdown(end); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return broken
}

func (s settings) config(logTo io.Writer) (server.Config, error) {
	allow, err := prefixes(s.notifyAllow)
	if err != nil {
		return server.Config{}, err
	}
	log, err := logger(s.logLevel, logTo)
	if err != nil {
		return server.Config{}, err
	}
	start, err := s.start()
	if err != nil {
		return server.Config{}, err
	}
	tls, err := s.tls.config(logTo)
	if err != nil {
		return server.Config{}, err
	}
	return server.Config{
		Addr: s.addr, TLS: tls, ControlAddr: s.controlAddr, SinglePort: s.singlePort, PublicURL: s.publicURL, ControlToken: s.controlToken,
		ControlHosts: words(s.controlHosts), NotifyAllow: allow, Seed: s.seed, Version: version, Apps: start.Apps, Payers: start.Payers, Log: log,
	}, nil
}

func logger(level string, to io.Writer) (*slog.Logger, error) {
	if level == "off" {
		return slog.New(slog.DiscardHandler), nil
	}
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, usageError("-log is %q, want debug, info, warn, error or off", level)
	}
	return slog.New(slog.NewTextHandler(to, &slog.HandlerOptions{Level: l})), nil
}

func (s settings) startFailure(err error) error {
	var address *net.OpError
	flags := "-addr and -control-addr"
	if s.tls.on {
		flags = "-addr, -control-addr and -tls-addr"
	}
	switch {
	case errors.Is(err, syscall.EADDRINUSE) && errors.As(err, &address):
		return &failure{exitAddress, fmt.Errorf("address %s is taken by another program; choose another with %s (port 0 takes a free one)", address.Addr, flags)}
	case errors.As(err, &address):
		return &failure{exitAddress, fmt.Errorf("cannot listen: %w; want an address such as 127.0.0.1:8080 in %s", err, flags)}
	case errors.Is(err, sandbox.ErrInvalid), errors.Is(err, sandbox.ErrExists):
		return &failure{exitUsage, err}
	}
	return err
}

// writeFiles gives those who wait for the sandbox its addresses and its CA's certificate. The addresses are
// the last: who has them has the certificate too.
func (s settings) writeFiles(srv *server.Server) error {
	if s.tls.give != "" {
		if err := writeWhole(s.tls.give, "-ca-file", srv.CA()); err != nil {
			return err
		}
	}
	if s.urlFile == "" {
		return nil
	}
	lines := fmt.Sprintf("%sURL=%s\n%sCONTROL_URL=%s\n", envPrefix, srv.URL(), envPrefix, srv.ControlURL())
	if srv.TLSAddr() != "" {
		lines += fmt.Sprintf("%sTLS_URL=https://%s\n", envPrefix, srv.TLSAddr()) // no flag's variable: a second sandbox may be started beside it
	}
	return writeWhole(s.urlFile, "-url-file", []byte(lines))
}
