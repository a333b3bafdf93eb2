package openapi

import (
	"cmp"
	"context"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// payment serves /trade/v1/payment.
func (a *API) payment(ctx context.Context, c call) (answer, error) {
	p := c.Params
	r := sandbox.PaymentRequest{
		Txamt: p.Get("txamt"), Txcurrcd: p.Get("txcurrcd"), PayType: p.Get("pay_type"), OutTradeNo: p.Get("out_trade_no"), Txdtm: p.Get("txdtm"),
		GoodsName: p.Get("goods_name"), Mchid: p.Get("mchid"), Udid: p.Get("udid"), NotifyURL: p.Get("notify_url"), ReturnURL: p.Get("return_url"),
		ExpiredTime: p.Get("expired_time"), SubOpenID: p.Get("sub_openid"), AuthCode: p.Get("auth_code"), LimitPay: p.Get("limit_pay"),
		ExtendInfo: p.Get("extend_info"), Behaviour: c.Behaviour, Lever: c.Lever,
	}
	if r.LimitPay == "" {
		r.LimitPay = p.Get("pay_limit") // as QFPay's own tests of 2016 have it
	}
	if qfpay.PayType(r.PayType) == qfpay.WeChatH5 {
		r.ExtendInfoError = readScene(r.ExtendInfo)
	} else {
		r.RealName, r.ExtendInfoError = readExtendInfo(r.ExtendInfo)
	}
	t, params, err := a.Gateway.Pay(ctx, c.App, r)
	if err != nil {
		return answer{}, err
	}
	body := paymentAnswer(&t, qfpay.RespOK, qfpay.TextPaid)
	switch c.App.Shape(t.PayType) {
	case sandbox.ShapeParams:
		body.PayParams = &qfpay.PayParams{
			Package: params.Package, TimeStamp: params.TimeStamp, SignType: params.SignType, PaySign: params.PaySign,
			AppID: params.AppID, NonceStr: params.NonceStr,
		}
	case sandbox.ShapeAppParams:
		body.AppParams = &qfpay.AppPayParams{
			Package: params.Package, TimeStamp: params.TimeStamp, Sign: params.PaySign, PartnerID: params.PartnerID,
			AppID: params.AppID, PrepayID: t.PrepayID, NonceStr: params.NonceStr,
		}
	case sandbox.ShapeQRCode:
		body.QRCode = a.Wallet(c.Request) + sandbox.PayPageTarget(c.App, t)
	case sandbox.ShapeURL:
		body.PayURL = a.Wallet(c.Request) + sandbox.PayPageTarget(c.App, t)
	}
	return answer{Body: body.Object()}, nil
}

// paymentAnswer is what every answer says of its order. Of one that is not paid, paydtm is sysdtm.
func paymentAnswer(t *sandbox.Transaction, code qfpay.Respcd, text string) qfpay.PaymentAnswer {
	created := sandbox.FormatTime(t.CreatedAt)
	a := qfpay.PaymentAnswer{
		PayType: t.PayType, Sysdtm: created, Paydtm: created, Txdtm: t.Txdtm, Udid: udidOf(t.Udid),
		Txcurrcd: t.Currency, Txamt: t.Amount.String(), Resperr: text, OutTradeNo: string(t.OutTradeNo), Syssn: string(t.Syssn), Respcd: code,
	}
	if !t.PaidAt.IsZero() {
		a.Paydtm, a.Chnlsn, a.Cardcd = sandbox.FormatTime(t.PaidAt), t.Chnlsn, string(t.OpenID)
	}
	return a
}

// leftOrder is the answer to a payment that was not made but left its order behind: under way, which
// says all a success says, or failed.
func leftOrder(r *sandbox.Refusal) qfpay.Object {
	t := r.Order
	if t.State != sandbox.StateFailed {
		return paymentAnswer(t, r.Code, r.Resperr).Object()
	}
	return qfpay.PaymentFailure{
		PayType: t.PayType, Resperr: r.Resperr, Txcurrcd: t.Currency, Txdtm: t.Txdtm, Txamt: t.Amount.String(), Respmsg: r.Respmsg,
		OutTradeNo: string(t.OutTradeNo), Syssn: string(t.Syssn), Respcd: r.Code,
	}.Object()
}

func udidOf(sent string) string { return cmp.Or(sent, qfpay.DefaultUdid) }
