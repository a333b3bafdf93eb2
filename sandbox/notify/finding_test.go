package notify_test

import (
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func TestFindingSaysWhatIsWrongAboutAnAnswer(t *testing.T) {
	for _, c := range []struct{ name, answer, received, change string }{
		{"lower case", reply(200, "success"), `HTTP 200 and "success"`, "in capitals"},
		{"quotes", reply(200, `"SUCCESS"`), `HTTP 200 and "\"SUCCESS\""`, "without quotes"},
		{"JSON", reply(200, `{"code": "SUCCESS"}`), `HTTP 200 and "{\"code\": \"SUCCESS\"}"`, "no JSON"},
		{"a page", reply(200, "<p>SUCCESS</p>"), `HTTP 200 and "<p>SUCCESS</p>"`, "no page"},
		{"a warning before it", reply(200, "Notice: x\nSUCCESS"), `HTTP 200 and "Notice: x\nSUCCESS"`, "nothing before or behind it"},
		{"nothing", reply(200, ""), `HTTP 200 and ""`, "write SUCCESS as the body"},
		{"another 2xx", reply(201, "SUCCESS"), `HTTP 201 and "SUCCESS"`, "answer HTTP 200 in place of 201"},
		{"a redirect", "HTTP/1.1 301 Moved\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", "HTTP 301", "follows no redirect"},
		{"CSRF", reply(419, ""), "HTTP 419", "without login or CSRF token"},
		{"nobody there", reply(404, ""), "HTTP 404", "serve POST at this address"},
		{"broken", reply(500, "boom"), "HTTP 500", "see the merchant's log"},
		{"no answer", "", "no answer: the connection was closed", "at once"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newShop(t, hearing(t, c.answer))
			w.paid("APP", "T1")
			w.advance(0, 1)
			f := w.lastExchange().Findings[0]
			if f.ID != sandbox.FindNotAcknowledged || !strings.HasPrefix(f.Received, c.received) || f.Expected != "HTTP 200 and the body SUCCESS" || !strings.Contains(f.Change, c.change) {
				t.Errorf("found %+v, want %s received and %q to change", f, c.received, c.change)
			}
		})
	}
}
