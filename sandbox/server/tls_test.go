package server_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// startTLS gives a sandbox with the vendors' hosts over https.
func startTLS(t *testing.T) *server.Server {
	t.Helper()
	return start(t, server.Config{TLS: server.TLS{Addr: "127.0.0.1:0"}})
}

// trusting is the TLS configuration of a client that was given the sandbox's CA and nothing else.
func trusting(t *testing.T, s *server.Server) *tls.Config {
	t.Helper()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(s.CA()) {
		t.Fatalf("the CA is no PEM: %q", s.CA())
	}
	return &tls.Config{RootCAs: roots}
}

// resolving is a client whose names all lead to the TLS listener, as with a hosts file.
func resolving(t *testing.T, s *server.Server) *http.Client {
	t.Helper()
	dialer := &net.Dialer{}
	transport := &http.Transport{TLSClientConfig: trusting(t, s)}
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, s.TLSAddr())
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// proxying is a client with HTTPS_PROXY and HTTP_PROXY.
func proxying(t *testing.T, s *server.Server) *http.Client {
	t.Helper()
	at, err := url.Parse(s.URL())
	must(t, err)
	transport := &http.Transport{TLSClientConfig: trusting(t, s), Proxy: http.ProxyURL(at)}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// asked gives status and body of a GET by a client.
func asked(t *testing.T, client *http.Client, address string) (int, string) {
	t.Helper()
	resp, err := client.Get(address)
	must(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(t, err)
	return resp.StatusCode, string(body)
}

func TestEveryVendorHostIsServedOverTLS(t *testing.T) {
	s := startTLS(t)
	names := server.VendorHosts()
	if len(names) < 25 {
		t.Errorf("there are %d vendor hosts, want at least 25", len(names))
	}
	for way, client := range map[string]*http.Client{"by name": resolving(t, s), "by proxy": proxying(t, s)} {
		for _, name := range names {
			if status, body := asked(t, client, "https://"+name+"/healthz"); status != http.StatusOK || body != "ok\n" {
				t.Errorf("%s: https://%s answers HTTP %d and %q, want 200 and ok", way, name, status, body)
			}
		}
	}
	for host, want := range map[string]int{"res.wx.qq.com": http.StatusOK, "res2.wx.qq.com": http.StatusOK, "open.weixin.qq.com": http.StatusNotFound} {
		if status, _ := asked(t, resolving(t, s), "https://"+host+"/open/js/jweixin-1.6.0.js"); status != want {
			t.Errorf("https://%s answers HTTP %d for the JavaScript SDK, want %d", host, status, want)
		}
	}
	status, body := asked(t, &http.Client{Transport: &http.Transport{TLSClientConfig: trusting(t, s), DisableKeepAlives: true}}, "https://"+s.TLSAddr()+"/healthz")
	if status != http.StatusOK || body != "ok\n" {
		t.Errorf("its own address answers HTTP %d and %q, want 200 and ok", status, body)
	}
}

func TestTheCertificateIsGivenAndTheKeyIsNot(t *testing.T) {
	s := startTLS(t)
	for _, base := range []string{s.URL(), s.ControlURL()} {
		status, body := fetch(t, base+control.CAPath)
		if status != http.StatusOK || body != string(s.CA()) || !strings.HasPrefix(body, "-----BEGIN CERTIFICATE-----") || strings.Contains(body, "KEY") {
			t.Errorf("%s%s answers HTTP %d and %q, want the certificate alone", base, control.CAPath, status, body)
		}
	}
	without := start(t, server.Config{})
	if status, body := fetch(t, without.ControlURL()+control.CAPath); status != http.StatusNotFound || !strings.Contains(body, "-tls") || without.TLSAddr() != "" || len(without.CA()) != 0 {
		t.Errorf("without TLS it answers HTTP %d and %q, want 404 and how to start it", status, body)
	}
}

func TestAboutTellsWhereTheVendorsAre(t *testing.T) {
	s := startTLS(t)
	_, body := fetch(t, s.ControlURL()+"/_sandbox/v1/about")
	var about map[string]any
	must(t, json.NewDecoder(bytes.NewReader([]byte(body))).Decode(&about))
	if about["tls_address"] != s.TLSAddr() || about["url"] != s.URL() || len(about["vendor_hosts"].([]any)) != len(server.VendorHosts()) {
		t.Errorf("got %s, want tls_address %s and all vendor_hosts", body, s.TLSAddr())
	}
}
