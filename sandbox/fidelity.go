package sandbox

import "github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"

// SuccessRow says how sure we are of a call's answer when the call works.
type SuccessRow struct {
	At       Endpoint
	Fidelity Fidelity
	Means    string
	Source   string
}

var successes = [...]SuccessRow{
	{AtOAuthCode, Assumed, "redirects by way of WeChat to redirect_uri with code; the hops are unpublished", "qfpay-api 7.3; assumption 11"},
	{AtOpenID, Documented, "four fields in the documented order", "qfpay-api 7.4"},
	{AtPayment, Observed, "fields and order as captured", "qfpay-api 3.1.2"},
	{AtQuery, Observed, "two levels of respcd, rows as captured", "qfpay-api 3.2"},
	{AtRefund, Documented, "fields as documented, their order as in the samples", "qfpay-api 3.3"},
	{AtClose, Documented, "fields as documented, their order as in the samples", "qfpay-api 3.4"},
	{AtReversal, Documented, "fields as documented, their order as in the samples", "qfpay-api 3.4"},
	{AtAddNote, Documented, "the envelope and syssn in data", "qfpay-api 3.9"},
}

// Successes is the table of the answers to calls that work.
func Successes() []SuccessRow { return append([]SuccessRow(nil), successes[:]...) }

// SuccessFidelity is how sure we are of an endpoint's answer. What is no call of QFPay's is assumed.
func SuccessFidelity(at Endpoint) Fidelity {
	for i := range successes {
		if successes[i].At == at {
			return successes[i].Fidelity
		}
	}
	return Assumed
}

// CodeRow is what a lever can answer with: a published code, on every endpoint.
type CodeRow struct {
	qfpay.RespcdRow
	Resperr  string
	Fidelity Fidelity
}

// CodesByLever lists the codes a lever can answer with, ascending.
func CodesByLever() []CodeRow {
	var rows []CodeRow
	for _, row := range qfpay.Respcds() {
		if row.Code != qfpay.RespOK {
			rows = append(rows, CodeRow{row, row.Code.Text(), fidelityOfCode(row.Code)})
		}
	}
	return rows
}
