//go:build linux

package main

import (
	"math"
	"slices"
)

// median of no values is NaN.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	switch {
	case n == 0:
		return math.NaN()
	case n%2 == 1:
		return sorted[n/2]
	default:
		return (sorted[n/2-1] + sorted[n/2]) / 2
	}
}

// quantile is the smallest value that at least this share of the sorted values does not exceed.
func quantile(sorted []int64, share float64) int64 {
	if len(sorted) == 0 {
		return 0
	}
	at := int(math.Ceil(share*float64(len(sorted)))) - 1
	return sorted[min(max(at, 0), len(sorted)-1)]
}

// ratios pairs the rounds of two series: what was measured in one round is compared with nothing else.
func ratios(of, to []float64) []float64 {
	list := make([]float64, 0, len(of))
	for i := range min(len(of), len(to)) {
		list = append(list, of[i]/to[i])
	}
	return list
}
