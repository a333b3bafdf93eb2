package sandbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Each variant differs from the good notification in what its name says, and in nothing else.
func TestVariants(t *testing.T) {
	notification := func(v sandbox.Variant) sandbox.Notification {
		w := newWorld(t, planned(sandbox.Delivery{On: "paid", Variant: v}))
		_, p := w.pay(func(r *sandbox.PaymentRequest) { r.GoodsName = "a/é" })
		w.payerPays(p)
		list, err := w.Store.Notifications(t.Context(), "APPCODE", "")
		w.must(err)
		return list[0]
	}
	good := notification(sandbox.VariantGood)
	body := string(good.Body)
	for _, c := range []struct {
		variant  sandbox.Variant
		old, new string // what is replaced in the good one's body
		signed   bool   // by this App's key
	}{
		{"duplicate", "", "", true}, {"concurrent-duplicates", "", "", true}, {"wrong-content-type", "", "", true}, {"never", "", "", true},
		{"bad-signature", "", "", false}, {"other-app-signature", "", "", false},
		{"wrong-amount", `"txamt": "300"`, `"txamt": "1"`, true},
		{"wrong-currency", `"txcurrcd": "HKD"`, `"txcurrcd": "` + string(qfpay.Currencies()[0].Code) + `"`, true},
		{"unknown-order", `"out_trade_no": "T1"`, `"out_trade_no": "UNKNOWN` + string(good.Syssn) + `"`, true},
		{"extra-fields", `"}`, `", "customer_source": "HK", "outcardnm": "", "sandbox_unknown_field": "1"}`, true},
		{"slash-and-non-ascii", `"goods_info": ""`, `"goods_info": "\u6e2c\u8a66/\u5496\u5561 \u2615 \ud83d\udc36"`, true},
		{"truncated", body[len(body)/2:], "", true},
	} {
		n := notification(c.variant)
		want := strings.Replace(body, c.old, c.new, 1)
		if string(n.Body) != want {
			t.Errorf("%s sends\n%s\nwant\n%s", c.variant, n.Body, want)
		}
		if qfpay.VerifyBody(n.Body, "CLIENTKEY", n.Sign) != c.signed {
			t.Errorf("%s is signed by the App's key: %v, want %v", c.variant, !c.signed, c.signed)
		}
		if len(n.Sign) != 32 || n.Sign != strings.ToUpper(n.Sign) {
			t.Errorf("%s is signed %q, want 32 upper-case hex digits", c.variant, n.Sign)
		}
	}
	if qfpay.Currencies()[0].Code == "HKD" {
		t.Error("wrong-currency was compared with the right currency")
	}
	n := notification(sandbox.VariantCompact)
	if want := strings.NewReplacer(`", "`, `","`, `": "`, `":"`).Replace(body); string(n.Body) != want || !qfpay.VerifyBody(n.Body, "CLIENTKEY", n.Sign) {
		t.Errorf("compact sends\n%s\nsigned by the key %v, want\n%s\nand true", n.Body, qfpay.VerifyBody(n.Body, "CLIENTKEY", n.Sign), want)
	}
	for _, v := range sandbox.Variants() {
		want := "application/json"
		if v == sandbox.VariantContentType {
			want = "text/plain"
		}
		if v.ContentType() != want {
			t.Errorf("%s is sent as %s, want %s", v, v.ContentType(), want)
		}
	}
}

// A wrong amount is wrong whatever the order's is, a wrong currency too.
func TestWrongIsNeverRight(t *testing.T) {
	for _, row := range qfpay.Currencies() {
		w := newWorld(t, planned(sandbox.Delivery{On: "paid", Variant: "wrong-amount"}, sandbox.Delivery{On: "paid", Variant: "wrong-currency"}))
		_, p := w.pay(func(r *sandbox.PaymentRequest) { r.Txamt, r.Txcurrcd = "1", string(row.Code) })
		w.payerPays(p)
		list, err := w.Store.Notifications(t.Context(), "APPCODE", "")
		w.must(err)
		if !strings.Contains(string(list[0].Body), `"txamt": "2"`) || strings.Contains(string(list[1].Body), `"txcurrcd": "`+string(row.Code)+`"`) {
			t.Errorf("of 1 %s the wrong ones are\n%s\n%s", row.Code, list[0].Body, list[1].Body)
		}
	}
}

