package bundle

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// SyntaxError says what is wrong with a file, and where.
type SyntaxError struct {
	Line   int
	Reason string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// Parse reads a file that anybody may have written. Errors: *SyntaxError, the reader's.
func Parse(r io.Reader) (Bundle, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return Bundle{}, err
	}
	p := &parser{rest: raw, line: 1}
	if len(raw) > MaxBytes {
		return Bundle{}, p.wrong("the file has more than %d bytes, which no bundle has", MaxBytes)
	}
	b, err := p.bundle()
	if err != nil {
		return Bundle{}, err
	}
	return b, nil
}

// parser is a place in the file.
type parser struct {
	rest []byte
	line int // of the first byte of rest
}

func (p *parser) wrong(format string, args ...any) error {
	return &SyntaxError{Line: p.line, Reason: fmt.Sprintf(format, args...)}
}

// take goes on by n bytes.
func (p *parser) take(n int) []byte {
	taken := p.rest[:n]
	p.rest = p.rest[n:]
	p.line += bytes.Count(taken, []byte("\n"))
	return taken
}

// peek gives the next line without its end.
func (p *parser) peek() string {
	line, _, _ := bytes.Cut(p.rest, []byte("\n"))
	return string(line)
}

func (p *parser) takeLine() { p.take(min(len(p.peek())+1, len(p.rest))) }

// part is one part as it stands, with the line it begins on.
type part struct {
	name string
	raw  []byte
	cut  int
	line int
}

var header = regexp.MustCompile(`^-- ([a-z0-9 ]{1,64}), ([0-9]{1,9}) bytes(, base64)?(?:, ([0-9]{1,15}) more not kept)? --$`)

func (p *parser) bundle() (b Bundle, err error) {
	if err := p.firstLine(); err != nil {
		return b, err
	}
	for len(p.rest) > 0 && !strings.HasPrefix(p.peek(), "-- ") {
		p.takeLine()
	}
	replay := false
	for {
		for len(p.rest) > 0 && p.peek() == "" {
			p.takeLine()
		}
		if p.peek() == last {
			if !replay {
				return b, p.wrong("the file ends without its part replay")
			}
			return b, nil
		}
		one, err := p.part()
		if err != nil {
			return b, err
		}
		number, inExchange := strings.CutPrefix(one.name, "exchange ")
		switch {
		case replay:
			return b, &SyntaxError{one.line, fmt.Sprintf("%q stands behind replay, which is the last part", one.name)}
		case inExchange:
			err = b.add(one, number)
		case one.name == "replay":
			if replay = json.Valid(one.raw); !replay {
				err = &SyntaxError{one.line, "the part replay is not JSON"}
			}
			b.Replay = one.raw
		case len(b.Exchanges) > 0:
			err = &SyntaxError{one.line, fmt.Sprintf("%q stands among the exchanges, want an exchange or replay", one.name)}
		default:
			b.Texts = append(b.Texts, Text{one.name, string(one.raw)})
		}
		if err != nil {
			return b, err
		}
	}
}

func (p *parser) firstLine() error {
	line := p.peek()
	version, ours := strings.CutPrefix(line, first)
	switch {
	case strings.HasSuffix(line, "\r") && ours:
		return p.wrong("the lines end with CR LF, so something on the file's way changed it; have it sent as an attachment")
	case !ours:
		return p.wrong("this is no bundle: it begins with %q, want %q", brief(line), first+strconv.Itoa(Version))
	case version != strconv.Itoa(Version):
		return p.wrong("this is a bundle of version %q, want %d; take the qfsandbox that wrote it", brief(version), Version)
	}
	p.takeLine()
	return nil
}

// part reads one part with its head.
func (p *parser) part() (part, error) {
	if len(p.rest) == 0 {
		return part{}, p.wrong("the file ends before %q, so a piece of it is missing", last)
	}
	line := p.peek()
	m := header.FindStringSubmatch(line)
	if m == nil {
		return part{}, p.wrong("got %q, want the head of a part, such as -- timeline, 120 bytes --; the part before has another length than its head says", brief(line))
	}
	one := part{name: m[1], line: p.line}
	size, _ := strconv.Atoi(m[2]) // digits
	one.cut, _ = strconv.Atoi(m[4])
	headLine := p.line
	p.takeLine()
	if size > len(p.rest) {
		p.line = headLine
		return part{}, p.wrong("the part %s has %d bytes, and only %d are left in the file", one.name, size, len(p.rest))
	}
	one.raw = p.take(size)
	if size > 0 && one.raw[size-1] != '\n' {
		if len(p.rest) == 0 || p.rest[0] != '\n' {
			return part{}, p.wrong("the part %s goes on behind its %d bytes", one.name, size)
		}
		p.take(1)
	}
	if m[3] != "" {
		decoded, err := base64.StdEncoding.DecodeString(string(one.raw)) // line ends do not count
		if err != nil {
			return part{}, &SyntaxError{one.line, fmt.Sprintf("the part %s is not base64: %s", one.name, err)}
		}
		one.raw = decoded
	}
	return one, nil
}

