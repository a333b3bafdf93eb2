// Package sandboxtest gives a Go test a sandbox of its own in one line:
//
//	s := sandboxtest.Start(t)
//
// It listens on free loopback ports, has one App whose credentials are s.AppCode and s.ClientKey, and
// ends with the test. The integration under test talks to s.URL over HTTP as it would to QFPay, so it
// runs unchanged. The journal is printed when the test failed, and only then.
//
// The methods fail the test they were started for, so they are called from its own goroutine; For
// gives the same App to a subtest, NewApp another one.
package sandboxtest

import (
	"context"
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// grace is how long calls under way may take to end when the test is over.
const grace = 5 * time.Second

// Sandbox is a running sandbox and one App of it. Its names are plain strings, as an integration's
// configuration has them.
type Sandbox struct {
	// URL stands for QFPay's hosts and WeChat's, ControlURL is where Control talks to.
	URL, ControlURL string
	// AppCode and ClientKey are the App's credentials.
	AppCode, ClientKey string
	// Mchid is the shop the order methods mean: the first of WithMchids, empty without shops.
	Mchid string
	// Control reaches all that the methods here leave out.
	Control *control.Client

	tb       testing.TB
	shared   *shared
	patience time.Duration
}

// shared is what the Apps of one server have in common.
type shared struct {
	seed string
	mu   sync.Mutex
	// named counts the Apps made for tests of one name: each needs a seed of its own.
	named map[string]int
}

// Start gives a test a sandbox that is listening already, and ends it with the test. A setting the
// sandbox refuses fails the test with the sandbox's own words.
func Start(tb testing.TB, opts ...Option) *Sandbox {
	tb.Helper()
	o := read(opts)
	srv, err := server.Start(tb.Context(), server.Config{Seed: o.seed, Version: "sandboxtest", Log: o.log})
	if err != nil {
		tb.Fatalf("sandboxtest: the sandbox does not start: %v", err)
	}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), grace)
		defer cancel()
		if err := srv.Shutdown(ctx); err != nil {
			tb.Errorf("sandboxtest: the sandbox did not end within %s: %v", grace, err)
		}
	})
	s := &Sandbox{
		URL: srv.URL(), ControlURL: srv.ControlURL(), Control: control.NewClient(srv.ControlURL(), ""),
		shared: &shared{seed: o.seed, named: map[string]int{}}, patience: patience,
	}
	return s.open(tb, o, o.seed)
}

// NewApp gives a test, or a subtest, another App of the same sandbox: its orders, journal, clock and
// queue are its own. WithLog is for Start. Without WithSeed its ids follow from the sandbox's seed, if
// it has one, and the test's name.
func (s *Sandbox) NewApp(tb testing.TB, opts ...Option) *Sandbox {
	tb.Helper()
	o := read(opts)
	if o.log != nil {
		tb.Fatal("sandboxtest: WithLog is for Start, want it there: the Apps of a sandbox share its log")
	}
	seed := o.seed
	if seed == "" {
		seed = s.shared.seedFor(tb.Name())
	}
	return s.open(tb, o, seed)
}

// seedFor is empty in a sandbox without a seed.
func (s *shared) seedFor(test string) string {
	if s.seed == "" {
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.named[test]++
	return fmt.Sprintf("%s %s %d", s.seed, test, s.named[test])
}

// For gives the same App to a subtest, which then is what fails. The journal stays with the test the
// App was made for.
func (s *Sandbox) For(tb testing.TB) *Sandbox {
	same := *s
	same.tb = tb
	return &same
}

// open makes the App and what belongs to it, and looks back on it when the test is over.
func (s *Sandbox) open(tb testing.TB, o options, seed string) *Sandbox {
	tb.Helper()
	opened := s.For(tb)
	app := o.app
	if seed != "" {
		app.Seed = seed
	}
	if o.notified != nil {
		if app.NotifyURL != "" {
			tb.Fatalf("sandboxtest: WithNotifyHandler and the notify URL %s, want one of them", app.NotifyURL)
		}
		merchant := httptest.NewServer(o.notified)
		tb.Cleanup(merchant.Close)
		app.NotifyURL = merchant.URL
	}
	made, err := s.Control.CreateApp(tb.Context(), app)
	opened.check(err)
	opened.AppCode, opened.ClientKey, opened.Mchid = string(made.AppCode), made.ClientKey, ""
	if len(made.Mchids) > 0 {
		opened.Mchid = string(made.Mchids[0])
	}
	for _, p := range o.payers {
		_, err := s.Control.CreatePayer(tb.Context(), p)
		opened.check(err)
	}
	if !o.time.IsZero() {
		opened.Freeze()
		opened.SetTime(o.time)
	}
	tb.Cleanup(func() { opened.lookBack(o.unfired) })
	return opened
}

// check ends the test with what the sandbox said.
func (s *Sandbox) check(err error) {
	s.tb.Helper()
	if err != nil {
		s.tb.Fatalf("sandboxtest: %v", err)
	}
}

func (s *Sandbox) app() sandbox.AppCode { return sandbox.AppCode(s.AppCode) }
