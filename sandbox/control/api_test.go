package control_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

func TestAbout(t *testing.T) {
	b := start(t, server.Config{})
	b.call("GET", "/about", "").want(200, "version", "v1.2.3", "url", b.URL())
	b = start(t, server.Config{PublicURL: "https://qfpay.test"})
	b.call("GET", "/about", "").want(200, "url", "https://qfpay.test")
}

func TestApps(t *testing.T) {
	b := start(t, server.Config{})
	b.call("GET", "/apps", "").want(200, "apps", "[]")
	b.call("POST", "/apps", `{"app_code": "B", "client_key": "KEY", "name": "宠物店 <&>", "mchids": ["M1", "M2"], "notify_url": "http://127.0.0.1:1/n", "seed": "s", "currencies": ["HKD"], "notify_delay": "90s"}`).
		want(201, "app_code", "B", "client_key", "KEY", "name", "宠物店 <&>", "mchids", "[M1 M2]", "notify_url", "http://127.0.0.1:1/n", "seed", "s",
			"currencies", "[HKD]", "notify_delay", "1m30s", "now", "2026-03-14T02:00:00Z")
	if raw := b.call("GET", "/apps/B", "").raw; !strings.Contains(raw, `"宠物店 <&>"`) {
		t.Errorf("the name is not written as it is in %s", raw)
	}
	filled := b.call("POST", "/apps", "").want(201, "name", "Demo Shop", "mchids", "<nil>", "notify_url", "", "notify_delay", "0s")
	if code := filled.at("app_code"); len(code) != 32 || len(filled.at("client_key")) != 32 || len(filled.at("appid")) != 18 {
		t.Errorf("an empty App is filled to %s, want credentials of 32 characters and an appid", filled.raw)
	}
	b.call("POST", "/apps", `{"app_code": "A"}`).want(201)
	b.call("GET", "/apps/B", "").want(200, "app_code", "B", "mchids", "[M1 M2]")
	b.call("GET", "/apps", "").want(200, "apps.0.app_code", "A", "apps.1.app_code", "B", "apps.2.app_code", filled.at("app_code"), "apps.3", "(absent)")
	b.call("GET", "/apps?after=A&limit=1", "").want(200, "apps.0.app_code", "B", "apps.1", "(absent)")
	b.call("PATCH", "/apps/B", `{"name": "New", "notify_url": "", "notify_delay": "1h"}`).want(200, "name", "New", "notify_url", "", "notify_delay", "1h0m0s", "mchids", "[M1 M2]")
	b.call("PATCH", "/apps/B", `{"notify_url": "https://m.test/n"}`).want(200, "name", "New", "notify_url", "https://m.test/n", "notify_delay", "1h0m0s")
	b.call("PATCH", "/apps/B", "").want(200, "name", "New")
	b.call("GET", "/apps/B", "").want(200, "name", "New", "notify_url", "https://m.test/n")
}

func TestClock(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A"}}})
	b.call("GET", "/apps/A/clock", "").want(200, "now", "2026-03-14T02:00:00Z", "qfpay", "2026-03-14 10:00:00", "attempts", "0")
	b.call("POST", "/apps/A/clock/advance", `{"by": "14h"}`).want(200, "now", "2026-03-14T16:00:00Z", "qfpay", "2026-03-15 00:00:00", "attempts", "0")
	b.call("GET", "/apps/A", "").want(200, "now", "2026-03-14T16:00:00Z")
	for by, message := range map[string]string{
		"": `by is ""`, "0s": `by is "0s"`, "-1h": "want how far to move on, such as 2m or 15h", "soon": `by is "soon", want a time such as 90s, 10m or 15h`, "876001h": "clock would read",
	} {
		b.call("POST", "/apps/A/clock/advance", fmt.Sprintf(`{"by": %q}`, by)).refused(400, "invalid", message)
	}
	b.call("GET", "/apps/A/clock", "").want(200, "now", "2026-03-14T16:00:00Z")
}

func TestPayers(t *testing.T) {
	b := start(t, server.Config{})
	b.call("POST", "/payers", `{"id": "bob", "name": "Bob", "behaviour": "cancel"}`).want(201, "id", "bob", "name", "Bob", "behaviour", "cancel")
	if id := b.call("POST", "/payers", `{}`).want(201, "behaviour", "manual").at("id"); len(id) != 13 {
		t.Errorf("a new payer is called %q, want P and 12 letters", id)
	}
	b.call("PATCH", "/payers/bob", `{"behaviour": "insufficient-balance"}`).want(200, "name", "Bob", "behaviour", "insufficient-balance")
	b.call("GET", "/payers/bob", "").want(200, "id", "bob", "behaviour", "insufficient-balance")
}

