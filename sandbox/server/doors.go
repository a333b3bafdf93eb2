package server

import (
	"fmt"
	"net"
)

// doors are a sandbox's listeners. Those that are not asked for are nil.
type doors struct{ vendor, tls, controls net.Listener }

// listen opens all of them or none.
func (c *Config) listen() (d doors, err error) {
	for _, door := range []struct {
		at     *net.Listener
		addr   string
		wanted bool
	}{
		{&d.vendor, c.Addr, true},
		{&d.tls, c.TLS.Addr, c.TLS.Addr != ""},
		{&d.controls, c.ControlAddr, !c.SinglePort},
	} {
		if !door.wanted {
			continue
		}
		l, err := net.Listen("tcp", door.addr)
		if err != nil {
			d.close()
			return d, err
		}
		*door.at = l
	}
	return d, nil
}

func (d doors) close() {
	for _, l := range []net.Listener{d.vendor, d.tls, d.controls} {
		if l != nil {
			l.Close()
		}
	}
}

// addressOf is host and port under which this machine reaches a listener.
func addressOf(l net.Listener) string {
	at := l.Addr().(*net.TCPAddr)
	host := at.IP.String()
	if at.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, fmt.Sprint(at.Port))
}
