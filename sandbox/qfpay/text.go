package qfpay

// Texts QFPay puts in resperr, respmsg and errmsg, as captured unless said otherwise. Merchants should compare codes,
// never these.
const (
	TextPaid            = "交易成功"                                                                     // resperr of a successful payment
	TextQueried         = "请求成功"                                                                     // resperr of a query that worked
	TextBadAppCode      = "APPCODE非法"                                                                // 1108, unknown app code
	TextBadMchid        = "MCHCODE非法"                                                                // 1108, unknown or foreign mchid
	TextBadSign         = "签名错误(1108)"                                                               // 1108; assumed, the real text is unpublished
	TextNoPayType       = "获取用户支付通道失败"                                                               // resperr of 1104, pay type not enabled
	TextFilterError     = "filter error"                                                             // respmsg beside TextNoPayType
	TextDuplicateOrder  = "Do not use duplicate out_trade_no for request(1251)"                      // resperr of 1251
	TextOrderUsed       = "out_trade_no is used"                                                     // respmsg beside TextDuplicateOrder
	TextUnpaid          = "订单还未支付，或者正在输入密码中"                                                         // errmsg of a record with 1143
	TextUnderWay        = "交易处理中，请稍后查询(1145)"                                                        // resperr of 1145; assumed
	TextRefunding       = "處理中，請稍等(1143)"                                                            // errmsg of a refund under way
	TextStillProcessing = "You still have prosessing requests, please do not repeat the initiation." // spelling as received
	TextOrderClosed     = "Order closed, please confirm the order status before continuing(1264)"    // resperr of 1264
	TextWrongCancel     = "wrong cancel"                                                             // respmsg beside TextOrderClosed, when all is refunded
	TextRefundBalance   = "Today this payment method refundable balance is 0 HKD, not enough(1269)"  // resperr of 1269, shortened; amount and currency are today's
	TextFailed          = "交易失败，请联系客服(2999)"                                                         // resperr of a failure, code in brackets
)
