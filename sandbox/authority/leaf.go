package authority

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"net"
	"slices"
	"strings"
	"time"
)

// leafLifetime is how long a certificate for one name is valid, renewal how long before its end
// another takes its place.
const (
	leafLifetime = 90 * 24 * time.Hour
	renewal      = 30 * 24 * time.Hour
)

// mostLeaves bounds the certificates that are kept. The vendors have some forty names; the rest are
// names of *.localhost, which a client could make up without end.
const mostLeaves = 256

// Config is how a TLS server shows the authority's certificates: HTTP/1.1, TLS 1.2 and later.
func (a *Authority) Config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, GetCertificate: a.certificate}
}

// certificate answers a client's hello. Neither a certificate nor an error is the alert unrecognized_name.
func (a *Authority) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := strings.ToLower(strings.TrimSuffix(hello.ServerName, "."))
	if name == "" { // asked for by address, of which TLS clients say nothing
		own := localIP(hello.Conn)
		return a.leaf(own.String(), a.ownNames(), a.ownIPs(own))
	}
	if ip := net.ParseIP(name); ip != nil && (ip.IsLoopback() || ip.Equal(localIP(hello.Conn))) && a.permitsIP(ip) {
		return a.leaf(ip.String(), a.ownNames(), a.ownIPs(ip))
	}
	if a.signs(name) {
		return a.leaf(name, []string{name}, nil)
	}
	count := a.refused.Add(1)
	if a.Refused != nil {
		a.Refused(hello.ServerName, count)
	}
	return nil, nil
}

// signs reports whether a name gets a certificate: a vendor's, one of this machine's, or one without dots.
func (a *Authority) signs(name string) bool {
	switch {
	case !isHostName(name) || !a.permits(name):
		return false
	case slices.Contains(a.hosts, name), strings.HasSuffix(name, ".localhost"):
		return true
	}
	return !strings.Contains(name, ".") && net.ParseIP(name) == nil
}

// isHostName reports whether a name may stand in a certificate (RFC 1123; containers' names have _ too).
func isHostName(name string) bool {
	if len(name) == 0 || len(name) > 253 {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if len(label) == 0 || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return true
}

// ownNames and ownIPs are what a listener is reached under by somebody who named no host: its own address,
// and this machine's, from where a container's port was published.
func (a *Authority) ownNames() []string {
	if !a.permits("localhost") {
		return nil
	}
	return []string{"localhost"}
}

func (a *Authority) ownIPs(own net.IP) (list []net.IP) {
	for _, ip := range []net.IP{own, net.IPv4(127, 0, 0, 1), net.IPv6loopback} {
		if ip != nil && a.permitsIP(ip) && !slices.ContainsFunc(list, ip.Equal) {
			list = append(list, ip)
		}
	}
	return list
}

// localIP is the address a connection came to, nil where it has none.
func localIP(c net.Conn) net.IP {
	if c == nil {
		return nil
	}
	at, ok := c.LocalAddr().(*net.TCPAddr)
	if !ok {
		return nil
	}
	return at.IP
}

// leaf gives the certificate kept under a name, or makes it.
func (a *Authority) leaf(name string, names []string, ips []net.IP) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	if kept := a.leaves[name]; kept != nil && now.Before(kept.Leaf.NotAfter.Add(-renewal)) {
		return kept, nil
	}
	made, err := a.sign(names, ips, now)
	if err != nil {
		return nil, err
	}
	if len(a.leaves) >= mostLeaves {
		clear(a.leaves) // they are quickly made again
	}
	a.leaves[name] = made
	return made, nil
}

// sign makes a certificate. The authority's own goes along: a browser can be told to trust its public key.
func (a *Authority) sign(names []string, ips []net.IP, now time.Time) (*tls.Certificate, error) {
	serial, err := serialNumber()
	if err != nil {
		return nil, err
	}
	end := now.Add(leafLifetime)
	if end.After(a.cert.NotAfter) {
		end = a.cert.NotAfter
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{Organization: []string{"QFPay sandbox (TEST, fake money)"}},
		NotBefore: now.Add(-skew), NotAfter: end, DNSNames: names, IPAddresses: ips,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &a.leafKey.PublicKey, a.key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der, a.cert.Raw}, PrivateKey: a.leafKey, Leaf: leaf}, nil
}
