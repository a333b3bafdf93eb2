package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/browser"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

const browseUsage = `qfcertify browse opens a merchant's page in a visible browser that looks like WeChat, with WeChat's bridge in it,
to click through by hand. It needs a running sandbox (qfsandbox), which the merchant uses too, a full Chromium and a display.
Each call the sandbox gets meanwhile is printed, with what it found wrong. Close the window, or press Ctrl-C, to end.

  qfcertify browse [flags] URL       such as http://127.0.0.1:8090/
  qfcertify browsers                 list what --as takes

`

// browsing are the flags of browse.
type browsing struct {
	as, payer              string
	sandbox, vendor, token string
	chrome, screenshot     string
	noSandbox, quiet       bool
	address                *url.URL
}

func (b *browsing) flags() *flag.FlagSet {
	f := flag.NewFlagSet("qfcertify browse", flag.ContinueOnError)
	f.StringVar(&b.as, "as", "ios", "`kind` of browser; qfcertify browsers lists them")
	f.StringVar(&b.payer, "payer", defaultPayer, "`id` of the payer who holds the phone; made if the sandbox has none of that id")
	f.StringVar(&b.sandbox, "sandbox", "http://127.0.0.1:8081", "control `URL` of the sandbox the merchant uses")
	f.StringVar(&b.vendor, "sandbox-url", "", "`URL` browsers reach that sandbox under, when it differs from what it says of itself")
	f.StringVar(&b.token, "control-token", "", "bearer `token` of that sandbox's controls")
	f.StringVar(&b.chrome, "chrome", "", "`program` to use as browser (default: the first full Chromium found)")
	f.StringVar(&b.screenshot, "screenshot", "", "`file` for a PNG of the page once it is quiet; without a window, and ends then")
	f.BoolVar(&b.noSandbox, "no-sandbox", false, "run Chromium without its own sandbox, as a container's ordinary user must")
	f.BoolVar(&b.quiet, "quiet", false, "print no calls")
	return f
}

// defaultPayer stays the same person, so that a shop that remembers openids knows them again.
const defaultPayer = "browse"

func (b *browsing) parse(args, environ []string, help io.Writer) error {
	f := b.flags()
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	var words []string
	for {
		if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(help, browseUsage)
			envPrefix.Describe(f, help)
			return err
		} else if err != nil {
			return fail(verdict.ExitUsage, "%w; browse -h lists the flags", err)
		}
		if f.NArg() == 0 {
			break
		}
		words, args = append(words, f.Arg(0)), f.Args()[1:]
	}
	if err := envPrefix.Fill(f, environ, variablesOf((&settings{}).flags(), f)...); err != nil {
		return fail(verdict.ExitUsage, "%w", err)
	}
	if len(words) != 1 {
		return fail(verdict.ExitUsage, "browse wants one address such as http://127.0.0.1:8090/, got %d: %s", len(words), strings.Join(words, " "))
	}
	var err error
	if b.address, err = url.Parse(words[0]); err != nil || b.address.Host == "" || b.address.Scheme != "http" && b.address.Scheme != "https" {
		return fail(verdict.ExitUsage, "the address is %q, want one with its scheme such as http://127.0.0.1:8090/", words[0])
	}
	if !strings.HasPrefix(b.sandbox, "http://") && !strings.HasPrefix(b.sandbox, "https://") {
		return fail(verdict.ExitUsage, "--sandbox is %q, want the control address of a sandbox such as http://127.0.0.1:8081", b.sandbox)
	}
	return nil
}

// variablesOf are the variables of another command's flags that this one has not.
func variablesOf(other, own *flag.FlagSet) (names []string) {
	other.VisitAll(func(fl *flag.Flag) {
		if own.Lookup(fl.Name) == nil {
			names = append(names, strings.TrimPrefix(envPrefix.Variable(fl.Name), string(envPrefix)))
		}
	})
	return names
}

