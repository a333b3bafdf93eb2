package browser

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/authority"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// A browser believes the CA it is told to trust, and no other, whatever host that signs for.
func TestTrust(t *testing.T) {
	serve := func() (*authority.Authority, *httptest.Server) {
		a, err := authority.New([]string{"vendor.example", "other.vendor.example"})
		must(t, err)
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "<p id=host>%s</p>", r.Host) }))
		s.TLS = &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return a.Config(), nil }}
		s.StartTLS()
		t.Cleanup(s.Close)
		return a, s
	}
	trusted, vendor := serve()
	_, stranger := serve()
	b, err := Launch(t.Context(), Options{Trust: trusted.Certificate(), Resolve: map[string]string{
		"vendor.example": vendor.Listener.Addr().String(), "other.vendor.example": stranger.Listener.Addr().String()}})
	must(t, err)
	defer b.Close()
	kind, _ := wechat.BrowserNamed("ios")
	tab, err := b.Open(t.Context(), kind, TabOptions{})
	must(t, err)
	must(t, tab.Goto(t.Context(), "https://vendor.example/"))
	if host, err := tab.Text(t.Context(), "#host"); err != nil || host != "vendor.example" {
		t.Errorf("got %q and %v, want the vendor's page", host, err)
	}
	if err := tab.Goto(t.Context(), "https://other.vendor.example/"); err == nil || !strings.Contains(err.Error(), "CERT_AUTHORITY_INVALID") {
		t.Errorf("got %v of a stranger's CA, want it refused", err)
	}
}
