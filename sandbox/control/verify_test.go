package control_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// The exchanges a payment in WeChat leaves behind.
func login(openID string) sandbox.Exchange {
	return sandbox.Exchange{App: "A", Surface: "openapi", Method: "GET", URL: "/tool/v1/get_weixin_openid?code=1", Status: 200, Respcd: "0000", OpenID: sandbox.OpenID(openID)}
}

func payment(number, openID, respcd string) sandbox.Exchange {
	e := sandbox.Exchange{App: "A", Surface: "openapi", Method: "POST", URL: "/trade/v1/payment", Status: 200, RequestBody: []byte("out_trade_no=" + number + "&sub_openid=" + openID), Respcd: "1104", OutTradeNo: sandbox.OutTradeNo(number)}
	if e.Respcd = "1104"; respcd == "0000" {
		e.Respcd, e.Syssn, e.OpenID = "0000", sandbox.Syssn("S"+number), sandbox.OpenID(openID)
	}
	return e
}

func cashier(number string, findings ...sandbox.Finding) sandbox.Exchange {
	return sandbox.Exchange{App: "A", Surface: "cashier", Method: "GET", URL: "/q/direct", Status: 200, OutTradeNo: sandbox.OutTradeNo(number), Findings: findings}
}

func told(number, answer, plan string) sandbox.Exchange {
	return sandbox.Exchange{App: "A", Surface: "notify", Method: "POST", URL: "http://h/n", RequestBody: []byte(`{"notify_type": "payment", "out_trade_no": "` + number + `"}`), Status: 200, AnswerBody: []byte(answer), OutTradeNo: sandbox.OutTradeNo(number), DecidedBy: plan}
}

func refund(number, of string) sandbox.Exchange {
	return sandbox.Exchange{App: "A", Surface: "openapi", Method: "POST", URL: "/trade/v1/refund", Status: 200, RequestBody: []byte("syssn=S" + of), Respcd: "0000", Syssn: "R", OutTradeNo: sandbox.OutTradeNo(number)}
}

