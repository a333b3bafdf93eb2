package main

import (
	"strings"
	"testing"
)

func TestTableStandsInColumns(t *testing.T) {
	var out strings.Builder
	table := newTable("NAME", "STATE", "AMOUNT")
	table.add("小店", "paid", "HKD 3.00")
	table.add("a\x1b[31m\nb", "failed", "")
	table.print(&invocation{stdout: &out})
	const want = "NAME          STATE   AMOUNT\n" +
		"小店          paid    HKD 3.00\n" +
		`a\x1b[31m\nb  failed` + "\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

// Colour is beside the word that says the same, and pads nothing.
func TestTableInColours(t *testing.T) {
	table := newTable("ORDER", "STATE")
	table.add("T1", "paid")
	table.add("T2", "failed")
	table.add("T3", "created")
	const want = "\x1b[2mORDER\x1b[0m  \x1b[2mSTATE\x1b[0m\n" + "T1     \x1b[32mpaid\x1b[0m\n" + "T2     \x1b[31mfailed\x1b[0m\n" + "T3     created\n"
	if got := table.text(terminal{paint: true}); got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
	plain := table.text(terminal{})
	if strings.NewReplacer("\x1b[0m", "", "\x1b[2m", "", "\x1b[32m", "", "\x1b[31m", "").Replace(want) != plain {
		t.Errorf("without colours it is\n%q", plain)
	}
}

func TestTones(t *testing.T) {
	for _, c := range []struct {
		column, text string
		want         colour
	}{
		{"STATE", "paid", green}, {"STATE", "partly refunded", ""}, {"STATE", "created (respcd 1143, cancel 0)", ""}, {"STATE", "failed", red},
		{"STATE", "acknowledged at attempt 1", green}, {"STATE", "given up after 8 attempts", red},
		{"RESPCD", "0000", green}, {"RESPCD", "1143", ""}, {"RESPCD", "1108", red}, {"STATUS", "200", green}, {"STATUS", "504", red}, {"STATUS", "-", ""},
		{"FINDINGS", "signature-wrong", red}, {"FINDINGS", "-", ""}, {"ORDER", "failed", ""}, {"", "x", ""},
	} {
		if got := toneOf(c.column, c.text); got != c.want {
			t.Errorf("%s %q is %q, want %q", c.column, c.text, got, c.want)
		}
	}
}
