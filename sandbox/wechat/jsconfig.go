package wechat

import (
	"crypto/sha1"
	"encoding/hex"
	"strings"
)

// What preVerifyJSAPI, the bridge's call behind wx.config, ends with, as err_msg; the page hears it of its SDK as
// config:ok and so on. Source: WeChat's JSSDK page.
const (
	ConfigOK               = "preVerifyJSAPI:ok"
	ConfigInvalidSignature = "preVerifyJSAPI:invalid signature"
	ConfigInvalidDomain    = "preVerifyJSAPI:invalid url domain"
	ConfigInvalidAppID     = "preVerifyJSAPI:fail,invalid appid"
)

// ConfigString is what wx.config's signature is made over: the page's address without its fragment, and noncestr in
// small letters although the page hands it over as nonceStr. Source: WeChat's JSSDK page.
func ConfigString(ticket, nonceStr, timestamp, url string) string {
	url, _, _ = strings.Cut(url, "#")
	return "jsapi_ticket=" + ticket + "&noncestr=" + nonceStr + "&timestamp=" + timestamp + "&url=" + url
}

// ConfigSignature is wx.config's signature: SHA-1 over ConfigString, lower-case hex.
func ConfigSignature(ticket, nonceStr, timestamp, url string) string {
	sum := sha1.Sum([]byte(ConfigString(ticket, nonceStr, timestamp, url)))
	return hex.EncodeToString(sum[:])
}
