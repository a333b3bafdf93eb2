package openapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// payment serves /trade/v1/payment for pay_type 800207.
func (a *API) payment(ctx context.Context, c call) (answer, error) {
	p := c.Params
	realName, realNameErr := readExtendInfo(p.Get("extend_info"))
	t, params, err := a.Gateway.Pay(ctx, c.App, sandbox.PaymentRequest{
		Txamt: p.Get("txamt"), Txcurrcd: p.Get("txcurrcd"), PayType: p.Get("pay_type"), OutTradeNo: p.Get("out_trade_no"), Txdtm: p.Get("txdtm"),
		GoodsName: p.Get("goods_name"), Mchid: p.Get("mchid"), Udid: p.Get("udid"), NotifyURL: p.Get("notify_url"),
		SubOpenID: p.Get("sub_openid"), LimitPay: p.Get("limit_pay"), RealName: realName, ExtendInfoError: realNameErr,
	})
	if err != nil {
		return answer{}, err
	}
	now := sandbox.FormatTime(t.CreatedAt)
	return answer{Body: qfpay.PaymentAnswer{
		PayType: t.PayType, Sysdtm: now, Paydtm: now, Txdtm: t.Txdtm, Udid: udidOf(t), Txcurrcd: t.Currency, Txamt: t.Amount.String(),
		Resperr: qfpay.TextPaid, OutTradeNo: string(t.OutTradeNo), Syssn: string(t.Syssn),
		PayParams: &qfpay.PayParams{
			Package: params.Package, TimeStamp: params.TimeStamp, SignType: params.SignType, PaySign: params.PaySign,
			AppID: params.AppID, NonceStr: params.NonceStr,
		},
		Respcd: qfpay.RespOK,
	}.Object()}, nil
}

func udidOf(t sandbox.Transaction) string {
	if t.Udid == "" {
		return qfpay.DefaultUdid
	}
	return t.Udid
}

// readExtendInfo reads the payer's real name: a JSON object with user_creid and user_truename;
// raw Chinese and \u escapes are the same. Nil for an empty value.
func readExtendInfo(s string) (*sandbox.RealName, error) {
	if s == "" {
		return nil, nil
	}
	var info struct {
		CreID    *string `json:"user_creid"`
		TrueName *string `json:"user_truename"`
	}
	dec := json.NewDecoder(strings.NewReader(s))
	if err := dec.Decode(&info); err != nil {
		return nil, fmt.Errorf("is %q, want a JSON object such as {\"user_creid\":\"…\",\"user_truename\":\"…\"}", s)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("is %q, want one JSON object and nothing behind it", s)
	}
	if info.CreID == nil || info.TrueName == nil {
		return nil, fmt.Errorf("is %q, want both user_creid and user_truename", s)
	}
	return &sandbox.RealName{CreID: *info.CreID, TrueName: *info.TrueName}, nil
}
