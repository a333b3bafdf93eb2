// Package flagenv gives each flag of a command an environment variable of the same name.
package flagenv

import (
	"flag"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// Prefix starts the variables of one command: with QFSANDBOX_, -control-addr is QFSANDBOX_CONTROL_ADDR.
type Prefix string

// injected matches what Kubernetes adds to the environment for a service of the command's name.
var injected = regexp.MustCompile(`^(SERVICE_(HOST|PORT)(_.*)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$`)

// Fill sets the flags that were not given from their variables; f has been parsed. A variable of
// the prefix that belongs to no flag is an error, unless it is one of the others.
func (p Prefix) Fill(f *flag.FlagSet, environ []string, others ...string) error {
	given := map[string]bool{}
	f.Visit(func(fl *flag.Flag) { given[fl.Name] = true })
	for _, pair := range environ {
		variable, value, _ := strings.Cut(pair, "=")
		rest, ours := strings.CutPrefix(variable, string(p))
		if !ours || slices.Contains(others, rest) || injected.MatchString(rest) {
			continue
		}
		name := strings.ToLower(strings.ReplaceAll(rest, "_", "-"))
		if f.Lookup(name) == nil {
			return fmt.Errorf("environment variable %s belongs to no flag; -h lists them", variable)
		}
		if given[name] {
			continue
		}
		if err := f.Set(name, value); err != nil {
			return fmt.Errorf("environment variable %s is %q: %w", variable, value, err)
		}
	}
	return nil
}

// Describe lists the flags with their values, defaults and variables.
func (p Prefix) Describe(f *flag.FlagSet, to io.Writer) {
	fmt.Fprintf(to, "Flags of %s, each with its environment variable:\n\n", f.Name())
	f.VisitAll(func(fl *flag.Flag) {
		value, text := flag.UnquoteUsage(fl)
		fmt.Fprintf(to, "  -%s %s\n", fl.Name, value)
		if !slices.Contains([]string{"", "false", "0"}, fl.DefValue) {
			text += fmt.Sprintf(" (default %s)", fl.DefValue)
		}
		fmt.Fprintf(to, "      %s\n      %s\n", text, p.Variable(fl.Name))
	})
}

// Variable is the environment variable of a flag.
func (p Prefix) Variable(name string) string {
	return string(p) + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}
