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
	// When is the condition, Source where code, text and condition come from, Change what to do about it.
	When   string
	Source string
	Change string
}

var (
	everywhere = Endpoints()
	atRefund   = []Endpoint{AtRefund}
	atCancel   = []Endpoint{AtClose, AtReversal}
)

var refusals = [...]RefusalRow{
	{"app-code-unknown", qfpay.RespSignature, qfpay.TextBadAppCode, "", Observed, everywhere,
		"the app code is missing or nobody's", "qfpay-api 2.6",
		"send the app_code QFPay gave you in the header X-QF-APPCODE; get_weixin_oauth_code takes it as the parameter app_code"},
	{"signature-wrong", qfpay.RespSignature, qfpay.TextBadSign, "signature error", Documented, everywhere,
		"the signature is missing or does not fit", "qfpay-api 2.6; text: assumption 2",
		"sign all parameters, sorted by name and joined as name=value with &, followed by the client_key, and send the digest in X-QF-SIGN"},
	{"mchid-rule", qfpay.RespSignature, qfpay.TextBadMchid, "", Observed, everywhere,
		"the mchid is missing although the App has shops, or is not one of its shops", "qfpay-api 2.6",
		"send the mchid issued to you on every call, and none at all if none was issued"},
	{"outcome-unreadable", qfpay.RespParameter, textParameter, "X-Sandbox-Outcome error", Assumed, everywhere,
		"the header X-Sandbox-Outcome holds what is no lever, or none of this call", "assumption 50",
		"write X-Sandbox-Outcome as docs/levers.md lists it, or leave it out"},
	{"rate-limit", qfpay.RespMaintenance, "请求过于频繁(1100)", "too many requests", Documented, everywhere,
		"the App's rate limit is on and it made more than 100 calls in a second, or 400 in a minute, of its clock; HTTP 429", "qfpay-api 5; code and texts: assumption 51",
		"make fewer calls; after HTTP 429 wait the seconds that Retry-After names"},
	{"body-too-large", qfpay.RespMalformed, textMalformed, "request body too large", Assumed, everywhere,
		"the body has more than 1 MiB", "assumption 5",
		"send the parameters of the call and nothing else"},
	{"body-malformed", qfpay.RespMalformed, textMalformed, "malformed multipart body", Assumed, everywhere,
		"a multipart body has no boundary or no end", "assumption 5",
		"let the HTTP library write the multipart body and its boundary, or send application/x-www-form-urlencoded"},
	{"body-unreadable", qfpay.RespMalformed, textMalformed, "request body incomplete", Assumed, everywhere,
		"the body ends early, or its chunks cannot be read", "assumption 5",
		"send as many bytes as Content-Length announces, or every chunk to the last"},
	{"method-not-allowed", qfpay.RespMalformed, textMalformed, "method not allowed", Assumed, everywhere,
		"the call does not take the method; HTTP 405", "assumption 5",
		"use a method that the answer's Allow header names"},
	{"path-unknown", qfpay.RespMalformed, textMalformed, "no such interface", Assumed, []Endpoint{AtOther},
		"QFPay has no such path; HTTP 404", "assumption 5",
		"use the path as QFPay's documents write it: no slash behind it, none doubled, the version v1"},
	{"endpoint-not-served", qfpay.RespMalformed, textMalformed, "no such interface", Assumed, []Endpoint{AtOther},
		"QFPay has the call, this sandbox has not; HTTP 404", "qfpay-api 3.8 to 3.15; assumption 55",
		"test this call against an environment of QFPay's own; this sandbox does not have it"},
	{"oauth-return-without-code", qfpay.RespMalformed, textMalformed, "code is required", Assumed, []Endpoint{AtOAuthCode},
		"the way back from WeChat carries no code", "assumption 11",
		"let the payer's browser come back from WeChat by itself instead of opening this address"},

	{"code-unknown", qfpay.RespParameter, textOpenID, "invalid code, 40029", Assumed, []Endpoint{AtOpenID},
		"the code was not issued to this App", "assumption 4",
		"pass the code of the callback on byte for byte, with the credentials of the App that asked for it"},
	{"code-used", qfpay.RespParameter, textOpenID, "code been used, 40163", Assumed, []Endpoint{AtOpenID},
		"the code was exchanged before", "assumption 4",
		"exchange each code once and get a new one for every payment; expect the callback to be called twice"},
	{"code-expired", qfpay.RespParameter, textOpenID, "code expired, 42003", Assumed, []Endpoint{AtOpenID},
		"the code is more than five minutes old", "assumption 4",
		"exchange the code as soon as the callback brings it"},

	{"pay-type-not-enabled", qfpay.RespParameter, qfpay.TextNoPayType, qfpay.TextFilterError, Documented, []Endpoint{AtPayment},
		"the App does not have this pay_type", "qfpay-api 2.6",
		"use a pay_type the account has; at QFPay it has to be opened for the account"},
	{"pay-type-not-served", qfpay.RespParameter, qfpay.TextNoPayType, qfpay.TextFilterError, Assumed, []Endpoint{AtPayment},
		"QFPay has this pay_type, this sandbox does not serve it", "assumption 39",
		"test this pay_type against QFPay; docs/paytypes.md lists those served here"},
	{"auth-code-malformed", qfpay.RespAuthCode, qfpay.RespAuthCode.Text(), "", Documented, []Endpoint{AtPayment},
		"auth_code is not 16 to 24 digits, or, for any wallet (800008), starts as no wallet's does", "qfpay-api 3.1.3; text: assumption 25",
		"send the digits the scanner read from the payer's screen, as text and unchanged"},
	{"auth-code-used", qfpay.RespAuthCode, qfpay.RespAuthCode.Text(), "", Documented, []Endpoint{AtPayment},
		"auth_code was scanned before", "qfpay-api 3.1.3, 6.5; text: assumption 25",
		"scan the payer's next code; each is for one payment"},
	{"auth-code-expired", qfpay.RespAuthCodeExpired, qfpay.RespAuthCodeExpired.Text(), "", Documented, []Endpoint{AtPayment},
		"auth_code was issued more than a day ago", "qfpay-api 5, 6.5; text: assumption 25",
		"scan the code while the payer shows it"},
	{"auth-code-wallet", qfpay.RespWrongWallet, qfpay.RespWrongWallet.Text(), "", Documented, []Endpoint{AtPayment},
		"auth_code is another wallet's than the pay_type", "qfpay-api 5; text: assumption 25",
		"use the pay_type of the wallet whose code was scanned, or 800008 for any wallet"},
	{"payer-enters-password", qfpay.RespUnpaid, qfpay.TextUnpaid, "", Documented, []Endpoint{AtPayment},
		"the payer whose code was scanned is entering the password; ask again with query", "qfpay-api 3.1.3, 3.2",
		"ask with query every few seconds until the answer is final"},
	{"payment-under-way", qfpay.RespProcessing, qfpay.TextUnderWay, "", Documented, []Endpoint{AtPayment},
		"the payment of a scanned code is under way; ask again with query", "qfpay-api 3.1.3; text: assumption 25",
		"ask with query every few seconds until the answer is final"},
	{"payer-balance", qfpay.RespBalance, qfpay.RespBalance.Text(), "", Documented, []Endpoint{AtPayment},
		"the payer whose code was scanned has not enough money; the order failed", "qfpay-api 5; text: assumption 25",
		"let the payer use other means, and order again under a new out_trade_no"},
	{"payer-account", qfpay.RespPayerAccount, qfpay.RespPayerAccount.Text(), "", Documented, []Endpoint{AtPayment},
		"the wallet does not let the payer's account pay; the order failed", "qfpay-api 5; text: assumption 25",
		"let the payer use another account, and order again under a new out_trade_no"},
	{"payer-card", qfpay.RespPayerAccount, qfpay.RespPayerAccount.Text(), "", Assumed, []Endpoint{AtPayment},
		"limit_pay is no_credit and the payer has nothing but a credit card; the order failed", "assumption 40",
		"leave limit_pay out to take credit cards, or let the payer use other means"},
	{"payer-real-name", qfpay.RespWeChat, qfpay.RespWeChat.Text(), "", Assumed, []Endpoint{AtPayment},
		"the payer's real name is another one; the order failed", "assumption 40",
		"send the number and name of the payer's bank card as user_creid and user_truename"},
	{"out-trade-no-used", qfpay.RespDuplicateOrder, qfpay.TextDuplicateOrder, qfpay.TextOrderUsed, Observed, []Endpoint{AtPayment, AtRefund},
		"the out_trade_no was used before, by a payment or a refund", "qfpay-api 3.1.3",
		"use a new out_trade_no for every payment and every refund; query the old one before paying again"},

	{"refund-unknown", qfpay.RespUnknownTransaction, qfpay.RespUnknownTransaction.Text(), "", Documented, atRefund,
		"syssn is no transaction of this shop", "qfpay-api 3.3",
		"send the syssn of the payment's answer, with the credentials and the mchid it was made with"},
	{"refund-of-refund", qfpay.RespUnknownTransaction, qfpay.RespUnknownTransaction.Text(), "", Assumed, atRefund,
		"syssn is a refund's", "assumption 27",
		"refund the payment: send the number that the refund's answer calls orig_syssn"},
	{"refund-unpaid", qfpay.RespNotPaid, qfpay.RespNotPaid.Text(), "", Documented, atRefund,
		"the payment is unpaid, expired or failed", "qfpay-api 3.3; expired and failed: assumption 27",
		"refund only what query says is paid; an unpaid order is closed instead"},
	{"refund-closed", qfpay.RespOrderClosed, qfpay.TextOrderClosed, qfpay.TextWrongCancel, Observed, atRefund,
		"the payment was closed", "qfpay-api 3.3",
		"refund nothing: a closed order took no money"},
	{"refund-again", qfpay.RespOrderClosed, qfpay.TextOrderClosed, qfpay.TextWrongCancel, Observed, atRefund,
		"all of the payment was refunded before", "qfpay-api 3.3",
		"refund nothing more: query says cancel 3 of a payment that was refunded in full"},
	{"refund-blackout", qfpay.RespRefundForbidden, qfpay.RespRefundForbidden.Text(), "", Documented, atRefund,
		"it is 23:30:00 to 00:29:59 in UTC+8", "qfpay-api 3.3; seconds: assumption 28",
		"refund again from 00:30 in UTC+8, 16:30 in UTC"},
	{"refund-window", qfpay.RespRefundForbidden, qfpay.RespRefundForbidden.Text(), "", Observed, atRefund,
		"the payment was paid more than 365 days ago, PayMe 90, FPS 29", "qfpay-api 6.6; other wallets: assumption 29",
		"give the money back in another way; the wallet takes no refund of this payment any more"},
	{"refund-under-way", qfpay.RespDuplicateRequest, qfpay.TextStillProcessing, "", Assumed, atRefund,
		"another refund of the payment is under way", "text: qfpay-api 3.3; code: assumption 26",
		"query the refund that is under way until it is final, then refund the rest"},
	{"refund-over-remainder", qfpay.RespRefundAmount, qfpay.RespRefundAmount.Text(), "", Documented, atRefund,
		"txamt is above what is left to refund", "qfpay-api 3.3; 1297 was observed too: assumption 30",
		"refund at most what is left: the payment's txamt less all refunds of it"},
	{"refund-balance", qfpay.RespRefundBalance, qfpay.TextRefundBalance, "", Observed, atRefund,
		"daily_balance is on, and the shop took in less today than it refunded and this refund", "qfpay-api 3.3; assumption 31",
		"refund after further payments, or another day: refunds are paid from the day's income"},

	{"cancel-unknown", qfpay.RespUnknownTransaction, qfpay.RespUnknownTransaction.Text(), "", Observed, atCancel,
		"no payment of this shop has the number, or the two numbers are of two", "qfpay-api 3.4; text: assumption 25",
		"send the syssn or the out_trade_no of one payment, with the mchid it was made with"},
	{"cancel-wrong-call", qfpay.RespBusy, qfpay.RespBusy.Text(), "", Documented, atCancel,
		"cancelling is developer-center or newest, and the order's pay_type is cancelled by the other call", "qfpay-api 3.4",
		"cancel this pay_type with the other of close and reversal"},
	{"cancel-paid", qfpay.RespAlreadyPaid, qfpay.RespAlreadyPaid.Text(), "", Documented, atCancel,
		"the order was paid, and not all of it refunded", "qfpay-api 3.4",
		"give the money back with /trade/v1/refund"},
	{"cancel-refunded", qfpay.RespRefunded, qfpay.RespRefunded.Text(), "", Documented, atCancel,
		"all of the order was refunded", "qfpay-api 5",
		"cancel nothing: the money was given back"},
	{"cancel-closed", qfpay.RespOrderClosed, qfpay.TextOrderClosed, "", Documented, atCancel,
		"the order is closed or failed already", "qfpay-api 3.4; failed: assumption 32",
		"cancel nothing: nobody can pay the order any more"},

	{"query-end-before-start", qfpay.RespParameter, textParameter, "end_time error", Assumed, []Endpoint{AtQuery},
		"end_time is before start_time", "assumption 3",
		"send a start_time before the end_time"},
	{"query-across-months", qfpay.RespParameter, textParameter, "start_time and end_time must be within one month", Assumed, []Endpoint{AtQuery},
		"start_time and end_time are in two calendar months of UTC+8, and there is no syssn", "rule: qfpay-api 3.2; code: assumption 34",
		"ask once for each calendar month of UTC+8, or by syssn"},

	{"note-with-shops", qfpay.RespParameter, textParameter, "mchid error", Assumed, []Endpoint{AtAddNote},
		"the App has shops", "rule: qfpay-api 3.9; code: assumption 35",
		"leave the call out: QFPay has notes for accounts without mchid only"},
	{"note-unknown", qfpay.RespUnknownTransaction, qfpay.RespUnknownTransaction.Text(), "", Assumed, []Endpoint{AtAddNote},
		"syssn is no transaction of this App", "assumption 35",
		"send the syssn of a payment or refund of this App"},
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
