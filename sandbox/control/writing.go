package control

import (
	"bufio"
	"cmp"
	"net/http"
	"time"
)

// A reader takes each piece of an answer within patience, or is given up with what is held for it.
// Pieces are small beside what a connection buffers, so that only a reader who stopped is found slow.
const (
	patience   = 30 * time.Second
	pieceBytes = 64 << 10
)

// patient writes to a reader who may be slow, but not for ever.
type patient struct {
	w          http.ResponseWriter
	connection *http.ResponseController
	within     time.Duration
}

func (a *API) patient(w http.ResponseWriter) *patient {
	return &patient{w, http.NewResponseController(w), cmp.Or(a.Patience, patience)}
}

func (p *patient) Write(b []byte) (written int, err error) {
	for written < len(b) && err == nil {
		var n int
		p.hurry()
		n, err = p.w.Write(b[written:min(len(b), written+pieceBytes)])
		written += n
	}
	return written, err
}

// hurry gives the reader its time anew; net/http forgets it with the answer. A writer that has no
// connection, as in tests, has no time to give.
func (p *patient) hurry() { _ = p.connection.SetWriteDeadline(time.Now().Add(p.within)) }

// flush sends what net/http holds back.
func (p *patient) flush() error {
	p.hurry()
	return p.connection.Flush()
}

const jsonKind = "application/json"

// writeWhole answers with what is there already.
func (a *API) writeWhole(w http.ResponseWriter, status int, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if _, err := a.patient(w).Write(body); err != nil {
		a.Log.Debug("control answer not written", "error", err)
	}
}

// stream is an answer that is longer than what is held of it at any time.
type stream struct {
	kind string
	file string // the name it is saved under, empty where it is not
	send func(p *patient) error
}

// writeStream ends the connection with the answer: where it was cut short, nobody takes it for whole.
func (a *API) writeStream(w http.ResponseWriter, s stream) {
	w.Header().Set("Content-Type", s.kind)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Connection", "close")
	if s.file != "" {
		w.Header().Set("Content-Disposition", `attachment; filename="`+s.file+`"`)
	}
	p := a.patient(w)
	err := s.send(p)
	if err == nil {
		err = p.flush()
	}
	if err != nil {
		a.Log.Debug("control answer cut short", "error", err)
		panic(http.ErrAbortHandler)
	}
}

// inPieces gathers what send writes.
func inPieces(send func(w *bufio.Writer) error) func(*patient) error {
	return func(p *patient) error {
		w := bufio.NewWriterSize(p, pieceBytes)
		if err := send(w); err != nil {
			return err
		}
		return w.Flush()
	}
}
