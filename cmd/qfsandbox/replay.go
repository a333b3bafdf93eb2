package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/bundle"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/replay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// replayCommand plays the calls of a bundle again, in a sandbox that runs or in one of its own.
var replayCommand = command{
	name: "replay", takes: "FILE|-", does: "play a bundle's calls again in a fresh App, and say which answers differ",
	about: " The App has the recorded settings, its clock the recorded times, and what was signed right is signed anew; other ids and times are no difference. " +
		"Notifications go to nobody without -notify-url. FILE is what qfsandbox bundle wrote, - reads standard input. Where no address is given and no sandbox answers at the usual one, " +
		"it is played in a sandbox of its own, as with -own. It ends with 1 when an answer differs or a call was not played.",
	examples: []string{"qfsandbox replay T1.bundle.txt", "qfsandbox replay T1.bundle.txt -own", "qfsandbox bundle T1 | qfsandbox replay -", "qfsandbox replay T1.bundle.txt -notify-url http://127.0.0.1:3000/notify"},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r replaying
		r.connection(f)
		f.BoolVar(&r.json, "json", false, "print the result as JSON for programs, in the words of docs/bundle.md")
		f.BoolVar(&r.own, "own", false, "play it in a sandbox that is started for it and ended behind it")
		f.StringVar(&r.notifyURL, "notify-url", "", "`URL` all notifications go to (default: they go to nobody)")
		return r.run
	},
}

// replaying is one run of the command.
type replaying struct {
	remote
	own       bool
	notifyURL string
}

func (r *replaying) run(ctx context.Context, in *invocation) error {
	if r.own && (r.url != "" || r.token != "") {
		return usageError("-own starts a sandbox and asks none, so it takes neither -url nor -token")
	}
	if u, err := url.Parse(r.notifyURL); r.notifyURL != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return usageError("-notify-url is %q, want one such as http://127.0.0.1:3000/notify", r.notifyURL)
	}
	name, b, err := readBundle(in)
	if err != nil {
		return err
	}
	c, end, err := r.sandbox(ctx, in)
	if err != nil {
		return err
	}
	defer end()
	result, err := replay.Player{Client: c, NotifyURL: r.notifyURL}.Play(ctx, b)
	switch {
	case errors.Is(err, replay.ErrBundle):
		return usageError("%s: %w", name, err)
	case err != nil:
		return err
	}
	if err := r.show(in, result, func() { r.print(in, result) }); err != nil {
		return err
	}
	if !result.AllSame() {
		return errors.New("the replay did not come out as it was recorded; what differs is told above")
	}
	return nil
}

// readBundle reads the file that is named. Whatever is wrong with it is the caller's mistake.
func readBundle(in *invocation) (name string, b bundle.Bundle, err error) {
	name, from := in.args[0], in.stdin
	if name == "-" {
		name = "standard input"
	} else {
		file, err := os.Open(name)
		if err != nil {
			return name, b, usageError("cannot read the bundle: %w", err)
		}
		defer file.Close()
		from = io.Reader(file)
	}
	b, err = bundle.Parse(from)
	if err != nil {
		return name, b, usageError("%s: %w", name, err)
	}
	return name, b, nil
}

// sandbox is the one to play in, and what to do in the end. One of its own stands in for a sandbox
// that is not there only where nobody said where it is.
func (r *replaying) sandbox(ctx context.Context, in *invocation) (*control.Client, func(), error) {
	if !r.own {
		c, err := r.client(ctx, in)
		if !errors.Is(err, errNoSandbox) {
			return c, func() {}, err
		}
		where, by, bad := r.address(in)
		if bad != nil || by != byDefault {
			return nil, nil, fmt.Errorf("%w; -own plays it in one that is started for it", err)
		}
		fmt.Fprintf(in.stderr, "qfsandbox: no sandbox answers at %s, so this is played in one that is started for it\n", where)
		r.own = true
	}
	srv, err := server.Start(ctx, server.Config{Version: version})
	if err != nil {
		return nil, nil, settings{}.startFailure(err)
	}
	return control.NewClient(srv.ControlURL(), ""), func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		_ = srv.Shutdown(end) // what it was for is done
	}, nil
}

// print shows a line for each call, what differs under it, and the sum.
func (r *replaying) print(in *invocation, result replay.Result) {
	t := newTable("SEQ", "TIME", "CALL", "RECORDED", "NOW", "VERDICT")
	for _, s := range result.Steps {
		seq := "-"
		if s.Seq != 0 {
			seq = fmt.Sprint(s.Seq)
		}
		t.add(seq, sandbox.FormatTime(s.At), shortened(harmless(s.Call), 60), shortened(harmless(s.Recorded), 40), or(shortened(harmless(s.Now), 40), "-"), string(s.Verdict))
	}
	lines := strings.SplitAfter(t.text(terminalOf(in.stdout, in)), "\n")
	fmt.Fprint(in.stdout, lines[0])
	for i, s := range result.Steps {
		fmt.Fprint(in.stdout, lines[i+1])
		for _, d := range s.Differences {
			in.say("     %s", d)
		}
		if s.Note != "" {
			in.say("     (%s)", s.Note)
		}
	}
	r.sum(in, result)
}

func (r *replaying) sum(in *invocation, result replay.Result) {
	if result.LeftOut > 0 {
		in.say("%d exchanges had no room in the bundle and are not played.", result.LeftOut)
	}
	next := fmt.Sprintf("Look at it: qfsandbox journal -app %s", result.App)
	if r.own {
		next = "To look at it afterwards, start qfsandbox and replay it there, without -own."
	}
	if len(result.Steps) == 0 {
		in.say("The bundle of order %s has no call to play.", result.OutTradeNo)
		return
	}
	in.say("Order %s: %d the same, %d different, %d not played. %s", result.OutTradeNo, result.Same, result.Different, result.NotPlayed, next)
}
