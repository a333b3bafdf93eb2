package sandbox

import "github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"

// Endpoint is a call of QFPay's by the last word of its path.
type Endpoint string

const (
	AtOAuthCode Endpoint = "get_weixin_oauth_code"
	AtOpenID    Endpoint = "get_weixin_openid"
	AtPayment   Endpoint = "payment"
	AtQuery     Endpoint = "query"
	AtRefund    Endpoint = "refund"
	AtClose     Endpoint = "close"
	AtReversal  Endpoint = "reversal"
	AtAddNote   Endpoint = "add_note"
	// AtOther stands for the paths of QFPay's that are no call served here.
	AtOther Endpoint = "other paths"
)

// Endpoints lists the calls served here.
func Endpoints() []Endpoint {
	return []Endpoint{AtOAuthCode, AtOpenID, AtPayment, AtQuery, AtRefund, AtClose, AtReversal, AtAddNote}
}

// RefusalRow is one refusal of the rules: what goes on the wire, when, and how sure we are of it.
// docs/refusals.md is made from the table, and each row has a golden at each of its endpoints.
type RefusalRow struct {
	Rule     string
	Code     qfpay.Respcd
	Resperr  string
	Respmsg  string
	Fidelity Fidelity
	At       []Endpoint
	// When is the condition, Source where code, text and condition come from.
	When   string
	Source string
}

var (
	everywhere = Endpoints()
	atRefund   = []Endpoint{AtRefund}
	atCancel   = []Endpoint{AtClose, AtReversal}
)

