package sandbox_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// What a restore or a reset makes due, or due no more, is looked at again.
func TestRestoreAndResetTellDelivery(t *testing.T) {
	w := newWorld(t)
	s, err := w.Snapshot(t.Context(), w.app.Code)
	w.must(err)
	w.told = 0
	w.must(w.Restore(t.Context(), s))
	if w.told != 1 {
		t.Errorf("delivery was told %d times of a restore, want once", w.told)
	}
	if err := w.Restore(t.Context(), sandbox.Snapshot{}); !errors.Is(err, sandbox.ErrInvalid) || w.told != 1 {
		t.Errorf("an empty snapshot gives %v and delivery was told %d times, want ErrInvalid and no more", err, w.told)
	}
	_, err = w.Reset(t.Context(), w.app.Code)
	w.must(err)
	if w.told != 2 {
		t.Errorf("delivery was told %d times of a restore and a reset, want twice", w.told)
	}
}

func TestResetOfAllFindsEveryApp(t *testing.T) {
	w := newWorld(t)
	const more = 1500 // more than are read at once
	for range more {
		_, err := w.CreateApp(t.Context(), sandbox.App{ClockOffset: time.Hour})
		w.must(err)
	}
	w.pay()
	f, err := w.Reset(t.Context(), "")
	w.must(err)
	if f.Transactions != 1 {
		t.Errorf("the reset forgot %+v, want one payment", f)
	}
	apps, err := w.Store.Apps(t.Context(), "", 2*more)
	w.must(err)
	for _, a := range apps {
		if a.ClockOffset != 0 {
			t.Fatalf("App %s is still %s ahead, want the real time", a.Code, a.ClockOffset)
		}
	}
	if _, err := w.Reset(t.Context(), "NOBODY"); !errors.Is(err, sandbox.ErrNotFound) {
		t.Errorf("a reset of nobody's App gives %v, want ErrNotFound", err)
	}
}

func TestCancellingHasWords(t *testing.T) {
	for _, c := range sandbox.Cancellings() {
		if word := c.Word(); word == "" || sandbox.ParseCancelling(word) != c {
			t.Errorf("the word of %q is %q, which reads back as %q", string(c), word, sandbox.ParseCancelling(word))
		}
	}
	if err := sandbox.CheckApp(sandbox.App{Settings: sandbox.Settings{Cancelling: sandbox.ParseCancelling("sometimes")}}); !errors.Is(err, sandbox.ErrInvalid) {
		t.Errorf("a word that is none gives %v, want ErrInvalid", err)
	}
}

// A refund fits its payment, and the payment's sums its refunds.
func TestRestoreHoldsRefundsToTheirPayments(t *testing.T) {
	w := newWorld(t)
	payment := w.paid()
	first, err := w.refund(payment, "R1", "100")
	w.must(err)
	_, err = w.refund(payment, "R2", "50")
	w.must(err)
	for _, c := range []struct {
		name   string
		change func(*sandbox.Transaction)
		want   string
	}{
		{"as it was", func(*sandbox.Transaction) {}, ""},
		{"a refund of a refund", func(t *sandbox.Transaction) {
			if t.OutTradeNo == "R2" {
				t.OrigSyssn = first.Syssn
			}
		}, "which is not in the snapshot as a payment"},
		{"a refund in other money", func(t *sandbox.Transaction) {
			if t.OutTradeNo == "R2" {
				t.Currency = "JPY"
			}
		}, "is in JPY, want its payment's HKD"},
		{"a refund that grew", func(t *sandbox.Transaction) {
			if t.OutTradeNo == "R2" {
				t.Amount = 51
			}
		}, "Refunded and Refunding are 150 and 0, want what its refunds make, 151 and 0"},
		{"a refund that has not arrived", func(t *sandbox.Transaction) {
			if t.OutTradeNo == "R2" {
				t.State = sandbox.StateCreated
			}
		}, "Refunded and Refunding are 150 and 0, want what its refunds make, 100 and 50"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := w.Snapshot(t.Context(), w.app.Code)
			w.must(err)
			for i := range s.Transactions {
				c.change(&s.Transactions[i])
			}
			err = w.Restore(t.Context(), s)
			if c.want == "" && err != nil || c.want != "" && (!errors.Is(err, sandbox.ErrInvalid) || !strings.HasSuffix(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
