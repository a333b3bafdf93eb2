// Package storetest is the contract of sandbox.Store as a test: every store passes Run.
package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// Open gives an empty store for one test and ends it with t.Cleanup.
type Open func(t *testing.T) sandbox.Store

// clause is one sentence of the contract.
type clause struct {
	name  string
	check func(t *testing.T, s sandbox.Store)
}

// Run holds a store to its contract. Each clause gets a store of its own.
func Run(t *testing.T, open func(t *testing.T) sandbox.Store) {
	for _, part := range []struct {
		name    string
		clauses []clause
	}{
		{"apps", appClauses}, {"draws", drawClauses}, {"payers", payerClauses}, {"codes", codeClauses},
		{"transactions", transactionClauses}, {"payments", paymentClauses}, {"notifications", notificationClauses},
		{"pending", pendingClauses}, {"journal", journalClauses}, {"waiting", waitingClauses},
		{"auth codes", authCodeClauses}, {"calls", callClauses}, {"snapshots", snapshotClauses}, {"resets", resetClauses},
		{"changes", changeClauses}, {"ranges", rangeClauses}, {"due", dueClauses}, {"room", roomClauses},
	} {
		t.Run(part.name, func(t *testing.T) {
			for _, c := range part.clauses {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					c.check(t, open(t))
				})
			}
		})
	}
}

// noon is the instant the fixtures hang on; its fraction is what every database keeps.
var noon = time.Date(2026, 3, 14, 12, 0, 0, 123_000_000, time.UTC)

// patience ends a test whose store never wakes a waiter. It is no part of the contract.
const patience = 30 * time.Second

var errStop = errors.New("stop")

// crowd is how many callers race in the concurrency clauses.
const crowd = 50

// race runs n callers at once and gives what each of them got.
func race(n int, call func(i int) error) []error {
	results := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			results[i] = call(i)
		})
	}
	close(start)
	all.Wait()
	return results
}

// oneWins fails unless exactly one caller had no error and all others had the one given; it gives
// the winner's number.
func oneWins(t *testing.T, results []error, others error) int {
	t.Helper()
	winner, winners := -1, 0
	for i, err := range results {
		switch {
		case err == nil:
			winner = i
			winners++
		case !errors.Is(err, others):
			t.Errorf("caller %d got error %v, want nil or %v", i, err, others)
		}
	}
	if winners != 1 {
		t.Fatalf("%d of %d callers won, want 1", winners, len(results))
	}
	return winner
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
}

func wantError(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got error %v, want %v", what, got, want)
	}
}

// same compares values by their JSON, which has all exported fields; times are the same instant.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if g, w := text(t, got), text(t, want); g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	must(t, err)
	return string(raw)
}

// still fails unless a second reading gives what the first gave.
func still(t *testing.T, what string, read func() (any, error), want string) {
	t.Helper()
	got, err := read()
	must(t, err)
	if g := text(t, got); g != want {
		t.Errorf("%s changed what is stored:\n got %s\nwant %s", what, g, want)
	}
}

func ctxOf(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}
