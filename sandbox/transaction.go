package sandbox

import (
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Transaction is QFPay's record of one payment or one refund.
type Transaction struct {
	Kind       Kind
	Syssn      Syssn
	App        AppCode
	Mchid      Mchid
	OutTradeNo OutTradeNo
	State      State
	PayType    qfpay.PayType
	Amount     Amount
	Currency   qfpay.Currency
	// Txdtm is the merchant's own time, kept as it was sent.
	Txdtm     string
	GoodsName string
	Udid      string
	// NotifyURL is the order's own, empty for the App's; ReturnURL is where web wallets send the browser.
	NotifyURL string
	ReturnURL string
	// OpenID is the payer a JSAPI or mini-program order is for; nobody else can pay it. Of other
	// payments it is the one who paid.
	OpenID OpenID
	// AppID is the merchant's own official account, where OpenID is of that; empty is QFPay's.
	AppID string
	// PrepayID is what a payer opens: WeChat's prepay_id, and for codes and pages of other pay types
	// the secret in their address. Empty for payer-presented codes and refunds.
	PrepayID string
	LimitPay string
	RealName *RealName
	// Behaviour is what the payer of this order does whoever it is; empty leaves it to the payer.
	// Lever names what set it.
	Behaviour Behaviour
	Lever     string
	// Variant is what takes the place of the good notification of its payment; empty changes nothing.
	Variant   Variant
	CreatedAt time.Time
	// ExpiresAt is when a payment that nobody paid can be paid no more; zero is never.
	ExpiresAt time.Time
	// PaidAt is when the money moved, zero until then.
	PaidAt time.Time
	// ClosedAt is when the merchant closed it.
	ClosedAt time.Time
	// Chnlsn is the wallet's own number, empty until paid.
	Chnlsn string
	// Failure says why a failed one failed.
	Failure qfpay.Respcd
	// DueAt is when something happens by itself, zero when nothing does: a payer who is entering the
	// password is done, a refund under way arrives. DueFailure is the code it will fail with, empty
	// when it will succeed.
	DueAt      time.Time
	DueFailure qfpay.Respcd

	// Of a payment: the sum of its refunds that are done, and of those under way.
	Refunded  Amount
	Refunding Amount
	// Of a refund: the payment it gives back.
	OrigSyssn      Syssn
	OrigOutTradeNo OutTradeNo

	// Note is what add_note left.
	Note string
}

// Kind tells payments from refunds.
type Kind string

const (
	KindPayment Kind = "payment"
	KindRefund  Kind = "refund"
)

// PrepayLife is how long a prepay_id can raise the wallet (WeChat's two hours, wechat 3.4).
const PrepayLife = 2 * time.Hour

// RealName is the payer's identity as the merchant declared it in extend_info.
type RealName struct {
	CreID    string
	TrueName string
}

// PayParams are the six values WeChat's JavaScript wants, PaySign made over the other five. In an
// app PaySign is over all the SDK gets, PartnerID and the order's PrepayID among it.
type PayParams struct {
	AppID     string
	TimeStamp string
	NonceStr  string
	Package   string
	SignType  string
	PaySign   string
	PartnerID string
}
