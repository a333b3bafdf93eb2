package server_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// player speaks HTTP as bytes.
type player struct {
	server  *server.Server
	now     time.Time // of the Apps
	answers map[string]string
}

// play sends a request of a golden and gives its answer as the golden keeps it.
func (p *player) play(t *testing.T, name, request string) string {
	t.Helper()
	head, body, _ := strings.Cut(strings.TrimSuffix(request, "\n"), "\n\n")
	head, body = fill(t, strings.TrimRight(head, "\n"), p.answers), fill(t, body, p.answers)
	lower := strings.ToLower(head)
	if strings.Contains(lower, "multipart/") || strings.Contains(lower, "chunked") {
		body = strings.ReplaceAll(body, "\n", "\r\n")
	}
	head = strings.ReplaceAll(head, "(length)", itoa(len(body)))
	raw := p.exchange(t, strings.ReplaceAll(head, "\n", "\r\n")+"\r\n\r\n", body)
	p.answers[name] = raw
	checkSignature(t, name, head, raw)
	return p.shown(raw)
}

// exchange sends head and body over a connection of their own and gives the answer's bytes, an
// interim one included. A head that expects 100-continue holds the body back until that came.
func (p *player) exchange(t *testing.T, head, body string) string {
	t.Helper()
	conn, err := net.Dial("tcp", hostOf(p.server.URL()))
	must(t, err)
	defer conn.Close()
	var raw bytes.Buffer
	in := bufio.NewReaderSize(io.TeeReader(conn, &raw), 16)
	if strings.Contains(head, "100-continue") {
		_, err = io.WriteString(conn, head)
		must(t, err)
		interim, err := http.ReadResponse(in, nil)
		must(t, err)
		if interim.StatusCode != http.StatusContinue {
			t.Fatalf("got HTTP %d before the body was sent, want 100", interim.StatusCode)
		}
		head = ""
	}
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		_, _ = io.WriteString(conn, head+body) // a server that answers early may close; its answer is what counts
	}()
	resp, err := http.ReadResponse(in, nil)
	must(t, err)
	_, err = io.Copy(io.Discard, resp.Body)
	must(t, err)
	resp.Body.Close()
	conn.Close()
	<-sent
	return raw.String()
}

var (
	dateLine   = regexp.MustCompile(`(?m)^Date: .*\r\n`)
	lengthLine = regexp.MustCompile(`(?m)^Content-Length: .*\r\n`)
	script     = regexp.MustCompile(`(?s)<(script|style).*?</(script|style)>`)
	ownPort    = regexp.MustCompile(`127\.0\.0\.1(:|%3A)[0-9]+`)
	tag        = regexp.MustCompile(`<[^>]*>`)
	blankLines = regexp.MustCompile(`\s*\n\s*`)
)

// shown is an answer as a golden keeps it: without Date, line ends of the head as \n, this run's
// port as PORT, and of an HTML page only the text a person reads.
func (p *player) shown(raw string) string {
	raw = ownPort.ReplaceAllString(dateLine.ReplaceAllString(raw, ""), "127.0.0.1${1}PORT")
	interim := ""
	if strings.HasPrefix(raw, "HTTP/1.1 100") {
		interim, raw, _ = strings.Cut(raw, "\r\n\r\n")
		interim += "\n\n"
	}
	head, body, _ := strings.Cut(raw, "\r\n\r\n")
	if strings.Contains(head, "Content-Type: text/html") {
		head = strings.TrimSuffix(lengthLine.ReplaceAllString(head+"\r\n", ""), "\r\n")
		body = strings.TrimSpace(blankLines.ReplaceAllString(tag.ReplaceAllString(script.ReplaceAllString(body, ""), "\n"), "\n"))
	}
	shown := interim + strings.ReplaceAll(head, "\r\n", "\n") + "\n\n"
	if body != "" {
		shown += body
		if !strings.HasSuffix(body, "\n") {
			shown += "\n"
		}
	}
	return shown
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	return u.Host
}
