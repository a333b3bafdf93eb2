package sandbox

import (
	"crypto/md5"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// value is one of the six by its name.
func (p *PayParams) value(name string) string {
	if field := p.field(name); field != nil {
		return *field
	}
	return ""
}

func (p *PayParams) field(name string) *string {
	switch name {
	case "appId":
		return &p.AppID
	case "timeStamp":
		return &p.TimeStamp
	case "nonceStr":
		return &p.NonceStr
	case "package":
		return &p.Package
	case "signType":
		return &p.SignType
	case "paySign":
		return &p.PaySign
	}
	return nil
}

// Lacks reports whether one of the six is missing.
func (p PayParams) Lacks() bool {
	return p.AppID == "" || p.TimeStamp == "" || p.NonceStr == "" || p.Package == "" || p.SignType == "" || p.PaySign == ""
}

// lacks is the finding about one of the six that did not come.
func (v Invocation) lacks(name string) Finding {
	f := Finding{ID: FindWalletMissing, Detail: name + " is missing, empty or not a string", Received: "no " + name}
	if other := lookalike(name, v.Unknown); other != "" {
		f.Received += ", but " + shorten(other)
		f.Change = "hand it over as " + name + ": " + shorten(other) + " is none of the six"
	} else if name == "signType" {
		f.Expected = "signType=MD5"
	}
	return f
}

// repairs undo what happens to a value on its way through templates and addresses.
var repairs = []struct {
	what string
	undo func(string) string
}{
	{"had a + that was not percent-encoded and arrived as a blank", func(s string) string { return strings.ReplaceAll(s, " ", "+") }},
	{"has blanks around it", strings.TrimSpace},
	{"is percent-encoded still", func(s string) string {
		if once, err := url.QueryUnescape(s); err == nil {
			return once
		}
		return s
	}},
	{"is escaped for HTML", html.UnescapeString},
	{"is in quotes", func(s string) string { return strings.Trim(s, `"'`) }},
}

// paySignBroken is the finding about a paySign that does not fit the five other parameters of an order
// that exists. Each repair that makes it fit is what happened.
func (g *Gateway) paySignBroken(a App, t Transaction, v Invocation) Finding {
	f := Finding{ID: FindWalletPaySign,
		Detail:   "paySign does not fit the other five; pass all six values of pay_params on byte for byte, percent-encoded in a query",
		Received: "paySign=" + shorten(v.PayParams.PaySign), Expected: "the paySign of the payment's answer, over that answer's appId, timeStamp, nonceStr, package and signType"}
	if n := len(v.PayParams.NonceStr); n > wechat.MaxNonceStr {
		f.Detail += fmt.Sprintf("; nonceStr has %d bytes, want at most %d", n, wechat.MaxNonceStr)
	}
	changed := func(name, want, what string) Finding {
		f.Detail += fmt.Sprintf("; %s %s", name, what)
		f.Received = name + "=" + shorten(v.PayParams.value(name))
		f.Expected = name + "=" + want
		f.Change = fmt.Sprintf("hand over %s as pay_params has it: it %s", name, what)
		return f
	}
	fits := func(name, value string) bool {
		p := v.PayParams
		*p.field(name) = value
		return value != v.PayParams.value(name) && a.madePaySign(p)
	}
	for _, name := range [...]string{"paySign", "nonceStr", "package", "timeStamp", "signType", "appId"} {
		for _, r := range repairs {
			if value := r.undo(v.PayParams.value(name)); fits(name, value) {
				return changed(name, shorten(value), r.what)
			}
		}
	}
	if upper := strings.ToUpper(v.PayParams.PaySign); fits("paySign", upper) {
		return changed("paySign", upper, "is in small letters, WeChat's is in capitals")
	}
	if made := strconv.FormatInt(t.CreatedAt.Unix(), 10); fits("timeStamp", made) {
		return changed("timeStamp", made, "is another one than was signed: "+timeStampForm(v.PayParams.TimeStamp, made))
	}
	for _, kind := range [...]string{wechat.SignMD5, wechat.SignHMACSHA256} {
		if fits("signType", kind) {
			return changed("signType", kind, "is another one than was signed")
		}
	}
	switch p := v.PayParams; {
	case p.SignType != wechat.SignMD5 && p.SignType != wechat.SignHMACSHA256:
		f.Received, f.Expected = "signType="+shorten(p.SignType), "signType=MD5"
		f.Change = "hand over signType as pay_params has it"
	case a.signedItself(p):
		f.Change = "hand over the paySign of pay_params: this one was made anew with the client_key, which is QFPay's key and not WeChat's"
	case len(p.PaySign) < 32:
		f.Change = fmt.Sprintf("hand over the whole paySign: %d of its 32 characters came", len(p.PaySign))
	case p.TimeStamp == strconv.FormatInt(t.CreatedAt.Unix(), 10):
		f.Change = "hand over nonceStr and paySign of the same answer as package: appId, package and timeStamp are this order's"
	}
	return f
}

// packageMeant is a package that does not begin with prepay_id= as it probably should be.
func packageMeant(sent string) string {
	for _, r := range repairs {
		if undone := r.undo(sent); strings.HasPrefix(undone, "prepay_id=") {
			return shorten(undone)
		}
	}
	return "prepay_id=" + shorten(sent)
}

// timeStampForm says how a timeStamp that was made anew differs.
func timeStampForm(sent, made string) string {
	switch {
	case len(sent) == 13 && strings.HasPrefix(sent, made):
		return "milliseconds, not seconds"
	case strings.Contains(sent, "."), strings.Contains(sent, "e+"):
		return "a number that was printed"
	}
	return "the page's own time, perhaps"
}

// signedItself reports whether paySign was made anew with the App's own key, by either recipe.
func (a *App) signedItself(p PayParams) bool {
	five := "appId=" + p.AppID + "&nonceStr=" + p.NonceStr + "&package=" + p.Package + "&signType=" + p.SignType + "&timeStamp=" + p.TimeStamp
	if len(five) > 4096 {
		return false
	}
	if again, err := wechat.PaySign(p.AppID, p.TimeStamp, p.NonceStr, p.Package, p.SignType, a.ClientKey); err == nil && strings.EqualFold(again, p.PaySign) {
		return true
	}
	return strings.EqualFold(fmt.Sprintf("%x", md5.Sum([]byte(five+a.ClientKey))), p.PaySign) || strings.EqualFold(qfpay.Sign(five, a.ClientKey, qfpay.SHA256), p.PaySign)
}
