package sandbox

import (
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Transaction is QFPay's record of one payment.
type Transaction struct {
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
	// NotifyURL is the order's own, empty for the App's.
	NotifyURL string
	// OpenID is the payer the order is for; nobody else can pay it.
	OpenID    OpenID
	PrepayID  string
	LimitPay  string
	RealName  *RealName
	CreatedAt time.Time
	// PaidAt is zero until paid.
	PaidAt time.Time
	// Chnlsn is WeChat's own number, empty until paid.
	Chnlsn string
}

// State is where a payment stands.
type State string

const (
	StateCreated State = "created"
	StatePaid    State = "paid"
)

// PrepayLife is how long a prepay_id can raise the wallet (WeChat's two hours, wechat 3.4).
const PrepayLife = 2 * time.Hour

// ExpiresAt is when the wallet stops opening for this payment.
func (t Transaction) ExpiresAt() time.Time { return t.CreatedAt.Add(PrepayLife) }

// RealName is the payer's identity as the merchant declared it in extend_info.
type RealName struct {
	CreID    string
	TrueName string
}

// PayParams are the six values WeChat's JavaScript wants, PaySign made over the other five.
type PayParams struct {
	AppID     string
	TimeStamp string
	NonceStr  string
	Package   string
	SignType  string
	PaySign   string
}
