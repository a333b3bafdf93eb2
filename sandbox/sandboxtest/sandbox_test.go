package sandboxtest_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/sandboxtest"
)

var morning = time.Date(2026, 3, 14, 10, 0, 0, 0, time.FixedZone("UTC+8", 8*60*60))

// order is a payment of alice's with this number.
func order(s *sandboxtest.Sandbox, number string) sandboxtest.Params {
	return sandboxtest.Params{
		"out_trade_no": number, "pay_type": "800207", "sub_openid": s.OpenID("alice"), "txamt": "300", "txcurrcd": "HKD", "txdtm": "2026-03-14 10:00:00",
	}
}

func TestSandboxEndsWithItsTest(t *testing.T) {
	var url, controlURL string
	ended := trial("TestShop", func(t testing.TB) {
		s := sandboxtest.Start(t)
		url, controlURL = s.URL, s.ControlURL
		if got := s.Call("/trade/v1/query", sandboxtest.Params{"page_size": "10"}).At("respcd"); got != "0000" {
			t.Errorf("an enquiry gives respcd %q, want 0000", got)
		}
	})
	if got := ended.printed(); got != "--- PASS: TestShop" {
		t.Errorf("it ended with\n%s\nwant it passed and silent", got)
	}
	for _, address := range []string{url, controlURL} {
		if resp, err := http.Get(address + "/healthz"); err == nil {
			resp.Body.Close()
			t.Errorf("%s answers HTTP %d after the test, want nobody there", address, resp.StatusCode)
		}
	}
}

func TestOptions(t *testing.T) {
	var log bytes.Buffer
	s := sandboxtest.Start(t, sandboxtest.WithMchids("M1", "M2"), sandboxtest.WithNotifyURL("http://127.0.0.1:9/notify"), sandboxtest.WithSeed("options"),
		sandboxtest.WithSettings(control.SettingsChange{AmountCases: new(true)}), sandboxtest.WithDelivery(control.Delivery{On: "paid", Variant: "never"}),
		sandboxtest.WithTime(morning), sandboxtest.WithPayer(control.Payer{ID: "bob", Behaviour: "insufficient-balance"}),
		sandboxtest.WithApp(control.NewApp{ClientKey: "MYKEY", Name: "My Shop"}), sandboxtest.WithLog(slog.New(slog.NewTextHandler(&log, nil))))
	app, err := s.Control.App(t.Context(), control.AppCode(s.AppCode))
	if err != nil {
		t.Fatal(err)
	}
	if app.Name != "My Shop" || app.ClientKey != "MYKEY" || s.ClientKey != "MYKEY" || len(app.Mchids) != 2 || s.Mchid != "M1" || app.NotifyURL != "http://127.0.0.1:9/notify" ||
		!app.Settings.AmountCases || len(app.Delivery) != 1 {
		t.Errorf("the App is %+v, want it as the options say", app)
	}
	if got := s.Now(); !got.Equal(morning) {
		t.Errorf("it is %s, want %s", got, morning)
	}
	p := order(s, "T1")
	p["mchid"] = "M1"
	p["sub_openid"] = s.OpenID("bob")
	s.Call("/trade/v1/payment", p)
	if state := s.Order("T1").State; state != "created" {
		t.Errorf("the order is %s, want created", state)
	}
	if state := s.Cancel("T1").State; state != "created" {
		t.Errorf("the order is %s after the wallet was closed, want created: it can be opened again", state)
	}
	if !strings.Contains(log.String(), "path=/trade/v1/payment") {
		t.Errorf("the log is %q, want the call in it", log.String())
	}
}

func TestSandboxRefusesOptions(t *testing.T) {
	for _, c := range []struct {
		name string
		opts []sandboxtest.Option
		want string
	}{
		{"notify URL", []sandboxtest.Option{sandboxtest.WithNotifyURL("shop/notify")}, `notify_url is "shop/notify"`},
		{"mchid", []sandboxtest.Option{sandboxtest.WithMchids("no blanks")}, `mchid is "no blanks", want 1 to 16 letters and digits`},
		{"app code", []sandboxtest.Option{sandboxtest.WithApp(control.NewApp{AppCode: "MY-APP"})}, `app_code is "MY-APP", want 1 to 32 letters and digits`},
		{"setting", []sandboxtest.Option{sandboxtest.WithSettings(control.SettingsChange{Cancelling: new("both")})}, `cancelling is "both", want one of either, developer-center, newest`},
		{"plan", []sandboxtest.Option{sandboxtest.WithDelivery(control.Delivery{On: "noon"})}, "noon"},
		{"payer", []sandboxtest.Option{sandboxtest.WithPayer(control.Payer{Behaviour: "steal"})}, "steal"},
		{"time", []sandboxtest.Option{sandboxtest.WithTime(morning.AddDate(200, 0, 0))}, "clock"},
		{"two addresses", []sandboxtest.Option{sandboxtest.WithNotifyURL("http://127.0.0.1:9/"), sandboxtest.WithNotifyHandler(http.NotFoundHandler())}, "WithNotifyHandler and the notify URL http://127.0.0.1:9/, want one of them"},
	} {
		reached := false
		ended := trial("TestShop", func(t testing.TB) {
			sandboxtest.Start(t, c.opts...)
			reached = true
		})
		if !ended.failed || reached || !strings.Contains(ended.words(), c.want) || !strings.HasPrefix(ended.words(), "sandboxtest: ") {
			t.Errorf("%s: it ended with\n%s\n(Start came back: %t), want it failed with %q", c.name, ended.printed(), reached, c.want)
		}
	}
}

