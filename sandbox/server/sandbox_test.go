package server_test

import (
	"context"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

type (
	currency = qfpay.Currency
	payType  = qfpay.PayType
)

// hands is a clock that stands still.
type hands struct{ now time.Time }

func (h *hands) Now() time.Time { return h.now }

func configOf(clock sandbox.Clock, apps ...sandbox.App) server.Config {
	return server.Config{Clock: clock, Seed: "test", Apps: apps}
}

// start gives a sandbox that ends with the test.
func start(t *testing.T, c server.Config) *server.Server {
	t.Helper()
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	s, err := server.Start(t.Context(), c)
	must(t, err)
	t.Cleanup(func() {
		if err := s.Shutdown(context.Background()); err != nil {
			t.Errorf("shutdown gives %v, want none", err)
		}
	})
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
