// Package authority is the sandbox's own certificate authority: it signs certificates for the vendors'
// host names, and by its name constraints for nothing a developer who trusts it could be hurt by.
package authority

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// lifetime is how long an authority made here is valid. It has to outlive the trust stores it was put
// in; what it signs lives for leafLifetime.
const lifetime = 10 * 365 * 24 * time.Hour

// skew is how far behind the clock of a machine that verifies may be.
const skew = time.Hour

// commonName tells whoever finds the certificate in a trust store what it is.
const commonName = "QFPay sandbox TEST CA (fake money)"

// plainNames are names without dots that a sandbox is reached under. Name constraints know no "any
// name without dots", so they are listed.
var plainNames = [...]string{"localhost", "sandbox", "sandbox-tls", "qfsandbox"}

// privateNets are loopback and the private networks (RFC 1918, RFC 4193).
var privateNets = [...]string{"127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"}

// Authority signs certificates for TLS servers. Its time is the real one: clients compare with theirs.
type Authority struct {
	// Refused, where set before the first handshake, is told the server name of each client that asked for a
	// certificate the authority does not sign, and how many did so far. The name is the client's, and so hostile.
	Refused func(name string, count uint64)

	hosts []string
	cert  *x509.Certificate
	key   crypto.Signer
	now   func() time.Time

	leafKey *ecdsa.PrivateKey
	refused atomic.Uint64
	mu      sync.Mutex
	leaves  map[string]*tls.Certificate
}

// New makes an authority that is forgotten with the process. Hosts are the vendors' names.
func New(hosts []string) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	der, err := certify(key, hosts, now)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return with(cert, key, hosts)
}

func with(cert *x509.Certificate, key crypto.Signer, hosts []string) (*Authority, error) {
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return &Authority{hosts: lowered(hosts), cert: cert, key: key, now: time.Now, leafKey: leafKey, leaves: map[string]*tls.Certificate{}}, nil
}

// certify makes the certificate of an authority, signed by itself.
func certify(key crypto.Signer, hosts []string, now time.Time) ([]byte, error) {
	serial, err := serialNumber()
	if err != nil {
		return nil, err
	}
	constraints := append(domainsOf(hosts), plainNames[:]...)
	var nets []*net.IPNet
	for _, text := range privateNets {
		_, n, err := net.ParseCIDR(text)
		if err != nil {
			return nil, err
		}
		nets = append(nets, n)
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: commonName, Organization: []string{"QFPay sandbox"}},
		NotBefore: now.Add(-skew), NotAfter: now.Add(lifetime),
		BasicConstraintsValid: true, IsCA: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign | x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: constraints, PermittedIPRanges: nets,
	}
	return x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
}

// domainsOf are the domains the hosts are in: openapi-hk.qfapi.com is in qfapi.com.
func domainsOf(hosts []string) (domains []string) {
	for _, host := range lowered(hosts) {
		if _, domain, ok := strings.Cut(host, "."); ok && !slices.Contains(domains, domain) {
			domains = append(domains, domain)
		}
	}
	return domains
}

func lowered(names []string) []string {
	list := make([]string, 0, len(names))
	for _, name := range names {
		list = append(list, strings.ToLower(name))
	}
	return list
}

func serialNumber() (*big.Int, error) {
	return rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
}

// PEM is the certificate as trust stores take it. The key has no such method.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: certBlock, Bytes: a.cert.Raw})
}

// Certificate is the authority's own.
func (a *Authority) Certificate() *x509.Certificate { return a.cert }

// Uncovered are the vendors' hosts the authority may not sign for, by its name constraints: an authority made
// by somebody else, or before a host was known.
func (a *Authority) Uncovered() (names []string) {
	for _, host := range a.hosts {
		if !a.permits(host) {
			names = append(names, host)
		}
	}
	return names
}

// permits reports whether the name constraints leave a host name to the authority (RFC 5280, 4.2.1.10).
func (a *Authority) permits(name string) bool {
	within := func(domain string) bool {
		domain = strings.ToLower(strings.TrimPrefix(domain, "."))
		return domain == "" || name == domain || strings.HasSuffix(name, "."+domain)
	}
	if slices.ContainsFunc(a.cert.ExcludedDNSDomains, within) {
		return false
	}
	return len(a.cert.PermittedDNSDomains) == 0 || slices.ContainsFunc(a.cert.PermittedDNSDomains, within)
}

// permitsIP is permits for an address.
func (a *Authority) permitsIP(ip net.IP) bool {
	within := func(n *net.IPNet) bool { return n.Contains(ip) }
	if slices.ContainsFunc(a.cert.ExcludedIPRanges, within) {
		return false
	}
	return len(a.cert.PermittedIPRanges) == 0 || slices.ContainsFunc(a.cert.PermittedIPRanges, within)
}

// fits reports whether the key is the certificate's.
func fits(cert *x509.Certificate, key crypto.Signer) bool {
	of, err := x509.MarshalPKIXPublicKey(key.Public())
	return err == nil && bytes.Equal(of, cert.RawSubjectPublicKeyInfo)
}

// check says what keeps a certificate from being an authority's now.
func check(cert *x509.Certificate, now time.Time) error {
	switch {
	case !cert.BasicConstraintsValid || !cert.IsCA:
		return fmt.Errorf("is no certificate authority: its basic constraints do not say CA")
	case cert.KeyUsage != 0 && cert.KeyUsage&x509.KeyUsageCertSign == 0:
		return fmt.Errorf("is no certificate authority: its key usage does not allow signing certificates")
	case now.After(cert.NotAfter):
		return fmt.Errorf("expired on %s", cert.NotAfter.UTC().Format(time.DateOnly))
	case now.Before(cert.NotBefore):
		return fmt.Errorf("is valid from %s only", cert.NotBefore.UTC().Format(time.RFC3339))
	}
	return nil
}
