package wechat

import "strings"

// WeChat's hosts that an integration names, or that its pages do.
const (
	HostOpen      = "open.weixin.qq.com"   // OAuth in the browser
	HostAPI       = "api.weixin.qq.com"    // tokens, openid, tickets
	HostResources = "res.wx.qq.com"        // the JavaScript SDK
	HostReserve   = "res2.wx.qq.com"       // the same, for when that cannot be reached (WeChat's JSSDK page)
	HostWallet    = "payapp.weixin.qq.com" // here: the bridge's and the wallet's own
	HostPictures  = "wx.qlogo.cn"          // payers' pictures
)

// Host is one of WeChat's host names.
type Host struct{ Name, Does string }

var hosts = [...]Host{
	{HostOpen, "OAuth in the payer's browser"},
	{HostAPI, "access tokens, openids and tickets, asked for by the merchant's server"},
	{HostResources, "the JavaScript SDK"},
	{HostReserve, "the JavaScript SDK, in reserve"},
	{HostWallet, "the wallet"},
	{HostPictures, "payers' pictures"},
}

// Hosts is the table of WeChat's host names.
func Hosts() []Host { return append([]Host(nil), hosts[:]...) }

// HostNamed is the row of a host name, in any letter case and without a port; false if it is not WeChat's.
func HostNamed(name string) (Host, bool) {
	for _, h := range hosts {
		if strings.EqualFold(h.Name, name) {
			return h, true
		}
	}
	return Host{}, false
}