func TestNotifications(t *testing.T) {
	m := &merchant{answer: "no"}
	shop := httptest.NewServer(m)
	t.Cleanup(shop.Close)
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A", ClientKey: "KEY", NotifyURL: shop.URL}}})
	b.call("GET", "/apps/A/notifications", "").want(200, "notifications", "[]")
	b.pay("A", "T1")
	b.call("GET", "/journal/wait?app=A&surface=notify", "").want(200, "exchanges.0.surface", "notify") // the attempt is stored when it is in the journal
	b.call("GET", "/apps/A/notifications", "").want(200, "notifications.0.id", "1", "notifications.0.out_trade_no", "T1", "notifications.0.url", shop.URL, "notifications.0.pending", "true",
		"notifications.0.state", "attempt 2 due at 2026-03-14 10:02:00", "notifications.0.next_at", "2026-03-14T02:02:00Z",
		"notifications.0.attempts.0.status", "200", "notifications.0.attempts.0.answer", "no", "notifications.0.attempts.0.acknowledged", "false", "notifications.0.attempts.0.error", "")
	b.call("POST", "/apps/A/clock/advance", `{"by": "12m"}`).want(200, "attempts", "2")
	m.says("SUCCESS")
	b.call("POST", "/notifications/1/resend", "").want(200, "state", "acknowledged at attempt 4", "pending", "false", "next_at", "<nil>")
	b.call("GET", "/apps/A/notifications?out_trade_no=T1", "").want(200, "notifications.0.attempts.3.acknowledged", "true", "notifications.1", "(absent)")
	b.call("GET", "/apps/A/notifications?out_trade_no=T2", "").want(200, "notifications", "[]")
	if !strings.HasPrefix(b.call("GET", "/apps/A/notifications", "").at("notifications.0.body"), `{"status": "1", `) {
		t.Error("the notification's body is not as it was sent")
	}
}

