package seed_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/seed"
)

// whole has every key there is.
const whole = `
apps:
  - app_code: AGENT
    client_key: AGENTKEY
    name: 宠物店
    mchids: [SHOP1, 0123]
    notify_url: https://m.test/notify
    currencies: [HKD, JPY]
    pay_types: [800207]
    pay_directories: ["https://m.test/pay/"]
    seed: ci
    settings:
      canada: true
      amount_cases: true
      daily_balance: true
      rate_limit: true
      refund_notify_status: true
      refund_delay: 90s
      cancelling: newest
    notify_delay: 10m
    delivery:
      - {on: paid, after: 1m}
    orders:
      - out_trade_no: T1
        delivery:
          - {on: paid, variant: duplicate, before_return: true}
          - {on: refunded, after: 2m, variant: older-state}
    faults:
      - {route: refund, nth: 2, times: 3, effect: "http=504,after-work"}
      - {out_trade_no: T2, effect: 1143}
  - {app_code: PLAIN}
payers:
  - id: alice
    name: Alice
    behaviour: slow
    method: credit
    real_name: 张三
    creid: 430067798868676871
    delay: 30s
  - {id: bob}
`

func TestParse(t *testing.T) {
	got, err := seed.Parse("whole.yaml", []byte(whole))
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	want := seed.Seed{
		Apps: []sandbox.App{{
			Code: "AGENT", ClientKey: "AGENTKEY", Name: "宠物店", Mchids: []sandbox.Mchid{"SHOP1", "0123"}, NotifyURL: "https://m.test/notify",
			Currencies: []qfpay.Currency{"HKD", "JPY"}, PayTypes: []qfpay.PayType{"800207"},
			Account: sandbox.OfficialAccount{PayDirectories: []string{"https://m.test/pay/"}}, Seed: "ci",
			Settings: sandbox.Settings{Canada: true, AmountCases: true, DailyBalance: true, RateLimit: true, RefundNotifyStatus: true, RefundDelay: 90 * time.Second, Cancelling: sandbox.CancelByNewest},
			Delivery: sandbox.DeliveryPlan{Delay: 10 * time.Minute, Deliveries: []sandbox.Delivery{{On: sandbox.OnPaid, After: time.Minute, Variant: sandbox.VariantGood}}},
			OrderPlans: []sandbox.OrderPlan{{OutTradeNo: "T1", Plan: sandbox.DeliveryPlan{Deliveries: []sandbox.Delivery{
				{On: sandbox.OnPaid, Variant: sandbox.VariantDuplicate, BeforeReturn: true},
				{On: sandbox.OnRefunded, After: 2 * time.Minute, Variant: sandbox.VariantOlderState},
			}}}},
			Faults: []sandbox.Fault{
				{ID: 1, Route: sandbox.AtRefund, Nth: 2, Times: 3, Effect: sandbox.Effect{Status: 504, AfterWork: true}},
				{ID: 2, OutTradeNo: "T2", Effect: sandbox.Effect{Respcd: "1143"}},
			},
		}, {Code: "PLAIN"}},
		Payers: []sandbox.Payer{
			{ID: "alice", Name: "Alice", Behaviour: sandbox.BehaveSlow, Method: sandbox.MethodCredit, RealName: "张三", CreID: "430067798868676871", Delay: 30 * time.Second},
			{ID: "bob"},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v, want\n%+v", got, want)
	}
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct{ name, yaml, want string }{
		{"nothing", " \n", "s.yaml is empty, want apps: or payers:"},
		{"a remark alone", "# none\n", "s.yaml: not YAML: "},
		{"not UTF-8", "apps: \xff", "s.yaml is not UTF-8 text"},
		{"no YAML", "apps:\n  - app_code: 'A\n", "s.yaml:3: not YAML: "},
		{"a tab", "apps:\n\t- app_code: A\n", "s.yaml:2: not YAML: "},
		{"two documents", "apps: []\n---\npayers: []\n", "s.yaml: not YAML: "},
		{"a list at the top", "- app_code: A\n", "s.yaml:1: the seed is a list, want keys and values: apps, payers"},
		{"an unknown key", "aps:\n  - app_code: A\n", `s.yaml:1: the seed has no key "aps", want one of apps, payers; did you mean apps?`},
		{"a key twice", "apps: []\napps: []\n", "s.yaml:2: the seed has the key apps twice, first in line 1"},
		{"an empty key", "apps:\n", "s.yaml:1: apps is empty; give it a value or leave it out"},
		{"apps that are no list", "apps: {app_code: A}\n", "s.yaml:1: apps is keys and values, want a list"},
		{"an App that is a text", "apps:\n  - A\n", `s.yaml:2: an App is "A", want keys and values: app_code, client_key`},
		{"an App's unknown key", "apps:\n  - app_code: A\n    notifyUrl: http://h/\n", `s.yaml:3: an App has no key "notifyUrl", want one of app_code, client_key, name, mchids, notify_url`},
		{"the guess for it", "apps:\n  - app_code: A\n    notifyUrl: http://h/\n", "; did you mean notify_url?"},
		{"a comma without quotes", "apps:\n  - faults: [{effect: http=504,after-work}]\n", `s.yaml:2: a fault has no key "after-work", want one of route, out_trade_no, nth, times, effect; a value with a comma needs quotes here`},
		{"a merge", "apps:\n  - &a {app_code: A}\n  - <<: *a\n", `s.yaml:3: an App has no key "<<"`},
		{"a wrong code", "apps:\n  - name: x\n    app_code: no good\n", `s.yaml:3: app_code is "no good", want 1 to 32 letters and digits`},
		{"a wrong mchid", "apps:\n  - app_code: A\n    mchids:\n      - M1\n      - no good\n", `s.yaml:5: mchid is "no good", want 1 to 16 letters and digits`},
		{"a mchid twice", "apps:\n  - app_code: A\n    mchids:\n      - M1\n      - M1\n", `s.yaml:5: mchids has "M1" twice`},
		{"mchids as a text", "apps:\n  - app_code: A\n    mchids: M1\n", `s.yaml:3: mchids is "M1", want a list`},
		{"a list without anything", "apps:\n  - app_code: A\n    currencies: []\n", "s.yaml:3: currencies is an empty list; name at least one or leave it out"},
		{"an empty item", "apps:\n  - app_code: A\n    currencies: [HKD, ~]\n", "s.yaml:3: one of currencies is empty, want a text"},
		{"a currency nobody has", "apps:\n  - app_code: A\n    currencies: [HKD, HKX]\n", `s.yaml:3: currency is "HKX", want one of AED AUD`},
		{"an address that is none", "apps:\n  - app_code: A\n    notify_url: shop.example\n", `s.yaml:3: notify_url is "shop.example", want an absolute address`},
		{"a long key, untold", "apps:\n  - app_code: A\n    client_key: " + strings.Repeat("9", 65) + "\n", "s.yaml:3: client_key has 65 bytes, want 1 to 64 printable ones"},
		{"a text that is a list", "apps:\n  - app_code: [A]\n", "s.yaml:2: app_code is a list, want a text"},
		{"an empty text", "apps:\n  - app_code: A\n    name: ''\n", "s.yaml:3: name is empty; give it a value or leave it out"},
		{"two Apps with one code", "apps:\n  - app_code: A\n  - app_code: A\n", `s.yaml:3: app_code is "A", which the App in line 2 has`},
		{"an unknown setting", "apps:\n  - settings: {canadian: true}\n", `s.yaml:2: settings has no key "canadian", want one of canada, amount_cases, daily_balance, rate_limit, refund_notify_status, refund_delay, cancelling`},
		{"a setting that is neither", "apps:\n  - settings: {canada: yes}\n", `s.yaml:2: canada is "yes", want true or false`},
		{"a time without a unit", "apps:\n  - settings: {refund_delay: 90}\n", `s.yaml:2: refund_delay is "90", want a time such as 90s, 10m or 15h`},
		{"a time below 0", "apps:\n  - settings: {refund_delay: -1s}\n", "s.yaml:2: refund_delay is -1s, want 0 to"},
		{"an unknown mapping", "apps:\n  - settings: {cancelling: newst}\n", `s.yaml:2: cancelling is "newst", want one of either, developer-center, newest; did you mean newest?`},
		{"a wrong delay", "apps:\n  - notify_delay: soon\n", `s.yaml:2: notify_delay is "soon", want a time`},
		{"a delay below 0", "apps:\n  - notify_delay: -1s\n", "s.yaml:2: notification delay is -1s"},
		{"an unknown occasion", "apps:\n  - delivery:\n      - on: payed\n", `s.yaml:3: on is "payed", want one of paid, returned, closed, refunded; did you mean paid?`},
		{"an unknown variant", "apps:\n  - delivery: [{on: paid, variant: bad_signature}]\n", "; did you mean bad-signature?"},
		{"a plan of no order", "apps:\n  - orders:\n      - delivery: [{on: paid}]\n", "s.yaml:3: an order has no out_trade_no"},
		{"an order twice", "apps:\n  - orders:\n      - out_trade_no: T1\n      - out_trade_no: T1\n", `s.yaml:4: out_trade_no is "T1", which the order in line 3 has`},
		{"a delivery without occasion", "apps:\n  - delivery: [{variant: good}]\n", "s.yaml:2: a delivery has no on, which says what it follows"},
		{"an effect that is none", "apps:\n  - faults:\n      - {route: query, effect: 9999x}\n", `s.yaml:3: effect is "9999x": "9999x" is none of: a published respcd`},
		{"an effect that does not fit", "apps:\n  - faults:\n      - {route: query, effect: cancel}\n", "s.yaml:3: fault's effect: cancel is for payment or refund, query has no payer to do it"},
		{"an unknown route", "apps:\n  - faults:\n      - {route: refunds, effect: '1143'}\n", `s.yaml:3: route is "refunds", want one of get_weixin_oauth_code, get_weixin_openid, payment, query, refund`},
		{"the guess for a route", "apps:\n  - faults:\n      - {route: refunds, effect: '1143'}\n", "; did you mean refund?"},
		{"a fault without effect", "apps:\n  - faults:\n      - route: query\n", "s.yaml:3: a fault has no effect, which says what goes wrong"},
		{"a count that is none", "apps:\n  - faults:\n      - {nth: 0, effect: '1143'}\n", `s.yaml:3: nth is "0", want a whole number from 1`},
		{"an unknown behaviour", "payers:\n  - id: bob\n    behaviour: canel\n", `s.yaml:3: behaviour is "canel", want one of manual, pay, cancel, insufficient-balance`},
		{"the guess for a behaviour", "payers:\n  - id: bob\n    behaviour: canel\n", "; did you mean cancel?"},
		{"no guess for a behaviour", "payers:\n  - id: bob\n    behaviour: xyzzy\n", "pending\n"},
		{"a payer without id", "payers:\n  - name: Bob\n", "s.yaml:2: a payer has no id, which the browser's cookie sandbox_payer would name"},
		{"a wrong id", "payers:\n  - id: b o b\n", "s.yaml:2: payer id is \"b o b\", want 1 to 32 letters, digits, - and _\n"},
		{"two payers with one id", "payers:\n  - id: bob\n  - id: bob\n", `s.yaml:3: id is "bob", which the payer in line 2 has`},
		{"an unknown means", "payers:\n  - id: bob\n    method: debt\n", `s.yaml:3: method is "debt", want one of balance, debit, credit; did you mean debit?`},
		{"a card that is none", "payers:\n  - id: bob\n    creid: no number\n", `s.yaml:3: creid is "no number", want an identity card number`},
		{"a payer too slow", "payers:\n  - id: bob\n    delay: 25h\n", "s.yaml:3: delay is 25h0m0s, want 0 to"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := seed.Parse("s.yaml", []byte(c.yaml))
			if !errors.Is(err, seed.ErrSeed) || !strings.Contains(err.Error()+"\n", c.want) {
				t.Errorf("got %v, want an ErrSeed that says %q", err, c.want)
			}
			if err != nil && strings.Count(err.Error(), "\n") > 0 {
				t.Errorf("one mistake is told as\n%v", err)
			}
			if err != nil && strings.Contains(err.Error(), strings.Repeat("9", 65)) {
				t.Errorf("the error %q tells the key", err)
			}
		})
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	_, err := seed.Parse("s.yaml", []byte("payers:\n  - id: bob\n    behaviour: x1\napps:\n  - name: ''\n    mchids: [a b, c d]\n"))
	if err == nil {
		t.Fatal("got no error, want four mistakes")
	}
	lines := strings.Split(err.Error(), "\n")
	var at []string
	for _, l := range lines {
		at = append(at, l[:len("s.yaml:3:")])
	}
	if got, want := strings.Join(at, " "), "s.yaml:3: s.yaml:5: s.yaml:6: s.yaml:6:"; got != want {
		t.Errorf("the mistakes are in %s, want %s\n%v", got, want, err)
	}
	_, err = seed.Parse("s.yaml", []byte("payers:\n"+strings.Repeat("  - x\n", 13)))
	if err == nil || !strings.HasSuffix(err.Error(), "\nand 3 more") || strings.Count(err.Error(), "\n") != 10 {
		t.Errorf("got %v, want ten mistakes and a count of the rest", err)
	}
}

// Aliases repeat what was said, and cannot blow a small seed up.
func TestAliases(t *testing.T) {
	s, err := seed.Parse("s.yaml", []byte("apps:\n  - app_code: A\n    settings: &s {canada: true}\n  - app_code: B\n    settings: *s\n"))
	if err != nil || len(s.Apps) != 2 || !s.Apps[1].Settings.Canada {
		t.Errorf("got %+v and error %v, want the settings of A for B", s.Apps, err)
	}
	var bomb strings.Builder
	bomb.WriteString("apps:\n  - delivery: &d [" + strings.Repeat("{on: paid},", 20) + "]\n")
	bomb.WriteString(strings.Repeat("  - {delivery: *d}\n", 5000))
	_, err = seed.Parse("s.yaml", []byte(bomb.String()))
	if err == nil || err.Error() != "s.yaml has more than 200000 values, aliases included" {
		t.Errorf("got %v, want a refusal for its size", err)
	}
}

// A list the rules judge anew after each piece ends with its bound, and so does the reading of mistakes.
func TestLongLists(t *testing.T) {
	var long strings.Builder
	long.WriteString("apps:\n  - mchids: [M0")
	for i := range 5_000 {
		fmt.Fprintf(&long, ",M%d", i+1)
	}
	_, err := seed.Parse("s.yaml", []byte(long.String()+"]\n"))
	if err == nil || !strings.HasPrefix(err.Error(), "s.yaml:2: mchids has 1001 entries, want at most 1000\n") || !strings.HasSuffix(err.Error(), "\nand at least 990 more") {
		t.Errorf("got %v, want a refusal of the 1001st shop, and no count of them all", err)
	}
}

func TestLoad(t *testing.T) {
	for path, want := range map[string]string{"no/such.yaml": "no/such.yaml: no such file", t.TempDir(): "is a directory, want a YAML file", "/dev/zero": "/dev/zero has more than 1048576 bytes"} {
		if _, err := seed.Load(path); !errors.Is(err, seed.ErrSeed) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an ErrSeed that says %q", path, err, want)
		}
	}
}

