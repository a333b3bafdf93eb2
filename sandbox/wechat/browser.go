package wechat

// Browser is one kind of browser a payer may hold, complete enough to impersonate it.
type Browser struct {
	Kind           string // key, lower case: "ios"
	Title          string // for people
	UserAgent      string
	Accept         string // of requests for pages and iframes; "" for what Chromium sends by itself
	AcceptLanguage string // plain list without weights: "zh-CN,zh"; also navigator.languages
	Platform       string // navigator.platform
	Width, Height  int    // viewport in CSS pixels
	Scale          float64
	Touch, Mobile  bool
	XRequestedWith string // Android web-views send their package name; "" for none
	Environment    string // window.__wxjs_environment, "" where the client sets none
	InWeChat       bool   // OAuth hands out a code
	Bridge         bool   // pages get a WeixinJSBridge
	CanPay         bool   // the bridge opens the wallet
	NoPay          string // why it cannot pay, "" if it can
	PayRefused     string // err_msg of getBrandWCPayRequest where there is a bridge and no wallet
}

// Browsers is the table of browser kinds; those that can pay come first.
//
// User agents are captures from public code where one was complete. The rest, the old Android, DevTools, mini-program
// and WeCom ones, follow the same grammar and are assumed. Viewports are near-by device sizes less WeChat's title bar,
// whose exact height nobody published.
func Browsers() []Browser {
	all := make([]Browser, len(browsers))
	for i, b := range browsers {
		client := Recognise(b.UserAgent)
		b.InWeChat, b.CanPay, b.NoPay = client.InWeChat, client.CanPay, client.NoPay()
		if b.Bridge = client.InWeChat || client.WeCom; b.Bridge {
			b.PayRefused = client.PayRefused()
		}
		all[i] = b
	}
	return all
}

// BrowserNamed is the row of one kind; false if there is none.
func BrowserNamed(kind string) (Browser, bool) {
	for _, b := range Browsers() {
		if b.Kind == kind {
			return b, true
		}
	}
	return Browser{}, false
}

