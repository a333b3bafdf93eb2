// Command qfsandbox is a fake QFPay with a fake WeChat behind it, for developing and testing
// merchants' integrations without a phone and without money.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/qfpay-sandbox/qfpay-sandbox/cmd/internal/gcroom"
)

// version is set by the build.
var version = "dev"

// Exit codes.
const (
	exitOK      = 0
	exitBroke   = 1 // something failed while running
	exitUsage   = 2 // a flag, a variable or a word that is not allowed
	exitAddress = 3 // an address that cannot be listened on
)

func main() {
	gcroom.Leave()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}

const usage = `qfsandbox is a fake QFPay: payment API, cashier, notifications, and WeChat's login and wallet.

  qfsandbox [serve] [flags]     serve until SIGTERM or SIGINT
  qfsandbox healthcheck [-url]  exit 0 when a sandbox answers
  qfsandbox version             print the version

Exit codes: 0 ended as asked, 1 something failed, 2 a wrong flag, variable or word, 3 an address that cannot be listened on.

`

func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	word := "serve"
	if len(args) > 0 && len(args[0]) > 0 && args[0][0] != '-' {
		word, args = args[0], args[1:]
	}
	var err error
	switch word {
	case "serve":
		err = serve(ctx, args, environ, stdout, stderr)
	case "healthcheck":
		err = healthcheck(ctx, args, environ, stdout)
	case "version":
		fmt.Fprintln(stdout, "qfsandbox", version)
	case "help":
		err = serve(ctx, []string{"-h"}, nil, stdout, stderr)
	default:
		err = usageError("%q is no command of qfsandbox, want serve, healthcheck or version", word)
	}
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	default:
		fmt.Fprintln(stderr, "qfsandbox:", err)
		return codeOf(err)
	}
}

// failure is an error with the exit code it ends the program with.
type failure struct {
	code int
	err  error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

func usageError(format string, args ...any) error {
	return &failure{exitUsage, fmt.Errorf(format, args...)}
}

func codeOf(err error) int {
	var f *failure
	if errors.As(err, &f) {
		return f.code
	}
	return exitBroke
}
