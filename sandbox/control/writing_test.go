package control

import (
	"bufio"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
)

// impatient serves a journal of 40 MB to readers who have little time. over is closed when a
// connection was closed from this side.
func impatient(t *testing.T, change func(*API)) (api *API, address string, over chan struct{}) {
	t.Helper()
	done := make(chan struct{})
	t.Cleanup(func() { close(done) })
	store := memstore.New()
	body := []byte(strings.Repeat("x", 400<<10))
	for range 100 {
		if _, err := store.AppendExchange(t.Context(), sandbox.Exchange{Surface: "openapi", URL: "/", AnswerBody: body}); err != nil {
			t.Fatal(err)
		}
	}
	api = &API{Gateway: &sandbox.Gateway{Store: store}, Done: done, Log: slog.New(slog.DiscardHandler), Patience: 50 * time.Millisecond}
	r := mux.NewRouter()
	api.Routes(r)
	s := httptest.NewUnstartedServer(r)
	over = make(chan struct{}, 1)
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			over <- struct{}{}
		}
	}
	change(api)
	s.Start()
	t.Cleanup(s.Close)
	return api, s.Listener.Addr().String(), over
}

// A reader that asks for much and takes nothing is given up with what is held for it.
func TestReadersWhoNeverReadAreGivenUp(t *testing.T) {
	for _, path := range []string{"/journal?limit=10000", "/journal.har", "/journal.ndjson", "/journal/stream"} {
		t.Run(path, func(t *testing.T) {
			api, address, over := impatient(t, func(*API) {})
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if err := conn.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(conn, "GET %s%s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", Prefix, path)
			<-over // closed by the sandbox: this side has not
			if n := api.streams.Load(); n != 0 {
				t.Errorf("%d streams count as open, want none", n)
			}
		})
	}
}

// A stream on which nothing happens says so, and where to go on.
func TestSilentStreamsAreAlive(t *testing.T) {
	_, address, _ := impatient(t, func(a *API) { a.Heartbeat = 10 * time.Millisecond })
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET %s/journal/stream?path=/nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", Prefix)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(resp.Body)
	for beats := 0; beats < 10; {
		if !lines.Scan() {
			t.Fatalf("the stream ended after %d heartbeats: %v", beats, lines.Err())
		}
		if lines.Text() == "id: 100" {
			beats++
		}
	}
}

// What the journal drops before a reader came to it is not passed over in silence.
func TestStreamTellsOfGaps(t *testing.T) {
	api, address, _ := impatient(t, func(*API) {})
	for range memstore.JournalInAll {
		if _, err := api.Gateway.Store.AppendExchange(t.Context(), sandbox.Exchange{Surface: "openapi", URL: "/"}); err != nil {
			t.Fatal(err)
		}
	}
	resp, err := http.Get("http://" + address + Prefix + "/journal/stream?since=50")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	var told []string
	for len(told) < 5 && lines.Scan() {
		told = append(told, lines.Text())
	}
	const want = `event: gap | data: {"dropped":100,"mark":50,"message":"the journal forgot faster than it was read: what was between marks 50 and 101 may be gone","oldest":101} |  | `
	if got := strings.Join(told, " | "); !strings.HasPrefix(got, "retry: 2000 |  | "+want[:len(want)-6]) {
		t.Errorf("the stream begins with %q, want the gap in it", got)
	}
}