var refusals = [...]RefusalRow{
	{"app-code-unknown", qfpay.RespSignature, qfpay.TextBadAppCode, "", Observed, everywhere,
		"the app code is missing or nobody's", "qfpay-api 2.6"},
	{"signature-wrong", qfpay.RespSignature, qfpay.TextBadSign, "signature error", Documented, everywhere,
		"the signature is missing or does not fit", "qfpay-api 2.6; text: assumption 2"},
	{"mchid-rule", qfpay.RespSignature, qfpay.TextBadMchid, "", Observed, everywhere,
		"the mchid is missing although the App has shops, or is not one of its shops", "qfpay-api 2.6"},
	{"outcome-unreadable", qfpay.RespParameter, textParameter, "X-Sandbox-Outcome error", Assumed, everywhere,
		"the header X-Sandbox-Outcome holds what is no lever, or none of this call", "assumption 50"},
	{"rate-limit", qfpay.RespMaintenance, "请求过于频繁(1100)", "too many requests", Documented, everywhere,
		"the App's rate limit is on and it made more than 100 calls in a second, or 400 in a minute, of its clock; HTTP 429", "qfpay-api 5; code and texts: assumption 51"},
	{"body-too-large", qfpay.RespMalformed, textMalformed, "request body too large", Assumed, everywhere,
		"the body has more than 1 MiB", "assumption 5"},
	{"body-malformed", qfpay.RespMalformed, textMalformed, "malformed multipart body", Assumed, everywhere,
		"a multipart body has no boundary or no end", "assumption 5"},
	{"body-unreadable", qfpay.RespMalformed, textMalformed, "request body incomplete", Assumed, everywhere,
		"the body ends early, or its chunks cannot be read", "assumption 5"},
	{"method-not-allowed", qfpay.RespMalformed, textMalformed, "method not allowed", Assumed, everywhere,
		"the call does not take the method; HTTP 405", "assumption 5"},
	{"path-unknown", qfpay.RespMalformed, textMalformed, "no such interface", Assumed, []Endpoint{AtOther},
		"QFPay has no such path; HTTP 404", "assumption 5"},
	{"endpoint-not-served", qfpay.RespMalformed, textMalformed, "no such interface", Assumed, []Endpoint{AtOther},
		"QFPay has the call, this sandbox has not; HTTP 404", "qfpay-api 3.8 to 3.15; assumption 55"},
	{"oauth-return-without-code", qfpay.RespMalformed, textMalformed, "code is required", Assumed, []Endpoint{AtOAuthCode},
		"the way back from WeChat carries no code", "assumption 11"},

	{"code-unknown", qfpay.RespParameter, textOpenID, "invalid code, 40029", Assumed, []Endpoint{AtOpenID},
		"the code was not issued to this App", "assumption 4"},
	{"code-used", qfpay.RespParameter, textOpenID, "code been used, 40163", Assumed, []Endpoint{AtOpenID},
		"the code was exchanged before", "assumption 4"},
	{"code-expired", qfpay.RespParameter, textOpenID, "code expired, 42003", Assumed, []Endpoint{AtOpenID},
		"the code is more than five minutes old", "assumption 4"},

	{"pay-type-not-enabled", qfpay.RespParameter, qfpay.TextNoPayType, qfpay.TextFilterError, Documented, []Endpoint{AtPayment},
		"the App does not have this pay_type", "qfpay-api 2.6"},
	{"pay-type-not-served", qfpay.RespParameter, qfpay.TextNoPayType, qfpay.TextFilterError, Assumed, []Endpoint{AtPayment},
		"QFPay has this pay_type, this sandbox does not serve it", "assumption 39"},
	{"auth-code-malformed", qfpay.RespAuthCode, qfpay.RespAuthCode.Text(), "", Documented, []Endpoint{AtPayment},
		"auth_code is not 16 to 24 digits, or, for any wallet (800008), starts as no wallet's does", "qfpay-api 3.1.3; text: assumption 25"},
	{"auth-code-used", qfpay.RespAuthCode, qfpay.RespAuthCode.Text(), "", Documented, []Endpoint{AtPayment},
		"auth_code was scanned before", "qfpay-api 3.1.3, 6.5; text: assumption 25"},
	{"auth-code-expired", qfpay.RespAuthCodeExpired, qfpay.RespAuthCodeExpired.Text(), "", Documented, []Endpoint{AtPayment},
		"auth_code was issued more than a day ago", "qfpay-api 5, 6.5; text: assumption 25"},
	{"auth-code-wallet", qfpay.RespWrongWallet, qfpay.RespWrongWallet.Text(), "", Documented, []Endpoint{AtPayment},
		"auth_code is another wallet's than the pay_type", "qfpay-api 5; text: assumption 25"},
	{"payer-enters-password", qfpay.RespUnpaid, qfpay.TextUnpaid, "", Documented, []Endpoint{AtPayment},
		"the payer whose code was scanned is entering the password; ask again with query", "qfpay-api 3.1.3, 3.2"},
	{"payment-under-way", qfpay.RespProcessing, qfpay.TextUnderWay, "", Documented, []Endpoint{AtPayment},
		"the payment of a scanned code is under way; ask again with query", "qfpay-api 3.1.3; text: assumption 25"},
	{"payer-balance", qfpay.RespBalance, qfpay.RespBalance.Text(), "", Documented, []Endpoint{AtPayment},
		"the payer whose code was scanned has not enough money; the order failed", "qfpay-api 5; text: assumption 25"},
	{"payer-account", qfpay.RespPayerAccount, qfpay.RespPayerAccount.Text(), "", Documented, []Endpoint{AtPayment},
		"the wallet does not let the payer's account pay; the order failed", "qfpay-api 5; text: assumption 25"},
	{"payer-card", qfpay.RespPayerAccount, qfpay.RespPayerAccount.Text(), "", Assumed, []Endpoint{AtPayment},
		"limit_pay is no_credit and the payer has nothing but a credit card; the order failed", "assumption 40"},
	{"payer-real-name", qfpay.RespWeChat, qfpay.RespWeChat.Text(), "", Assumed, []Endpoint{AtPayment},
		"the payer's real name is another one; the order failed", "assumption 40"},
	{"out-trade-no-used", qfpay.RespDuplicateOrder, qfpay.TextDuplicateOrder, qfpay.TextOrderUsed, Observed, []Endpoint{AtPayment, AtRefund},
		"the out_trade_no was used before, by a payment or a refund", "qfpay-api 3.1.3"},

	{"refund-unknown", qfpay.RespUnknownTransaction, qfpay.RespUnknownTransaction.Text(), "", Documented, atRefund,
		"syssn is no transaction of this shop", "qfpay-api 3.3"},
	{"refund-of-refund", qfpay.RespUnknownTransaction, qfpay.RespUnknownTransaction.Text(), "", Assumed, atRefund,
		"syssn is a refund's", "assumption 27"},
	{"refund-unpaid", qfpay.RespNotPaid, qfpay.RespNotPaid.Text(), "", Documented, atRefund,
		"the payment is unpaid, expired or failed", "qfpay-api 3.3; expired and failed: assumption 27"},
	{"refund-closed", qfpay.RespOrderClosed, qfpay.TextOrderClosed, qfpay.TextWrongCancel, Observed, atRefund,
		"the payment was closed", "qfpay-api 3.3"},
	{"refund-again", qfpay.RespOrderClosed, qfpay.TextOrderClosed, qfpay.TextWrongCancel, Observed, atRefund,
		"all of the payment was refunded before", "qfpay-api 3.3"},
	{"refund-blackout", qfpay.RespRefundForbidden, qfpay.RespRefundForbidden.Text(), "", Documented, atRefund,
		"it is 23:30:00 to 00:29:59 in UTC+8", "qfpay-api 3.3; seconds: assumption 28"},
	{"refund-window", qfpay.RespRefundForbidden, qfpay.RespRefundForbidden.Text(), "", Observed, atRefund,
		"the payment was paid more than 365 days ago, PayMe 90, FPS 29", "qfpay-api 6.6; other wallets: assumption 29"},
	{"refund-under-way", qfpay.RespDuplicateRequest, qfpay.TextStillProcessing, "", Assumed, atRefund,
		"another refund of the payment is under way", "text: qfpay-api 3.3; code: assumption 26"},
	{"refund-over-remainder", qfpay.RespRefundAmount, qfpay.RespRefundAmount.Text(), "", Documented, atRefund,
		"txamt is above what is left to refund", "qfpay-api 3.3; 1297 was observed too: assumption 30"},
	{"refund-balance", qfpay.RespRefundBalance, qfpay.TextRefundBalance, "", Observed, atRefund,
		"daily_balance is on, and the shop took in less today than it refunded and this refund", "qfpay-api 3.3; assumption 31"},

	{"cancel-unknown", qfpay.RespUnknownTransaction, qfpay.RespUnknownTransaction.Text(), "", Observed, atCancel,
		"no payment of this shop has the number, or the two numbers are of two", "qfpay-api 3.4; text: assumption 25"},
	{"cancel-wrong-call", qfpay.RespBusy, qfpay.RespBusy.Text(), "", Documented, atCancel,
		"cancelling is developer-center or newest, and the order's pay_type is cancelled by the other call", "qfpay-api 3.4"},
	{"cancel-paid", qfpay.RespAlreadyPaid, qfpay.RespAlreadyPaid.Text(), "", Documented, atCancel,
		"the order was paid, and not all of it refunded", "qfpay-api 3.4"},
	{"cancel-refunded", qfpay.RespRefunded, qfpay.RespRefunded.Text(), "", Documented, atCancel,
		"all of the order was refunded", "qfpay-api 5"},
	{"cancel-closed", qfpay.RespOrderClosed, qfpay.TextOrderClosed, "", Documented, atCancel,
		"the order is closed or failed already", "qfpay-api 3.4; failed: assumption 32"},

	{"query-end-before-start", qfpay.RespParameter, textParameter, "end_time error", Assumed, []Endpoint{AtQuery},
		"end_time is before start_time", "assumption 3"},
	{"query-across-months", qfpay.RespParameter, textParameter, "start_time and end_time must be within one month", Assumed, []Endpoint{AtQuery},
		"start_time and end_time are in two calendar months of UTC+8, and there is no syssn", "rule: qfpay-api 3.2; code: assumption 34"},

	{"note-with-shops", qfpay.RespParameter, textParameter, "mchid error", Assumed, []Endpoint{AtAddNote},
		"the App has shops", "rule: qfpay-api 3.9; code: assumption 35"},
	{"note-unknown", qfpay.RespUnknownTransaction, qfpay.RespUnknownTransaction.Text(), "", Assumed, []Endpoint{AtAddNote},
		"syssn is no transaction of this App", "assumption 35"},
}

const (
	textOpenID    = "获取openid失败(1104)"
	textMalformed = "请求错误(1103)"
)

func refusalRow(rule string) (*RefusalRow, bool) {
	for i := range refusals {
		if refusals[i].Rule == rule {
			return &refusals[i], true
		}
	}
	return nil, false
}