const (
	androidUA = "Mozilla/5.0 (Linux; Android 12; M2011K2C Build/SKQ1.211006.001; wv) AppleWebKit/537.36 (KHTML, like Gecko) " +
		"Version/4.0 Chrome/146.0.7680.177 Mobile Safari/537.36 XWEB/1460075 MMWEBSDK/20250804 MMWEBID/4850 " +
		"MicroMessenger/8.0.63.2920(0x28003FA6) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN ABI/arm64"
	// What documents are asked for with: WebKit's list as captured, and Chrome's with WeChat's two picture formats in
	// it, whose place in the list is assumption 69.
	webkitAccept  = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	androidAccept = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/wxpic,image/tpg,image/webp,image/apng,*/*;q=0.8," +
		"application/signed-exchange;v=b3;q=0.7"
	wechatPackage = "com.tencent.mm"
	wecomPackage  = "com.tencent.wework"
)

var browsers = [...]Browser{
	{
		Kind: "ios", Title: "WeChat on an iPhone",
		UserAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) " +
			"Mobile/15E148 MicroMessenger/8.0.69(0x1800452d) NetType/WIFI Language/zh_CN",
		Accept: webkitAccept, AcceptLanguage: "zh-CN,zh-Hans", Platform: "iPhone",
		Width: 390, Height: 663, Scale: 3, Touch: true, Mobile: true, Environment: "browser",
	},
	{
		Kind: "android", Title: "WeChat on an Android phone",
		UserAgent: androidUA, Accept: androidAccept, AcceptLanguage: "zh-CN,zh,en-US,en", Platform: "Linux aarch64",
		Width: 411, Height: 731, Scale: 2.625, Touch: true, Mobile: true, XRequestedWith: wechatPackage,
	},
	{
		Kind: "android-old", Title: "WeChat of 2022 on an Android phone",
		UserAgent: "Mozilla/5.0 (Linux; Android 10; VOG-AL00 Build/HUAWEIVOG-AL00; wv) AppleWebKit/537.36 (KHTML, like Gecko) " +
			"Version/4.0 Chrome/86.0.4240.99 XWEB/4263 MMWEBSDK/20220709 Mobile Safari/537.36 MMWEBID/2637 " +
			"MicroMessenger/8.0.25.2200(0x2800193B) Process/toolsmp WeChat/arm64 Weixin NetType/4G Language/zh_CN ABI/arm64",
		Accept: androidAccept, AcceptLanguage: "zh-CN,zh,en-US,en", Platform: "Linux aarch64",
		Width: 360, Height: 672, Scale: 3, Touch: true, Mobile: true, XRequestedWith: wechatPackage,
	},
	{
		Kind: "windows", Title: "WeChat for Windows",
		UserAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/132.0.0.0 Safari/537.36 " +
			"NetType/WIFI MicroMessenger/7.0.20.1781(0x6700143B) WindowsWechat(0x63090a13) UnifiedPCWindowsWechat(0xf2541a35) " +
			"XWEB/19977 Flue",
		AcceptLanguage: "zh-CN,zh", Platform: "Win32", Width: 1000, Height: 640, Scale: 1,
	},
	{
		Kind: "mac", Title: "WeChat for macOS",
		UserAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/132.0.0.0 " +
			"Safari/537.36 NetType/WIFI MicroMessenger/7.0.20.1781(0x6700143B) MacWechat/3.8.7(0x13080712) " +
			"UnifiedPCMacWechat(0xf26411f0) XWEB/16512 Flue",
		AcceptLanguage: "zh-CN,zh", Platform: "MacIntel", Width: 1000, Height: 640, Scale: 2,
	},
	{
		Kind: "devtools", Title: "WeChat DevTools simulator",
		UserAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.0 " +
			"Mobile/15E148 Safari/604.1 wechatdevtools/1.06.2412050 MicroMessenger/8.0.5 Language/zh_CN webview/17336412550001",
		Accept: webkitAccept, AcceptLanguage: "zh-CN,zh", Platform: "MacIntel",
		Width: 390, Height: 663, Scale: 3, Touch: true, Mobile: true, Environment: "browser",
	},
	{
		Kind: "miniprogram", Title: "Web-view of a WeChat mini-program",
		UserAgent: androidUA + " miniProgram/wx0123456789abcdef",
		Accept:    androidAccept, AcceptLanguage: "zh-CN,zh,en-US,en", Platform: "Linux aarch64",
		Width: 411, Height: 731, Scale: 2.625, Touch: true, Mobile: true, XRequestedWith: wechatPackage, Environment: "miniprogram",
	},
	{
		Kind: "wecom-ios", Title: "WeCom on an iPhone",
		UserAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 " +
			"wxwork/4.1.30 MicroMessenger/7.0.1 Language/zh ColorScheme/Light wwmver/3.26.13.714",
		Accept: webkitAccept, AcceptLanguage: "zh-CN,zh-Hans", Platform: "iPhone",
		Width: 390, Height: 663, Scale: 3, Touch: true, Mobile: true, Environment: "browser",
	},
	{
		Kind: "wecom-android", Title: "WeCom on an Android phone",
		UserAgent: "Mozilla/5.0 (Linux; Android 13; PGP110 Build/TP1A.220905.001; wv) AppleWebKit/537.36 (KHTML, like Gecko) " +
			"Version/4.0 Chrome/130.0.6723.103 Mobile Safari/537.36 wxwork/4.1.36 MicroMessenger/7.0.1 NetType/4G " +
			"Language/zh Lang/zh ColorScheme/Dark wwmver/3.26.36.714",
		Accept: androidAccept, AcceptLanguage: "zh-CN,zh,en-US,en", Platform: "Linux aarch64",
		Width: 411, Height: 731, Scale: 2.625, Touch: true, Mobile: true, XRequestedWith: wecomPackage,
	},
	{
		Kind: "chrome", Title: "Chrome on an Android phone",
		UserAgent:      "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
		AcceptLanguage: "zh-CN,zh,en-US,en", Platform: "Linux aarch64",
		Width: 411, Height: 731, Scale: 2.625, Touch: true, Mobile: true,
	},
	{
		Kind: "safari", Title: "Safari on an iPhone",
		UserAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 " +
			"Mobile/15E148 Safari/604.1",
		Accept: webkitAccept, AcceptLanguage: "zh-CN,zh-Hans", Platform: "iPhone",
		Width: 390, Height: 664, Scale: 3, Touch: true, Mobile: true,
	},
}
