//go:build linux

package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/cmd/internal/gcroom"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/openapi"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// served is a sandbox as qfsandbox assembles it, with Apps and orders in it, that takes commands
// on its standard input.
type served struct {
	server *server.Server
	apps   int
	// bytesStored is what one of the orders takes, journal aside.
	bytesStored float64
	profile     *os.File
}

func serve(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	gcroom.Leave()
	var s served
	f := flag.NewFlagSet("bench serve", flag.ContinueOnError)
	f.IntVar(&s.apps, "apps", 10, "how many Apps there are")
	orders := f.Int("orders", 1_000, "how many orders are stored")
	if err := f.Parse(args); err != nil {
		return err
	}
	c := server.Config{Log: slog.New(slog.NewTextHandler(stderr, nil))}
	for i := range s.apps {
		c.Apps = append(c.Apps, sandbox.App{Code: sandbox.AppCode(appCode(i)), ClientKey: appKey(i), Seed: fmt.Sprint("bench", i)})
	}
	var err error
	if s.server, err = server.Start(ctx, c); err != nil {
		return err
	}
	if err := s.fill(*orders); err != nil {
		return errors.Join(err, s.server.Shutdown(ctx))
	}
	fmt.Fprintln(stdout, s.server.URL())
	for lines := bufio.NewScanner(stdin); lines.Scan(); {
		answer, err := s.obey(ctx, strings.Fields(lines.Text()))
		if err != nil {
			answer = "error " + err.Error()
		}
		fmt.Fprintln(stdout, answer)
	}
	return s.server.Shutdown(ctx)
}

// fill stores orders as calls of /trade/v1/payment do, but through no socket and past the journal.
func (s *served) fill(orders int) error {
	router := mux.NewRouter()
	(&openapi.API{Gateway: s.server.Gateway(), Base: func(*http.Request) string { return "http://127.0.0.1" }, Log: slog.New(slog.DiscardHandler)}).Routes(router)
	before, txdtm := heap(), sandbox.FormatTime(time.Now())
	for n := range orders {
		app := ownerOf(n, s.apps)
		p := paymentForm(storedOrder(n), openID(n), txdtm)
		body := p.Encode()
		r := &http.Request{
			Method: http.MethodPost, URL: &url.URL{Path: paymentPath}, RequestURI: paymentPath, ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body)),
			Header: http.Header{
				"Content-Type": {"application/x-www-form-urlencoded"}, "X-Qf-Appcode": {appCode(app)},
				"X-Qf-Sign": {qfpay.Sign(p.Canonical(), appKey(app), qfpay.MD5)},
			},
		}
		var answer discarded
		router.ServeHTTP(&answer, r)
		if !strings.Contains(string(answer.body), string(respcdSuccess)) {
			return fmt.Errorf("order %d is answered by %q", n, answer.body)
		}
	}
	s.bytesStored = float64(heap()-before) / float64(orders)
	return nil
}

func heap() int64 {
	runtime.GC()
	runtime.GC() // the second one frees what the first one only found
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// discarded is an answer nobody is sent.
type discarded struct {
	header http.Header
	body   []byte
}

func (d *discarded) Header() http.Header {
	if d.header == nil {
		d.header = make(http.Header)
	}
	return d.header
}
func (d *discarded) WriteHeader(int) {}
func (d *discarded) Write(p []byte) (int, error) {
	d.body = append(d.body, p...)
	return len(p), nil
}

// obey does what the measuring process asks for:
//
//	payers FIRST COUNT     payers come back from WeChat, so that payments of these numbers find their openid fresh
//	codes FIRST COUNT      payers bring codes of these numbers, not exchanged yet
//	stored                 bytes an order stored before the start takes
//	cpu FILE, cpu end      write a CPU profile
//	allocs FILE            write an allocation profile
func (s *served) obey(ctx context.Context, words []string) (string, error) {
	var first, count int
	switch {
	case len(words) == 3 && (words[0] == "payers" || words[0] == "codes"):
		if _, err := fmt.Sscan(words[1]+" "+words[2], &first, &count); err != nil {
			return "", err
		}
		return "ok", s.prepare(ctx, words[0] == "payers", first, count)
	case len(words) == 1 && words[0] == "stored":
		return fmt.Sprint(s.bytesStored), nil
	case len(words) == 2 && words[0] == "cpu" && words[1] == "end":
		pprof.StopCPUProfile()
		return "ok", s.profile.Close()
	case len(words) == 2 && words[0] == "cpu":
		var err error
		if s.profile, err = os.Create(words[1]); err != nil {
			return "", err
		}
		return "ok", pprof.StartCPUProfile(s.profile)
	case len(words) == 2 && words[0] == "allocs":
		f, err := os.Create(words[1])
		if err != nil {
			return "", err
		}
		return "ok", errors.Join(pprof.Lookup("allocs").WriteTo(f, 0), f.Close())
	}
	return "", fmt.Errorf("%q is no command", words)
}

// prepare makes codes, which nobody measures; with taken they are exchanged as well, which leaves
// the payer's openid fresh for one payment.
func (s *served) prepare(ctx context.Context, taken bool, first, count int) error {
	store, now := s.server.Gateway().Store, time.Now()
	for n := first; n < first+count; n++ {
		app, code := sandbox.AppCode(appCode(ownerOf(n, s.apps))), oauthCode(n)
		if taken {
			code = "1" + code[1:]
		}
		c := sandbox.OAuthCode{Code: code, App: app, Payer: "P1", OpenID: sandbox.OpenID(openID(n)), IssuedAt: now, ExpiresAt: now.Add(time.Hour)}
		if err := store.CreateOAuthCode(ctx, c); err != nil {
			return err
		}
		if !taken {
			continue
		}
		if _, err := store.TakeOAuthCode(ctx, app, code, now, sandbox.Grant{App: app, OpenID: c.OpenID, At: now}); err != nil {
			return err
		}
	}
	return nil
}
