package notify_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// merchant is a shop's end of a notification, as bytes.
type merchant struct {
	url string
	// got are the requests, each complete.
	got chan string

	mu     sync.Mutex
	answer string
	hang   bool
	conns  []net.Conn
	// atOnce counts the requests being read, most is the highest it was.
	atOnce, most int
}

// hearing starts a merchant that answers each request with these bytes and closes. "" closes at once.
func hearing(t *testing.T, answer string) *merchant {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	m := &merchant{url: fmt.Sprintf("http://%s/notify?from=qfpay", l.Addr()), got: make(chan string, 100), answer: answer}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { m.serve(conn) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		m.mu.Lock()
		for _, conn := range m.conns {
			conn.Close()
		}
		m.mu.Unlock()
		serving.Wait()
	})
	return m
}

func (m *merchant) serve(conn net.Conn) {
	m.mu.Lock()
	m.conns = append(m.conns, conn)
	answer, hang := m.answer, m.hang
	m.atOnce++
	m.most = max(m.most, m.atOnce)
	m.mu.Unlock()
	var raw bytes.Buffer
	r, err := http.ReadRequest(bufio.NewReader(io.TeeReader(conn, &raw)))
	if err != nil {
		conn.Close()
		return // not counted down: no test that counts sends half a request
	}
	_, _ = io.Copy(io.Discard, r.Body) // a request that breaks off shows in what was got
	m.mu.Lock()
	m.atOnce--
	m.mu.Unlock()
	m.got <- raw.String() // before the answer, so that who sees the attempt's end has it
	_, _ = io.WriteString(conn, answer)
	if !hang {
		conn.Close()
	}
}

// says changes the answer of further requests; with hang their connections stay open.
func (m *merchant) says(answer string, hang bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answer, m.hang = answer, hang
}

// heard gives the orders of the requests so far, in order.
func (m *merchant) heard() []string {
	var orders []string
	for {
		select {
		case raw := <-m.got:
			orders = append(orders, orderOf(raw))
		default:
			return orders
		}
	}
}

func orderOf(raw string) string {
	_, after, _ := strings.Cut(raw, `"out_trade_no": "`)
	order, _, _ := strings.Cut(after, `"`)
	return order
}

// reply is an HTTP answer with this status and body.
func reply(status int, body string) string {
	return fmt.Sprintf("HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s", status, len(body), body)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
}
