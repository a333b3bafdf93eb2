package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// command is one word of qfsandbox. Each is on top of the file of its name.
type command struct {
	name string
	// takes names its arguments, such as "ORDER", "[CODE]" where it may be left out and "FILE…" where
	// there may be several; does says what it does in one line.
	takes, does string
	// about goes on from there in -h; examples are lines that work when pasted.
	about    string
	examples []string
	// words are commands that may follow its name: clock has advance.
	words []command
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
	// unwritten is why a line or a table for people could not be written.
	unwritten error
}

// group is a part of the help.
type group struct {
	title    string
	commands []command
}

// groups are all commands, in the order of the help.
func groups() []group {
	return []group{
		{"Run", []command{serveCommand, healthcheckCommand, waitCommand, caCommand, hostsCommand}},
		{"Look", []command{appsCommand, payersCommand, ordersCommand, notifyCommand, journalCommand, bundleCommand, replayCommand}},
		{"Act", []command{payCommand, clockCommand, faultsCommand}},
		{"Explain", []command{signCommand, explainCommand, findingsCommand}},
		{"More", []command{completionCommand(), versionCommand}},
	}
}

// commands are all commands, those of each group one behind the other.
func commands() []command {
	var list []command
	for _, g := range groups() {
		list = append(list, g.commands...)
	}
	return list
}

// run gives the program's exit code.
func run(ctx context.Context, args, environ []string, stdin io.Reader, stdout, stderr io.Writer) int {
	err := dispatch(ctx, args, &invocation{environ: environ, stdin: stdin, stdout: stdout, stderr: stderr})
	var refused *control.Error
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.As(err, &refused) && err == error(refused):
		fmt.Fprintln(stderr, "qfsandbox:", harmless(refused.Message))
		return codeOf(err)
	default:
		fmt.Fprintln(stderr, "qfsandbox:", harmlessLines(err.Error()))
		return codeOf(err)
	}
}

// dispatch finds the command of the first word, serve without one, reads its flags and runs it.
func dispatch(ctx context.Context, args []string, in *invocation) error {
	word := "serve"
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		word, args = args[0], args[1:]
	}
	if word == completeWord {
		complete(ctx, args, in)
		return nil
	}
	if word == "help" {
		word = "serve"
		if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
			word, args = args[0], args[1:]
		}
		args = append(args, "-h")
	}
	c, ok := named(commands(), word)
	if !ok {
		names := strings.Join(namesOf(commands()), ", ")
		return usageError("%q is no command of qfsandbox, want one of %s%s", word, names, sandbox.Guess(word, names))
	}
	return c.run(ctx, "qfsandbox "+c.name, args, in)
}

// run reads the flags of the command, or of the word behind it, and does what they say.
func (c command) run(ctx context.Context, path string, args []string, in *invocation) error {
	f := flag.NewFlagSet(path, flag.ContinueOnError)
	body := c.setup(f)
	if i := firstArgument(f, args); i >= 0 {
		if w, ok := named(c.words, args[i]); ok {
			return w.run(ctx, path+" "+w.name, append(args[:i:i], args[i+1:]...), in)
		}
	}
	if err := c.parse(f, args, in); err != nil {
		return err
	}
	err := body(ctx, in)
	if err == nil && in.unwritten != nil {
		return fmt.Errorf("not all was printed: %w", in.unwritten)
	}
	var refused *control.Error
	if errors.As(err, &refused) && refused.Code == "not-found" && len(in.args) > 0 {
		if hint := sandbox.Guess(in.args[0], strings.Join(namesOf(c.words), ", ")); hint != "" {
			return fmt.Errorf("%s%s", refused.Message, hint)
		}
	}
	return err
}

// firstArgument is the place of the first word that is no flag, -1 without one. What is behind "--"
// is never the name of a command.
func firstArgument(known *flag.FlagSet, args []string) int {
	f := flag.NewFlagSet("", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	known.VisitAll(func(fl *flag.Flag) {
		if isBool(fl) {
			f.Bool(fl.Name, false, "")
		} else {
			f.String(fl.Name, "", "")
		}
	})
	if err := f.Parse(args); err != nil || f.NArg() == 0 {
		return -1
	}
	i := len(args) - f.NArg()
	if i > 0 && args[i-1] == "--" {
		return -1
	}
	return i
}

func isBool(f *flag.Flag) bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

// parse reads flags and holds arguments to what the command takes. Errors: usage, flag.ErrHelp.
func (c command) parse(f *flag.FlagSet, args []string, in *invocation) error {
	if err := c.read(f, args, in); err != nil {
		return err
	}
	return c.checkArguments(f, in.args)
}

// read takes flags wherever they stand; what is behind "--" is no flag. Errors: usage, flag.ErrHelp.
func (c command) read(f *flag.FlagSet, args []string, in *invocation) error {
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	for {
		if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
			c.help(f, in.stdout)
			return err
		} else if err != nil {
			return usageError("%s%s -h lists the flags", flagMistake(f, err), called(f))
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
	return nil
}

// called is how a command is asked for help.
func called(f *flag.FlagSet) string { return strings.TrimSuffix(f.Name(), " serve") }

// flagMistake names the flag that was probably meant.
func flagMistake(f *flag.FlagSet, err error) string {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		return err.Error() + "; "
	}
	var names []string
	f.VisitAll(func(fl *flag.Flag) { names = append(names, fl.Name) })
	if hint := sandbox.Guess(strings.TrimLeft(name, "-"), strings.Join(names, ", ")); hint != "" {
		return fmt.Sprintf("%s has no flag -%s%s ", called(f), name, strings.Replace(hint, "mean ", "mean -", 1))
	}
	return fmt.Sprintf("%s has no flag -%s; ", called(f), name)
}

// checkArguments holds arguments to what the command takes.
func (c command) checkArguments(f *flag.FlagSet, args []string) error {
	least, most := arguments(c.takes)
	switch {
	case len(args) > most && len(c.words) > 0:
		names := strings.Join(namesOf(c.words), ", ")
		return usageError("%q is no word of %s, want one of %s%s", args[most], called(f), names, sandbox.Guess(args[most], names))
	case len(args) > most:
		return usageError("%q is one word too many; %s -h lists the flags", args[most], called(f))
	case len(args) < least:
		return usageError("%s wants %s; %s -h has examples", called(f), c.takes, called(f))
	}
	return nil
}

// arguments counts what a command takes at least and at most.
func arguments(takes string) (least, most int) {
	for _, word := range strings.Fields(takes) {
		most++
		if !strings.HasPrefix(word, "[") {
			least++
		}
	}
	if strings.Contains(takes, "…") || strings.Contains(takes, "...") {
		most = 1 << 20
	}
	return least, most
}

func named(list []command, name string) (command, bool) {
	for _, c := range list {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

func namesOf(list []command) (names []string) {
	for _, c := range list {
		names = append(names, c.name)
	}
	return names
}

var versionCommand = command{
	name: "version", does: "print the version",
	examples: []string{"qfsandbox version"},
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

// say prints a line. What is in it may be hostile.
func (in *invocation) say(format string, args ...any) {
	in.wrote(fmt.Fprintln(in.stdout, harmless(fmt.Sprintf(format, args...))))
}

// wrote keeps that something could not be written, as on a full disk; it fails the command at its end.
func (in *invocation) wrote(_ int, err error) { in.unwritten = cmp.Or(in.unwritten, err) }

// harmlessLines keeps the line breaks.
func harmlessLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = harmless(line)
	}
	return strings.Join(lines, "\n")
}
