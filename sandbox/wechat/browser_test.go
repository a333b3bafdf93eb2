package wechat_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

func TestBrowsers(t *testing.T) {
	type seen struct {
		inWeChat, canPay bool
		platform         string
	}
	want := map[string]seen{
		"ios":           {true, true, "ios"},
		"android":       {true, true, "android"},
		"android-old":   {true, true, "android"},
		"windows":       {true, false, "windows"},
		"mac":           {true, false, "mac"},
		"devtools":      {true, false, "ios"},
		"miniprogram":   {true, false, "android"},
		"wecom-ios":     {false, false, "ios"},
		"wecom-android": {false, false, "android"},
		"chrome":        {false, false, "android"},
		"safari":        {false, false, "ios"},
	}
	browsers := wechat.Browsers()
	if len(browsers) != len(want) {
		t.Errorf("got %d kinds want %d", len(browsers), len(want))
	}
	for _, b := range browsers {
		t.Run(b.Kind, func(t *testing.T) {
			got := seen{b.InWeChat, b.CanPay, wechat.Recognise(b.UserAgent).Platform}
			if expected, found := want[b.Kind]; !found || got != expected {
				t.Errorf("got %+v want %+v", got, expected)
			}
			if (b.NoPay == "") != b.CanPay {
				t.Errorf("can pay is %v but the reason against it is %q", b.CanPay, b.NoPay)
			}
			if named, found := wechat.BrowserNamed(b.Kind); !found || named != b {
				t.Errorf("BrowserNamed: got %+v, %v", named, found)
			}
			for _, text := range []string{b.Title, b.AcceptLanguage, b.Platform} {
				if text == "" {
					t.Errorf("an empty column: %+v", b)
				}
			}
			if strings.Contains(b.AcceptLanguage, ";") {
				t.Errorf("accept language has weights: %q", b.AcceptLanguage)
			}
			if strings.Contains(b.UserAgent, "…") || strings.Contains(b.UserAgent, "  ") || !strings.HasPrefix(b.UserAgent, "Mozilla/5.0 (") {
				t.Errorf("user agent is not complete: %q", b.UserAgent)
			}
			if b.Mobile != b.Touch || b.Mobile && (b.Width < 320 || b.Width > 430) || b.Width <= 0 || b.Height <= 0 || b.Scale < 1 {
				t.Errorf("viewport: %dx%d @%v, mobile %v, touch %v", b.Width, b.Height, b.Scale, b.Mobile, b.Touch)
			}
			// Only Android's web-views name their package.
			if webView := strings.Contains(b.UserAgent, "; wv)"); webView != (b.XRequestedWith != "") {
				t.Errorf("web-view %v but X-Requested-With is %q", webView, b.XRequestedWith)
			}
		})
	}
	if b, found := wechat.BrowserNamed("netscape"); found {
		t.Errorf("netscape: got %+v", b)
	}
}

func TestBrowsersThatCanPayComeFirst(t *testing.T) {
	var kinds []string
	for _, b := range wechat.Browsers() {
		if b.CanPay {
			kinds = append(kinds, b.Kind)
		}
	}
	first := wechat.Browsers()[:len(kinds)]
	if !slices.EqualFunc(first, kinds, func(b wechat.Browser, kind string) bool { return b.Kind == kind }) {
		t.Errorf("got %v spread over the table", kinds)
	}
}

