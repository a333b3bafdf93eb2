package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// PaymentRequest is a call of /trade/v1/payment as it was sent.
type PaymentRequest struct {
	Txamt      string
	Txcurrcd   string
	PayType    string
	OutTradeNo string
	Txdtm      string
	GoodsName  string
	Mchid      string
	Udid       string
	NotifyURL  string
	SubOpenID  string
	LimitPay   string
	// RealName is what extend_info says, ExtendInfoError why it could not be read.
	RealName        *RealName
	ExtendInfoError error
}

// Pay creates the order for pay_type 800207. It is the merchant's call: nobody has paid yet.
// Errors: *Refusal.
func (g *Gateway) Pay(ctx context.Context, a App, r PaymentRequest) (Transaction, PayParams, error) {
	now := g.Now(a)
	t, err := r.check(a, now)
	if err != nil {
		return Transaction{}, PayParams{}, err
	}
	if t.Txdtm != "" {
		g.noteTxdtm(ctx, t.Txdtm, now)
	}
	source, err := g.draw(ctx, a)
	if err != nil {
		return Transaction{}, PayParams{}, err
	}
	if t.Syssn, err = newSyssn(now, source); err != nil {
		return Transaction{}, PayParams{}, err
	}
	if t.PrepayID, err = wechat.NewPrepayID(now, source); err != nil {
		return Transaction{}, PayParams{}, err
	}
	params, err := newPayParams(a, t, source)
	if err != nil {
		return Transaction{}, PayParams{}, err
	}
	if err := g.Store.CreateTransaction(ctx, t); errors.Is(err, ErrExists) {
		return Transaction{}, PayParams{}, refuseDuplicate(fmt.Sprintf("out_trade_no %q was used before; every payment and refund needs a number of its own", t.OutTradeNo))
	} else if err != nil {
		return Transaction{}, PayParams{}, err
	}
	Note(ctx, func(e *Exchange) { e.Syssn, e.OpenID = t.Syssn, t.OpenID })
	fresh, err := g.Store.TakeGrant(ctx, a.Code, t.OpenID)
	if err != nil {
		return Transaction{}, PayParams{}, err
	}
	if !fresh {
		Find(ctx, FindOpenIDNotFresh, fmt.Sprintf("sub_openid %s was not obtained since this App's last payment with it", t.OpenID))
	}
	return t, params, nil
}

// noteTxdtm only remarks: QFPay publishes no limit on a clock that is wrong (quirk 27).
func (g *Gateway) noteTxdtm(ctx context.Context, txdtm string, now time.Time) {
	sent, err := time.ParseInLocation(DateTimeLayout, txdtm, QFPayZone)
	if err != nil {
		return
	}
	if off := now.Sub(sent); off.Abs() > 24*time.Hour {
		Find(ctx, FindTxdtmFarOff, fmt.Sprintf("txdtm is %q, QFPay's time is %s", txdtm, FormatTime(now)))
	}
}

// newSyssn: the date in QFPay's zone and 18 digits, 26 in all (qfpay-api 3.0).
func newSyssn(now time.Time, source io.Reader) (Syssn, error) {
	digits, err := randomDigits(source, 18)
	return Syssn(now.In(QFPayZone).Format("20060102") + digits), err
}

func newPayParams(a App, t Transaction, source io.Reader) (PayParams, error) {
	nonce, err := wechat.NewNonce(source)
	if err != nil {
		return PayParams{}, err
	}
	p := PayParams{
		AppID:     a.Account.AppID,
		TimeStamp: strconv.FormatInt(t.CreatedAt.Unix(), 10),
		NonceStr:  nonce,
		Package:   "prepay_id=" + t.PrepayID,
		SignType:  "MD5",
	}
	p.PaySign, err = wechat.PaySign(p.AppID, p.TimeStamp, p.NonceStr, p.Package, p.SignType, a.Account.PayKey)
	return p, err
}

// QueryRequest is a call of /trade/v1/query: one or several numbers of either kind, or none for
// the newest of the App (of the mchid, where one was sent).
type QueryRequest struct {
	Mchid       Mchid
	Syssns      []Syssn
	OutTradeNos []OutTradeNo
	// Page counts from 1.
	Page, PageSize int
}

// Query finds transactions; unknown numbers are simply not among them. With both kinds of numbers
// a transaction must match one of each.
func (g *Gateway) Query(ctx context.Context, a App, r QueryRequest) ([]Transaction, error) {
	skip := (r.Page - 1) * r.PageSize
	var found []Transaction
	switch {
	case len(r.Syssns) > 0:
		for _, n := range r.Syssns {
			t, err := g.Store.TransactionBySyssn(ctx, a.Code, n)
			if err == nil && t.Mchid == r.Mchid && (len(r.OutTradeNos) == 0 || slices.Contains(r.OutTradeNos, t.OutTradeNo)) {
				found = append(found, t)
			} else if err != nil && !errors.Is(err, ErrNotFound) {
				return nil, err
			}
		}
	case len(r.OutTradeNos) > 0:
		for _, n := range r.OutTradeNos {
			t, err := g.Store.TransactionByOutTradeNo(ctx, a.Code, r.Mchid, n)
			if err == nil {
				found = append(found, t)
			} else if !errors.Is(err, ErrNotFound) {
				return nil, err
			}
		}
	default:
		return g.Store.Transactions(ctx, a.Code, r.Mchid, skip, r.PageSize)
	}
	if skip >= len(found) {
		return nil, nil
	}
	return found[skip:min(len(found), skip+r.PageSize)], nil
}
