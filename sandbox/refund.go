package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// RefundRequest is a call of /trade/v1/refund as it was sent.
type RefundRequest struct {
	Syssn      string
	OutTradeNo string
	Txamt      string
	Txdtm      string
	Mchid      string
	Udid       string
	// Behaviour is what the call was told to do: BehavePending, BehaveFailLater, or nothing.
	Behaviour Behaviour
	// Lever names what told it.
	Lever string
}

// Refund gives a payment back, in whole or in part, and answers with the refund: done, or under way
// where the App's RefundDelay or the call's behaviour says so. Checks come in the order of assumption
// 27: parameters, payment, number, state, hour, window, what is under way, amount, balance. Errors: *Refusal.
func (g *Gateway) Refund(ctx context.Context, a App, r RefundRequest) (Transaction, error) {
	made, err := g.refund(ctx, a, r)
	var no *Refusal
	if errors.As(err, &no) {
		no.OutTradeNo = OutTradeNo(r.OutTradeNo)
	}
	return made, err
}

func (g *Gateway) refund(ctx context.Context, a App, r RefundRequest) (Transaction, error) {
	now := g.Now(a)
	amount, err := checkTrade([]parameter{{"syssn", r.Syssn, 128}, {"out_trade_no", r.OutTradeNo, 128}}, r.Txamt, r.Txdtm,
		[]parameter{{"udid", r.Udid, 40}}, now)
	if err != nil {
		return Transaction{}, err
	}
	g.noteTxdtm(ctx, r.Txdtm, now)
	if err := g.settleOverdue(ctx, a, now); err != nil {
		return Transaction{}, err
	}
	orig, err := g.payment(ctx, a, Mchid(r.Mchid), Syssn(r.Syssn), "")
	if errors.Is(err, ErrNotFound) {
		return Transaction{}, g.unknownSyssn(ctx, a, refuse("refund-unknown", fmt.Sprintf("no transaction of this shop has the syssn %s", Shown(r.Syssn))), r.Syssn, r.Mchid)
	} else if err != nil {
		return Transaction{}, err
	}
	if orig.Kind == KindRefund {
		return Transaction{}, refuse("refund-of-refund", fmt.Sprintf("%s is a refund itself; its payment is %s", orig.Syssn, orig.OrigSyssn)).Got("syssn=" + string(orig.Syssn)).Want("syssn=" + string(orig.OrigSyssn)).about(orig)
	}
	used := func() error {
		asked := Transaction{Kind: KindRefund, App: a.Code, Mchid: orig.Mchid, OutTradeNo: OutTradeNo(r.OutTradeNo), OrigSyssn: orig.Syssn, Amount: amount, CreatedAt: now}
		return g.refuseUsedNumber(ctx, asked).about(orig)
	}
	if _, err := g.Store.TransactionByOutTradeNo(ctx, a.Code, orig.Mchid, OutTradeNo(r.OutTradeNo)); err == nil {
		return Transaction{}, used()
	} else if !errors.Is(err, ErrNotFound) {
		return Transaction{}, err
	}
	made, err := g.newRefund(ctx, a, orig, r, amount, now)
	if err != nil {
		return Transaction{}, err
	}
	made, err = g.storeRefund(ctx, a, made, now)
	if errors.Is(err, ErrExists) { // another call took the number meanwhile
		return Transaction{}, used()
	}
	return made, err
}

