package openapi

import (
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// refusalBody is a refusal's answer: three fields, and what the call was about where QFPay says that too.
func refusalBody(r *sandbox.Refusal) qfpay.Object {
	three := qfpay.Envelope{Resperr: r.Resperr, Respcd: r.Code, Respmsg: r.Respmsg}
	switch {
	case r.Rule == "cancel-unknown":
		return qfpay.CancelUnknown{Envelope: three}.Object()
	case r.Operation != "":
		return qfpay.CancelFailure{Envelope: three, Syssn: string(r.Operation), OrigSyssn: string(r.Orig.Syssn)}.Object()
	case r.Order != nil:
		return leftOrder(r)
	case r.Orig != nil:
		return qfpay.RefundFailure{
			OrigSyssn: string(r.Orig.Syssn), Txcurrcd: r.Orig.Currency, OutTradeNo: string(r.OutTradeNo), Respcd: r.Code, Resperr: r.Resperr, Respmsg: r.Respmsg,
		}.Object()
	}
	return three.Object()
}
