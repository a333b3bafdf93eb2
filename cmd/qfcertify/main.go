// Command qfcertify drives a merchant's integration through the QFPay sandbox in a browser that
// looks like WeChat, and says whether it was right.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

// version is set by the build.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// endings are the signals that end a run in good order, the merchant and the browser with it: also
// a terminal that is closed, unless nohup says otherwise, and a reader of our output that is gone.
func endings() []os.Signal {
	all := []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGPIPE}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}

const usage = `qfcertify judges a merchant's WeChat Pay integration against the QFPay sandbox.

  qfcertify run --profile FILE [flags] [tag or rule ...]   judge; without a rule, all rules
  qfcertify browse [flags] URL                             open a page as WeChat on a phone, to click through
  qfcertify browsers                                       list the kinds of browsers
  qfcertify rules                                          list the rules
  qfcertify version                                        print the version

A tag or rule is a rule (PAY-01), a family (PAY) or a tag of the scenarios (must).

Exit codes: 0 passed, 1 a MUST rule failed, 2 usage or nothing selected, 3 incomplete,
4 merchant unreachable, 5 the harness broke.

`

// failure is an error with the exit code it ends the program with.
type failure struct {
	code int
	err  error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

func fail(code int, format string, args ...any) error {
	return &failure{code, fmt.Errorf(format, args...)}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	code, err := verdict.ExitPassed, error(nil)
	if len(args) == 0 { // a call that judged nothing must not look like a pass
		fmt.Fprint(stderr, usage)
		return verdict.ExitUsage
	}
	word, args := args[0], args[1:]
	switch word {
	case "run":
		code, err = judge(ctx, args, stdout, stderr)
	case "browse":
		err = browse(ctx, args, stdout, stderr)
	case "browsers":
		printBrowsers(stdout)
	case "rules":
		printRules(stdout)
	case "version":
		fmt.Fprintln(stdout, "qfcertify", version)
	case "help", "-h", "-help", "--help":
		fmt.Fprint(stdout, usage)
		envPrefix.Describe((&settings{}).flags(), stdout)
	default:
		err = fail(verdict.ExitUsage, "%q is no command of qfcertify, want run, browse, browsers, rules or version", word)
	}
	var f *failure
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return code
	case errors.As(err, &f):
		code = f.code
	default:
		code = verdict.ExitBroke
	}
	fmt.Fprintln(stderr, "qfcertify:", strings.TrimSpace(err.Error()))
	return code
}
