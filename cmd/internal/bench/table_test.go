//go:build linux

package main

import (
	"math"
	"testing"
)

func TestTable(t *testing.T) {
	got := table([]row{
		{name: "payment", measured: "12000/s", base: "20000/s", value: 0.6, unit: "x", want: 0.6, atLeast: true},
		{name: "payment, p99", measured: "9.0 ms", base: "3.0 ms", value: 3, unit: "x", want: 2.5},
		{name: "bytes", measured: "601", base: "-", value: 601, unit: "bytes", want: 600},
		{name: "idle memory", measured: "20.0 MB", base: "-", value: 20, unit: "MB", want: 20},
		{name: "nothing", measured: "-", base: "-", value: math.NaN(), unit: "x", want: 0.7, atLeast: true},
	})
	const want = `row           measured  against  result     want
payment       12000/s   20000/s  0.60 x     >= 0.60 x     reached
payment, p99  9.0 ms    3.0 ms   3.00 x     <= 2.50 x     FALLS SHORT
bytes         601       -        601 bytes  <= 600 bytes  FALLS SHORT
idle memory   20.0 MB   -        20.0 MB    <= 20.0 MB    reached
nothing       -         -        NaN x      >= 0.70 x     not measured
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestRowsOfRounds(t *testing.T) {
	s := series{}
	for _, call := range calls {
		for _, speed := range []float64{1, 0.5, 2} { // of the machine, in three rounds
			s.add(theFloor, call, measurement{perSecond: 100 * speed, p99: 1 / speed, cpu: 0.010})
			s.add(few, call, measurement{perSecond: 65 * speed, p99: 2 / speed, cpu: 0.015})
			s.add(many, call, measurement{perSecond: 50 * speed, p99: 3 / speed, cpu: 0.018})
		}
	}
	for _, want := range []row{
		{name: "payment", value: 0.65}, {name: "payment, p99", value: 2}, {name: "enquiry by number", value: 0.65}, {name: "code exchange", value: 0.65},
		{name: "payment, 1,000,000 stored", value: 1.2}, {name: "enquiry by number, 1,000,000 stored", value: 1.2}, {name: "code exchange, 1,000,000 stored", value: 1.2},
	} {
		found := false
		for _, r := range s.rows() {
			if r.name == want.name {
				found = true
				if math.Abs(r.value-want.value) > 1e-9 {
					t.Errorf("%s is %v, want %v", r.name, r.value, want.value)
				}
			}
		}
		if !found {
			t.Errorf("no row is called %q", want.name)
		}
	}
}
