package sandbox

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// list names values with blanks between them.
func list[T ~string](values []T) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = string(v)
	}
	return strings.Join(words, " ")
}

// refuseCurrency is the refusal of a currency the App does not have, and says what it may be.
func (a *App) refuseCurrency(sent string) *Refusal {
	r := RefuseParameter("txcurrcd", sent, fmt.Sprintf("is %s, want one of %s", Shown(sent), currencyList(a.Currencies))).Want("one of " + currencyList(a.Currencies))
	upper := strings.ToUpper(strings.TrimSpace(sent))
	_, listed := qfpay.Currency(upper).Row()
	switch {
	case listed && upper != sent:
		r.Fix("send txcurrcd=" + upper + ", three capitals")
	case listed:
		r.Fix(sent + " is a currency of another account or region: send one of " + currencyList(a.Currencies) + ", or use credentials of that region")
	case upper == "RMB" || upper == "CNH":
		r.Fix("send txcurrcd=CNY where the account has it: " + upper + " is no code of QFPay's list")
	case isDigits(sent):
		r.Fix("send the three letters of the currency, not its number")
	}
	return r
}

// refusePayType is the refusal of a pay type QFPay does not have.
func (a *App) refusePayType(p qfpay.PayType) *Refusal {
	r := RefuseParameter("pay_type", string(p), fmt.Sprintf("is %s, which QFPay's table does not have; WeChat JSAPI is %s", Shown(p), qfpay.WeChatJSAPI)).Want("one of " + list(a.PayTypes))
	if len(p) > 64 {
		return r
	}
	lower := strings.ToLower(strings.TrimSpace(string(p)))
	switch {
	case lower == "jsapi" || strings.Contains(lower, "wechat") || strings.Contains(lower, "weixin") || lower == "wxpay":
		r.Fix("send pay_type=800207 for WeChat JSAPI: pay types are six digits")
	default:
		for _, near := range append([]qfpay.PayType{qfpay.WeChatJSAPI}, a.PayTypes...) {
			if distance(lower, string(near)) <= 1 {
				row, _ := near.Row()
				return r.Fix(fmt.Sprintf("send pay_type=%s if %s was meant", near, row.Name))
			}
		}
	}
	return r
}

// nothings are what programs write for a value they do not have.
var nothings = []string{"none", "null", "undefined", "nil", "nan", "[object object]", "false"}

// isNothing reports whether a value is some language's word for no value.
func isNothing(value string) bool {
	for _, word := range nothings {
		if strings.EqualFold(word, value) {
			return true
		}
	}
	return false
}

// refuseOpenID is the refusal of a sub_openid that is shaped like none.
func refuseOpenID(sent string) *Refusal {
	r := RefuseParameter("sub_openid", sent, fmt.Sprintf("is %s, want the openid of get_weixin_openid: 28 characters, the first an o", Shown(sent))).
		Want("sub_openid of 28 characters: o and 27 letters, digits, _ or -")
	switch trimmed := strings.TrimSpace(sent); {
	case isNothing(sent):
		r.Fix("check respcd of get_weixin_openid before paying: it gave no openid, and " + Shown(sent) + " was sent in its place")
	case wechat.ValidOpenID(trimmed):
		r.Fix("send the openid without the blanks around it")
	case looksLikeCode(sent):
		r.Fix("exchange the code first: this is the code of the callback, sub_openid is what get_weixin_openid answers for it")
	case len(sent) < 28 && strings.HasPrefix(sent, "o") && wechat.ValidOpenID(sent+strings.Repeat("0", 28-len(sent))):
		r.Fix(fmt.Sprintf("send the whole openid: this one was cut to %d of its 28 characters", len(sent)))
	}
	return r
}

func refuseExpiredTime(sent string) *Refusal {
	r := RefuseParameter("expired_time", sent, fmt.Sprintf("is %s, want whole minutes from 5 to 120", Shown(sent))).Want("expired_time from 5 to 120")
	n, err := strconv.Atoi(sent)
	switch {
	case err == nil && n > 120 && n%60 == 0 && n/60 >= 5 && n/60 <= 120:
		r.Want("expired_time=" + strconv.Itoa(n/60)).Fix(fmt.Sprintf("send minutes: %d seconds are expired_time=%d", n, n/60))
	case err == nil && len(strings.TrimLeft(sent, "+-0")) >= 10:
		r.Fix("send how many minutes the order can be paid, no point in time")
	case err == nil && n < 5:
		r.Fix("send at least 5 minutes")
	case err == nil && n > 120:
		r.Fix("send at most 120 minutes")
	}
	return r
}

// refuseExtendInfo is the refusal of an extend_info that could not be read, and why.
func refuseExtendInfo(sent string, why error) *Refusal {
	r := RefuseParameter("extend_info", sent, why.Error()).Want("extend_info as one JSON object")
	switch {
	case strings.HasPrefix(sent, `"`):
		r.Fix("make it JSON once: this is a JSON text that holds JSON")
	case strings.HasPrefix(sent, "{'"):
		r.Fix("write JSON with double quotes; this is how a language prints its own dictionary")
	case strings.HasPrefix(sent, "%7B") || strings.HasPrefix(sent, "%7b"):
		r.Fix("percent-encode it once, not twice")
	case sent == "[object Object]" || sent == "Array":
		r.Fix("make JSON of the object before sending it: the object itself was sent as text")
	}
	return r
}

// refuseAddress is the refusal of a parameter that is no absolute address.
func refuseAddress(name, sent string, why error) *Refusal {
	r := RefuseParameter(name, sent, why.Error()).Want("an absolute address that starts with http:// or https://")
	host, _, _ := strings.Cut(sent, "/")
	switch {
	case strings.HasPrefix(sent, "http%3A") || strings.HasPrefix(sent, "https%3A") || strings.HasPrefix(sent, "http%3a") || strings.HasPrefix(sent, "https%3a"):
		r.Fix("percent-encode " + name + " once: it was encoded twice")
	case strings.HasPrefix(sent, "//"):
		r.Want("https:" + shorten(sent)).Fix("put https: in front")
	case !hasScheme(sent) && strings.Contains(host, ".") && len(sent) < shownMost && checkWebAddress("https://"+sent, 512) == nil:
		r.Want("https://" + sent).Fix("put https:// in front: an address without a scheme is no address")
	case strings.HasPrefix(sent, "/"):
		r.Fix("send the whole address, with scheme and host: QFPay does not know yours")
	}
	return r
}

// refuseText is the refusal of a text that is too long, or not of printable UTF-8.
func refuseText(name, sent string, most int, why error) *Refusal {
	r := RefuseParameter(name, sent, why.Error()).Want(fmt.Sprintf("at most %d printable characters", most))
	r.Change = otherCharset(name, sent)
	return r
}

// otherCharset says what to change about bytes that are no UTF-8; empty for those that are.
func otherCharset(name, sent string) string {
	if utf8.ValidString(sent) {
		return ""
	}
	return "write " + name + " in UTF-8 before percent-encoding it: these bytes are of another character set, such as GBK or Big5"
}

// looksLikeCode reports whether a text is shaped like an OAuth code: 32 letters and digits, the first a 0.
func looksLikeCode(s string) bool {
	return len(s) == 32 && s[0] == '0' && isDigits(s[:3]) && plainWord(s, 32)
}