func TestMerge(t *testing.T) {
	one, two := seed.Seed{Apps: []sandbox.App{{Code: "A"}}, Payers: []sandbox.Payer{{ID: "p"}}}, seed.Seed{Apps: []sandbox.App{{Code: "B"}, {}}, Payers: []sandbox.Payer{{ID: "q"}}}
	both, err := one.Merge(two, "-apps")
	if err != nil || len(both.Apps) != 3 || len(both.Payers) != 2 || !both.HasApp("B") || one.HasApp("B") {
		t.Errorf("got %+v and error %v, want all of both", both, err)
	}
	if _, err := both.Merge(seed.Seed{Apps: []sandbox.App{{Code: "B"}}}, "-apps"); err == nil || err.Error() != "-apps: app_code B was given before, want each once" {
		t.Errorf("got %v, want a refusal of B", err)
	}
	if _, err := both.Merge(seed.Seed{Payers: []sandbox.Payer{{ID: "q"}}}, "-seed-yaml"); err == nil || err.Error() != "-seed-yaml: payer q was given before, want each once" {
		t.Errorf("got %v, want a refusal of q", err)
	}
	if _, err := both.Merge(seed.Seed{Apps: []sandbox.App{{}}}, "x"); err != nil {
		t.Errorf("an App whose code is to be drawn gives %v, want none", err)
	}
}

