package notify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// AttemptTimeout is how long a merchant has to answer. QFPay publishes none (assumption 10).
const AttemptTimeout = 10 * time.Second

// Destinations are the addresses notifications may go to besides loopback and private networks.
// Link-local addresses, where clouds keep their metadata, are never among them.
type Destinations struct{ Allowed []netip.Prefix }

var errRefusedAddress = errors.New("address is not allowed for notifications")

func isRefusedAddress(err error) bool { return errors.Is(err, errRefusedAddress) }

// Permits says why an address may not be called, or nil.
func (d Destinations) Permits(ip netip.Addr) error {
	ip = ip.Unmap()
	if ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() {
		return fmt.Errorf("%w: %s is link-local, multicast or unspecified", errRefusedAddress, ip)
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

// newClient calls only permitted addresses, judged after the name was resolved, uses no proxy and
// follows no redirect.
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
			DialContext:           dialer.DialContext,
			MaxIdleConnsPerHost:   2,
			IdleConnTimeout:       30 * time.Second,
			TLSHandshakeTimeout:   AttemptTimeout,
			ResponseHeaderTimeout: AttemptTimeout,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// reason is the error without the method and address the client puts before it.
func reason(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		if u.Timeout() {
			return fmt.Sprintf("no answer within %s", AttemptTimeout)
		}
		err = u.Err
	}
	return err.Error()
}
