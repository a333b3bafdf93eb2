package sandbox_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func TestCodesOfPayers(t *testing.T) {
	tail := func(head string, digits int) string { return head + strings.Repeat("7", digits-len(head)) }
	for _, c := range []struct {
		name, payType, code string
		rule                string
		respcd              qfpay.Respcd
		cardcd              string // how it begins
	}{
		{"WeChat's first prefix", "800208", tail("10", 18), "", "", "o"},
		{"WeChat's last prefix", "800208", tail("15", 18), "", "", "o"},
		{"WeChat Pay HK", "801008", tail("13", 18), "", "", "o"},
		{"Alipay's first prefix", "800108", tail("25", 18), "", "", "2088"},
		{"Alipay's last prefix", "800108", tail("30", 18), "", "", "2088"},
		{"UnionPay", "800708", tail("62", 19), "", "", ""},
		{"an unpublished prefix where the pay type says the wallet", "805808", tail("99", 18), "", "", ""},
		{"of any wallet, WeChat's", "800008", tail("12", 18), "", "", "o"},
		{"of any wallet, Alipay's", "800008", tail("28", 18), "", "", "2088"},
		{"of any wallet, UnionPay's", "800008", tail("62", 18), "", "", ""},
		{"16 digits", "800208", tail("13", 16), "", "", "o"},
		{"24 digits", "800208", tail("13", 24), "", "", "o"},
		{"15 digits", "800208", tail("13", 15), "auth-code-malformed", "1202", ""},
		{"25 digits", "800208", tail("13", 25), "auth-code-malformed", "1202", ""},
		{"a letter", "800208", tail("13", 17) + "x", "auth-code-malformed", "1202", ""},
		{"a blank", "800208", tail("13", 17) + " ", "auth-code-malformed", "1202", ""},
		{"of any wallet, nobody's", "800008", tail("99", 18), "auth-code-malformed", "1202", ""},
		{"Alipay's for WeChat", "800208", tail("28", 18), "auth-code-wallet", "1144", ""},
		{"WeChat's for Alipay", "800108", tail("13", 18), "auth-code-wallet", "1144", ""},
		{"WeChat's for PayMe", "805808", tail("13", 18), "auth-code-wallet", "1144", ""},
		{"just below WeChat's", "800008", tail("09", 18), "auth-code-malformed", "1202", ""},
		{"just above WeChat's", "800008", tail("16", 18), "auth-code-malformed", "1202", ""},
		{"just below Alipay's", "800008", tail("24", 18), "auth-code-malformed", "1202", ""},
		{"just above Alipay's", "800008", tail("31", 18), "auth-code-malformed", "1202", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			got, _, err := w.Pay(t.Context(), w.app, scanned(c.payType, c.code))
			if c.rule != "" {
				if no := refusalNamed(t, err, c.rule, c.respcd); no.Order != nil {
					t.Errorf("the refusal left the order %+v, want none", no.Order)
				}
				return
			}
			w.must(err)
			if got.State != sandbox.StatePaid || !strings.HasPrefix(string(got.OpenID), c.cardcd) || got.OpenID == "" {
				t.Errorf("the order is %s by %q, want paid by one that begins %q", got.State, got.OpenID, c.cardcd)
			}
		})
	}
}

func TestACodeIsForOnePayment(t *testing.T) {
	w := newWorld(t)
	const code = "131234567890123456"
	again := func(number string) error {
		r := scanned("800208", code)
		r.OutTradeNo = number
		_, _, err := w.Pay(t.Context(), w.app, r)
		return err
	}
	wrong := scanned("800108", code)
	_, _, err := w.Pay(t.Context(), w.app, wrong)
	refusalNamed(t, err, "auth-code-wallet", "1144")
	w.pay()
	refusalNamed(t, again("T1"), "out-trade-no-used", "1251")
	w.must(again("T2")) // neither of them used it up
	if no := refusalNamed(t, again("T3"), "auth-code-used", "1202"); !strings.Contains(no.Detail, "was used at 2026-03-14 10:00:00") {
		t.Errorf("detail is %q, want it to say when", no.Detail)
	}
}

func TestOfManyScansOfOneCodeOneWins(t *testing.T) {
	w := newWorld(t)
	results := make([]error, 50)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() {
			r := scanned("800208", "131234567890123456")
			r.OutTradeNo = fmt.Sprint("T", i)
			_, _, results[i] = w.Pay(t.Context(), w.app, r)
		})
	}
	all.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
		} else {
			refusalNamed(t, err, "auth-code-used", "1202")
		}
	}
	if won != 1 {
		t.Errorf("%d scans won, want 1", won)
	}
}

func TestIssueAuthCode(t *testing.T) {
	w := newWorld(t)
	for wallet, prefix := range map[string]string{"": "13", "wechat": "13", "alipay": "28"} {
		c, err := w.IssueAuthCode(t.Context(), "APPCODE", "alice", wallet)
		w.must(err)
		if len(c.Code) != 18 || !strings.HasPrefix(c.Code, prefix) || c.Payer != "alice" || c.App != "APPCODE" || !c.ExpiresAt.Equal(morning.Add(24*time.Hour)) {
			t.Errorf("wallet %q gives %+v, want 18 digits from %s of alice's for a day", wallet, c, prefix)
		}
	}
	if _, err := w.IssueAuthCode(t.Context(), "APPCODE", "alice", "octopus"); !errors.Is(err, sandbox.ErrInvalid) {
		t.Errorf("a wallet of another name gives %v, want ErrInvalid", err)
	}
	if _, err := w.IssueAuthCode(t.Context(), "NOBODY", "alice", ""); !errors.Is(err, sandbox.ErrInvalid) {
		t.Errorf("an unknown App gives %v, want ErrInvalid", err)
	}
	if _, err := w.IssueAuthCode(t.Context(), "APPCODE", "nobody", ""); !errors.Is(err, sandbox.ErrNotFound) {
		t.Errorf("an unknown payer gives %v, want ErrNotFound", err)
	}
}

func TestACodeLivesForADay(t *testing.T) {
	for _, c := range []struct {
		after time.Duration
		ok    bool
	}{{24*time.Hour - time.Second, true}, {24 * time.Hour, false}} {
		w := newWorld(t)
		_, err := w.UpdatePayer(t.Context(), "alice", func(p *sandbox.Payer) { p.Behaviour = sandbox.BehavePay })
		w.must(err)
		code, err := w.IssueAuthCode(t.Context(), "APPCODE", "alice", "")
		w.must(err)
		w.clock.now = morning.Add(c.after)
		_, _, err = w.Pay(t.Context(), w.app, scanned("800208", code.Code))
		if c.ok {
			w.must(err)
		} else {
			refusalNamed(t, err, "auth-code-expired", "2005")
		}
	}
}
