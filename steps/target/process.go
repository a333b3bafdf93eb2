package target

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is a merchant we started. A nil process is a merchant somebody else runs.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	err  error         // why, once done
	out  *lastBytes
}

// start runs the command in a process group of its own, so that what it starts ends with it.
// Programs beside this one are found before those on PATH.
func (t *Target) start(ctx context.Context) (*process, error) {
	s := t.Profile.Start
	words := make([]string, len(s.Command))
	for i, w := range s.Command {
		words[i] = t.values.Replace(w)
	}
	if info, err := os.Stat(t.dir()); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%w: start.dir: %s is no directory", ErrUnreachable, t.dir())
	}
	cmd := exec.Command(t.program(words[0]), words[1:]...)
	cmd.Dir = t.dir()
	cmd.Env = os.Environ()
	for name, value := range s.Env {
		cmd.Env = append(cmd.Env, name+"="+t.values.Replace(value))
	}
	p := &process{cmd: cmd, done: make(chan struct{}), out: &lastBytes{most: 4 << 10}}
	cmd.Stdout, cmd.Stderr = p.out, p.out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = time.Second
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := cmd.Start(); errors.Is(err, exec.ErrNotFound) {
		return nil, fmt.Errorf("%w: start.command: the program %q is neither beside qfcertify nor on PATH (make build puts ours into bin/, beside bin/qfcertify)", ErrUnreachable, words[0])
	} else if err != nil {
		return nil, fmt.Errorf("%w: start.command: %w", ErrUnreachable, err)
	}
	go func() { // ends with the process, which stop ends
		p.err = cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

func (t *Target) dir() string {
	if filepath.IsAbs(t.Profile.Start.Dir) {
		return t.Profile.Start.Dir
	}
	return filepath.Join(filepath.Dir(t.Profile.path), t.Profile.Start.Dir)
}

func (t *Target) program(name string) string {
	if strings.ContainsRune(name, filepath.Separator) {
		return name
	}
	if self, err := os.Executable(); err == nil {
		beside := filepath.Join(filepath.Dir(self), name)
		if info, err := os.Stat(beside); err == nil && info.Mode()&0o111 != 0 && !info.IsDir() {
			return beside
		}
	}
	return name
}

// ended is closed once the process has; never for a merchant somebody else runs.
func (p *process) ended() <-chan struct{} {
	if p == nil {
		return nil
	}
	return p.done
}

func (p *process) failure() error {
	err := p.err
	if err == nil {
		err = errors.New("exit status 0")
	}
	return fmt.Errorf("%w%s", err, p.tail())
}

// tail is the last the process said, to go behind an error.
func (p *process) tail() string {
	if p == nil {
		return ""
	}
	if said := strings.TrimSpace(p.out.String()); said != "" {
		return "; it said last:\n" + said
	}
	return "; it said nothing"
}

// stopPatience is how long a merchant may take to end when asked.
const stopPatience = 3 * time.Second

// stop asks the process, and whatever it started, to end, and makes what is left after stopPatience.
func (p *process) stop() error {
	if p == nil {
		return nil
	}
	err := p.signal(syscall.SIGTERM)
	patience := time.NewTimer(stopPatience)
	defer patience.Stop()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for p.groupLives() {
		select {
		case <-look.C:
		case <-patience.C:
			err = errors.Join(err, p.signal(syscall.SIGKILL))
			<-p.done
			return err
		}
	}
	<-p.done
	return err
}

// signal sends one to the whole process group; none left is fine.
func (p *process) signal(s syscall.Signal) error {
	if err := syscall.Kill(-p.cmd.Process.Pid, s); !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}

// groupLives reports whether the process, or anything it started, is still there.
func (p *process) groupLives() bool { return syscall.Kill(-p.cmd.Process.Pid, 0) == nil }

// lastBytes keeps the end of what is written to it.
type lastBytes struct {
	mu   sync.Mutex
	most int
	kept []byte
}

func (l *lastBytes) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept = append(l.kept, b...)
	if over := len(l.kept) - l.most; over > 0 {
		l.kept = bytes.Clone(l.kept[over:])
	}
	return len(b), nil
}

func (l *lastBytes) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.kept)
}