func TestParseList(t *testing.T) {
	for _, c := range []struct{ list, want, refusal string }{
		{"", "", ""}, {"A:KEY", "A:KEY", ""}, {" A:KEY , B:K:E:Y,", "A:KEY B:K:E:Y", ""},
		{"A:KEY,SECRET", "", "-apps: App 2 is not written CODE:KEY"},
		{":SECRET", "", "-apps: App 1 is not written CODE:KEY"},
		{"A:", "", "want an app code, a colon and a client key"},
		{"A:KEY,A:SECRET", "", "-apps: app_code A is there twice"},
		{"no good:SECRET", "", `-apps: App 1: app_code is "no good", want 1 to 32 letters and digits`},
		{"A:" + strings.Repeat("SECRET", 11), "", "-apps: App 1: client_key has 66 bytes, want 1 to 64"},
	} {
		s, err := seed.ParseList("-apps", c.list)
		if c.refusal != "" {
			if !errors.Is(err, seed.ErrSeed) || !strings.Contains(err.Error(), c.refusal) || strings.Contains(err.Error(), "SECRET") {
				t.Errorf("%q: got %v, want an ErrSeed that says %q and no key", c.list, err, c.refusal)
			}
			continue
		}
		var got []string
		for _, a := range s.Apps {
			got = append(got, string(a.Code)+":"+a.ClientKey)
		}
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("%q: got %q and %v, want %q", c.list, got, err, c.want)
		}
	}
}
