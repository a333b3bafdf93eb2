//go:build linux

package main

import (
	"math"
	"slices"
	"testing"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []float64
		want   float64
	}{
		{"one", []float64{3}, 3},
		{"odd, out of order", []float64{9, 1, 5}, 5},
		{"even", []float64{4, 1, 3, 2}, 2.5},
		{"one wild round", []float64{0.6, 0.61, 0.1, 0.62, 0.63}, 0.61},
	} {
		given := slices.Clone(c.values)
		if got := median(c.values); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
		if !slices.Equal(c.values, given) {
			t.Errorf("%s: the rounds are %v now, want %v, in their order", c.name, c.values, given)
		}
	}
	if got := median(nil); !math.IsNaN(got) {
		t.Errorf("got %v for nothing, want NaN", got)
	}
}

func TestQuantile(t *testing.T) {
	hundred := make([]int64, 100)
	for i := range hundred {
		hundred[i] = int64(i + 1)
	}
	for _, c := range []struct {
		name   string
		sorted []int64
		share  float64
		want   int64
	}{
		{"p99 of a hundred", hundred, 0.99, 99},
		{"p50 of a hundred", hundred, 0.5, 50},
		{"all", hundred, 1, 100},
		{"none", hundred, 0, 1},
		{"p99 of two", []int64{1, 7}, 0.99, 7},
		{"of nothing", nil, 0.99, 0},
	} {
		if got := quantile(c.sorted, c.share); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}

// The ratio of two medians would compare a quiet round of one with a loud round of the other.
func TestRatiosPairRounds(t *testing.T) {
	loud, quiet := 0.5, 1.0
	of, to := []float64{60 * loud, 60 * quiet, 60 * quiet}, []float64{100 * loud, 100 * quiet, 100 * quiet}
	if got, want := ratios(of, to), []float64{0.6, 0.6, 0.6}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := len(ratios(of, to[:2])); got != 2 {
		t.Errorf("got %d ratios of three rounds and two, want 2", got)
	}
}
