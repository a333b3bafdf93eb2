package main

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A run that is cut short, in whatever way, leaves nothing behind and accuses nobody.
func TestEndsInGoodOrder(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(cmd *exec.Cmd, out *os.File) error
	}{
		{"interrupt", func(cmd *exec.Cmd, _ *os.File) error { return cmd.Process.Signal(syscall.SIGINT) }},
		{"terminate", func(cmd *exec.Cmd, _ *os.File) error { return cmd.Process.Signal(syscall.SIGTERM) }},
		{"the terminal is closed", func(cmd *exec.Cmd, _ *os.File) error { return cmd.Process.Signal(syscall.SIGHUP) }},
		{"nobody reads on", func(_ *exec.Cmd, out *os.File) error { return out.Close() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out, in, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer out.Close()
			var complaints strings.Builder
			cmd := exec.CommandContext(t.Context(), "qfcertify", "run", "--profile", profiles+"petshop.yaml", "--out", t.TempDir())
			cmd.Stdout, cmd.Stderr = in, &complaints
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			in.Close()
			lines := bufio.NewScanner(out)
			for lines.Scan() && !strings.HasPrefix(lines.Text(), "PASS") { // the first scenario is over, the second has begun
			}
			started := descendants(t, cmd.Process.Pid)
			if len(started) < 2 {
				t.Errorf("got %d processes under the run, want a merchant and a browser at least", len(started))
			}
			if err := c.end(cmd, out); err != nil {
				t.Fatal(err)
			}
			for lines.Scan() {
				if strings.HasPrefix(lines.Text(), "FAIL") {
					t.Errorf("the merchant is accused: %s", lines.Text())
				}
			}
			if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 5 {
				t.Errorf("got %v, want exit 5", err)
			}
			if !strings.Contains(complaints.String(), "qfcertify: interrupted: ") {
				t.Errorf("got %q, want the interruption named", complaints.String())
			}
			for _, pid := range started {
				if err := syscall.Kill(pid, 0); err == nil && !zombie(pid) {
					t.Errorf("process %d is left behind", pid)
				}
			}
		})
	}
}

// descendants are the processes below one.
func descendants(t *testing.T, pid int) []int {
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		t.Fatal(err)
	}
	var all []int
	for _, task := range tasks {
		raw, err := os.ReadFile(task)
		if err != nil {
			continue // a thread that has ended
		}
		for word := range strings.FieldsSeq(string(raw)) {
			var child int
			if _, err := fmt.Sscan(word, &child); err != nil {
				t.Fatal(err)
			}
			all = append(append(all, child), descendants(t, child)...)
		}
	}
	return all
}

// zombie reports whether a process is dead and waits for its new parent to notice.
func zombie(pid int) bool {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true // it went meanwhile
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	return strings.HasPrefix(rest, "Z") || strings.HasPrefix(rest, "X")
}

// What answers in the place of a sandbox is none, however friendly.
func TestNoSandbox(t *testing.T) {
	for _, c := range []struct{ name, answer, says string }{
		{"a web page", "<html>", "answered no JSON of its own"},
		{"an empty object", "{}", `merchants reach it at ""`},
		{"another scheme", `{"url": "ftp://127.0.0.1"}`, "which is no address"},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, c.answer) }))
			t.Cleanup(srv.Close)
			code, out := certify(t, "--profile", profiles+"petshop.yaml", "--sandbox", srv.URL)
			wantExit(t, code, 5, out, "no sandbox at "+srv.URL, c.says)
		})
	}
}
