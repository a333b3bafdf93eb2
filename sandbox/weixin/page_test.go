package weixin_test

import (
	"context"
	"errors"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
)

// priced makes an order of this pay type and gives the address of its page.
func (s *site) priced(payType string, change ...func(*sandbox.PaymentRequest)) (string, sandbox.Transaction) {
	s.t.Helper()
	r := sandbox.PaymentRequest{Txamt: "300", Txcurrcd: "HKD", PayType: payType, OutTradeNo: "T1", Txdtm: "2026-03-14 10:00:00", ExtendInfo: "{}"}
	for _, c := range change {
		c(&r)
	}
	t, _, err := s.Pay(s.t.Context(), s.app, r)
	must(s.t, err)
	return sandbox.PayPageTarget(s.app, t), t
}

// press sends the page's form, and tells what the journal got.
func (s *site) press(target, payer, form string) (*httptest.ResponseRecorder, sandbox.Exchange) {
	return s.asked("POST", target, payer, form)
}

func (s *site) look(target, payer string) (*httptest.ResponseRecorder, sandbox.Exchange) {
	return s.asked("GET", target, payer, "")
}

func (s *site) asked(method, target, payer, form string) (*httptest.ResponseRecorder, sandbox.Exchange) {
	var e sandbox.Exchange
	req := httptest.NewRequestWithContext(sandbox.WithExchange(s.t.Context(), &e), method, target, strings.NewReader(form))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if payer != "" {
		req.Header.Set("Cookie", "sandbox_payer="+payer)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, req)
	return w, e
}

func (s *site) told(id sandbox.PayerID, b sandbox.Behaviour) {
	s.t.Helper()
	_, err := s.CreatePayer(s.t.Context(), sandbox.Payer{ID: id, Behaviour: b})
	must(s.t, err)
}

// wantPage checks what everybody sees of a page, and that nothing of the visitor's became markup.
func wantPage(t *testing.T, w *httptest.ResponseRecorder, status int, state string, words ...string) {
	t.Helper()
	page := w.Body.String()
	shown := html.UnescapeString(page)
	for _, want := range append(words, `<html lang="zh-CN">`, `class="test-band">TEST`, `data-state="`+state+`"`) {
		if !strings.Contains(shown, want) {
			t.Errorf("the page lacks %s:\n%s", want, page)
		}
	}
	if w.Code != status || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Location") != "" {
		t.Errorf("HTTP %d, Cache-Control %q, Location %q, want %d, no-store and none", w.Code, w.Header().Get("Cache-Control"), w.Header().Get("Location"), status)
	}
	if strings.Contains(page, "<script>") || strings.Contains(page, "<b>") {
		t.Errorf("the page holds markup of its visitor's:\n%s", page)
	}
	if button := strings.Contains(page, `id="pay"`); button != (state == "open") {
		t.Errorf("there is a button to pay: %v, want it where the order is open only", button)
	}
}

func (s *site) wantOrder(want sandbox.State, by sandbox.PayerID) {
	s.t.Helper()
	o, _, err := s.FindOrder(s.t.Context(), s.app.Code, "", "T1")
	must(s.t, err)
	if o.Transaction.State != want {
		s.t.Errorf("the order is %s, want %s", o.Transaction.State, want)
	}
	if want == sandbox.StatePaid && o.Transaction.OpenID != s.account(by) {
		s.t.Errorf("%s paid, want %s, who is %s", o.Transaction.OpenID, s.account(by), by)
	}
}

