//go:build linux

// Command bench measures the sandbox against a bare net/http server in one run: make bench. It
// prints one table of ratios; nothing is asserted, for a machine's neighbours decide too much.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// bench is one run.
type bench struct {
	cores placement
	// self, floor and qfsandbox are programs.
	self, floor, qfsandbox string
	// answers tells the floor how long the sandbox's answers are.
	answers  string
	rates    map[string]float64
	progress io.Writer
}

func main() {
	err := run(os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args, environ []string, stdout, stderr io.Writer) error {
	if len(args) > 0 && args[0] == "serve" {
		return serve(context.Background(), args[1:], os.Stdin, stdout, stderr)
	}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	programs := f.String("programs", "bin", "`directory` of qfsandbox and floor")
	out := f.String("out", "out", "`directory` for bench.txt and profile/")
	profiled := f.String("profile", "", "profile a sandbox under payment, enquiry or exchange and measure nothing else")
	if err := f.Parse(args); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	b := &bench{self: self, floor: filepath.Join(*programs, "floor"), qfsandbox: filepath.Join(*programs, "qfsandbox"), rates: map[string]float64{}, progress: stderr}
	if b.cores, err = place(environ); err != nil {
		return err
	}
	switch call, known := map[string]string{"payment": paymentPath, "enquiry": enquiryPath, "exchange": exchangePath}[*profiled]; {
	case known:
		return b.writeProfiles(call, filepath.Join(*out, "profile"), stdout)
	case *profiled != "":
		return fmt.Errorf("-profile is %q, want payment, enquiry or exchange", *profiled)
	}
	text, err := b.report()
	if err != nil {
		return err
	}
	fmt.Fprint(stdout, text)
	if err := os.MkdirAll(*out, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(*out, "bench.txt"), []byte(text), 0o644)
}

// report measures everything and gives the table with what has to be known to read it.
func (b *bench) report() (string, error) {
	began := time.Now()
	if err := b.measureAnswers(); err != nil {
		return "", err
	}
	fmt.Fprintf(b.progress, "storing %d orders of %d Apps\n", manyOrders, manyApps)
	filled, err := b.target(many, manyApps, manyOrders)
	if err != nil {
		return "", err
	}
	rows, notes, err := b.rows(filled)
	if err = errors.Join(err, filled.end()); err != nil {
		return "", err
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s, %s/%s, %s, %s\n%s: medians of %d rounds by turns, %d connections\n\n", time.Now().UTC().Format("2006-01-02"), runtime.GOOS, runtime.GOARCH,
		runtime.Version(), b.cores, time.Since(began).Round(time.Second), rounds, connections)
	text.WriteString(table(rows))
	text.WriteString("\n" + notes)
	return text.String(), nil
}

func (c placement) String() string {
	if !c.pinned {
		return fmt.Sprintf("%d cores, nothing pinned", runtime.NumCPU())
	}
	return fmt.Sprintf("servers on core %d, load on core %d", c.server, c.load)
}

// measureAnswers asks a sandbox how long its answers are.
func (b *bench) measureAnswers() (err error) {
	p, err := start(b.cores, b.self, "serve", "-apps", fmt.Sprint(fewApps), "-orders", fmt.Sprint(fewOrders))
	if err != nil {
		return err
	}
	t := &target{name: few, process: p, apps: fewApps, orders: fewOrders, sandbox: true}
	defer func() { err = errors.Join(err, p.end()) }()
	var sizes []string
	for _, call := range calls {
		l, err := t.prepare(call, 1)
		if err != nil {
			return err
		}
		size, err := answerSize(p.addr, l.requests[0])
		if err != nil {
			return err
		}
		sizes = append(sizes, fmt.Sprintf("%s=%d", call, size))
	}
	b.answers = strings.Join(sizes, ",")
	return nil
}
