package sandbox_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

func TestPayRefuses(t *testing.T) {
	type request = sandbox.PaymentRequest
	long := func(n int) string { return strings.Repeat("狗", n) }
	for _, c := range []struct {
		name   string
		change func(*request)
		want   sandbox.Refusal
	}{
		{"no txamt", func(r *request) { r.Txamt = "" }, missingRefusal("txamt")},
		{"no txcurrcd", func(r *request) { r.Txcurrcd = "" }, missingRefusal("txcurrcd")},
		{"no pay_type", func(r *request) { r.PayType = "" }, missingRefusal("pay_type")},
		{"no out_trade_no", func(r *request) { r.OutTradeNo = "" }, missingRefusal("out_trade_no")},
		{"no txdtm", func(r *request) { r.Txdtm = "" }, missingRefusal("txdtm")},
		{"no sub_openid", func(r *request) { r.SubOpenID = "" }, missingRefusal("sub_openid")},
		{"txamt 0", func(r *request) { r.Txamt = "0" }, parameterRefusal("txamt", `is "0", want at least 1`)},
		{"txamt 000", func(r *request) { r.Txamt = "000" }, parameterRefusal("txamt", "want at least 1")},
		{"txamt of 12 digits", func(r *request) { r.Txamt = "100000000000" }, parameterRefusal("txamt", `is "100000000000", which has more than 11 digits`)},
		{"txamt with decimals", func(r *request) { r.Txamt = "3.00" }, parameterRefusal("txamt", `is "3.00", want whole minor units such as 300 for 3.00`)},
		{"txamt with many decimals", func(r *request) { r.Txamt = "3.0000000000000000444" }, parameterRefusal("txamt", "want whole minor units")},
		{"txamt +1", func(r *request) { r.Txamt = "+1" }, parameterRefusal("txamt", "no point, sign or blank")},
		{"txamt -1", func(r *request) { r.Txamt = "-1" }, parameterRefusal("txamt", "no point, sign or blank")},
		{"txamt with a blank", func(r *request) { r.Txamt = "300 " }, parameterRefusal("txamt", "no point, sign or blank")},
		{"txamt in other digits", func(r *request) { r.Txamt = "３００" }, parameterRefusal("txamt", "digits only")},
		{"txamt 1e3", func(r *request) { r.Txamt = "1e3" }, parameterRefusal("txamt", "digits only")},
		{"txcurrcd in lower case", func(r *request) { r.Txcurrcd = "hkd" }, parameterRefusal("txcurrcd", `is "hkd", want one of AED AUD CAD`)},
		{"unknown txcurrcd", func(r *request) { r.Txcurrcd = "XXX" }, parameterRefusal("txcurrcd", `is "XXX", want one of`)},
		{"unknown pay_type", func(r *request) { r.PayType = "999999" }, parameterRefusal("pay_type", `is "999999", which QFPay's table does not have; WeChat JSAPI is 800207`)},
		{"pay_type that is not served", func(r *request) { r.PayType = "802801" }, sandbox.Refusal{Rule: "pay-type-not-served", Code: "1104", Resperr: "获取用户支付通道失败",
			Respmsg: "filter error", Fidelity: sandbox.Assumed, Detail: "pay_type 802801 (Visa/Mastercard online) exists at QFPay, but not in this sandbox"}},
		{"out_trade_no of 129", func(r *request) { r.OutTradeNo = long(129) }, parameterRefusal("out_trade_no", "has 129 characters, want at most 128")},
		{"out_trade_no with a line break", func(r *request) { r.OutTradeNo = "T\n1" }, parameterRefusal("out_trade_no", "want UTF-8 text without control characters")},
		{"out_trade_no that is no UTF-8", func(r *request) { r.OutTradeNo = "T\xff" }, parameterRefusal("out_trade_no", "want UTF-8 text")},
		{"goods_name of 65", func(r *request) { r.GoodsName = long(65) }, parameterRefusal("goods_name", "has 65 characters, want at most 64")},
		{"udid of 41", func(r *request) { r.Udid = long(41) }, parameterRefusal("udid", "has 41 characters, want at most 40")},
		{"txdtm without seconds", func(r *request) { r.Txdtm = "2026-03-14 10:00" }, parameterRefusal("txdtm", "want YYYY-MM-DD hh:mm:ss such as 2026-03-14 10:00:00")},
		{"txdtm with microseconds", func(r *request) { r.Txdtm = "2026-03-14 10:00:00.123456" }, parameterRefusal("txdtm", "want YYYY-MM-DD hh:mm:ss")},
		{"txdtm with a comma", func(r *request) { r.Txdtm = "2026-03-14 10:00:00,5" }, parameterRefusal("txdtm", "want YYYY-MM-DD hh:mm:ss")},
		{"txdtm with one digit of hour", func(r *request) { r.Txdtm = "2026-03-14 9:00:00" }, parameterRefusal("txdtm", "want YYYY-MM-DD hh:mm:ss")},
		{"txdtm with T", func(r *request) { r.Txdtm = "2026-03-14T10:00:00" }, parameterRefusal("txdtm", "want YYYY-MM-DD hh:mm:ss")},
		{"txdtm of no day", func(r *request) { r.Txdtm = "2026-02-30 10:00:00" }, parameterRefusal("txdtm", "want YYYY-MM-DD hh:mm:ss")},
		{"txdtm in seconds", func(r *request) { r.Txdtm = "1773453600" }, parameterRefusal("txdtm", `is "1773453600"`)},
		{"relative notify_url", func(r *request) { r.NotifyURL = "/notify" }, parameterRefusal("notify_url", `is "/notify", want an absolute address`)},
		{"notify_url of 257", func(r *request) { r.NotifyURL = "http://h/" + long(248) }, parameterRefusal("notify_url", "has 257 characters, want at most 256")},
		{"the code as sub_openid", func(r *request) { r.SubOpenID = "011QipnO1yMIla1VJdoO1FUrnO1Qipnv" }, parameterRefusal("sub_openid", "want the openid of get_weixin_openid: 28 characters")},
		{"sub_openid None", func(r *request) { r.SubOpenID = "None" }, parameterRefusal("sub_openid", `is "None"`)},
		{"limit_pay of another value", func(r *request) { r.LimitPay = "no_debit" }, parameterRefusal("limit_pay", `is "no_debit", want no_credit or nothing`)},
		{"unreadable extend_info", func(r *request) { r.ExtendInfoError = errors.New("is no JSON") }, parameterRefusal("extend_info", "is no JSON")},
		{"extend_info without a number", func(r *request) { r.RealName = &sandbox.RealName{TrueName: "小林"} }, parameterRefusal("extend_info", `has user_creid ""`)},
		{"extend_info with a long number", func(r *request) { r.RealName = &sandbox.RealName{CreID: strings.Repeat("4", 33), TrueName: "小林"} }, parameterRefusal("extend_info", "has user_creid")},
		{"extend_info with a blank in the number", func(r *request) { r.RealName = &sandbox.RealName{CreID: "4 3", TrueName: "小林"} }, parameterRefusal("extend_info", `has user_creid "4 3"`)},
		{"extend_info without a name", func(r *request) { r.RealName = &sandbox.RealName{CreID: "43"} }, parameterRefusal("extend_info", `has user_truename ""`)},
		{"extend_info with a long name", func(r *request) { r.RealName = &sandbox.RealName{CreID: "43", TrueName: long(65)} }, parameterRefusal("extend_info", "has user_truename")},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			r := w.request()
			c.change(&r)
			_, _, err := w.Pay(t.Context(), w.app, r)
			wantRefusal(t, err, c.want)
			var list []sandbox.Transaction
			err = w.Store.EachTransaction(t.Context(), sandbox.TransactionRange{App: "APPCODE"}, func(one sandbox.Transaction) bool {
				list = append(list, one)
				return false
			})
			w.must(err)
			if len(list) != 0 {
				t.Errorf("a refused payment left %+v", list[0])
			}
			fresh, err := w.Store.TakeGrant(t.Context(), "APPCODE", w.openID())
			w.must(err)
			if !fresh {
				t.Error("a refused payment used the openid up")
			}
		})
	}
}

