package control

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// mostStreams bounds the streams that are open at once.
const mostStreams = 64

// heartbeat is how long a stream is silent at most, so that who is between does not take it for dead.
const heartbeat = 15 * time.Second

// streamJournal answers with server-sent events: one for each exchange, from the mark on. A reader who
// is slow finds the rest in the journal, as long as that keeps it; nothing is held for it.
func (a *API) streamJournal(r *http.Request) (any, error) {
	q, err := a.readingOf(r)
	if err != nil {
		return nil, err
	}
	if id := r.Header.Get("Last-Event-ID"); id != "" {
		last, err := strconv.ParseUint(id, 10, 63)
		if err != nil {
			return nil, badRequest("Last-Event-ID is %q, want the id of an earlier event", id)
		}
		q.since = max(q.since, last)
	}
	if open := a.streams.Add(1); open > mostStreams {
		a.streams.Add(-1)
		return nil, &problem{Status: http.StatusServiceUnavailable, Code: "too-many-streams", Message: fmt.Sprintf("%d streams are open, as many as can be; close one, or ask GET %s/journal/wait", mostStreams, Prefix)}
	}
	return stream{kind: "text/event-stream", send: func(p *patient) error {
		defer a.streams.Add(-1)
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		go func() { // ends with the stream
			select {
			case <-a.Done:
				cancel()
			case <-ctx.Done():
			}
		}()
		s := events{patient: p, api: a, reading: q}
		if err := s.run(ctx); err != nil && ctx.Err() == nil {
			return err
		}
		select {
		case <-a.Done:
			return s.send("end", 0, map[string]any{"message": "the sandbox is shutting down", "mark": s.reading.since})
		default:
			return r.Context().Err()
		}
	}}, nil
}

// events is one stream; reading.since is how far it came.
type events struct {
	*patient
	api     *API
	reading reading
	dropped uint64
	room    bytes.Buffer
}

func (s *events) run(ctx context.Context) error {
	if _, err := s.Write([]byte("retry: 2000\n\n")); err != nil {
		return err
	}
	for {
		if err := s.catchUp(ctx); err != nil {
			return err
		}
		if s.reading.until > 0 && s.reading.since >= s.reading.until-1 {
			return s.send("end", 0, map[string]any{"message": "there is no more below until", "mark": s.reading.since})
		}
		if err := s.flush(); err != nil {
			return err
		}
		waiting, cancel := context.WithTimeout(ctx, cmp.Or(s.api.Heartbeat, heartbeat))
		err := s.api.Gateway.Store.WaitJournal(waiting, s.reading.app, s.reading.since)
		silent := waiting.Err() != nil
		cancel()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case silent:
			// An id alone makes no event; it says where to go on, when nothing matched for long.
			if _, err := fmt.Fprintf(s, ": nothing new\nid: %d\n\n", s.reading.since); err != nil {
				return err
			}
		case err != nil:
			return err
		}
	}
}

// catchUp sends what the journal has after the mark, and says when it no longer has all of it.
func (s *events) catchUp(ctx context.Context) error {
	for {
		q := s.reading
		page, err := s.api.Gateway.Store.Journal(ctx, q.app, q.since, readAtOnce)
		if err != nil {
			return err
		}
		if q.since > 0 && page.Dropped > s.dropped && page.Oldest > q.since+1 {
			message := fmt.Sprintf("the journal forgot faster than it was read: what was between marks %d and %d may be gone", q.since, page.Oldest)
			if err := s.send("gap", 0, map[string]any{"message": message, "mark": q.since, "oldest": page.Oldest, "dropped": page.Dropped}); err != nil {
				return err
			}
		}
		s.dropped = page.Dropped
		for i := range page.Exchanges {
			e := &page.Exchanges[i]
			if q.until > 0 && e.Seq >= q.until {
				s.reading.since = q.until - 1
				return nil
			}
			if !q.wants(e) {
				continue
			}
			if err := s.send("exchange", e.Seq, exchangeView(*e)); err != nil {
				return err
			}
		}
		s.reading.since = page.Mark
		if len(page.Exchanges) < readAtOnce {
			return ctx.Err()
		}
	}
}

// send writes one event; without an id the reader keeps the one it has.
func (s *events) send(event string, id uint64, data any) error {
	s.room.Reset()
	if id > 0 {
		fmt.Fprintf(&s.room, "id: %d\n", id)
	}
	fmt.Fprintf(&s.room, "event: %s\ndata: ", event)
	if err := encoder(&s.room).Encode(data); err != nil { // one line, as JSON keeps line ends in texts escaped
		return err
	}
	s.room.WriteByte('\n')
	_, err := s.Write(s.room.Bytes())
	return err
}