func TestOnePayment(t *testing.T) {
	for _, c := range []struct {
		name      string
		exchanges []sandbox.Exchange
		// failures are how often each failed expectation begins, and what there was.
		failures []string
	}{
		{"as it should be", []sandbox.Exchange{{App: "A", Surface: "weixin", URL: "/connect/oauth2/authorize", OpenID: "o1"}, login("o1"), payment("T1", "o1", "0000"), cashier("T1"), told("T1", "SUCCESS", "")}, nil},
		{"a refused attempt before it", []sandbox.Exchange{login("o1"), payment("T1", "o1", "1104"), payment("T1", "o1", "0000"), told("T1", "SUCCESS", "")}, nil},
		{"other orders around it", []sandbox.Exchange{
			login("o1"), payment("T0", "o1", "0000"), login("o1"), login("o2"), payment("T2", "o2", "0000"), payment("T1", "o1", "0000"), login("o1"), payment("T3", "o1", "0000"), told("T1", "SUCCESS", ""),
		}, nil},
		{"acknowledged at the second attempt", []sandbox.Exchange{login("o1"), payment("T1", "o1", "0000"), told("T1", "no", ""), told("T1", "SUCCESS", "")}, nil},
		{"without an openid", []sandbox.Exchange{{App: "A", Surface: "openapi", URL: "/trade/v1/payment", RequestBody: []byte("out_trade_no=T1"), Respcd: "0000", OutTradeNo: "T1", Syssn: "ST1"}, told("T1", "SUCCESS", "")}, nil},
		{"nothing", nil, []string{"accepted payments with out_trade_no T1: 0 []", "acknowledged notifications of the payment: 0 of 0 []"}},
		{"paid twice", []sandbox.Exchange{login("o1"), payment("T1", "o1", "0000"), login("o1"), payment("T1", "o1", "0000"), told("T1", "SUCCESS", "")}, []string{"accepted payments with out_trade_no T1: 2 [2 4]"}},
		{"refused only", []sandbox.Exchange{login("o1"), payment("T1", "o1", "1104")}, []string{"accepted payments with out_trade_no T1: 0, and 1 refused [2]", "acknowledged notifications"}},
		{"no login", []sandbox.Exchange{payment("T1", "o1", "0000"), told("T1", "SUCCESS", "")}, []string{"codes exchanged for openid o1 since the App's last payment with it: 0 []"}},
		{"an openid used twice", []sandbox.Exchange{login("o1"), payment("T0", "o1", "0000"), payment("T1", "o1", "0000"), told("T1", "SUCCESS", "")}, []string{"codes exchanged for openid o1 since the App's last payment with it: 0 []"}},
		{"two logins", []sandbox.Exchange{login("o1"), login("o1"), payment("T1", "o1", "0000"), told("T1", "SUCCESS", "")}, []string{"codes exchanged for openid o1 since the App's last payment with it: 2 [1 2]"}},
		{"a login afterwards", []sandbox.Exchange{payment("T1", "o1", "0000"), login("o1"), told("T1", "SUCCESS", "")}, []string{"codes exchanged for openid o1 since the App's last payment with it: 0 []"}},
		{"another amount at the cashier", []sandbox.Exchange{login("o1"), payment("T1", "o1", "0000"), cashier("T1"), cashier("T1", sandbox.Finding{ID: "cashier-amount-differs"}), told("T1", "SUCCESS", "")}, []string{"cashier pages with another amount or currency than the payment's: 1 of 2 [4]"}},
		{"another currency at the cashier", []sandbox.Exchange{login("o1"), payment("T1", "o1", "0000"), cashier("T1", sandbox.Finding{ID: "cashier-currency-differs"}), told("T1", "SUCCESS", "")}, []string{"cashier pages"}},
		{"another order's cashier", []sandbox.Exchange{login("o1"), payment("T1", "o1", "0000"), cashier("T2", sandbox.Finding{ID: "cashier-amount-differs"}), told("T1", "SUCCESS", "")}, nil},
		{"not acknowledged", []sandbox.Exchange{login("o1"), payment("T1", "o1", "0000"), told("T1", "success", "")}, []string{"acknowledged notifications of the payment: 0 of 1 [3]"}},
		{"only a forgery acknowledged", []sandbox.Exchange{login("o1"), payment("T1", "o1", "0000"), told("T1", "SUCCESS", "plan bad-signature")}, []string{"acknowledged notifications of the payment: 0 of 0 []"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := twoApps(t)
			b.remember(c.exchanges...)
			b.remember(sandbox.Exchange{App: "B", Surface: "openapi", URL: "/trade/v1/payment", Respcd: "0000", OutTradeNo: "T1"})
			got := b.call("POST", "/journal/verify", `{"app": "A", "out_trade_no": "T1", "verify": "one-payment"}`).want(200, "verified", fmt.Sprint(len(c.failures) == 0), "app", "A", "out_trade_no", "T1")
			got.failed(c.failures)
		})
	}
}

// failed compares how the failures begin.
func (tr tree) failed(want []string) {
	tr.t.Helper()
	for i := 0; ; i++ {
		at := fmt.Sprintf("failures.%d", i)
		if tr.at(at) == "(absent)" {
			if i != len(want) {
				tr.t.Errorf("%d failures, want %d: %s", i, len(want), tr.raw)
			}
			return
		}
		got := fmt.Sprintf("%s: %s %s", tr.at(at+".expectation"), tr.at(at+".actual"), tr.at(at+".seq"))
		if i >= len(want) || !strings.HasPrefix(got, want[i]) {
			tr.t.Errorf("failure %d is %s, want one of %q", i, got, want)
			return
		}
	}
}

