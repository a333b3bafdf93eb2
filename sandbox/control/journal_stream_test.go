package control_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// listener reads a stream of events.
type listener struct {
	t     *testing.T
	resp  *http.Response
	lines *bufio.Reader
}

func (b *box) listen(query, lastID string) *listener {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), "GET", b.ControlURL()+control.Prefix+"/journal/stream?"+query, nil)
	must(b.t, err)
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	resp, err := http.DefaultClient.Do(req)
	must(b.t, err)
	b.t.Cleanup(func() { resp.Body.Close() })
	if kind := resp.Header.Get("Content-Type"); resp.StatusCode != 200 || kind != "text/event-stream" {
		b.t.Fatalf("HTTP %d and %q, want 200 and text/event-stream", resp.StatusCode, kind)
	}
	return &listener{b.t, resp, bufio.NewReader(resp.Body)}
}

// next is the next block of the stream, its lines with " | " between them.
func (l *listener) next() string {
	l.t.Helper()
	var block []string
	for {
		line, err := l.lines.ReadString('\n')
		must(l.t, err)
		if line = strings.TrimSuffix(line, "\n"); line == "" {
			return strings.Join(block, " | ")
		}
		block = append(block, line)
	}
}

// wants checks how the next blocks begin.
func (l *listener) wants(beginnings ...string) {
	l.t.Helper()
	for _, want := range beginnings {
		if got := l.next(); !strings.HasPrefix(got, want) {
			l.t.Fatalf("the stream tells %.300q, want it to begin with %q", got, want)
		}
	}
}

func TestStreamTellsWhatMatchesAsItComes(t *testing.T) {
	b := twoApps(t)
	b.post("A", "/trade/v1/payment", "out_trade_no=T1&goods_name=a%0Ab")
	l := b.listen("app=A&path=/trade/v1/payment", "")
	l.wants("retry: 2000", `id: 1 | event: exchange | data: {"seq":1,"app":"A",`)
	b.post("B", "/trade/v1/payment", "")
	b.post("A", "/trade/v1/query", "")
	b.post("A", "/trade/v1/payment", "out_trade_no=T2")
	l.wants(`id: 4 | event: exchange | data: {"seq":4,"app":"A",`)
}

// Who was cut off goes on behind the last event it has.
func TestStreamResumes(t *testing.T) {
	b := twoApps(t)
	for range 40 {
		b.remember(sandbox.Exchange{Surface: "openapi", URL: "/"})
	}
	b.listen("", "38").wants("retry: 2000", "id: 39 |", "id: 40 |")
	b.listen("since=39", "").wants("retry: 2000", "id: 40 |")
	b.listen("since=39", "12").wants("retry: 2000", "id: 40 |")
	b.listen("since=12", "39").wants("retry: 2000", "id: 40 |")
	b.listen("until=3", "").wants("retry: 2000", "id: 1 |", "id: 2 |", `event: end | data: {"mark":2,"message":"there is no more below until"}`)
	got := b.listen("", "0")
	got.wants("retry: 2000")
	for i := range 40 {
		got.wants(fmt.Sprintf("id: %d |", i+1))
	}
}

func TestStreamEndsWithTheSandbox(t *testing.T) {
	b := twoApps(t)
	l := b.listen("", "")
	l.wants("retry: 2000")
	ended := make(chan error, 1)
	go func() { ended <- b.Shutdown(context.Background()) }()
	l.wants(`event: end | data: {"mark":0,"message":"the sandbox is shutting down"}`)
	if _, err := l.lines.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("after its end the stream gives %v, want io.EOF", err)
	}
	must(t, <-ended)
}

func TestStreamsAreBounded(t *testing.T) {
	b := twoApps(t)
	var open []*listener
	for range 64 {
		open = append(open, b.listen("", ""))
	}
	b.call("GET", "/journal/stream", "").refused(503, "too-many-streams", "64 streams are open, as many as can be; close one, or ask GET /_sandbox/v1/journal/wait")
	b.call("GET", "/journal/stream?finding=x", "").refused(400, "invalid", `finding is "x"`)
	b.call("GET", "/journal/stream?app=C", "").refused(404, "not-found", `app "C" does not exist here`)
	open[0].resp.Body.Close()
	b.post("A", "/trade/v1/query", "") // what cannot be told to the one that left ends it, if nothing did before
	for _, l := range open[1:] {
		l.wants("retry: 2000", "id: 1 |")
	}
}

func TestStreamRefusesWhatItCannotRead(t *testing.T) {
	b := start(t, server.Config{})
	req, err := http.NewRequestWithContext(t.Context(), "GET", b.ControlURL()+control.Prefix+"/journal/stream", nil)
	must(t, err)
	req.Header.Set("Last-Event-ID", "abc")
	send(t, req).refused(400, "invalid", `Last-Event-ID is "abc", want the id of an earlier event`)
	b.call("GET", "/journal/stream?limit=3", "").refused(400, "invalid", `query parameter "limit" is none of app`)
}

func TestClientFollows(t *testing.T) {
	b := twoApps(t)
	b.post("A", "/trade/v1/payment", "out_trade_no=T1")
	enough := errors.New("enough")
	var told []string
	err := b.Follow(t.Context(), control.JournalFilter{App: "A"}, func(e control.Exchange) error {
		if told = append(told, string(e.OutTradeNo)); len(told) == 3 {
			return enough
		}
		b.post("A", "/trade/v1/payment", fmt.Sprintf("out_trade_no=T%d", len(told)+1))
		return nil
	}, nil)
	if !errors.Is(err, enough) || strings.Join(told, " ") != "T1 T2 T3" {
		t.Errorf("told %v and ended with %v, want T1 T2 T3 and its own error", told, err)
	}
	err = b.Follow(t.Context(), control.JournalFilter{App: "C"}, nil, nil)
	var refused *control.Error
	if !errors.As(err, &refused) || refused.Status != 404 {
		t.Errorf("following an App that is not there gives %v, want 404", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = b.Follow(ctx, control.JournalFilter{}, func(control.Exchange) error { cancel(); return nil }, nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a following that is given up ends with %v, want %v", err, context.Canceled)
	}
	done := make(chan error, 1)
	started := make(chan struct{}, 10)
	go func() {
		done <- b.Follow(context.Background(), control.JournalFilter{}, func(control.Exchange) error { started <- struct{}{}; return nil }, nil)
	}()
	<-started
	must(t, b.Shutdown(context.Background()))
	if err := <-done; err != nil {
		t.Errorf("the end of the sandbox gives %v, want no error", err)
	}
}
