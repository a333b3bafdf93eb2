package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
)

// print writes an explanation for people: what it is, what is wrong, what to change, the corrected one.
func (x *explanation) print(to io.Writer, t terminal) {
	what := "a string and its digest"
	if x.Dialect == "notification" {
		what = "a notification"
	}
	if x.URL != "" {
		what = x.Method + " " + harmless(x.URL)
	}
	fmt.Fprintf(to, "%d  %s\n   judged for App %s with the key %s\n", x.Entry, t.in(bold, what), harmless(x.AppCode), harmless(x.KeyFrom))
	switch {
	case x.Dialect == "notification":
	case x.Signature == "right":
		fmt.Fprintf(to, "\n%s\n", t.in(green, "the signature is right"))
	case x.Signature == "none":
		fmt.Fprintf(to, "\nthe cashier takes no signature\n")
	}
	for _, m := range x.Mistakes {
		fmt.Fprintf(to, "\n%s\n", m.title("mistake", red, t))
		m.print(to, t)
	}
	if x.Signature == "wrong" || x.Dialect == "notification" {
		x.printStrings(to, t)
	}
	for _, m := range x.Remarks {
		kind := "remark"
		if m.Refused {
			kind = "remark, from the journal"
		}
		fmt.Fprintf(to, "\n%s\n", m.title(kind, yellow, t))
		m.print(to, t)
	}
	switch {
	case x.Corrected != "":
		title := "corrected:"
		if left := x.left(); len(left) == 1 {
			title = "corrected, but for " + left[0] + ", which is yours to change:"
		} else if last := len(left) - 1; last > 0 {
			title = "corrected, but for " + strings.Join(left[:last], ", ") + " and " + left[last] + ", which are yours to change:"
		}
		fmt.Fprintf(to, "\n%s\n\n%s\n", t.in(bold, title), x.shown())
	case x.right() && x.Signature == "right" && x.Dialect != "notification":
		fmt.Fprintf(to, "nothing else is wrong as far as a request alone shows\n")
	}
}

// left names what the corrected request still has wrong.
func (x *explanation) left() []string {
	var names []string
	for _, m := range x.Mistakes {
		if m.yours() {
			names = append(names, strings.TrimPrefix(m.ID, "parameter-"))
		}
	}
	return names
}

// shown is the corrected request: every dialect but the bare string has its control characters encoded.
func (x *explanation) shown() string {
	if x.URL != "" {
		return x.Corrected
	}
	text, digest, _ := strings.Cut(x.Corrected, "\n"+x.Expected)
	return harmless(text) + "\n" + x.Expected + digest
}

// title is what a mistake means; of a parameter, what is wrong with this one.
func (m *remark) title(kind string, c colour, t terminal) string {
	return fmt.Sprintf("%s %s (%s)", t.in(c, kind+":"), harmless(m.headline()), m.ID)
}

func (m *remark) headline() string {
	if m.yours() {
		return firstNonEmpty(m.Detail, m.Means)
	}
	return firstNonEmpty(m.Means, m.Detail)
}

func (m *remark) print(to io.Writer, t terminal) {
	switch {
	case m.Detail == "" || m.Detail == m.headline():
	case m.ID == clinic.NotifyCandidates || m.ID == clinic.NotifyUnrecognised: // a list of digests
		for line := range strings.SplitSeq(m.Detail, "; ") {
			indented(to, t, harmless(line))
		}
	default:
		indented(to, t, harmless(m.Detail))
	}
	if m.Change != "" {
		indented(to, t, "change: "+harmless(m.Change))
	}
}

func (x *explanation) printStrings(to io.Writer, t terminal) {
	switch received := harmless(x.Received); {
	case strings.EqualFold(x.Received, x.Expected):
		fmt.Fprintf(to, "\n   received  %s, the right digest of what was signed\n\n", received)
	case received == "" && x.Dialect == "notification":
		fmt.Fprintf(to, "\n   expected  %s\n\n", x.Expected)
	default:
		fmt.Fprintf(to, "\n   received  %s\n   expected  %s\n\n", firstNonEmpty(received, "(no signature)"), harmless(x.Expected))
	}
	other, label := x.StringToSign, "to sign"
	if x.StringArrived != "" {
		other, label = x.StringArrived, "arrives"
	}
	signed, right := harmless(x.StringSigned), harmless(other)
	if signed == right {
		fmt.Fprintf(to, "   string    %s\n", right)
		return
	}
	if signed != "" {
		fmt.Fprintf(to, "   signed    %s\n", signed)
	}
	fmt.Fprintf(to, "   %s   %s\n", label, right)
	if x.DifferenceAt > 0 {
		at := len(harmless(other[:min(x.DifferenceAt, len(other))]))
		if most := t.width() - len("   signed    "); columns(signed) > most || columns(right) > most {
			fmt.Fprintf(to, "\n   the first difference is behind %d bytes:\n", x.DifferenceAt)
			var from int
			signed, from = around(signed, at, most)
			right, _ = around(right, at, most)
			at = from
			fmt.Fprintf(to, "   signed    %s\n   %s   %s\n", signed, label, right)
		}
		fmt.Fprintf(to, "             %s%s\n", strings.Repeat(" ", columns(right[:min(at, len(right))])), t.in(red, "^"))
	}
	if x.Difference != "" && x.DifferenceAt < 0 {
		fmt.Fprintln(to)
		indented(to, t, harmless(x.Difference))
	}
}

// around cuts a line down to what is near a place, and gives where that place is in it.
func around(s string, at, width int) (string, int) {
	at = min(at, len(s))
	from, to := max(at-width/3, 0), min(at+width/2-10, len(s))
	for from > 0 && !utf8.RuneStart(s[from]) {
		from--
	}
	for to < len(s) && !utf8.RuneStart(s[to]) {
		to++
	}
	cut := s[from:to]
	at -= from
	if from > 0 {
		cut, at = "…"+cut, at+len("…")
	}
	if to < len(s) {
		cut += "…"
	}
	return cut, at
}

// indented writes a text in lines that begin where the others do.
func indented(to io.Writer, t terminal, s string) {
	for _, line := range wrapped(s, t.width()-3) {
		fmt.Fprintf(to, "   %s\n", line)
	}
}
