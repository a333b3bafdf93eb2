package steps_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

// Each sentence that claims something about the fake, after a story of which it is not so.
var falseClaims = []struct{ story, claim string }{
	{"a payer orders", `QFPay answers {"respcd": "0000"}`},
	{"a payer orders", `QFPay answers with respcd "1143"`},
	{"a payer orders", `QFPay answers with HTTP 429`},
	{"a payer orders", `QFPay answers nothing`},
	{"a payer orders", `QFPay's answer is no JSON`},
	{"a payer orders", `QFPay's answer gives a code to show`},
	{"a payer orders", `QFPay's answer was decided by "header"`},
	{"a payer orders", `the journal holds the finding "code-used"`},
	{"a payer orders", `the journal calls the answer "assumed"`},
	{"a payer orders", `the journal proves one payment`},
	{"a payer orders", `the journal finds "HKD" in "notify"`},
	{"a payer orders", `the finding "code-used" says to change "code"`},
	{"the integrator creates a payment with txamt \"10.50\"", `the finding "parameter-txamt" says to change "1051"`},
	{"a payer orders", `the order's bundle tells of "sign-key-first"`},
	{"a payer orders", `the list of refusals calls "code-used" of get_weixin_openid "observed"`},
	{"a payer orders", `the list of refusals calls "code-used" of refund "assumed"`},
	{"a payer orders", `the order is "paid"`},
	{"a payer orders", `the order's note is "gift"`},
	{"a payer orders", `WeChat shows "余额不足"`},
	{"a payer orders", `the page hears "ok"`},
	{"a payer orders", `QFPay's time is "2026-03-14 10:00:01"`},
	{"a payer orders", `what is due next is at "2026-03-14 10:00:00"`},
	{"a payer orders", `the integrator hears 1 notification`},
	{"a payer orders", `the notification is "signed"`},
	{"a payer orders", `QFPay has 1 notification pending`},
	{"a payer orders", `QFPay tried at "10:00:00"`},
	{"a payer logs in with a browser that is not WeChat", `QFPay's answer is signed with the App's key`},
	{"the integrator calls QFPay's \"mcc\"", `QFPay answers with respcd "1103"`}, // HTTP 404
	{"2 callers refund \"1\" at once", `QFPay answers 1 of them with respcd "1136"`},
	{"the integrator enquires", "QFPay lists:\n| respcd |\n| 1143 |"},
	{"the integrator enquires", `QFPay lists 1 order, the first "T1"`},
	{"the integrator enquires signed with another key", `QFPay lists nothing`},
	{"a payer orders with txamt \"300\"\nAnd the payer pays", `the integrator hears 0 notifications`},
	{"a payer orders with txamt \"300\"\nAnd the payer pays\nThen the integrator hears 1 notification", `the notification is "wrongly signed"`},
	{"a payer orders with txamt \"300\"\nAnd the payer pays\nThen the integrator hears 1 notification", `the notification's fields are "status"`},
	{"a payer orders with txamt \"300\"\nAnd the payer pays\nThen the integrator hears 1 notification", `QFPay tried at "10:00:00, 10:02:00"`},
	{"a payer orders with txamt \"300\"\nAnd the payer pays", `the integrator had heard 7 notifications when the payer came back`},
	{"the integrator has an official account\nAnd the integrator sends a payer to WeChat's login", `the payer comes back without a code`},
	{"the integrator has an official account\nAnd the integrator sends a payer to WeChat's login with scope \"snsapi_userinfo\"", `the payer comes back with a code`},
	{"the integrator has an official account\nAnd the integrator sends a payer to WeChat's login", `the payer comes back to "code=CODE&state=S2"`},
	{"the integrator has an official account\nAnd the integrator sends a payer to WeChat's login\nAnd the integrator exchanges the code at WeChat", `WeChat answers with errcode 40029`},
	{"the integrator has an official account\nAnd the integrator gets an account token with appid \"\"", `WeChat answers with errcode 0`},
	{"the integrator has an official account\nAnd the integrator gets an account token", `WeChat gives "openid"`},
	{"the integrator has an official account\nAnd the integrator sends a payer to WeChat's login\nAnd the integrator exchanges the code at WeChat", `the payer is called as at WeChat`},
	{"the integrator has an official account\nAnd the integrator gets an account token", `the account token is another than before`},
	{"the integrator has an official account\nAnd the integrator gets an account token\nAnd the integrator gets a ticket\nAnd the integrator gets a ticket", `the ticket is another than before`},
	{"the integrator has an official account\nAnd the integrator sends a payer to WeChat's login\nAnd the integrator exchanges the code at WeChat\nAnd the integrator sends a payer to WeChat's login\nAnd the integrator exchanges the code at WeChat", `the openid is another than before`},
	{"a payer orders", `QFPay's parameters are for the integrator's account`},
	{"the integrator has an official account\nAnd a payer orders", `QFPay's parameters are for QFPay's account`},
	{"a payer orders with out_trade_no \"T1\"\nAnd the payer looks at the wallet's orders", `WeChat does not show "T1"`},
	{"a payer orders\nAnd the payer cancels", `the page hears err_code "2"`},
	{"a payer logs in at \"sandbox.test\"", `the payer comes by "sandbox.test"`},
	{"the App has the fault:\n| route | effect |\n| query | 1296 |", `the fault has matched 1 and fired 1 times`},
}

func TestFalseClaimsFail(t *testing.T) {
	srv := startSandbox(t)
	for _, c := range falseClaims {
		t.Run(c.claim, func(t *testing.T) {
			text := "Feature: F\n\n@f\nScenario: S\nGiven an integrator with an App\nAnd the integrator answers notifications with \"SUCCESS\"\nWhen " +
				c.story + "\nThen " + c.claim + "\n"
			s := &steps.Suite{Dir: "claims", Control: control.NewClient(srv.ControlURL(), ""), Vendor: srv.URL(), Seed: 1}
			s.SetFiles(fstest.MapFS{"claims/f.feature": {Data: []byte(text)}})
			selected, err := s.Select()
			if err != nil {
				t.Fatal(err)
			}
			ledger := s.Run(t.Context(), selected)
			claim, _, _ := strings.Cut(c.claim, "\n")
			if len(ledger.Results) != 1 {
				t.Fatalf("got %d results, want 1", len(ledger.Results))
			}
			if r := ledger.Results[0]; r.Outcome != verdict.Fail || r.Step != claim {
				t.Errorf("got %s at %q: %s, want a failure of the claim", r.Outcome, r.Step, r.Reason)
			}
		})
	}
}
