package sandbox

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// Invocation is a page's WeixinJSBridge.invoke("getBrandWCPayRequest", …).
type Invocation struct {
	PayParams PayParams
	// NotText names the parameters that came as something else than a string.
	NotText []string
	// Unknown names what else was handed over, in order.
	Unknown []string
	// Directory is the page's address up to its last slash, OwnDirectory the cashier's here.
	Directory, OwnDirectory string
	Client                  wechat.Client
	// UserAgent is what Client was read from.
	UserAgent string
	Payer     Payer
	// Again: a wallet of the same page is open. Unverified: wx.chooseWXPay asks, and wx.config did not verify for it.
	Again, Unverified bool
}

// PrepayID is what package names, with or without its prefix.
func (v Invocation) PrepayID() string { return strings.TrimPrefix(v.PayParams.Package, "prepay_id=") }

// WalletSheet is what the wallet shows the payer.
type WalletSheet struct {
	App         App
	Transaction Transaction
	Payer       Payer
	// Decision is what the payer is going to do.
	Decision Decision
}

// WalletAnswer is what the page's callback gets. With a Popup, the payer dismisses that first.
type WalletAnswer struct {
	// Result is err_msg, ErrCode err_code or empty.
	Result  string
	ErrCode string
	// ErrDesc is err_desc where no Popup says it.
	ErrDesc string
	Popup   *wechat.Popup
	// Gone: the payer closed WeChat after paying, so that the page's callback gets nothing.
	Gone bool
}

// WalletRefusal is WeChat's no to an invocation.
type WalletRefusal struct {
	Finding
	Answer WalletAnswer
}

func (r *WalletRefusal) Error() string { return r.Detail }

func refuseWallet(popupID string, f Finding) *WalletRefusal {
	popup, _ := wechat.PopupNamed(popupID)
	return refuseWithPopup(popup, f)
}

func refuseWithPopup(popup wechat.Popup, f Finding) *WalletRefusal {
	return &WalletRefusal{f, WalletAnswer{Result: popup.Then, ErrCode: popup.ErrCode, Popup: &popup}}
}

// OpenWallet checks an invocation in the order of assumption 7: browser, parameters, page
// directory, appId, package, prepay_id, paySign, state, expiry, payer. Errors: *WalletRefusal.
func (g *Gateway) OpenWallet(ctx context.Context, v Invocation) (WalletSheet, error) {
	p := v.PayParams
	if !v.Client.CanPay {
		return WalletSheet{}, &WalletRefusal{cannotPay(v.Client, v.UserAgent), WalletAnswer{Result: v.Client.PayRefused()}}
	}
	if v.Again {
		return WalletSheet{}, &WalletRefusal{Finding{ID: FindWalletAgain, Detail: "getBrandWCPayRequest was invoked while the page's wallet was open",
			Received: "a second invocation", Expected: "one until its callback has come"}, WalletAnswer{Result: wechat.PayFail, ErrDesc: "the wallet is open already"}}
	}
	if v.Unverified {
		return WalletSheet{}, &WalletRefusal{Finding{ID: FindWalletUnverified, Detail: "wx.chooseWXPay was called and wx.config has not verified, or does not list chooseWXPay in jsApiList"},
			WalletAnswer{Result: wechat.PayFailUnverified}}
	}
	for _, f := range []struct{ name, value string }{
		{"appId", p.AppID}, {"timeStamp", p.TimeStamp}, {"nonceStr", p.NonceStr}, {"package", p.Package}, {"signType", p.SignType}, {"paySign", p.PaySign},
	} {
		if f.value == "" {
			return WalletSheet{}, refuseMissingPayParam(f.name, v.lacks(f.name))
		}
	}
	if len(v.NotText) > 0 && v.Client.Platform == "ios" {
		return WalletSheet{}, refuseMissingPayParam(v.NotText[0], v.notText())
	}
	app, err := g.Store.AppByAppID(ctx, p.AppID)
	if errors.Is(err, ErrNotFound) {
		return WalletSheet{}, refuseWallet(wechat.PopupSignature, Finding{ID: FindWalletAppID,
			Detail: fmt.Sprintf("appId %s belongs to no official account here; use the appId of pay_params", Shown(p.AppID)), Received: "appId=" + shorten(p.AppID)})
	}
	if err != nil {
		return WalletSheet{}, err
	}
	g.noteApp(ctx, app)
	Note(ctx, func(e *Exchange) { e.Payer = v.Payer.ID })
	if !app.mayRaiseWallet(v) {
		popup, _ := wechat.PopupNamed(wechat.PopupDirectory)
		return WalletSheet{}, refuseWithPopup(popup.ForPage(v.Directory), Finding{ID: FindWalletDirectory,
			Detail:   fmt.Sprintf("the page's directory %s is not registered for the account", shorten(v.Directory)),
			Received: shorten(v.Directory), Expected: strings.Join(append([]string{v.OwnDirectory}, app.accountNamed(p.AppID).PayDirectories...), " or ")})
	}
	prepayID, isPrepay := strings.CutPrefix(p.Package, "prepay_id=")
	if !isPrepay {
		return WalletSheet{}, refuseWallet(wechat.PopupNoPrepay, Finding{ID: FindWalletPackage,
			Detail: fmt.Sprintf("package is %s, want prepay_id=…", Shown(p.Package)), Received: "package=" + shorten(p.Package), Expected: "package=" + packageMeant(p.Package)})
	}
	if n := len(p.Package); n > wechat.MaxPackage {
		return WalletSheet{}, refuseWallet(wechat.PopupNoPrepay, Finding{ID: FindWalletPackage, Detail: fmt.Sprintf("package has %d bytes, want at most %d", n, wechat.MaxPackage),
			Received: "package=" + shorten(p.Package), Expected: fmt.Sprintf("at most %d bytes", wechat.MaxPackage)})
	}
	t, err := g.Store.TransactionByPrepayID(ctx, app.Code, prepayID)
	if errors.Is(err, ErrNotFound) {
		return WalletSheet{}, refuseWallet(wechat.PopupNoPrepay, Finding{ID: FindWalletPrepayID,
			Detail: fmt.Sprintf("prepay_id %s was not issued for appId %s", Shown(prepayID), p.AppID), Received: "package=" + shorten(p.Package)})
	}
	if err != nil {
		return WalletSheet{}, err
	}
	Note(ctx, func(e *Exchange) { e.OutTradeNo, e.Syssn, e.OpenID = t.OutTradeNo, t.Syssn, t.OpenID })
	sheet := WalletSheet{App: app, Transaction: t, Payer: v.Payer}
	if !app.madePaySign(p) {
		return sheet, refuseWallet(wechat.PopupSignature, g.paySignBroken(app, t, v))
	}
	if flow := t.flow(); flow != qfpay.FlowJSAPI && flow != qfpay.FlowMiniProgram {
		return sheet, refuseWallet(wechat.PopupScene, Finding{ID: FindWalletPayType,
			Detail: fmt.Sprintf("the order's pay_type is %s, which the bridge does not pay", t.PayType), Received: "pay_type " + string(t.PayType), Expected: "pay_type 800207 or 800213"})
	}
	if len(v.NotText) > 0 {
		AddFinding(ctx, v.notText())
	}
	sheet.Decision = decide(app, t, v.Payer)
	noteDecision(ctx, sheet.Decision)
	account := accountFor(v.Payer.ID, app, t)
	if !t.PaidAt.IsZero() && t.OpenID != account {
		return sheet, otherPayer(t, account) // a stranger hears of the account, not that it is paid (wechat 3.5)
	}
	if err := checkPayable(t, account, sheet.Decision, g.Now(app)); err != nil {
		return sheet, err
	}
	return sheet, nil
}

