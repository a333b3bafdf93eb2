package main

import (
	"errors"
	"flag"
	"fmt"
	"net/url"

	"github.com/qfpay-sandbox/qfpay-sandbox/fixtures/petshop"
)

// ownAccount is what makes petshop a method 1 shop. Empty values are as good as none, so that a compose file can pass on
// variables that nobody has set.
type ownAccount struct {
	appID, secret        string
	open, api, resources *url.URL // nil: where QFPay's API is, as a sandbox serves both
	raise                petshop.Raise
}

// ownFlags are the flags of an official account of the shop's own.
var ownFlags = []string{"appid", "app-secret", "weixin-open", "weixin-api", "weixin-resources", "raise"}

func (o *ownAccount) declare(declare func(name, fallback, usage string, set func(string) error)) {
	declare("appid", "", "`appid` of the shop's own official account; makes it a method 1 shop", into(&o.appID, issuedByWeChat))
	declare("app-secret", "", "`secret` of the official account that -appid names", into(&o.secret, issuedByWeChat))
	declare("weixin-open", "", "base `URL` of WeChat's login, https://open.weixin.qq.com (default OPENAPI)", into(&o.open, addressOrNothing))
	declare("weixin-api", "", "base `URL` of WeChat's server API, https://api.weixin.qq.com (default OPENAPI)", into(&o.api, addressOrNothing))
	declare("weixin-resources", "", "base `URL` of WeChat's scripts, https://res.wx.qq.com (default OPENAPI)", into(&o.resources, addressOrNothing))
	declare("raise", "", "`how` /checkout/pay opens the wallet: bridge (WeixinJSBridge) or jssdk (wx.chooseWXPay) (default bridge)", into(&o.raise, raiser))
	o.raise = petshop.RaiseBridge
}

// check reports a flag whose partner is missing.
func (o *ownAccount) check(fs *flag.FlagSet) error {
	for _, name := range ownFlags {
		if fs.Lookup(name).Value.String() == "" {
			continue
		}
		if o.appID == "" {
			return fmt.Errorf("-%s is about an official account of the shop's own, and -appid is missing", name)
		}
		if o.secret == "" {
			return errors.New("-appid is given and -app-secret, the secret of that official account, is missing")
		}
	}
	return nil
}

func issuedByWeChat(text string) (string, error) {
	if _, err := wordOrNothing(text); err != nil {
		return "", errors.New("want what WeChat issued, without spaces or line ends")
	}
	return text, nil
}

func addressOrNothing(text string) (*url.URL, error) {
	if text == "" {
		return nil, nil
	}
	return webAddress(text)
}

func raiser(text string) (petshop.Raise, error) {
	switch r := petshop.Raise(text); r {
	case "":
		return petshop.RaiseBridge, nil
	case petshop.RaiseBridge, petshop.RaiseJSSDK:
		return r, nil
	}
	return "", fmt.Errorf("want %s or %s", petshop.RaiseBridge, petshop.RaiseJSSDK)
}
