package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// check judges each parameter by the document's table (JSAPI page and qfpay-api 3.1.1), in its
// order, and gives the transaction they describe. Errors: *Refusal. Lengths count characters.
func (r PaymentRequest) check(a App, now time.Time) (Transaction, error) {
	for _, p := range []struct{ name, value string }{
		{"txamt", r.Txamt}, {"txcurrcd", r.Txcurrcd}, {"pay_type", r.PayType}, {"out_trade_no", r.OutTradeNo}, {"txdtm", r.Txdtm},
	} {
		if p.value == "" {
			return Transaction{}, refuseMissing(p.name)
		}
	}
	amount, err := ParseAmount(r.Txamt)
	if err != nil {
		return Transaction{}, RefuseParameter("txamt", err.Error())
	}
	currency := qfpay.Currency(r.Txcurrcd)
	if !slices.Contains(a.Currencies, currency) {
		return Transaction{}, RefuseParameter("txcurrcd", fmt.Sprintf("is %q, want one of %s", r.Txcurrcd, currencyList(a.Currencies)))
	}
	payType := qfpay.PayType(r.PayType)
	if _, known := payType.Row(); !known {
		return Transaction{}, RefuseParameter("pay_type", fmt.Sprintf("is %q, which QFPay's table does not have; WeChat JSAPI is %s", r.PayType, qfpay.WeChatJSAPI))
	}
	if !slices.Contains(a.PayTypes, payType) {
		return Transaction{}, refusePayType(fmt.Sprintf("pay_type is %s, this App has %v", payType, a.PayTypes))
	}
	for _, p := range []struct {
		name, value string
		most        int
	}{
		{"out_trade_no", r.OutTradeNo, 128}, {"goods_name", r.GoodsName, 64}, {"udid", r.Udid, 40},
	} {
		if err := checkText(p.value, p.most); err != nil {
			return Transaction{}, RefuseParameter(p.name, err.Error())
		}
	}
	// Parsing alone would take a fraction of a second and an hour of one digit.
	if at, err := time.Parse(DateTimeLayout, r.Txdtm); err != nil || at.Format(DateTimeLayout) != r.Txdtm {
		return Transaction{}, RefuseParameter("txdtm", fmt.Sprintf("is %q, want YYYY-MM-DD hh:mm:ss such as %s", r.Txdtm, FormatTime(now)))
	}
	if r.NotifyURL != "" {
		if err := checkWebAddress(r.NotifyURL, 256); err != nil {
			return Transaction{}, RefuseParameter("notify_url", err.Error())
		}
	}
	if err := r.checkWeChat(); err != nil {
		return Transaction{}, err
	}
	return Transaction{
		App: a.Code, Mchid: Mchid(r.Mchid), OutTradeNo: OutTradeNo(r.OutTradeNo), State: StateCreated, PayType: payType,
		Amount: amount, Currency: currency, Txdtm: r.Txdtm, GoodsName: r.GoodsName, Udid: r.Udid, NotifyURL: r.NotifyURL,
		OpenID: OpenID(r.SubOpenID), LimitPay: r.LimitPay, RealName: r.RealName, CreatedAt: now,
	}, nil
}

// checkWeChat judges the parameters only 800207 has.
func (r PaymentRequest) checkWeChat() error {
	switch {
	case r.SubOpenID == "":
		return refuseMissing("sub_openid")
	case !wechat.ValidOpenID(r.SubOpenID):
		return RefuseParameter("sub_openid", fmt.Sprintf("is %q, want the openid of get_weixin_openid: 28 characters, the first an o", r.SubOpenID))
	case r.LimitPay != "" && r.LimitPay != "no_credit":
		return RefuseParameter("limit_pay", fmt.Sprintf("is %q, want no_credit or nothing", r.LimitPay))
	case r.ExtendInfoError != nil:
		return RefuseParameter("extend_info", r.ExtendInfoError.Error())
	}
	if n := r.RealName; n != nil {
		if n.CreID == "" || len(n.CreID) > 32 || strings.ContainsAny(n.CreID, " \t\r\n") {
			return RefuseParameter("extend_info", fmt.Sprintf("has user_creid %q, want an identity card number", n.CreID))
		}
		if n.TrueName == "" || len([]rune(n.TrueName)) > 64 {
			return RefuseParameter("extend_info", fmt.Sprintf("has user_truename %q, want the payer's name", n.TrueName))
		}
	}
	return nil
}

func checkText(s string, most int) error {
	if n := len([]rune(s)); n > most {
		return fmt.Errorf("has %d characters, want at most %d", n, most)
	}
	if s != "" && !printable(s) {
		return fmt.Errorf("is %q, want UTF-8 text without control characters", s)
	}
	return nil
}
