package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

const exitCodes = "Exit codes: 0 done as asked, 1 something failed, 2 a wrong flag, variable or word"

// helpWidth is how long the lines of a help are at most, in columns.
const helpWidth = 100

// help is what -h prints.
func (c command) help(f *flag.FlagSet, to io.Writer) {
	if c.name == "serve" {
		programHelp(to)
	} else {
		fmt.Fprintf(to, "%s\n\n", strings.Join(strings.Fields(f.Name()+" "+c.takes+" [flags]"), " "))
	}
	for _, line := range wrapped(c.does+"."+c.about, helpWidth) {
		fmt.Fprintln(to, line)
	}
	if len(c.words) > 0 {
		fmt.Fprintln(to)
		listCommands(to, f.Name(), c.words, c.words)
	}
	if len(c.examples) > 0 {
		fmt.Fprintf(to, "\nExamples:\n\n  %s\n", strings.Join(c.examples, "\n  "))
	}
	fmt.Fprintln(to)
	if c.name == "serve" {
		envPrefix.Describe(f, to)
		fmt.Fprintf(to, "\n%s", exitCodes+", 3 an address that cannot be listened on.\n")
		return
	}
	described := false
	f.VisitAll(func(fl *flag.Flag) {
		if !described {
			fmt.Fprintf(to, "Flags:\n\n")
			described = true
		}
		value, text := flag.UnquoteUsage(fl)
		if !slices.Contains([]string{"", "false", "0"}, fl.DefValue) {
			text += fmt.Sprintf(" (default %s)", fl.DefValue)
		}
		fmt.Fprintf(to, "  %s\n      %s\n", strings.TrimSpace("-"+fl.Name+" "+value), text)
	})
	if described {
		fmt.Fprintln(to)
	}
	fmt.Fprint(to, exitCodes+".\n")
}

func programHelp(to io.Writer) {
	fmt.Fprintf(to, "qfsandbox is a fake QFPay: payment API, cashier, notifications, and WeChat's login and wallet.\n")
	for _, g := range groups() {
		fmt.Fprintf(to, "\n%s:\n\n", g.title)
		listCommands(to, "qfsandbox", g.commands, commands())
	}
	fmt.Fprintf(to, `
Without a word it serves. Each command has -h with examples, as has "qfsandbox help WORD". Commands that talk to a running sandbox
find it by -url, QFSANDBOX_CONTROL_URL, QFSANDBOX_URL, or at %s.

qfsandbox serve [flags]

`, defaultControlURL)
}

// listCommands has a line for each command; what it does stands behind the widest of all.
func listCommands(to io.Writer, path string, list, all []command) {
	wide := 0
	for _, c := range all {
		wide = max(wide, columns(c.name+" "+c.takes))
	}
	for _, c := range list {
		fmt.Fprintf(to, "  %s %s  %s\n", path, pad(c.name+" "+c.takes, wide), c.does)
	}
}
