package steps

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// sdkConfig is what a page hands to wx.config.
type sdkConfig struct {
	AppID     string `json:"appId"`
	Timestamp int64  `json:"timestamp"`
	NonceStr  string `json:"nonceStr"`
	Signature string `json:"signature"`
}

// sdkMistakes are the sentences' words for what is signed in place of ticket and address.
var sdkMistakes = map[string]func(ticket, page string) (string, string){
	"":                                func(ticket, page string) (string, string) { return ticket, page },
	"which signs another address":     func(ticket, page string) (string, string) { return ticket, page + "?order=1" },
	"which signs with another ticket": func(_, page string) (string, string) { return "kgt8ON7yVITDhtdwci0qeZ", page },
	"which signs the address as over TLS": func(ticket, page string) (string, string) {
		return ticket, strings.Replace(page, "http://", "https://", 1)
	},
}

// pageUsesSDK has the page sign for wx.config with the account's ticket, and pay with wx.chooseWXPay.
func (w *world) pageUsesSDK(ctx context.Context, mistake string) error {
	signed, known := sdkMistakes[mistake]
	if w.page == nil || !known {
		return broke(fmt.Errorf("there is no page, or none that pays %q", mistake))
	}
	if err := w.getAccountToken(ctx, ""); err != nil {
		return err
	}
	if err := w.getTicket(ctx, ""); err != nil {
		return err
	}
	if w.account.ticket == "" {
		return broke(errors.New("WeChat gave no ticket"))
	}
	w.page.way, w.page.sdk = "through the SDK", w.suite.Vendor+"/open/js/jweixin-1.6.0.js"
	w.page.config = func(page string) sdkConfig {
		c := sdkConfig{AppID: w.account.official.AppID, Timestamp: 1_700_000_000, NonceStr: "nonce"}
		ticket, page := signed(w.account.ticket, page)
		sum := sha1.Sum(fmt.Appendf(nil, "jsapi_ticket=%s&noncestr=%s&timestamp=%d&url=%s", ticket, c.NonceStr, c.Timestamp, page))
		c.Signature = hex.EncodeToString(sum[:])
		return c
	}
	return nil
}
