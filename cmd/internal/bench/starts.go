//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

const (
	startsEach = 21
	// idleAfter is when a sandbox that has answered once counts as idle.
	idleAfter = time.Second
	// The App qfsandbox starts with.
	demoCode = "SANDBOXAPPCODE0123456789ABCDEF00"
	demoKey  = "SANDBOXCLIENTKEY0123456789ABCDEF"
)

// starts measures how long processes take from their start to their first correct signed answer,
// in seconds, by turns, and how much memory the last sandbox holds when it is idle, in bytes.
func (b *bench) starts() (bare, sandbox []float64, idle float64, err error) {
	for range startsEach {
		took, _, err := b.firstAnswer(0, b.floor, "-answers", b.answers, "-addr")
		if err != nil {
			return nil, nil, 0, fmt.Errorf("floor: %w", err)
		}
		bare = append(bare, took)
		wait := time.Duration(0)
		if len(bare) == startsEach {
			wait = idleAfter
		}
		if took, idle, err = b.firstAnswer(wait, b.qfsandbox, "-control-addr", "127.0.0.1:0", "-addr"); err != nil {
			return nil, nil, 0, fmt.Errorf("qfsandbox: %w", err)
		}
		sandbox = append(sandbox, took)
	}
	return bare, sandbox, idle, nil
}

// firstAnswer starts a program on an address of its own, and ends it after waiting.
func (b *bench) firstAnswer(wait time.Duration, program string, args ...string) (took, memory float64, err error) {
	addr, err := freeAddress()
	if err != nil {
		return 0, 0, err
	}
	cmd := exec.Command(program, append(args, addr)...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	began := time.Now()
	if err := b.cores.start(cmd); err != nil {
		return 0, 0, err
	}
	defer func() {
		if gone := endWith(cmd, syscall.SIGTERM); err == nil {
			err = gone
		}
	}()
	for {
		if err = askOnce(addr); err == nil {
			break
		}
		if !errors.Is(err, syscall.ECONNREFUSED) || time.Since(began) > 10*time.Second {
			return 0, 0, err
		}
		time.Sleep(200 * time.Microsecond)
	}
	took = time.Since(began).Seconds()
	time.Sleep(wait)
	memory, err = resident(cmd.Process.Pid)
	return took, memory, err
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// endWith waits for the end a signal brings; what the program says about it does not matter.
func endWith(cmd *exec.Cmd, signal os.Signal) error {
	if err := cmd.Process.Signal(signal); err != nil {
		return err
	}
	late := time.AfterFunc(5*time.Second, func() { cmd.Process.Kill() })
	defer late.Stop()
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		return err
	}
	return nil
}

// askOnce sends one signed enquiry and wants a success, signed where it is the sandbox's.
func askOnce(addr string) error {
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer nc.Close()
	p := qfpay.Params{{Name: "page_size", Value: "10"}}
	req, err := http.NewRequest(http.MethodPost, "http://"+addr+enquiryPath, strings.NewReader(p.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-QF-APPCODE", demoCode)
	req.Header.Set("X-QF-SIGN", qfpay.Sign(p.Canonical(), demoKey, qfpay.MD5))
	resp, err := (&http.Transport{DisableKeepAlives: true, DialContext: func(context.Context, string, string) (net.Conn, error) { return nc, nil }}).RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	sign := resp.Header.Get("X-QF-SIGN")
	if !strings.Contains(string(body), string(respcdSuccess)) || !qfpay.VerifyBody(body, demoKey, sign) && !strings.Contains(string(body), `"pad"`) {
		return fmt.Errorf("the first answer is %q with signature %q, want a signed success", body, sign)
	}
	return nil
}
