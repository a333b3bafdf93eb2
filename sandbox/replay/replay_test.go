package replay_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/bundle"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/replay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

func parsed(t *testing.T, raw []byte) bundle.Bundle {
	t.Helper()
	b, err := bundle.Parse(bytes.NewReader(raw))
	must(t, err)
	return b
}

func play(t *testing.T, s *server.Server, notifyURL string, b bundle.Bundle) replay.Result {
	t.Helper()
	r, err := replay.Player{Client: control.NewClient(s.ControlURL(), ""), NotifyURL: notifyURL}.Play(t.Context(), b)
	must(t, err)
	return r
}

// told is a result as people read it.
func told(r replay.Result) string {
	var lines []string
	for _, s := range r.Steps {
		lines = append(lines, strings.Join(append([]string{string(s.Verdict), s.Call, s.Recorded, s.Now, s.Note}, s.Differences...), " | "))
	}
	return strings.Join(lines, "\n")
}

func wantSame(t *testing.T, r replay.Result, calls int) {
	t.Helper()
	if !r.AllSame() || r.Same != calls {
		t.Errorf("%d same, %d different, %d not played, want %d same:\n%s", r.Same, r.Different, r.NotPlayed, calls, told(r))
	}
}

// at is another time than the life's.
func at(now time.Time) func(*server.Config) {
	return func(c *server.Config) { c.Clock = hands{now} }
}

// Another seed gives other ids everywhere, and another day other times; they are no difference.
func TestAWholeLifeIsPlayedAgain(t *testing.T) {
	b := parsed(t, wholeLife(t, "then").bundle("T1"))
	for _, now := range []time.Time{morning, morning.AddDate(1, 0, 0), morning.AddDate(-1, 0, 0)} {
		wantSame(t, play(t, start(t, "now", at(now)), "", b), 22)
	}
}
