package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// terminal is where people read: how wide it is, and whether colours show there. Colour is never the
// only sign of anything.
type terminal struct {
	to    io.Writer
	width func() int
	paint bool
}

// Widths of lines, in columns: where nobody knows better, and the least and most that are used.
const (
	defaultWidth = 100
	leastWidth   = 40
	mostWidth    = 200
)

// terminalOf asks what is written to; NO_COLOR (any value) and TERM=dumb leave the colours out.
func terminalOf(to io.Writer, in *invocation) terminal {
	file, _ := to.(*os.File)
	return terminal{
		to:    to,
		paint: isTerminal(to) && in.variable("NO_COLOR") == "" && in.variable("TERM") != "dumb",
		width: func() int {
			columns := 0
			if file != nil {
				columns = columnsOf(file) // anew each time: a window is resized
			}
			if columns == 0 {
				columns, _ = strconv.Atoi(in.variable("COLUMNS"))
			}
			if columns <= 0 {
				columns = defaultWidth
			}
			return min(max(columns, leastWidth), mostWidth)
		},
	}
}

// colour is one of the terminal's own, so that it suits dark and light ones.
type colour string

const (
	bold   colour = "1"
	faint  colour = "2"
	red    colour = "31"
	green  colour = "32"
	yellow colour = "1;33"
)

func (t *terminal) in(c colour, text string) string {
	if !t.paint || text == "" || c == "" {
		return text
	}
	return "\x1b[" + string(c) + "m" + text + "\x1b[0m"
}

// harmless writes what a terminal would obey, or a reader not see, as Go would: control characters and escape
// sequences, marks that turn the direction of text or have no width, and bytes that are not UTF-8.
func harmless(s string) string {
	if !strings.ContainsFunc(s, obeyed) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case !obeyed(r):
			b.WriteRune(r)
		case r == utf8.RuneError:
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				fmt.Fprintf(&b, `\x%02x`, s[i])
				continue
			}
			b.WriteRune(r)
		default:
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}

func obeyed(r rune) bool {
	return r == utf8.RuneError || unicode.Is(unicode.C, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) || unicode.Is(unicode.Variation_Selector, r)
}

// shortened keeps the first columns of a text, and says what is missing.
func shortened(s string, most int) string {
	if columns(s) <= most {
		return s
	}
	end := columnEnd(s, most)
	return fmt.Sprintf("%s… (%d more bytes)", s[:end], len(s)-end)
}

// columnEnd is how many bytes of a harmless text fit in this many columns.
func columnEnd(s string, most int) int {
	used := 0
	for i, r := range s {
		if used += columnsOfRune(r); used > most {
			return i
		}
	}
	return len(s)
}

// wrapped breaks a harmless text into lines of at most this many columns: behind an & where one is in
// the line's second half, as in a string to sign, else at a blank, and where there is neither, anywhere.
func wrapped(s string, width int) []string {
	var lines []string
	for {
		end := columnEnd(s, width)
		if end == len(s) {
			return append(lines, s)
		}
		blank, joint := strings.LastIndexByte(s[:end+1], ' '), strings.LastIndexByte(s[:end], '&')+1
		switch {
		case joint > end/2 && s[joint] != ' ' && s[joint] != ',':
			end = joint
		case blank > 0:
			end = blank
		}
		lines = append(lines, strings.TrimRight(s[:end], " "))
		s = strings.TrimLeft(s[end:], " ")
	}
}

func columns(s string) (n int) {
	for _, r := range s {
		n += columnsOfRune(r)
	}
	return n
}

// wide are the ranges that take two columns: East Asian scripts and pictures.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{{0x1100, 0x115F, 1}, {0x2E80, 0xA4CF, 1}, {0xAC00, 0xD7A3, 1}, {0xF900, 0xFAFF, 1}, {0xFE30, 0xFE6F, 1}, {0xFF00, 0xFF60, 1}, {0xFFE0, 0xFFE6, 1}},
	R32: []unicode.Range32{{0x1F300, 0x1FAFF, 1}, {0x20000, 0x3FFFD, 1}},
}

func columnsOfRune(r rune) int {
	switch {
	case unicode.Is(unicode.Mn, r):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}
