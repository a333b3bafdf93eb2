package qfpay

// Texts QFPay puts in resperr, respmsg and errmsg, as captured unless said otherwise. Merchants should compare codes,
// never these.
const (
	TextPaid           = "交易成功"                                                                  // resperr of a successful payment
	TextQueried        = "请求成功"                                                                  // resperr of a query that worked
	TextBadAppCode     = "APPCODE非法"                                                             // 1108, unknown app code
	TextBadMchid       = "MCHCODE非法"                                                             // 1108, unknown or foreign mchid
	TextBadSign        = "签名错误(1108)"                                                            // 1108; assumed, the real text is unpublished
	TextNoPayType      = "获取用户支付通道失败"                                                            // resperr of 1104, pay type not enabled
	TextFilterError    = "filter error"                                                          // respmsg beside TextNoPayType
	TextDuplicateOrder = "Do not use duplicate out_trade_no for request(1251)"                   // resperr of 1251
	TextOrderUsed      = "out_trade_no is used"                                                  // respmsg beside TextDuplicateOrder
	TextUnpaid         = "订单还未支付，或者正在输入密码中"                                                      // errmsg of a record with 1143
	TextOrderClosed    = "Order closed, please confirm the order status before continuing(1264)" // resperr of 1264
	TextFailed         = "交易失败，请联系客服(2999)"                                                      // resperr of a failure, code in brackets
)
