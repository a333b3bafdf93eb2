package storetest

import (
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// bring changes nothing and brings these transactions.
func bring(t *testing.T, s sandbox.Store, app sandbox.AppCode, brought ...sandbox.Transaction) error {
	t.Helper()
	return s.ChangeTransactions(ctxOf(t), app, nil, func([]*sandbox.Transaction) (sandbox.Brought, error) {
		return sandbox.Brought{Transactions: brought}, nil
	})
}

var changeClauses = []clause{
	{"several transactions come in the order asked for, and change together", func(t *testing.T, s sandbox.Store) {
		withPayments(t, s, payment("A", "M1", 1), payment("A", "M2", 2), payment("A", "M1", 3))
		must(t, s.ChangeTransactions(ctxOf(t), "A", []sandbox.Syssn{"S3", "S1"}, func(ts []*sandbox.Transaction) (sandbox.Brought, error) {
			if len(ts) != 2 || ts[0].Syssn != "S3" || ts[1].Syssn != "S1" {
				t.Fatalf("handed %s, want S3 and S1", text(t, ts))
			}
			same(t, "the first one handed", *ts[0], payment("A", "M1", 3))
			ts[0].Note, ts[1].Note = "three", "one"
			ts[0], ts[1] = ts[1], ts[0] // the slice is the function's own
			return sandbox.Brought{}, nil
		}))
		for n, note := range map[int]string{1: "one", 2: "", 3: "three"} {
			want := payment("A", "M1", n)
			if n == 2 {
				want.Mchid = "M2"
			}
			want.Note = note
			got, err := s.TransactionBySyssn(ctxOf(t), "A", want.Syssn)
			must(t, err)
			same(t, "by syssn", got, want)
		}
	}},
	{"one unknown number refuses them all, and change is not called", func(t *testing.T, s sandbox.Store) {
		withPayments(t, s, payment("A", "M1", 1), payment("B", "M1", 2))
		for _, numbers := range [][]sandbox.Syssn{{"S9"}, {"S1", "S9"}, {"S1", "S2"}, {"S1", ""}} {
			err := s.ChangeTransactions(ctxOf(t), "A", numbers, func([]*sandbox.Transaction) (sandbox.Brought, error) {
				t.Errorf("change was called for %v", numbers)
				return sandbox.Brought{}, nil
			})
			wantError(t, "ChangeTransactions", err, sandbox.ErrNotFound)
		}
	}},
	{"a change may bring transactions and notifications", func(t *testing.T, s sandbox.Store) {
		withPayments(t, s, payment("A", "M1", 1))
		refund := refundOf(payment("A", "M1", 1), 2)
		must(t, s.ChangeTransactions(ctxOf(t), "A", []sandbox.Syssn{"S1"}, func(ts []*sandbox.Transaction) (sandbox.Brought, error) {
			ts[0].Refunding = 100
			return sandbox.Brought{Transactions: []sandbox.Transaction{refund}, Notifications: []sandbox.Notification{notice("A", "T2", noon)}}, nil
		}))
		got, err := s.TransactionByOutTradeNo(ctxOf(t), "A", "M1", "T2")
		must(t, err)
		same(t, "the refund", got, refund)
		paid, err := s.TransactionBySyssn(ctxOf(t), "A", "S1")
		must(t, err)
		if paid.Refunding != 100 {
			t.Errorf("the payment has %d under way, want 100", paid.Refunding)
		}
		wantListed(t, s, sandbox.TransactionRange{App: "A"}, "S2", "S1")
		wantQueue(t, s, "A", 1)
	}},
	{"a change need not change anything to bring something", func(t *testing.T, s sandbox.Store) {
		must(t, bring(t, s, "A", payment("A", "M1", 1), payment("A", "M1", 2)))
		wantListed(t, s, sandbox.TransactionRange{App: "A"}, "S2", "S1")
	}},
	{"what is brought may take no number that is taken; then nothing is changed", func(t *testing.T, s sandbox.Store) {
		withPayments(t, s, payment("A", "M1", 1))
		free := refundOf(payment("A", "M1", 1), 2)
		for what, spoil := range map[string]func(*sandbox.Transaction){
			"syssn":                     func(p *sandbox.Transaction) { p.Syssn = "S1" },
			"out_trade_no":              func(p *sandbox.Transaction) { p.OutTradeNo = "T1" },
			"prepay_id":                 func(p *sandbox.Transaction) { p.PrepayID = "wx1" },
			"syssn of another one":      func(p *sandbox.Transaction) { p.Syssn = "S2" },
			"out_trade_no of another":   func(p *sandbox.Transaction) { p.OutTradeNo = "T2" },
			"both numbers of the other": func(p *sandbox.Transaction) { p.Syssn, p.OutTradeNo = "S2", "T2" },
		} {
			second := refundOf(payment("A", "M1", 1), 3)
			spoil(&second)
			err := s.ChangeTransactions(ctxOf(t), "A", []sandbox.Syssn{"S1"}, func(ts []*sandbox.Transaction) (sandbox.Brought, error) {
				ts[0].Note = "half done"
				return sandbox.Brought{Transactions: []sandbox.Transaction{free, second}, Notifications: []sandbox.Notification{notice("A", "T2", noon)}}, nil
			})
			wantError(t, "bringing a taken "+what, err, sandbox.ErrExists)
			wantListed(t, s, sandbox.TransactionRange{App: "A"}, "S1")
			got, err := s.TransactionBySyssn(ctxOf(t), "A", "S1")
			must(t, err)
			same(t, "the transaction that was to change", got, payment("A", "M1", 1))
			_, err = s.TransactionByOutTradeNo(ctxOf(t), "A", "M1", "T2")
			wantError(t, "the first one brought", err, sandbox.ErrNotFound)
			_, err = s.Notification(ctxOf(t), 1)
			wantError(t, "the notification brought", err, sandbox.ErrNotFound)
		}
	}},
	{"of many who bring one number one wins", func(t *testing.T, s sandbox.Store) {
		withPayments(t, s, payment("A", "M1", 0))
		oneWins(t, race(crowd, func(i int) error {
			refund := refundOf(payment("A", "M1", 0), i+1)
			refund.OutTradeNo = "T"
			return bring(t, s, "A", refund)
		}), sandbox.ErrExists)
		if n := len(list(t, s, sandbox.TransactionRange{App: "A"}, 0, crowd)); n != 2 {
			t.Errorf("%d transactions are stored, want 2", n)
		}
	}},
	{"no change of several is lost", func(t *testing.T, s sandbox.Store) {
		withPayments(t, s, payment("A", "M1", 1), payment("A", "M1", 2))
		for _, err := range race(crowd, func(i int) error {
			numbers := []sandbox.Syssn{"S1", "S2"}
			if i%2 == 0 {
				numbers[0], numbers[1] = numbers[1], numbers[0]
			}
			return s.ChangeTransactions(ctxOf(t), "A", numbers, func(ts []*sandbox.Transaction) (sandbox.Brought, error) {
				ts[0].Refunded++
				ts[1].Refunded++
				return sandbox.Brought{}, nil
			})
		}) {
			must(t, err)
		}
		for _, n := range []sandbox.Syssn{"S1", "S2"} {
			got, err := s.TransactionBySyssn(ctxOf(t), "A", n)
			must(t, err)
			if got.Refunded != crowd {
				t.Errorf("after %d changes %s has %d refunded, want %d", crowd, n, got.Refunded, crowd)
			}
		}
	}},
	{"a transaction may grow and shrink", func(t *testing.T, s sandbox.Store) {
		withPayments(t, s, payment("A", "M1", 1), payment("A", "M1", 2))
		for _, size := range []int{1, 10_000, 0, 100, 70_000, 3} {
			note := string(make([]byte, size))
			_, err := change(t, s, "A", "S1", func(p *sandbox.Transaction) ([]sandbox.Notification, error) {
				p.Note = note
				return nil, nil
			})
			must(t, err)
			for n, note := range map[int]string{1: note, 2: ""} {
				want := payment("A", "M1", n)
				want.Note = note
				got, err := s.TransactionByPrepayID(ctxOf(t), "A", want.PrepayID)
				must(t, err)
				if got.Note != note || text(t, got) != text(t, want) {
					t.Errorf("with a note of %d bytes %s is not what was stored", size, got.Syssn)
				}
			}
		}
	}},
}
