package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// command is one word of qfsandbox. Each is on top of the file of its name.
type command struct {
	name string
	// takes names its arguments, such as "ORDER"; does says what it does in one line.
	takes, does string
	// about goes on from there in -h; examples are lines that work when pasted.
	about    string
	examples []string
	// setup declares the command's flags and gives what runs once they are read.
	setup func(f *flag.FlagSet) func(ctx context.Context, run *invocation) error
}

// invocation is one run of a command.
type invocation struct {
	// args are what is no flag; flags may stand before, between and behind them.
	args           []string
	environ        []string
	stdin          io.Reader
	stdout, stderr io.Writer
}

// commands are in the order of the help.
func commands() []command {
	return []command{serveCommand, healthcheckCommand, versionCommand}
}

// run gives the program's exit code.
func run(ctx context.Context, args, environ []string, stdin io.Reader, stdout, stderr io.Writer) int {
	err := dispatch(ctx, args, &invocation{environ: environ, stdin: stdin, stdout: stdout, stderr: stderr})
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	default:
		fmt.Fprintln(stderr, "qfsandbox:", err)
		return codeOf(err)
	}
}

// dispatch finds the command of the first word, serve without one, reads its flags and runs it.
func dispatch(ctx context.Context, args []string, in *invocation) error {
	word := "serve"
	if len(args) > 0 && len(args[0]) > 0 && args[0][0] != '-' {
		word, args = args[0], args[1:]
	}
	if word == "help" {
		word, args = "serve", []string{"-h"}
	}
	for _, c := range commands() {
		if c.name != word {
			continue
		}
		f := flag.NewFlagSet("qfsandbox "+c.name, flag.ContinueOnError)
		body := c.setup(f)
		if err := c.parse(f, args, in); err != nil {
			return err
		}
		return body(ctx, in)
	}
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return usageError("%q is no command of qfsandbox, want one of %s", word, strings.Join(names, ", "))
}

// parse reads flags wherever they stand; what is behind "--" is no flag. Errors: usage, flag.ErrHelp.
func (c command) parse(f *flag.FlagSet, args []string, in *invocation) error {
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	for {
		if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
			c.help(f, in.stdout)
			return err
		} else if err != nil {
			return usageError("%w; %s -h lists the flags", err, strings.TrimSuffix(f.Name(), " serve"))
		}
		rest := f.Args()
		if len(rest) == 0 {
			break
		}
		if at := len(args) - len(rest) - 1; at >= 0 && args[at] == "--" {
			in.args = append(in.args, rest...)
			break
		}
		in.args, args = append(in.args, rest[0]), rest[1:]
	}
	if c.takes == "" && len(in.args) > 0 {
		return usageError("%q is one word too many; %s -h lists the flags", in.args[0], strings.TrimSuffix(f.Name(), " serve"))
	}
	return nil
}

func (c command) help(f *flag.FlagSet, to io.Writer) {
	if c.name == "serve" {
		programHelp(to)
	} else {
		fmt.Fprintf(to, "%s\n\n", strings.TrimSpace(f.Name()+" [flags] "+c.takes))
	}
	fmt.Fprintf(to, "%s.%s\n", c.does, c.about)
	if len(c.examples) > 0 {
		fmt.Fprintf(to, "\nExamples:\n\n  %s\n", strings.Join(c.examples, "\n  "))
	}
	fmt.Fprintln(to)
	if c.name == "serve" {
		envPrefix.Describe(f, to)
		return
	}
	described := false
	f.VisitAll(func(fl *flag.Flag) {
		if !described {
			fmt.Fprintf(to, "Flags:\n\n")
			described = true
		}
		value, text := flag.UnquoteUsage(fl)
		fmt.Fprintf(to, "  -%s %s\n      %s\n", fl.Name, value, text)
	})
}

func programHelp(to io.Writer) {
	fmt.Fprintf(to, "qfsandbox is a fake QFPay: payment API, cashier, notifications, and WeChat's login and wallet.\n\n")
	for _, c := range commands() {
		fmt.Fprintf(to, "  qfsandbox %-28s %s\n", strings.TrimSpace(c.name+" "+c.takes), c.does)
	}
	fmt.Fprintf(to, `
Without a word it serves. Each command has -h with examples. Exit codes: 0 ended as asked, 1 something failed, 2 a wrong flag,
variable or word, 3 an address that cannot be listened on.

`)
}

var versionCommand = command{
	name: "version", does: "print the version",
	setup: func(*flag.FlagSet) func(context.Context, *invocation) error {
		return func(_ context.Context, in *invocation) error {
			_, err := fmt.Fprintln(in.stdout, "qfsandbox", version)
			return err
		}
	},
}

// variable is the value of one environment variable, "" without it.
func (in *invocation) variable(name string) string {
	for i := len(in.environ) - 1; i >= 0; i-- {
		if value, ok := strings.CutPrefix(in.environ[i], name+"="); ok {
			return value
		}
	}
	return ""
}

// isTerminal reports whether somebody looks at what is written.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
