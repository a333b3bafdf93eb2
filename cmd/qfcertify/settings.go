package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/cmd/internal/flagenv"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

// envPrefix starts the environment variable of every flag: --show-steps is QFCERTIFY_SHOW_STEPS.
const envPrefix = flagenv.Prefix("QFCERTIFY_")

// settings are the flags of run.
type settings struct {
	profile   string
	sandbox   string
	vendor    string
	token     string
	listen    string
	out       string
	chrome    string
	seed      int64
	showSteps bool
	headful   bool
	noSandbox bool
	words     []string
	// given are the flags of this call, as they were written.
	given []string
}

func (s *settings) flags() *flag.FlagSet {
	f := flag.NewFlagSet("qfcertify run", flag.ContinueOnError)
	f.StringVar(&s.profile, "profile", "", "`file` that describes the merchant (required)")
	f.StringVar(&s.sandbox, "sandbox", "", "control `URL` of a running sandbox (default: one inside this program)")
	f.StringVar(&s.vendor, "sandbox-url", "", "`URL` merchants and browsers reach that sandbox under, when it differs from what it says of itself")
	f.StringVar(&s.token, "control-token", "", "bearer `token` of that sandbox's controls")
	f.StringVar(&s.listen, "listen", "", "`address` of the sandbox inside this program (default: a free port when the profile starts the merchant, else 127.0.0.1:8080)")
	f.StringVar(&s.out, "out", "", "`directory` for screenshots (default: a new one in the temporary directory)")
	f.StringVar(&s.chrome, "chrome", "", "`program` to use as browser (default: the first Chromium found)")
	f.Int64Var(&s.seed, "seed", 0, "`number` that makes the same orders and names again (default: another one each time)")
	f.BoolVar(&s.showSteps, "show-steps", false, "print each step, and what passed on the wire, as it happens")
	f.BoolVar(&s.headful, "headful", false, "show the browser; needs a full Chromium and a display")
	f.BoolVar(&s.noSandbox, "no-sandbox", false, "run Chromium without its own sandbox, as a container's ordinary user must")
	return f
}

// parse reads flags and environment; a flag wins over its variable. Flags may stand behind the
// tags and rules. Errors: usage, flag.ErrHelp.
func (s *settings) parse(args, environ []string, help io.Writer) error {
	f := s.flags()
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	for {
		if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(help, usage)
			envPrefix.Describe(f, help)
			return err
		} else if err != nil {
			return fail(verdict.ExitUsage, "%w; run -h lists the flags", err)
		}
		if f.NArg() == 0 {
			break
		}
		s.words = append(s.words, f.Arg(0))
		args = f.Args()[1:]
	}
	f.Visit(func(fl *flag.Flag) {
		if fl.Name != "show-steps" && fl.Name != "control-token" {
			s.given = append(s.given, fmt.Sprintf("--%s=%s", fl.Name, fl.Value))
		}
	})
	if err := envPrefix.Fill(f, environ, variablesOf((&browsing{}).flags(), f)...); err != nil {
		return fail(verdict.ExitUsage, "%w", err)
	}
	return s.check()
}

func (s *settings) check() error {
	switch {
	case s.profile == "":
		return fail(verdict.ExitUsage, "--profile is missing: the file that describes the merchant")
	case s.sandbox == "" && s.vendor != "":
		return fail(verdict.ExitUsage, "--sandbox-url is %q and goes with --sandbox only", s.vendor)
	case s.sandbox != "" && s.listen != "":
		return fail(verdict.ExitUsage, "--listen is %q and goes with the sandbox inside this program, not with --sandbox", s.listen)
	case s.sandbox != "" && !slices.ContainsFunc([]string{"http://", "https://"}, func(p string) bool { return strings.HasPrefix(s.sandbox, p) }):
		return fail(verdict.ExitUsage, "--sandbox is %q, want the control address of a sandbox such as http://127.0.0.1:8081", s.sandbox)
	}
	if s.out == "" {
		dir, err := os.MkdirTemp("", "qfcertify-")
		if err != nil {
			return fail(verdict.ExitUsage, "no directory for screenshots: %w; name one with --out", err)
		}
		s.out = dir
		return nil
	}
	err := os.MkdirAll(s.out, 0o755)
	if err == nil {
		var probe *os.File
		if probe, err = os.CreateTemp(s.out, ".writable-*"); err == nil {
			err = errors.Join(probe.Close(), os.Remove(probe.Name()))
		}
	}
	if err != nil {
		return fail(verdict.ExitUsage, "--out cannot be written to: %w", err)
	}
	return nil
}

// again is the command that plays one rule of this run once more, step by step.
func (s *settings) again(rule string) string {
	return strings.Join(append(append([]string{os.Args[0], "run"}, s.given...), "--show-steps", rule), " ")
}
