package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic/pasted"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

var explainCommand = command{
	name: "explain", takes: "[FILE|SEQ|-]", does: "name the mistake in a request that was refused, and print the corrected one",
	about: " It reads " + pasted.Understood + ": from a FILE, from standard input, or by its number SEQ out of the running sandbox's journal. " +
		"A request to the real QFPay is explained with your own client key, which is used here and goes nowhere; keep it in a file or in QFSANDBOX_CLIENT_KEY. " +
		"With -notification it says why your side refuses a notification that is genuine. A mistake counts as a failure.",
	examples: []string{
		"qfsandbox explain refused.txt",
		"qfsandbox explain 1",
		"qfsandbox explain -json -client-key-file key.txt traffic.har",
		"qfsandbox explain -notification notification.json -computed 52A67AA78D3E5B21B043979E69929492",
	},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var e explain
		e.keyring.flags(f)
		e.notified.flags(f)
		f.IntVar(&e.entry, "entry", 0, "explain only the `N`th request of several")
		return e.run
	},
}

// explain is one run of the command.
type explain struct {
	keyring
	notified
	entry int
	// recorded is what the journal says about the one exchange that is explained.
	recorded []control.Finding
}

func (e *explain) run(ctx context.Context, in *invocation) error {
	if e.what != "" {
		return e.notification(ctx, in)
	}
	if e.computed != "" || e.notified.sign != "" {
		return usageError("-computed and -sign go with -notification, which is not given")
	}
	requests, err := e.read(ctx, in)
	if err != nil {
		return err
	}
	if e.entry != 0 {
		if e.entry < 1 || e.entry > len(requests) {
			return usageError("-entry is %d, want 1 to %d", e.entry, len(requests))
		}
		requests = requests[e.entry-1 : e.entry]
	}
	var out bytes.Buffer
	var all []explanation
	wrong := 0
	holders := map[string]holder{}
	for i, r := range requests {
		code := r.Credentials().AppCode
		h, known := holders[code]
		if !known {
			if h, err = e.holderFor(ctx, in, code); err != nil {
				return err
			}
			holders[code] = h
		}
		if r.ToQFPay() && !r.Unsigned() && h.foreign(code) {
			return usageError("the request went to %s; give your client key with -client-key-file or QFSANDBOX_CLIENT_KEY to have it explained: it is used here and goes nowhere", harmless(r.URL.Host))
		}
		x, err := explained(ctx, h, r)
		if err != nil {
			return err
		}
		x.tellRecorded(e.recorded)
		x.hide(func(s string) string { return e.hide(h, s) })
		if !x.right() {
			wrong++
		}
		all = append(all, x)
		if i > 0 {
			fmt.Fprint(&out, "\n\n")
		}
		x.print(&out, terminalOf(in.stdout, in))
	}
	if e.json {
		if err := printJSON(in, map[string]any{"requests": all}); err != nil {
			return err
		}
	} else if _, err := in.stdout.Write(out.Bytes()); err != nil {
		return err
	}
	switch {
	case wrong == 0:
		return nil
	case len(all) == 1 && len(all[0].Mistakes) == 0:
		return errors.New("the sandbox refused the request when it came, as named above")
	case len(all) == 1:
		return errors.New("the request has a mistake, named above")
	}
	return fmt.Errorf("%d of %d requests have a mistake, named above", wrong, len(all))
}

// read gives what was pasted. Errors: usage.
func (e *explain) read(ctx context.Context, in *invocation) ([]pasted.Request, error) {
	name := "-"
	if len(in.args) > 0 {
		name = in.args[0]
	}
	if name == "-" && isTerminalIn(in.stdin) {
		fmt.Fprintln(in.stderr, "paste a request, and end it with Ctrl-D on a line of its own")
	}
	if seq, err := strconv.ParseUint(name, 10, 63); err == nil {
		return e.fromJournal(ctx, in, seq)
	}
	raw, err := e.text(in, name)
	if err != nil {
		return nil, err
	}
	requests, err := pasted.Read(raw)
	if err != nil {
		key, _, _ := e.given(in) // a mistake in the flags is told when it matters
		said := sandbox.HideKey(sandbox.HideKey(err.Error(), firstNonEmpty(key, demoClientKey)), demoClientKey)
		return nil, usageError("%s: %s", source(name), harmless(strings.TrimPrefix(said, pasted.ErrUnreadable.Error()+": ")))
	}
	return requests, nil
}

func (e *explain) text(in *invocation, name string) ([]byte, error) {
	from := in.stdin
	if name != "-" {
		file, err := os.Open(name)
		if errors.Is(err, os.ErrNotExist) && strings.ContainsAny(name, " =") {
			return []byte(name), nil // a whole command in quotes
		}
		if err != nil {
			return nil, usageError("%w; want a file, a number of the journal, or - for standard input", err)
		}
		defer file.Close()
		from = file
	}
	raw, err := io.ReadAll(io.LimitReader(from, pasted.MaxSize+1))
	if err != nil {
		return nil, usageError("cannot read %s: %w", source(name), err)
	}
	return raw, nil
}

func source(name string) string {
	if name == "-" {
		return "standard input"
	}
	return shortWord(name)
}

func shortWord(s string) string {
	if len(s) > 60 {
		s = s[:60] + "…"
	}
	return harmless(s)
}

func isTerminalIn(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && isTerminal(f)
}
