package sandbox

// What WeChat's authorize page says no to.
const (
	FindAuthorizeAppID        = "authorize-appid"
	FindAuthorizeRedirectURI  = "authorize-redirect-uri"
	FindAuthorizeScope        = "authorize-scope"
	FindAuthorizeDomain       = "authorize-domain"
	FindAuthorizeOrder        = "authorize-order"
	FindAuthorizeResponseType = "authorize-response-type"
	FindAuthorizeConsent      = "authorize-consent"
	FindAuthorizeAsked        = "authorize-error-asked-for"
)

// What WeChat's server API says no to.
const (
	FindAPIMissing = "weixin-parameter-missing"
	FindAPIAppID   = "weixin-appid"
	FindAPISecret  = "weixin-secret"
	FindAPICode    = "weixin-code"
	FindAPIGrant   = "weixin-grant-type"
	FindAPIToken   = "weixin-token"
	FindAPIOpenID  = "weixin-openid"
	FindAPIScope   = "weixin-scope"
	FindAPICall    = "weixin-call-unknown"
	FindJSConfig   = "js-config"
)

// What QFPay's cashier says no to.
const (
	FindCashierMissing = "cashier-parameter-missing"
	FindCashierWrong   = "cashier-parameter-wrong"
)

// What WeChat's wallet, and the pages of codes and pay_urls, say no to.
const (
	FindWalletUnreadable = "wallet-unreadable"
	FindWalletBrowser    = "wallet-browser"
	FindWalletMissing    = "wallet-parameter-missing"
	FindWalletAgain      = "wallet-open-already"
	FindWalletUnverified = "wallet-config-unverified"
	FindWalletType       = "wallet-parameter-type"
	FindWalletAppID      = "wallet-appid"
	FindWalletDirectory  = "wallet-directory"
	FindWalletPackage    = "wallet-package"
	FindWalletPrepayID   = "wallet-prepay-id"
	FindWalletPaySign    = "wallet-pay-sign"
	FindWalletPayType    = "wallet-pay-type"
	FindWalletOrder      = "wallet-order-unknown"
	FindWalletExpired    = "wallet-expired"
	FindWalletClosed     = "wallet-closed"
	FindWalletFailed     = "wallet-failed"
	FindWalletPaid       = "wallet-paid"
	FindWalletOtherPayer = "wallet-other-payer"
	FindWalletRealName   = "wallet-real-name"
	FindWalletNoCredit   = "wallet-no-credit"
	FindWalletBalance    = "wallet-balance"
)

// Clauses of documents that are not QFPay's.
const (
	ofOAuth  = "WeChat, web page authorisation"
	ofBridge = "WeChat Pay, JSAPI payment: getBrandWCPayRequest"
)

