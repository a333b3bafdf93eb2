package sandbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// PaymentRequest is a call of /trade/v1/payment as it was sent.
type PaymentRequest struct {
	Txamt       string
	Txcurrcd    string
	PayType     string
	OutTradeNo  string
	Txdtm       string
	GoodsName   string
	Mchid       string
	Udid        string
	NotifyURL   string
	ReturnURL   string
	ExpiredTime string
	SubOpenID   string
	AuthCode    string
	LimitPay    string
	// ExtendInfo is extend_info itself, RealName what it says of the payer, ExtendInfoError why it
	// could not be read, or holds no scene where the pay type wants one.
	ExtendInfo      string
	RealName        *RealName
	ExtendInfoError error
	// Behaviour is what the payer of this order does whoever it is, empty without such a lever;
	// Lever names what set it.
	Behaviour Behaviour
	Lever     string
}

// Pay creates an order. It is the merchant's call: nobody has paid yet, but where the merchant
// scanned the payer's code. PayParams are filled for pay types whose Shape has parameters.
// Errors: *Refusal; one that names its Order left that order behind.
func (g *Gateway) Pay(ctx context.Context, a App, r PaymentRequest) (Transaction, PayParams, error) {
	now := g.Now(a)
	t, s, err := r.check(a, now)
	if err != nil {
		return Transaction{}, PayParams{}, err
	}
	if t.Txdtm != "" {
		g.noteTxdtm(ctx, t.Txdtm, now)
	}
	if t.Amount == 1 && t.flow() == qfpay.FlowJSAPI {
		AddFinding(ctx, Finding{ID: FindOneCent, Detail: "txamt is 1, which is " + t.Currency.Format(1), Received: "txamt=1"})
	}
	if s.shape == ShapeDone {
		t, err = g.scan(ctx, a, t, r.AuthCode)
		return t, PayParams{}, err
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
	if s.shape == ShapeParams && t.flow() == qfpay.FlowJSAPI {
		t.AppID = a.Own.AppID
	}
	var params PayParams
	switch s.shape {
	case ShapeParams:
		params, err = newPayParams(a, t, source)
	case ShapeAppParams:
		params, err = newAppParams(a, t, source)
	}
	if err != nil {
		return Transaction{}, PayParams{}, err
	}
	if err := g.createOrder(ctx, t); err != nil {
		return Transaction{}, PayParams{}, err
	}
	if t.OpenID == "" {
		return t, params, nil
	}
	fresh, err := g.Store.TakeGrant(ctx, a.Code, t.OpenID)
	if err != nil {
		return Transaction{}, PayParams{}, err
	}
	other, err := g.noteOtherAccount(ctx, a, t.OpenID)
	if err != nil {
		return Transaction{}, PayParams{}, err
	}
	if !fresh && !other {
		AddFinding(ctx, g.whoseOpenID(ctx, a, t.OpenID))
	}
	return t, params, nil
}

func (g *Gateway) createOrder(ctx context.Context, t Transaction) error {
	if err := g.Store.CreateTransaction(ctx, t); errors.Is(err, ErrExists) {
		return g.refuseUsedNumber(ctx, t)
	} else if err != nil {
		return err
	}
	Note(ctx, func(e *Exchange) { e.Syssn, e.OpenID = t.Syssn, t.OpenID })
	return nil
}

// refuseUsedNumber says when, in which state and for how much the number was used.
func (g *Gateway) refuseUsedNumber(ctx context.Context, t Transaction) *Refusal {
	r := refuse("out-trade-no-used", fmt.Sprintf("out_trade_no %s was used before; every payment and refund needs a number of its own", Shown(t.OutTradeNo))).
		Got("out_trade_no=" + shorten(t.OutTradeNo)).Want("an out_trade_no that no payment or refund had before")
	first, err := g.Store.TransactionByOutTradeNo(ctx, t.App, t.Mchid, t.OutTradeNo)
	if err != nil {
		return r
	}
	state := first.StateAt(t.CreatedAt)
	r.Detail += fmt.Sprintf(": %s %s of %s, made at %s, has it and is %s", first.Kind, first.Syssn, first.Currency.Format(int64(first.Amount)), FormatTime(first.CreatedAt), state)
	switch apart := t.CreatedAt.Sub(first.CreatedAt); {
	case first.Kind == KindPayment && t.Kind == KindPayment && apart < time.Minute && first.Amount == t.Amount && first.OpenID == t.OpenID:
		r.Fix(fmt.Sprintf("send each order once: the same one came %s before; look for a repeated click, a retry, or a request that is executed twice", apart))
	case first.Kind == KindPayment && state == StateCreated:
		r.Fix("let the payer pay the order that is there, whose pay_params you have, or close it and order under a new number: a number stays used after close too")
	case state == StateClosed || state == StateExpired || state == StateFailed:
		r.Fix(fmt.Sprintf("order under a new number: the first one is %s, and its number stays used", state))
	case t.Kind == KindRefund && first.Syssn == t.OrigSyssn:
		r.Fix("give the refund a number of its own: out_trade_no is the refund's, the payment is named by syssn")
	}
	return r
}

// noteTxdtm only remarks: QFPay publishes no limit on a clock that is wrong (quirk 27).
func (g *Gateway) noteTxdtm(ctx context.Context, txdtm string, now time.Time) {
	if sent, ok := parseTime(txdtm); ok && now.Sub(sent).Abs() > 24*time.Hour {
		AddFinding(ctx, Finding{ID: FindTxdtmFarOff, Detail: fmt.Sprintf("txdtm is %q, QFPay's time is %s", txdtm, FormatTime(now)),
			Received: "txdtm=" + txdtm, Expected: "txdtm=" + FormatTime(now) + ", or the same in another zone"})
	}
}

// newSyssn: the date in QFPay's zone and 18 digits, 26 in all (qfpay-api 3.0).
func newSyssn(now time.Time, source io.Reader) (Syssn, error) {
	digits, err := randomDigits(source, 18)
	var room [26]byte
	return Syssn(append(now.In(QFPayZone).AppendFormat(room[:0], "20060102"), digits...)), err
}

func newPayParams(a App, t Transaction, source io.Reader) (PayParams, error) {
	nonce, err := wechat.NewNonce(source)
	if err != nil {
		return PayParams{}, err
	}
	p := PayParams{
		AppID:     cmp.Or(t.AppID, a.Account.AppID),
		TimeStamp: strconv.FormatInt(t.CreatedAt.Unix(), 10),
		NonceStr:  nonce,
		Package:   "prepay_id=" + t.PrepayID,
		SignType:  wechat.SignMD5,
	}
	p.PaySign, err = wechat.PaySign(p.AppID, p.TimeStamp, p.NonceStr, p.Package, p.SignType, a.Account.PayKey)
	return p, err
}

// newAppParams are what an app hands to WeChat's SDK; the prepay_id is the order's own.
func newAppParams(a App, t Transaction, source io.Reader) (PayParams, error) {
	nonce, err := wechat.NewNonce(source)
	if err != nil {
		return PayParams{}, err
	}
	// WeChat's number of the merchant stays the same as long as the account does.
	partner, err := randomDigits(streamFrom(a.Account.AppID, "partner", 0), 9)
	if err != nil {
		return PayParams{}, err
	}
	p := PayParams{
		AppID:     a.Account.AppID,
		TimeStamp: strconv.FormatInt(t.CreatedAt.Unix(), 10),
		NonceStr:  nonce,
		Package:   "Sign=WXPay",
		SignType:  wechat.SignMD5,
		PartnerID: "1" + partner,
	}
	p.PaySign, err = wechat.AppSign(p.AppID, p.TimeStamp, p.NonceStr, p.Package, p.PartnerID, t.PrepayID, a.Account.PayKey)
	return p, err
}
