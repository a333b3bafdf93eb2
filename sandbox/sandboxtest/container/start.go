package container

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"
)

// Start gives a test a sandbox in a container and ends it with the test. The image is the one that the
// variable QFSANDBOX_IMAGE names, else DefaultImage. Without a Docker engine the test is skipped, but
// where CI is set it fails: a test nobody misses is none. The container's log is printed when the test
// failed.
func Start(tb testing.TB, opts ...testcontainers.ContainerCustomizer) *Container {
	tb.Helper()
	quiet := testcontainers.WithLogger(log.TestLogger(tb)) // a test that passed is silent
	c, err := Run(tb.Context(), cmp.Or(os.Getenv(imageVariable), DefaultImage), append([]testcontainers.ContainerCustomizer{quiet}, opts...)...)
	if c != nil {
		tb.Cleanup(func() { c.end(tb) })
	}
	switch {
	case err == nil:
		return c
	case errors.Is(err, ErrNoEngine) && !inCI():
		tb.Skipf("container: %v", err)
	default:
		tb.Fatalf("container: %v", err)
	}
	return nil
}

// inCI reads the variable that CI services set.
func inCI() bool {
	set, err := strconv.ParseBool(cmp.Or(os.Getenv("CI"), "false"))
	return set || err != nil
}

// shownLog bounds what is printed of a log, in bytes; its end tells most.
const shownLog = 16 << 10

// end removes the container, after its last words where the test failed.
func (c *Container) end(tb testing.TB) {
	ctx := context.WithoutCancel(tb.Context())
	if tb.Failed() {
		last, err := c.lastWords(ctx)
		if err != nil {
			tb.Logf("container: its log cannot be read: %v", err)
		} else {
			tb.Logf("container: the sandbox's log\n%s", last)
		}
	}
	if err := testcontainers.TerminateContainer(c.Container); err != nil {
		tb.Errorf("container: it cannot be removed: %v", err)
	}
}

func (c *Container) lastWords(ctx context.Context) (string, error) {
	r, err := c.Logs(ctx)
	if err != nil {
		return "", err
	}
	defer r.Close()
	all, err := io.ReadAll(r)
	text := strings.ReplaceAll(string(all), c.ClientKey, "(client_key)") // its banner shows it
	if len(text) > shownLog {
		text = "…" + strings.ToValidUTF8(text[len(text)-shownLog:], "")
	}
	return text, err
}

// Serve runs a server of the test's where containers reach it, such as a merchant's notify URL, and gives
// its address as they see it. It listens on the engine's network only, on loopback where the engine runs
// in a machine of its own (Docker Desktop) that forwards HostName there.
func Serve(tb testing.TB, h http.Handler) string {
	tb.Helper()
	at, name := "127.0.0.1", HostName
	if engine, err := connect(tb.Context()); err == nil { // without one Start says so
		defer engine.Close()
		if ip, found := addressForContainers(tb.Context(), engine.Client()); found {
			at, name = ip.String(), ip.String()
		}
	}
	l, err := net.Listen("tcp", net.JoinHostPort(at, "0"))
	if err != nil {
		tb.Fatalf("container: no server for containers: %v", err)
	}
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: h}}
	s.Start()
	tb.Cleanup(s.Close)
	return "http://" + net.JoinHostPort(name, strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
}
