//go:build linux

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const profiledFor = 8 * time.Second

// writeProfiles puts a sandbox under load and writes where its time and its allocations go.
func (b *bench) writeProfiles(call, dir string, stdout io.Writer) (err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	t, err := b.target(few, fewApps, fewOrders)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.end()) }()
	if err := b.fillJournal(t); err != nil {
		return err
	}
	l, err := t.prepare(call, int(40_000*profiledFor.Seconds()))
	if err != nil {
		return err
	}
	cpuFile, allocsFile := filepath.Join(dir, "cpu.pprof"), filepath.Join(dir, "allocs.pprof")
	if _, err := t.process.tell("cpu", cpuFile); err != nil {
		return err
	}
	m, err := t.client.run(l, t.process, 0, profiledFor)
	if err != nil {
		return err
	}
	if _, err := t.process.tell("cpu", "end"); err != nil {
		return err
	}
	if _, err := t.process.tell("allocs", allocsFile); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s of %s, %s, %s of processor time each\n", profiledFor, call, rate(m.perSecond), microseconds(m.cpu))
	for _, args := range [][]string{
		{"-top", "-nodecount=45", cpuFile}, {"-top", "-cum", "-nodecount=60", cpuFile}, {"-top", "-sample_index=alloc_space", "-nodecount=40", allocsFile},
	} {
		fmt.Fprintf(stdout, "\ngo tool pprof %v\n", args)
		top := exec.Command("go", append([]string{"tool", "pprof"}, args...)...)
		top.Stdout, top.Stderr = stdout, io.Discard
		if err := top.Run(); err != nil {
			return fmt.Errorf("go tool pprof: %w", err)
		}
	}
	return nil
}
