package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

const (
	ownApp    = "SANDBOXOWNACCOUNT0123456789ABCD0"
	ownKey    = "SANDBOXOWNACCOUNTKEY0123456789AB"
	ownAppID  = "wx5a1d0b0c0e0f0011"
	ownSecret = "5ec0e70000000000000000000000a001"
)

// Method 1: the merchant's own account, and WeChat's bridge in the merchant's own page.
func TestPassesPetshopWithItsOwnAccount(t *testing.T) {
	t.Parallel()
	code, out := certify(t, "--profile", profiles+"petshop-own.yaml")
	wantExit(t, code, 0, out, "11 scenarios: 11 pass", "verdict      PASSED")
}

// The same through WeChat's JavaScript SDK: wx.config and wx.chooseWXPay.
func TestPassesPetshopWithTheSDK(t *testing.T) {
	t.Parallel()
	code, out := certify(t, "--profile", profiles+"petshop-jssdk.yaml")
	wantExit(t, code, 0, out, "11 scenarios: 11 pass", "verdict      PASSED")
}

// The same with nothing of the sandbox in its settings: QFPay's and WeChat's own host names.
func TestPassesPetshopWithItsOwnAccountUnchanged(t *testing.T) {
	t.Parallel()
	profile := changed(t, "petshop-own.yaml", "name: petshop-own\n", "name: petshop-own\nunchanged: true\n",
		`-openapi, "{sandbox}", -o2, "{sandbox}",`, `-openapi, https://openapi-hk.qfapi.com, -o2, https://o2-hk.qfapi.com,
    -weixin-open, https://open.weixin.qq.com, -weixin-api, https://api.weixin.qq.com, -weixin-resources, https://res.wx.qq.com,`,
		"-raise, bridge]\n", "-raise, bridge]\n  env: {HTTPS_PROXY: \"{proxy}\", SSL_CERT_FILE: \"{ca_file}\"}\n")
	code, out := certify(t, "--profile", profile, "--show-steps", "PAY")
	wantExit(t, code, 0, out, "2 scenarios: 2 pass", "GET  api.weixin.qq.com/sns/oauth2/access_token  200", "POST openapi-hk.qfapi.com/trade/v1/payment  200 0000")
}

// startSandbox is one that runs beside the run.
func startSandbox(t *testing.T, c server.Config) (*server.Server, *control.Client) {
	t.Helper()
	srv, err := server.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = srv.Shutdown(context.Background()) })
	return srv, control.NewClient(srv.ControlURL(), "")
}

// The Flask shop as in production: QFPay's own host names over https. Everything it and the payer's browser
// asked for went to those names.
func TestPassesFlaskshopUnchanged(t *testing.T) {
	t.Parallel()
	profile := profiles + "flaskshop-unchanged.yaml"
	raw, err := os.ReadFile(profile)
	if err != nil {
		t.Fatal(err)
	}
	for _, kept := range []string{"FLASKSHOP_OPENAPI: https://openapi-hk.qfapi.com\n", "FLASKSHOP_O2: https://o2-hk.qfapi.com\n"} {
		if !strings.Contains(string(raw), kept) {
			t.Errorf("the profile changes what the shop has in production, want %q in it", kept)
		}
	}
	srv, c := startSandbox(t, server.Config{TLS: server.TLS{Addr: "127.0.0.1:0"}})
	code, out := certify(t, "--profile", profile, "--sandbox", srv.ControlURL(), "--show-steps")
	wantExit(t, code, 0, out, "11 scenarios: 11 pass", "verdict      PASSED", "POST openapi-hk.qfapi.com/trade/v1/payment  200 0000")

	hosts := map[string]int{}
	var at uint64
	for {
		page, err := c.Journal(t.Context(), control.JournalFilter{Direction: "in", Since: at})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Exchanges {
			at = e.Seq
			host := strings.Join(e.RequestHeader["Host"], "")
			if host == "" { // the journal keeps a vendor's name only
				t.Errorf("%s %s did not come under a vendor's name", e.Method, e.Path)
			}
			hosts[host]++
		}
		if len(page.Exchanges) == 0 {
			break
		}
	}
	for _, host := range []string{"openapi-hk.qfapi.com", "o2-hk.qfapi.com", "open.weixin.qq.com", "payapp.weixin.qq.com"} {
		if hosts[host] == 0 {
			t.Errorf("nothing was asked of %s; got %v", host, hosts)
		}
	}
}

