package storetest

import (
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

var paymentClauses = []clause{
	{"ChangeTransactions stores the change, with its notifications", func(t *testing.T, s sandbox.Store) {
		withPayments(t, s, payment("A", "M1", 1))
		want := payment("A", "M1", 1)
		want.State, want.PaidAt, want.Chnlsn = sandbox.StatePaid, noon.Add(time.Minute), "4200"
		got, err := change(t, s, "A", "S1", func(p *sandbox.Transaction) ([]sandbox.Notification, error) {
			p.State, p.PaidAt, p.Chnlsn = want.State, want.PaidAt, want.Chnlsn
			return []sandbox.Notification{notice("A", "T1", noon), notice("A", "T1", noon.Add(time.Second))}, nil
		})
		must(t, err)
		same(t, "ChangeTransactions", got, want)
		got, err = s.TransactionByOutTradeNo(ctxOf(t), "A", "M1", "T1")
		must(t, err)
		same(t, "by out_trade_no", got, want)
		list, err := s.Notifications(ctxOf(t), "A", "T1")
		must(t, err)
		first, second := notice("A", "T1", noon), notice("A", "T1", noon.Add(time.Second))
		first.ID, second.ID = 1, 2
		same(t, "Notifications", list, []sandbox.Notification{first, second})
	}},
	{"ChangeTransactions cannot change what a transaction is and is found by", func(t *testing.T, s sandbox.Store) {
		withPayments(t, s, payment("A", "M1", 1))
		got, err := change(t, s, "A", "S1", func(p *sandbox.Transaction) ([]sandbox.Notification, error) {
			p.App, p.Mchid, p.Syssn, p.OutTradeNo, p.PrepayID = "B", "M9", "S9", "T9", "wx9"
			p.Kind, p.CreatedAt = sandbox.KindRefund, noon.Add(time.Hour)
			return nil, nil
		})
		must(t, err)
		same(t, "ChangeTransactions", got, payment("A", "M1", 1))
		got, err = s.TransactionBySyssn(ctxOf(t), "A", "S1")
		must(t, err)
		same(t, "by syssn", got, payment("A", "M1", 1))
	}},
	{"an error of ChangeTransactions's function changes nothing and stores no notification", func(t *testing.T, s sandbox.Store) {
		withPayments(t, s, payment("A", "M1", 1))
		_, err := change(t, s, "A", "S1", func(p *sandbox.Transaction) ([]sandbox.Notification, error) {
			p.State, p.RealName.TrueName = sandbox.StatePaid, "half done"
			return []sandbox.Notification{notice("A", "T1", noon)}, errStop
		})
		wantError(t, "ChangeTransactions", err, errStop)
		got, err := s.TransactionBySyssn(ctxOf(t), "A", "S1")
		must(t, err)
		same(t, "by syssn", got, payment("A", "M1", 1))
		list, err := s.Notifications(ctxOf(t), "A", "")
		must(t, err)
		if len(list) != 0 {
			t.Errorf("%d notifications are stored, want none", len(list))
		}
		_, err = s.Notification(ctxOf(t), 1)
		wantError(t, "Notification 1", err, sandbox.ErrNotFound)
		_, err = s.NextNotification(ctxOf(t), "A")
		wantError(t, "NextNotification", err, sandbox.ErrNotFound)
	}},
	{"of many who pay one transaction one wins, and one notification is stored", func(t *testing.T, s sandbox.Store) {
		withPayments(t, s, payment("A", "M1", 1))
		oneWins(t, race(crowd, func(int) error {
			_, err := change(t, s, "A", "S1", func(p *sandbox.Transaction) ([]sandbox.Notification, error) {
				if p.State == sandbox.StatePaid {
					return nil, errStop
				}
				p.State = sandbox.StatePaid
				return []sandbox.Notification{notice("A", "T1", noon)}, nil
			})
			return err
		}), errStop)
		list, err := s.Notifications(ctxOf(t), "A", "T1")
		must(t, err)
		if len(list) != 1 {
			t.Errorf("%d notifications are stored, want 1", len(list))
		}
	}},
}
