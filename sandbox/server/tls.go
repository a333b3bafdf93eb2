package server

import (
	"crypto/tls"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/authority"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// TLS is how the vendors' hosts are served over https. The zero value: not at all.
type TLS struct {
	// Addr is where, such as 127.0.0.1:8443.
	Addr string
	// CA signs the certificates. Nil makes one that is forgotten with the sandbox.
	CA *authority.Authority
}

// VendorHosts are the host names of QFPay, of all regions, and of WeChat.
func VendorHosts() (names []string) {
	for _, h := range qfpay.Hosts() {
		names = append(names, h.Name)
	}
	for _, h := range wechat.Hosts() {
		names = append(names, h.Name)
	}
	return names
}

// readyCA makes an authority where TLS wants one and none was given.
func (c *Config) readyCA() error {
	if c.TLS.Addr == "" || c.TLS.CA != nil {
		return nil
	}
	made, err := authority.New(VendorHosts())
	if err != nil {
		return fmt.Errorf("no certificate authority: %w", err)
	}
	c.TLS.CA = made
	return nil
}

// secure gives the server behind the TLS listener.
func (c *Config) secure(h http.Handler) *http.Server {
	c.TLS.CA.Refused = func(name string, count uint64) {
		c.Log.Warn("TLS handshake for a host this sandbox is not", "server_name", sandbox.Shortened(name), "refused_so_far", count)
	}
	if names := c.TLS.CA.Uncovered(); len(names) > 0 {
		c.Log.Warn("the CA may not sign for all vendor hosts, by its name constraints", "not_for", strings.Join(names, " "))
	}
	s := newHTTPServer(h)
	s.ErrorLog = log.New(handshakes{c.Log}, "", 0)
	return s
}

// overTLS is a listener's TLS. Clients get HTTP/1.1: what a lever cuts off is a connection of its own.
func (c *Config) overTLS(l net.Listener) net.Listener { return tls.NewListener(l, c.TLS.CA.Config()) }

// handshakes turns the lines of net/http into ones that say what to do.
type handshakes struct{ log *slog.Logger }

// distrusted are the alerts of clients that do not know the authority.
var distrusted = [...]string{"unknown certificate authority", "bad certificate", "unknown certificate"}

func (h handshakes) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	for _, alert := range distrusted {
		if strings.Contains(text, "remote error: tls: "+alert) {
			h.log.Warn("a client does not trust this sandbox's CA; give it the certificate (qfsandbox ca, or "+control.CAPath+")", "cause", sandbox.Shortened(text))
			return len(line), nil
		}
	}
	if strings.HasSuffix(text, "tls: no certificates configured") {
		return len(line), nil // Refused told of it, with the name
	}
	h.log.Info("TLS", "cause", sandbox.Shortened(text))
	return len(line), nil
}

// caRoute gives the certificate to whoever asks; it is no secret. The key is nowhere in here.
func caRoute(r *mux.Router, ca []byte) {
	r.HandleFunc(control.CAPath, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if len(ca) == 0 {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprintln(w, "this sandbox has no CA: it was started without -tls")
			return
		}
		w.Header().Set("Content-Type", "application/x-pem-file")
		_, _ = w.Write(ca) // a caller that left needs no answer
	}).Methods("GET", "HEAD")
}
