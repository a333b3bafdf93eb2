package sandboxtest_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/sandboxtest"
)

// send sends a request as it is.
func send(t testing.TB, req *http.Request) {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
}

// aPayment is an order that is refused, made again and paid, and a merchant who answers the wrong word.
func aPayment(t testing.TB, opts ...sandboxtest.Option) *sandboxtest.Sandbox {
	s := sandboxtest.Start(t, append(opts, sandboxtest.WithTime(morning), sandboxtest.WithSeed("timeline"),
		sandboxtest.WithNotifyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "OK\nthen") })))...)
	s.Queue("payment", "1201")
	s.Call("/trade/v1/payment", order(s, "T1"))
	s.Call("/trade/v1/payment", order(s, "T1"))
	s.Pay("T1")
	s.Wait(control.JournalFilter{Surface: "notify"})
	return s
}

func TestFailedTestPrintsItsJournal(t *testing.T) {
	ended := trial("TestShop", func(t testing.TB) {
		aPayment(t)
		t.Error("the shop shows no receipt")
	})
	rest := ended.printed()
	for _, want := range []string{
		"--- FAIL: TestShop\nthe shop shows no receipt\nsandboxtest: what passed at App SANDBOXAPP", ", times in UTC+8\n",
		"  03-14 10:00:00.000  merchant -> QFPay  POST /trade/v1/payment\n    sent       ", "out_trade_no=T1",
		`    answered   HTTP 200, respcd 1201 {"resperr": `, "    decided by fault 1\n", "    ! lever: fault 1: 1201\n", "      change    ",
		"  03-14 10:00:00.000  merchant -> QFPay  POST /trade/v1/payment\n    sent       ", "    answered   HTTP 200, respcd 0000 ", " … (",
		"  03-14 10:00:00.000  QFPay -> merchant  POST http://127.0.0.1:", "    answered   HTTP 200 OK then\n", "    ! notification-not-acknowledged: ", "      change    answer SUCCESS",
	} {
		_, after, found := strings.Cut(rest, want)
		if !found {
			t.Fatalf("it ended with\n%s\nwant %q in it, behind the lines before", ended.printed(), want)
		}
		rest = after
	}
}

func TestPassedTestPrintsNothing(t *testing.T) {
	if got := trial("TestShop", func(t testing.TB) { aPayment(t) }).printed(); got != "--- PASS: TestShop" {
		t.Errorf("it ended with\n%s\nwant it passed and silent", got)
	}
}

// Who sees a line of the journal: the App's test, every test of the sandbox for a call that named no
// App, and nobody the key.
func TestJournalOfSeveralApps(t *testing.T) {
	var key string
	ended := trial("TestShop", func(t testing.TB) {
		s := sandboxtest.Start(t)
		key = s.ClientKey
		calm := trial("TestOther", func(t testing.TB) {
			other := s.NewApp(t)
			other.Call("/trade/v1/query", sandboxtest.Params{"out_trade_no": "OTHERS"})
		})
		if got := calm.printed(); got != "--- PASS: TestOther" {
			t.Errorf("the other App's test ended with\n%s\nwant it passed and silent", got)
		}
		s.Call("/trade/v1/query", sandboxtest.Params{"out_trade_no": "MINE"})
		stray := s.Request("/trade/v1/query", sandboxtest.Params{"out_trade_no": "NOBODYS", "mchid": s.ClientKey})
		stray.Header.Set("X-QF-APPCODE", "NOBODY")
		send(t, stray)
		t.Error("no receipt")
	})
	got := ended.words()
	if !strings.Contains(got, "MINE") || !strings.Contains(got, "NOBODYS") || strings.Contains(got, "OTHERS") {
		t.Errorf("it ended with\n%s\nwant the calls MINE and NOBODYS, not OTHERS", ended.printed())
	}
	if strings.Contains(got, key) || !strings.Contains(got, "(client_key)") {
		t.Errorf("it ended with\n%s\nwant the key masked", ended.printed())
	}
}

func TestPrintedJournalIsBounded(t *testing.T) {
	for _, c := range []struct {
		name, path, value string
		calls, most       int
	}{
		{"many calls", "/trade/v1/query", "1", 60, 32 << 10},
		{"long calls", "/trade/v1/query", strings.Repeat("長", 20_000), 3, 10 << 10},
		{"many long calls", "/tool/v1/get_weixin_openid", strings.Repeat("x", 2000), 39, 33 << 10},
	} {
		ended := trial("TestShop", func(t testing.TB) {
			s := sandboxtest.Start(t)
			for range c.calls {
				s.Call(c.path, sandboxtest.Params{"code": c.value})
			}
			t.Error("no receipt")
		})
		got := ended.words()
		if len(got) > c.most || !strings.Contains(got, "merchant -> QFPay") || strings.Contains(got, "earlier exchanges are not shown") != (c.calls > 30) {
			t.Errorf("%s: it printed %d bytes, want at most %d and a word about what is left out\n%.3000s", c.name, len(got), c.most, got)
		}
	}
}

func TestFailedTestWithoutCalls(t *testing.T) {
	ended := trial("TestShop", func(t testing.TB) {
		sandboxtest.Start(t)
		t.Error("no receipt")
	})
	if got := ended.words(); !strings.Contains(got, "no call reached the sandbox; is the integration under test pointed at s.URL (http://127.0.0.1:") {
		t.Errorf("it ended with\n%s\nwant a hint", ended.printed())
	}
}
