package server_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// slowLog holds an exchange's line back until it is released.
type slowLog struct {
	slog.Handler
	entered, release chan struct{}
	written          atomic.Bool
}

func (l *slowLog) Handle(context.Context, slog.Record) error {
	close(l.entered)
	<-l.release
	for range 10_000 {
		runtime.Gosched()
	}
	l.written.Store(true)
	return nil
}

// An exchange on a connection that was taken from net/http, to be cut, is over before Shutdown returns.
func TestShutdownWaitsForConnectionsItCut(t *testing.T) {
	log := &slowLog{Handler: slog.NewTextHandler(io.Discard, nil), entered: make(chan struct{}), release: make(chan struct{})}
	s, err := server.Start(t.Context(), server.Config{Apps: []sandbox.App{{Code: demoCode, ClientKey: demoKey}}, Log: slog.New(log)})
	must(t, err)
	conn := dial(t, s, "HTTP/1.1", "/trade/v1/query", "syssn=1", "cut=before")
	_, _ = io.ReadAll(conn) // it is cut
	<-log.entered
	down := make(chan error)
	go func() { down <- s.Shutdown(context.Background()) }()
	for { // it takes no more requests, so Shutdown is under way
		conn, err := net.Dial("tcp", hostOf(s.URL()))
		if err != nil {
			break
		}
		conn.Close()
	}
	close(log.release)
	must(t, <-down)
	if !log.written.Load() {
		t.Error("Shutdown returned before the exchange of a cut connection was over")
	}
}