func TestPayTakesLimits(t *testing.T) {
	long := func(n int) string { return strings.Repeat("狗", n) }
	for _, change := range []func(*sandbox.PaymentRequest){
		func(r *sandbox.PaymentRequest) { r.Txamt = "1" },
		func(r *sandbox.PaymentRequest) { r.Txamt = "99999999999" },
		func(r *sandbox.PaymentRequest) { r.OutTradeNo = long(128) },
		func(r *sandbox.PaymentRequest) { r.OutTradeNo = "2026/03-14_A|B*" },
		func(r *sandbox.PaymentRequest) { r.GoodsName = long(64) },
		func(r *sandbox.PaymentRequest) { r.Udid = long(40) },
		func(r *sandbox.PaymentRequest) { r.NotifyURL = "http://h/" + long(247) },
		func(r *sandbox.PaymentRequest) { r.LimitPay = "no_credit" },
		func(r *sandbox.PaymentRequest) {
			r.RealName = &sandbox.RealName{CreID: strings.Repeat("4", 32), TrueName: long(64)}
		},
		func(r *sandbox.PaymentRequest) { r.Txcurrcd = "JPY" },
	} {
		w := newWorld(t)
		w.pay(change)
	}
}

func TestPayLimitsTheAppsCurrencies(t *testing.T) {
	w := newWorld(t, func(a *sandbox.App) { a.Currencies = []qfpay.Currency{"THB", "SGD"} })
	_, _, err := w.Pay(t.Context(), w.app, w.request())
	wantRefusal(t, err, parameterRefusal("txcurrcd", `is "HKD", want one of THB SGD`))
}

