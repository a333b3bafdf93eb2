package openapi

import (
	"context"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// refund serves /trade/v1/refund. txcurrcd is none of its parameters: it is the payment's.
func (a *API) refund(ctx context.Context, c call) (answer, error) {
	p := c.Params
	t, err := a.Gateway.Refund(ctx, c.App, sandbox.RefundRequest{
		Syssn: p.Get("syssn"), OutTradeNo: p.Get("out_trade_no"), Txamt: p.Get("txamt"), Txdtm: p.Get("txdtm"),
		Mchid: p.Get("mchid"), Udid: p.Get("udid"), Behaviour: c.Behaviour, Lever: c.Lever,
	})
	if err != nil {
		return answer{}, err
	}
	body := qfpay.RefundAnswer{
		Syssn: string(t.Syssn), OrigSyssn: string(t.OrigSyssn), OutTradeNo: string(t.OutTradeNo), Txamt: t.Amount.String(), Txcurrcd: t.Currency,
		Sysdtm: sandbox.FormatTime(t.CreatedAt), Txdtm: t.Txdtm, Udid: udidOf(t.Udid), Resperr: qfpay.TextPaid, Respcd: qfpay.RespOK,
	}
	if t.PaidAt.IsZero() {
		body.Respcd, body.Resperr = qfpay.RespUnpaid, qfpay.TextRefunding
	} else {
		body.Paydtm, body.Chnlsn, body.Cardcd = sandbox.FormatTime(t.PaidAt), t.Chnlsn, string(t.OpenID)
	}
	return answer{Body: body.Object(), Respcd: body.Respcd}, nil
}
