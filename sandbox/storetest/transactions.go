package storetest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// payment is a Transaction with every field filled; its numbers end in n.
func payment(app sandbox.AppCode, m sandbox.Mchid, n int) sandbox.Transaction {
	return sandbox.Transaction{
		Syssn: sandbox.Syssn(fmt.Sprintf("S%d", n)), App: app, Mchid: m, OutTradeNo: sandbox.OutTradeNo(fmt.Sprintf("T%d", n)), Kind: sandbox.KindPayment, State: sandbox.StateCreated,
		PayType: "800207", Amount: 300, Currency: "HKD", Txdtm: "2026-03-14 20:00:00", GoodsName: "狗粮", Udid: "u", NotifyURL: "http://n.test/",
		OpenID: "o1", PrepayID: fmt.Sprintf("wx%d", n), LimitPay: "no_credit", RealName: &sandbox.RealName{CreID: "4300", TrueName: "小林"}, CreatedAt: noon,
	}
}

func withPayments(t *testing.T, s sandbox.Store, payments ...sandbox.Transaction) {
	t.Helper()
	for _, p := range payments {
		must(t, s.CreateTransaction(ctxOf(t), p))
	}
}

var transactionClauses = []clause{
	{"a transaction is found by each of its three numbers", func(t *testing.T, s sandbox.Store) {
		want := payment("A", "M1", 1)
		withPayments(t, s, want)
		got, err := s.TransactionBySyssn(ctxOf(t), "A", "S1")
		must(t, err)
		same(t, "by syssn", got, want)
		got, err = s.TransactionByOutTradeNo(ctxOf(t), "A", "M1", "T1")
		must(t, err)
		same(t, "by out_trade_no", got, want)
		got, err = s.TransactionByPrepayID(ctxOf(t), "A", "wx1")
		must(t, err)
		same(t, "by prepay_id", got, want)
	}},
	{"another App, another mchid and another number find nothing", func(t *testing.T, s sandbox.Store) {
		withPayments(t, s, payment("A", "M1", 1))
		for _, k := range []struct {
			app sandbox.AppCode
			m   sandbox.Mchid
			n   int
		}{{"B", "M1", 1}, {"A", "M1", 2}, {"", "M1", 1}} {
			p := payment(k.app, k.m, k.n)
			_, err := s.TransactionBySyssn(ctxOf(t), p.App, p.Syssn)
			wantError(t, fmt.Sprintf("syssn %s of %q", p.Syssn, p.App), err, sandbox.ErrNotFound)
			_, err = s.TransactionByPrepayID(ctxOf(t), p.App, p.PrepayID)
			wantError(t, fmt.Sprintf("prepay_id %s of %q", p.PrepayID, p.App), err, sandbox.ErrNotFound)
			_, err = s.TransactionByOutTradeNo(ctxOf(t), p.App, p.Mchid, p.OutTradeNo)
			wantError(t, fmt.Sprintf("out_trade_no %s of %q", p.OutTradeNo, p.App), err, sandbox.ErrNotFound)
		}
		for _, m := range []sandbox.Mchid{"", "M2"} {
			_, err := s.TransactionByOutTradeNo(ctxOf(t), "A", m, "T1")
			wantError(t, fmt.Sprintf("out_trade_no of mchid %q", m), err, sandbox.ErrNotFound)
		}
		_, err := change(t, s, "B", "S1", func(*sandbox.Transaction) ([]sandbox.Notification, error) {
			t.Error("change was called for a transaction of another App")
			return nil, nil
		})
		wantError(t, "ChangeTransactions", err, sandbox.ErrNotFound)
	}},
	{"each number is taken once, and a refused transaction takes none", func(t *testing.T, s sandbox.Store) {
		withPayments(t, s, payment("A", "M1", 1))
		for what, spare := range map[string]func(*sandbox.Transaction){
			"syssn":        func(p *sandbox.Transaction) { p.OutTradeNo, p.PrepayID = "T9", "wx9" },
			"out_trade_no": func(p *sandbox.Transaction) { p.Syssn, p.PrepayID = "S9", "wx9" },
			"prepay_id":    func(p *sandbox.Transaction) { p.Syssn, p.OutTradeNo = "S9", "T9" },
		} {
			p := payment("A", "M1", 1)
			spare(&p)
			wantError(t, "same "+what, s.CreateTransaction(ctxOf(t), p), sandbox.ErrExists)
		}
		withPayments(t, s, payment("A", "M1", 9))
	}},
	{"the same numbers are free for another App, the same out_trade_no for another mchid", func(t *testing.T, s sandbox.Store) {
		other := payment("A", "M2", 1)
		other.Syssn, other.PrepayID = "S2", "wx2"
		none := payment("A", "", 1)
		none.Syssn, none.PrepayID = "S3", "wx3"
		withPayments(t, s, payment("A", "M1", 1), payment("B", "M1", 1), other, none)
		got, err := s.TransactionByOutTradeNo(ctxOf(t), "A", "M2", "T1")
		must(t, err)
		same(t, "by out_trade_no", got, other)
	}},
	{"EachTransaction gives newest first, by App and mchid, in pages", func(t *testing.T, s sandbox.Store) {
		withPayments(t, s, payment("A", "M1", 1), payment("A", "M2", 2), payment("B", "M1", 3), payment("A", "M1", 4), payment("A", "", 5))
		for _, c := range []struct {
			app         sandbox.AppCode
			m           sandbox.Mchid
			skip, limit int
			want        []sandbox.Syssn
		}{
			{"A", "", 0, 10, []sandbox.Syssn{"S5", "S4", "S2", "S1"}}, {"A", "", 1, 2, []sandbox.Syssn{"S4", "S2"}}, {"A", "", 4, 10, []sandbox.Syssn{}},
			{"A", "", 99, 10, []sandbox.Syssn{}}, {"A", "", 0, 0, []sandbox.Syssn{}}, {"A", "M1", 0, 10, []sandbox.Syssn{"S4", "S1"}},
			{"A", "M1", 1, 1, []sandbox.Syssn{"S1"}}, {"B", "", 0, 10, []sandbox.Syssn{"S3"}}, {"C", "", 0, 10, []sandbox.Syssn{}},
		} {
			got := []sandbox.Syssn{}
			for _, p := range list(t, s, sandbox.TransactionRange{App: c.app, Mchid: c.m}, c.skip, c.limit) {
				got = append(got, p.Syssn)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("EachTransaction(%s, %q, %d, %d) lists %v, want %v", c.app, c.m, c.skip, c.limit, got, c.want)
			}
		}
	}},
	{"transactions are values", func(t *testing.T, s sandbox.Store) {
		handed := payment("A", "M1", 1)
		want := text(t, handed)
		withPayments(t, s, handed)
		read := func() (any, error) { return s.TransactionBySyssn(ctxOf(t), "A", "S1") }
		handed.RealName.TrueName = "spoilt"
		still(t, "changing the transaction handed to CreateTransaction", read, want)
		bySyssn, err := s.TransactionBySyssn(ctxOf(t), "A", "S1")
		must(t, err)
		byOrder, err := s.TransactionByOutTradeNo(ctxOf(t), "A", "M1", "T1")
		must(t, err)
		byPrepay, err := s.TransactionByPrepayID(ctxOf(t), "A", "wx1")
		must(t, err)
		list := list(t, s, sandbox.TransactionRange{App: "A"}, 0, 1)
		var kept *sandbox.Transaction
		updated, err := change(t, s, "A", "S1", func(p *sandbox.Transaction) ([]sandbox.Notification, error) { kept = p; return nil, nil })
		must(t, err)
		for what, p := range map[string]*sandbox.Transaction{
			"TransactionBySyssn": &bySyssn, "TransactionByOutTradeNo": &byOrder, "TransactionByPrepayID": &byPrepay, "Transactions": &list[0],
			"what ChangeTransactions left": &updated, "ChangeTransactions' function": kept,
		} {
			p.RealName.TrueName, p.Amount = "spoilt", 1
			still(t, "changing the transaction of "+what, read, want)
		}
	}},
	{"of two payments for one out_trade_no one wins", func(t *testing.T, s sandbox.Store) { raceForOrder(t, s, 2) }},
	{"of many payments for one out_trade_no one wins", func(t *testing.T, s sandbox.Store) { raceForOrder(t, s, crowd) }},
}

