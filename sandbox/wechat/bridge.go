package wechat

// What err_msg of getBrandWCPayRequest says. PayOK is no proof of payment and PayCancel none of refusal.
const (
	PayOK     = "get_brand_wcpay_request:ok"
	PayCancel = "get_brand_wcpay_request:cancel"
	PayFail   = "get_brand_wcpay_request:fail"
)

// Popup is a message the wallet shows in place of the payment, and the result its dismissal hands to the page.
type Popup struct {
	ID      string
	Chinese string
	English string
	Then    string // err_msg afterwards
	Source  string
}

// Popups is the table of messages.
func Popups() []Popup { return append([]Popup(nil), popups[:]...) }

// PopupNamed is the row of one id; false if there is none.
func PopupNamed(id string) (Popup, bool) {
	for _, p := range popups {
		if p.ID == id {
			return p, true
		}
	}
	return Popup{}, false
}

var popups = [...]Popup{
	{"signature", "支付验证签名失败", "the payment signature is wrong", PayCancel, "observed"},
}
