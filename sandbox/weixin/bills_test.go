package weixin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
)

// The list says what became of each order, and is for WeChat's browser and its payer alone.
func TestBills(t *testing.T) {
	s := open(t, memstore.New())
	_, err := s.CreatePayer(t.Context(), sandbox.Payer{ID: "alice", Name: `Alice <i>`})
	must(t, err)
	names, err := s.AccountsOf(t.Context(), "A", "alice")
	must(t, err)
	make := func(number string, change func(*sandbox.Transaction)) {
		tr := sandbox.Transaction{Kind: sandbox.KindPayment, Syssn: sandbox.Syssn("2026" + number), App: "A", OutTradeNo: sandbox.OutTradeNo(number), State: sandbox.StateCreated, PayType: "800207",
			Amount: 1234, Currency: "HKD", GoodsName: "猫粮 & <b>", OpenID: names.OpenID, PrepayID: "wx" + number, CreatedAt: still{}.Now(), ExpiresAt: still{}.Now().Add(time.Hour)}
		change(&tr)
		must(t, s.Store.CreateTransaction(t.Context(), tr))
	}
	now := still{}.Now()
	make("T-waiting", func(*sandbox.Transaction) {})
	make("T-paid", func(x *sandbox.Transaction) { x.State, x.PaidAt = sandbox.StatePaid, now })
	make("T-part", func(x *sandbox.Transaction) { x.State, x.PaidAt, x.Refunded = sandbox.StatePaid, now, 234 })
	make("T-back", func(x *sandbox.Transaction) { x.State, x.PaidAt, x.Refunded = sandbox.StatePaid, now, 1234 })
	make("T-closed", func(x *sandbox.Transaction) { x.State, x.ClosedAt = sandbox.StateClosed, now })
	make("T-expired", func(x *sandbox.Transaction) { x.ExpiresAt = now })
	make("T-failed", func(x *sandbox.Transaction) { x.State = sandbox.StateFailed })
	make("T-other", func(x *sandbox.Transaction) { x.OpenID = "oANOTHER" })

	page := s.visit("GET", "/wallet/orders", "ios", "sandbox_payer=alice", "")
	body := page.Body.String()
	for number, words := range map[string]string{"T-waiting": "待支付", "T-paid": "支付成功", "T-part": "已部分退款", "T-back": "已全额退款", "T-closed": "已关闭", "T-expired": "已过期", "T-failed": "未成功"} {
		_, rest, found := strings.Cut(body, `data-number="`+number+`"`)
		one, _, _ := strings.Cut(rest, "</article>")
		if !found || !strings.Contains(one, words) || !strings.Contains(one, "12.34") {
			t.Errorf("%s is shown as %q, want %s", number, one, words)
		}
	}
	if strings.Contains(body, "T-other") || strings.Contains(body, "<b>") || strings.Contains(body, "<i>") || !strings.Contains(body, "Alice &lt;i&gt;") {
		t.Errorf("the page shows another's order, or is not escaped:\n%s", body)
	}
	for _, c := range []struct {
		browser, cookie, says string
		status                int
	}{
		{"ios", "", "Nobody holds this phone yet", http.StatusOK},
		{"ios", "sandbox_payer=a+b", "Nobody holds this phone yet", http.StatusOK},
		{"android", "sandbox_payer=carol", "No orders yet", http.StatusOK},
		{"chrome", "sandbox_payer=alice", "Open this page in WeChat", http.StatusForbidden},
	} {
		w := s.visit("GET", "/wallet/orders", c.browser, c.cookie, "")
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) || strings.Contains(w.Body.String(), "T-paid") {
			t.Errorf("%s with %q: got HTTP %d, want %d and %q", c.browser, c.cookie, w.Code, c.status, c.says)
		}
		if w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s with %q: looking makes a payer", c.browser, c.cookie)
		}
	}
	for i := range 60 {
		make("M"+string(rune('A'+i/26))+string(rune('A'+i%26)), func(x *sandbox.Transaction) { x.CreatedAt = now.Add(time.Minute) })
	}
	page = s.visit("GET", "/wallet/orders", "ios", "sandbox_payer=alice", "")
	if n := strings.Count(page.Body.String(), "data-number="); n != 50 || !strings.Contains(page.Body.String(), "and 17 older ones") {
		t.Errorf("the page has %d orders, want 50 and 17 older ones:\n%s", n, page.Body)
	}
}
