package wechat

import (
	"bytes"
	"strings"
)

// Client is what a User-Agent says about the program behind it.
type Client struct {
	InWeChat    bool   // WeChat itself, on a phone, a desktop or in the DevTools; not WeCom
	CanPay      bool   // its bridge opens the wallet
	Platform    string // "ios", "android", "windows", "mac", "" unknown
	WeCom       bool   // WeCom also says MicroMessenger
	MiniProgram bool   // web-view or request of a mini-program
	DevTools    bool   // WeChat's simulator for developers
	Version     string // after MicroMessenger/, "" if there is none
}

// Recognise reads a User-Agent as WeChat's servers must. Only the token MicroMessenger, in any letter case, is WeChat;
// the spelling MichroMessenger of QFPay's sample is not. WeCom is told by wxwork, before or behind that token.
//
// JSAPI payment does not work in the desktop clients, in a mini-program's web-view, in DevTools, in WeCom, nor below
// version 5.0. Source: WeChat Pay's documents for the version, its community for the rest. A client that gives no
// version cannot pay either; that is assumed, real ones always give it.
func Recognise(userAgent string) Client {
	var room [512]byte
	lower := appendLower(room[:0], userAgent)
	c := Client{Platform: platformOf(lower)}
	token := bytes.Index(lower, []byte("micromessenger"))
	if token < 0 {
		return c
	}
	c.Version = versionAt(userAgent[token+len("micromessenger"):])
	c.WeCom = says(lower, "wxwork")
	c.InWeChat = !c.WeCom
	c.MiniProgram = says(lower, "miniprogram")
	c.DevTools = says(lower, "wechatdevtools")
	c.CanPay = c.NoPay() == ""
	return c
}

// NoPay says why the client cannot pay, "" if it can.
func (c Client) NoPay() string {
	switch {
	case c.WeCom:
		return "WeCom is not WeChat and has no WeChat wallet"
	case !c.InWeChat:
		return "not WeChat: the User-Agent has no MicroMessenger token"
	case c.DevTools:
		return "WeChat DevTools simulates no payment"
	case c.MiniProgram:
		return "JSAPI payment does not work in a mini-program's web-view"
	case c.Platform == "windows" || c.Platform == "mac":
		return "JSAPI payment does not work in WeChat's desktop clients"
	case c.Version == "":
		return "the User-Agent gives no WeChat version"
	case majorOf(c.Version) < MinPayVersion:
		return "WeChat " + c.Version + " is too old, payment needs 5.0"
	}
	return ""
}

// PayRefused is err_msg of getBrandWCPayRequest in a client that cannot pay, "" in one that can. What the desktop clients and
// the DevTools say was observed; that WeCom and a mini-program's web-view say the same as the desktop is
// assumed (assumption 64).
func (c Client) PayRefused() string {
	switch {
	case c.NoPay() == "":
		return ""
	case c.DevTools:
		return PayFailDevTools
	default:
		return PayNoFunction
	}
}

// platformOf looks for phones first: an iPhone also says "like Mac OS X".
func platformOf(lower []byte) string {
	switch {
	case says(lower, "iphone"), says(lower, "ipad"), says(lower, "ipod"):
		return "ios"
	case says(lower, "android"):
		return "android"
	case says(lower, "windows"):
		return "windows"
	case says(lower, "macintosh"), says(lower, "macwechat"):
		return "mac"
	}
	return ""
}

// versionAt reads "/8.0.69(0x1800452d) …" up to the end of digits and dots.
func versionAt(rest string) string {
	rest, ok := strings.CutPrefix(rest, "/")
	if !ok {
		return ""
	}
	end := 0
	for end < len(rest) && (rest[end] == '.' || '0' <= rest[end] && rest[end] <= '9') {
		end++
	}
	return strings.Trim(rest[:end], ".")
}

// majorOf is the number before the first dot; more than three digits count as large.
func majorOf(version string) int {
	major, _, _ := strings.Cut(version, ".")
	if len(major) > 3 {
		return 999
	}
	n := 0
	for i := 0; i < len(major); i++ {
		n = n*10 + int(major[i]-'0')
	}
	return n
}

func says(lower []byte, word string) bool { return bytes.Contains(lower, []byte(word)) }

// appendLower appends s with its ASCII capitals made small; offsets stay those of s.
func appendLower(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}
