package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// CashierRequest is a visit to /q/direct as it was sent.
type CashierRequest struct {
	MerchantName string
	Txamt        string
	Currency     string
	GoodsName    string
	RedirectURL  string
	PayParams    PayParams
	// Unknown are the parameters /q/direct does not have.
	Unknown qfpay.Params
	Client  wechat.Client
	// UserAgent is what Client was read from.
	UserAgent string
}

// Cashier is what the page shows and where it goes afterwards.
type Cashier struct {
	MerchantName string
	Amount       Amount
	// Currency is empty when the merchant left it out and no order tells it.
	Currency  qfpay.Currency
	GoodsName string
	// RedirectURL is absolute.
	RedirectURL string
	PayParams   PayParams
}

// CashierRefusal says why the cashier shows no payment. NotWeChat is the one a payer causes.
type CashierRefusal struct {
	Finding
	Parameter string
	NotWeChat bool
}

func (r *CashierRefusal) Error() string { return r.ID + ": " + r.Detail }

// OpenCashier checks the mandatory parameters of /q/direct. What the document demands and shops in
// the field leave out or get wrong is served, and found (qfpay-api 7.6). Errors: *CashierRefusal.
func (g *Gateway) OpenCashier(ctx context.Context, r CashierRequest) (Cashier, error) {
	var order Transaction
	if r.PayParams.AppID != "" {
		app, err := g.Store.AppByAppID(ctx, r.PayParams.AppID)
		if err == nil {
			g.noteApp(ctx, app)
		} else if !errors.Is(err, ErrNotFound) {
			return Cashier{}, err
		}
		t, err := g.Store.TransactionByPrepayID(ctx, app.Code, strings.TrimPrefix(r.PayParams.Package, "prepay_id="))
		if err == nil {
			order = t
			noteOrderDiffers(ctx, r, t)
		} else if !errors.Is(err, ErrNotFound) {
			return Cashier{}, err
		}
		if r.Currency == "" {
			r.Currency = string(t.Currency)
			AddFinding(ctx, currencyMissing(r, t))
		}
	}
	if !r.Client.InWeChat {
		return Cashier{}, &CashierRefusal{Finding: notWeChat(r.Client, r.UserAgent), NotWeChat: true}
	}
	for _, p := range []struct{ name, value string }{
		{"mchntnm", r.MerchantName}, {"txamt", r.Txamt}, {"redirect_url", r.RedirectURL},
		{"package", r.PayParams.Package}, {"timeStamp", r.PayParams.TimeStamp}, {"signType", r.PayParams.SignType},
		{"paySign", r.PayParams.PaySign}, {"appId", r.PayParams.AppID}, {"nonceStr", r.PayParams.NonceStr},
	} {
		if p.value == "" {
			return Cashier{}, &CashierRefusal{Parameter: p.name,
				Finding: cashierMissing(p.name, r.Unknown)}
		}
	}
	amount, err := ParseAmount(r.Txamt)
	if err != nil {
		return Cashier{}, cashierAmount(r.Txamt, order, err)
	}
	currency := qfpay.Currency(r.Currency)
	if _, ok := currency.Row(); !ok && currency != "" {
		return Cashier{}, cashierWrong("currency", r.Currency, fmt.Sprintf("is %s, want one of %s", Shown(r.Currency), currencyList(nil)), "one of "+currencyList(nil))
	}
	for _, p := range []struct {
		name, value string
		most        int
	}{{"mchntnm", r.MerchantName, 128}, {"goods_name", r.GoodsName, 64}} {
		if err := checkText(p.value, p.most); err != nil {
			no := cashierWrong(p.name, p.value, err.Error(), fmt.Sprintf("at most %d printable characters", p.most))
			no.Change = otherCharset(p.name, p.value)
			return Cashier{}, no
		}
	}
	noteBlanks(ctx, r.PayParams)
	target, err := g.redirectTarget(ctx, r)
	if err != nil {
		return Cashier{}, err
	}
	return Cashier{MerchantName: r.MerchantName, Amount: amount, Currency: currency, GoodsName: r.GoodsName, RedirectURL: target, PayParams: r.PayParams}, nil
}

// cashierWrong names a parameter whose value /q/direct cannot take.
func cashierWrong(name, value, detail, want string) *CashierRefusal {
	return &CashierRefusal{Parameter: name,
		Finding: Finding{ID: FindCashierWrong, Detail: name + " " + detail, Received: name + "=" + shorten(value), Expected: want}}
}

func noteOrderDiffers(ctx context.Context, r CashierRequest, t Transaction) {
	Note(ctx, func(e *Exchange) { e.OutTradeNo, e.Syssn, e.OpenID = t.OutTradeNo, t.Syssn, t.OpenID })
	if shown, err := ParseAmount(r.Txamt); err == nil && shown != t.Amount {
		AddFinding(ctx, amountDiffers(r.Txamt, shown, t))
	}
	if r.Currency != "" && r.Currency != string(t.Currency) {
		AddFinding(ctx, Finding{ID: FindCurrencyDiffers, Detail: fmt.Sprintf("currency is %s, the order's is %s", Shown(r.Currency), t.Currency),
			Received: "currency=" + shorten(r.Currency), Expected: "currency=" + string(t.Currency)})
	}
}

// redirectTarget reads redirect_url as leniently as shops write it: encoded once, raw or twice,
// with or without a scheme.
func (g *Gateway) redirectTarget(ctx context.Context, r CashierRequest) (string, error) {
	target := r.RedirectURL
	wrong := func() error {
		return cashierWrong("redirect_url", r.RedirectURL,
			fmt.Sprintf("is %s, want an absolute address of at most 512 characters such as https://shop.example/done", Shown(r.RedirectURL)), "an absolute address of at most 512 characters")
	}
	if utf8.RuneCountInString(target) > 512 {
		return "", wrong()
	}
	if !hasScheme(target) {
		if decoded, err := url.QueryUnescape(target); err == nil && hasScheme(decoded) {
			AddFinding(ctx, Finding{ID: FindRedirectEncoded, Detail: fmt.Sprintf("redirect_url is %s after decoding once", Shown(target)),
				Received: "redirect_url=" + shorten(target), Expected: "redirect_url=" + shorten(decoded)})
			target = decoded
		} else {
			AddFinding(ctx, Finding{ID: FindRedirectNoScheme, Detail: fmt.Sprintf("redirect_url is %s; it was taken as http://%s", Shown(target), shorten(target)),
				Received: "redirect_url=" + shorten(target), Expected: "redirect_url=https://" + shorten(target),
				Change: "put https:// in front; QFPay's published sample, www.example.com, lacks it too"})
			target = "http://" + target
		}
	}
	if checkWebAddress(target, 520) != nil {
		return "", wrong()
	}
	if len(r.Unknown) > 0 && strings.Contains(target, "?") {
		AddFinding(ctx, redirectCut(r))
	}
	return target, nil
}

// hasScheme reports whether an address starts with one; a "://" further on belongs to its query.
func hasScheme(address string) bool {
	before, _, found := strings.Cut(address, "://")
	return found && !strings.ContainsAny(before, "/?#")
}