func TestRecognise(t *testing.T) {
	const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) Mobile/15E148 "
	tests := []struct {
		name, userAgent string
		want            wechat.Client
	}{
		{"nothing", "", wechat.Client{}},
		{"the sample's misspelling", phone + "MichroMessenger/8.0.69", wechat.Client{Platform: "ios"}},
		{"any case", phone + "micromessenger/8.0.69(0x1800452d)", wechat.Client{InWeChat: true, CanPay: true, Platform: "ios", Version: "8.0.69"}},
		{"upper case", phone + "MICROMESSENGER/8.0", wechat.Client{InWeChat: true, CanPay: true, Platform: "ios", Version: "8.0"}},
		{"unknown system", "MicroMessenger/8.0.5", wechat.Client{InWeChat: true, CanPay: true, Version: "8.0.5"}},
		{"four parts of version", "Android MicroMessenger/8.0.63.2920(0x28003FA6)",
			wechat.Client{InWeChat: true, CanPay: true, Platform: "android", Version: "8.0.63.2920"}},
		{"oldest that pays", phone + "MicroMessenger/5.0", wechat.Client{InWeChat: true, CanPay: true, Platform: "ios", Version: "5.0"}},
		{"too old", phone + "MicroMessenger/4.5.255", wechat.Client{InWeChat: true, Platform: "ios", Version: "4.5.255"}},
		{"ten is above five", phone + "MicroMessenger/10.0", wechat.Client{InWeChat: true, CanPay: true, Platform: "ios", Version: "10.0"}},
		{"a version that overflows", phone + "MicroMessenger/18446744073709551616", wechat.Client{InWeChat: true, CanPay: true, Platform: "ios", Version: "18446744073709551616"}},
		{"no version", phone + "MicroMessenger", wechat.Client{InWeChat: true, Platform: "ios"}},
		{"no number", phone + "MicroMessenger/x", wechat.Client{InWeChat: true, Platform: "ios"}},
		{"wxwork first", phone + "wxwork/4.1.30 MicroMessenger/7.0.1", wechat.Client{WeCom: true, Platform: "ios", Version: "7.0.1"}},
		{"wxwork behind", "(linux; Android 13; Phone; OpenHarmony 6.1) MicroMessenger/7.0.1 wxwork/5.0.8",
			wechat.Client{WeCom: true, Platform: "android", Version: "7.0.1"}},
		{"WeCom on Windows", "Mozilla/5.0 (Windows NT 10.0) wxwork/4.1.10 (MicroMessenger/6.2) WindowsWechat MailPlugin_Electron",
			wechat.Client{WeCom: true, Platform: "windows", Version: "6.2"}},
		{"request of a mini-program", phone + "MicroMessenger/8.0.69 MiniProgramEnv/ios",
			wechat.Client{InWeChat: true, MiniProgram: true, Platform: "ios", Version: "8.0.69"}},
		{"a Mac is no iPhone", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) MicroMessenger/7.0.20",
			wechat.Client{InWeChat: true, Platform: "mac", Version: "7.0.20"}},
		{"an iPad", "Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) MicroMessenger/8.0.40",
			wechat.Client{InWeChat: true, CanPay: true, Platform: "ios", Version: "8.0.40"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := wechat.Recognise(tt.userAgent)
			if got != tt.want {
				t.Errorf("got %+v want %+v", got, tt.want)
			}
			if (got.NoPay() == "") != got.CanPay {
				t.Errorf("can pay is %v but the reason against it is %q", got.CanPay, got.NoPay())
			}
		})
	}
}

// Each client that cannot pay says so in its own way.
func TestPayRefused(t *testing.T) {
	want := map[string]string{
		"ios": "", "android": "", "android-old": "",
		"windows": wechat.PayNoFunction, "mac": wechat.PayNoFunction, "devtools": "getBrandWCPayRequest:fail,没有此SDK或暂不支持此SDK模拟",
		"miniprogram": wechat.PayNoFunction, "wecom-ios": wechat.PayNoFunction, "wecom-android": wechat.PayNoFunction,
		"chrome": wechat.PayNoFunction, "safari": wechat.PayNoFunction,
	}
	for _, b := range wechat.Browsers() {
		said, known := want[b.Kind]
		if got := wechat.Recognise(b.UserAgent).PayRefused(); got != said || !known {
			t.Errorf("%s: got %q want %q", b.Kind, got, said)
		}
	}
}

func TestNoPay(t *testing.T) {
	tests := []struct{ userAgent, want string }{
		{"iPhone Safari", "no MicroMessenger token"},
		{"iPhone wxwork/4.1 MicroMessenger/7.0.1", "WeCom"},
		{"iPhone wechatdevtools/1.06 MicroMessenger/8.0.5", "DevTools"},
		{"iPhone MicroMessenger/8.0.5 miniProgram/wx1", "mini-program"},
		{"Windows NT MicroMessenger/7.0.20", "desktop"},
		{"Macintosh MicroMessenger/7.0.20", "desktop"},
		{"iPhone MicroMessenger", "no WeChat version"},
		{"iPhone MicroMessenger/4.5", "WeChat 4.5 is too old"},
	}
	for _, tt := range tests {
		if got := wechat.Recognise(tt.userAgent).NoPay(); !strings.Contains(got, tt.want) {
			t.Errorf("%q: got %q want it to say %q", tt.userAgent, got, tt.want)
		}
	}
}

func FuzzRecognise(f *testing.F) {
	for _, b := range wechat.Browsers() {
		f.Add(b.UserAgent)
	}
	f.Add("MichroMessenger/8")
	f.Add("MicroMessenger/....")
	f.Fuzz(func(t *testing.T, userAgent string) {
		c := wechat.Recognise(userAgent)
		if c.InWeChat && !strings.Contains(strings.ToLower(userAgent), "micromessenger") {
			t.Errorf("%q is taken for WeChat", userAgent)
		}
		if c.CanPay && (!c.InWeChat || c.WeCom || c.MiniProgram || c.DevTools || c.Version == "") {
			t.Errorf("%q may pay: %+v", userAgent, c)
		}
	})
}

func BenchmarkRecognise(b *testing.B) {
	android, _ := wechat.BrowserNamed("android")
	b.ReportAllocs()
	for b.Loop() {
		wechat.Recognise(android.UserAgent)
	}
}
