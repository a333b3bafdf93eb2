package sandbox

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestParseTime(t *testing.T) {
	for text, want := range map[string]bool{
		"2026-03-14 10:00:00": true, "2024-02-29 23:59:59": true, "0000-01-01 00:00:00": true, "9999-12-31 00:00:00": true,
		"": false, "2026-03-14": false, "2026-03-14 10:00:00.5": false, "2026-03-14 9:00:00": false, "2026-03-14 10:00:000": false, "2026-03-14T10:00:00": false,
		"2026-02-29 10:00:00": false, "2026-04-31 10:00:00": false, "2026-13-01 10:00:00": false, "2026-00-01 10:00:00": false, "2026-01-00 10:00:00": false,
		"2026-03-14 24:00:00": false, "2026-03-14 10:60:00": false, "2026-03-14 10:00:60": false, "2026-03-1x 10:00:00": false, "-026-03-14 10:00:00": false,
	} {
		at, ok := parseTime(text)
		if ok != want {
			t.Errorf("%q is read: got %v, want %v", text, ok, want)
		}
		if parsed, err := time.ParseInLocation(DateTimeLayout, text, QFPayZone); ok && (err != nil || !parsed.Equal(at)) {
			t.Errorf("%q: got %v, want %v (%v)", text, at, parsed, err)
		}
	}
}

func TestFormatTimeIsFormat(t *testing.T) {
	years := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		at := time.Unix(years.Int64N(2e11)-60e9, years.Int64N(1e9)).UTC() // from the year 68 to 6400
		want := at.In(QFPayZone).Format(DateTimeLayout)
		if got := FormatTime(at); got != want {
			t.Fatalf("%v: got %q, want %q", at, got, want)
		}
		if back, ok := parseTime(want); !ok || !back.Equal(at.Truncate(time.Second)) {
			t.Fatalf("%q: got %v and %v, want %v", want, back, ok, at)
		}
	}
}
