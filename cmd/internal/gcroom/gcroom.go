// Package gcroom gives the garbage collector room: a sandbox is small, so that by default it would
// collect every few thousand calls, and a tenth of each call would go there (docs/performance.md).
package gcroom

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Room is how much garbage a program of ours may hold before it is collected, in bytes, or as much
// as what is alive, whichever is more. An idle program makes none; the runtime collects every two
// minutes in any case, and what is free goes back to the system.
const Room = 128 << 20

// usual is the runtime's own choice: as much garbage as what is alive.
const usual = 100

// least is the size of the heap below which the runtime does not collect at 100 percent; it grows with
// the percentage.
const least = 4 << 20

// Leave adapts the collector after each collection from now on, and reports whether it does: GOGC in
// the environment wins. A GOMEMLIMIT holds.
func Leave() bool {
	if os.Getenv("GOGC") != "" {
		return false
	}
	adapt(nil)
	return true
}

// sign dies in each collection; a new one waits for the next. It must hold a pointer, for the runtime
// puts small things without one together.
type sign struct{ _ *sign }

func adapt(*sign) {
	debug.SetGCPercent(percent(alive()))
	runtime.SetFinalizer(&sign{}, adapt)
}

// percent is what debug.SetGCPercent wants for this many bytes alive.
func percent(alive uint64) int {
	return max(usual, int(Room*100/max(alive, least)))
}

// alive is what the last collection found, or what there is now when there was none yet.
func alive() uint64 {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(samples)
	for _, s := range samples {
		if s.Value.Kind() == metrics.KindUint64 && s.Value.Uint64() > 0 {
			return s.Value.Uint64()
		}
	}
	return 0
}
