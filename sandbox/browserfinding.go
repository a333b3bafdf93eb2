package sandbox

import (
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// misspeltToken is how the published sample spells WeChat's token; no browser says it.
const misspeltToken = "michromessenger"

// notWeChat is the finding about a browser that WeChat and the cashier send away.
func notWeChat(c wechat.Client, userAgent string) Finding {
	f := Finding{ID: FindNotWeChat, Detail: c.NoPay(), Received: "User-Agent: " + shorten(userAgent), Expected: "a User-Agent that holds MicroMessenger, and not wxwork"}
	switch lower := strings.ToLower(userAgent); {
	case strings.Contains(lower, misspeltToken):
		f.Change = "spell it MicroMessenger, here and in the check of your own page: MichroMessenger is a misspelling of QFPay's published sample, and no browser says it"
	case c.WeCom:
		f.Change = "send the payer to WeChat itself: WeCom also says MicroMessenger, so test for wxwork first"
	case userAgent == "":
		f.Received = "no User-Agent"
	}
	return f
}

// cannotPay is the finding about a browser whose bridge opens no wallet.
func cannotPay(c wechat.Client, userAgent string) Finding {
	f := Finding{ID: FindWalletBrowser, Detail: c.NoPay(), Received: "User-Agent: " + shorten(userAgent), Expected: "WeChat 5.0 or later on a phone"}
	switch {
	case c.WeCom:
		f.Change = "send the payer to WeChat itself: WeCom also says MicroMessenger, so test for wxwork first"
	case c.DevTools:
		f.Change = "test the payment on a phone, or with the User-Agent of one"
	case c.MiniProgram:
		f.Change = "pay from the mini-program itself (800213), not from a page in its web-view"
	case c.Platform == "windows" || c.Platform == "mac":
		f.Change = "offer the payer of a desktop client a code to scan (800201)"
	}
	return f
}
