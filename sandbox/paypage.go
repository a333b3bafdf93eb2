package sandbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// PageVisit is a browser at the address of a qrcode or a pay_url.
type PageVisit struct {
	AppID, PrepayID string
	// RedirectURL is what the merchant appended to the pay_url of an H5 payment.
	RedirectURL string
	Payer       Payer
}

// PageEnd is how a visit ended.
type PageEnd struct {
	WalletAnswer
	// Paid is what the order is, whatever the page is told.
	Paid bool
	// ReturnURL is where the browser goes next, empty to stay.
	ReturnURL string
}

// OpenPage checks a visit: order, state, expiry, payer. The sheet is filled as far as the order was
// found. Errors: *WalletRefusal.
func (g *Gateway) OpenPage(ctx context.Context, v PageVisit) (WalletSheet, error) {
	unknown := refuseWallet(wechat.PopupOrderRejected, Finding{ID: FindWalletOrder, Detail: "appid and prepay_id of the address name no order here; open the whole qrcode or pay_url",
		Received: "appid=" + shorten(v.AppID) + "&prepay_id=" + shorten(v.PrepayID)})
	app, err := g.Store.AppByAppID(ctx, v.AppID)
	if errors.Is(err, ErrNotFound) {
		return WalletSheet{}, unknown
	}
	if err != nil {
		return WalletSheet{}, err
	}
	g.noteApp(ctx, app)
	Note(ctx, func(e *Exchange) { e.Payer = v.Payer.ID })
	t, err := g.Store.TransactionByPrepayID(ctx, app.Code, v.PrepayID)
	if errors.Is(err, ErrNotFound) {
		return WalletSheet{}, unknown
	}
	if err != nil {
		return WalletSheet{}, err
	}
	account := accountFor(v.Payer.ID, app, t)
	Note(ctx, func(e *Exchange) { e.OutTradeNo, e.Syssn, e.OpenID = t.OutTradeNo, t.Syssn, account })
	sheet := WalletSheet{App: app, Transaction: t, Payer: v.Payer}
	if !t.HasPage() {
		return sheet, refuseWallet(wechat.PopupScene, Finding{ID: FindWalletPayType, Detail: fmt.Sprintf("the order's pay_type is %s, which only WeChat's bridge pays", t.PayType),
			Received: "pay_type " + string(t.PayType)})
	}
	sheet.Decision = decide(app, t, v.Payer)
	noteDecision(ctx, sheet.Decision)
	return sheet, checkPayable(t, account, sheet.Decision, g.Now(app))
}

// PayAtPage is the payer pressing Pay there. Errors: *WalletRefusal.
func (g *Gateway) PayAtPage(ctx context.Context, v PageVisit) (PageEnd, error) {
	sheet, err := g.OpenPage(ctx, v)
	if err != nil {
		return PageEnd{}, err
	}
	end := PageEnd{WalletAnswer: WalletAnswer{Result: wechat.PayOK}, Paid: true, ReturnURL: v.returnURL(sheet.Transaction)}
	if sheet.Decision.Behaviour == BehaveOKUnpaid {
		end.Paid = false
		return end, g.PayerReturned(ctx, sheet.App, sheet.Transaction.Syssn)
	}
	if err := g.payNow(ctx, sheet.App, sheet.Transaction, v.Payer, sheet.Decision); err != nil {
		return PageEnd{}, err
	}
	switch sheet.Decision.Behaviour {
	case BehavePaysNeverReturns:
		return PageEnd{WalletAnswer: WalletAnswer{Gone: true}, Paid: true}, nil
	case BehavePaysBridgeCancels:
		end.Result, end.ReturnURL = wechat.PayCancel, v.cancelURL(sheet.Transaction)
	}
	return end, g.PayerReturned(ctx, sheet.App, sheet.Transaction.Syssn)
}

// LeavePage is the payer pressing Cancel there; the order stays as it is. Errors: *WalletRefusal.
func (g *Gateway) LeavePage(ctx context.Context, v PageVisit) (PageEnd, error) {
	sheet, err := g.OpenPage(ctx, v)
	if err != nil {
		return PageEnd{}, err
	}
	return PageEnd{WalletAnswer: WalletAnswer{Result: wechat.PayCancel}, ReturnURL: v.cancelURL(sheet.Transaction)}, nil
}

// returnURL is where a payment leads to: the order's return_url; of an H5 payment what the merchant
// appended, unless that is no address.
func (v PageVisit) returnURL(t Transaction) string {
	if u := v.cancelURL(t); u != "" {
		return u
	}
	return t.ReturnURL
}

// cancelURL: only WeChat's H5 page leads back whatever the payer did; return_url is for success.
func (v PageVisit) cancelURL(t Transaction) string {
	if t.flow() == qfpay.FlowH5 && v.RedirectURL != "" && checkWebAddress(v.RedirectURL, 512) == nil {
		return v.RedirectURL
	}
	return ""
}

// Returned is the wallet having handed its result to a page, as that page tells. It moves no money:
// deliveries that wait for the payer's return become due, of which an order nobody paid has none. A
// paySign that does not fit is not from a page the merchant gave its pay_params to, and what is about
// no order is not worth an error.
func (g *Gateway) Returned(ctx context.Context, v Invocation) error {
	app, err := g.Store.AppByAppID(ctx, v.PayParams.AppID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	g.noteApp(ctx, app)
	if !app.madePaySign(v.PayParams) {
		return nil
	}
	t, err := g.Store.TransactionByPrepayID(ctx, app.Code, v.PrepayID())
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	Note(ctx, func(e *Exchange) { e.OutTradeNo, e.Syssn = t.OutTradeNo, t.Syssn })
	return g.PayerReturned(ctx, app, t.Syssn)
}