// newRefund is the refund before anything is known of its success.
func (g *Gateway) newRefund(ctx context.Context, a App, orig Transaction, r RefundRequest, amount Amount, now time.Time) (Transaction, error) {
	source, err := g.draw(ctx, a)
	if err != nil {
		return Transaction{}, err
	}
	n, err := newSyssn(now, source)
	if err != nil {
		return Transaction{}, err
	}
	made := Transaction{
		Kind: KindRefund, Syssn: n, App: a.Code, Mchid: orig.Mchid, OutTradeNo: OutTradeNo(r.OutTradeNo), State: StateCreated,
		PayType: orig.PayType, Amount: amount, Currency: orig.Currency, Txdtm: r.Txdtm, GoodsName: orig.GoodsName, Udid: r.Udid,
		NotifyURL: orig.NotifyURL, CreatedAt: now,
		OrigSyssn: orig.Syssn, OrigOutTradeNo: orig.OutTradeNo,
	}
	made.DueAt, made.DueFailure = r.Behaviour.due(a.Settings, now)
	if r.Behaviour == BehavePending || r.Behaviour == BehaveFailLater {
		made.Lever = r.Lever
	}
	return made, nil
}

// storeRefund judges the refund and stores it with what it does to its payment, in one change.
func (g *Gateway) storeRefund(ctx context.Context, a App, made Transaction, now time.Time) (Transaction, error) {
	judge := func(t Transaction) *Refusal { return judgeRefund(t, made.Amount, now) }
	if a.Settings.DailyBalance {
		g.balance.Lock() // two refunds that see the same balance would both use it up
		defer g.balance.Unlock()
		balance, err := g.balanceToday(ctx, a, made, now)
		if err != nil {
			return Transaction{}, err
		}
		judge = func(t Transaction) *Refusal {
			if no := judgeRefund(t, made.Amount, now); no != nil {
				return no
			}
			return judgeBalance(t, made.Amount, balance)
		}
	}
	told := true
	var stored Transaction
	var news []Notification
	err := g.Store.ChangeTransactions(ctx, a.Code, []Syssn{made.OrigSyssn}, func(ts []*Transaction) (Brought, error) {
		stored = made
		if no := judge(*ts[0]); no != nil {
			return Brought{}, no
		}
		stored.OpenID, stored.Chnlsn = ts[0].OpenID, ts[0].Chnlsn
		if !made.DueAt.IsZero() {
			ts[0].Refunding += made.Amount
			return Brought{Transactions: []Transaction{stored}}, nil
		}
		var err error
		news, told, err = arrive(a, ts[0], &stored, now)
		return Brought{Transactions: []Transaction{stored}, Notifications: news}, err
	})
	if err != nil {
		return Transaction{}, err
	}
	Note(ctx, func(e *Exchange) {
		if e.Syssn = stored.Syssn; stored.Lever != "" {
			e.DecidedBy = stored.Lever
		}
	})
	if !told {
		Find(ctx, FindNoNotifyURL, fmt.Sprintf("refund %s is done; neither its payment nor the App has a notify URL", stored.OutTradeNo))
	}
	g.findDropped(ctx, a.Code, news)
	g.NotificationDue()
	return stored, nil
}

// arrive is a refund getting to the payer: it is done, its payment moves on, and somebody is told.
func arrive(a App, payment, refund *Transaction, at time.Time) ([]Notification, bool, error) {
	if err := refund.happen(HappensPaid, at); err != nil {
		return nil, true, err
	}
	payment.Refunded += refund.Amount
	on := HappensPartRefunded
	if payment.Refunded == payment.Amount {
		on = HappensRestRefunded
	}
	if err := payment.happen(on, at); err != nil {
		return nil, true, err
	}
	news, told := notificationsOn(OnRefunded, a, *payment, refund, at)
	return news, told, nil
}

// payment finds a shop's transaction by whichever numbers are given; both must fit. Errors: ErrNotFound.
func (g *Gateway) payment(ctx context.Context, a App, m Mchid, n Syssn, order OutTradeNo) (Transaction, error) {
	var t Transaction
	var err error
	if n != "" {
		t, err = g.Store.TransactionBySyssn(ctx, a.Code, n)
	} else {
		t, err = g.Store.TransactionByOutTradeNo(ctx, a.Code, m, order)
	}
	if err == nil && (t.Mchid != m || order != "" && t.OutTradeNo != order) {
		return Transaction{}, ErrNotFound
	}
	return t, err
}