// raceForOrder: the losers leave no trace, not even of numbers that were their own.
func raceForOrder(t *testing.T, s sandbox.Store, n int) {
	entrant := func(i int) sandbox.Transaction {
		p := payment("A", "M1", i)
		p.OutTradeNo = "T"
		return p
	}
	winner := oneWins(t, race(n, func(i int) error { return s.CreateTransaction(ctxOf(t), entrant(i)) }), sandbox.ErrExists)
	same(t, "the App's transactions", list(t, s, sandbox.TransactionRange{App: "A"}, 0, n), []sandbox.Transaction{entrant(winner)})
	for i := range n {
		p := entrant(i)
		_, bySyssn := s.TransactionBySyssn(ctxOf(t), "A", p.Syssn)
		_, byPrepay := s.TransactionByPrepayID(ctxOf(t), "A", p.PrepayID)
		if i == winner {
			must(t, bySyssn)
			must(t, byPrepay)
			continue
		}
		wantError(t, "a loser's syssn", bySyssn, sandbox.ErrNotFound)
		wantError(t, "a loser's prepay_id", byPrepay, sandbox.ErrNotFound)
	}
}

// change hands one transaction to a function that may bring notifications, and gives what is stored then.
func change(t *testing.T, s sandbox.Store, app sandbox.AppCode, n sandbox.Syssn, f func(*sandbox.Transaction) ([]sandbox.Notification, error)) (sandbox.Transaction, error) {
	err := s.ChangeTransactions(ctxOf(t), app, []sandbox.Syssn{n}, func(ts []*sandbox.Transaction) (sandbox.Brought, error) {
		news, err := f(ts[0])
		return sandbox.Brought{Notifications: news}, err
	})
	if err != nil {
		return sandbox.Transaction{}, err
	}
	return s.TransactionBySyssn(ctxOf(t), app, n)
}

// list gives a page of an App's transactions, newest first.
func list(t *testing.T, s sandbox.Store, r sandbox.TransactionRange, skip, limit int) []sandbox.Transaction {
	page := []sandbox.Transaction{}
	must(t, s.EachTransaction(ctxOf(t), r, func(one sandbox.Transaction) bool {
		if skip--; skip < 0 && len(page) < limit {
			page = append(page, one)
		}
		return len(page) < limit
	}))
	return page
}
