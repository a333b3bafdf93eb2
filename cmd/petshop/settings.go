package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/fixtures/petshop"
)

// envPrefix starts the variables that mirror the flags: -app-code is PETSHOP_APP_CODE.
const envPrefix = "PETSHOP_"

// injected matches what Kubernetes adds to the environment for a service called petshop.
var injected = regexp.MustCompile(`^PETSHOP_(SERVICE_(HOST|PORT)(_.*)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$`)

var errHelp = flag.ErrHelp

// settings are the flags, checked.
type settings struct {
	addr                      string
	openAPI, o2               *url.URL
	appCode, clientKey, mchID string
	publicURL, notifyURL      *url.URL // nil: from the address listened on
	timeout                   time.Duration
	own                       ownAccount // method 1
}

// flagSet declares every flag, each with a check of its own, writing into s.
func flagSet(s *settings) *flag.FlagSet {
	fs := flag.NewFlagSet("petshop", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}

	declare := func(name, fallback, usage string, set func(string) error) {
		if fallback != "" {
			if err := set(fallback); err != nil {
				panic(err) // a default that fails its own check
			}
		}
		fs.Var(&checked{text: fallback, set: set}, name, usage)
	}
	declare("addr", "127.0.0.1:8090", "`host:port` to listen on; port 0 finds a free one", into(&s.addr, hostPort))
	declare("openapi", "http://127.0.0.1:8080", "base `URL` of QFPay's API", into(&s.openAPI, webAddress))
	declare("o2", "http://127.0.0.1:8080", "base `URL` of QFPay's cashier", into(&s.o2, webAddress))
	declare("app-code", petshop.DemoAppCode, "the `code` QFPay issued", into(&s.appCode, word))
	declare("client-key", petshop.DemoClientKey, "the `key` QFPay issued with it", into(&s.clientKey, word))
	declare("mchid", "", "merchant `id`, if QFPay issued one; sent on every call, or on none", into(&s.mchID, wordOrNothing))
	declare("public-url", "", "the shop's own `URL` as browsers see it (default http://ADDR)", into(&s.publicURL, origin))
	declare("notify-url", "", "the shop's own `URL` for notifications, as QFPay sees it (default PUBLIC-URL/notify)", into(&s.notifyURL, webAddress))
	declare("timeout", "10s", "longest `time` one call to QFPay or WeChat may take", into(&s.timeout, timeSpan))
	s.own.declare(declare)
	return fs
}

// readSettings reads flags and their variables; a flag wins over its variable. Anything unknown is an error: a typo must
// not pass as a default.
func readSettings(args, environ []string) (settings, error) {
	var s settings
	fs := flagSet(&s)
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return s, errHelp
		}
		return s, withHint(fs, err)
	}
	if fs.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q; commands are healthcheck and version, everything else is a flag (see petshop -h)", fs.Arg(0))
	}
	given := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	for _, pair := range environ {
		variable, value, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(variable, envPrefix) || injected.MatchString(variable) {
			continue
		}
		f := fs.Lookup(flagOf(variable))
		if f == nil || envOf(f.Name) != variable {
			return s, fmt.Errorf("unknown environment variable %s%s", variable, suggest(variable, allEnv(fs)))
		}
		if given[f.Name] {
			continue
		}
		if err := f.Value.Set(value); err != nil {
			return s, fmt.Errorf("%s=%s: %w", variable, shown(f.Name, value), err)
		}
	}
	return s, s.own.check(fs)
}

func envOf(name string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

func flagOf(variable string) string {
	return strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(variable, envPrefix), "_", "-"))
}

func allEnv(fs *flag.FlagSet) (names []string) {
	fs.VisitAll(func(f *flag.Flag) { names = append(names, envOf(f.Name)) })
	return names
}

// unprinted are the flags whose values no message repeats.
var unprinted = []string{"client-key", "app-secret"}

// shown is a value as an error may print it.
func shown(name, value string) string {
	if slices.Contains(unprinted, name) {
		return "…"
	}
	return fmt.Sprintf("%q", value)
}

// withHint names the flag that was probably meant, and keeps a key out of the message.
func withHint(fs *flag.FlagSet, err error) error {
	if name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: -"); ok {
		var names []string
		fs.VisitAll(func(f *flag.Flag) { names = append(names, "-"+f.Name) })
		return fmt.Errorf("unknown flag -%s%s", name, suggest("-"+name, names))
	}
	for _, name := range unprinted {
		if _, after, ok := strings.Cut(err.Error(), "for flag -"+name+": "); ok {
			return fmt.Errorf("invalid value for flag -%s: %s", name, after)
		}
	}
	return err
}

// suggest offers the known name nearest to a wrong one, if any is near.
func suggest(wrong string, known []string) string {
	best, least := "", 3
	for _, k := range known {
		if d := distance(strings.ToLower(wrong), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return " (petshop -h lists them all)"
	}
	return fmt.Sprintf(" (did you mean %s?)", best)
}

// distance counts the letters to add, drop or change to get from a to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// checked is a flag value that is parsed when it is set.
type checked struct {
	text string
	set  func(string) error
}

func (c *checked) String() string { return c.text }

func (c *checked) Set(text string) error {
	if err := c.set(text); err != nil {
		return err
	}
	c.text = text
	return nil
}

// into parses a value and keeps it.
func into[T any](where *T, parse func(string) (T, error)) func(string) error {
	return func(text string) error {
		v, err := parse(text)
		if err == nil {
			*where = v
		}
		return err
	}
}

func hostPort(text string) (string, error) {
	_, port, err := net.SplitHostPort(text)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil || port == "" {
		return "", errors.New("want host:port, such as 127.0.0.1:8090")
	}
	return text, nil
}

func webAddress(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || !slices.Contains([]string{"http", "https"}, u.Scheme) || u.Hostname() == "" ||
		u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("want an absolute http or https address without user, query or fragment, such as http://127.0.0.1:8080")
	}
	return u, nil
}

// origin is an address without a path: the shop's pages link to each other from the root.
func origin(text string) (*url.URL, error) {
	u, err := webAddress(text)
	if err == nil && strings.Trim(u.Path, "/") != "" {
		err = errors.New("want an address without a path, such as https://shop.example; the shop lives at the root")
	}
	return u, err
}

func word(text string) (string, error) {
	if text == "" {
		return "", errors.New("want what QFPay issued; it cannot be empty")
	}
	return wordOrNothing(text)
}

func wordOrNothing(text string) (string, error) {
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return "", errors.New("want what QFPay issued, without spaces or line ends")
	}
	return text, nil
}

func timeSpan(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 || d > 10*time.Minute {
		return 0, errors.New("want a time above 0 and up to 10m, such as 10s")
	}
	return d, nil
}
