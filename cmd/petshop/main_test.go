package main

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"petshop": main}) }

// TestScripts runs testdata/*.txtar. Beside the usual commands they have
//
//	taken VAR              set VAR to an address somebody listens on
//	open ARGS...           start petshop with these flags, and set $SHOP to its address and $SHOP_ADDR to host:port
//	close SIGNAL CODE      send the running petshop a signal, and want this exit code
//	get PATH STATUS        fetch a page of the running petshop, and want this status
//	code N PROGRAM ARGS…   run a program, and want this exit code
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("GORACE", "atexit_sleep_ms=0") // a race detector's second of sleep, at each of forty exits
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"taken": taken, "open": open, "close": closeShop, "get": get, "code": code,
		},
	})
}

func taken(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	ts.Setenv(args[0], l.Addr().String())
}

// shop is a petshop a script has started.
type shop struct {
	cmd    *exec.Cmd
	stdout *bufio.Reader
}

var (
	shopsMu sync.Mutex
	shops   = map[*testscript.TestScript]*shop{} // by script, which run side by side
)

func open(ts *testscript.TestScript, _ bool, args []string) {
	path, err := lookPath(ts, "petshop")
	ts.Check(err)
	cmd := exec.Command(path, args...)
	cmd.Env = []string{"PATH=" + ts.Getenv("PATH"), "HOME=" + ts.Getenv("HOME"), "GORACE=" + ts.Getenv("GORACE")}
	if v := ts.Getenv("PETSHOP_ADDR"); v != "" {
		cmd.Env = append(cmd.Env, "PETSHOP_ADDR="+v)
	}
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	ts.Defer(func() { cmd.Process.Kill() })
	s := &shop{cmd, bufio.NewReader(out)}
	line, err := s.stdout.ReadString('\n')
	ts.Check(err)
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "petshop: listening on ")
	if !ok {
		ts.Fatalf("petshop says %q first, want its address", line)
	}
	ts.Setenv("SHOP", address)
	ts.Setenv("SHOP_ADDR", strings.TrimPrefix(address, "http://"))
	shopsMu.Lock()
	defer shopsMu.Unlock()
	shops[ts] = s
}

// lookPath finds a program on the script's own PATH.
func lookPath(ts *testscript.TestScript, name string) (string, error) {
	for dir := range strings.SplitSeq(ts.Getenv("PATH"), ":") {
		if info, err := os.Stat(dir + "/" + name); err == nil && !info.IsDir() {
			return dir + "/" + name, nil
		}
	}
	return "", exec.ErrNotFound
}

func closeShop(ts *testscript.TestScript, _ bool, args []string) {
	shopsMu.Lock()
	s := shops[ts]
	shopsMu.Unlock()
	signals := map[string]os.Signal{"TERM": syscall.SIGTERM, "INT": os.Interrupt}
	ts.Check(s.cmd.Process.Signal(signals[args[0]]))
	var rest strings.Builder
	_, err := s.stdout.WriteTo(&rest)
	ts.Check(err)
	s.cmd.Wait()
	ts.Logf("%s", rest.String())
	if got := s.cmd.ProcessState.String(); got != "exit status "+args[1] {
		ts.Fatalf("after SIG%s: got %s, want exit status %s", args[0], got, args[1])
	}
}

func get(ts *testscript.TestScript, _ bool, args []string) {
	resp, err := http.Get(ts.Getenv("SHOP") + args[0])
	ts.Check(err)
	defer resp.Body.Close()
	if got := resp.Status[:3]; got != args[1] {
		ts.Fatalf("%s: got status %s, want %s", args[0], got, args[1])
	}
}

func code(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if want := args[0]; strconv.Itoa(got) != want {
		ts.Fatalf("%v: got exit code %d, want %s", args[1:], got, want)
	}
}
