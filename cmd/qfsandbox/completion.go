package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// completeWord is what the shells' scripts ask with; the last word behind it is the one to complete.
const completeWord = "__complete"

// completionCommand is a function: what it completes are all commands, itself among them.
func completionCommand() command {
	return command{
		name: "completion", takes: "SHELL", does: "print the script that completes commands in bash, zsh or fish",
		about:    " App codes, orders and payers come from the running sandbox, where one answers.",
		examples: []string{"source <(qfsandbox completion bash)", "qfsandbox completion zsh", "qfsandbox completion fish"},
		setup: func(*flag.FlagSet) func(context.Context, *invocation) error {
			return func(_ context.Context, in *invocation) error {
				for _, s := range completionScripts {
					if s.shell == in.args[0] {
						_, err := fmt.Fprint(in.stdout, s.script)
						return err
					}
				}
				return usageError("%q is no shell this completes in, want bash, zsh or fish%s", in.args[0], sandbox.Guess(in.args[0], "bash, zsh, fish"))
			}
		},
	}
}

var completionScripts = []struct{ shell, script string }{
	{"bash", `# qfsandbox in bash: source <(qfsandbox completion bash)
_qfsandbox() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <(qfsandbox __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _qfsandbox qfsandbox
`},
	{"zsh", `#compdef qfsandbox
# qfsandbox in zsh: source <(qfsandbox completion zsh)
_qfsandbox() {
  local -a found
  found=("${(@f)$(qfsandbox __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  found=("${(@)found:#}")
  compadd -a found
}
compdef _qfsandbox qfsandbox
`},
	{"fish", `# qfsandbox in fish: qfsandbox completion fish | source
function __qfsandbox_complete
    set -l words (commandline -opc) (commandline -ct)
    qfsandbox __complete $words[2..-1] 2>/dev/null
end
complete -c qfsandbox -f -a '(__qfsandbox_complete)'
`},
}

// completionPatience is how long a sandbox may take to tell its names: somebody has pressed a key.
const completionPatience = 300 * time.Millisecond

// complete prints what the last word may become, one a line. It says nothing of what goes wrong.
func complete(ctx context.Context, words []string, in *invocation) {
	if len(words) == 0 {
		words = []string{""}
	}
	ctx, cancel := context.WithTimeout(ctx, completionPatience)
	defer cancel()
	before, last := words[:len(words)-1], words[len(words)-1]
	for _, word := range candidates(ctx, before, last, in) {
		if strings.HasPrefix(word, last) && isPlain(word) {
			fmt.Fprintln(in.stdout, word)
		}
	}
}

// isPlain keeps out what a shell would make something else of: names are the merchant's.
func isPlain(s string) bool { return word(s) == s }

// candidates are the words that may stand where last does.
func candidates(ctx context.Context, before []string, last string, in *invocation) []string {
	if len(before) == 0 && !strings.HasPrefix(last, "-") {
		return append(namesOf(commands()), "help")
	}
	c, f, taken := lineOf(before)
	if f == nil {
		return nil
	}
	if n := len(before); n > 0 && strings.HasPrefix(before[n-1], "-") {
		if fl := f.Lookup(strings.TrimLeft(before[n-1], "-")); fl != nil && !isBool(fl) {
			return valuesOf(ctx, fl.Name, f, in)
		}
	}
	if strings.HasPrefix(last, "-") {
		var flags []string
		f.VisitAll(func(fl *flag.Flag) { flags = append(flags, "-"+fl.Name) })
		return append(flags, "-h")
	}
	var found []string
	if taken == 0 {
		found = namesOf(c.words)
	}
	takes := strings.Fields(c.takes)
	if taken < len(takes) {
		found = append(found, valuesOf(ctx, strings.Trim(takes[taken], "[]…."), f, in)...)
	}
	return found
}