// notText is the finding about a parameter that came as something else than a string.
func (v Invocation) notText() Finding {
	name := v.NotText[0]
	return Finding{ID: FindWalletType, Detail: name + " is not a string; iOS counts it as missing, Android takes it",
		Received: name + " without quotes, " + shorten(v.PayParams.value(name)), Expected: name + " as a string", Change: "hand over " + name + " in quotes, as pay_params has it"}
}

func refuseMissingPayParam(name string, f Finding) *WalletRefusal {
	if name == "package" {
		return refuseWallet(wechat.PopupNoPrepay, f)
	}
	popup, _ := wechat.PopupNamed(wechat.PopupNoAppID) // WeChat's text is one and names the parameter
	popup.Chinese = strings.ReplaceAll(popup.Chinese, "appId", name)
	popup.English = strings.ReplaceAll(popup.English, "appId", name)
	return refuseWithPopup(popup, f)
}

// madePaySign reports whether paySign fits the other five.
func (a App) madePaySign(p PayParams) bool {
	want, err := wechat.PaySign(p.AppID, p.TimeStamp, p.NonceStr, p.Package, p.SignType, a.Account.PayKey)
	return err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(p.PaySign)) == 1
}

// mayRaiseWallet: the cashier always may, QFPay's directories covering all its merchants; another page
// only from a directory registered for the account, compared byte for byte, or from anywhere on a domain
// registered without a path (wechat 3.6).
func (a App) mayRaiseWallet(v Invocation) bool {
	return v.Directory == v.OwnDirectory || slices.ContainsFunc(a.accountNamed(v.PayParams.AppID).PayDirectories, func(registered string) bool {
		return v.Directory == registered || !strings.HasSuffix(registered, "/") && strings.HasPrefix(v.Directory, registered+"/")
	})
}

// PayerPays is the payer pressing Pay. All checks are made again: the order may have been paid in
// another window, or have expired, while the sheet was open. Errors: *WalletRefusal.
func (g *Gateway) PayerPays(ctx context.Context, v Invocation) (WalletAnswer, error) {
	sheet, err := g.OpenWallet(ctx, v)
	if err != nil {
		return WalletAnswer{}, err
	}
	if sheet.Decision.Behaviour == BehaveOKUnpaid {
		return WalletAnswer{Result: wechat.PayOK}, nil
	}
	if err := g.payNow(ctx, sheet.App, sheet.Transaction, v.Payer, sheet.Decision); err != nil {
		return WalletAnswer{}, err
	}
	switch sheet.Decision.Behaviour {
	case BehavePaysNeverReturns:
		return WalletAnswer{Gone: true}, nil
	case BehavePaysBridgeCancels:
		return WalletAnswer{Result: wechat.PayCancel}, nil
	}
	return WalletAnswer{Result: wechat.PayOK}, nil
}

// PayerCancels is the payer closing the wallet; the order stays as it is.
func (g *Gateway) PayerCancels(ctx context.Context, v Invocation) (WalletAnswer, error) {
	if _, err := g.OpenWallet(ctx, v); err != nil {
		return WalletAnswer{}, err
	}
	return WalletAnswer{Result: wechat.PayCancel}, nil
}
