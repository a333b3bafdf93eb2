package sandbox

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// Invocation is a page's WeixinJSBridge.invoke("getBrandWCPayRequest", …).
type Invocation struct {
	PayParams PayParams
	// NotText names the parameters that came as something else than a string.
	NotText []string
	// Directory is the page's address up to its last slash, OwnDirectory the cashier's here.
	Directory, OwnDirectory string
	Client                  wechat.Client
	Payer                   Payer
}

// WalletSheet is what the wallet shows the payer.
type WalletSheet struct {
	App         App
	Transaction Transaction
	Payer       Payer
}

// WalletAnswer is what the page's callback gets. With a Popup, the payer dismisses that first.
type WalletAnswer struct {
	// Result is err_msg, ErrCode err_code or empty.
	Result  string
	ErrCode string
	Popup   *wechat.Popup
}

// WalletRefusal is WeChat's no to an invocation.
type WalletRefusal struct {
	Answer WalletAnswer
	Detail string
}

func (r *WalletRefusal) Error() string { return r.Detail }

func refuseWallet(popupID, detail string) *WalletRefusal {
	popup, _ := wechat.PopupNamed(popupID)
	return refuseWithPopup(popup, detail)
}

func refuseWithPopup(popup wechat.Popup, detail string) *WalletRefusal {
	return &WalletRefusal{Answer: WalletAnswer{Result: popup.Then, ErrCode: popup.ErrCode, Popup: &popup}, Detail: detail}
}

// WeChat would offer another card first; what it says when there is none left is assumption 9.
var balancePopup = wechat.Popup{ID: "balance", Chinese: "余额不足", English: "your balance is too low", Then: wechat.PayCancel, Source: "assumed"}

// OpenWallet checks an invocation in the order of assumption 7: browser, parameters, page
// directory, appId, package, prepay_id, paySign, state, expiry, payer. Errors: *WalletRefusal.
func (g *Gateway) OpenWallet(ctx context.Context, v Invocation) (WalletSheet, error) {
	p := v.PayParams
	if !v.Client.CanPay {
		return WalletSheet{}, &WalletRefusal{Answer: WalletAnswer{Result: wechat.PayNoFunction}, Detail: v.Client.NoPay()}
	}
	for _, f := range []struct{ name, value string }{
		{"appId", p.AppID}, {"timeStamp", p.TimeStamp}, {"nonceStr", p.NonceStr}, {"package", p.Package}, {"signType", p.SignType}, {"paySign", p.PaySign},
	} {
		if f.value == "" {
			return WalletSheet{}, refuseMissingPayParam(f.name, f.name+" is missing, empty or not a string")
		}
	}
	if len(v.NotText) > 0 && v.Client.Platform == "ios" {
		return WalletSheet{}, refuseMissingPayParam(v.NotText[0], v.NotText[0]+" is not a string; iOS counts it as missing, Android takes it")
	}
	app, err := g.Store.AppByAppID(ctx, p.AppID)
	if errors.Is(err, ErrNotFound) {
		return WalletSheet{}, refuseWallet(wechat.PopupSignature, fmt.Sprintf("appId %q belongs to no official account here; use the appId of pay_params", p.AppID))
	}
	if err != nil {
		return WalletSheet{}, err
	}
	g.noteApp(ctx, app)
	Note(ctx, func(e *Exchange) { e.Payer = v.Payer.ID })
	if !app.mayRaiseWallet(v) {
		popup, _ := wechat.PopupNamed(wechat.PopupDirectory)
		return WalletSheet{}, refuseWithPopup(popup.ForPage(v.Directory), fmt.Sprintf("the page's directory %s is not registered for the account", v.Directory))
	}
	prepayID, isPrepay := strings.CutPrefix(p.Package, "prepay_id=")
	if !isPrepay {
		return WalletSheet{}, refuseWallet(wechat.PopupNoPrepay, fmt.Sprintf("package is %q, want prepay_id=…", p.Package))
	}
	t, err := g.Store.TransactionByPrepayID(ctx, app.Code, prepayID)
	if errors.Is(err, ErrNotFound) {
		return WalletSheet{}, refuseWallet(wechat.PopupNoPrepay, fmt.Sprintf("prepay_id %q was not issued for appId %s", prepayID, p.AppID))
	}
	if err != nil {
		return WalletSheet{}, err
	}
	Note(ctx, func(e *Exchange) { e.OutTradeNo, e.Syssn, e.OpenID = t.OutTradeNo, t.Syssn, t.OpenID })
	sheet := WalletSheet{App: app, Transaction: t, Payer: v.Payer}
	want, err := wechat.PaySign(p.AppID, p.TimeStamp, p.NonceStr, p.Package, p.SignType, app.Account.PayKey)
	if err != nil || subtle.ConstantTimeCompare([]byte(want), []byte(p.PaySign)) != 1 {
		return sheet, refuseWallet(wechat.PopupSignature, "paySign does not fit the other five; pass all six values of pay_params on byte for byte, percent-encoded in a query")
	}
	if t.State != StateCreated {
		return sheet, refuseWallet(wechat.PopupPaid, fmt.Sprintf("the order is %s since %s", t.State, FormatTime(t.PaidAt)))
	}
	if now := g.Now(app); !now.Before(t.ExpiresAt()) {
		return sheet, refuseWallet(wechat.PopupExpired, fmt.Sprintf("the prepay_id lived until %s; it is %s now", FormatTime(t.ExpiresAt()), FormatTime(now)))
	}
	if own := openIDFor(v.Payer.ID, app); own != t.OpenID {
		return sheet, refuseWallet(wechat.PopupOtherPayer, fmt.Sprintf("the order is for openid %s, this payer is %s", t.OpenID, own))
	}
	return sheet, nil
}

