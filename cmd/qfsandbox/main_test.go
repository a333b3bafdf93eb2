package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"qfsandbox": main}) }

// TestScripts runs testdata/*.txtar. Beside the usual commands they have
//
//	taken VAR              set VAR to an address somebody listens on who is no sandbox
//	free VAR               set VAR to an address nobody listens on
//	open ARGS...           start qfsandbox with these flags, and set $URL and $CONTROL_URL
//	says REGEXP            want this in what it printed
//	paste                  run the curl line it printed, and want a success
//	poll                   begin a long poll of its journal
//	close SIGNAL CODE      send it a signal, and want this exit code
//	printed N REGEXP       want this N times in all it printed until it ended
//	get URL STATUS         fetch a page, and want this status
//	call [CODE:KEY] PATH NAME=VALUE…
//	                       make a signed call of /trade/v1/, and want a success
//	refund FILE NUMBER TXAMT
//	                       give back so much of the transaction whose syssn=… is in the file
//	order NUMBER…          make orders of HKD 3.00 that any payer can pay
//	shop VAR ANSWER        set VAR to the notify_url of a merchant who answers so
//	code N PROGRAM ARGS…   run a program, and want this exit code
//	resend                 send the corrected request that explain printed, and want a success
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("GORACE", "atexit_sleep_ms=0") // a race detector's second of sleep, at each exit
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"call": call, "refund": refund, "order": order, "shop": listeningShop,
			"taken": taken, "free": free, "open": open, "says": says, "paste": paste, "poll": poll, "close": closeSandbox, "printed": printedTimes, "get": get, "code": code, "resend": resend,
		},
	})
}

func taken(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	hello := http.NewServeMux()
	hello.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello\n") })
	go func() {
		_ = http.Serve(l, hello) // ends with the listener
	}()
	ts.Defer(func() { l.Close() })
	ts.Setenv(args[0], l.Addr().String())
}

func free(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Check(l.Close())
	ts.Setenv(args[0], l.Addr().String())
}

// running is a qfsandbox a script has started.
type running struct {
	cmd    *exec.Cmd
	stdout *bufio.Reader
	banner string
}

var (
	runningMu sync.Mutex
	started   = map[*testscript.TestScript]*running{} // by script, which run side by side
)

func of(ts *testscript.TestScript) *running {
	runningMu.Lock()
	defer runningMu.Unlock()
	return started[ts]
}

func open(ts *testscript.TestScript, _ bool, args []string) {
	cmd := exec.Command(programOf(ts), args...)
	cmd.Env = []string{"PATH=" + ts.Getenv("PATH"), "GORACE=" + ts.Getenv("GORACE")}
	var s settings
	f := flag.NewFlagSet("", flag.ContinueOnError)
	s.flags(f)
	f.VisitAll(func(fl *flag.Flag) {
		if v := ts.Getenv(envPrefix.Variable(fl.Name)); v != "" {
			cmd.Env = append(cmd.Env, envPrefix.Variable(fl.Name)+"="+v)
		}
	})
	cmd.Dir = ts.Getenv("WORK")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	ts.Defer(func() { _ = cmd.Process.Kill() })
	r := &running{cmd: cmd, stdout: bufio.NewReader(out)}
	for !strings.Contains(r.banner, "its signature:") {
		line, err := r.stdout.ReadString('\n')
		if err != nil {
			ts.Fatalf("qfsandbox ended with %q", r.banner)
		}
		r.banner += line
	}
	for name, label := range map[string]string{"URL": "QFPay", "CONTROL_URL": "controls"} {
		m := regexp.MustCompile(`(?m)^  ` + label + ` +(http://\S+)`).FindStringSubmatch(r.banner)
		if m == nil {
			ts.Fatalf("the banner has no address of %s:\n%s", label, r.banner)
		}
		ts.Setenv(name, m[1])
	}
	runningMu.Lock()
	defer runningMu.Unlock()
	started[ts] = r
}

// programOf finds qfsandbox on the script's own PATH.
func programOf(ts *testscript.TestScript) string {
	for dir := range strings.SplitSeq(ts.Getenv("PATH"), ":") {
		if info, err := os.Stat(dir + "/qfsandbox"); err == nil && !info.IsDir() {
			return dir + "/qfsandbox"
		}
	}
	ts.Fatalf("there is no qfsandbox on PATH")
	return ""
}