// add puts a part of an exchange where it belongs.
func (b *Bundle) add(one part, name string) error {
	wrong := func(format string, args ...any) error {
		return &SyntaxError{one.line, fmt.Sprintf(format, args...)}
	}
	digits, which, _ := strings.Cut(name, " ")
	seq, err := strconv.ParseUint(digits, 10, 63)
	if err != nil || seq == 0 {
		return wrong("%q is no number of an exchange", digits)
	}
	if which == "" {
		if n := len(b.Exchanges); n == MaxExchanges || n > 0 && b.Exchanges[n-1].Seq >= seq {
			return wrong("exchange %d stands behind %d of them, want rising numbers and %d at most", seq, n, MaxExchanges)
		}
		e := Exchange{Seq: seq}
		if err := e.readFacts(one.raw); err != nil {
			return wrong("exchange %d: %s", seq, err)
		}
		b.Exchanges = append(b.Exchanges, e)
		return nil
	}
	if len(b.Exchanges) == 0 || b.Exchanges[len(b.Exchanges)-1].Seq != seq {
		return wrong("%q stands outside of its exchange", one.name)
	}
	e := &b.Exchanges[len(b.Exchanges)-1]
	switch {
	case which == "request" && e.Method == "":
		err = e.readRequest(one.raw)
	case which == "request body" && e.RequestBody == nil && e.RequestCut == 0:
		e.RequestBody, e.RequestCut = one.raw, one.cut
	case which == "answer" && e.Status == 0:
		err = e.readAnswer(one.raw)
	case which == "answer body" && e.AnswerBody == nil && e.AnswerCut == 0:
		e.AnswerBody, e.AnswerCut = one.raw, one.cut
	default:
		return wrong("%q is no part of an exchange, or comes twice; want request, request body, answer and answer body", one.name)
	}
	if err != nil {
		return wrong("%s: %s", one.name, err)
	}
	return nil
}

func (e *Exchange) readFacts(raw []byte) error {
	at := false
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSuffix(line, "\n")
		if more, indented := strings.CutPrefix(line, "  "); indented && len(e.Facts) > 0 {
			e.Facts[len(e.Facts)-1].Value += "\n" + more
			continue
		}
		name, value, found := strings.Cut(line, ": ")
		switch {
		case !found:
			return fmt.Errorf("got %q, want a fact such as surface: openapi", brief(line))
		case name == "at" && !at:
			t, err := time.Parse(time.RFC3339Nano, value)
			if err != nil || t.Year() < 1 || t.Year() > 9998 {
				return fmt.Errorf("at is %q, want a time such as 2026-03-14T10:00:00+08:00", brief(value))
			}
			e.At, at = t, true
		default:
			e.Facts = append(e.Facts, Fact{name, value})
		}
	}
	if !at {
		return fmt.Errorf("at is missing, want a time such as 2026-03-14T10:00:00+08:00")
	}
	return nil
}

func (e *Exchange) readRequest(raw []byte) (err error) {
	line, rest, _ := strings.Cut(string(raw), "\n")
	words := strings.Split(line, " ")
	if len(words) < 3 || words[0] == "" || words[1] == "" || words[len(words)-1] != "HTTP/1.1" {
		return fmt.Errorf("got %q, want a request line such as GET /trade/v1/query HTTP/1.1", brief(line))
	}
	e.Method, e.URL = words[0], strings.Join(words[1:len(words)-1], " ")
	e.RequestHeader, err = readHeader(rest)
	return err
}

func (e *Exchange) readAnswer(raw []byte) (err error) {
	line, rest, _ := strings.Cut(string(raw), "\n")
	words := strings.SplitN(line, " ", 3)
	if len(words) >= 2 && words[0] == "HTTP/1.1" {
		e.Status, err = strconv.Atoi(words[1])
	}
	if err != nil || e.Status < 100 || e.Status > 999 {
		return fmt.Errorf("got %q, want a status line such as HTTP/1.1 200 OK", brief(line))
	}
	e.AnswerHeader, err = readHeader(rest)
	return err
}

func readHeader(text string) (textproto.MIMEHeader, error) {
	h := textproto.MIMEHeader{}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		name, value, found := strings.Cut(line, ": ")
		if !found || name == "" {
			return nil, fmt.Errorf("got %q, want a header such as Content-Type: text/plain", brief(line))
		}
		h[name] = append(h[name], value)
	}
	return h, nil
}

// brief is a piece of a hostile text that an error can show.
func brief(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "\uFFFD") + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
