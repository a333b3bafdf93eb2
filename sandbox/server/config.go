// Package server assembles a sandbox: store, rules, surfaces, listeners, health and shutdown.
package server

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
)

// Config is how a sandbox is set up. The zero value is complete: in memory, on free loopback
// ports, without Apps.
type Config struct {
	// Addr is where the vendor's surface listens, ControlAddr where the controls do. Empty is a
	// free port of 127.0.0.1.
	Addr        string
	ControlAddr string
	// SinglePort puts the controls on Addr too; ControlAddr is not used then.
	SinglePort bool
	// TLS is where the vendors' own host names are served over https.
	TLS TLS
	// PublicURL is how browsers reach the vendor's surface. Empty: as each request's Host says.
	PublicURL string
	// ControlToken, when set, must come with every control request; ControlHosts are names the
	// controls may be reached under besides IP addresses and names without dots.
	ControlToken string
	ControlHosts []string
	// NotifyAllow are addresses notifications may go to besides loopback and private ones.
	NotifyAllow []netip.Prefix
	// Version is what the controls say this sandbox is.
	Version string
	// Apps and Payers exist from the start.
	Apps   []sandbox.App
	Payers []sandbox.Payer

	// Seed makes what Entropy makes the same in every run. It is for tests, not for secrets.
	Seed string

	// Recorded, where set, is shown every exchange, as Gateway.Recorded is.
	Recorded func(sandbox.Exchange)

	Store   sandbox.Store
	Clock   sandbox.Clock
	Entropy io.Reader
	Log     *slog.Logger
}

func (c Config) filled() (Config, error) {
	if c.Addr == "" {
		c.Addr = "127.0.0.1:0"
	}
	if c.ControlAddr == "" {
		c.ControlAddr = "127.0.0.1:0"
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
			return c, fmt.Errorf("%w: public URL is %q, want a scheme and host such as http://sandbox:8080", sandbox.ErrInvalid, c.PublicURL)
		}
		c.PublicURL = u.Scheme + "://" + u.Host
	}
	if c.Store == nil {
		c.Store = memstore.New()
	}
	if c.Clock == nil {
		c.Clock = realClock{}
	}
	switch {
	case c.Entropy != nil:
	case c.Seed != "":
		c.Entropy = &seeded{source: mathrand.NewChaCha8(sha256.Sum256([]byte(c.Seed)))}
	default:
		c.Entropy = rand.Reader
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c, c.readyCA()
}

type realClock struct{}

func (realClock) Now() time.Time { return time.Now() }

// seeded is a reader several requests may use at once.
type seeded struct {
	mu     sync.Mutex
	source *mathrand.ChaCha8
}

func (s *seeded) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.source.Read(p)
}
