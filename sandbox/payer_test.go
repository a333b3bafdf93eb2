package sandbox_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
)

func TestCreatePayer(t *testing.T) {
	w := newWorld(t)
	p, err := w.CreatePayer(t.Context(), sandbox.Payer{})
	w.must(err)
	if !regexp.MustCompile(`^P[A-Z2-9]{12}$`).MatchString(string(p.ID)) || p.Name != "Payer "+string(p.ID)[:5] || p.Behaviour != sandbox.BehaveManual || !p.CreatedAt.Equal(morning) {
		t.Errorf("got %+v, want an id of P and 12 letters, a name after it, manual, created at %s", p, morning)
	}
	for _, b := range sandbox.Behaviours() {
		_, err := w.CreatePayer(t.Context(), sandbox.Payer{ID: sandbox.PayerID("with-" + b), Behaviour: b})
		w.must(err)
	}
	if _, err := w.CreatePayer(t.Context(), sandbox.Payer{ID: "alice"}); !errors.Is(err, sandbox.ErrExists) {
		t.Errorf("a taken id gives %v, want ErrExists", err)
	}
	if _, err := w.CreatePayer(t.Context(), sandbox.Payer{ID: sandbox.PayerID(strings.Repeat("a", 32)), Name: strings.Repeat("林", 64)}); err != nil {
		t.Errorf("limits give %v, want none", err)
	}
}

func TestPayersAreRefused(t *testing.T) {
	for _, c := range []struct {
		name  string
		payer sandbox.Payer
		want  string
	}{
		{"id of 33", sandbox.Payer{ID: sandbox.PayerID(strings.Repeat("a", 33))}, "want 1 to 32 letters, digits, - and _"},
		{"id with a dot", sandbox.Payer{ID: "a.b"}, `payer id is "a.b"`},
		{"id that is no ASCII", sandbox.Payer{ID: "小林"}, "payer id is"},
		{"name of 65", sandbox.Payer{ID: "a", Name: strings.Repeat("林", 65)}, "want 1 to 64 printable characters"},
		{"name with a line break", sandbox.Payer{ID: "a", Name: "a\nb"}, `payer name is "a\nb"`},
		{"unknown method", sandbox.Payer{ID: "a", Method: "cash"}, `method is "cash", want one of balance, debit, credit`},
		{"real name with a line break", sandbox.Payer{ID: "a", RealName: "a\nb"}, `real name is "a\nb"`},
		{"number with a blank", sandbox.Payer{ID: "a", CreID: "4 3"}, `creid is "4 3"`},
		{"delay of a day and more", sandbox.Payer{ID: "a", Delay: 24*time.Hour + 1}, "delay is 24h0m0.000000001s, want 0 to 24h0m0s"},
		{"delay below 0", sandbox.Payer{ID: "a", Delay: -1}, "want 0 to 24h0m0s"},
		{"unknown behaviour", sandbox.Payer{ID: "a", Behaviour: "pays"}, `behaviour is "pays", want one of manual, pay, cancel, insufficient-balance, `},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := newWorld(t).CreatePayer(t.Context(), c.payer)
			if !errors.Is(err, sandbox.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an ErrInvalid that says %q", err, c.want)
			}
		})
	}
	w := newWorld(t)
	if _, err := w.UpdatePayer(t.Context(), "alice", func(p *sandbox.Payer) { p.Behaviour = "" }); !errors.Is(err, sandbox.ErrInvalid) {
		t.Errorf("an empty behaviour gives %v, want ErrInvalid", err)
	}
	if _, err := w.UpdatePayer(t.Context(), "nobody", func(*sandbox.Payer) {}); !errors.Is(err, sandbox.ErrNotFound) {
		t.Errorf("an unknown payer gives %v, want ErrNotFound", err)
	}
}

func TestPayerOf(t *testing.T) {
	w := newWorld(t)
	alice, err := w.PayerOf(t.Context(), "alice")
	w.must(err)
	if alice.ID != "alice" {
		t.Errorf("a known name gives %q, want alice", alice.ID)
	}
	back, err := w.PayerOf(t.Context(), "from-before-a-restart")
	w.must(err)
	if back.ID != "from-before-a-restart" {
		t.Errorf("an unknown valid name gives %q, want that payer anew", back.ID)
	}
	seen := map[sandbox.PayerID]bool{}
	for _, named := range []string{"", "not valid", "<script>", strings.Repeat("a", 33)} {
		p, err := w.PayerOf(t.Context(), named)
		w.must(err)
		if seen[p.ID] || string(p.ID) == named {
			t.Errorf("%q gives %q, want a new payer", named, p.ID)
		}
		seen[p.ID] = true
	}
}

func TestTwoRequestsOfANewBrowserAreOnePayer(t *testing.T) {
	w := newWorld(t)
	want := sandbox.Payer{ID: "new", Name: "of the other request", Behaviour: sandbox.BehavePay}
	w.Store = &overtaken{w.Store.(*memstore.Store), func() { w.must(w.Store.CreatePayer(t.Context(), want)) }}
	got, err := w.PayerOf(t.Context(), "new")
	w.must(err)
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