func says(ts *testscript.TestScript, neg bool, args []string) {
	if found := regexp.MustCompile(`(?m)` + args[0]).MatchString(of(ts).banner); found == neg {
		ts.Fatalf("%q is found %v in\n%s", args[0], found, of(ts).banner)
	}
}

// paste sends what the printed line says, and the line itself where there is curl.
func paste(ts *testscript.TestScript, _ bool, _ []string) {
	m := regexp.MustCompile(`(?m)^  (curl .*)$`).FindStringSubmatch(of(ts).banner)
	if m == nil {
		ts.Fatalf("the banner has no curl line:\n%s", of(ts).banner)
	}
	var address, body string
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	words := regexp.MustCompile(`'[^']*'|\S+`).FindAllString(m[1], -1)
	for i := 1; i < len(words); i++ {
		switch value := strings.Trim(words[min(i+1, len(words)-1)], "'"); words[i] {
		case "-s":
		case "-H":
			name, text, _ := strings.Cut(value, ": ")
			header.Set(name, text)
			i++
		case "-d":
			body = strings.TrimPrefix(body+"&"+value, "&")
			i++
		default:
			address = words[i]
		}
	}
	req, err := http.NewRequest(http.MethodPost, address, strings.NewReader(body))
	ts.Check(err)
	req.Header = header
	resp, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	ts.Check(err)
	succeeded(ts, m[1], answer)
	if _, err := exec.LookPath("curl"); err == nil {
		out, err := exec.Command("sh", "-c", m[1]).Output()
		ts.Check(err)
		succeeded(ts, m[1], out)
	}
}

func succeeded(ts *testscript.TestScript, line string, answer []byte) {
	if !strings.HasPrefix(string(answer), `{"respcd": "0000"`) {
		ts.Fatalf("%s\nanswers %s", line, answer)
	}
}

// poll returns when the request is written; its answer, or none, comes with the end.
func poll(ts *testscript.TestScript, _ bool, _ []string) {
	written := make(chan error, 1)
	req, err := http.NewRequest(http.MethodGet, ts.Getenv("CONTROL_URL")+"/_sandbox/v1/journal/wait?timeout=1m", nil)
	ts.Check(err)
	trace := &httptrace.ClientTrace{WroteRequest: func(info httptrace.WroteRequestInfo) { written <- info.Err }}
	req = req.WithContext(httptrace.WithClientTrace(req.Context(), trace))
	go func() {
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
		}
	}()
	ts.Check(<-written)
}

func closeSandbox(ts *testscript.TestScript, _ bool, args []string) {
	r := of(ts)
	signals := map[string]os.Signal{"TERM": syscall.SIGTERM, "INT": os.Interrupt}
	ts.Check(r.cmd.Process.Signal(signals[args[0]]))
	rest, err := io.ReadAll(r.stdout)
	ts.Check(err)
	_ = r.cmd.Wait() // the state says it all
	r.banner += string(rest)
	if got := r.cmd.ProcessState.String(); got != "exit status "+args[1] {
		ts.Fatalf("after SIG%s: got %s, want exit status %s; it said %s", args[0], got, args[1], rest)
	}
	if !strings.Contains(string(rest), "qfsandbox: stopping") {
		ts.Fatalf("after SIG%s it said %q, want that it is stopping", args[0], rest)
	}
}

func printedTimes(ts *testscript.TestScript, _ bool, args []string) {
	if found := regexp.MustCompile(`(?m)`+args[1]).FindAllString(of(ts).banner, -1); strconv.Itoa(len(found)) != args[0] {
		ts.Fatalf("%q is found %d times, want %s, in\n%s", args[1], len(found), args[0], of(ts).banner)
	}
}

func get(ts *testscript.TestScript, _ bool, args []string) {
	resp, err := http.Get(args[0])
	ts.Check(err)
	defer resp.Body.Close()
	if got := strconv.Itoa(resp.StatusCode); got != args[1] {
		ts.Fatalf("%s: got HTTP %s, want %s", args[0], got, args[1])
	}
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%s", body)
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