func TestRefundNotificationBytes(t *testing.T) {
	for _, status := range []bool{false, true} {
		w := newWorld(t, withMchids("M1"), func(a *sandbox.App) { a.Settings.RefundNotifyStatus = status })
		paid, p := w.pay(func(r *sandbox.PaymentRequest) { r.Mchid = "M1" })
		w.payerPays(p)
		w.clock.now = morning.Add(time.Minute)
		refund, err := w.Refund(t.Context(), w.app, sandbox.RefundRequest{Syssn: string(paid.Syssn), OutTradeNo: "R1", Txamt: "100", Txdtm: "2026-03-14 10:00:59", Mchid: "M1"})
		w.must(err)
		list, err := w.Store.Notifications(t.Context(), "APPCODE", "R1")
		w.must(err)
		want := fmt.Sprintf(`"sysdtm": "2026-03-14 10:01:00", "txcurrcd": "HKD", "orig_out_trade_no": "T1", "mchid": "M1", "txdtm": "2026-03-14 10:00:59", `+
			`"txamt": "100", "orig_syssn": "%s", "out_trade_no": "R1", "syssn": "%s", "respcd": "0000", "notify_type": "refund"}`, paid.Syssn, refund.Syssn)
		if status {
			want = `"status": "1", ` + want
		}
		if len(list) != 1 || string(list[0].Body) != "{"+want || list[0].Kind != sandbox.KindRefund || list[0].Syssn != refund.Syssn || !qfpay.VerifyBody(list[0].Body, "CLIENTKEY", list[0].Sign) {
			t.Errorf("with status %v the notifications are %+v\nwant one, signed, of\n{%s", status, list, want)
		}
	}
}

// The older state is the payment's notification, byte for byte, after the refund.
func TestOlderState(t *testing.T) {
	w := newWorld(t, planned(sandbox.Delivery{On: "paid", Variant: "good"}, sandbox.Delivery{On: "refunded", Variant: "older-state"}))
	paid, p := w.pay()
	w.payerPays(p)
	w.clock.now = morning.Add(time.Hour)
	w.refunds(paid.Syssn, "R1", "300")
	list, err := w.Store.Notifications(t.Context(), "APPCODE", "T1")
	w.must(err)
	if len(list) != 2 || string(list[0].Body) != string(list[1].Body) || list[0].Sign != list[1].Sign || !list[1].NextAt.Equal(morning.Add(time.Hour)) {
		t.Errorf("the notifications of T1 are %+v, want the first again an hour later", list)
	}
}

// A refund tells whoever was told of its payment.
func TestRefundGoesWhereItsPaymentWent(t *testing.T) {
	w := newWorld(t)
	paid, p := w.pay(func(r *sandbox.PaymentRequest) { r.NotifyURL = "http://127.0.0.1/own" })
	w.payerPays(p)
	w.refunds(paid.Syssn, "R1", "100")
	list, err := w.Store.Notifications(t.Context(), "APPCODE", "R1")
	w.must(err)
	if len(list) != 1 || list[0].URL != "http://127.0.0.1/own" {
		t.Errorf("the refund's notifications are %+v, want one to the order's own notify_url", list)
	}
}

