//go:build linux

package main

import (
	"fmt"
	"math"
	"strings"
	"text/tabwriter"
)

// row is one line of the table: a figure, what it is compared with, and what it must reach.
type row struct {
	name string
	// measured and base are printed as they are, such as "21400/s".
	measured, base string
	value          float64
	// unit stands behind value and want: x of the base, bytes, MB.
	unit string
	want float64
	// atLeast: the value must not be below want; else it must not be above.
	atLeast bool
}

func (r row) reached() bool {
	switch {
	case math.IsNaN(r.value):
		return false
	case r.atLeast:
		return r.value >= r.want
	default:
		return r.value <= r.want
	}
}

func (r row) verdict() string {
	switch {
	case math.IsNaN(r.value):
		return "not measured"
	case r.reached():
		return "reached"
	default:
		return "FALLS SHORT"
	}
}

func (r row) bound() string {
	if r.atLeast {
		return fmt.Sprintf(">= %s", r.figure(r.want))
	}
	return fmt.Sprintf("<= %s", r.figure(r.want))
}

func (r row) figure(v float64) string {
	switch r.unit {
	case "x":
		return fmt.Sprintf("%.2f x", v)
	case "MB":
		return fmt.Sprintf("%.1f MB", v)
	default:
		return fmt.Sprintf("%.0f %s", v, r.unit)
	}
}

// table prints the rows, aligned.
func table(rows []row) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "row\tmeasured\tagainst\tresult\twant")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", r.name, r.measured, r.base, r.figure(r.value), r.bound(), r.verdict())
	}
	_ = w.Flush() // a strings.Builder takes everything
	return b.String()
}
