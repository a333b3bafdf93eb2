package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// print writes an explanation for people: what it is, what is wrong, what to change, the corrected one.
func (x *explanation) print(to io.Writer, t terminal) {
	what := "a string and its digest"
	if x.URL != "" {
		what = x.Method + " " + harmless(x.URL)
	}
	fmt.Fprintf(to, "%d  %s\n   judged as App %s, key from %s\n", x.Entry, t.in(bold, what), harmless(x.AppCode), harmless(x.KeyFrom))
	switch x.Signature {
	case "right":
		fmt.Fprintf(to, "\n%s\n", t.in(green, "the signature is right"))
	case "none":
		fmt.Fprintf(to, "\nthe cashier takes no signature\n")
	}
	for _, m := range x.Mistakes {
		fmt.Fprintf(to, "\n%s\n", t.in(red, "mistake: "+m.ID))
		m.print(to, t)
	}
	if x.Signature == "wrong" {
		x.printStrings(to, t)
	}
	for _, m := range x.Remarks {
		fmt.Fprintf(to, "\n%s\n", t.in(yellow, "remark: "+m.ID))
		m.print(to, t)
	}
	switch {
	case x.Corrected != "":
		title := "corrected:"
		if i := slices.IndexFunc(x.Mistakes, func(m remark) bool { return m.yours() }); i >= 0 {
			title = "corrected, but for " + x.Mistakes[i].ID + ", which is yours to change:"
		}
		fmt.Fprintf(to, "\n%s\n\n%s\n", t.in(bold, title), x.shown())
	case x.right() && x.Signature == "right":
		fmt.Fprintf(to, "nothing else is wrong as far as a request alone shows\n")
	}
}

// shown is the corrected request: every dialect but the bare string has its control characters encoded.
func (x *explanation) shown() string {
	if x.URL != "" {
		return x.Corrected
	}
	text, digest, _ := strings.Cut(x.Corrected, "\n"+x.Expected)
	return harmless(text) + "\n" + x.Expected + digest
}

func (m *remark) print(to io.Writer, t terminal) {
	if m.Means != "" {
		indented(to, t, harmless(m.Means))
	}
	if m.Detail != "" && m.Detail != m.Means {
		indented(to, t, harmless(m.Detail))
	}
	if m.Change != "" {
		indented(to, t, "change: "+harmless(m.Change))
	}
}

func (x *explanation) printStrings(to io.Writer, t terminal) {
	fmt.Fprintf(to, "\n   received  %s\n   expected  %s\n\n", firstNonEmpty(harmless(x.Received), "(no signature)"), harmless(x.Expected))
	other, label := x.StringToSign, "to sign"
	if x.StringArrived != "" {
		other, label = x.StringArrived, "arrives"
	}
	signed, right := harmless(x.StringSigned), harmless(other)
	if x.StringSigned != "" {
		fmt.Fprintf(to, "   signed    %s\n", signed)
	}
	fmt.Fprintf(to, "   %s   %s\n", label, right)
	if x.DifferenceAt >= 0 && signed != right {
		at := len(harmless(other[:min(x.DifferenceAt, len(other))]))
		if columns(signed) > t.width() || columns(right) > t.width() {
			fmt.Fprintf(to, "\n   the first difference is behind %d bytes:\n", x.DifferenceAt)
			var from int
			signed, from = around(signed, at, t.width())
			right, _ = around(right, at, t.width())
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
