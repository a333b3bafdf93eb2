package main

import (
	"io"
	"strings"
)

// table is lines of columns for people; what is in them may be hostile.
type table struct {
	heads []string
	rows  [][]string
	// least are widths of columns whose rows are not known yet.
	least []int
}

func newTable(heads ...string) *table { return &table{heads: heads} }

func (t *table) add(cells ...string) {
	row := make([]string, len(cells))
	for i, cell := range cells {
		row[i] = harmless(cell)
	}
	t.rows = append(t.rows, row)
}

// widths are those of the columns.
func (t *table) widths() []int {
	widths := append([]int(nil), t.least...)
	for _, row := range append([][]string{t.heads}, t.rows...) {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], columns(cell))
		}
	}
	return widths
}

// print writes the table; without heads it is names and values, or the next lines of one.
func (t *table) print(in *invocation) {
	in.wrote(io.WriteString(in.stdout, t.text(terminalOf(in.stdout, in))))
}

func (t *table) text(term terminal) string {
	var b strings.Builder
	widths := t.widths()
	if len(t.heads) > 0 {
		t.line(&b, t.heads, widths, func(string, string) colour { return faint }, term)
	}
	for _, row := range t.rows {
		t.line(&b, row, widths, toneOf, term)
	}
	return b.String()
}

func (t *table) line(b *strings.Builder, row []string, widths []int, tone func(column, text string) colour, term terminal) {
	for len(row) > 0 && row[len(row)-1] == "" {
		row = row[:len(row)-1]
	}
	for i, cell := range row {
		text := pad(cell, widths[i])
		if i == len(row)-1 {
			text = cell
		}
		column := ""
		if i < len(t.heads) {
			column = t.heads[i]
		} else if i > 0 {
			column = strings.ToUpper(row[0])
		}
		b.WriteString(term.in(tone(column, cell), text))
		if i < len(row)-1 {
			b.WriteString("  ")
		}
	}
	b.WriteByte('\n')
}

// tones say which words of a column are good news; every other one that is not neutral is bad.
var tones = map[string]struct{ good, neutral string }{
	"STATE":    {" paid acknowledged done ", " created closed expired refunded attempt waits never refused, partly "},
	"RESPCD":   {" 0000 ", " - 1143 1145 "},
	"STATUS":   {" 200 302 ", " - "},
	"FINDINGS": {"", " - "},
	"VERDICT":  {" acknowledged same ", " - "},
}

func toneOf(column, text string) colour {
	rule, ruled := tones[column]
	word, _, _ := strings.Cut(text, " ")
	switch word = " " + word + " "; {
	case !ruled, text == "", strings.Contains(rule.neutral, word):
		return ""
	case strings.Contains(rule.good, word):
		return green
	default:
		return red
	}
}

// or is what a cell says when there is nothing in it.
func or(text, none string) string {
	if text == "" {
		return none
	}
	return text
}

// pad fills a text up to so many columns.
func pad(s string, wide int) string { return s + strings.Repeat(" ", max(0, wide-columns(s))) }