func refuseMissingPayParam(name, detail string) *WalletRefusal {
	if name == "package" {
		return refuseWallet(wechat.PopupNoPrepay, detail)
	}
	popup, _ := wechat.PopupNamed(wechat.PopupNoAppID) // WeChat's text is one and names the parameter
	popup.Chinese = strings.ReplaceAll(popup.Chinese, "appId", name)
	popup.English = strings.ReplaceAll(popup.English, "appId", name)
	return refuseWithPopup(popup, detail)
}

// mayRaiseWallet: the cashier always may; another page only from a registered directory, compared
// byte for byte (wechat 3.6).
func (a App) mayRaiseWallet(v Invocation) bool {
	if v.Directory == v.OwnDirectory {
		return true
	}
	for _, d := range a.Account.PayDirectories {
		if d == v.Directory {
			return true
		}
	}
	return false
}

// PayerPays is the payer pressing Pay. All checks are made again: the order may have been paid in
// another window, or have expired, while the sheet was open. Errors: *WalletRefusal.
func (g *Gateway) PayerPays(ctx context.Context, v Invocation) (WalletAnswer, error) {
	sheet, err := g.OpenWallet(ctx, v)
	if err != nil {
		return WalletAnswer{}, err
	}
	if v.Payer.Behaviour == BehaveInsufficientBalance {
		return WalletAnswer{}, refuseWithPopup(balancePopup, "the payer's balance is set to be too low")
	}
	if err := g.settle(ctx, sheet); errors.Is(err, errNotPayable) {
		return WalletAnswer{}, refuseWallet(wechat.PopupPaid, "the order was paid a moment ago")
	} else if err != nil {
		return WalletAnswer{}, err
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

var errNotPayable = errors.New("not payable any more")

// settle takes the money: state, WeChat's number and the notification change together.
func (g *Gateway) settle(ctx context.Context, s WalletSheet) error {
	app := s.App
	source, err := g.draw(ctx, app)
	if err != nil {
		return err
	}
	chnlsn, err := randomDigits(source, 24)
	if err != nil {
		return err
	}
	told := true
	_, err = g.Store.UpdateTransaction(ctx, app.Code, s.Transaction.Syssn, func(t *Transaction) ([]Notification, error) {
		if t.State != StateCreated {
			return nil, errNotPayable
		}
		t.State, t.PaidAt, t.Chnlsn = StatePaid, g.Now(app), "4200"+chnlsn
		n, ok := paymentNotification(app, *t)
		if told = ok; !ok {
			return nil, nil
		}
		return []Notification{n}, nil
	})
	if err != nil {
		return err
	}
	if !told {
		Find(ctx, FindNoNotifyURL, fmt.Sprintf("order %s was paid; neither it nor the App has a notify URL", s.Transaction.OutTradeNo))
	}
	g.NotificationDue()
	return nil
}
