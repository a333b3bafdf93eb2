package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// ofClinic are the names of what is wrong with a signature.
var ofClinic = func() map[string]bool {
	names := map[string]bool{}
	for _, row := range clinic.Findings() {
		names[row.ID] = true
	}
	return names
}()

// How much of a value the report shows, in columns; the journal has all of it.
const (
	mostShown   = 480
	mostInTitle = 60
)

// labelRoom is where values begin: behind the longest label.
const labelRoom = 18

// block is one exchange: its title, then each finding.
func (r *report) block(f found) string {
	e := f.exchange
	var b strings.Builder
	_, refused := verdict(e)
	fmt.Fprintf(&b, "%s\n", r.title(f))
	for i, one := range f.findings {
		// Two mistakes made at once have the same strings.
		again := i+1 < len(f.findings) && f.findings[i+1].Received == one.Received
		r.finding(&b, one, refused, !again)
	}
	r.line(&b, "again", strings.Join(f.again, ", "), "")
	label := "see"
	for _, words := range r.steps(f) {
		r.line(&b, label, words, "")
		label = ""
	}
	return b.String()
}

// repeat is the one line of what was printed before: whoever mended it sees that it is not.
func (r *report) repeat(f found) string {
	return fmt.Sprintf("%s  %s again   %s\n", r.title(f), inTitle(strings.Join(f.again, ", ")), r.command(fmt.Sprintf("journal %d", f.exchange.Seq)))
}

// steps are what to run next, the most useful one first.
func (r *report) steps(f found) (list []string) {
	e := f.exchange
	signed := slices.ContainsFunc(f.findings, func(one sandbox.Finding) bool { return ofClinic[one.ID] })
	if signed && e.RequestCut == 0 && (e.Surface == "openapi" || e.Surface == "cashier") { // else explain has nothing to go by
		list = append(list, r.command(fmt.Sprintf("explain %d", e.Seq))+"   (the corrected request)")
	}
	list = append(list, r.command(fmt.Sprintf("journal %d", e.Seq)))
	if f.digests {
		words := "notify"
		if e.App != r.demo {
			words += " -app " + inTitle(string(e.App))
		}
		list = append(list, "signature trouble?  "+r.command(words)+"   (its ID is for qfsandbox explain -notification)")
	}
	return list
}

// title is a line on what was asked and answered.
func (r *report) title(f found) string {
	e := f.exchange
	said, refused := verdict(e)
	shade := red
	if !refused {
		shade = yellow
	}
	url, _, _ := strings.Cut(e.URL, "?")
	title := r.term.in(faint, f.at.Format("15:04:05")) + "  " + r.term.in(bold, inTitle(e.Method+" "+url))
	if e.OutTradeNo != "" {
		title += "  order " + inTitle(string(e.OutTradeNo))
	}
	switch {
	case e.App == "":
		title += "  of no App"
	case e.App != r.demo:
		title += "  App " + inTitle(string(e.App))
	}
	return title + "  " + r.term.in(shade, said)
}

func inTitle(s string) string { return shortened(harmless(s), mostInTitle) }

// command is a line that asks this sandbox.
func (r *report) command(words string) string {
	if r.controls == defaultControlURL {
		return "qfsandbox " + words
	}
	return "qfsandbox " + words + " -url " + r.controls
}

// finding prints what is wrong, what was received and expected if its evidence is wanted, and what to change.
func (r *report) finding(b *strings.Builder, f sandbox.Finding, refused, evidence bool) {
	row, _ := control.FindingRowOf(f.ID)
	shade := red
	if !refused {
		shade = yellow
	}
	fmt.Fprintf(b, "  %s\n", r.term.in(shade, harmless(f.ID)))
	if row.Means == "" || row.Kind == "refusal" { // its meaning lists all the cases
		r.line(b, "wrong", cmp.Or(f.Detail, row.Means), "")
	} else {
		r.line(b, "mistake", row.Means, "")
		r.line(b, "here", f.Detail, "")
	}
	if !ofClinic[f.ID] {
		r.line(b, "received", f.Received, "")
		r.line(b, "expected", f.Expected, "")
	} else if evidence {
		r.digests(b, f)
	}
	r.line(b, "change", cmp.Or(f.Change, row.Change), green)
	r.line(b, "says", row.Clause, faint)
}

// digests sets the two strings below each other, for the eye to compare.
func (r *report) digests(b *strings.Builder, f sandbox.Finding) {
	sent, signed, _ := strings.Cut(f.Received, " over ")
	want, canonical, _ := strings.Cut(f.Expected, " over ")
	r.line(b, "you signed", signed, "")
	if signed != "" && signed == canonical {
		r.line(b, "QFPay signs", "the same", "")
	} else {
		r.line(b, "QFPay signs", canonical, "")
	}
	if at, got, want := difference(signed, canonical); at > 1 { // from the first on, the eye sees it
		r.line(b, "they part", fmt.Sprintf("at character %d, where", at), "")
		r.line(b, "", "yours has "+got, "")
		r.line(b, "", "QFPay has "+want, "")
	}
	r.line(b, "your digest", sent, "")
	r.line(b, "right digest", want, "")
}

// partShown is how much of two strings is quoted from where they part, in columns.
const partShown = 24

// difference gives where two strings part, counting characters from 1, and how each goes on; 0 where
// one is not known or they do not.
func difference(got, want string) (at int, gotOn, wantOn string) {
	if got == "" || want == "" || got == want {
		return 0, "", ""
	}
	same := 0
	for same < len(got) && same < len(want) && got[same] == want[same] {
		same++
	}
	for same > 0 && !(startsCharacter(got, same) && startsCharacter(want, same)) {
		same--
	}
	return utf8.RuneCountInString(got[:same]) + 1, goesOn(got[same:]), goesOn(want[same:])
}

func startsCharacter(s string, at int) bool { return at == len(s) || utf8.RuneStart(s[at]) }

func goesOn(rest string) string {
	if rest == "" {
		return "nothing"
	}
	rest = harmless(rest)
	if end := columnEnd(rest, partShown); end < len(rest) {
		rest = rest[:end] + "…"
	}
	return `"` + rest + `"`
}

// line prints a label and its value, wrapped behind it; nothing where there is no value.
func (r *report) line(b *strings.Builder, label, value string, shade colour) {
	if value == "" {
		return
	}
	for i, part := range wrapped(shortened(harmless(value), mostShown), r.term.width()-labelRoom) {
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(b, "%s%s\n", r.term.in(faint, fmt.Sprintf("    %-*s", labelRoom-4, label)), r.term.in(shade, part))
	}
}
