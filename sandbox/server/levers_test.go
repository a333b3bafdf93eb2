package server_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

const payCanonical = "out_trade_no=T1&pay_type=800207&sub_openid=oo3Lss8d0hLOuyTuSJMVwLTk68JE&txamt=1&txcurrcd=HKD&txdtm=2026-03-14 10:00:00"

// dial sends a signed call of the demo App with a lever and gives the connection.
func dial(t *testing.T, s *server.Server, protocol, path, canonical, outcome string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", hostOf(s.URL()))
	must(t, err)
	t.Cleanup(func() { conn.Close() })
	_, err = io.WriteString(conn, "POST "+path+" "+protocol+"\r\nHost: sandbox.test\r\nX-QF-APPCODE: "+demoCode+"\r\nX-QF-SIGN: "+digest("MD5", canonical, demoKey)+
		"\r\nX-Sandbox-Outcome: "+outcome+"\r\nContent-Length: "+itoa(len(canonical))+"\r\n\r\n"+canonical)
	must(t, err)
	return conn
}

// leverOf waits for the exchange that a lever decided.
func leverOf(t *testing.T, s *server.Server) sandbox.Exchange {
	t.Helper()
	mark := uint64(0)
	for {
		must(t, s.Gateway().Store.WaitJournal(t.Context(), demoCode, mark))
		page, err := s.Gateway().Store.Journal(t.Context(), demoCode, mark, 100)
		must(t, err)
		for _, e := range page.Exchanges {
			if e.DecidedBy == sandbox.ByHeader {
				return e
			}
		}
		mark = page.Mark
	}
}

func detailOf(e sandbox.Exchange, id string) string {
	for _, f := range e.Findings {
		if f.ID == id {
			return f.Detail
		}
	}
	return "(absent)"
}

func TestConnectionsAreCut(t *testing.T) {
	const half = "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Ty"
	for _, protocol := range []string{"HTTP/1.1", "HTTP/1.0"} {
		for _, c := range []struct {
			outcome, sent, finding string
			stored                 bool
		}{
			{"cut=before", "", "header: cut=before", false},
			{"cut=during", half, "header: cut=during", false},
			{"cut=after", "", "header: cut=after; the work was done and its answer, HTTP 200 and respcd 0000, is lost", true},
			{"cut=after,delay=1ms", "", "header: delay=1ms,cut=after; the work was done", true},
		} {
			t.Run(protocol+" "+c.outcome, func(t *testing.T) {
				s := demo(t)
				got, err := io.ReadAll(dial(t, s, protocol, "/trade/v1/payment", payCanonical, c.outcome))
				must(t, err)
				if string(got) != c.sent {
					t.Errorf("the caller got %q, want %q and the end", got, c.sent)
				}
				e := leverOf(t, s)
				if string(e.AnswerBody) != c.sent || e.Status != 0 || len(e.AnswerHeader) != 0 || e.Respcd != "" || e.Fidelity != "" || !strings.HasPrefix(detailOf(e, "lever"), c.finding) {
					t.Errorf("recorded HTTP %d, respcd %q, %v, %q and %v, want what was sent and %q", e.Status, e.Respcd, e.AnswerHeader, e.AnswerBody, e.Findings, c.finding)
				}
				_, err = s.Gateway().Store.TransactionByOutTradeNo(t.Context(), demoCode, "", "T1")
				if stored := err == nil; stored != c.stored || string(e.OutTradeNo) != "T1" || (e.Syssn != "") != c.stored {
					t.Errorf("the order is stored: %t (%v), recorded with syssn %q, want %t", stored, err, e.Syssn, c.stored)
				}
			})
		}
	}
}

func TestBodyIsCut(t *testing.T) {
	for _, protocol := range []string{"HTTP/1.1", "HTTP/1.0"} {
		s := demo(t)
		conn := dial(t, s, protocol, "/trade/v1/query", "syssn=1", "cut-body")
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		must(t, err)
		body, err := io.ReadAll(resp.Body)
		if err != io.ErrUnexpectedEOF || resp.ContentLength != 116 || len(body) != 58 {
			t.Errorf("%s: %d bytes were announced, %d came, and then error %v, want 116, 58 and an unexpected end", protocol, resp.ContentLength, len(body), err)
		}
		if e := leverOf(t, s); len(e.AnswerBody) != 58 || e.Respcd != "0000" || detailOf(e, "lever") != "header: cut-body" {
			t.Errorf("%s: recorded %d bytes, respcd %s and %v, want 58, 0000 and the lever", protocol, len(e.AnswerBody), e.Respcd, e.Findings)
		}
	}
}