// How a notification goes on after attempts, by variant: "y" is acknowledged, "n" is not, "e" went elsewhere.
func TestLadderOfEachVariant(t *testing.T) {
	for _, c := range []struct {
		variant sandbox.Variant
		tries   string // those in one word are made at once
		want    string
		nextIn  time.Duration // 0 when it is not pending
	}{
		{"good", "n", "attempt 2 due at 2026-03-14 10:02:00", 2 * time.Minute},
		{"good", "n y", "acknowledged at attempt 2", -1},
		{"good", "n n n n n n n", "attempt 8 due at 2026-03-15 01:00:00", 15 * time.Hour},
		{"good", "n n n n n n n n", "given up after 8 attempts", -1},
		{"duplicate", "y", "attempt 2 due at 2026-03-14 10:00:00", 0},
		{"duplicate", "y y", "acknowledged at attempt 1", -1},
		{"duplicate", "n y", "attempt 3 due at 2026-03-14 10:00:00", 0},
		{"duplicate", "y n", "attempt 3 due at 2026-03-14 10:02:00", 2 * time.Minute},
		{"duplicate", "y n y", "acknowledged at attempt 1", -1},
		{"concurrent-duplicates", "nnnnnnnnnn", "attempt 11 due at 2026-03-14 10:02:00", 2 * time.Minute},
		{"concurrent-duplicates", "nnynnnnnnn", "acknowledged at attempt 3", -1},
		{"concurrent-duplicates", "nnnnnnnnnn n n n n n n", "attempt 17 due at 2026-03-15 01:00:00", 15 * time.Hour},
		{"concurrent-duplicates", "nnnnnnnnnn n n n n n n n", "given up after 17 attempts", -1},
		{"bad-signature", "n", "refused, as it must be", -1},
		{"bad-signature", "y", "acknowledged at attempt 1", -1},
		{"other-app-signature", "n", "refused, as it must be", -1}, {"wrong-amount", "n", "refused, as it must be", -1}, {"wrong-currency", "n", "refused, as it must be", -1},
		{"unknown-order", "n", "refused, as it must be", -1}, {"truncated", "n", "refused, as it must be", -1},
		{"extra-fields", "n", "attempt 2 due at 2026-03-14 10:02:00", 2 * time.Minute}, {"compact", "n", "attempt 2 due at 2026-03-14 10:02:00", 2 * time.Minute},
		{"slash-and-non-ascii", "n", "attempt 2 due at 2026-03-14 10:02:00", 2 * time.Minute}, {"wrong-content-type", "n", "attempt 2 due at 2026-03-14 10:02:00", 2 * time.Minute},
		{"older-state", "n", "attempt 2 due at 2026-03-14 10:02:00", 2 * time.Minute},
		{"good", "e", "attempt 2 due at 2026-03-14 10:00:00", 0}, // an attempt elsewhere changes nothing
		{"good", "n e", "attempt 3 due at 2026-03-14 10:02:00", 2 * time.Minute},
	} {
		n := sandbox.Notification{URL: "http://a/", Variant: c.variant, Pending: true, NextAt: morning}
		for word := range strings.FieldsSeq(c.tries) {
			var tries []sandbox.Attempt
			for _, r := range word {
				a := sandbox.Attempt{At: morning, URL: "http://a/", Acknowledged: r == 'y'}
				if r == 'e' {
					a.URL, a.Acknowledged = "http://b/", true
				}
				tries = append(tries, a)
			}
			n.Tried(tries...)
		}
		last := n.Attempts[len(n.Attempts)-1]
		switch {
		case n.Describe() != c.want:
			t.Errorf("%s after %s: %s, want %s", c.variant, c.tries, n.Describe(), c.want)
		case n.Pending != (c.nextIn >= 0):
			t.Errorf("%s after %s: pending %v", c.variant, c.tries, n.Pending)
		case n.Pending && !n.NextAt.Equal(morning.Add(c.nextIn)):
			t.Errorf("%s after %s: due at %s, want after %s", c.variant, c.tries, n.NextAt, c.nextIn)
		case last.URL == n.URL && n.Pending != last.NextAt.Equal(n.NextAt) || !n.Pending && !last.NextAt.IsZero():
			t.Errorf("%s after %s: the last attempt says the next is due at %s, the notification %s", c.variant, c.tries, last.NextAt, n.NextAt)
		}
	}
}

func TestWaitingAndNeverDescribeThemselves(t *testing.T) {
	for want, n := range map[string]sandbox.Notification{
		"waits until the payer returned": {Pending: true, Waiting: sandbox.OnReturned},
		"never sent, as planned":         {Variant: sandbox.VariantNever},
	} {
		if n.Describe() != want {
			t.Errorf("it is %q, want %q", n.Describe(), want)
		}
	}
	// An attempt by hand ends the waiting: the merchant has heard of it.
	n := sandbox.Notification{Pending: true, Waiting: sandbox.OnReturned}
	n.Tried(sandbox.Attempt{At: morning, Status: 500})
	if n.Waiting != "" || !n.NextAt.Equal(morning.Add(2*time.Minute)) {
		t.Errorf("after an attempt it is %+v, want the ladder to have begun", n)
	}
	if !slices.Equal(sandbox.Occasions(), []sandbox.Occasion{"paid", "returned", "closed", "refunded"}) {
		t.Errorf("the occasions are %v", sandbox.Occasions())
	}
}

// A closed order is told of when a plan asks for it, as the enquiry sees it.
func TestClosedNotificationBytes(t *testing.T) {
	w := newWorld(t, planned(sandbox.Delivery{On: "closed", After: time.Minute, Variant: "good"}))
	order, _ := w.pay()
	w.clock.now = morning.Add(time.Minute)
	_, err := w.Cancel(t.Context(), w.app, sandbox.AtClose, sandbox.CancelRequest{Syssn: string(order.Syssn), Txamt: "300", Txdtm: "2026-03-14 10:00:00"})
	w.must(err)
	list, err := w.Store.Notifications(t.Context(), "APPCODE", "T1")
	w.must(err)
	want := fmt.Sprintf(`{"status": "0", "pay_type": "800207", "sysdtm": "2026-03-14 10:00:00", "paydtm": "", "goods_name": "", "txcurrcd": "HKD", "txdtm": "2026-03-14 10:00:00", `+
		`"txamt": "300", "chnlsn2": "", "out_trade_no": "T1", "syssn": "%s", "cash_fee_type": "", "cancel": "2", "respcd": "1142", "goods_info": "", "cash_fee": "0", `+
		`"notify_type": "close", "chnlsn": "", "cardcd": "%s"}`, order.Syssn, order.OpenID)
	if len(list) != 1 || string(list[0].Body) != want || !list[0].NextAt.Equal(morning.Add(2*time.Minute)) {
		t.Errorf("the notifications are %+v\nwant one, due at 10:02, of\n%s", list, want)
	}
}