// browse opens the browser and waits until it is closed.
func browse(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var b browsing
	if err := b.parse(args, os.Environ(), stdout); err != nil {
		return err
	}
	kind, ok := browser.KindNamed(b.as)
	if !ok {
		return fail(verdict.ExitUsage, "--as is %q, want one of %s", b.as, strings.Join(kindNames(), " "))
	}
	v := &vendors{control: control.NewClient(b.sandbox, b.token), close: func() {}}
	if err := v.learn(ctx, b.vendor); err != nil {
		return fail(verdict.ExitUnreachable, "no sandbox at %s: %w; start one with qfsandbox, or name one with --sandbox", b.sandbox, err)
	}
	payer, err := b.person(ctx, v.control)
	if err != nil {
		return err
	}
	mark, err := v.control.Journal(ctx, control.JournalFilter{Last: 1})
	if err != nil {
		return fail(verdict.ExitBroke, "%w", err)
	}

	chrome, err := browser.Launch(ctx, browser.Options{
		ExecPath: b.chrome, Headful: b.screenshot == "", NoSandbox: b.noSandbox, Unbounded: true, Resolve: v.resolve(), Trust: v.ca,
		Window: [2]int{max(kind.Width, 500), kind.Height + 140}, // Chromium's own rows above the page
		Log:    slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		return fail(verdict.ExitBroke, "%w", err)
	}
	defer func() { _ = chrome.Close() }() // it has served
	phone := steps.Phone{Vendor: v.url, Wallet: []string{v.url}, Payer: payer.ID}
	if v.tls != "" {
		phone.Wallet = []string{steps.UnchangedWallet, v.url} // reached from every page, whatever names its shop uses
	}
	tab, err := phone.Open(ctx, chrome, kind)
	if err != nil {
		return fail(verdict.ExitBroke, "%w", err)
	}
	if b.screenshot == "" {
		if err := chrome.Alone(); err != nil {
			return fail(verdict.ExitBroke, "%w", err)
		}
	}
	fmt.Fprintf(stdout, "browser      %s, %s\nsandbox      %s\npayer        %s (%s)\n", kind.Title, chrome.Version(), v.url, payer.ID, payer.Name)
	if !kind.CanPay {
		fmt.Fprintf(stdout, "note         %s\n", kind.NoPay)
	}
	if b.screenshot != "" {
		return b.picture(ctx, tab, stdout)
	}
	fmt.Fprintln(stdout, "end          close the window, or press Ctrl-C")
	listening, stop := context.WithCancel(ctx)
	defer stop()
	heard := make(chan struct{})
	go func() { // ends with listening
		defer close(heard)
		if !b.quiet {
			b.follow(listening, v.control, mark.Mark, stdout)
		}
	}()
	err = tab.Goto(ctx, b.address.String())
	if err != nil && ctx.Err() == nil && !closed(tab) {
		fmt.Fprintln(stdout, "page        ", err) // it stands there to be read, and may be reloaded
	}
	select {
	case <-ctx.Done():
	case <-tab.Done():
	}
	stop()
	<-heard
	return nil
}

func closed(tab *browser.Tab) bool {
	select {
	case <-tab.Done():
		return true
	default:
		return false
	}
}

// person is the payer, made where the sandbox has none of that id.
func (b *browsing) person(ctx context.Context, c *control.Client) (control.Payer, error) {
	p, err := c.Payer(ctx, control.PayerID(b.payer))
	var refused *control.Error
	if errors.As(err, &refused) && refused.Code == "not-found" {
		p, err = c.CreatePayer(ctx, control.Payer{ID: control.PayerID(b.payer), Name: "You"})
	}
	if errors.As(err, &refused) && refused.Status < 500 {
		return p, fail(verdict.ExitUsage, "--payer is %q: %s", b.payer, refused.Message)
	} else if err != nil {
		return p, fail(verdict.ExitBroke, "%w", err)
	}
	return p, nil
}

// follow prints each call as the sandbox gets it, and below it what it found.
func (b *browsing) follow(ctx context.Context, c *control.Client, since uint64, to io.Writer) {
	err := c.Follow(ctx, control.JournalFilter{Since: since}, func(e control.Exchange) error {
		fmt.Fprintln(to, " ", steps.Describe(e))
		for _, f := range e.Findings {
			fmt.Fprintln(to, "             ", f.Detail)
			if f.Change != "" {
				fmt.Fprintln(to, "              change:", f.Change)
			}
		}
		return nil
	}, nil)
	if err != nil && ctx.Err() == nil {
		fmt.Fprintln(to, "calls are no longer printed:", err)
	}
}

// quietFor is how long a page has to stay at one address for its picture, settleWithin how long that may take.
const (
	quietFor     = 1500 * time.Millisecond
	settleWithin = 20 * time.Second
)

// picture takes the page's once it stays where it is.
func (b *browsing) picture(ctx context.Context, tab *browser.Tab, stdout io.Writer) error {
	if err := tab.Goto(ctx, b.address.String()); err != nil {
		return fail(verdict.ExitUnreachable, "%w", err)
	}
	patience, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	for at, since := tab.URL(), time.Now(); time.Since(since) < quietFor; {
		select {
		case <-patience.Done():
			return fail(verdict.ExitBroke, "the page did not stay at one address within %s, last %s", settleWithin, at)
		case <-time.After(100 * time.Millisecond):
		}
		if now := tab.URL(); now != at {
			at, since = now, time.Now()
		}
	}
	png, err := tab.Screenshot(ctx)
	if err != nil {
		return fail(verdict.ExitBroke, "%w", err)
	}
	if err := os.WriteFile(b.screenshot, png, 0o644); err != nil {
		return fail(verdict.ExitUsage, "--screenshot: %w", err)
	}
	fmt.Fprintf(stdout, "page         %s\nscreenshot   %s\n", tab.URL(), b.screenshot)
	return nil
}

func kindNames() (names []string) {
	for _, k := range browser.Kinds() {
		names = append(names, k.Kind)
	}
	return names
}

func printBrowsers(to io.Writer) {
	for _, k := range browser.Kinds() {
		pays := "pays"
		if !k.CanPay {
			pays = k.NoPay
		}
		fmt.Fprintf(to, "%-14s %-36s %s\n", k.Kind, k.Title, pays)
	}
}