// A caller that gives up while its answer is held back is served all the same, and told nothing.
func TestCallerLeavesWithinADelay(t *testing.T) {
	s := demo(t)
	conn := dial(t, s, "HTTP/1.1", "/trade/v1/payment", payCanonical, "delay=60s")
	for { // the work is done first
		if _, err := s.Gateway().Store.TransactionByOutTradeNo(t.Context(), demoCode, "", "T1"); err == nil {
			break
		}
	}
	must(t, conn.Close())
	if e := leverOf(t, s); e.Status != 0 || len(e.AnswerBody) != 0 || !e.Has(sandbox.FindCallerLeft) || !e.Has(sandbox.FindLever) {
		t.Errorf("recorded HTTP %d, %q and %v, want no answer and why", e.Status, e.AnswerBody, e.Findings)
	}
}

func TestCallerLeavesASlowAnswer(t *testing.T) {
	s := demo(t)
	conn := dial(t, s, "HTTP/1.1", "/trade/v1/query", "syssn=1", "slow-drip")
	resp, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), nil)
	must(t, err)
	_, err = io.ReadFull(resp.Body, make([]byte, 1))
	must(t, err)
	must(t, conn.Close())
	if e := leverOf(t, s); e.Status != 200 || len(e.AnswerBody) == 0 || len(e.AnswerBody) >= 116 || !e.Has(sandbox.FindCallerLeft) {
		t.Errorf("recorded HTTP %d, %d bytes and %v, want the first of 116 and that the caller left", e.Status, len(e.AnswerBody), e.Findings)
	}
}

// A shutdown waits for no delay: what is held back is sent at once, and whole.
func TestShutdownEndsDelays(t *testing.T) {
	for _, outcome := range []string{"delay=60s", "slow-drip"} {
		t.Run(outcome, func(t *testing.T) {
			s := demo(t)
			conn := dial(t, s, "HTTP/1.1", "/trade/v1/payment", payCanonical, outcome)
			for {
				if _, err := s.Gateway().Store.TransactionByOutTradeNo(t.Context(), demoCode, "", "T1"); err == nil {
					break
				}
			}
			must(t, s.Shutdown(context.Background()))
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			must(t, err)
			body, err := io.ReadAll(resp.Body)
			must(t, err)
			if int64(len(body)) != resp.ContentLength || !strings.Contains(string(body), `"respcd": "0000"`) {
				t.Errorf("got %q, want all %d bytes of an answer", body, resp.ContentLength)
			}
		})
	}
}

func TestLimitedApp(t *testing.T) {
	s := start(t, configOf(&hands{now: time.Date(2026, 3, 14, 10, 0, 0, 0, sandbox.QFPayZone)}, sandbox.App{Code: demoCode, ClientKey: demoKey, Settings: sandbox.Settings{RateLimit: true}}))
	for i := range sandbox.CallsPerSecond + 1 {
		resp, err := signedPost(s, "/trade/v1/query", "syssn=1", "syssn=1")
		closed(t, resp, err)
		want, after := http.StatusOK, ""
		if i == sandbox.CallsPerSecond {
			want, after = http.StatusTooManyRequests, "1"
		}
		if resp.StatusCode != want || resp.Header.Get("Retry-After") != after {
			t.Fatalf("call %d gives HTTP %d, Retry-After %q, want %d and %q", i+1, resp.StatusCode, resp.Header.Get("Retry-After"), want, after)
		}
	}
	if e := lastOf(t, s, demoCode); !e.Has("rate-limit") || e.Respcd != "1100" {
		t.Errorf("recorded respcd %s and %v, want 1100 and the rate-limit", e.Respcd, e.Findings)
	}
}