func TestVerifyComparesWithWhatIsExpected(t *testing.T) {
	b := twoApps(t)
	b.remember(login("o1"), payment("T1", "o1", "1104"), payment("T1", "o1", "0000"), cashier("T1"), told("T1", "no", ""), told("T1", "SUCCESS", ""), // 1 to 6
		login("o2"), payment("T2", "o2", "0000"), refund("R1", "T1"), // 7 to 9
		sandbox.Exchange{App: "A", Surface: "notify", RequestBody: []byte(`{"notify_type": "refund", "orig_out_trade_no": "T1"}`), OutTradeNo: "R1"},                                               // 10
		sandbox.Exchange{App: "A", Surface: "openapi", URL: "/trade/v1/query", RequestBody: []byte("syssn=ST1"), Respcd: "0000", DecidedBy: "fault 2", Findings: []sandbox.Finding{{ID: "lever"}}}) // 11
	for _, c := range []struct {
		name, expect string
		failures     []string
	}{
		{"once each", `[{"call": "get_weixin_openid", "respcd": "0000", "times": 1}, {"call": "payment", "respcd": "0000", "times": 1, "after": 0}]`, nil},
		{"as often as it was", `[{"call": "payment", "times": 2}, {"notification": "payment", "times": {"min": 1, "max": 2}}, {"surface": "cashier", "times": 1}, {"call": "close", "times": 0}]`, nil},
		{"at least once", `[{"call": "payment"}, {"call": "close"}]`, []string{"expect.1: call close: 0 []"}},
		{"too often", `[{"call": "payment", "times": 1}]`, []string{"expect.0: call payment: 2 [2 3]"}},
		{"acknowledged", `[{"notification": "payment", "acknowledged": true, "times": 1}, {"notification": "payment", "acknowledged": false, "times": 1}, {"notification": "refund", "acknowledged": true}]`,
			[]string{"expect.2: notification of a refund, acknowledged: 0 []"}},
		{"by QFPay's number", `[{"call": "query", "decided_by": "fault", "finding": "lever", "times": 1}, {"call": "refund", "times": 1}, {"notification": "refund", "times": 1}]`, nil},
		{"by status", `[{"notification": "payment", "status": "2xx", "times": 2}, {"notification": "payment", "status": "404", "times": {"max": 0}}]`, nil},
		{"in the wrong order", `[{"notification": "payment"}, {"call": "payment", "after": 0, "times": 2}]`, []string{"expect.1: call payment: 2 before [2 3]"}},
		{"after what never was", `[{"call": "close", "times": 0}, {"call": "payment", "respcd": "0000", "after": 0}]`, []string{"expect.1: call payment, respcd 0000: 1 before [3]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := b.call("POST", "/journal/verify", `{"app": "A", "out_trade_no": "T1", "expect": `+c.expect+`}`)
			got.t = t
			got.want(200, "verified", fmt.Sprint(len(c.failures) == 0), "mark", "11").failed(c.failures)
		})
	}
	// Nothing else: what is not expected of this order, calls and notifications.
	b.call("POST", "/journal/verify", `{"app": "A", "out_trade_no": "T1", "expect": [{"call": "payment"}, {"notification": "payment"}], "nothing_else": true}`).failed([]string{"nothing_else: 4 [1 9 10 11]"})
	b.call("POST", "/journal/verify", `{"app": "A", "since": 8, "expect": [{"call": "refund"}, {"call": "query"}], "nothing_else": true}`).failed([]string{"nothing_else: 1 [10]"})
	b.call("POST", "/journal/verify", `{"app": "B", "nothing_else": true}`).want(200, "verified", "true", "checked.0.expected", "no call and no notification besides", "checked.0.actual", "0")
	v, err := b.Verify(t.Context(), control.Verification{App: "A", OutTradeNo: "T1", Expect: []control.Expectation{{Call: "payment", Times: control.Times{Min: 3}}}})
	must(t, err)
	if v.Verified || len(v.Failures) != 1 || v.Failures[0].Expected != "at least 3" || v.Failures[0].Actual != "2" {
		t.Errorf("the client gets %+v, want one failure: at least 3, 2", v)
	}
}

// What the journal has forgotten proves nothing.
func TestVerifyOfAForgottenPastFails(t *testing.T) {
	b := twoApps(t)
	for range memstore.JournalPerApp {
		b.remember(sandbox.Exchange{App: "A", Surface: "openapi", URL: "/"})
	}
	const ask = `{"app": "A", %s"expect": [{"call": "payment", "times": 1}]}`
	b.remember(payment("T1", "o1", "0000"))
	b.call("POST", "/journal/verify", fmt.Sprintf(ask, "")).want(200, "verified", "false", "failures.0.expectation", "the journal holds everything since the mark",
		"failures.0.actual", "the oldest exchange kept is 2; give since, the mark of a moment before the test", "failures.1", "(absent)")
	b.call("POST", "/journal/verify", fmt.Sprintf(ask, `"since": 1, `)).want(200, "verified", "true", "failures", "[]")
}

