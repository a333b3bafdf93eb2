package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lineWidth is where texts wrap, and how much of two strings is shown around their first difference.
const lineWidth = 100

// print writes an explanation for people: what it is, what is wrong, what to change, the corrected one.
func (x *explanation) print(to io.Writer, colour bool) {
	paint := func(code, s string) string {
		if !colour {
			return s
		}
		return "\x1b[" + code + "m" + s + "\x1b[0m"
	}
	what := "a string and its digest"
	if x.URL != "" {
		what = x.Method + " " + visible(x.URL)
	}
	fmt.Fprintf(to, "%d  %s\n   judged as App %s, key from %s\n", x.Entry, paint("1", what), visible(x.AppCode), visible(x.KeyFrom))
	switch x.Signature {
	case "right":
		fmt.Fprintf(to, "\n%s\n", paint("32", "the signature is right"))
	case "none":
		fmt.Fprintf(to, "\nthe cashier takes no signature\n")
	}
	for _, m := range x.Mistakes {
		fmt.Fprintf(to, "\n%s\n", paint("31", "mistake: "+m.ID))
		m.print(to)
	}
	if x.Signature == "wrong" {
		x.printStrings(to, paint)
	}
	for _, m := range x.Remarks {
		fmt.Fprintf(to, "\n%s\n", paint("33", "remark: "+m.ID))
		m.print(to)
	}
	switch {
	case x.Corrected != "":
		title := "corrected:"
		if i := slices.IndexFunc(x.Mistakes, func(m remark) bool { return m.yours() }); i >= 0 {
			title = "corrected, but for " + x.Mistakes[i].ID + ", which is yours to change:"
		}
		fmt.Fprintf(to, "\n%s\n\n%s\n", paint("1", title), x.Corrected)
	case x.right() && x.Signature == "right":
		fmt.Fprintf(to, "nothing else is wrong as far as a request alone shows\n")
	}
}

func (m *remark) print(to io.Writer) {
	if m.Means != "" {
		wrap(to, visible(m.Means))
	}
	if m.Detail != "" && m.Detail != m.Means {
		wrap(to, visible(m.Detail))
	}
	if m.Change != "" {
		wrap(to, "change: "+visible(m.Change))
	}
}

func (x *explanation) printStrings(to io.Writer, paint func(code, s string) string) {
	fmt.Fprintf(to, "\n   received  %s\n   expected  %s\n\n", firstNonEmpty(visible(x.Received), "(no signature)"), visible(x.Expected))
	signed, right := visible(x.StringSigned), visible(x.StringToSign)
	if x.StringSigned != "" {
		fmt.Fprintf(to, "   signed    %s\n", signed)
	}
	fmt.Fprintf(to, "   to sign   %s\n", right)
	if x.DifferenceAt >= 0 && signed != right {
		at := len(visible(x.StringToSign[:min(x.DifferenceAt, len(x.StringToSign))]))
		if columnsOf(signed) > lineWidth || columnsOf(right) > lineWidth {
			fmt.Fprintf(to, "\n   the first difference is behind %d bytes:\n", x.DifferenceAt)
			var from int
			signed, from = around(signed, at)
			right, _ = around(right, at)
			at = from
			fmt.Fprintf(to, "   signed    %s\n   to sign   %s\n", signed, right)
		}
		fmt.Fprintf(to, "             %s%s\n", strings.Repeat(" ", columnsOf(right[:min(at, len(right))])), paint("31", "^"))
	}
	if x.Difference != "" {
		fmt.Fprintln(to)
		wrap(to, visible(x.Difference))
	}
}

// around cuts a line down to what is near a place, and gives where that place is in it.
func around(s string, at int) (string, int) {
	at = min(at, len(s))
	from, to := max(at-30, 0), min(at+lineWidth-40, len(s))
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

// wrap writes a text in lines that begin where the others do.
func wrap(to io.Writer, s string) {
	line := "  "
	for word := range strings.FieldsSeq(s) {
		if len(line)+1+len(word) > lineWidth && line != "  " {
			fmt.Fprintln(to, line)
			line = "  "
		}
		line += " " + word
	}
	fmt.Fprintln(to, line)
}

// visible writes control characters, and what is no UTF-8, as escapes: pasted text could hold
// commands to the terminal.
func visible(s string) string {
	plain := func(c rune) bool { return unicode.IsPrint(c) && c != utf8.RuneError }
	if !strings.ContainsFunc(s, func(c rune) bool { return !plain(c) }) {
		return s
	}
	var b strings.Builder
	for i, c := range s {
		switch {
		case plain(c):
			b.WriteRune(c)
		case c == utf8.RuneError:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		default:
			quoted := strconv.QuoteRune(c)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}

// columnsOf counts a text's columns on a terminal; CJK characters take two.
func columnsOf(s string) int {
	n := 0
	for _, c := range s {
		n++
		if c >= 0x1100 && (unicode.In(c, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) || c >= 0xff01 && c <= 0xff60 || c >= 0x3000 && c <= 0x303e) {
			n++
		}
	}
	return n
}