func TestRefusals(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A"}}})
	b.call("POST", "/payers", `{"id": "bob"}`).want(201)
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		code, message            string
	}{
		{"unknown path", "GET", "/orders", "", 404, "no-such-path", "the control interface has no path /_sandbox/v1/orders"},
		{"the root", "GET", "", "", 404, "no-such-path", "no path"},
		{"a slash behind", "GET", "/apps/", "", 404, "no-such-path", "no path"},
		{"another method", "PUT", "/apps", "{}", 405, "method", "/_sandbox/v1/apps does not take PUT"},
		{"DELETE", "DELETE", "/apps/A", "", 405, "method", "does not take DELETE"},
		{"GET of an action", "GET", "/apps/A/clock/advance", "", 405, "method", "does not take GET"},
		{"unknown App", "GET", "/apps/NOBODY", "", 404, "not-found", `app "NOBODY" does not exist here`},
		{"unknown App's clock", "GET", "/apps/NOBODY/clock", "", 404, "not-found", `app "NOBODY" does not exist here`},
		{"advance of an unknown App", "POST", "/apps/NOBODY/clock/advance", `{"by": "1m"}`, 404, "not-found", `app "NOBODY" does not exist here`},
		{"change of an unknown App", "PATCH", "/apps/NOBODY", `{}`, 404, "not-found", `app "NOBODY" does not exist here`},
		{"unknown App's notifications", "GET", "/apps/NOBODY/notifications", "", 404, "not-found", `app "NOBODY" does not exist here`},
		{"unknown payer", "GET", "/payers/nobody", "", 404, "not-found", `payer "nobody" does not exist here; POST /_sandbox/v1/payers makes one`},
		{"change of an unknown payer", "PATCH", "/payers/nobody", `{"name": "x"}`, 404, "not-found", `payer "nobody" does not exist here; POST /_sandbox/v1/payers makes one`},
		{"unknown notification", "POST", "/notifications/7/resend", "", 404, "not-found", "/_sandbox/v1/notifications/7/resend names nothing that exists here"},
		{"notification id that is none", "POST", "/notifications/x/resend", "", 400, "invalid", `notification id is "x", want a number`},
		{"a taken App", "POST", "/apps", `{"app_code": "A"}`, 409, "exists", "that code or id is taken already"},
		{"a taken payer", "POST", "/payers", `{"id": "bob"}`, 409, "exists", "taken already"},
		{"an invalid App", "POST", "/apps", `{"app_code": "no good"}`, 400, "invalid", `app_code is "no good", want 1 to 32 letters and digits`},
		{"an invalid delay", "POST", "/apps", `{"notify_delay": "soon"}`, 400, "invalid", `notify_delay is "soon", want a time such as 90s`},
		{"a change that is invalid", "PATCH", "/apps/A", `{"notify_url": "no url"}`, 400, "invalid", `notify_url is "no url", want an absolute address`},
		{"a delay that is invalid", "PATCH", "/apps/A", `{"notify_delay": "-1s"}`, 400, "invalid", "notification delay is -1s"},
		{"an invalid behaviour", "PATCH", "/payers/bob", `{"behaviour": "steal"}`, 400, "invalid", `behaviour is "steal", want one of manual, pay, cancel, insufficient-balance, `},
		{"unknown field", "POST", "/apps", `{"notify": "http://h/"}`, 400, "invalid", `the body cannot be read: unknown field "notify", want one of app_code, client_key, name, `},
		{"field that cannot be changed", "PATCH", "/apps/A", `{"app_code": "B"}`, 400, "invalid", `unknown field "app_code"`},
		{"field of a field", "PATCH", "/apps/A", `{"settings": {"ratelimit": true}}`, 400, "invalid", `unknown field "ratelimit", want one of client_key, name, notify_url, notify_delay, mchids, currencies, pay_types, pay_directories, official_account (appid, secret, oauth_domains, pay_directories, login_error), settings (canada, amount_cases, daily_balance, rate_limit, `},
		{"field where none is", "POST", "/apps/A/clock/freeze", `{"at": "now"}`, 400, "invalid", `unknown field "at", want none`},
		{"unknown payer's openid", "GET", "/apps/A/payers/nobody", "", 404, "not-found", `payer "nobody" does not exist here`},
		{"unknown order", "POST", "/apps/A/orders/T9/pay", `{}`, 404, "not-found", `order "T9" does not exist here: no payment was made with this out_trade_no`},
		{"unknown order's plan", "GET", "/apps/A/orders/T9/plan", "", 404, "not-found", `order "T9" has no plan of its own`},
		{"a number for a text", "POST", "/apps", `{"app_code": 5}`, 400, "invalid", "app_code is a JSON number, want a string"},
		{"a text for a list", "POST", "/apps", `{"mchids": "M1"}`, 400, "invalid", "mchids is a JSON string, want a list of strings"},
		{"a list for an object", "POST", "/apps", `[]`, 400, "invalid", "the body is a JSON array, want an object"},
		{"no JSON", "POST", "/apps", `app_code=A`, 400, "invalid", "the body cannot be read: invalid character"},
		{"half of it", "POST", "/apps", `{"app_code": "B`, 400, "invalid", "the body cannot be read: unexpected EOF"},
		{"two objects", "POST", "/apps", `{"app_code": "B"}{}`, 400, "invalid", "goes on after its JSON object"},
		{"a brace too many", "POST", "/apps", `{"app_code": "B"}}`, 400, "invalid", "goes on after its JSON object"},
		{"too large", "POST", "/apps", `{"name": "` + strings.Repeat("x", 1<<20) + `"}`, 413, "body-too-large", "more than 1048576 bytes"},
		{"unknown query parameter", "GET", "/journal?ap=A", "", 400, "invalid", `query parameter "ap" is none of app surface direction path method out_trade_no syssn payer openid respcd status decided_by fidelity finding q after before since until order last limit; did you mean app?`},
		{"a query where none is taken", "GET", "/apps/A?limit=1", "", 400, "invalid", `/_sandbox/v1/apps/A takes no query parameter, got "limit"`},
		{"a query that cannot be read", "GET", "/journal?app=%zz", "", 400, "invalid", "the query cannot be read"},
		{"limit 0", "GET", "/apps?limit=0", "", 400, "invalid", `limit is "0", want a whole number from 1 to 1000`},
		{"limit beyond", "GET", "/journal?limit=10001", "", 400, "invalid", "from 1 to 10000"},
		{"since that is none", "GET", "/journal?since=-1", "", 400, "invalid", `since is "-1", want the mark of an earlier answer`},
		{"an App's journal that is not there", "GET", "/journal?app=NOBODY", "", 404, "not-found", `app "NOBODY" does not exist here`},
		{"a wait for an App that is not there", "GET", "/journal/wait?app=NOBODY", "", 404, "not-found", `app "NOBODY" does not exist here`},
		{"a wait of more than a minute", "GET", "/journal/wait?timeout=61s", "", 400, "invalid", `timeout is "61s", want up to 1m`},
		{"a wait below 0", "GET", "/journal/wait?timeout=-1s", "", 400, "invalid", "want up to 1m"},
		{"a wait in plain seconds", "GET", "/journal/wait?timeout=5", "", 400, "invalid", `timeout is "5", want a time such as 90s`},
	} {
		t.Run(c.name, func(t *testing.T) {
			own := *b
			own.t = t
			own.call(c.method, c.path, c.body).refused(c.status, c.code, c.message)
		})
	}
	b.call("GET", "/apps/B", "").refused(404, "not-found", "") // no refused App was made
}
