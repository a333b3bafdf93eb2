package server

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// mostTunnels bounds the connections that came by CONNECT and are open.
const mostTunnels = 512

// tunnels hands connections that asked for a vendor's host by CONNECT to the server behind the TLS listener,
// which then owns them: its time bounds and its Shutdown are theirs. To that server it is a listener.
type tunnels struct {
	arrived chan net.Conn
	room    chan struct{} // holds a token for each open tunnel
	closed  chan struct{}
	once    sync.Once
	at      net.Addr
}

func newTunnels(at net.Addr) *tunnels {
	return &tunnels{arrived: make(chan net.Conn), room: make(chan struct{}, mostTunnels), closed: make(chan struct{}), at: at}
}

func (t *tunnels) Accept() (net.Conn, error) {
	select {
	case c := <-t.arrived:
		return c, nil
	case <-t.closed:
		return nil, net.ErrClosed
	}
}

func (t *tunnels) Close() error {
	t.once.Do(func() { close(t.closed) })
	return nil
}

func (t *tunnels) Addr() net.Addr { return t.at }

// tunnel is a connection behind its CONNECT. What the client sent ahead is read first.
type tunnel struct {
	net.Conn
	from io.Reader
	room chan struct{}
	once sync.Once
}

func (t *tunnel) Read(p []byte) (int, error) { return t.from.Read(p) }

func (t *tunnel) Close() error {
	t.once.Do(func() { <-t.room })
	return t.Conn.Close()
}

// proxied serves what clients with HTTPS_PROXY or HTTP_PROXY send: CONNECT to a vendor's host becomes a tunnel,
// a target with a host in it is answered by that host. t is nil without TLS.
func (t *tunnels) proxied(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodConnect && t != nil && connectsTo(r) == "":
			t.open(w, next, r)
		case r.Method != http.MethodConnect && r.URL.Host != "":
			own := *r // the target as a client without a proxy writes it; Host is set already
			own.RequestURI = r.URL.RequestURI()
			next.ServeHTTP(w, &own)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// connectsTo says why a CONNECT is refused, "" where it is not.
func connectsTo(r *http.Request) string {
	host, port, err := net.SplitHostPort(r.Host)
	_, vendors := vendorNamed(host)
	switch {
	case r.TLS != nil:
		return "this is the address it would lead to"
	case err != nil:
		return "the target has no port"
	case !vendors:
		return "it is no host of QFPay's or WeChat's"
	case port != "443":
		return "the vendors are on port 443"
	}
	return ""
}

func (t *tunnels) open(w http.ResponseWriter, next http.Handler, r *http.Request) {
	select {
	case t.room <- struct{}{}:
	default:
		http.Error(w, "this sandbox has too many connections by CONNECT open; close some", http.StatusServiceUnavailable)
		return
	}
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		<-t.room
		next.ServeHTTP(w, r)
		return
	}
	ahead := make([]byte, buffered.Reader.Buffered())
	_, _ = io.ReadFull(buffered, ahead) // they are in memory
	made := &tunnel{Conn: conn, from: io.MultiReader(bytes.NewReader(ahead), conn), room: t.room}
	_ = conn.SetDeadline(time.Time{}) // those of the request; the TLS server sets its own
	if _, err := conn.Write([]byte("HTTP/1.1 200 Connection established\r\n\r\n")); err != nil {
		made.Close()
		return
	}
	select {
	case t.arrived <- made:
	case <-t.closed:
		made.Close()
	}
}

// refuseForeign answers what a client took this sandbox for a general proxy with.
func refuseForeign(next http.Handler, withTLS bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodConnect && !withTLS:
			refuseProxy(w, r, http.StatusMethodNotAllowed, "CONNECT "+sandbox.Shortened(r.Host)+": this sandbox was started without -tls, so it has no https to connect to",
				"CONNECT to a vendor's host, with -tls", "start the sandbox with -tls, or use http and its own address")
		case r.Method == http.MethodConnect:
			refuseProxy(w, r, http.StatusForbidden, "CONNECT "+sandbox.Shortened(r.Host)+": "+connectsTo(r)+"; this proxy leads to the sandbox and nowhere else",
				"CONNECT to port 443 of a vendor's host, such as openapi-hk.qfapi.com:443", "name the other host in NO_PROXY, or ask it without this proxy; qfsandbox hosts lists the allowed ones")
		case r.URL.Host != "" && isForeign(r.URL.Hostname()):
			refuseProxy(w, r, http.StatusForbidden, "a request by proxy for "+sandbox.Shortened(r.URL.Host)+": it is no host of QFPay's or WeChat's; this proxy leads to the sandbox and nowhere else",
				"http:// and a vendor's host, such as http://openapi-hk.qfapi.com/", "name the other host in NO_PROXY, or ask it without this proxy; qfsandbox hosts lists the allowed ones")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// isForeign reports whether a name is neither a vendor's nor one a sandbox may be reached under.
func isForeign(name string) bool {
	if _, ok := vendorNamed(name); ok || net.ParseIP(name) != nil || strings.HasSuffix(name, ".localhost") {
		return false
	}
	return strings.Contains(name, ".")
}

func refuseProxy(w http.ResponseWriter, r *http.Request, status int, detail, expected, change string) {
	sandbox.AddFinding(r.Context(), sandbox.Finding{ID: sandbox.FindProxyRefused, Detail: detail, Received: r.Method + " " + sandbox.Shortened(r.Host), Expected: expected, Change: change})
	w.Header().Set("Connection", "close")
	http.Error(w, detail+".\nAllowed: "+expected+".\nWhat to change: "+change+".", status)
}
