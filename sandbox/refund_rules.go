package sandbox

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// judgeRefund says why this much of a payment cannot be refunded now; nil when it can.
func judgeRefund(t Transaction, amount Amount, now time.Time) *Refusal {
	rest := t.Amount - t.Refunded - t.Refunding
	window := refundWindow(t.PayType)
	switch state := t.StateAt(now); {
	case state == StateCreated || state == StateExpired || state == StateFailed:
		return refuse("refund-unpaid", fmt.Sprintf("payment %s is %s", t.Syssn, state)).Got("a payment that is " + string(state)).Want("a payment that is paid").about(t)
	case state == StateClosed:
		return refuse("refund-closed", fmt.Sprintf("payment %s was closed at %s", t.Syssn, FormatTime(t.ClosedAt))).Got("a payment that is closed").Want("a payment that is paid").about(t)
	case state == StateRefunded:
		return refuse("refund-again", fmt.Sprintf("all of payment %s, %s, was refunded before", t.Syssn, t.Currency.Format(int64(t.Amount)))).Got("txamt=" + amount.String()).Want("nothing: 0 of " + t.Amount.String() + " is left").about(t)
	case inBlackout(now):
		return refuse("refund-blackout", fmt.Sprintf("it is %s; from 23:30:00 until 00:29:59 nothing is refunded", FormatTime(now))).
			Got("a refund at " + inBoth(now)).Want("a refund from " + inBoth(endOfBlackout(now)) + " on").
			Fix("send the refund again from " + inBoth(endOfBlackout(now)) + " on, under the same out_trade_no: it was not used").about(t)
	case now.After(t.PaidAt.Add(window)):
		return refuse("refund-window", fmt.Sprintf("payment %s was paid at %s, more than %d days before %s",
			t.Syssn, FormatTime(t.PaidAt), window/(24*time.Hour), FormatTime(now))).
			Got("a refund at " + FormatTime(now)).Want("a refund until " + FormatTime(t.PaidAt.Add(window))).about(t)
	case t.Refunding > 0:
		return refuse("refund-under-way", fmt.Sprintf("a refund of %s of payment %s is under way; wait until it is done", t.Currency.Format(int64(t.Refunding)), t.Syssn)).
			Got("txamt=" + amount.String() + " beside " + t.Refunding.String() + " under way").Want("one refund at a time").about(t)
	case amount > rest:
		return refuse("refund-over-remainder", fmt.Sprintf("txamt is %s, of payment %s %s of %s is left to refund", amount, t.Syssn, rest, t.Amount)).
			Got("txamt=" + amount.String()).Want("txamt of at most " + rest.String()).
			Fix(fmt.Sprintf("refund at most %s: of %s, %s was refunded before", t.Currency.Format(int64(rest)), t.Currency.Format(int64(t.Amount)), t.Currency.Format(int64(t.Refunded)))).about(t)
	}
	return nil
}

// inBlackout: 23:30:00 to 00:29:59 in QFPay's zone (qfpay-api 6.6); which second ends it is assumption 28.
func inBlackout(now time.Time) bool {
	hour, minute, _ := now.In(QFPayZone).Clock()
	return hour == 23 && minute >= 30 || hour == 0 && minute < 30
}

// endOfBlackout is the first instant after the hours without refunds that now is in.
func endOfBlackout(now time.Time) time.Time {
	year, month, day := now.In(QFPayZone).Add(time.Hour).Date()
	return time.Date(year, month, day, 0, 30, 0, 0, QFPayZone)
}

// inBoth is an instant in QFPay's zone and in UTC.
func inBoth(at time.Time) string {
	return FormatTime(at) + " UTC+8 (" + at.UTC().Format(DateTimeLayout) + " UTC)"
}

// refundWindow is how long after payment a wallet gives money back (qfpay-api 6.6): those observed in
// 2025, and the common one where nothing is published (assumption 29).
func refundWindow(t qfpay.PayType) time.Duration {
	const day = 24 * time.Hour
	row, _ := t.Row()
	switch row.Wallet {
	case qfpay.PayMe:
		return 90 * day
	case qfpay.FPS:
		return 29 * day
	}
	return 365 * day
}

// balanceToday is what the shop took in since midnight in QFPay's zone, in the refund's currency, less
// the refunds made since.
func (g *Gateway) balanceToday(ctx context.Context, a App, refund Transaction, now time.Time) (Amount, error) {
	year, month, day := now.In(QFPayZone).Date()
	midnight := time.Date(year, month, day, 0, 0, 0, 0, QFPayZone)
	// What was paid today can have been ordered the day before.
	r := TransactionRange{App: a.Code, Mchid: refund.Mchid, From: midnight.Add(-24 * time.Hour)}
	var balance Amount
	err := g.Store.EachTransaction(ctx, r, func(t Transaction) bool {
		switch {
		case t.Currency != refund.Currency:
		case t.Kind == KindRefund && t.State != StateFailed && !t.CreatedAt.Before(midnight):
			balance -= t.Amount
		case t.Kind == KindPayment && !t.PaidAt.IsZero() && !t.PaidAt.Before(midnight):
			balance += t.Amount
		}
		return true
	})
	return max(balance, 0), err
}

// judgeBalance says that today's balance does not cover a refund; nil when it does.
func judgeBalance(t Transaction, amount, balance Amount) *Refusal {
	if amount <= balance {
		return nil
	}
	no := refuse("refund-balance", fmt.Sprintf("txamt is %s; since midnight this shop took in %s %s more than it refunded", amount, balance, t.Currency)).Got("txamt=" + amount.String()).Want("txamt of at most " + balance.String()).about(t)
	said := "0 " + string(t.Currency) // the captured one names no decimals of nothing
	if balance > 0 {
		currency, figures, _ := strings.Cut(t.Currency.Format(int64(balance)), " ")
		said = figures + " " + currency
	}
	no.Resperr = strings.Replace(no.Resperr, "0 HKD", said, 1)
	return no
}
