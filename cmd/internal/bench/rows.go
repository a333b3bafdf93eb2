//go:build linux

package main

import (
	"fmt"
	"strconv"
	"strings"
)

// names of the calls in the table.
var names = map[string]string{paymentPath: "payment", enquiryPath: "enquiry by number", exchangePath: "code exchange"}

// rows measures everything there is a target for.
func (b *bench) rows(filled *target) ([]row, string, error) {
	answer, err := filled.process.tell("stored")
	if err != nil {
		return nil, "", err
	}
	stored, err := strconv.ParseFloat(answer, 64)
	if err != nil {
		return nil, "", err
	}
	bare, sandbox, idle, err := b.starts()
	if err != nil {
		return nil, "", err
	}
	s, err := b.measure(filled)
	if err != nil {
		return nil, "", err
	}
	list := append(s.rows(), row{name: "bytes a stored order takes", measured: fmt.Sprintf("%.0f", stored), base: "-", value: stored, unit: "bytes", want: 600},
		row{name: "start to first signed answer", measured: milliseconds(median(sandbox)), base: milliseconds(median(bare)), value: median(ratios(sandbox, bare)), unit: "x", want: 2},
		row{name: "idle memory", measured: fmt.Sprintf("%.1f MB", idle/1e6), base: "-", value: idle / 1e6, unit: "MB", want: 20})
	return list, s.notes(), nil
}

// rows are those that load is needed for.
func (s series) rows() []row {
	var list []row
	against := func(name, server, base, call string, figure func(measurement) float64, show func(float64) string, want float64, atLeast bool) {
		of, to := s.each(server, call, figure), s.each(base, call, figure)
		list = append(list, row{name: name, measured: show(median(of)), base: show(median(to)), value: median(ratios(of, to)), unit: "x", want: want, atLeast: atLeast})
	}
	against("payment", few, theFloor, paymentPath, perSecond, rate, 0.60, true)
	against("payment, p99", few, theFloor, paymentPath, p99, milliseconds, 2.5, false)
	against("enquiry by number", few, theFloor, enquiryPath, perSecond, rate, 0.70, true)
	against("code exchange", few, theFloor, exchangePath, perSecond, rate, 0.60, true)
	for _, call := range []string{paymentPath, enquiryPath, exchangePath} {
		against(names[call]+", 1,000,000 stored", many, few, call, cpu, microseconds, 1.2, false)
	}
	return list
}

// notes say how sure the table is: processor time a request, and who was busy.
func (s series) notes() string {
	var b strings.Builder
	b.WriteString("processor time of the server a request:\n")
	for _, call := range []string{paymentPath, enquiryPath, exchangePath} {
		fmt.Fprintf(&b, "  %-18s floor %s, sandbox %s: %.2f of the floor's rate\n", names[call],
			microseconds(median(s.each(theFloor, call, cpu))), microseconds(median(s.each(few, call, cpu))), median(ratios(s.each(theFloor, call, cpu), s.each(few, call, cpu))))
	}
	floorBusy := median(s.each(theFloor, paymentPath, busy))
	fmt.Fprintf(&b, "under payments the floor had %.0f %% of its core, the sandbox %.0f %%, and the load %.0f %% and %.0f %% of the other\n",
		100*floorBusy, 100*median(s.each(few, paymentPath, busy)), 100*median(s.each(theFloor, paymentPath, loadHad)), 100*median(s.each(few, paymentPath, loadHad)))
	if floorBusy < 0.9 {
		b.WriteString("the floor was not busy all the time: the load, or somebody else on this machine, held it back, so the ratios of rates flatter the sandbox\n")
	}
	return b.String()
}

func rate(v float64) string         { return fmt.Sprintf("%.0f/s", v) }
func milliseconds(v float64) string { return fmt.Sprintf("%.1f ms", v*1e3) }
func microseconds(v float64) string { return fmt.Sprintf("%.1f µs", v*1e6) }
