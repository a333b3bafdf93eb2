package gcroom

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		name  string
		alive uint64
		want  int
	}{
		{"nothing is known", 0, 3_200},
		{"a tiny heap", 1 << 10, 3_200},
		{"a quarter of the room", Room / 4, 400},
		{"as much as the room", Room, 100},
		{"a million orders", 4 * Room, 100},
	} {
		if got := percent(c.alive); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}

// The collector is set anew when the heap has grown.
func TestLeaveFollowsTheHeap(t *testing.T) {
	t.Setenv("GOGC", "")
	was := debug.SetGCPercent(usual)
	t.Cleanup(func() { debug.SetGCPercent(was) })
	set := func() int {
		p := debug.SetGCPercent(usual)
		debug.SetGCPercent(p)
		return p
	}
	runtime.GC() // what the test before left
	if !Leave() {
		t.Fatal("it does not adapt the collector, want that it does without GOGC")
	}
	if got := set(); got <= usual {
		t.Fatalf("with a small heap the percentage is %d, want more than %d", got, usual)
	}
	large := make([]byte, 2*Room)
	for limit := time.Now().Add(10 * time.Second); set() != usual && time.Now().Before(limit); {
		runtime.GC()
		runtime.Gosched()
	}
	if got := set(); got != usual {
		t.Errorf("with %d bytes alive the percentage is %d, want %d", len(large), got, usual)
	}
	runtime.KeepAlive(large)
}

func TestGOGCWins(t *testing.T) {
	t.Setenv("GOGC", "50")
	if Leave() {
		t.Error("with GOGC=50 it adapts the collector, want that it leaves it alone")
	}
}
