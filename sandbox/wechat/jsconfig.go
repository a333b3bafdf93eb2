package wechat

import (
	"crypto/sha1"
	"encoding/hex"
	"strings"
)

// What wx.config ends with when its signature is refused, as errMsg. Source: WeChat's JSSDK page.
const (
	ConfigOK               = "config:ok"
	ConfigInvalidSignature = "config:invalid signature"
	ConfigInvalidDomain    = "config:invalid url domain"
	ConfigInvalidAppID     = "config:fail,invalid appid"
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
