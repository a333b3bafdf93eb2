// Command petshop runs the reference merchant: a small shop that takes WeChat Pay through QFPay's official account.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"github.com/qfpay-sandbox/qfpay-sandbox/fixtures/petshop"
)

// Exit codes.
const (
	exitOK        = 0
	exitUnhealthy = 1 // healthcheck: not healthy; else: serving broke
	exitUsage     = 2
	exitAddrTaken = 3
)

// version is set by the build.
var version = "dev"

func main() { os.Exit(run()) }

func run() int {
	// Before anything else, so that no signal finds nobody home.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	args := os.Args[1:]
	if len(args) > 0 {
		switch args[0] {
		case "healthcheck":
			return healthcheck(ctx, args[1:])
		case "version":
			fmt.Println("petshop", version)
			return exitOK
		case "help":
			args[0] = "-h"
		}
	}
	s, err := readSettings(args, os.Environ())
	switch {
	case errors.Is(err, errHelp):
		printUsage(os.Stdout)
		return exitOK
	case err != nil:
		return complain(exitUsage, err)
	}
	return serve(ctx, s)
}

func serve(ctx context.Context, s settings) int {
	listener, err := net.Listen("tcp", s.addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return complain(exitAddrTaken, fmt.Errorf("-addr %s is taken by another program; stop it, or choose another port (-addr 127.0.0.1:0 finds a free one)", s.addr))
	}
	if err != nil {
		return complain(exitUsage, fmt.Errorf("-addr %s: %w", s.addr, err))
	}
	own := ownAddress(listener.Addr())
	if s.publicURL == nil {
		s.publicURL = own
	}
	if s.notifyURL == nil {
		s.notifyURL = s.publicURL.JoinPath("notify")
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	shop := petshop.New(petshop.Config{
		OpenAPI: s.openAPI, O2: s.o2, AppCode: s.appCode, ClientKey: s.clientKey, MchID: s.mchID,
		PublicURL: s.publicURL, NotifyURL: s.notifyURL, Timeout: s.timeout, Log: log,
		AppID: s.own.appID, AppSecret: s.own.secret, Raise: s.own.raise,
		WeixinOpen: s.own.open, WeixinAPI: s.own.api, WeixinResources: s.own.resources,
	})
	fmt.Printf("petshop: listening on %s\n", own)
	fmt.Printf("petshop: open %s in WeChat (a TEST shop: no real money)\n", s.publicURL.JoinPath("/"))
	if s.own.appID == "" {
		fmt.Printf("petshop: QFPay API %s, cashier %s, notifications to %s\n", s.openAPI, s.o2, s.notifyURL)
	} else {
		fmt.Printf("petshop: QFPay API %s, notifications to %s\n", s.openAPI, s.notifyURL)
		fmt.Printf("petshop: official account %s, payment directory %s, wallet by %s\n", s.own.appID, s.publicURL.JoinPath("checkout/"), s.own.raise)
	}

	if err := petshop.Serve(ctx, listener, shop.Handler(), s.timeout, log); err != nil {
		return complain(exitUnhealthy, err)
	}
	fmt.Println("petshop: drained, bye")
	return exitOK
}

// ownAddress is the listener's address as a browser on this machine can open it.
func ownAddress(a net.Addr) *url.URL {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return &url.URL{Scheme: "http", Host: a.String()}
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
}

// complain says on one line what is wrong, and passes the exit code on.
func complain(code int, err error) int {
	fmt.Fprintln(os.Stderr, "petshop:", err)
	return code
}