func TestPageStates(t *testing.T) {
	const paid, unpaid = sandbox.StatePaid, sandbox.StateCreated
	for _, c := range []struct {
		behaviour sandbox.Behaviour
		press     string
		state     string
		words     []string
		order     sandbox.State
		finding   string
	}{
		{sandbox.BehaveManual, "pay", "paid", []string{"付款成功", "Payment successful", "3.00"}, paid, ""},
		{sandbox.BehaveManual, "cancel", "unpaid", []string{"未付款", `id="back"`}, unpaid, ""},
		{sandbox.BehaveInsufficientBalance, "pay", "refused", []string{"余额不足", `id="back"`, "makes the payer's balance too low"}, unpaid, sandbox.FindWalletBalance},
		{sandbox.BehaveRealNameMismatch, "pay", "refused", []string{"实名信息"}, unpaid, sandbox.FindWalletRealName},
		{sandbox.BehaveWrongAccount, "pay", "refused", []string{"下单账号与支付账号不一致"}, unpaid, sandbox.FindWalletOtherPayer},
		{sandbox.BehavePaysNeverReturns, "pay", "gone", []string{"已关闭", "The payer paid and closed the wallet"}, paid, ""},
		{sandbox.BehavePaysBridgeCancels, "pay", "unpaid", []string{"未付款"}, paid, ""},
		{sandbox.BehaveOKUnpaid, "pay", "paid", []string{"付款成功"}, unpaid, ""},
	} {
		t.Run(string(c.behaviour)+" "+c.press, func(t *testing.T) {
			s := open(t, memstore.New())
			s.told("alice", c.behaviour)
			at, _ := s.priced("800201")
			w, e := s.press(at, "alice", "decision="+c.press)
			wantPage(t, w, http.StatusOK, c.state, c.words...)
			s.wantOrder(c.order, "alice")
			by := "payer alice"
			if c.behaviour == sandbox.BehaveManual {
				by = "default"
			}
			if got := w.Header().Get("X-Sandbox-Decided-By"); got != by || e.DecidedBy != by || e.Payer != "alice" || e.OutTradeNo != "T1" {
				t.Errorf("decided by %q, recorded %q of %s and %s, want %q of alice and T1", got, e.DecidedBy, e.Payer, e.OutTradeNo, by)
			}
			if c.finding == "" && len(walletFindings(e)) > 0 || c.finding != "" && !e.Has(c.finding) {
				t.Errorf("found %v in state %s, want %q", e.Findings, c.state, c.finding)
			}
		})
	}
}

func TestPageIsOpen(t *testing.T) {
	s := open(t, memstore.New())
	s.told("alice", sandbox.BehaveSlow)
	at, _ := s.priced("800101", func(r *sandbox.PaymentRequest) { r.GoodsName = "<script>alert(1)</script><b>" })
	w, e := s.look(at+"&utm_source=<b>&decision=pay", "alice")
	wantPage(t, w, http.StatusOK, "open", "HKD", "3.00", `Shop <b>&"`, "<script>alert(1)</script><b>", "Alipay", `data-behaviour="slow"`, `data-wait="5000"`, `aria-live="polite"`, `method="post"`)
	if e.DecidedBy != "payer alice" {
		t.Errorf("decided by %q, want payer alice", e.DecidedBy)
	}
	s.wantOrder(sandbox.StateCreated, "") // looking pays nothing
	w, _ = s.look(at, "")
	if got := w.Result().Cookies(); len(got) != 1 || got[0].Name != "sandbox_payer" || !got[0].HttpOnly {
		t.Errorf("a browser of nobody's gets %v, want a payer of its own", got)
	}
}

// The payer is the cookie's, whatever the address and the form say.
func TestPagePayerIsTheCookies(t *testing.T) {
	s := open(t, memstore.New())
	at, _ := s.priced("800201")
	w, _ := s.press(at+"&payer=mallory&sandbox_payer=mallory", "alice", "decision=pay&payer=mallory&sandbox_payer=mallory&openid=o")
	wantPage(t, w, http.StatusOK, "paid")
	s.wantOrder(sandbox.StatePaid, "alice")
}

// account is the openid a payer would order with.
func (s *site) account(p sandbox.PayerID) sandbox.OpenID {
	s.t.Helper()
	code, err := s.IssueCode(s.t.Context(), s.app, sandbox.Payer{ID: p})
	must(s.t, err)
	id, err := s.ExchangeCode(s.t.Context(), s.app, code.Code)
	must(s.t, err)
	return id
}