func TestSeedGivesTheSameBytes(t *testing.T) {
	run := func() string {
		s := sandboxtest.Start(t, sandboxtest.WithSeed("always"), sandboxtest.WithTime(morning))
		first := s.Call("/trade/v1/payment", order(s, "T1"))
		other := s.NewApp(t)
		return s.AppCode + s.ClientKey + first.Body + other.AppCode + s.NewApp(t).AppCode
	}
	if one, two := run(), run(); one != two {
		t.Errorf("the same seed gives\n%s\nand\n%s", one, two)
	}
	if one, two := sandboxtest.Start(t).AppCode, sandboxtest.Start(t).AppCode; one == two {
		t.Errorf("without a seed two sandboxes have the App %s, want different ones", one)
	}
}

func TestWithNotifyHandler(t *testing.T) {
	heard := make(chan string, 1)
	s := sandboxtest.Start(t, sandboxtest.WithNotifyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		heard <- string(body)
		io.WriteString(w, "SUCCESS")
	})))
	s.Call("/trade/v1/payment", order(s, "T1"))
	s.Pay("T1")
	s.RunUntilIdle()
	if got := <-heard; !strings.Contains(got, `"out_trade_no": "T1"`) {
		t.Errorf("the merchant got %s, want order T1 in it", got)
	}
	list := s.Notifications("T1")
	if len(list) != 1 || len(list[0].Attempts) != 1 || !list[0].Attempts[0].Acknowledged {
		t.Errorf("notifications are %+v, want one, acknowledged at once", list)
	}
}

func TestClock(t *testing.T) {
	s := sandboxtest.Start(t, sandboxtest.WithTime(morning))
	for _, c := range []struct {
		name string
		move func() control.Clock
		want time.Duration
	}{
		{"advance", func() control.Clock { return s.Advance(time.Hour) }, time.Hour},
		{"set", func() control.Clock { return s.SetTime(morning.Add(2 * time.Hour)) }, 2 * time.Hour},
		{"nothing due", s.AdvanceToNext, 2 * time.Hour},
		{"idle", s.RunUntilIdle, 2 * time.Hour},
	} {
		if got := c.move().Now.Sub(morning); got != c.want || s.Now().Sub(morning) != c.want {
			t.Errorf("%s: the clock is %s on, want %s", c.name, got, c.want)
		}
	}
	if s.Unfreeze().Frozen || !s.Freeze().Frozen {
		t.Error("the clock does not stand and go as told")
	}
}

// A refusal of the sandbox ends the test in its own words.
func TestDeedsFailTheirTest(t *testing.T) {
	for _, c := range []struct {
		name, want string
		do         func(testing.TB, *sandboxtest.Sandbox)
	}{
		{"order", "T9", func(t testing.TB, s *sandboxtest.Sandbox) { s.Order("T9") }},
		{"pay", "T9", func(t testing.TB, s *sandboxtest.Sandbox) { s.Pay("T9") }},
		{"pay as", `payer id is "not a name"`, func(t testing.TB, s *sandboxtest.Sandbox) { s.PayAs("not a name", "T9") }},
		{"cancel", "T9", func(t testing.TB, s *sandboxtest.Sandbox) { s.Cancel("T9") }},
		{"advance", "by is", func(t testing.TB, s *sandboxtest.Sandbox) { s.Advance(-time.Hour) }},
		{"route", `route is "pay"`, func(t testing.TB, s *sandboxtest.Sandbox) { s.Queue("pay", "1143") }},
		{"outcome", `effect is "0000"`, func(t testing.TB, s *sandboxtest.Sandbox) { s.Queue("query", "0000") }},
		{"no outcome", "nothing is queued for query", func(t testing.TB, s *sandboxtest.Sandbox) { s.Queue("query") }},
		{"no answer", "EOF", func(t testing.TB, s *sandboxtest.Sandbox) {
			s.Queue("query", "cut=before")
			s.Call("/trade/v1/query", sandboxtest.Params{"page_size": "10"})
		}},
		{"nothing to wait for", "nothing matched Surface notify, OutTradeNo T9 within 1ms", func(t testing.TB, s *sandboxtest.Sandbox) {
			s.SetPatience(time.Millisecond)
			s.Wait(control.JournalFilter{Surface: "notify", OutTradeNo: "T9"})
		}},
		{"second log", "WithLog is for Start", func(t testing.TB, s *sandboxtest.Sandbox) {
			s.NewApp(t, sandboxtest.WithLog(slog.Default()))
		}},
	} {
		ended := trial("TestShop", func(t testing.TB) {
			c.do(t, sandboxtest.Start(t))
			t.Error("it went on")
		})
		if got := ended.words(); !strings.Contains(got, c.want) || strings.Contains(got, "it went on") {
			t.Errorf("%s: it ended with\n%s\nwant it ended by %q", c.name, ended.printed(), c.want)
		}
	}
}