// lineOf reads the words before the one to complete: the command, its flags as they were given, and
// how many arguments it has already.
func lineOf(before []string) (c command, f *flag.FlagSet, taken int) {
	name := "serve"
	if len(before) > 0 && !strings.HasPrefix(before[0], "-") {
		name, before = before[0], before[1:]
	}
	if name == "help" {
		return command{words: commands()}, flag.NewFlagSet("help", flag.ContinueOnError), len(before)
	}
	c, ok := named(commands(), name)
	for ok {
		f = flag.NewFlagSet(name, flag.ContinueOnError)
		c.setup(f)
		i := firstArgument(f, before)
		if i < 0 {
			break
		}
		var w command
		if w, ok = named(c.words, before[i]); ok {
			c, before = w, append(before[:i:i], before[i+1:]...)
		}
	}
	if f == nil {
		return c, nil, 0
	}
	given := &invocation{stdout: io.Discard}
	_ = c.read(f, before, given) // half a line is no mistake yet
	return c, f, len(given.args)
}

// fixed is what can stand behind a flag, or in the place of an argument; asked is what the sandbox tells.
var (
	fixed = map[string][]string{
		"behaviour": texts(sandbox.Behaviours()), "method": texts(sandbox.Methods()), "state": stateWords(), "route": texts(sandbox.Endpoints()),
		"surface": control.Surfaces(), "direction": {"in", "out"}, "wallet": {"wechat", "alipay"}, "log": {"debug", "info", "warn", "error", "off"},
		"SHELL": {"bash", "zsh", "fish"}, "EFFECT": effects, "set": settingWords(),
	}
	asked = map[string]func(ctx context.Context, c *control.Client, r *remote) []string{
		"app": appCodes, "CODE": appCodes, "payer": payerIDs, "PAYER": payerIDs, "order": orderNumbers, "ORDER": orderNumbers, "finding": findingIDsOf, "FINDING": findingIDsOf,
	}
)

// effects are words of the levers' language that need no number.
var effects = []string{"http=504", "after-work", "delay=2s", "cut=before", "cut=during", "cut=after", "cut-body", "malformed-json", "wrong-content-type", "slow-drip", "1143"}

func texts[T ~string](items []T) (list []string) {
	for _, item := range items {
		list = append(list, string(item))
	}
	return list
}

func settingWords() (list []string) {
	for _, name := range strings.Split(settingNames(), ", ") {
		list = append(list, name+"=")
	}
	return list
}

// valuesOf gives what can stand there; that no sandbox answers is no mistake.
func valuesOf(ctx context.Context, place string, f *flag.FlagSet, in *invocation) []string {
	ask := asked[place]
	if ask == nil {
		return fixed[place]
	}
	r := remote{url: textOf(f, "url"), token: textOf(f, "token"), app: textOf(f, "app")}
	c, err := r.client(ctx, in)
	if err != nil {
		return nil
	}
	found := slices.DeleteFunc(ask(ctx, c, &r), func(name string) bool { return strings.HasPrefix(name, "-") }) // it would be a flag
	sort.Strings(found)
	return found
}

func textOf(f *flag.FlagSet, name string) string {
	if fl := f.Lookup(name); fl != nil {
		return fl.Value.String()
	}
	return ""
}

func appCodes(ctx context.Context, c *control.Client, _ *remote) (list []string) {
	apps, _ := c.Apps(ctx) // as many as there was time for
	for _, a := range apps {
		list = append(list, string(a.AppCode))
	}
	return list
}

func payerIDs(ctx context.Context, c *control.Client, _ *remote) (list []string) {
	payers, _ := c.Payers(ctx) // as many as there was time for
	for _, p := range payers {
		list = append(list, string(p.ID))
	}
	return list
}

func orderNumbers(ctx context.Context, c *control.Client, r *remote) (list []string) {
	app, err := r.appOf(ctx, c)
	if err != nil {
		return nil
	}
	orders, _ := c.Orders(ctx, app, control.OrderFilter{}) // none when there was no time
	for _, o := range orders.Orders {
		list = append(list, string(o.OutTradeNo))
	}
	return list
}

func findingIDsOf(ctx context.Context, c *control.Client, _ *remote) (list []string) {
	rows, _ := c.Findings(ctx) // none when there was no time
	for _, row := range rows {
		list = append(list, row.ID)
	}
	return list
}
