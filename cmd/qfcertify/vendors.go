package main

import (
	"cmp"
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/browser"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/target"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

// vendors is the sandbox of a run as merchants and browsers reach it.
type vendors struct {
	control *control.Client
	// url is its plain address, tls host and port where it has the vendors' hosts over https, "" for nowhere.
	url, tls string
	hosts    []string
	// ca signs for those hosts; caFile holds its certificate, for the merchant.
	ca     *x509.Certificate
	caText []byte // as PEM
	caFile string
	close  func()
}

// openSandbox connects to the sandbox named, or starts one of its own, with TLS.
func (s settings) openSandbox(ctx context.Context, profile target.Profile, stderr io.Writer) (*vendors, error) {
	v := &vendors{close: func() {}}
	controls := s.sandbox
	if controls == "" {
		c := server.Config{Addr: s.listen, Version: version, TLS: server.TLS{Addr: "127.0.0.1:0"},
			Log: slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelError}))}
		if c.Addr == "" && profile.Start == nil {
			c.Addr = "127.0.0.1:8080" // where a merchant that runs already looks for it
		}
		srv, err := server.Start(ctx, c)
		if err != nil {
			return nil, fail(verdict.ExitBroke, "the sandbox inside this program: %w; choose another address with --listen, or a running sandbox with --sandbox", err)
		}
		v.close = func() {
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
			defer cancel()
			_ = srv.Shutdown(end) // the run is over; what still hangs is cut off
		}
		controls = srv.ControlURL()
	}
	v.control = control.NewClient(controls, s.token)
	if err := v.learn(ctx, s.vendor); err != nil {
		v.close()
		return nil, fail(verdict.ExitBroke, "no sandbox at %s: %w", controls, err)
	}
	if err := v.keepCA(s.out); err != nil {
		v.close()
		return nil, fail(verdict.ExitUsage, "--out cannot be written to: %w", err)
	}
	if profile.Unchanged && v.tls == "" {
		v.close()
		return nil, fail(verdict.ExitUsage, "the profile says unchanged: true, and the sandbox at %s has no TLS; start it with qfsandbox -tls", controls)
	}
	return v, nil
}

// aboutPatience is how long a sandbox may take to say what it is.
const aboutPatience = 10 * time.Second

// learn asks the sandbox where its surfaces are, and for the certificate of its CA.
func (v *vendors) learn(ctx context.Context, vendor string) error {
	ctx, cancel := context.WithTimeout(ctx, aboutPatience)
	defer cancel()
	about, err := v.control.About(ctx)
	if err != nil {
		return err
	}
	v.url = strings.TrimSuffix(cmp.Or(vendor, about.URL), "/")
	if u, err := url.Parse(v.url); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("it says that merchants reach it at %q, which is no address; is it a sandbox's control address?", v.url)
	}
	v.hosts = about.VendorHosts
	if about.TLSAddress == "" {
		return nil
	}
	text, err := v.control.CA(ctx)
	if err != nil {
		return err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return fmt.Errorf("its CA's certificate is not PEM")
	}
	if v.ca, err = x509.ParseCertificate(block.Bytes); err != nil {
		return err
	}
	v.tls, v.caText = about.TLSAddress, text
	return nil
}

// keepCA writes the CA's certificate into a directory, for the merchant to read.
func (v *vendors) keepCA(dir string) (err error) {
	if v.tls == "" {
		return nil
	}
	if v.caFile, err = filepath.Abs(filepath.Join(dir, "ca.pem")); err != nil {
		return err
	}
	return os.WriteFile(v.caFile, v.caText, 0o644)
}

// resolve leads the browser from the vendors' hosts to the sandbox, never to the vendors.
func (v *vendors) resolve() map[string]string {
	to := make(map[string]string, len(v.hosts))
	for _, host := range v.hosts {
		to[host] = cmp.Or(v.tls, browser.Nowhere)
	}
	return to
}

// forMerchant is what a profile's placeholders stand for.
func (v *vendors) forMerchant() target.Sandbox {
	return target.Sandbox{URL: v.url, Proxy: v.url, CAFile: v.caFile}
}
