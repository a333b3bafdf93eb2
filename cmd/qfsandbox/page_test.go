package main

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write what the commands print into docs/cli.md")

// hands is a clock that stands still.
type hands struct{ now time.Time }

func (h hands) Now() time.Time { return h.now }

const cliPage = "../../docs/cli.md"

// docs/cli.md shows what each command really prints.
func TestPageIsTrue(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Fatal("the page's commands are for bash, which is not here")
	}
	w := newWorldAt(t, hands{time.Date(2026, 3, 14, 2, 0, 0, 0, time.UTC)})
	w.order("T3")
	page, err := os.ReadFile(cliPage)
	must(t, err)
	got := regexp.MustCompile("(?s)```console\n.*?```\n").ReplaceAllStringFunc(string(page), func(block string) string {
		out := "```console\n"
		for _, line := range regexp.MustCompile(`(?m)^\$ .*$`).FindAllString(block, -1) {
			out += line + "\n" + w.prints(line[2:])
		}
		return out + "```\n"
	})
	switch {
	case got == string(page):
	case *update:
		must(t, os.WriteFile(cliPage, []byte(got), 0o644))
	default:
		t.Errorf("docs/cli.md is not what the commands print; go test ./cmd/qfsandbox -run TestPageIsTrue -update writes it. They print:\n%s", got)
	}
}

// prints gives what a command prints here, at the addresses of the page. Ports have as many digits
// there as here, so that columns stay.
func (w *world) prints(line string) string {
	w.t.Helper()
	cmd := w.shell(line)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	_ = cmd.Run() // mistakes are shown too
	text := strings.NewReplacer(w.srv.ControlURL(), defaultControlURL, w.srv.URL(), "http://127.0.0.1:8080", w.merchant.URL, "http://127.0.0.1:30000",
		strings.TrimPrefix(w.merchant.URL, "http://"), "127.0.0.1:30000").Replace(out.String())
	return regexp.MustCompile(`took \S+`).ReplaceAllString(text, "took 127µs")
}
