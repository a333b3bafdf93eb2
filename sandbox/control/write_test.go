package control

import (
	"log/slog"
	"math"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestWhatCannotBeToldIsNoSuccess(t *testing.T) {
	a := &API{Log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	w := httptest.NewRecorder()
	a.write(w, 200, math.NaN())
	if w.Code != 500 || !strings.Contains(w.Body.String(), "sandbox-mistake") {
		t.Errorf("got HTTP %d and %q, want 500 that says so", w.Code, w.Body)
	}
}