func TestUnchangedWantsTLS(t *testing.T) {
	srv, _ := startSandbox(t, server.Config{})
	code, out := certify(t, "--profile", profiles+"flaskshop-unchanged.yaml", "--sandbox", srv.ControlURL())
	wantExit(t, code, 2, out, "unchanged: true", "has no TLS", "qfsandbox -tls")
}

// A merchant that does not trust the CA gets nowhere, and the verdict says where to look.
func TestUnchangedWithoutTheCAFails(t *testing.T) {
	bare := changed(t, "flaskshop-unchanged.yaml", "    REQUESTS_CA_BUNDLE: \"{ca_file}\"\n", "", "dir: ../flaskshop", "dir: "+absolute(t, "../../fixtures/flaskshop"))
	code, out := certify(t, "--profile", bare, "PAY-01")
	wantExit(t, code, 1, out, "FAIL        PAY-01")
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

// What the profile says of the merchant's account must be what the sandbox has.
func TestOwnAccountOfARunningSandbox(t *testing.T) {
	app := sandbox.App{Code: ownApp, ClientKey: ownKey, Own: sandbox.OfficialAccount{AppID: ownAppID, Secret: ownSecret,
		OAuthDomains: []string{"petshop:8090"}, PayDirectories: []string{"http://petshop:8090/checkout/"}}}
	srv, c := startSandbox(t, server.Config{Apps: []sandbox.App{app}})
	try := func(want int, says string, replace ...string) {
		t.Helper()
		code, out := certify(t, "--profile", changed(t, "petshop-own.yaml", replace...), "--sandbox", srv.ControlURL(), "PAY-01")
		wantExit(t, code, want, out, says)
	}
	try(2, "app.official_account.appid of the profile is wx00000000000000aa, the sandbox has "+ownAppID, ownAppID, "wx00000000000000aa")
	try(2, "app.official_account.secret of the profile is not the one", ownSecret, strings.Repeat("0", 32))
	account := "  official_account:\n    appid: " + ownAppID + "\n    secret: " + ownSecret + "\n    oauth_domains: [\"{merchant_host}\"]\n    pay_directories: [\"{merchant}/checkout/\"]\n"
	try(2, "the sandbox has the official account "+ownAppID+" for app code "+ownApp+", and the profile has none", account, "")
	try(0, "1 scenario: 1 pass", "# petshop with", "#")

	got, err := c.App(t.Context(), ownApp)
	if err != nil {
		t.Fatal(err)
	}
	if o := got.OfficialAccount; len(o.OAuthDomains) != 2 || o.OAuthDomains[0] != "petshop:8090" || len(o.PayDirectories) != 2 {
		t.Errorf("got %v and %v, want what the sandbox had and this run's merchant", o.OAuthDomains, o.PayDirectories)
	}
}

// A sandbox behind another address: its certificate is still believed, and only its.
func TestRunningSandboxWithTLS(t *testing.T) {
	srv, _ := startSandbox(t, server.Config{TLS: server.TLS{Addr: "127.0.0.1:0"}})
	behind, err := url.Parse(srv.ControlURL())
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(behind)
		if r.In.URL.Path == control.CAPath { // another sandbox's
			r.Out.URL.Path = "/nowhere"
		}
	}}
	front := &http.Server{Handler: proxy}
	go func() { _ = front.Serve(l) }()
	t.Cleanup(func() { _ = front.Close() })
	code, out := certify(t, "--profile", profiles+"flaskshop-unchanged.yaml", "--sandbox", "http://"+l.Addr().String(), "PAY-01")
	wantExit(t, code, 5, out, "no sandbox at http://"+l.Addr().String(), "CA")
}
