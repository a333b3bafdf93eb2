package sandboxtest_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// fakeTB is a test whose end and words can be looked at. It does what Start and its methods need of one.
type fakeTB struct {
	testing.TB // for the rest, which panics
	name       string
	failed     bool
	skipped    bool
	said       []string
	cleanups   []func()
	ctx        context.Context
}

// trial runs a test function to its end, cleanups included.
func trial(name string, body func(testing.TB)) *fakeTB {
	ctx, cancel := context.WithCancel(context.Background())
	f := &fakeTB{name: name, ctx: ctx}
	f.finish(func() { body(f) })
	cancel() // as package testing does, before the cleanups
	for len(f.cleanups) > 0 {
		last := f.cleanups[len(f.cleanups)-1]
		f.cleanups = f.cleanups[:len(f.cleanups)-1]
		f.finish(last)
	}
	return f
}

// finish runs what Fatal may end.
func (f *fakeTB) finish(do func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	<-done
}

func (f *fakeTB) Name() string             { return f.name }
func (f *fakeTB) Helper()                  {}
func (f *fakeTB) Context() context.Context { return f.ctx }
func (f *fakeTB) Cleanup(do func())        { f.cleanups = append(f.cleanups, do) }
func (f *fakeTB) Failed() bool             { return f.failed }
func (f *fakeTB) Skipped() bool            { return f.skipped }

func (f *fakeTB) Log(args ...any) {
	f.said = append(f.said, strings.TrimSuffix(fmt.Sprintln(args...), "\n"))
}
func (f *fakeTB) Logf(format string, args ...any) {
	f.said = append(f.said, fmt.Sprintf(format, args...))
}

func (f *fakeTB) Error(args ...any) {
	f.Log(args...)
	f.failed = true
}

func (f *fakeTB) Errorf(format string, args ...any) {
	f.Logf(format, args...)
	f.failed = true
}

func (f *fakeTB) Fatal(args ...any) {
	f.Error(args...)
	runtime.Goexit()
}

func (f *fakeTB) Fatalf(format string, args ...any) {
	f.Errorf(format, args...)
	runtime.Goexit()
}

func (f *fakeTB) Skip(args ...any) {
	f.Log(args...)
	f.skipped = true
	runtime.Goexit()
}

// words are all it said.
func (f *fakeTB) words() string { return strings.Join(f.said, "\n") }

// printed is the end of a test as go test shows it.
func (f *fakeTB) printed() string {
	verdict := "PASS"
	if f.failed {
		verdict = "FAIL"
	}
	return strings.TrimSpace("--- " + verdict + ": " + f.name + "\n" + f.words())
}