func TestPayGivesAnOrderAndWhatTheWalletNeeds(t *testing.T) {
	w := newWorld(t)
	ctx, e := w.noted()
	r := w.request()
	got, p, err := w.Pay(ctx, w.app, r)
	w.must(err)
	for what, c := range map[string]struct{ got, want string }{
		"syssn": {string(got.Syssn), `^20260314[0-9]{18}$`}, "prepay_id": {got.PrepayID, `^wx14100000[0-9a-f]{26}$`}, "appId": {p.AppID, `^wx[0-9a-f]{16}$`},
		"timeStamp": {p.TimeStamp, fmt.Sprintf(`^%d$`, morning.Unix())}, "nonceStr": {p.NonceStr, `^[0-9a-f]{32}$`}, "package": {p.Package, "^prepay_id=" + got.PrepayID + "$"},
		"signType": {p.SignType, `^MD5$`}, "paySign": {p.PaySign, `^[0-9A-F]{32}$`}, "state": {string(got.State), `^created$`}, "chnlsn": {got.Chnlsn, `^$`},
	} {
		if !regexp.MustCompile(c.want).MatchString(c.got) {
			t.Errorf("%s is %q, want it to match %s", what, c.got, c.want)
		}
	}
	want, err := wechat.PaySign(p.AppID, p.TimeStamp, p.NonceStr, p.Package, p.SignType, w.app.Account.PayKey)
	w.must(err)
	if p.PaySign != want {
		t.Errorf("paySign is %s, want %s", p.PaySign, want)
	}
	if got.Amount != 300 || got.Currency != "HKD" || string(got.OpenID) != r.SubOpenID || !got.CreatedAt.Equal(morning) || !got.PaidAt.IsZero() {
		t.Errorf("the order is %+v, want 300 HKD for %s, made at %s, unpaid", got, r.SubOpenID, morning)
	}
	if e.Syssn != got.Syssn || e.OpenID != got.OpenID {
		t.Errorf("the exchange is of syssn %q and openid %q, want %s and %s", e.Syssn, e.OpenID, got.Syssn, got.OpenID)
	}
	wantFindings(t, e)
	if w.told != 0 {
		t.Error("an order alone made a notification due")
	}
}

