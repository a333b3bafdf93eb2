package control_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

func TestRestoreRefuses(t *testing.T) {
	app := sandbox.App{Code: "A", ClientKey: "KEY", NotifyURL: "http://127.0.0.1:1/n", Delivery: sandbox.DeliveryPlan{Delay: time.Minute}}
	b := start(t, server.Config{Apps: []sandbox.App{app}})
	b.pay("A", "T1")
	good, err := b.Snapshot(t.Context(), "A")
	must(t, err)
	b.pay("A", "T2")
	before := b.payments(app)
	edit := func(from, to string) string {
		if !bytes.Contains(good, []byte(from)) {
			t.Fatalf("the snapshot lacks %s:\n%s", from, good)
		}
		return strings.Replace(string(good), from, to, 1)
	}
	again := func(list string) string { // its one record twice
		_, rest, _ := strings.Cut(string(good), `"`+list+"\": [\n")
		record, _, _ := strings.Cut(rest, "]")
		if strings.HasPrefix(list, "app") { // an App has lists of its own
			record, _, _ = strings.Cut(rest, "],\n")
		}
		return edit(record, record+",\n"+record)
	}
	for _, c := range []struct {
		name, body    string
		status        int
		code, message string
	}{
		{"nothing", "", 400, "invalid", "version is 0, want 1: a snapshot as GET /_sandbox/v1/snapshot gives it"},
		{"another version", edit(`"version": 1`, `"version": 2`), 400, "invalid", "version is 2, want 1"},
		{"no App and no payer", `{"version": 1}`, 400, "invalid", "snapshot has neither apps nor payers"},
		{"half of it", string(good[:len(good)/2]), 400, "invalid", "the body cannot be read: unexpected EOF"},
		{"an unknown list", edit(`"payers"`, `"people"`), 400, "invalid", `unknown field "people"`},
		{"an unknown field of an App", edit(`"ClientKey":`, `"Key":`), 400, "invalid", `unknown field "Key"`},
		{"a code that is none", edit(`"Code":"A"`, `"Code":"no good"`), 400, "invalid", `app no good: app_code is "no good", want 1 to 32 letters and digits`},
		{"an App without key", edit(`"ClientKey":"KEY"`, `"ClientKey":""`), 400, "invalid", "client_key has 0 bytes"},
		{"an App without appid", edit(`"AppID":"`, `"AppID":"","PayKey":"`), 400, "invalid", "app A lacks one of ClientKey, Seed, Account.AppID and Account.PayKey"},
		{"an App twice", again("apps"), 400, "invalid", "app A is there twice"},
		{"a payment of nobody's", edit(`"App":"A","Mchid"`, `"App":"NOBODY","Mchid"`), 400, "invalid", `belongs to app "NOBODY", which is not in the snapshot`},
		{"a payment twice", again("transactions"), 400, "invalid", "is there twice"},
		{"an unknown state", edit(`"State":"paid"`, `"State":"paiid"`), 400, "invalid", `State is "paiid", want one of ["created" "paid"`},
		{"an amount of nothing", edit(`"Amount":300`, `"Amount":0`), 400, "invalid", "Amount is 0, want at least 1"},
		{"an amount as a text", edit(`"Amount":300`, `"Amount":"300"`), 400, "invalid", "want a whole number"},
		{"more refunded than paid", edit(`"Refunded":0`, `"Refunded":301`), 400, "invalid", "Refunded and Refunding are 301 and 0, want together at most the Amount 300"},
		{"another sum than its refunds make", edit(`"Refunded":0`, `"Refunded":100`), 400, "invalid", "Refunded and Refunding are 100 and 0, want what its refunds make, 0 and 0"},
		{"an amount of twelve digits", edit(`"Amount":300`, `"Amount":100000000000`), 400, "invalid", "Amount is 100000000000, want at least 1 and at most 99999999999"},
		{"a clock that stands in another age", edit(`"FrozenAt":"0001-01-01T00:00:00Z"`, `"FrozenAt":"9999-12-31T23:59:59Z"`), 400, "invalid", "app A: clock would read 10000-01-01 07:59:59, more than 1752000h0m0s away"},
		{"a clock that goes in another age", edit(`"ClockOffset":0`, `"ClockOffset":-9223372036854775808`), 400, "invalid", "app A: clock would read 1733-"},
		{"an unknown kind", edit(`"Kind":"payment"`, `"Kind":"gift"`), 400, "invalid", `Kind is "gift", want payment or refund`},
		{"a refund of nothing", edit(`"Kind":"payment"`, `"Kind":"refund"`), 400, "invalid", `gives back "", which is not in the snapshot`},
		{"a currency nobody has", edit(`"Currency":"HKD"`, `"Currency":"XXX"`), 400, "invalid", `Currency is "XXX", want one of AED AUD`},
		{"a failure without its code", edit(`"State":"paid"`, `"State":"failed"`), 400, "invalid", `Failure and DueFailure are "" and ""`},
		{"an unknown variant", edit(`"Variant":"good"`, `"Variant":"bad"`), 400, "invalid", `Variant is "bad", want one of good, duplicate`},
		{"a rung the ladder lacks", edit(`"Rung":0`, `"Rung":9`), 400, "invalid", "Rung is 9, want 0 to 8"},
		{"an unknown occasion", edit(`"Waiting":""`, `"Waiting":"never"`), 400, "invalid", `Waiting is "never", want nothing or one of paid, returned`},
		{"an unknown behaviour", edit(`"Behaviour":""`, `"Behaviour":"steal"`), 400, "invalid", `Behaviour is "steal", want nothing or one of manual, pay`},
		{"a notification to nowhere", edit(`"URL":"http://127.0.0.1:1/n"`, `"URL":"file:///etc/passwd"`), 400, "invalid", `is "file:///etc/passwd", want an absolute address`},
	} {
		t.Run(c.name, func(t *testing.T) {
			own := *b
			own.t = t
			own.call("POST", "/restore", c.body).refused(c.status, c.code, c.message)
			if got := own.payments(app); got != before {
				t.Errorf("after the refusal the enquiry answers\n%s, want\n%s", got, before)
			}
		})
	}
	b.call("GET", "/snapshot?app=NOBODY", "").refused(404, "not-found", `app "NOBODY" does not exist here`)
	taken := strings.ReplaceAll(strings.Replace(edit(`"Code":"A"`, `"Code":"B"`), `"App":"A"`, `"App":"B"`, -1), `"App":"A"`, `"App":"B"`)
	b.call("POST", "/restore", taken).refused(409, "exists", "an appid of the snapshot belongs to another App here, so nothing was restored")
	b.call("GET", "/apps/B", "").refused(404, "not-found", "")
}

func TestRestoreIsBounded(t *testing.T) {
	b := start(t, server.Config{})
	b.call("POST", "/restore", `{"version": 1, "apps": [{"Name": "`+strings.Repeat("x", 2<<20)+`"}]}`).refused(400, "invalid", "app_code is") // beyond other bodies' bound
	b.call("POST", "/restore", `{"version": 1, "x": "`+strings.Repeat("x", 64<<20)+`"}`).refused(413, "body-too-large", "more than 67108864 bytes")
	// What takes no room in the body takes it in memory.
	many := strings.Repeat("{},", 20_000) + "{}"
	for _, c := range []struct{ name, list, message string }{
		{"transactions", many, "a list of 60004 bytes has more than"},
		{"notifications", `{"Attempts": [` + many + "]}", "a list of 60020 bytes has more than 2875 records, want each with all its keys"},
		{"payers", `{"ID": "` + strings.Repeat(`{\\\"`, 20_000) + `"}`, "payer id is"}, // a text is no record
	} {
		b.call("POST", "/restore", `{"version": 1, "`+c.name+`": [`+c.list+`]}`).refused(400, "invalid", c.message)
	}
}
