package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// CancelRequest is a call of /trade/v1/close or /trade/v1/reversal as it was sent. One of Syssn and
// OutTradeNo is enough; Txamt and Txdtm must be there and are not compared with the order's.
type CancelRequest struct {
	Syssn      string
	OutTradeNo string
	Txamt      string
	Txdtm      string
	Mchid      string
	Udid       string
}

// Cancelled is an order that was closed or reversed. Syssn numbers the cancelling itself; it is no
// transaction, and no enquiry finds it.
type Cancelled struct {
	Syssn Syssn
	At    time.Time
	Order Transaction
}

// Cancel closes an order that nobody has paid, by close or reversal. Its out_trade_no stays used.
// Checks come in this order: parameters, order, wallet, state (assumption 32). Errors: *Refusal.
func (g *Gateway) Cancel(ctx context.Context, a App, by Endpoint, r CancelRequest) (Cancelled, error) {
	now := g.Now(a)
	if r.Syssn == "" && r.OutTradeNo == "" {
		no := refuseMissing("syssn or out_trade_no")
		no.Rule = "parameter-syssn"
		return Cancelled{}, no
	}
	_, err := checkTrade(nil, r.Txamt, r.Txdtm, []parameter{{"syssn", r.Syssn, 128}, {"out_trade_no", r.OutTradeNo, 128}, {"udid", r.Udid, 40}}, now)
	if err != nil {
		return Cancelled{}, err
	}
	g.noteTxdtm(ctx, r.Txdtm, now)
	if err := g.settleOverdue(ctx, a, now); err != nil {
		return Cancelled{}, err
	}
	order, err := g.payment(ctx, a, Mchid(r.Mchid), Syssn(r.Syssn), OutTradeNo(r.OutTradeNo))
	if errors.Is(err, ErrNotFound) || err == nil && order.Kind == KindRefund {
		return Cancelled{}, g.unknownOrder(ctx, a, r, order)
	} else if err != nil {
		return Cancelled{}, err
	}
	if other := a.Settings.Cancelling.callFor(order.PayType); other != "" && other != by {
		return Cancelled{}, refuse("cancel-wrong-call", fmt.Sprintf("pay_type %s is cancelled by %s where cancelling is %s, this was %s",
			order.PayType, other, a.Settings.Cancelling, by)).Got("/trade/v1/" + string(by)).Want("/trade/v1/" + string(other)).
			Fix(fmt.Sprintf("call /trade/v1/%s for pay_type %s", other, order.PayType))
	}
	source, err := g.draw(ctx, a)
	if err != nil {
		return Cancelled{}, err
	}
	done := Cancelled{At: now}
	if done.Syssn, err = newSyssn(now, source); err != nil {
		return Cancelled{}, err
	}
	var news []Notification
	err = g.Store.ChangeTransactions(ctx, a.Code, []Syssn{order.Syssn}, func(ts []*Transaction) (Brought, error) {
		t := ts[0]
		if no := judgeCancel(*t, now); no != nil {
			no.Operation = done.Syssn
			return Brought{}, no
		}
		if err := t.happen(HappensClosed, now); err != nil {
			return Brought{}, err
		}
		done.Order = *t
		news, _ = notificationsOn(OnClosed, a, *t, nil, now)
		return Brought{Notifications: news}, nil
	})
	if err != nil {
		return Cancelled{}, err
	}
	Note(ctx, func(e *Exchange) { e.OutTradeNo, e.Syssn = order.OutTradeNo, order.Syssn })
	g.findDropped(ctx, a.Code, news)
	g.NotificationDue()
	return done, nil
}

// judgeCancel says why an order cannot be cancelled any more; nil when it can. One that has expired can.
func judgeCancel(t Transaction, now time.Time) *Refusal {
	switch state := t.StateAt(now); state {
	case StatePaid, StatePartlyRefunded:
		return refuse("cancel-paid", fmt.Sprintf("payment %s was paid at %s and is %s now; give the money back with a refund", t.Syssn, FormatTime(t.PaidAt), state)).Got("an order that is " + string(state)).Want("an order nobody has paid").about(t)
	case StateRefunded:
		return refuse("cancel-refunded", fmt.Sprintf("all of payment %s was refunded", t.Syssn)).Got("an order that is " + string(state)).Want("an order nobody has paid").about(t)
	case StateClosed, StateFailed:
		return refuse("cancel-closed", fmt.Sprintf("payment %s is %s already", t.Syssn, state)).Got("an order that is " + string(state)).Want("an order nobody has paid").about(t)
	}
	return nil
}

// callFor is the call that cancels orders of a pay type under this mapping, empty where both do
// (qfpay-api 3.4). What a document does not list it leaves to close.
func (c Cancelling) callFor(t qfpay.PayType) Endpoint {
	row, _ := t.Row()
	wallet, shown, scanned := kindOfWallet(row.Wallet), row.Flow == qfpay.FlowMPM, row.Flow == qfpay.FlowCPM
	reversal := wallet == walletAlipay && (shown || scanned)
	switch c {
	case CancelByDeveloperCenter:
		reversal = reversal || scanned && (wallet == walletWeChat || t == qfpay.AnyWalletCPM)
	case CancelByNewest:
		reversal = reversal || shown && wallet == walletWeChat
	default:
		return ""
	}
	if reversal {
		return AtReversal
	}
	return AtClose
}