func duplicate(number string) sandbox.Refusal {
	return sandbox.Refusal{Rule: "out-trade-no-used", Code: "1251", Resperr: "Do not use duplicate out_trade_no for request(1251)",
		Respmsg: "out_trade_no is used", Fidelity: sandbox.Observed, Detail: fmt.Sprintf("out_trade_no %q was used before", number)}
}

func TestOutTradeNoIsUsedOnce(t *testing.T) {
	w := newWorld(t, withMchids("M1", "M2"))
	of := func(m string) func(*sandbox.PaymentRequest) {
		return func(r *sandbox.PaymentRequest) { r.Mchid = m }
	}
	w.pay(of("M1"))
	w.pay(of("M2")) // a number is the shop's
	r := w.request()
	r.Mchid, r.Txamt = "M1", "999"
	_, _, err := w.Pay(t.Context(), w.app, r)
	wantRefusal(t, err, duplicate("T1"))
	other, err := w.CreateApp(t.Context(), sandbox.App{Code: "OTHER"})
	w.must(err)
	r.Mchid = ""
	_, _, err = w.Pay(t.Context(), other, r)
	w.must(err)
}

func TestOfManyPaymentsForOneNumberOneWins(t *testing.T) {
	w := newWorld(t)
	r := w.request()
	results := make([]error, 50)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() { _, _, results[i] = w.Pay(t.Context(), w.app, r) })
	}
	all.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
		} else {
			wantRefusal(t, err, duplicate("T1"))
		}
	}
	if won != 1 {
		t.Errorf("%d payments won, want 1", won)
	}
}

func TestPayRemarksOnATxdtmThatIsFarOff(t *testing.T) {
	for _, c := range []struct {
		txdtm string
		found bool
	}{
		{"2026-03-14 10:00:00", false}, {"2026-03-14 02:00:00", false}, {"2026-03-13 10:00:00", false}, {"2026-03-13 09:59:59", true},
		{"2026-03-15 10:00:00", false}, {"2026-03-15 10:00:01", true}, {"2020-04-10 11:45:44", true},
	} {
		w := newWorld(t)
		r := w.request()
		r.Txdtm = c.txdtm
		ctx, e := w.noted()
		_, _, err := w.Pay(ctx, w.app, r)
		w.must(err)
		if got := e.Has(sandbox.FindTxdtmFarOff); got != c.found {
			t.Errorf("txdtm %s at %s: found %v, want %v", c.txdtm, sandbox.FormatTime(morning), got, c.found)
		}
	}
}

// The document wants a new openid for each payment; without one the payment is served, and found.
func TestPayRemarksOnAnOpenIDThatIsNotFresh(t *testing.T) {
	w := newWorld(t)
	id := w.openID()
	for i, c := range []struct {
		before func()
		want   []string
	}{
		{func() {}, nil},
		{func() {}, []string{sandbox.FindOpenIDNotFresh}},
		{func() { w.openID() }, nil},
		{func() { w.openID(); w.openID() }, nil},
		{func() {}, []string{sandbox.FindOpenIDNotFresh}},
	} {
		c.before()
		ctx, e := w.noted()
		_, _, err := w.Pay(ctx, w.app, sandbox.PaymentRequest{
			Txamt: "300", Txcurrcd: "HKD", PayType: "800207", OutTradeNo: fmt.Sprint("T", i), Txdtm: "2026-03-14 10:00:00", SubOpenID: string(id),
		})
		w.must(err)
		wantFindings(t, e, c.want...)
	}
}
