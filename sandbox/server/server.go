package server

import (
	"bytes"
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
	secure     *http.Server // nil without TLS
	controls   *http.Server
	url        string
	controlURL string
	tlsAddr    string
	ca         []byte

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
	s := &Server{gateway: g, apps: apps, closing: make(chan struct{}), failed: make(chan error, 4)}

	clocks := control.Clocks{Advance: deliverer.Advance, Set: deliverer.SetClock, AdvanceToNext: deliverer.AdvanceToNext, RunUntilIdle: deliverer.RunUntilIdle}
	api := &control.API{Gateway: g, Clocks: clocks, Resend: deliverer.Resend, Token: c.ControlToken, Hosts: c.ControlHosts, Done: s.closing, Log: c.Log}
	vendor := newRouter()
	calls := &openapi.API{Gateway: g, Base: c.base, WeChat: c.weixin, Wallet: c.wallet, Done: s.closing, Log: c.Log}
	calls.Routes(vendor)
	weChat := &weixin.Site{Gateway: g, Base: c.base, VendorNames: underVendorName, Log: c.Log}
	weChat.Routes(vendor)
	(&cashier.Site{Gateway: g, Bridge: func(r *http.Request) string { return c.wallet(r) + weixin.BridgePath }, Log: c.Log}).Routes(vendor)
	look.Routes(vendor)
	addPages(vendor, vendorPages, c.Log)
	absent := absences{openapi: calls.NoSuchPath(), api: http.HandlerFunc(weChat.NoSuchCall), page: vendor.NotFoundHandler}
	vendor.NotFoundHandler = openapi.NoteNearest(vendor.NotFoundHandler)
	if c.SinglePort {
		api.Routes(vendor)
	} else {
		vendor.PathPrefix(control.Prefix).HandlerFunc(control.Elsewhere(s.ControlURL))
	}
	rec := &recorder{gateway: g, clock: c.Clock, log: c.Log, taken: &s.running}

	doors, err := c.listen()
	if err != nil {
		return nil, err
	}
	s.url = "http://" + addressOf(doors.vendor)
	api.About = control.About{Which: control.Which{Version: c.Version, URL: s.url}, VendorHosts: VendorHosts()}
	if c.PublicURL != "" {
		api.About.URL = c.PublicURL
	}
	if doors.tls != nil {
		s.tlsAddr, s.ca = addressOf(doors.tls), c.TLS.CA.PEM()
		api.About.TLSAddress = doors.tls.Addr().String()
	}
	caRoute(vendor, s.ca)
	var passing *tunnels
	if doors.tls != nil {
		passing = newTunnels(doors.tls.Addr())
	}
	surface := passing.proxied(rec.record(refuseForeign(byHost(shortcut(vendor), absent), doors.tls != nil)))
	s.vendor = newHTTPServer(surface)
	if c.SinglePort {
		s.controlURL = s.url
	} else {
		controls := newRouter()
		api.Routes(controls)
		caRoute(controls, s.ca)
		look.Routes(controls)
		addPages(controls, controlPages(api.About.URL), c.Log)
		s.controlURL = "http://" + addressOf(doors.controls)
		s.controls = newHTTPServer(controls)
		s.serve(s.controls, doors.controls)
	}
	if doors.tls != nil {
		s.secure = c.secure(surface)
		s.serve(s.secure, c.overTLS(doors.tls))
		s.serve(s.secure, c.overTLS(passing))
	}
	s.serve(s.vendor, doors.vendor)

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

// URL is the vendor surface's address on this machine, ControlURL the controls'.
func (s *Server) URL() string        { return s.url }
func (s *Server) ControlURL() string { return s.controlURL }

// TLSAddr is host and port of the TLS listener on this machine, CA the certificate of who signs there, as PEM.
// Both are empty without TLS.
func (s *Server) TLSAddr() string { return s.tlsAddr }
func (s *Server) CA() []byte      { return bytes.Clone(s.ca) }

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
		for _, h := range []*http.Server{s.vendor, s.secure, s.controls} {
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
