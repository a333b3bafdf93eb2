package server

import (
	"net"
	"net/http"
	"sync"
)

// silent are the connections on which nothing was asked yet. Browsers open some ahead, and
// http.Server's Shutdown would wait five seconds for each.
type silent struct {
	mu     sync.Mutex
	conns  map[net.Conn]struct{}
	closed bool
}

// watchSilent closes a server's silent connections when its shutdown begins.
func watchSilent(h *http.Server) {
	s := &silent{conns: make(map[net.Conn]struct{})}
	h.ConnState = s.track
	h.RegisterOnShutdown(s.close)
}

func (s *silent) track(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case state != http.StateNew:
		delete(s.conns, c)
	case s.closed:
		c.Close()
	default:
		s.conns[c] = struct{}{}
	}
}

func (s *silent) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for c := range s.conns {
		c.Close()
	}
}
