//go:build linux

package main

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// connections is how many the load keeps open to a server, each with one request under way.
const connections = 64

// load is a number of ready requests. Those that change something are sent once.
type load struct {
	requests [][]byte
	once     bool
}

// measurement is one round of one load on one server.
type measurement struct {
	perSecond float64
	p99       float64 // seconds
	cpu       float64 // the server's processor time a request, seconds
	busy      float64 // share of its core the server had
	loadHad   float64 // and the load, which never sleeps, of its own
}

// client is a lean HTTP/1.1 client: it writes bytes that are ready and reads no more of an answer
// than it has to, so that the server is what is measured. It never sleeps: to wake it would cost the
// server time, and one that is slower, so that the client sleeps more, more of it.
type client struct {
	poll  int // epoll's descriptor
	conns map[int32]*conn
}

type conn struct {
	fd   int
	buf  []byte
	read int // bytes of the answer
	size int // of the whole answer, -1 until its head is here
	sent time.Time
	busy bool
}

func dial(addr string) (*client, error) {
	to, err := netip.ParseAddrPort(addr)
	if err != nil {
		return nil, err
	}
	c := &client{conns: map[int32]*conn{}}
	if c.poll, err = syscall.EpollCreate1(syscall.EPOLL_CLOEXEC); err != nil {
		return nil, err
	}
	for range connections {
		fd, err := connect(to)
		if err != nil {
			c.close()
			return nil, err
		}
		c.conns[int32(fd)] = &conn{fd: fd, buf: make([]byte, 16<<10)}
		if err := syscall.EpollCtl(c.poll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)}); err != nil {
			c.close()
			return nil, err
		}
	}
	return c, nil
}

func connect(to netip.AddrPort) (int, error) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	err = syscall.Connect(fd, &syscall.SockaddrInet4{Port: int(to.Port()), Addr: to.Addr().As4()})
	if err == nil {
		err = syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
	}
	if err == nil {
		err = syscall.SetNonblock(fd, true)
	}
	if err != nil {
		syscall.Close(fd)
	}
	return fd, err
}

func (c *client) close() {
	for _, conn := range c.conns {
		syscall.Close(conn.fd)
	}
	syscall.Close(c.poll)
}

// run sends requests for as long as said after a warm-up, or until there are no more of them.
func (c *client) run(l load, s *process, warm, length time.Duration) (measurement, error) {
	next, under := 0, 0 // the next request, and how many are under way
	send := func(cn *conn) error {
		if next == len(l.requests) && !l.once {
			next = 0
		}
		if cn.busy = next < len(l.requests); !cn.busy {
			return nil
		}
		under++
		next++
		return cn.send(l.requests[next-1])
	}
	for _, cn := range c.conns {
		if err := send(cn); err != nil {
			return measurement{}, err
		}
	}
	var (
		latencies = make([]int64, 0, 1<<17)
		events    [connections]syscall.EpollEvent
		from      = time.Now().Add(warm)
		to        = from.Add(length)
		cpu, own  = s.cpu(), ownCPU()
		warming   = true
		stopping  bool
		took      time.Duration
	)
	for under > 0 {
		now := time.Now()
		if warming && !now.Before(from) {
			warming, cpu, own, from = false, s.cpu(), ownCPU(), now
		}
		if done := !now.Before(to) || l.once && next == len(l.requests); done && !stopping {
			stopping, took = true, now.Sub(from)
			cpu, own = s.cpu()-cpu, ownCPU()-own
		}
		n, err := syscall.EpollWait(c.poll, events[:], 0)
		if err != nil && err != syscall.EINTR {
			return measurement{}, err
		}
		for _, event := range events[:max(n, 0)] {
			cn := c.conns[event.Fd]
			done, err := cn.receive()
			if err != nil {
				return measurement{}, err
			}
			if !done {
				continue
			}
			under--
			if !warming && !stopping {
				latencies = append(latencies, int64(time.Since(cn.sent)))
			}
			if stopping {
				continue
			}
			if err := send(cn); err != nil {
				return measurement{}, err
			}
		}
	}
	if len(latencies) == 0 {
		return measurement{}, fmt.Errorf("no request was answered within %s", length)
	}
	slices.Sort(latencies)
	answered, seconds := float64(len(latencies)), took.Seconds()
	return measurement{perSecond: answered / seconds, p99: float64(quantile(latencies, 0.99)) / 1e9, cpu: cpu / answered, busy: cpu / seconds, loadHad: own / seconds}, nil
}

func ownCPU() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

var (
	headEnd       = []byte("\r\n\r\n")
	lengthHeader  = []byte("\r\nContent-Length: ")
	statusOK      = []byte("HTTP/1.1 200 ")
	respcdSuccess = []byte(`"respcd": "0000"`)
)

func (c *conn) send(request []byte) error {
	c.read, c.size, c.sent = 0, -1, time.Now()
	n, err := syscall.Write(c.fd, request)
	if err == nil && n < len(request) {
		err = fmt.Errorf("only %d of %d bytes of a request were taken", n, len(request))
	}
	return err
}

// receive reads what there is of an answer, which must be a success, and says whether that is all of it.
func (c *conn) receive() (bool, error) {
	n, err := syscall.Read(c.fd, c.buf[c.read:])
	switch {
	case err == syscall.EAGAIN:
		return false, nil
	case err != nil:
		return false, err
	case n == 0:
		return false, fmt.Errorf("answer ends after %q", c.buf[:c.read])
	}
	c.read += n
	if c.size < 0 {
		if c.size, err = answerLength(c.buf[:c.read]); err != nil || c.size < 0 {
			return false, err
		}
	}
	if c.read < c.size {
		return false, nil
	}
	if !bytes.HasPrefix(c.buf, statusOK) || !bytes.Contains(c.buf[:c.read], respcdSuccess) {
		return false, fmt.Errorf("a request is answered by %q, want a success", c.buf[:c.read])
	}
	return true, nil
}

// answerLength gives the length of an answer with its head, -1 while there is not enough of it.
func answerLength(b []byte) (int, error) {
	head := bytes.Index(b, headEnd)
	if head < 0 {
		return -1, nil
	}
	at := bytes.Index(b[:head+2], lengthHeader)
	if at < 0 {
		return 0, fmt.Errorf("answer without Content-Length: %q", b)
	}
	digits := b[at+len(lengthHeader) : head+2]
	length, err := strconv.Atoi(string(digits[:bytes.IndexByte(digits, '\r')]))
	if err != nil || head+4+length > cap(b) {
		return 0, fmt.Errorf("answer is too long: %q", b)
	}
	return head + 4 + length, nil
}

// answerSize sends one request and gives the length of its answer's body.
func answerSize(addr string, request []byte) (int, error) {
	c, err := dial(addr)
	if err != nil {
		return 0, err
	}
	defer c.close()
	for _, cn := range c.conns {
		if err := cn.send(request); err != nil {
			return 0, err
		}
		for done := false; !done; {
			if done, err = cn.receive(); err != nil {
				return 0, err
			}
		}
		return cn.size - bytes.Index(cn.buf, headEnd) - len(headEnd), nil
	}
	return 0, nil
}
