package browser

import "github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"

// Kinds is the table of browser kinds a tab can be.
func Kinds() []wechat.Browser { return wechat.Browsers() }

// KindNamed is the row of one kind; false if there is none.
func KindNamed(kind string) (wechat.Browser, bool) { return wechat.BrowserNamed(kind) }
