package weixin_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// decided sends what alice's iPhone sends, and checks that answer and journal name the same lever.
func (s *site) decided(by, method, target, body string) *httptest.ResponseRecorder {
	s.t.Helper()
	var e sandbox.Exchange
	phone, _ := wechat.BrowserNamed("ios")
	req := httptest.NewRequestWithContext(sandbox.WithExchange(s.t.Context(), &e), method, target, strings.NewReader(body))
	req.Header.Set("User-Agent", phone.UserAgent)
	req.Header.Set("Cookie", "sandbox_payer=alice")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, req)
	if got := w.Header().Get("X-Sandbox-Decided-By"); got != by || e.DecidedBy != by {
		s.t.Errorf("%s is decided by %q, recorded %q, want %q", target[:min(len(target), 20)], got, e.DecidedBy, by)
	}
	return w
}

func TestWalletTellsThePage(t *testing.T) {
	const paid, unpaid = sandbox.StatePaid, sandbox.StateCreated
	realName := func(r *sandbox.PaymentRequest) {
		r.RealName = &sandbox.RealName{CreID: "430067798868676871", TrueName: "小林"}
	}
	for _, c := range []struct {
		name   string
		payer  sandbox.Payer
		change func(*sandbox.PaymentRequest)
		by     string
		sheet  string // what the sheet's script goes by
		answer string // to Pay
		state  sandbox.State
	}{
		{"manual", sandbox.Payer{}, nil, "default", `data-behaviour="manual"`, `"err_msg":"get_brand_wcpay_request:ok"`, paid},
		{"pay", sandbox.Payer{Behaviour: sandbox.BehavePay}, nil, "payer alice", `data-behaviour="pay"`, `{"err_msg":"get_brand_wcpay_request:ok"}`, paid},
		{"insufficient-balance", sandbox.Payer{Behaviour: sandbox.BehaveInsufficientBalance}, nil, "payer alice", `data-view="sheet"`, `"err_msg":"get_brand_wcpay_request:cancel","popup":{"chinese":"余额不足"`, unpaid},
		{"wrong-account", sandbox.Payer{Behaviour: sandbox.BehaveWrongAccount}, nil, "payer alice", `data-behaviour="wrong-account" data-wait="0" data-view="popup"`, `"err_msg":"get_brand_wcpay_request:cancel","popup":{"chinese":"下单账号与支付账号不一致`, unpaid},
		{"real-name-mismatch", sandbox.Payer{Behaviour: sandbox.BehaveRealNameMismatch}, nil, "payer alice", `data-view="sheet"`, `"popup":{"chinese":"支付账户的实名信息`, unpaid},
		{"pays-never-returns", sandbox.Payer{Behaviour: sandbox.BehavePaysNeverReturns}, nil, "payer alice", `id="closed"`, `{"gone":true}`, paid},
		{"pays-bridge-cancels", sandbox.Payer{Behaviour: sandbox.BehavePaysBridgeCancels}, nil, "payer alice", `data-view="sheet"`, `{"err_msg":"get_brand_wcpay_request:cancel"}`, paid},
		{"bridge-ok-unpaid", sandbox.Payer{Behaviour: sandbox.BehaveOKUnpaid}, nil, "payer alice", `data-view="sheet"`, `{"err_msg":"get_brand_wcpay_request:ok"}`, unpaid},
		{"slow", sandbox.Payer{Behaviour: sandbox.BehaveSlow, Delay: 2 * time.Second}, nil, "payer alice", `data-behaviour="slow" data-wait="2000"`, `{"err_msg":"get_brand_wcpay_request:ok"}`, paid},
		{"slower than a browser waits", sandbox.Payer{Behaviour: sandbox.BehaveSlow, Delay: time.Hour}, nil, "payer alice", `data-wait="5000"`, `{"err_msg":"get_brand_wcpay_request:ok"}`, paid},
		{"a credit card where there is to be none", sandbox.Payer{Method: sandbox.MethodCredit}, func(r *sandbox.PaymentRequest) { r.LimitPay = "no_credit" }, "default",
			`<div class="fact-off"><dt>付款方式 <span lang="en">Pay with</span></dt><dd id="means">信用卡`, `"popup":{"chinese":"该商户不支持使用信用卡支付"`, unpaid},
		{"a debit card", sandbox.Payer{Method: sandbox.MethodDebit}, func(r *sandbox.PaymentRequest) { r.LimitPay = "no_credit" }, "default",
			`<div class="fact-off" id="no-credit"><dt></dt><dd>信用卡`, `{"err_msg":"get_brand_wcpay_request:ok"}`, paid},
		{"another real name", sandbox.Payer{CreID: "110101199003070000", RealName: "小明"}, realName, "default",
			`<dd id="real-name">*林<span class="gloss">仅限本人支付</span>`, `"popup":{"chinese":"支付账户的实名信息`, unpaid},
		{"a real name and no card", sandbox.Payer{}, realName, "default",
			`<dd id="real-name">*林<span class="gloss">未绑定银行卡，不校验</span>`, `{"err_msg":"get_brand_wcpay_request:ok"}`, paid},
		{"the order's own lever", sandbox.Payer{Behaviour: sandbox.BehavePay}, func(r *sandbox.PaymentRequest) {
			r.Behaviour, r.Lever = sandbox.BehaveInsufficientBalance, "fault 3"
		}, "fault 3", `data-behaviour="insufficient-balance"`, `余额不足`, unpaid},
		{"the order's own wrong account", sandbox.Payer{}, func(r *sandbox.PaymentRequest) {
			r.Behaviour, r.Lever = sandbox.BehaveWrongAccount, "header"
		}, "header", `data-behaviour="wrong-account" data-wait="0" data-view="popup"`, `下单账号与支付账号不一致`, unpaid},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, memstore.New())
			c.payer.ID = "alice"
			_, err := s.CreatePayer(t.Context(), c.payer)
			must(t, err)
			if c.change == nil {
				c.change = func(*sandbox.PaymentRequest) {}
			}
			handed := s.order("狗粮", c.change)
			if w := s.decided(c.by, "POST", "/wallet/invoke", handed); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"frame":"http://wx.test/wallet/sheet?p=`) {
				t.Errorf("the bridge gets HTTP %d and %s, want a frame", w.Code, w.Body)
			}
			if w := s.decided(c.by, "GET", sheetOf(handed), ""); !strings.Contains(w.Body.String(), c.sheet) {
				t.Errorf("the sheet lacks %s:\n%s", c.sheet, w.Body)
			}
			cancelled := `{"err_msg":"get_brand_wcpay_request:cancel"}`
			if strings.Contains(c.sheet, `data-view="popup"`) {
				cancelled = "下单账号与支付账号不一致"
			}
			if w := s.decided(c.by, "POST", "/wallet/cancel", handed); !strings.Contains(w.Body.String(), cancelled) {
				t.Errorf("a cancelled wallet tells the page %s, want %s", w.Body, cancelled)
			}
			s.wantOrder(unpaid, "")
			if w := s.decided(c.by, "POST", "/wallet/pay", handed); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), c.answer) {
				t.Errorf("the wallet tells the page HTTP %d and %s, want %s", w.Code, w.Body, c.answer)
			}
			s.wantOrder(c.state, "alice")
		})
	}
}

// What nobody could decide was decided by the rules, and says so too.
func TestEachAnswerNamesItsLever(t *testing.T) {
	s := open(t, memstore.New())
	for _, path := range []string{"/wallet/invoke", "/wallet/pay", "/wallet/cancel", "/wallet/returned", sandbox.PayPage} {
		s.decided("default", "POST", path, "{")
		s.decided("default", "POST", path, "{}")
	}
	s.decided("default", "GET", "/wallet/sheet?p=!", "")
	s.decided("default", "GET", sheetOf("{}"), "")
	s.decided("default", "GET", sandbox.PayPage, "")
}
