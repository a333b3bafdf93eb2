package qfpay

// PayType is QFPay's six-digit code for a wallet and the way it is used.
type PayType string

// WeChatJSAPI is a payment inside the WeChat app's own browser.
const WeChatJSAPI PayType = "800207"

// PayTypeRow is what is known of one pay type.
type PayTypeRow struct {
	Code    PayType
	Name    string
	Wallet  string
	Flow    Flow
	Current bool // listed in the current documents
	Source  string
}

// Flow is how payer and merchant meet.
type Flow string

// PayTypes is the table, current ones first.
func PayTypes() []PayTypeRow { return append([]PayTypeRow(nil), payTypes[:]...) }

// Row is the table's row for t; false if t was never published.
func (t PayType) Row() (PayTypeRow, bool) {
	for i := range payTypes {
		if payTypes[i].Code == t {
			return payTypes[i], true
		}
	}
	return PayTypeRow{}, false
}

var payTypes = [...]PayTypeRow{
	{WeChatJSAPI, "WeChat Pay JSAPI", "WeChat Pay", "JSAPI", true, "documented: payment codes"},
}
