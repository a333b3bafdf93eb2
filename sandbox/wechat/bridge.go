package wechat

import "strings"

// What err_msg of getBrandWCPayRequest says. PayOK is no proof of payment and PayCancel none of refusal: only the
// backend knows. Source: WeChat Pay's JSAPI page for the first three; the rest are observed.
const (
	PayOK     = "get_brand_wcpay_request:ok"
	PayCancel = "get_brand_wcpay_request:cancel" // also after a popup such as a wrong signature was dismissed
	PayFail   = "get_brand_wcpay_request:fail"   // err_code and err_desc may come with it

	PayFailNoPermission = "getBrandWCPayRequest:fail_no permission to execute" // page not authorised, or bridge not ready
	PayFailAppID        = "get_brand_wcpay_request:fail_invalid appid"         // older clients
	PayFailSignature    = "getBrandWCPayRequest:fail_invalid signature"        // older clients
	PayFailDevTools     = "getBrandWCPayRequest:fail,没有此SDK或暂不支持此SDK模拟"
	PayFailUnverified   = "getBrandWCPayRequest:fail, the permission value is offline verifying" // JS-SDK whose wx.config did not verify
	PayNoFunction       = "system:function_not_exist"                                            // desktop or old client
	PayAccessDenied     = "system:access_denied"                                                 // page's domain not listed
)

// Bounds of getBrandWCPayRequest's parameters, in bytes. Source: WeChat Pay's JSAPI page.
const (
	MaxNonceStr = 32
	MaxPackage  = 128
)

// MinPayVersion is the first major version of WeChat whose bridge pays. Source: WeChat Pay's JSAPI page.
const MinPayVersion = 5

// Popup is a message WeChat shows in place of the wallet, and the result its dismissal hands to the page.
type Popup struct {
	ID      string
	Chinese string // WeChat's own text; {url} stands for the page's address
	English string
	Cause   string // what the merchant or the payer did
	Then    string // err_msg afterwards, "" where no bridge call waits for one
	ErrCode string // err_code beside Then, mostly ""
	Source  string
}

// ForPage is p with the page's address in place of {url}.
func (p Popup) ForPage(url string) Popup {
	p.Chinese = strings.ReplaceAll(p.Chinese, "{url}", url)
	p.English = strings.ReplaceAll(p.English, "{url}", url)
	return p
}

// IDs of the popups.
const (
	PopupSignature     = "signature"
	PopupNoPrepay      = "missing-total-fee"
	PopupNoTimeStamp   = "missing-timestamp"
	PopupNoAppID       = "missing-appid"
	PopupDirectory     = "directory"
	PopupExpired       = "expired"
	PopupScene         = "scene"
	PopupOtherPayer    = "other-payer"
	PopupPaid          = "paid"
	PopupOrderRejected = "order-rejected"
	PopupNoProduct     = "no-permission"
	PopupOutside       = "outside"
	PopupScope         = "scope"
)

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

// What is known of a row. Nobody published what most popups hand back: dismissing them is assumed to be a cancel, which
// is what is observed for a wrong signature.
const (
	popupObserved     = "observed: text and result"
	popupTextOnly     = "observed: text; result assumed"
	popupExpiredEntry = "observed: text, and fail with err_code 2 in a mini-program; cancel is reported too"
)

var popups = [...]Popup{
	{PopupSignature, "支付验证签名失败", "the payment signature does not verify",
		"paySign made with another key, algorithm, field spelling or field set, or a value was altered on the way", PayCancel, "", popupObserved},
	{PopupNoPrepay, "调用支付JSAPI缺少参数：total_fee", "payment JSAPI is missing a parameter: total_fee",
		"prepay_id missing, unknown, of another appid, or package is not prepay_id=…", PayCancel, "", popupTextOnly},
	{PopupNoTimeStamp, "调用支付JSAPI缺少参数：timeStamp", "payment JSAPI is missing a parameter: timeStamp",
		"timeStamp is a number instead of a string (iOS), or empty", PayCancel, "", popupTextOnly},
	{PopupNoAppID, "调用支付JSAPI缺少参数：appId", "payment JSAPI is missing a parameter: appId",
		"appId is empty", PayCancel, "", popupTextOnly},
	{PopupDirectory, "当前页面的URL未注册：{url}", "the address of this page is not registered: {url}",
		"the page is not in a payment directory of the official account", PayCancel, "", popupTextOnly},
	{PopupExpired, "该订单已过期，请重新下单", "this order has expired, please order again",
		"prepay_id is older than two hours", PayFail, "2", popupExpiredEntry},
	{PopupScene, "支付场景非法", "payment scene not allowed",
		"prepay_id was made for another trade type than JSAPI", PayCancel, "", popupTextOnly},
	{PopupOtherPayer, "下单账号与支付账号不一致，请核实后再支付", "the account that ordered is not the one that pays, please check",
		"the payer's openid is not the order's", PayCancel, "", popupTextOnly},
	{PopupPaid, "该订单已支付", "this order has been paid",
		"prepay_id was paid before", PayCancel, "", popupTextOnly},
	{PopupOrderRejected, "商家订单信息有误，请重新下单支付", "the merchant's order is wrong, please order again",
		"the order's data were rejected", PayCancel, "", popupTextOnly},
	{PopupNoProduct, "商家暂时没有此类交易权限，请联系商家客服", "the merchant may not take this kind of payment, please contact it",
		"JSAPI or real-name payment is not enabled", PayCancel, "", popupTextOnly},
	{PopupOutside, "该商户暂不支持通过外部拉起微信完成支付", "this merchant cannot open WeChat from another browser",
		"the page is not in WeChat's browser", "", "", popupTextOnly},
	{PopupScope, "此公众号并没有这些scope的权限，错误码:10005", "the official account may not ask for this scope, error 10005",
		"OAuth, not payment", "", "", popupTextOnly},
}
