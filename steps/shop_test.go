package steps_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// The credentials shops are configured with.
const (
	shopApp = "SHOPAPPCODE"
	shopKey = "SHOPCLIENTKEY"
)

// shop is a merchant that does the least of what is right. A test puts another handler in the place
// of one of its own.
type shop struct {
	*httptest.Server
	vendor string
	routes map[string]http.HandlerFunc

	mu     sync.Mutex
	orders map[string]*shopOrder
}

type shopOrder struct {
	cashier string
	paid    bool
	shipped int
}

func openShop(t *testing.T, vendor string) *shop {
	s := &shop{vendor: vendor, orders: map[string]*shopOrder{}}
	s.routes = map[string]http.HandlerFunc{
		"/buy": s.buy, "/callback": s.callback, "/notify": s.notify, "/result": s.result, "/status": s.status,
	}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if handle := s.routes[r.URL.Path]; handle != nil {
			handle(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s
}

// with works on an order, which need not be there before.
func (s *shop) with(number string, work func(o *shopOrder)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.orders[number] == nil {
		s.orders[number] = &shopOrder{}
	}
	work(s.orders[number])
}

func (s *shop) pay(o *shopOrder) {
	if !o.paid {
		o.paid, o.shipped = true, 1
	}
}

// before runs something, then what the shop does anyway.
func (s *shop) before(path string, do func(r *http.Request)) {
	then := s.routes[path]
	s.routes[path] = func(w http.ResponseWriter, r *http.Request) {
		do(r)
		then(w, r)
	}
}

func number(r *http.Request) string { return r.URL.Query().Get("order") }

func page(w io.Writer, text string) { fmt.Fprintf(w, "<title>shop</title><p>%s</p>", text) }

func inWeChat(r *http.Request) bool { return strings.Contains(r.UserAgent(), "MicroMessenger/") }

func (s *shop) buy(w http.ResponseWriter, r *http.Request) {
	if !inWeChat(r) {
		page(w, "open this in WeChat")
		return
	}
	http.Redirect(w, r, s.login(number(r)), http.StatusFound)
}

func (s *shop) login(number string) string {
	p := qfpay.Params{{Name: "app_code", Value: shopApp}, {Name: "redirect_uri", Value: s.URL + "/callback?order=" + number}}
	return s.vendor + "/tool/v1/get_weixin_oauth_code?" + s.signed(p).Encode()
}

func (s *shop) signed(p qfpay.Params) qfpay.Params {
	return append(p, qfpay.Param{Name: "sign", Value: qfpay.Sign(p.Canonical(), shopKey, qfpay.MD5)})
}

func (s *shop) callback(w http.ResponseWriter, r *http.Request) {
	cashier := ""
	s.with(number(r), func(o *shopOrder) { cashier = o.cashier })
	if cashier == "" {
		cashier = s.checkout(number(r), s.openID(r.URL.Query().Get("code")))
		s.with(number(r), func(o *shopOrder) { o.cashier = cashier })
	}
	http.Redirect(w, r, cashier, http.StatusFound)
}

func (s *shop) openID(code string) string {
	var answer struct{ Openid string }
	s.ask("/tool/v1/get_weixin_openid", qfpay.Params{{Name: "code", Value: code}}, &answer)
	return answer.Openid
}

// checkout makes the payment and gives the cashier's address for it.
func (s *shop) checkout(number, openID string) string {
	var answer struct {
		PayParams map[string]string `json:"pay_params"`
	}
	s.ask("/trade/v1/payment", qfpay.Params{
		{Name: "txamt", Value: "300"}, {Name: "txcurrcd", Value: "HKD"}, {Name: "pay_type", Value: "800207"}, {Name: "out_trade_no", Value: number},
		{Name: "txdtm", Value: time.Now().Format(time.DateTime)}, {Name: "sub_openid", Value: openID}, {Name: "notify_url", Value: s.URL + "/notify"},
	}, &answer)
	show := url.Values{"mchntnm": {"Shop"}, "goods_name": {"Tea"}, "txamt": {"300"}, "currency": {"HKD"}, "redirect_url": {s.URL + "/result?order=" + number}}
	for name, value := range answer.PayParams {
		show.Set(name, value)
	}
	return s.vendor + "/q/direct?" + show.Encode()
}

// ask calls QFPay. An answer that cannot be had leaves out as it is, and the shop stands there.
func (s *shop) ask(path string, p qfpay.Params, out any) {
	req, err := http.NewRequest(http.MethodPost, s.vendor+path, strings.NewReader(p.Encode()))
	if err != nil {
		return
	}
	req.Header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "X-QF-APPCODE": {shopApp}, "X-QF-SIGN": {qfpay.Sign(p.Canonical(), shopKey, qfpay.MD5)}}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return
	}
	defer resp.Body.Close()
	_ = json.NewDecoder(resp.Body).Decode(out)
}

// told reads a notification; false if its signature is not QFPay's.
func told(r *http.Request) (number string, genuine bool) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return "", false
	}
	var of struct {
		OutTradeNo string `json:"out_trade_no"`
	}
	_ = json.Unmarshal(body, &of)
	return of.OutTradeNo, qfpay.VerifyBody(body, shopKey, r.Header.Get("X-QF-SIGN"))
}

func (s *shop) notify(w http.ResponseWriter, r *http.Request) {
	number, genuine := told(r)
	if !genuine {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	s.with(number, s.pay)
	fmt.Fprint(w, "SUCCESS")
}

func (s *shop) result(w http.ResponseWriter, r *http.Request) {
	s.with(number(r), func(o *shopOrder) { page(w, fmt.Sprintf("your order, paid: %v", o.paid)) })
}

func (s *shop) status(w http.ResponseWriter, r *http.Request) {
	s.with(number(r), func(o *shopOrder) { fmt.Fprintf(w, `{"paid": %v, "shipped": %d}`, o.paid, o.shipped) })
}
