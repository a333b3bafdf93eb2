package openapi

import (
	"context"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// close and reversal serve /trade/v1/close and /trade/v1/reversal, which differ in the wallets they take.
func (a *API) close(ctx context.Context, c call) (answer, error) {
	return a.cancel(ctx, c, sandbox.AtClose)
}

func (a *API) reversal(ctx context.Context, c call) (answer, error) {
	return a.cancel(ctx, c, sandbox.AtReversal)
}

func (a *API) cancel(ctx context.Context, c call, by sandbox.Endpoint) (answer, error) {
	p := c.Params
	done, err := a.Gateway.Cancel(ctx, c.App, by, sandbox.CancelRequest{
		Syssn: p.Get("syssn"), OutTradeNo: p.Get("out_trade_no"), Txamt: p.Get("txamt"), Txdtm: p.Get("txdtm"), Mchid: p.Get("mchid"), Udid: p.Get("udid"),
	})
	if err != nil {
		return answer{}, err
	}
	t := done.Order
	return answer{Body: qfpay.CancelAnswer{
		Syssn: string(done.Syssn), OrigSyssn: string(t.Syssn), OutTradeNo: string(t.OutTradeNo), Txamt: t.Amount.String(), Txcurrcd: t.Currency,
		Txdtm: p.Get("txdtm"), Sysdtm: sandbox.FormatTime(done.At), Udid: udidOf(p.Get("udid")),
		Respcd: qfpay.RespOK, Resperr: qfpay.TextPaid,
	}.Object()}, nil
}
