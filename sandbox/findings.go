package sandbox

// FindingRow describes a kind of finding: what it says of a request, what to change, and whose words
// the request departed from.
type FindingRow struct {
	ID     string
	Means  string
	Change string
	Clause string
}

// The findings served requests can leave.
const (
	FindOpenIDNotFresh   = "openid-not-fresh"
	FindCurrencyMissing  = "cashier-currency-missing"
	FindAmountDiffers    = "cashier-amount-differs"
	FindCurrencyDiffers  = "cashier-currency-differs"
	FindRedirectNoScheme = "redirect-url-no-scheme"
	FindRedirectEncoded  = "redirect-url-encoded-twice"
	FindRedirectCut      = "redirect-url-cut"
	FindRedirectURICut   = "redirect-uri-cut"
	FindRedirectURIRaw   = "redirect-uri-raw"
	FindInQuery          = "parameters-in-query"
	FindOneCent          = "amount-one-cent"
	FindPayParamBlank    = "pay-params-blank"
	FindTxdtmFarOff      = "txdtm-far-off"
	FindEmptySigned      = "empty-value-signed"
	FindNoNotifyURL      = "notify-url-missing"
	FindNotAcknowledged  = "notification-not-acknowledged"
	FindJSONBody         = "body-is-json"
	FindFilterUnknown    = "filter-unknown"
	FindNotWeChat        = "not-wechat"
	FindNotifyAddress    = "notify-address-refused"
	FindAuthorizeStray   = "authorize-parameter-unknown"
	FindAuthorizeState   = "authorize-state"
	FindOpenIDOther      = "openid-of-other-account"
	FindLever            = "lever"
	FindCallerLeft       = "caller-left"
	FindDropped          = "notification-dropped"
	FindWronglyAccepted  = "notification-wrongly-acknowledged"
	FindSandboxMistake   = "sandbox-mistake"
	FindWrongHost        = "wrong-host"
	FindProxyRefused     = "proxy-refused"
)

