package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/cashier"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/look"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/notify"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/openapi"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/weixin"
)

// Server is a running sandbox.
type Server struct {
	gateway    *sandbox.Gateway
	apps       []sandbox.App
	vendor     *http.Server
	controls   *http.Server
	url        string
	controlURL string

	closing chan struct{} // closed when Shutdown begins
	once    sync.Once
	stop    context.CancelFunc // ends the deliverer
	running sync.WaitGroup
	failed  chan error
}

// Start gives a sandbox that is listening already. The caller ends it with Shutdown. Errors:
// sandbox.ErrInvalid for a setting, *net.OpError for an address that cannot be listened on.
func Start(ctx context.Context, c Config) (*Server, error) {
	c, err := c.filled()
	if err != nil {
		return nil, err
	}
	g := &sandbox.Gateway{Store: c.Store, Clock: c.Clock, Entropy: c.Entropy, Recorded: c.Recorded}
	if c.ControlToken != "" {
		g.Tokens = []string{c.ControlToken}
	}
	deliverer := notify.New(g, notify.Destinations{Allowed: c.NotifyAllow}, c.Log)
	deliverer.Refused = func(ctx context.Context, app sandbox.App, body []byte, answered ...string) []sandbox.Finding {
		others, err := g.Store.Apps(ctx, "", 100)
		if err != nil {
			c.Log.Error("no diagnosis of a notification", "error", err)
			return nil
		}
		return clinic.Notification(clinic.NotificationCase{App: app, Others: others, Body: body, Computed: clinic.DigestsIn(answered...)})
	}
	g.NotificationDue, g.DeliverBeforeReturn = deliverer.Wake, deliverer.BeforeReturn
	var apps []sandbox.App
	for _, app := range c.Apps {
		made, err := g.CreateApp(ctx, app)
		if err != nil {
			return nil, fmt.Errorf("app %s: %w", app.Code, err)
		}
		apps = append(apps, made)
	}
	for _, p := range c.Payers {
		if _, err := g.CreatePayer(ctx, p); err != nil {
			return nil, fmt.Errorf("payer %s: %w", p.ID, err)
		}
	}
	s := &Server{gateway: g, apps: apps, closing: make(chan struct{}), failed: make(chan error, 2)}

	clocks := control.Clocks{Advance: deliverer.Advance, Set: deliverer.SetClock, AdvanceToNext: deliverer.AdvanceToNext, RunUntilIdle: deliverer.RunUntilIdle}
	api := &control.API{Gateway: g, Clocks: clocks, Resend: deliverer.Resend, Token: c.ControlToken, Hosts: c.ControlHosts, Done: s.closing, Log: c.Log}
	vendor := newRouter()
	(&openapi.API{Gateway: g, Base: c.base, Done: s.closing, Log: c.Log}).Routes(vendor)
	(&weixin.Site{Gateway: g, Base: c.base, Log: c.Log}).Routes(vendor)
	(&cashier.Site{Gateway: g, Bridge: weixin.BridgePath, Log: c.Log}).Routes(vendor)
	look.Routes(vendor)
	addPages(vendor, vendorPages, c.Log)
	vendor.NotFoundHandler = openapi.NoteNearest(vendor.NotFoundHandler)
	if c.SinglePort {
		api.Routes(vendor)
	} else {
		vendor.PathPrefix(control.Prefix).HandlerFunc(control.Elsewhere(s.ControlURL))
	}
	rec := &recorder{gateway: g, clock: c.Clock, log: c.Log, taken: &s.running}

	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return nil, err
	}
	s.url = addressOf(listener)
	api.About = control.About{Version: c.Version, URL: s.url}
	if c.PublicURL != "" {
		api.About.URL = c.PublicURL
	}
	s.vendor = newHTTPServer(rec.record(shortcut(vendor)))
	if c.SinglePort {
		s.controlURL = s.url
	} else {
		controls := newRouter()
		api.Routes(controls)
		look.Routes(controls)
		addPages(controls, controlPages(api.About.URL), c.Log)
		controlListener, err := net.Listen("tcp", c.ControlAddr)
		if err != nil {
			listener.Close()
			return nil, err
		}
		s.controlURL = addressOf(controlListener)
		s.controls = newHTTPServer(controls)
		s.serve(s.controls, controlListener)
	}
	s.serve(s.vendor, listener)

	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.running.Go(func() { deliverer.Run(run) })
	return s, nil
}

func newRouter() *mux.Router { return mux.NewRouter().SkipClean(true) }

func newHTTPServer(h http.Handler) *http.Server {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	watchSilent(s)
	return s
}

// serve owns the goroutine of one listener; it ends with Shutdown.
func (s *Server) serve(h *http.Server, l net.Listener) {
	s.running.Go(func() {
		if err := h.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- err
		}
	})
}

// addressOf is how this machine reaches a listener.
func addressOf(l net.Listener) string {
	at := l.Addr().(*net.TCPAddr)
	host := at.IP.String()
	if at.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, fmt.Sprint(at.Port))
}

// URL is the vendor surface's address on this machine, ControlURL the controls'.
func (s *Server) URL() string        { return s.url }
func (s *Server) ControlURL() string { return s.controlURL }

// Gateway gives the rules, for programs that hold the sandbox in themselves.
func (s *Server) Gateway() *sandbox.Gateway { return s.gateway }

// Apps gives the Apps it was started with, in their order, filled as they were made.
func (s *Server) Apps() []sandbox.App { return s.apps }

// Failed tells when a listener broke by itself.
func (s *Server) Failed() <-chan error { return s.failed }

// Shutdown takes no more requests, lets those under way end until ctx does, and returns when
// nothing of the sandbox runs any more.
func (s *Server) Shutdown(ctx context.Context) error {
	var err error
	s.once.Do(func() {
		close(s.closing)
		s.stop()
		for _, h := range []*http.Server{s.vendor, s.controls} {
			if h == nil {
				continue
			}
			if e := h.Shutdown(ctx); e != nil {
				err = errors.Join(err, e, h.Close())
			}
		}
	})
	s.running.Wait()
	return err
}