var pageRefusals = [...]FindingRow{
	{FindAuthorizeAppID, "WeChat's authorize page got no appid, or one of no official account here", "open get_weixin_oauth_code, which knows the appid, or send the one of the App's account", ofOAuth},
	{FindAuthorizeRedirectURI, "WeChat's authorize page got no redirect_uri", "send redirect_uri, percent-encoded", ofOAuth},
	{FindAuthorizeScope, "WeChat's authorize page got no scope, or one the account may not ask for", "send scope=snsapi_base", ofOAuth},
	{FindAuthorizeDomain, "redirect_uri of WeChat's authorize page is not on the account's OAuth domain",
		"with QFPay's account send the merchant's address to get_weixin_oauth_code; with the merchant's own, register its host as an OAuth domain", ofOAuth + ", error 10003"},

	{FindAuthorizeOrder, "the parameters of WeChat's authorize page are not in the one order it matches", "send appid, redirect_uri, response_type, scope and state in this order", ofOAuth},
	{FindAuthorizeResponseType, "response_type of WeChat's authorize page is not code", "send response_type=code", ofOAuth},
	{FindAuthorizeConsent, "the answer to WeChat's consent page is not one to this payer's page", "let the payer answer on the page WeChat shows; do not keep its address", ofOAuth},
	{FindAuthorizeAsked, "the account was told to end each login with this error page", "nothing: the App's login_error asks for it", "this sandbox's docs/official-account.md"},

	{FindAPIMissing, "a call of WeChat's server API lacks a parameter", "send each parameter of the call under its own name", ofOAuth},
	{FindAPIAppID, "the appid of a call of WeChat's server API is none of an official account here", "send the appid of the merchant's own official account, all 18 characters", ofOAuth},
	{FindAPISecret, "the secret is not the account's", "send the AppSecret of the account with this appid; it is not QFPay's client_key", ofOAuth},
	{FindAPICode, "the code of sns/oauth2/access_token cannot be exchanged", "exchange each code once, within five minutes, at the account it was issued for, byte for byte", ofOAuth},
	{FindAPIGrant, "grant_type is not the one of the call", "send grant_type=authorization_code for a code, refresh_token for a refresh, client_credential for cgi-bin/token", ofOAuth},
	{FindAPIToken, "the token is none that the call takes", "send the newest token of the right kind: sns calls take the one a code gave, cgi-bin calls the one of cgi-bin/token", ofOAuth},
	{FindAPIOpenID, "the openid is not the one the access token is for", "send the openid that came with the token", ofOAuth},
	{FindAPIScope, "the access token's scope does not cover the call", "ask for scope=snsapi_userinfo where the payer's name and picture are needed", ofOAuth},
	{FindAPICall, "WeChat's server API has no such call, or not with this method, or it is not served here", "see docs/official-account.md for the calls that are served", ofOAuth},
	{FindJSConfig, "wx.config's signature does not fit the page", "sign jsapi_ticket, noncestr, timestamp and the page's own address without its fragment, in this order, with SHA-1", "WeChat, JSSDK: signature of wx.config"},

	{FindCashierMissing, "the cashier was opened without a parameter it needs", "send every parameter of the table to /q/direct, the six of pay_params unchanged", ofCashier},
	{FindCashierWrong, "a parameter of the cashier is not what it can be", "send the value as the table of /q/direct describes it, percent-encoded", ofCashier},

	{FindWalletUnreadable, "what a page handed to the wallet cannot be read", "hand one object to WeixinJSBridge.invoke; leave the wallet's own requests to its scripts", ofBridge},
	{FindWalletBrowser, "the browser is WeChat's, or looks so, and cannot pay", "send the payer to WeChat on a phone", ofBridge},
	{FindWalletMissing, "one of the six parameters of getBrandWCPayRequest is missing or empty", "hand over all six values of pay_params under their own names", ofBridge},
	{FindWalletType, "a parameter of getBrandWCPayRequest is not a string, which iOS counts as missing", "hand over strings: timeStamp too", ofBridge},
	{FindWalletAgain, "the page invoked getBrandWCPayRequest again while its wallet was open", "invoke it once: either at once because WeixinJSBridge is there, or on WeixinJSBridgeReady, and lock the button until the callback", ofBridge},
	{FindWalletUnverified, "wx.chooseWXPay was called and wx.config had not verified for it", "call it in wx.ready, with chooseWXPay in the jsApiList of a wx.config whose signature fits", "WeChat JS-SDK: wx.config"},
	{FindWalletAppID, "appId belongs to no official account here", "hand over the appId of pay_params, all 18 characters", ofBridge},
	{FindWalletDirectory, "the page's directory may not raise the wallet for the account", "raise it from /q/direct, or register the page's directory for the account", "WeChat Pay, JSAPI payment: payment authorisation directory"},
	{FindWalletPackage, "package does not begin with prepay_id=, or is longer than 128 bytes", "hand over package as pay_params has it, prepay_id= included", ofBridge},
	{FindWalletPrepayID, "the prepay_id was not issued for this appId", "hand over all six values of one payment's answer", ofBridge},
	{FindWalletPaySign, "paySign does not fit the other five parameters", "pass all six values of pay_params on byte for byte; in a query percent-encoded", "WeChat Pay, JSAPI payment: paySign"},
	{FindWalletPayType, "the order's pay_type is not paid in this place", "order with 800207 for JSAPI; open the qrcode or pay_url of the others", ofBridge},
	{FindWalletOrder, "the address of a code or pay_url names no order here", "open the whole qrcode or pay_url of the payment's answer", "WeChat Pay: order rejected"},
	{FindWalletExpired, "the order can be paid no more, its time is over", "order again, under a new out_trade_no", "WeChat Pay: prepay_id lives two hours"},
	{FindWalletClosed, "the order was closed", "order again, under a new out_trade_no", "reversal and close"},
	{FindWalletFailed, "the order failed before", "order again, under a new out_trade_no", "payment request, CPM"},
	{FindWalletPaid, "the order was paid before", "show the payer that it is paid; order again only under a new out_trade_no", "WeChat Pay, JSAPI payment"},
	{FindWalletOtherPayer, "another payer than the order's opened the wallet", "get the openid of whoever pays, for every payment, and order with it", "WeChat JSAPI payment, GET openid"},
	{FindWalletRealName, "extend_info names another person than the bank card in the wallet", "send the payer's own number and name, or leave extend_info out", "WeChat JSAPI payment, extend_info"},
	{FindWalletNoCredit, "limit_pay is no_credit and the payer has nothing but a credit card", "leave limit_pay out to take credit cards", "WeChat JSAPI payment, limit_pay"},
	{FindWalletBalance, "the payer has not enough money", "let the payer try again with other means; the order can still be paid", "WeChat Pay, JSAPI payment"},
}

const ofCashier = "WeChat JSAPI payment, GET WeChat Pay Data: request parameters"

// RefusalFindings is the table of the findings that are refusals: QFPay's calls, a row for each
// parameter, and the noes of WeChat's page, the cashier and the wallet. Each id stands once.
func RefusalFindings() []FindingRow {
	var rows []FindingRow
	for _, row := range refusals {
		rows = append(rows, FindingRow{ID: row.Rule, Means: row.When, Change: row.Change, Clause: clauseOf(row.Source)})
	}
	rows = append(rows, parameterFindings()...)
	return append(rows, pageRefusals[:]...)
}

// parameterFindings has one row for all that the calls judge of a parameter.
func parameterFindings() []FindingRow {
	var rows []FindingRow
	at := map[string]int{}
	for _, p := range parameters {
		row := FindingRow{ID: p.rule(), Means: p.means(), Change: p.Change, Clause: clauseOf(p.Source)}
		if p.shared() {
			row.Change += p.calls()
		}
		i, known := at[row.ID]
		if !known {
			at[row.ID] = len(rows)
			row.Means = p.first() + " is " + row.Means
			rows = append(rows, row)
			continue
		}
		rows[i].Means += "; " + row.Means
		rows[i].Change = joinNew(rows[i].Change, row.Change)
		rows[i].Clause = joinNew(rows[i].Clause, row.Clause)
	}
	return rows
}