// Findings is the table of the findings that are no refusal: the request was served, and something
// about it will hurt the merchant elsewhere.
func Findings() []FindingRow {
	return []FindingRow{
		{FindOpenIDNotFresh, "the payment's sub_openid was not obtained by this App since its last payment",
			"get a new code and a new openid for every payment; never keep either", "JSAPI page, GET oauth_code: both have to be obtained again for every payment"},
		{FindOpenIDOther, "the payment's sub_openid is of another official account than the one the order is for, so WeChat's wallet will refuse every payer",
			"get the openid at the account whose appid pay_params will have: at the merchant's own, when it is bound to the App", "WeChat Pay: sub_openid belongs to sub_appid"},
		{FindAuthorizeStray, "WeChat's authorize page got a parameter it does not have", "send appid, redirect_uri, response_type, scope and state only, redirect_uri percent-encoded", ofOAuth},
		{FindAuthorizeState, "state of WeChat's authorize page is not up to 128 letters and digits", "send a state of letters and digits, such as a random number in hex", ofOAuth},
		{FindCurrencyMissing, "the cashier was opened without currency", "send currency, equal to the order's txcurrcd", "JSAPI page, GET WeChat Pay Data: currency is mandatory"},
		{FindAmountDiffers, "the cashier shows another amount than the order's", "send the order's own txamt", "JSAPI page, GET WeChat Pay Data"},
		{FindCurrencyDiffers, "the cashier shows another currency than the order's", "send the order's own txcurrcd", "JSAPI page, GET WeChat Pay Data"},
		{FindRedirectNoScheme, "redirect_url has no scheme; a browser would take it as a path of QFPay's host", "send an absolute address that starts with https://", "JSAPI page, GET WeChat Pay Data: redirect_url"},
		{FindRedirectEncoded, "redirect_url was percent-encoded twice", "encode it once", "JSAPI page, redirect_url"},
		{FindRedirectCut, "redirect_url has a query and the cashier got parameters it does not know, so its tail was probably cut off at an unencoded &", "percent-encode redirect_url", "JSAPI page, redirect_url"},
		{FindRedirectURICut, "redirect_uri of get_weixin_oauth_code was cut off at an unencoded &; what stood behind it arrived as parameters of their own", "percent-encode redirect_uri in the address, and sign it as it is before that", "WeChat JSAPI payment, GET oauth_code: redirect_uri"},
		{FindRedirectURIRaw, "redirect_uri of get_weixin_oauth_code is not percent-encoded; it loses everything behind its first & as soon as it has a query of two",
			"percent-encode redirect_uri in the address, and sign it as it is before that", "WeChat JSAPI payment, GET oauth_code: redirect_uri is URL-encoded"},
		{FindInQuery, "the parameters of a POST are in its address, where logs and proxies keep them and length is bounded",
			"send them as the body, application/x-www-form-urlencoded; the signature stays the same", "request format; only the samples send a POST's parameters so"},
		{FindOneCent, "the amount is one minor unit, as in QFPay's sample; wallets and risk control may refuse it", "order the price, in minor units: 100 is 1.00 in most currencies",
			"JSAPI page: more than 200 is recommended to avoid risk control"},
		{FindPayParamBlank, "a value of pay_params reached the cashier with a blank in it, as an unencoded + does", "percent-encode every value of the address of /q/direct", "WeChat JSAPI payment, GET WeChat Pay Data: request parameters"},
		{FindTxdtmFarOff, "txdtm is more than a day away from QFPay's time", "send the time of the request, in local time or UTC", "common payment parameters: txdtm"},
		{FindEmptySigned, "the signature covers parameters whose value is empty; QFPay's documents contradict each other on those", "leave empty parameters out of the request", "signature generation: empty parameters"},
		{FindNoNotifyURL, "a payment succeeded and nobody can be told: neither the order nor the App has a notify URL", "send notify_url, or register one for the App", "asynchronous notifications"},
		{FindNotAcknowledged, "a notification was not answered with HTTP 200 and exactly SUCCESS", "answer SUCCESS, nothing else, after storing the payment", "asynchronous notifications: the expected reply"},
		{FindNotifyAddress, "a notification was not sent because its address is outside loopback and private networks", "use an address of your own network, or start with -notify-allow", "safety of this sandbox"},
		{FindDropped, "a notification was not kept, because too many of the App's wait for a merchant who does not answer SUCCESS", "answer SUCCESS, or reset the App", "bounds of this sandbox"},
		{FindWronglyAccepted, "a notification that was wrong on purpose was acknowledged", "check signature, order, amount and currency before answering SUCCESS", "asynchronous notifications: the signature over the raw body"},
		{FindJSONBody, "the body is JSON, which this call does not read, so none of it counts as parameters", "send application/x-www-form-urlencoded", "request format"},
		{FindFilterUnknown, "an enquiry carries a parameter it does not have, or filters by a code that was never published, so it finds more or less than was meant", "write the filter as the document does: syssn, out_trade_no, pay_type, respcd, start_time, end_time, page, page_size", "transaction enquiry"},
		{FindNotWeChat, "the browser is not WeChat's, so WeChat serves only a notice", "send the payer here from WeChat's own browser; its User-Agent holds MicroMessenger", "JSAPI page: payments start in WeChat"},
		{FindLever, "a lever decided the answer, spoiled it, or lost it", "nothing: a header or a fault asked for it", "this sandbox's docs/levers.md"},
		{FindCallerLeft, "the caller closed the connection while the answer was held back", "wait longer, then enquire: the work may have been done", "QFPay recommends 600 seconds"},
		{FindSandboxMistake, "the sandbox itself made a mistake; its log has the cause", "nothing in the request; report it with the log", "this sandbox's assumption 21"},
		{FindWrongHost, "a path was asked for under a vendor's host name that has another vendor's, or another of QFPay's, hosts for it", "send it to the host the document names: calls to openapi, /q/direct to o2, OAuth to open.weixin.qq.com", "environments; WeChat, web page authorisation"},
		{FindProxyRefused, "the sandbox was used as a proxy for a host that is neither QFPay's nor WeChat's", "name other hosts in NO_PROXY, or ask them without this proxy", "safety of this sandbox"},
	}
}
