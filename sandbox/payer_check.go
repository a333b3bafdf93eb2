package sandbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// The wallet's words for what is wrong with the payer's means. WeChat's own are unpublished
// (assumptions 9 and 37).
var (
	balancePopup  = wechat.Popup{ID: "balance", Chinese: "余额不足", English: "your balance is too low", Then: wechat.PayCancel, Source: "assumed"}
	creditPopup   = wechat.Popup{ID: "no-credit", Chinese: "该商户不支持使用信用卡支付", English: "this merchant takes no credit card", Then: wechat.PayCancel, Source: "assumed"}
	realNamePopup = wechat.Popup{ID: "real-name", Chinese: "支付账户的实名信息与商户提供的信息不一致", English: "your account's real name is not the one the merchant gave", Then: wechat.PayCancel, Source: "assumed"}
	closedPopup   = wechat.Popup{ID: "closed", Chinese: "该订单已关闭", English: "this order has been closed", Then: wechat.PayCancel, Source: "assumed"}
)

// checkPayable judges whether the order can be paid now, and by this account. Errors: *WalletRefusal.
func checkPayable(t Transaction, account OpenID, d Decision, now time.Time) error {
	switch state := t.StateAt(now); state {
	case StateCreated:
	case StateExpired:
		return refuseWallet(wechat.PopupExpired, Finding{ID: FindWalletExpired, Detail: fmt.Sprintf("the order could be paid until %s; it is %s now", FormatTime(t.ExpiresAt), FormatTime(now)),
			Received: "a payment at " + FormatTime(now), Expected: "one before " + FormatTime(t.ExpiresAt)})
	case StateClosed:
		return refuseWithPopup(closedPopup, Finding{ID: FindWalletClosed, Detail: fmt.Sprintf("the order was closed at %s", FormatTime(t.ClosedAt))})
	case StateFailed:
		return refuseWithPopup(closedPopup, Finding{ID: FindWalletFailed, Detail: fmt.Sprintf("the order failed with %s", t.Failure)})
	case StateRefunded, StatePartlyRefunded:
		return refuseWallet(wechat.PopupPaid, Finding{ID: FindWalletPaid, Detail: fmt.Sprintf("the order was paid at %s and is %s now", FormatTime(t.PaidAt), state)})
	default:
		return refuseWallet(wechat.PopupPaid, Finding{ID: FindWalletPaid, Detail: fmt.Sprintf("the order is %s since %s", state, FormatTime(t.PaidAt))})
	}
	if t.OpenID != "" && t.OpenID != account {
		return otherPayer(t, account)
	}
	if d.Behaviour == BehaveWrongAccount {
		return refuseWallet(wechat.PopupOtherPayer, Finding{ID: FindWalletOtherPayer, Detail: fmt.Sprintf("%s makes this payer somebody else's account", d.By)})
	}
	return nil
}

func otherPayer(t Transaction, account OpenID) *WalletRefusal {
	return refuseWallet(wechat.PopupOtherPayer, Finding{ID: FindWalletOtherPayer, Detail: fmt.Sprintf("the order is for openid %s, this payer is %s", t.OpenID, account),
		Received: "openid " + string(account), Expected: "openid " + string(t.OpenID)})
}

// checkMeans judges whether the payer can pay once Pay is pressed: real name, card, money.
// Errors: *WalletRefusal.
func checkMeans(t Transaction, p Payer, d Decision) error {
	switch {
	case d.Behaviour == BehaveRealNameMismatch:
		return refuseWithPopup(realNamePopup, Finding{ID: FindWalletRealName, Detail: d.By + " makes the payer's real name another one"})
	case !p.isNamed(t.RealName):
		return refuseWithPopup(realNamePopup, Finding{ID: FindWalletRealName, Detail: fmt.Sprintf("extend_info names %s, the card in the wallet is another person's", t.RealName.TrueName)})
	case t.LimitPay == noCredit && p.Method == MethodCredit:
		return refuseWithPopup(creditPopup, Finding{ID: FindWalletNoCredit, Detail: "limit_pay is no_credit, the payer's only means is a credit card"})
	case d.Behaviour == BehaveInsufficientBalance:
		return refuseWithPopup(balancePopup, Finding{ID: FindWalletBalance, Detail: d.By + " makes the payer's balance too low"})
	}
	return nil
}

// isNamed: without a bank card in the wallet there is no real name to compare (qfpay-api 7.5).
func (p Payer) isNamed(declared *RealName) bool {
	return declared == nil || p.CreID == "" || strings.EqualFold(p.CreID, declared.CreID) && p.RealName == declared.TrueName
}

// payNow is the payer pressing Pay on a checked order, whichever way it was opened. Notifications
// that are to arrive before the payer returns were tried when it answers. Errors: *WalletRefusal.
func (g *Gateway) payNow(ctx context.Context, app App, t Transaction, p Payer, d Decision) error {
	if err := checkMeans(t, p, d); err != nil {
		return err
	}
	err := g.settleVariant(ctx, app, t.Syssn, accountFor(p.ID, app, t), d.Variant)
	if errors.Is(err, ErrTransition) {
		return refuseWallet(wechat.PopupPaid, Finding{ID: FindWalletPaid, Detail: "the order was paid, or could be paid no more, a moment ago"})
	}
	if err != nil {
		return err
	}
	if g.DeliverBeforeReturn != nil {
		g.DeliverBeforeReturn(ctx, app.Code, t.Syssn)
	}
	return g.refundByItself(ctx, app, t.Syssn, d)
}