func TestVerifyRefusesWhatItCannotUnderstand(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A"}}})
	expect := func(e string) string { return `{"app": "A", "expect": [{"call": "payment"}, ` + e + `]}` }
	for body, message := range map[string]string{
		`{}`:                                    "app is empty, want the app code whose journal is verified",
		`{"app": "A"}`:                          "expect is empty, want at least one expectation, nothing_else, or verify",
		`{"app": "A", "verify": "one-paymnet"}`: `verify is "one-paymnet", want one-payment, or expect in its place; did you mean one-payment?`,
		`{"app": "A", "verify": "one-payment"}`: "out_trade_no is empty, want the number of the payment one-payment is about",
		`{"app": "A", "out_trade_no": "T", "verify": "one-payment", "nothing_else": true}`: `verify is "one-payment" beside expect or nothing_else, want one of them`,
		`{"app": "A", "expects": []}`:                 `unknown field "expects", want one of app, out_trade_no, since, expect (call, notification, surface, `,
		`{"app": "A", "since": -1, "expect": []}`:     "since is a JSON number -1, want a whole number",
		`{"app": "A", "expect": {"call": "payment"}}`: "expect is a JSON object, want a list of objects",
		`{"app": "A", "expect": [` + strings.Repeat(`{"call": "payment"},`, 64) + `{"call": "payment"}]}`: "expect has 65 expectations, want at most 64",
		expect(`{}`): `expect.1: call is "", notification "" and surface "", want exactly one of them`,
		expect(`{"call": "payment", "surface": "openapi"}`):          "want exactly one of them",
		expect(`{"call": "paymnet"}`):                                "did you mean payment?",
		expect(`{"notification": "paid"}`):                           `expect.1: notification is "paid", want one of payment, refund, close`,
		expect(`{"surface": "open"}`):                                `expect.1: surface is "open", want one of openapi, weixin`,
		expect(`{"call": "payment", "acknowledged": true}`):          "expect.1: acknowledged is true, want it with notification only",
		expect(`{"call": "payment", "after": 1}`):                    "expect.1: after is 1, want the index of an expectation before this one, counted from 0",
		expect(`{"call": "payment", "after": -1}`):                   "after is -1",
		expect(`{"call": "payment", "respcd": "9999"}`):              `expect.1: respcd is "9999", which QFPay never published`,
		expect(`{"call": "payment", "status": "OK"}`):                `expect.1: status is "OK"`,
		expect(`{"call": "payment", "finding": "x"}`):                `expect.1: finding is "x"`,
		expect(`{"call": "payment", "decided_by": "x"}`):             `expect.1: decided_by is "x"`,
		expect(`{"call": "payment", "times": -1}`):                   "expect.1: times is -1, want a whole number from 0 to 10000",
		expect(`{"call": "payment", "times": 1.5}`):                  "times is 1.5",
		expect(`{"call": "payment", "times": "once"}`):               `times is once, want a whole number, or an object such as {"min": 1, "max": 3}`,
		expect(`{"call": "payment", "times": {}}`):                   "times is {}, want min, max or both",
		expect(`{"call": "payment", "times": {"mim": 1}}`):           `times has "mim", want min, max or both; did you mean min?`,
		expect(`{"call": "payment", "times": {"min": 3, "max": 2}}`): "times has min 3 and max 2, want min not above max",
		expect(`{"call": "payment", "times": {"max": null}}`):        "times.max is <nil>, want a whole number",
	} {
		t.Run(body[:min(len(body), 80)], func(t *testing.T) {
			got := b.call("POST", "/journal/verify", body)
			got.t = t
			got.refused(400, "invalid", message)
		})
	}
	b.call("POST", "/journal/verify", `{"app": "C", "expect": [{"call": "payment"}]}`).refused(404, "not-found", `app "C" does not exist here`)
}
