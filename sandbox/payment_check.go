package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// check judges each parameter by the document's table (JSAPI page and qfpay-api 3.1.1), in its
// order, then those of the pay type's flow, and gives the transaction they describe. Errors:
// *Refusal. Lengths count characters.
func (r *PaymentRequest) check(a App, now time.Time) (Transaction, service, error) {
	for _, p := range []struct{ name, value string }{
		{"txamt", r.Txamt}, {"txcurrcd", r.Txcurrcd}, {"pay_type", r.PayType}, {"out_trade_no", r.OutTradeNo}, {"txdtm", r.Txdtm},
	} {
		if p.value == "" {
			return Transaction{}, service{}, refuseMissing(p.name)
		}
	}
	amount, err := ParseAmount(r.Txamt)
	if err != nil {
		return Transaction{}, service{}, refuseAmount(r.Txamt, qfpay.Currency(r.Txcurrcd), err)
	}
	currency := qfpay.Currency(r.Txcurrcd)
	if !slices.Contains(a.Currencies, currency) {
		return Transaction{}, service{}, a.refuseCurrency(r.Txcurrcd)
	}
	payType := qfpay.PayType(r.PayType)
	s, err := a.serviceFor(payType)
	if err != nil {
		return Transaction{}, service{}, err
	}
	if payType == alipayWeb && amount <= 100 {
		return Transaction{}, service{}, RefuseParameter("txamt", r.Txamt, fmt.Sprintf("is %s, %s needs more than 100", r.Txamt, payType)).Want("txamt from 101").Fix("order more than 100 minor units, or with another pay_type")
	}
	if err := r.checkCommon(now); err != nil {
		return Transaction{}, service{}, err
	}
	life, err := r.checkFlow(s, payType)
	if err != nil {
		return Transaction{}, service{}, err
	}
	t := Transaction{
		Kind: KindPayment, App: a.Code, Mchid: Mchid(r.Mchid), OutTradeNo: OutTradeNo(r.OutTradeNo), State: StateCreated, PayType: payType,
		Amount: amount, Currency: currency, Txdtm: r.Txdtm, GoodsName: r.GoodsName, Udid: r.Udid, NotifyURL: r.NotifyURL,
		LimitPay: r.LimitPay, Behaviour: r.Behaviour, Lever: r.Lever, CreatedAt: now, ExpiresAt: now.Add(life),
	}
	switch s.shape {
	case ShapeParams:
		t.OpenID, t.RealName = OpenID(r.SubOpenID), r.RealName
	case ShapeQRCode, ShapeAppParams:
		t.RealName = r.RealName
	case ShapeURL:
		t.ReturnURL = r.ReturnURL
	}
	return t, s, nil
}

// alipayWeb is the one pay type with a least amount (qfpay-api 6.5).
const alipayWeb qfpay.PayType = "801101"

// serviceFor says how the App's payments with this pay type are served, or why they are not.
func (a *App) serviceFor(p qfpay.PayType) (service, error) {
	if _, known := p.Row(); !known {
		return service{}, a.refusePayType(p)
	}
	s, isServed := a.service(p)
	if !isServed {
		row, _ := p.Row()
		return s, refuse("pay-type-not-served", fmt.Sprintf("pay_type %s (%s) exists at QFPay, but not in this sandbox, which has %v", p, row.Name, a.PayTypes)).Got("pay_type=" + string(p)).Want("one of " + list(a.PayTypes))
	}
	if !slices.Contains(a.PayTypes, p) {
		return s, refuse("pay-type-not-enabled", fmt.Sprintf("pay_type is %s, this App has %v", p, a.PayTypes)).Got("pay_type=" + string(p)).Want("one of " + list(a.PayTypes))
	}
	return s, nil
}

// checkCommon judges what every pay type takes.
func (r *PaymentRequest) checkCommon(now time.Time) error {
	for _, p := range []struct {
		name, value string
		most        int
	}{
		{"out_trade_no", r.OutTradeNo, 128}, {"goods_name", r.GoodsName, 64}, {"udid", r.Udid, 40},
	} {
		if err := checkText(p.value, p.most); err != nil {
			return refuseText(p.name, p.value, p.most, err)
		}
	}
	if err := checkTxdtm(r.Txdtm, now); err != nil {
		return err
	}
	for _, p := range []struct {
		name, value string
		most        int
	}{
		{"notify_url", r.NotifyURL, 256}, {"return_url", r.ReturnURL, 512},
	} {
		if p.value == "" {
			continue
		}
		if err := checkWebAddress(p.value, p.most); err != nil {
			return refuseAddress(p.name, p.value, err)
		}
	}
	return nil
}

// checkFlow judges what the flow needs, and gives how long the order can be paid.
func (r *PaymentRequest) checkFlow(s service, payType qfpay.PayType) (time.Duration, error) {
	for _, name := range s.needs {
		if r.given(name) == "" {
			return 0, refuseMissing(name)
		}
	}
	if s.shape == ShapeParams && !wechat.ValidOpenID(r.SubOpenID) {
		return 0, refuseOpenID(r.SubOpenID)
	}
	life := s.life
	if slices.Contains(expiring, payType) && r.ExpiredTime != "" {
		minutes, err := strconv.Atoi(r.ExpiredTime)
		if err != nil || minutes < 5 || minutes > 120 || strconv.Itoa(minutes) != r.ExpiredTime {
			return 0, refuseExpiredTime(r.ExpiredTime)
		}
		life = time.Duration(minutes) * time.Minute
	}
	if r.LimitPay != "" && r.LimitPay != noCredit {
		return 0, RefuseParameter("limit_pay", r.LimitPay, fmt.Sprintf("is %s, want %s or nothing", Shown(r.LimitPay), noCredit)).Want("limit_pay=" + noCredit + ", or none")
	}
	row, _ := payType.Row()
	if kindOfWallet(row.Wallet) != walletWeChat || s.shape == ShapeDone || s.shape == ShapeURL && s.flow != qfpay.FlowH5 {
		return life, nil // extend_info means nothing there
	}
	return life, r.checkExtendInfo()
}

// given is what a request gives of a parameter that some flows need.
func (r *PaymentRequest) given(name string) string {
	switch name {
	case "sub_openid":
		return r.SubOpenID
	case "auth_code":
		return r.AuthCode
	case "extend_info":
		return r.ExtendInfo
	case "goods_name":
		return r.GoodsName
	case "return_url":
		return r.ReturnURL
	}
	return ""
}

// checkExtendInfo judges the real name, or that the scene of an H5 payment could be read.
func (r *PaymentRequest) checkExtendInfo() error {
	if r.ExtendInfoError != nil {
		return refuseExtendInfo(r.ExtendInfo, r.ExtendInfoError)
	}
	if n := r.RealName; n != nil {
		if n.CreID == "" || len(n.CreID) > 32 || strings.ContainsAny(n.CreID, " \t\r\n") {
			return RefuseParameter("extend_info", r.ExtendInfo, fmt.Sprintf("has user_creid %s, want an identity card number", Shown(n.CreID)))
		}
		if n.TrueName == "" || len([]rune(n.TrueName)) > 64 {
			return RefuseParameter("extend_info", r.ExtendInfo, fmt.Sprintf("has user_truename %s, want the payer's name", Shown(n.TrueName)))
		}
	}
	return nil
}

func checkText(s string, most int) error {
	if n := len([]rune(s)); n > most {
		return fmt.Errorf("has %d characters, want at most %d", n, most)
	}
	if s != "" && !printable(s) {
		return fmt.Errorf("is %s, want UTF-8 text without control characters", Shown(s))
	}
	return nil
}
