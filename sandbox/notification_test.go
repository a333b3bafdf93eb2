package sandbox_test

import (
	"crypto/md5"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// paidNotification pays an order and gives the notification that brings forth.
func (w *world) paidNotification(change ...func(*sandbox.PaymentRequest)) sandbox.Notification {
	w.t.Helper()
	_, p := w.pay(change...)
	w.clock.now = w.clock.now.Add(time.Minute)
	_, err := w.PayerPays(w.t.Context(), w.invocation(p))
	w.must(err)
	n, err := w.Store.NextNotification(w.t.Context(), "APPCODE")
	w.must(err)
	return n
}

func TestNotificationBytes(t *testing.T) {
	w := newWorld(t, withMchids("M1"))
	n := w.paidNotification(func(r *sandbox.PaymentRequest) { r.Mchid, r.GoodsName = "M1", `测试/"<狗粮>"&🐶` })
	tr, err := w.Store.TransactionBySyssn(t.Context(), "APPCODE", n.Syssn)
	w.must(err)
	want := `{"status": "1", "pay_type": "800207", "sysdtm": "2026-03-14 10:00:00", "paydtm": "2026-03-14 10:01:00", ` +
		`"goods_name": "\u6d4b\u8bd5/\"<\u72d7\u7cae>\"&\ud83d\udc36", "txcurrcd": "HKD", "txdtm": "2026-03-14 10:00:00", "mchid": "M1", "txamt": "300", "chnlsn2": "", ` +
		`"out_trade_no": "T1", "syssn": "` + string(tr.Syssn) + `", "cash_fee_type": "", "cancel": "0", "respcd": "0000", "goods_info": "", "cash_fee": "0", ` +
		`"notify_type": "payment", "chnlsn": "` + tr.Chnlsn + `", "cardcd": "` + string(tr.OpenID) + `"}`
	if string(n.Body) != want {
		t.Errorf("body is\n%s, want\n%s", n.Body, want)
	}
	if sign := strings.ToUpper(fmt.Sprintf("%x", md5.Sum([]byte(want+"CLIENTKEY")))); n.Sign != sign {
		t.Errorf("X-QF-SIGN is %s, want %s", n.Sign, sign)
	}
	if n.URL != "http://127.0.0.1/notify" || !n.Pending || !n.NextAt.Equal(tr.PaidAt) || len(n.Attempts) != 0 {
		t.Errorf("to %s, pending %v, due %s after %d attempts, want to the App's URL at once", n.URL, n.Pending, n.NextAt, len(n.Attempts))
	}
}

func TestNotificationLeavesOutAMchidNobodyHas(t *testing.T) {
	if n := newWorld(t).paidNotification(); strings.Contains(string(n.Body), "mchid") {
		t.Errorf("body is %s, want none of mchid", n.Body)
	}
}

// Assumption 8: the order's own notify_url comes before the App's.
func TestNotificationGoesToTheOrdersOwnURL(t *testing.T) {
	w := newWorld(t)
	n := w.paidNotification(func(r *sandbox.PaymentRequest) { r.NotifyURL = "http://127.0.0.1/order" })
	if n.URL != "http://127.0.0.1/order" {
		t.Errorf("it goes to %s, want the order's URL", n.URL)
	}
}

func TestNotificationWaitsForTheDeliveryPlan(t *testing.T) {
	w := newWorld(t, func(a *sandbox.App) { a.Delivery.Delay = 40 * time.Second })
	if n := w.paidNotification(); !n.NextAt.Equal(morning.Add(100 * time.Second)) {
		t.Errorf("it is due at %s, want 40 s after the payment at 10:01", n.NextAt)
	}
}

func TestPaymentNobodyIsToldOf(t *testing.T) {
	w := newWorld(t, func(a *sandbox.App) { a.NotifyURL = "" })
	_, p := w.pay()
	ctx, e := w.noted()
	_, err := w.PayerPays(ctx, w.invocation(p))
	w.must(err)
	wantFindings(t, e, sandbox.FindNoNotifyURL)
	list, err := w.Store.Notifications(t.Context(), "APPCODE", "")
	w.must(err)
	if len(list) != 0 {
		t.Errorf("%d notifications are stored, want none", len(list))
	}
}

func TestAcknowledges(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		want   bool
	}{
		{200, "SUCCESS", true}, {200, "SUCCESS\n", true}, {200, "\r\n SUCCESS\t", true},
		{200, "success", false}, {200, "Success", false}, {200, `"SUCCESS"`, false}, {200, "SUCCESS.", false}, {200, "SUCCESS SUCCESS", false},
		{200, "", false}, {200, "OK", false}, {200, `{"code": "SUCCESS"}`, false}, {200, "<html>SUCCESS</html>", false}, {200, "\ufeffSUCCESS", false},
		{201, "SUCCESS", false}, {202, "SUCCESS", false}, {204, "", false}, {302, "SUCCESS", false}, {404, "SUCCESS", false}, {500, "SUCCESS", false}, {0, "SUCCESS", false},
	} {
		if got := sandbox.Acknowledges(c.status, c.body); got != c.want {
			t.Errorf("HTTP %d and %q: acknowledged %v, want %v", c.status, c.body, got, c.want)
		}
	}
}

