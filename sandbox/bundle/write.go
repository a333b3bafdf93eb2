package bundle

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// first and last are the lines around everything.
const (
	first = "qfsandbox bundle "
	last  = "-- end --"
)

const preamble = `

What happened to one order in a QFPay sandbox: what went wrong, the order, who said what when, and every
exchange byte for byte. No client_key is in here; where one was sent it says (client_key). It reads without
the sandbox. To play the merchant's calls again: qfsandbox replay FILE
Each part is headed by its length in bytes; a file whose parts were changed is refused. Send it as it is.
`

// longestLine is what a part may have and still be text: a line no mail carries is none to read.
const longestLine = 16 << 10

// Write writes the file. Errors are the writer's.
func (b Bundle) Write(w io.Writer) error {
	out := &writer{}
	fmt.Fprintf(out, "%s%d%s", first, Version, preamble)
	for _, t := range b.Texts {
		out.part(t.Name, []byte(clean(t.Body)), 0)
	}
	for _, e := range b.Exchanges {
		name := fmt.Sprintf("exchange %d", e.Seq)
		out.part(name, facts(e), 0)
		out.part(name+" request", head(e.Method+" "+e.URL+" HTTP/1.1", e.RequestHeader), 0)
		out.body(name+" request body", e.RequestBody, e.RequestCut)
		if e.Status != 0 {
			out.part(name+" answer", head(strings.TrimSpace(fmt.Sprintf("HTTP/1.1 %d %s", e.Status, http.StatusText(e.Status))), e.AnswerHeader), 0)
		}
		out.body(name+" answer body", e.AnswerBody, e.AnswerCut)
	}
	out.part("replay", b.Replay, 0)
	fmt.Fprintf(out, "\n%s\n", last)
	_, err := w.Write(out.Bytes())
	return err
}

type writer struct{ bytes.Buffer }

func (w *writer) body(name string, raw []byte, cut int) {
	if len(raw) > 0 || cut > 0 {
		w.part(name, raw, cut)
	}
}

// part writes one part: as it is where people can read it, else as base64.
func (w *writer) part(name string, raw []byte, cut int) {
	how := ""
	if !readable(raw) {
		how, raw = ", base64", wrapped(raw)
	}
	if cut > 0 {
		how += fmt.Sprintf(", %d more not kept", cut)
	}
	fmt.Fprintf(w, "\n-- %s, %d bytes%s --\n", name, len(raw), how)
	w.Write(raw)
	if len(raw) > 0 && raw[len(raw)-1] != '\n' {
		w.WriteByte('\n')
	}
}

// readable: UTF-8 without anything that a terminal obeys or a mailer changes.
func readable(raw []byte) bool {
	if !utf8.Valid(raw) {
		return false
	}
	for line := range bytes.Lines(raw) {
		if len(line) > longestLine {
			return false
		}
	}
	return !bytes.ContainsFunc(raw, func(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) })
}

// wrapped is base64 in lines of 76 characters.
func wrapped(raw []byte) []byte {
	text := base64.StdEncoding.EncodeToString(raw)
	var out bytes.Buffer
	for len(text) > 76 {
		out.WriteString(text[:76])
		out.WriteByte('\n')
		text = text[76:]
	}
	out.WriteString(text)
	return out.Bytes()
}

// clean is a text for people without anything they cannot see.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == utf8.RuneError || unicode.IsPrint(r) {
			return r
		}
		return utf8.RuneError
	}, s)
}

// facts writes a line each; lines after the first of a value are moved in.
func facts(e Exchange) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "at: %s\n", e.At.Format(time.RFC3339Nano))
	for _, f := range e.Facts {
		fmt.Fprintf(&out, "%s: %s\n", f.Name, strings.ReplaceAll(clean(f.Value), "\n", "\n  "))
	}
	return out.Bytes()
}

// head writes the first line and the headers, by name.
func head(line string, h textproto.MIMEHeader) []byte {
	var out bytes.Buffer
	out.WriteString(line + "\n")
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range h[name] {
			out.WriteString(name + ": " + strings.NewReplacer("\r", " ", "\n", " ").Replace(value) + "\n")
		}
	}
	return out.Bytes()
}
