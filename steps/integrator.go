package steps

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// integrator calls QFPay as a merchant's server does, for the scenarios about the fake itself. It
// does what the sentence says and nothing else.
type integrator struct {
	own    control.App
	code   string
	openID string
	last   qfpay.Params // of the latest payment
	status int
	answer string
	sign   string // X-QF-SIGN of the answer
}

func (w *world) integratorSteps(sc *godog.ScenarioContext) {
	sc.Given(`^an integrator with an App$`, func(ctx context.Context) error { return w.makeApp(ctx) })
	sc.Given(`^an integrator with an App of shop "([^"]*)"$`, func(ctx context.Context, shop string) error { return w.makeApp(ctx, shop) })
	sc.When(`^a payer logs in$`, w.payerLogsIn)
	sc.When(`^a payer logs in with a browser that is not WeChat$`, w.otherBrowserLogsIn)
	sc.When(`^the integrator exchanges the code$`, w.exchangeCode)
	sc.When(`^the integrator exchanges a made-up code$`, w.exchangeMadeUpCode)
	sc.When(`^the integrator creates a payment$`, func(ctx context.Context) error { return w.createPayment(ctx) })
	sc.When(`^the integrator creates a payment with ([a-z_]+) "([^"]*)"$`, func(ctx context.Context, name, value string) error {
		return w.createPayment(ctx, qfpay.Param{Name: name, Value: value})
	})
	sc.When(`^the integrator creates the same payment again$`, w.createPaymentAgain)
	sc.When(`^the integrator enquires (.+)$`, w.enquire)
	sc.Then(`^QFPay answers (.*\})$`, w.answersExactly)
	sc.Then(`^QFPay answers with respcd "(\d{4})"$`, w.answersWithRespcd)
	sc.Then(`^QFPay's answer is signed with the App's key$`, w.answerIsSigned)
	sc.Then(`^the journal holds the finding "([^"]*)"$`, w.journalHolds)
	sc.Then(`^WeChat shows "([^"]*)"$`, w.answerShows)
}

func (w *world) makeApp(ctx context.Context, shops ...string) error {
	in := control.NewApp{Name: "Integrator"}
	for _, s := range shops {
		in.Mchids = append(in.Mchids, control.Mchid(s))
	}
	var err error
	if w.own, err = w.client.CreateApp(ctx, in); err != nil {
		return broke(err)
	}
	w.app = w.own.AppCode
	return nil
}

// withShop adds the mchid where one was issued.
func (w *world) withShop(p qfpay.Params) qfpay.Params {
	if _, given := p.Lookup("mchid"); !given && len(w.own.Mchids) > 0 {
		p = append(p, qfpay.Param{Name: "mchid", Value: string(w.own.Mchids[0])})
	}
	return p
}

// call posts or gets the parameters with the App's own signature and keeps the answer.
func (w *world) call(ctx context.Context, method, path string, p qfpay.Params) error {
	return w.callAs(ctx, method, path, p, string(w.own.AppCode), qfpay.Sign(p.Canonical(), w.own.ClientKey, qfpay.MD5))
}

func (w *world) callAs(ctx context.Context, method, path string, p qfpay.Params, appCode, sign string) error {
	header := http.Header{}
	if appCode != "" {
		header["X-QF-APPCODE"] = []string{appCode}
	}
	if sign != "" {
		header["X-QF-SIGN"] = []string{sign}
	}
	address, body := w.suite.Vendor+path, strings.NewReader("")
	if method == http.MethodPost {
		header.Set("Content-Type", "application/x-www-form-urlencoded")
		body = strings.NewReader(p.Encode())
	} else {
		address += "?" + p.Encode()
	}
	resp, raw, err := fetch(ctx, method, address, header, body)
	if err != nil {
		return broke(err)
	}
	w.status, w.answer, w.sign = resp.StatusCode, string(raw), resp.Header.Get("X-QF-SIGN")
	return nil
}

func (w *world) payerLogsIn(ctx context.Context) error {
	phone, _ := wechat.BrowserNamed("ios")
	if err := w.logIn(ctx, phone.UserAgent); err != nil {
		return err
	}
	if w.code == "" {
		return fmt.Errorf("the login led to no code but to HTTP %d: %s", w.status, shortText(w.answer, 300))
	}
	return nil
}

func (w *world) otherBrowserLogsIn(ctx context.Context) error {
	other, _ := wechat.BrowserNamed("chrome")
	return w.logIn(ctx, other.UserAgent)
}

// logIn follows the redirects from get_weixin_oauth_code to the merchant's callback, without a browser.
func (w *world) logIn(ctx context.Context, userAgent string) error {
	const callback = "http://merchant.test/callback"
	p := w.withShop(qfpay.Params{{Name: "app_code", Value: string(w.own.AppCode)}, {Name: "redirect_uri", Value: callback}})
	p = append(p, qfpay.Param{Name: "sign", Value: qfpay.Sign(p.Canonical(), w.own.ClientKey, qfpay.MD5)})
	next := w.suite.Vendor + "/tool/v1/get_weixin_oauth_code?" + p.Encode()
	header := http.Header{"User-Agent": {userAgent}, "Cookie": {"sandbox_payer=" + string(w.payer.ID)}}
	for range 5 {
		resp, raw, err := fetch(ctx, http.MethodGet, next, header, nil)
		if err != nil {
			return broke(err)
		}
		w.status, w.answer = resp.StatusCode, string(raw)
		if resp.StatusCode != http.StatusFound {
			return nil
		}
		next, _, _ = strings.Cut(resp.Header.Get("Location"), "#")
		if strings.HasPrefix(next, callback) {
			u, err := url.Parse(next)
			if err != nil {
				return broke(err)
			}
			w.code = u.Query().Get("code")
			return nil
		}
	}
	return fmt.Errorf("the login did not end after five redirects, last to %s", next)
}