func TestLadder(t *testing.T) {
	n := sandbox.Notification{Pending: true, NextAt: morning}
	var waits []time.Duration
	for n.Pending {
		at := n.NextAt
		n.Tried(sandbox.Attempt{At: at, Status: 500})
		if n.Pending {
			waits = append(waits, n.NextAt.Sub(at))
		}
	}
	want := []time.Duration{2 * time.Minute, 10 * time.Minute, 10 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour, 15 * time.Hour}
	if !slices.Equal(waits, want) {
		t.Errorf("the waits are %v, want %v", waits, want)
	}
	if len(n.Attempts) != 8 {
		t.Errorf("there were %d attempts, want 8", len(n.Attempts))
	}
	// The ladder counts from the attempt, not from when it was due.
	late := sandbox.Notification{Pending: true, NextAt: morning}
	late.Tried(sandbox.Attempt{At: morning.Add(time.Hour), Status: 500})
	if want := morning.Add(time.Hour + 2*time.Minute); !late.NextAt.Equal(want) {
		t.Errorf("after a late attempt the next is due at %s, want %s", late.NextAt, want)
	}
	late.Tried(sandbox.Attempt{At: morning.Add(2 * time.Hour), Status: 200, Acknowledged: true})
	if late.Pending {
		t.Error("an acknowledged notification is pending")
	}
}

// One more attempt by hand is one attempt: what was settled stays settled.
func TestAttemptBeyondTheLadder(t *testing.T) {
	refused := sandbox.Attempt{At: morning, Status: 500}
	for _, before := range [][]sandbox.Attempt{
		{{At: morning, Status: 200, Acknowledged: true}},
		{refused, refused, refused, refused, refused, refused, refused, refused},
	} {
		n := sandbox.Notification{Attempts: before}
		state := n.Describe()
		n.Tried(refused)
		if n.Pending {
			t.Errorf("%s, and one more attempt makes it pending", state)
		}
	}
}

func TestNotificationDescribesItself(t *testing.T) {
	failed := sandbox.Attempt{At: morning, Status: 500}
	acknowledged := sandbox.Attempt{At: morning, Status: 200, Acknowledged: true}
	for _, c := range []struct {
		n    sandbox.Notification
		want string
	}{
		{sandbox.Notification{Pending: true, NextAt: morning}, "attempt 1 due at 2026-03-14 10:00:00"},
		{sandbox.Notification{Pending: true, NextAt: morning, Attempts: []sandbox.Attempt{failed}}, "attempt 2 due at 2026-03-14 10:00:00"},
		{sandbox.Notification{Attempts: []sandbox.Attempt{acknowledged}}, "acknowledged at attempt 1"},
		{sandbox.Notification{Attempts: []sandbox.Attempt{failed, acknowledged}}, "acknowledged at attempt 2"},
		{sandbox.Notification{Attempts: []sandbox.Attempt{acknowledged, failed}}, "acknowledged at attempt 1"},
		{sandbox.Notification{Attempts: []sandbox.Attempt{failed, failed}}, "given up after 2 attempts"},
	} {
		if got := c.n.Describe(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