func TestPageRefuses(t *testing.T) {
	for _, c := range []struct {
		name, words string
		spoil       func(s *site, at string, o sandbox.Transaction) string
		paid        bool
	}{
		{"paid before", "该订单已支付", func(s *site, at string, _ sandbox.Transaction) string {
			_, _ = s.press(at, "bob", "decision=pay")
			return at
		}, true},
		{"closed", "该订单已关闭", func(s *site, at string, o sandbox.Transaction) string {
			_, err := s.Cancel(s.t.Context(), s.app, sandbox.AtClose, sandbox.CancelRequest{Syssn: string(o.Syssn), Txamt: "300", Txdtm: "2026-03-14 10:00:00"})
			must(s.t, err)
			return at
		}, false},
		{"expired", "该订单已过期", func(s *site, at string, o sandbox.Transaction) string {
			var err error
			s.app, err = s.MoveClock(s.t.Context(), s.app.Code, o.CreatedAt.Add(30*time.Minute))
			must(s.t, err)
			return at
		}, false},
		{"unknown prepay_id", "name no order here", func(_ *site, at string, _ sandbox.Transaction) string { return at + "0" }, false},
		{"unknown appid", "name no order here", func(_ *site, at string, _ sandbox.Transaction) string {
			return strings.Replace(at, "appid=wx", "appid=yx", 1)
		}, false},
		{"no query", "name no order here", func(*site, string, sandbox.Transaction) string { return sandbox.PayPage }, false},
		{"script for a query", "name no order here", func(*site, string, sandbox.Transaction) string {
			return sandbox.PayPage + "?appid=%3Cscript%3E&prepay_id=%3Cb%3E&%3Cscript%3E"
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, memstore.New())
			at, o := s.priced("800201")
			at = c.spoil(s, at, o)
			for _, decision := range []string{"pay", "cancel"} {
				w, e := s.press(at, "alice", "decision="+decision)
				wantPage(t, w, http.StatusOK, "refused", c.words)
				if len(walletFindings(e)) != 1 || e.DecidedBy != "default" {
					t.Errorf("found %v, decided by %q, want one refusal of the wallet and default", e.Findings, e.DecidedBy)
				}
			}
			w, _ := s.look(at, "alice")
			wantPage(t, w, http.StatusOK, "refused", c.words)
			now, _, err := s.FindOrder(t.Context(), s.app.Code, "", "T1")
			must(t, err)
			if got := !now.Transaction.PaidAt.IsZero(); got != c.paid {
				t.Errorf("the order was paid: %v, want %v", got, c.paid)
			}
		})
	}
}

