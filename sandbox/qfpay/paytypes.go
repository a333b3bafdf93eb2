package qfpay

// Wallets that have several codes.
const (
	alipay      = "Alipay"
	alipayHK    = "AlipayHK"
	wechatPay   = "WeChat Pay"
	wechatPayHK = "WeChat Pay HK"
	PayMe       = "PayMe"
	unionPay    = "UnionPay"
	octopus     = "Octopus"
	FPS         = "FPS"
	cards       = "Visa/Mastercard"
	preAuth     = "Alipay pre-authorisation"
)

var payTypes = [...]PayTypeRow{
	current("800008", "any wallet", FlowCPM),
	current("800101", alipay, FlowMPM),
	current("800107", alipay, FlowWindow),
	current("800108", alipay, FlowCPM),
	current("801101", alipay, FlowWeb),
	current("801107", alipay, FlowWAP),
	current("801110", alipay, FlowApp),
	current("801501", alipayHK, FlowMPM),
	current("801510", alipayHK, FlowApp),
	current("801512", alipayHK, FlowWAP),
	current("801514", alipayHK, FlowWeb),
	current(WeChatMPM, wechatPay, FlowMPM),
	current(WeChatJSAPI, wechatPay, FlowJSAPI),
	current(WeChatCPM, wechatPay, FlowCPM),
	current(WeChatInApp, wechatPay, FlowApp),
	current(WeChatH5, wechatPay, FlowH5),
	current(WeChatMiniProgram, wechatPay, FlowMiniProgram),
	current("801008", wechatPayHK, FlowCPM),
	current("801010", wechatPayHK, FlowApp),
	current("805801", PayMe, FlowMPM),
	current("805808", PayMe, FlowCPM),
	current("805812", PayMe, FlowWAP),
	current("805814", PayMe, FlowWeb),
	current("800701", unionPay, FlowMPM),
	current("800708", unionPay, FlowCPM),
	current("800712", unionPay, FlowWAP),
	current("800714", unionPay, FlowWeb),
	current("802001", FPS, FlowMPM),
	current("803701", octopus, FlowMPM),
	current("803712", octopus, FlowWAP),
	current("803714", octopus, FlowWeb),
	current("802801", cards, FlowOnline),
	current("802808", cards, FlowOffline),
	current("806527", "ApplePay", FlowOnline),
	current("806708", "UnionPay card", FlowOffline),
	current("806808", "American Express", FlowOffline),

	former("800151", alipay, FlowPreOrder),
	former("800152", alipay, FlowWAP),
	former("800228", wechatPayHK, FlowCPM),
	former("800501", "not named", FlowWeb),
	former("800710", unionPay, FlowApp),
	former("801408", "AirPay", FlowCPM),
	former("802201", "AirPay", FlowOnline),
	former("802828", cards, FlowDDC),

	bySuffix("801208", "LINE Pay"),
	bySuffix("801301", "LINE Pay"),
	bySuffix("801701", "NETS"),
	bySuffix("801801", preAuth),
	bySuffix("801808", preAuth),
	bySuffix("801810", preAuth),
	bySuffix("801814", preAuth),
	bySuffix("801908", "Origami"),
	bySuffix("802301", "PayNow"),
	bySuffix("802901", "PromptPay"),
	bySuffix("803001", "eWallet"),
	bySuffix("803008", "eWallet"),
	bySuffix("803101", "VIA"),
	bySuffix("803108", "VIA"),
	bySuffix("803208", "TNG"),
	bySuffix("803214", "TNG"),
	bySuffix("803301", "Razer"),
	bySuffix("803308", "Razer"),
	bySuffix("803314", "Razer"),
	bySuffix("803801", "Dash"),
	bySuffix("803808", "Dash"),
	bySuffix("804001", "Boost"),
	bySuffix("804008", "Boost"),
	bySuffix("804014", "Boost"),
	bySuffix("804101", "Maybank"),
	bySuffix("804108", "Maybank"),
	bySuffix("804114", "Maybank"),
	bySuffix("804201", "GrabPay"),
	bySuffix("804208", "GrabPay"),
	bySuffix("804214", "GrabPay"),
	bySuffix("805208", "TrueMoney"),
	bySuffix("805401", "ThaiQR"),
	bySuffix("805508", "First Data cards"),
	bySuffix("805514", "First Data cards"),
	bySuffix("805601", "GoPay"),
	bySuffix("805612", "GoPay"),
}
