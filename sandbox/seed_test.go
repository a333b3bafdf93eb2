package sandbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// run makes the same calls and gives every id they bring forth.
func run(t *testing.T, seed string, noise bool) []string {
	w := newWorld(t, func(a *sandbox.App) { a.Seed = seed })
	ids := []string{w.app.Account.AppID, w.app.Account.PayKey}
	for i := range 3 {
		if noise { // another tenant's calls in between
			other, err := w.CreateApp(t.Context(), sandbox.App{})
			w.must(err)
			_, err = w.IssueCode(t.Context(), other, w.payer)
			w.must(err)
		}
		code, err := w.IssueCode(t.Context(), w.app, w.payer)
		w.must(err)
		tr, p := w.pay(func(r *sandbox.PaymentRequest) { r.OutTradeNo = fmt.Sprint("T", i) })
		_, err = w.PayerPays(t.Context(), w.invocation(p))
		w.must(err)
		paid, err := w.Store.TransactionBySyssn(t.Context(), "APPCODE", tr.Syssn)
		w.must(err)
		ids = append(ids, code.Code, string(tr.Syssn), tr.PrepayID, p.NonceStr, p.PaySign, paid.Chnlsn)
	}
	return ids
}

func TestSameSeedAndCallsGiveTheSameIDs(t *testing.T) {
	first := run(t, "seed", false)
	if again := run(t, "seed", false); !slices.Equal(first, again) {
		t.Errorf("the same seed and calls give\n%s, then\n%s", strings.Join(first, "\n"), strings.Join(again, "\n"))
	}
	if beside := run(t, "seed", true); !slices.Equal(first, beside) {
		t.Errorf("another App's calls change the ids from\n%s to\n%s", strings.Join(first, "\n"), strings.Join(beside, "\n"))
	}
	for i, id := range run(t, "other seed", false) {
		if id == first[i] {
			t.Errorf("another seed gives the same id %s", id)
		}
	}
	sorted := slices.Sorted(slices.Values(first))
	if len(slices.Compact(sorted)) != len(first) {
		t.Errorf("one run gives an id twice: %v", sorted)
	}
}

// Without a code, the seed alone makes it: the same credentials in every run.
func TestSeedMakesCredentials(t *testing.T) {
	var made []sandbox.App
	for range 2 {
		a, err := newWorld(t).CreateApp(t.Context(), sandbox.App{Seed: "ci"})
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, a)
	}
	if made[0].Code != made[1].Code || made[0].ClientKey != made[1].ClientKey || made[0].Account.AppID != made[1].Account.AppID {
		t.Errorf("got %+v, then %+v, want the same credentials", made[0], made[1])
	}
	w := newWorld(t)
	one, err := w.CreateApp(t.Context(), sandbox.App{Seed: "ci", Code: "ONE"})
	w.must(err)
	two, err := w.CreateApp(t.Context(), sandbox.App{Seed: "ci", Code: "TWO"})
	w.must(err)
	if one.Account.AppID == two.Account.AppID {
		t.Error("two Apps with one seed share an official account")
	}
}

func TestEntropyThatEndsIsAnError(t *testing.T) {
	w := newWorld(t)
	w.Entropy = strings.NewReader("short")
	if _, err := w.CreateApp(t.Context(), sandbox.App{}); err == nil {
		t.Error("an App without entropy was made")
	}
	if _, err := w.CreatePayer(t.Context(), sandbox.Payer{}); err == nil {
		t.Error("a payer without entropy was made")
	}
}
