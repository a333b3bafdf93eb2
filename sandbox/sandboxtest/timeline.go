package sandboxtest

import (
	"context"
	"fmt"
	"net/textproto"
	"strings"
	"unicode"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// What a failed test prints is bounded: its last exchanges, each text clipped, so many bytes in all.
const (
	shownExchanges = 40
	shownText      = 500
	shownBytes     = 32 << 10
)

// lookBack is what happens when a test ends: queued outcomes that never fired are told, and a test that
// failed gets its journal.
func (s *Sandbox) lookBack(unfiredAllowed bool) {
	s.tb.Helper()
	ctx := context.WithoutCancel(s.tb.Context())
	left, err := s.neverFired(ctx)
	switch {
	case err != nil:
		s.tb.Errorf("sandboxtest: %v", err)
	case left == "" || unfiredAllowed || s.tb.Skipped():
	case s.tb.Failed(): // it has a cause already
		s.tb.Logf("sandboxtest: %s", left)
	default:
		s.tb.Errorf("sandboxtest: %s", left)
	}
	if !s.tb.Failed() {
		return
	}
	page, err := s.Control.Journal(ctx, control.JournalFilter{})
	if err != nil {
		s.tb.Errorf("sandboxtest: the journal cannot be read: %v", err)
		return
	}
	s.tb.Log(s.timeline(page.Exchanges))
}

// timeline writes the App's exchanges, and those that named no App, for people.
func (s *Sandbox) timeline(journal []control.Exchange) string {
	var entries []string
	for _, e := range journal {
		if e.App == s.app() || e.App == "" {
			entries = append(entries, entry(e))
		}
	}
	if len(entries) == 0 {
		return fmt.Sprintf("sandboxtest: no call reached the sandbox; is the integration under test pointed at s.URL (%s)?", s.URL)
	}
	first, size := len(entries), 0
	for first > 0 && len(entries)-first < shownExchanges && size+len(entries[first-1]) <= shownBytes {
		first--
		size += len(entries[first])
	}
	var b strings.Builder
	fmt.Fprintf(&b, "sandboxtest: what passed at App %s, times in UTC+8\n", s.AppCode)
	if first > 0 {
		fmt.Fprintf(&b, "  (%d earlier exchanges are not shown; s.Journal gives them all)\n", first)
	}
	for _, one := range entries[first:] {
		b.WriteString(one)
	}
	// The journal masks the key; what named no App it could not know for one of this App's.
	return strings.TrimSuffix(strings.ReplaceAll(b.String(), s.ClientKey, "(client_key)"), "\n")
}

// parties are who spoke to whom, by the journal's surface.
var parties = map[string]string{
	"openapi": "merchant -> QFPay",
	"cashier": "payer -> cashier",
	"weixin":  "payer -> WeChat",
	"wallet":  "payer -> wallet",
	"notify":  "QFPay -> merchant",
	"unknown": "somebody -> nothing",
}

func entry(e control.Exchange) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  %s  %s  %s %s\n", e.At.In(sandbox.QFPayZone).Format("01-02 15:04:05.000"), parties[e.Surface], e.Method, clipped(e.URL))
	if e.RequestBody != "" {
		line(&b, "sent", clipped(e.RequestBody))
	}
	answered := "nothing"
	if e.Status != 0 {
		answered = fmt.Sprintf("HTTP %d", e.Status)
		if e.Respcd != "" {
			answered += fmt.Sprintf(", respcd %s", e.Respcd)
		}
		// Pages are for browsers; what they say is in the findings.
		if kind := textproto.MIMEHeader(e.AnswerHeader).Get("Content-Type"); e.AnswerBody != "" && !strings.HasPrefix(kind, "text/html") {
			answered += " " + clipped(e.AnswerBody)
		}
	}
	if e.Error != "" {
		answered += ": " + clipped(e.Error)
	}
	line(&b, "answered", answered)
	if e.DecidedBy != "" && e.DecidedBy != "default" {
		line(&b, "decided by", e.DecidedBy)
	}
	for _, f := range e.Findings {
		fmt.Fprintf(&b, "    ! %s: %s\n", f.ID, clipped(f.Detail))
		for _, said := range []struct{ name, text string }{{"received", f.Received}, {"expected", f.Expected}, {"change", f.Change}, {"source", f.Clause}} {
			if said.text != "" {
				fmt.Fprintf(&b, "      %-9s %s\n", said.name, clipped(said.text))
			}
		}
	}
	return b.String()
}

func line(b *strings.Builder, name, text string) { fmt.Fprintf(b, "    %-10s %s\n", name, text) }

// clipped keeps a text on one line and within its bound.
func clipped(text string) string {
	tail := ""
	if len(text) > shownText {
		tail = fmt.Sprintf(" … (%d bytes)", len(text))
		text = strings.ToValidUTF8(text[:shownText], "")
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text) + tail
}
