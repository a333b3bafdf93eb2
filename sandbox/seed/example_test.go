package seed_test

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/seed"
)

// kept are fields no seed sets: the sandbox fills or counts them.
var kept = "App.PreviousKey App.ClockOffset App.FrozenAt App.Drawn App.CreatedAt OfficialAccount.AppID OfficialAccount.PayKey OfficialAccount.Token AccountToken.Serial AccountToken.IssuedAt Payer.CreatedAt Fault.Matched Fault.Fired"

// The example of docs/seed.md works, and leaves out nothing that can be set.
func TestDocumentedExample(t *testing.T) {
	page, err := os.ReadFile("../../docs/seed.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```yaml\n")
	example, _, found := strings.Cut(rest, "```\n")
	if !found {
		t.Fatal("docs/seed.md has no example")
	}
	s, err := seed.Parse("docs/seed.md", []byte(example))
	if err != nil {
		t.Fatalf("the example is refused: %v", err)
	}
	unset := map[string]bool{}
	collect(reflect.ValueOf(s), unset)
	for field, never := range unset {
		if never && !strings.Contains(" "+kept+" ", " "+field+" ") {
			t.Errorf("the example sets no %s, want every field set once", field)
		}
	}
	g := &sandbox.Gateway{Store: memstore.New(), Clock: stopped{}, Entropy: strings.NewReader(strings.Repeat("x", 1000)), NotificationDue: func() {}}
	for _, a := range s.Apps {
		if _, err := g.CreateApp(t.Context(), a); err != nil {
			t.Errorf("App %s: got %v, want none", a.Code, err)
		}
	}
	for _, p := range s.Payers {
		if _, err := g.CreatePayer(t.Context(), p); err != nil {
			t.Errorf("payer %s: got %v, want none", p.ID, err)
		}
	}
}

// collect notes of each field of the sandbox's structs whether it is zero wherever it occurs.
func collect(v reflect.Value, unset map[string]bool) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			collect(v.Index(i), unset)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Name() + "." + v.Type().Field(i).Name
			never, seen := unset[field]
			unset[field] = v.Field(i).IsZero() && (never || !seen)
			if kind := v.Field(i).Type(); kind.PkgPath() != "time" && kind.Name() != "Effect" { // an effect is read by the sandbox itself
				collect(v.Field(i), unset)
			}
		}
	}
}

type stopped struct{}

func (stopped) Now() time.Time { return time.Date(2026, 3, 14, 2, 0, 0, 0, time.UTC) }
