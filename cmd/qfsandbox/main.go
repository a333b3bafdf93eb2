// Command qfsandbox is a fake QFPay with a fake WeChat behind it, for developing and testing
// merchants' integrations without a phone and without money.
package main

import (
	"context"
	"errors"
	"fmt"
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
	os.Exit(run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr))
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
