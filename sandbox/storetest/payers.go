package storetest

import (
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

var payerClauses = []clause{
	{"a stored payer is found, an unknown one is not", func(t *testing.T, s sandbox.Store) {
		want := sandbox.Payer{ID: "P1", Name: "小林", Behaviour: sandbox.BehavePay, CreatedAt: noon}
		must(t, s.CreatePayer(ctxOf(t), want))
		got, err := s.Payer(ctxOf(t), "P1")
		must(t, err)
		same(t, "Payer", got, want)
		_, err = s.Payer(ctxOf(t), "P2")
		wantError(t, "Payer", err, sandbox.ErrNotFound)
		_, err = s.UpdatePayer(ctxOf(t), "P2", func(*sandbox.Payer) error { t.Error("change was called for a payer who is not there"); return nil })
		wantError(t, "UpdatePayer", err, sandbox.ErrNotFound)
	}},
	{"a taken id is refused and changes nothing", func(t *testing.T, s sandbox.Store) {
		must(t, s.CreatePayer(ctxOf(t), sandbox.Payer{ID: "P1", Name: "first"}))
		wantError(t, "CreatePayer", s.CreatePayer(ctxOf(t), sandbox.Payer{ID: "P1", Name: "second"}), sandbox.ErrExists)
		got, err := s.Payer(ctxOf(t), "P1")
		must(t, err)
		if got.Name != "first" {
			t.Errorf("the payer is %q, want first", got.Name)
		}
	}},
	{"payers are listed by id, page by page, those restored among them", func(t *testing.T, s sandbox.Store) {
		for _, id := range []sandbox.PayerID{"P3", "P1", "P5"} {
			must(t, s.CreatePayer(ctxOf(t), sandbox.Payer{ID: id}))
		}
		list := func(after sandbox.PayerID, limit int) (ids []sandbox.PayerID) {
			page, err := s.Payers(ctxOf(t), after, limit)
			must(t, err)
			for _, p := range page {
				ids = append(ids, p.ID)
			}
			return ids
		}
		same(t, "Payers", list("", 10), []sandbox.PayerID{"P1", "P3", "P5"})
		must(t, s.CreatePayer(ctxOf(t), sandbox.Payer{ID: "P2"}))
		must(t, s.Restore(ctxOf(t), sandbox.Snapshot{Payers: []sandbox.Payer{{ID: "P4"}, {ID: "P1", Name: "again"}}}))
		same(t, "Payers", list("", 3), []sandbox.PayerID{"P1", "P2", "P3"})
		same(t, "Payers", list("P3", 3), []sandbox.PayerID{"P4", "P5"})
		same(t, "Payers", list("P20", 1), []sandbox.PayerID{"P3"})
		same(t, "Payers", len(list("P5", 3)), 0)
	}},
	{"of many who take one id one wins", func(t *testing.T, s sandbox.Store) {
		oneWins(t, race(crowd, func(int) error { return s.CreatePayer(ctxOf(t), sandbox.Payer{ID: "P1"}) }), sandbox.ErrExists)
	}},
	{"UpdatePayer stores the change, but never another id", func(t *testing.T, s sandbox.Store) {
		must(t, s.CreatePayer(ctxOf(t), sandbox.Payer{ID: "P1", Name: "first", Behaviour: sandbox.BehaveManual}))
		got, err := s.UpdatePayer(ctxOf(t), "P1", func(p *sandbox.Payer) error {
			p.ID, p.Name, p.Behaviour = "P9", "new", sandbox.BehaveCancel
			return nil
		})
		must(t, err)
		want := sandbox.Payer{ID: "P1", Name: "new", Behaviour: sandbox.BehaveCancel}
		same(t, "UpdatePayer", got, want)
		got, err = s.Payer(ctxOf(t), "P1")
		must(t, err)
		same(t, "Payer", got, want)
		_, err = s.Payer(ctxOf(t), "P9")
		wantError(t, "payer P9", err, sandbox.ErrNotFound)
	}},
	{"an error of UpdatePayer's function is returned and changes nothing", func(t *testing.T, s sandbox.Store) {
		want := sandbox.Payer{ID: "P1", Name: "first"}
		must(t, s.CreatePayer(ctxOf(t), want))
		_, err := s.UpdatePayer(ctxOf(t), "P1", func(p *sandbox.Payer) error { p.Name = "half done"; return errStop })
		wantError(t, "UpdatePayer", err, errStop)
		got, err := s.Payer(ctxOf(t), "P1")
		must(t, err)
		same(t, "Payer", got, want)
	}},
	{"no update is lost", func(t *testing.T, s sandbox.Store) {
		must(t, s.CreatePayer(ctxOf(t), sandbox.Payer{ID: "P1"}))
		for _, err := range race(crowd, func(int) error {
			_, err := s.UpdatePayer(ctxOf(t), "P1", func(p *sandbox.Payer) error { p.Name += "x"; return nil })
			return err
		}) {
			must(t, err)
		}
		got, err := s.Payer(ctxOf(t), "P1")
		must(t, err)
		if len(got.Name) != crowd {
			t.Errorf("after %d updates the name has %d letters, want %d", crowd, len(got.Name), crowd)
		}
	}},
}
