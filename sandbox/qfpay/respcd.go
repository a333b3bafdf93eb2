package qfpay

// Respcd is QFPay's return code, four digits, always a quoted string on the wire.
type Respcd string

// The codes the sandbox itself answers with.
const (
	RespOK                 Respcd = "0000"
	RespMaintenance        Respcd = "1100"
	RespReversal           Respcd = "1101"
	RespDuplicateRequest   Respcd = "1102"
	RespMalformed          Respcd = "1103"
	RespParameter          Respcd = "1104" // also a pay type that is not enabled
	RespSignature          Respcd = "1108" // also an illegal app code or mchid
	RespUnknownTransaction Respcd = "1136"
	RespClosed             Respcd = "1142"
	RespUnpaid             Respcd = "1143" // pending: not paid yet, or the payer is entering the password
	RespProcessing         Respcd = "1145" // pending
	RespWeChat             Respcd = "1147"
	RespRefundDenied       Respcd = "1155"
	RespExpired            Respcd = "1181"
	RespBalance            Respcd = "1201"
	RespDuplicateOrder     Respcd = "1251" // observed for a used out_trade_no; documented as something else
	RespSystem             Respcd = "1252"
	RespAlreadyPaid        Respcd = "1260"
	RespNotPaid            Respcd = "1261"
	RespRefunded           Respcd = "1262"
	RespCancelled          Respcd = "1263"
	RespOrderClosed        Respcd = "1264"
	RespRefundForbidden    Respcd = "1265"
	RespRefundBalance      Respcd = "1269" // today's balance is too low for the refund
	RespRefundAmount       Respcd = "1272" // above what is left to refund
	RespBusy               Respcd = "1297" // also: the wallet does not support this kind of cancelling
	RespWrongWallet        Respcd = "1144" // the code is of another wallet
	RespAuthCode           Respcd = "1202" // payment code wrong or expired
	RespPayerAccount       Respcd = "1203"
	RespAuthCodeExpired    Respcd = "2005"
	RespSlowNetwork        Respcd = "1298" // pending
	RespPayerBalance       Respcd = "2004"
	RespPasswordClosed     Respcd = "2007"
	RespSerialRepeats      Respcd = "2011"
)

// Outcome is what a code says about the order it was answered for.
type Outcome int

const (
	// Final is a failure that stays one. The documents call every code so that is not listed as something else.
	Final Outcome = iota
	// Success is 0000.
	Success
	// Unknown codes leave the order open; only a later query tells.
	Unknown
	// Retry codes say that the same request may succeed later.
	Retry
)

// String names the outcome.
func (o Outcome) String() string {
	return [...]string{"final", "success", "unknown", "retry"}[o]
}

// RespcdRow is what is known of one code.
type RespcdRow struct {
	Code    Respcd
	Meaning string
	Outcome Outcome
	Source  string
}

// Pending reports whether the documents tell a client to keep querying on this code: 1143, 1145 and 1298. Some other
// codes leave the outcome Unknown too; a client that follows the documents takes those as failures.
func (c Respcd) Pending() bool {
	return c == RespUnpaid || c == RespProcessing || c == RespSlowNetwork
}

// Respcds is the table of every published or observed code, ascending.
func Respcds() []RespcdRow { return append([]RespcdRow(nil), respcds[:]...) }

// Row is the table's row for c; false if c was never published.
func (c Respcd) Row() (RespcdRow, bool) {
	for i := range respcds {
		if respcds[i].Code == c {
			return respcds[i], true
		}
	}
	return RespcdRow{}, false
}

// Text is the resperr or errmsg the sandbox sends with c when nothing more particular is known: the captured text where
// there is one, else the captured pattern of a failure, which ends with the code in brackets (assumption 25).
func (c Respcd) Text() string {
	switch c {
	case RespOK:
		return TextPaid
	case RespUnpaid:
		return TextUnpaid
	case RespOrderClosed:
		return TextOrderClosed
	case RespDuplicateOrder:
		return TextDuplicateOrder
	case RespClosed:
		return "订单已关闭(1142)"
	case RespExpired:
		return "订单已过期(1181)"
	}
	return "交易失败，请联系客服(" + string(c) + ")"
}
