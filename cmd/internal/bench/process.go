//go:build linux

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// process is a server in a process of its own. It ends with its standard input.
type process struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines *bufio.Reader
	addr  string
}

// start begins a server on a core. The server prints its address, http://…, as its first line.
func start(c placement, path string, args ...string) (*process, error) {
	p := &process{cmd: exec.Command(path, args...)}
	p.cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	log, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p.cmd.Stderr = log // a file and not a pipe: each line of the log is written by the server itself
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.lines = bufio.NewReader(out)
	if err := c.start(p.cmd); err != nil {
		return nil, err
	}
	url, err := p.line()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s %s prints no address: %w", path, strings.Join(args, " "), err), p.end())
	}
	p.addr = strings.TrimPrefix(url, "http://")
	return p, nil
}

func (p *process) line() (string, error) {
	s, err := p.lines.ReadString('\n')
	return strings.TrimSpace(s), err
}

// tell gives a server of ours a command and waits for its answer.
func (p *process) tell(words ...any) (string, error) {
	if _, err := fmt.Fprintln(p.stdin, words...); err != nil {
		return "", err
	}
	answer, err := p.line()
	if err != nil {
		return "", fmt.Errorf("%v: %w", words, err)
	}
	if why, failed := strings.CutPrefix(answer, "error "); failed {
		return "", fmt.Errorf("%v: %s", words, why)
	}
	return answer, nil
}

// end closes the server's standard input, which ends it, and kills it when that takes too long.
func (p *process) end() error {
	p.stdin.Close()
	late := time.AfterFunc(5*time.Second, func() { p.cmd.Process.Kill() })
	defer late.Stop()
	return p.cmd.Wait()
}

// cpu is the processor time of the process so far, in seconds.
func (p *process) cpu() float64 {
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	var sum int64
	for _, task := range tasks {
		text, err := os.ReadFile(task)
		if err != nil {
			continue // the thread ended meanwhile
		}
		first, _, _ := strings.Cut(string(text), " ")
		n, _ := strconv.ParseInt(first, 10, 64) // 0 where the kernel keeps no such account
		sum += n
	}
	return float64(sum) / 1e9
}

// resident is how much memory a process holds, in bytes.
func resident(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb * 1024, err
		}
	}
	return 0, fmt.Errorf("/proc/%d/status has no VmRSS", pid)
}

// placement says which cores the servers and the load have; without two of them nothing is pinned.
type placement struct {
	pinned       bool
	server, load int
}

func (c placement) start(cmd *exec.Cmd) error {
	if !c.pinned {
		return cmd.Start()
	}
	return startOn(cmd, c.server, c.load)
}

// place puts this process, which makes the load, on the second core it may use.
func place(environ []string) (placement, error) {
	const inherited = "BENCH_CORES="
	for _, v := range environ {
		if pair, ok := strings.CutPrefix(v, inherited); ok {
			var c placement
			_, err := fmt.Sscanf(pair, "%d,%d", &c.server, &c.load)
			c.pinned = err == nil
			return c, err
		}
	}
	list := cores()
	if len(list) < 2 {
		return placement{}, nil
	}
	self, err := os.Executable()
	if err != nil {
		return placement{}, err
	}
	return placement{}, become(list[1], self, os.Args, append(environ, fmt.Sprintf("%s%d,%d", inherited, list[0], list[1]), "GOMAXPROCS=1"))
}