// walletFindings are the wallet's refusals among what was found.
func walletFindings(e sandbox.Exchange) (ids []string) {
	for _, f := range e.Findings {
		if strings.HasPrefix(f.ID, "wallet-") {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

func TestPageNeedsADecision(t *testing.T) {
	for _, c := range []struct {
		name, form string
		status     int
		words      string
	}{
		{"none", "", 400, "decision is missing, want pay or cancel"},
		{"empty", "decision=", 400, "decision is missing"},
		{"strange", "decision=<b>refund", 400, `decision is "<b>refund", want pay or cancel`},
		{"in capitals", "decision=PAY", 400, `decision is "PAY"`},
		{"long", "decision=" + strings.Repeat("x", 500), 400, `"` + strings.Repeat("x", 40) + `", want pay or cancel`},
		{"unreadable", "decision=pay&%zz", 400, `decision is "pay"`},
		{"JSON", `{"decision": "pay"}`, 400, "decision is missing"},
		{"too large", "decision=pay&x=" + strings.Repeat("x", 20_000), 413, "the form is larger than 16384 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, memstore.New())
			at, _ := s.priced("800201")
			w, e := s.press(at+"&decision=pay", "alice", c.form)
			wantPage(t, w, c.status, "refused", "参数错误：decision", c.words, `id="back"`)
			if !e.Has(sandbox.FindWalletUnreadable) {
				t.Errorf("found %v, want wallet-unreadable", e.Findings)
			}
			s.wantOrder(sandbox.StateCreated, "")
		})
	}
	s := open(t, memstore.New())
	at, _ := s.priced("800201")
	for _, method := range []string{"PUT", "DELETE", "PATCH"} {
		if w, _ := s.asked(method, at, "alice", "decision=pay"); w.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s answers HTTP %d, want 405", method, w.Code)
		}
	}
	s.wantOrder(sandbox.StateCreated, "")
}

// Where the browser is sent: H5 by what the merchant appended, whatever was decided; the web by
// return_url, when it was paid.
func TestPageLeadsBack(t *testing.T) {
	const back = "https://shop.test/done?a=1&b=狗"
	returning := func(r *sandbox.PaymentRequest) { r.ReturnURL = "https://shop.test/paid" }
	appended := "&redirect_url=" + url.QueryEscape(back)
	for _, c := range []struct {
		name, payType, append string
		change                func(*sandbox.PaymentRequest)
		behaviour             sandbox.Behaviour
		decision, to          string
	}{
		{"H5, paid", "800212", appended, nil, "manual", "pay", back},
		{"H5, cancelled", "800212", appended, nil, "manual", "cancel", back},
		{"H5, paid and told cancel", "800212", appended, nil, sandbox.BehavePaysBridgeCancels, "pay", back},
		{"H5, gone", "800212", appended, nil, sandbox.BehavePaysNeverReturns, "pay", ""},
		{"H5 without redirect_url", "800212", "", nil, "manual", "pay", ""},
		{"H5 to a script", "800212", "&redirect_url=javascript:alert(1)", nil, "manual", "pay", ""},
		{"H5 to a path", "800212", "&redirect_url=//evil.test", nil, "manual", "pay", ""},
		{"web, paid", "801101", "", returning, "manual", "pay", "https://shop.test/paid"},
		{"web, cancelled", "801101", "", returning, "manual", "cancel", ""},
		{"web, ok and unpaid", "801101", "", returning, sandbox.BehaveOKUnpaid, "pay", "https://shop.test/paid"},
		{"WAP, paid", "801107", "", returning, "manual", "pay", "https://shop.test/paid"},
		{"WAP with a redirect_url", "801107", appended, returning, "manual", "pay", "https://shop.test/paid"},
		{"a code with both", "800201", appended, returning, "manual", "pay", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, memstore.New())
			s.told("alice", c.behaviour)
			if c.change == nil {
				c.change = func(*sandbox.PaymentRequest) {}
			}
			at, _ := s.priced(c.payType, c.change)
			w, e := s.press(at+c.append, "alice", "decision="+c.decision)
			want := http.StatusSeeOther
			if c.to == "" {
				want = http.StatusOK
			}
			if w.Code != want || w.Header().Get("Location") != c.to {
				t.Errorf("HTTP %d to %q, want %d to %q", w.Code, w.Header().Get("Location"), want, c.to)
			}
			if got := w.Header().Get("X-Sandbox-Decided-By"); got == "" || got != e.DecidedBy {
				t.Errorf("decided by %q, recorded %q, want the same", got, e.DecidedBy)
			}
		})
	}
}

func TestPageHidesMistakesOfOurs(t *testing.T) {
	for name, store := range map[string]sandbox.Store{"payers": broken{memstore.New()}, "orders": unreadable{memstore.New()}} {
		s := open(t, store)
		at, _ := s.priced("800201")
		for _, method := range []string{"GET", "POST"} {
			w, _ := s.asked(method, at, "alice", "decision=pay")
			wantPage(t, w, http.StatusInternalServerError, "refused", "系统繁忙", "its log has the cause")
			if strings.Contains(w.Body.String(), "sdb") {
				t.Errorf("%s: the cause is told to the visitor", name)
			}
		}
	}
}

// unreadable is a store that cannot find orders any more.
type unreadable struct{ *memstore.Store }

func (unreadable) TransactionByPrepayID(context.Context, sandbox.AppCode, string) (sandbox.Transaction, error) {
	return sandbox.Transaction{}, errors.New("disk /dev/sdb burns")
}
