package wechat_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

var update = flag.Bool("update", false, "write the page anew")

const browsersPage = "../../docs/browsers.md"

// docs/browsers.md is made from the table of kinds; features/browser/kinds.feature plays what it says each gets.
func TestBrowsersPage(t *testing.T) {
	var b strings.Builder
	b.WriteString(`# Browser kinds

What a payer may hold, from one table (` + "`sandbox/wechat/browser.go`" + `). ` + "`qfcertify run`" + ` plays them headless, ` + "`qfcertify browse URL --as KIND`" + `
opens one for you to click in, and ` + "`qfcertify browsers`" + ` lists them. This page is made by
` + "`go test ./sandbox/wechat -update`" + `.

## What each gets

Played in a browser by ` + "`features/browser/kinds.feature`" + `: at WeChat's login, at a page that calls ` + "`getBrandWCPayRequest`" + `, and at petshop.

| kind | is | WeChat's login | WeixinJSBridge | getBrandWCPayRequest | __wxjs_environment | a correct shop |
|---|---|---|---|---|---|---|
`)
	for _, k := range wechat.Browsers() {
		login, bridge, pay, shop, environment := "请在微信客户端打开链接", "no", "-", "shows how to open WeChat, orders nothing", "-"
		if k.InWeChat {
			login = "a code"
		}
		if k.Bridge {
			bridge, pay = "yes", "`"+k.PayRefused+"`"
		}
		if k.CanPay {
			pay, shop = "opens the wallet", "takes the order"
		}
		if k.Environment != "" {
			environment = "`" + k.Environment + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s |\n", k.Kind, k.Title, login, bridge, pay, environment, shop)
	}
	b.WriteString(`
## What each sends and shows

` + "`Accept` and `X-Requested-With` are those of pages and iframes; `Accept-Language` is also `navigator.languages`" + `. No kind sends client hints
(` + "`Sec-CH-UA`" + `), which is right for all but Chrome, and ` + "`navigator.webdriver`" + ` is false. Viewports are CSS pixels, device pixel ratio behind the @.

| kind | viewport | touch | navigator.platform | languages | X-Requested-With |
|---|---|---|---|---|---|
`)
	for _, k := range wechat.Browsers() {
		touch, requested := "no", "-"
		if k.Touch {
			touch = "yes"
		}
		if k.XRequestedWith != "" {
			requested = "`" + k.XRequestedWith + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %d × %d @%v | %s | %s | `%s` | %s |\n", k.Kind, k.Width, k.Height, k.Scale, touch, k.Platform, k.AcceptLanguage, requested)
	}
	b.WriteString("\n| kind | User-Agent |\n|---|---|\n")
	for _, k := range wechat.Browsers() {
		fmt.Fprintf(&b, "| `%s` | `%s` |\n", k.Kind, k.UserAgent)
	}
	b.WriteString("\n| kind | Accept |\n|---|---|\n")
	for _, k := range wechat.Browsers() {
		accept := "Chromium's own"
		if k.Accept != "" {
			accept = "`" + k.Accept + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", k.Kind, accept)
	}
	b.WriteString(`
The User-Agents of iOS, Android, Windows and macOS are captures; the others follow the same grammar and are assumed, as is where Android's
picture formats stand in ` + "`Accept`" + ` (assumption 69). What is the same everywhere, and a phone has otherwise: the order of headers, TLS and HTTP/2
fingerprints, fonts, and the engine, which is Chromium's also where the kind is WebKit's.
`)
	if *update {
		if err := os.WriteFile(browsersPage, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	page, err := os.ReadFile(browsersPage)
	if err != nil {
		t.Fatal(err)
	}
	if string(page) != b.String() {
		t.Errorf("%s is not what the table of kinds makes; run go test ./sandbox/wechat -update", browsersPage)
	}
}
