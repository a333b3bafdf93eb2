package notify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// AttemptTimeout is how long a merchant has to answer. QFPay publishes none (assumption 10).
const AttemptTimeout = 10 * time.Second

// headersKept bounds the headers of a merchant's answer, in bytes: the journal keeps them.
const headersKept = 64 << 10

// Destinations are the addresses notifications may go to besides loopback and private networks.
// Link-local addresses and the others where clouds keep their metadata are never among them.
type Destinations struct{ Allowed []netip.Prefix }

// metadata are the clouds' addresses for secrets that are not link-local.
var metadata = map[netip.Addr]string{
	netip.MustParseAddr("fd00:ec2::254"):   "Amazon's, private",
	netip.MustParseAddr("fd20:ce::254"):    "Google's, private",
	netip.MustParseAddr("100.100.100.200"): "Alibaba's, shared",
	netip.MustParseAddr("192.0.0.192"):     "Oracle's, reserved",
}

var errRefusedAddress = errors.New("address is not allowed for notifications")

func isRefusedAddress(err error) bool { return errors.Is(err, errRefusedAddress) }

// Permits says why an address may not be called, or nil.
func (d Destinations) Permits(ip netip.Addr) error {
	ip = ip.Unmap()
	if ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() {
		return fmt.Errorf("%w: %s is link-local, multicast or unspecified", errRefusedAddress, ip)
	}
	if whose, found := metadata[ip.WithZone("")]; found {
		return fmt.Errorf("%w: %s is a cloud's metadata address (%s)", errRefusedAddress, ip, whose)
	}
	if ip.IsLoopback() || ip.IsPrivate() {
		return nil
	}
	for _, p := range d.Allowed {
		if p.Contains(ip) {
			return nil
		}
	}
	return fmt.Errorf("%w: %s is neither loopback nor private; start with -notify-allow %s/%d to permit it", errRefusedAddress, ip, ip, ip.BitLen())
}

// newClient calls only permitted addresses, judged after the name was resolved, uses no proxy,
// follows no redirect, and opens a connection for each attempt: one that the merchant has closed
// meanwhile would fail an attempt that was fine.
func newClient(to Destinations) *http.Client {
	dialer := &net.Dialer{
		Timeout: AttemptTimeout,
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(address)
			if err != nil {
				return fmt.Errorf("%w: %s", errRefusedAddress, address)
			}
			return to.Permits(at.Addr())
		},
	}
	return &http.Client{
		Timeout: AttemptTimeout,
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			DisableKeepAlives:      true,
			TLSHandshakeTimeout:    AttemptTimeout,
			ResponseHeaderTimeout:  AttemptTimeout,
			MaxResponseHeaderBytes: headersKept,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// reason is the error without the method and address the client puts before it.
func reason(err error) string {
	var late interface{ Timeout() bool }
	if errors.As(err, &late) && late.Timeout() {
		return fmt.Sprintf("no whole answer within %s", AttemptTimeout)
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "the connection was closed before a whole answer came"
	}
	return err.Error()
}