func (w *world) exchangeCode(ctx context.Context) error {
	if err := w.exchange(ctx, w.code); err != nil {
		return err
	}
	if _, openID, ok := strings.Cut(w.answer, `"openid": "`); ok {
		w.openID = strings.TrimSuffix(openID, `"}`)
	}
	return nil
}

func (w *world) exchangeMadeUpCode(ctx context.Context) error {
	return w.exchange(ctx, "011QipnO1yMIla1VJdoO1FUrnO1Qipnv")
}

func (w *world) exchange(ctx context.Context, code string) error {
	return w.call(ctx, http.MethodGet, "/tool/v1/get_weixin_openid", w.withShop(qfpay.Params{{Name: "code", Value: code}}))
}

// createPayment sends a payment that is right but for the parameters given; an empty value leaves one out.
func (w *world) createPayment(ctx context.Context, changes ...qfpay.Param) error {
	// The App's clock is QFPay's; a real merchant's would not be five minutes off.
	p := qfpay.Params{
		{Name: "txamt", Value: fmt.Sprint(w.order.askedTxamt)}, {Name: "txcurrcd", Value: "HKD"}, {Name: "pay_type", Value: string(qfpay.WeChatJSAPI)},
		{Name: "out_trade_no", Value: w.order.askedNo}, {Name: "txdtm", Value: time.Now().Format(time.DateTime)},
		{Name: "goods_name", Value: w.fake.GoodsName()}, {Name: "sub_openid", Value: w.openID},
	}
	for _, c := range changes {
		p = p.Without(c.Name)
		if c.Value != "" {
			p = append(p, c)
		}
	}
	w.last = w.withShop(p)
	return w.call(ctx, http.MethodPost, "/trade/v1/payment", w.last)
}

func (w *world) createPaymentAgain(ctx context.Context) error {
	return w.call(ctx, http.MethodPost, "/trade/v1/payment", w.last)
}

// enquire asks for the payments in the manner the sentence names.
func (w *world) enquire(ctx context.Context, how string) error {
	p := w.withShop(qfpay.Params{{Name: "out_trade_no", Value: w.order.askedNo}})
	const path = "/trade/v1/query"
	own, right := string(w.own.AppCode), func(p qfpay.Params) string { return qfpay.Sign(p.Canonical(), w.own.ClientKey, qfpay.MD5) }
	switch how {
	case "for its order":
		return w.call(ctx, http.MethodPost, path, p)
	case "signed with another key":
		return w.callAs(ctx, http.MethodPost, path, p, own, qfpay.Sign(p.Canonical(), w.fake.Key(), qfpay.MD5))
	case "signed over other parameters":
		return w.callAs(ctx, http.MethodPost, path, p, own, right(p.Without("out_trade_no")))
	case "without a signature":
		return w.callAs(ctx, http.MethodPost, path, p, own, "")
	case "without an app code":
		return w.callAs(ctx, http.MethodPost, path, p, "", right(p))
	case "with an app code of nobody":
		return w.callAs(ctx, http.MethodPost, path, p, "NOBODY", right(p))
	case "without its mchid":
		p = p.Without("mchid")
		return w.call(ctx, http.MethodPost, path, p)
	case "with a foreign mchid":
		p = append(p.Without("mchid"), qfpay.Param{Name: "mchid", Value: "FOREIGN1"})
		return w.call(ctx, http.MethodPost, path, p)
	}
	return broke(fmt.Errorf("no way to enquire is called %q", how))
}

func (w *world) answersExactly(want string) error {
	if w.answer != want {
		return fmt.Errorf("QFPay answered\n%s\nwant\n%s", w.answer, want)
	}
	return nil
}

func (w *world) answersWithRespcd(want string) error {
	if !strings.Contains(w.answer, `"respcd": "`+want+`"`) || w.status != http.StatusOK {
		return fmt.Errorf("QFPay answered HTTP %d %s, want 200 and respcd %s", w.status, w.answer, want)
	}
	return nil
}

func (w *world) answerIsSigned() error {
	if !qfpay.VerifyBody([]byte(w.answer), w.own.ClientKey, w.sign) {
		return fmt.Errorf("X-QF-SIGN of the answer is %q, which the App's key did not make over %s", w.sign, w.answer)
	}
	return nil
}

func (w *world) answerShows(want string) error {
	if !strings.Contains(w.answer, want) {
		return fmt.Errorf("the page does not say %q: %s", want, shortText(w.answer, 500))
	}
	return nil
}

func (w *world) journalHolds(ctx context.Context, finding string) error {
	page, err := w.client.Journal(ctx, control.JournalFilter{App: w.app, Since: w.mark, Finding: finding})
	if err != nil {
		return broke(err)
	}
	if len(page.Exchanges) == 0 {
		return fmt.Errorf("no exchange of this App left the finding %q", finding)
	}
	return nil
}
