package authority

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var hosts = []string{"openapi-hk.qfapi.com", "Api.Weixin.QQ.com"}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// hello has a client ask for a name, and gives the certificate it is shown, nil for none.
func hello(t *testing.T, a *Authority, name string) *x509.Certificate {
	t.Helper()
	shown, err := a.certificate(&tls.ClientHelloInfo{ServerName: name})
	must(t, err)
	if shown == nil {
		return nil
	}
	if len(shown.Certificate) != 2 {
		t.Fatalf("%s: the chain has %d certificates, want the authority's too", name, len(shown.Certificate))
	}
	cert, err := x509.ParseCertificate(shown.Certificate[0])
	must(t, err)
	return cert
}

// Who trusts the authority believes what it shows, for the names asked for and no other.
func TestCertificatesVerify(t *testing.T) {
	a, err := New(hosts)
	must(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(a.Certificate())
	for _, name := range []string{"openapi-hk.qfapi.com", "api.weixin.qq.com", "API.weixin.qq.com", "localhost", "sandbox-tls", "shop.localhost"} {
		cert := hello(t, a, name)
		if cert == nil {
			t.Errorf("%s gets no certificate", name)
			continue
		}
		if _, err := cert.Verify(x509.VerifyOptions{Roots: roots, DNSName: name}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := cert.VerifyHostname("openapi.qfpay.com"); err == nil {
			t.Errorf("the certificate of %s is one of another host", name)
		}
	}
	if cert := hello(t, a, ""); cert == nil || cert.VerifyHostname("127.0.0.1") != nil {
		t.Error("a client that names no host gets no certificate of this machine")
	}
}

// Names that are nobody's here get none, whatever they look like, and each is told of with what was asked.
func TestOtherNamesAreRefused(t *testing.T) {
	a, err := New(hosts)
	must(t, err)
	var told []string
	a.Refused = func(name string, count uint64) {
		if told = append(told, name); count != uint64(len(told)) {
			t.Errorf("%q is the refused name %d, want %d", name, count, len(told))
		}
	}
	names := []string{"bank.example", "other.qfapi.com", "openapi-hk.qfapi.com.evil.test", "*.qfapi.com", "a b", "..", "\x00", strings.Repeat("a", 300), "8.8.8.8"}
	for _, name := range names {
		if cert := hello(t, a, name); cert != nil {
			t.Errorf("%.40q gets a certificate for %v", name, cert.DNSNames)
		}
	}
	if len(told) != len(names) {
		t.Errorf("told of %q, want %d names", told, len(names))
	}
}

// The name constraints keep a stolen authority from being anybody else, whatever it signs.
func TestConstraintsBindTheAuthority(t *testing.T) {
	a, err := New(hosts)
	must(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(a.Certificate())
	for name, ips := range map[string][]net.IP{"bank.example": nil, "8.8.8.8": {net.IPv4(8, 8, 8, 8)}} {
		var names []string
		if ips == nil {
			names = []string{name}
		}
		made, err := a.sign(names, ips, time.Now())
		must(t, err)
		if _, err := made.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name}); err == nil {
			t.Errorf("a certificate for %s verifies", name)
		}
	}
}

func TestCertificatesAreRenewedAndBounded(t *testing.T) {
	a, err := New(hosts)
	must(t, err)
	now := time.Now()
	a.now = func() time.Time { return now }
	first := hello(t, a, "localhost")
	now = now.Add(leafLifetime - renewal - time.Minute)
	if again := hello(t, a, "localhost"); !again.Equal(first) {
		t.Error("a certificate is made anew before its time")
	}
	now = now.Add(2 * time.Minute)
	if later := hello(t, a, "localhost"); later.Equal(first) || !later.NotAfter.After(now.Add(renewal)) {
		t.Error("a certificate is not made anew in time")
	}
	for i := range 2 * mostLeaves {
		hello(t, a, "n"+strings.Repeat("x", i%60)+string(rune('a'+i%26))+".localhost")
	}
	if len(a.leaves) > mostLeaves {
		t.Errorf("%d certificates are kept, want at most %d", len(a.leaves), mostLeaves)
	}
}

// Many sandboxes that share a directory from the start share one authority, whose key is its owner's alone.
func TestADirectoryHasOneAuthority(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data")
	made := make([]*Authority, 8)
	var wait sync.WaitGroup
	for i := range made {
		wait.Go(func() {
			var err error
			if made[i], err = Open(dir, hosts); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	for _, a := range made[1:] {
		if a == nil || !a.Certificate().Equal(made[0].Certificate()) || !fits(a.cert, a.key) {
			t.Fatal("they have several authorities")
		}
	}
	info, err := os.Stat(filepath.Join(dir, KeyFile))
	must(t, err)
	if info.Mode().Perm() != 0o600 || OpenToOthers(filepath.Join(dir, KeyFile)) {
		t.Errorf("the key's file has mode %v, want 0600", info.Mode())
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".new-*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
	if strings.Contains(string(made[0].PEM()), "KEY") {
		t.Error("the certificate's text has a key in it")
	}
}

func TestLoadRefuses(t *testing.T) {
	dir := t.TempDir()
	a, err := Open(filepath.Join(dir, "a"), hosts)
	must(t, err)
	_, err = Open(filepath.Join(dir, "b"), hosts)
	must(t, err)
	cert, key := filepath.Join(dir, "a", CertFile), filepath.Join(dir, "a", KeyFile)
	put := func(name string, blocks ...*pem.Block) string {
		var text []byte
		for _, b := range blocks {
			text = append(text, pem.EncodeToMemory(b)...)
		}
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, text, 0o600))
		return path
	}
	leaf, err := a.sign([]string{"localhost"}, nil, time.Now())
	must(t, err)
	old, err := certify(a.key, hosts, time.Now().Add(-lifetime-48*time.Hour))
	must(t, err)
	early, err := certify(a.key, hosts, time.Now().Add(48*time.Hour))
	must(t, err)
	big := filepath.Join(dir, "big")
	must(t, os.WriteFile(big, make([]byte, mostFile+1), 0o600))
	for _, c := range []struct{ name, cert, key, says string }{
		{"another's key", cert, filepath.Join(dir, "b", KeyFile), "is not that of the certificate"},
		{"no authority", put("leaf.pem", &pem.Block{Type: certBlock, Bytes: leaf.Certificate[0]}), key, "is no certificate authority"},
		{"over", put("old.pem", &pem.Block{Type: certBlock, Bytes: old}), key, "expired on "},
		{"not yet", put("early.pem", &pem.Block{Type: certBlock, Bytes: early}), key, "is valid from "},
		{"spoiled", put("spoiled.pem", &pem.Block{Type: certBlock, Bytes: []byte("x")}), key, "spoiled.pem: "},
		{"a key as certificate", key, key, "has no PEM block CERTIFICATE"},
		{"a certificate as key", cert, cert, "has no PEM block of a key"},
		{"a key with a passphrase", cert, put("locked.pem", &pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("x")}), "want a key without a passphrase"},
		{"a spoiled key", cert, put("spoiled-key.pem", &pem.Block{Type: keyBlock, Bytes: []byte("x")}), "holds no key this sandbox can read"},
		{"too much", big, key, "has more than 1048576 bytes"},
		{"nothing", filepath.Join(dir, "none"), key, "no such file"},
	} {
		if _, err := Load(c.cert, c.key, hosts); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.says)
		}
	}
	both := put("both.pem", &pem.Block{Type: certBlock, Bytes: a.cert.Raw})
	raw, err := os.ReadFile(key)
	must(t, err)
	f, err := os.OpenFile(both, os.O_APPEND|os.O_WRONLY, 0)
	must(t, err)
	_, err = f.Write(raw)
	must(t, err)
	must(t, f.Close())
	if _, err := Load(both, both, hosts); err != nil {
		t.Errorf("certificate and key in one file: %v", err)
	}
	must(t, os.Remove(key))
	if _, err := Open(filepath.Join(dir, "a"), hosts); err == nil || !strings.Contains(err.Error(), "bring the key back") {
		t.Errorf("a certificate without its key: got %v", err)
	}
}

// A team's own authority may be bound to other names; those it may not sign for are named.
func TestUncovered(t *testing.T) {
	a, err := New([]string{"openapi-hk.qfapi.com"})
	must(t, err)
	other, err := with(a.cert, a.key, hosts)
	must(t, err)
	if got := other.Uncovered(); len(got) != 1 || got[0] != "api.weixin.qq.com" {
		t.Errorf("got %v, want what it may not sign for", got)
	}
	if hello(t, other, "api.weixin.qq.com") != nil {
		t.Error("it signs for it all the same")
	}
}
