package control_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

func TestAppLists(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A"}}})
	b.call("GET", "/apps/A", "").want(200, "mchids", "<nil>", "pay_directories", "<nil>")
	b.call("PATCH", "/apps/A", `{"mchids": ["M1", "M2"], "currencies": ["HKD", "JPY"], "pay_types": ["800207"], "pay_directories": ["https://m.test/pay/"]}`).
		want(200, "mchids", "[M1 M2]", "currencies", "[HKD JPY]", "pay_types", "[800207]", "pay_directories", "[https://m.test/pay/]")
	b.call("PATCH", "/apps/A", `{"mchids": null, "currencies": null, "pay_types": null, "pay_directories": null, "settings": null, "name": null}`).
		want(200, "mchids", "[M1 M2]", "currencies", "[HKD JPY]", "pay_directories", "[https://m.test/pay/]", "name", "Demo Shop")
	b.call("PATCH", "/apps/A", `{"mchids": [], "pay_directories": []}`).want(200, "mchids", "[]", "pay_directories", "[]")
	b.call("POST", "/apps", `{"app_code": "B", "pay_types": ["800207"], "pay_directories": ["http://m.test:8090/"]}`).
		want(201, "pay_types", "[800207]", "pay_directories", "[http://m.test:8090/]")
	for _, c := range []struct{ change, message string }{
		{`{"currencies": []}`, "currencies is empty, want at least one of AED AUD"},
		{`{"pay_types": []}`, "pay_types is empty, want at least one"},
		{`{"mchids": ["M1", "M2", "M1"]}`, `mchids has "M1" twice, want each once`},
		{`{"mchids": ["M1"` + strings.Repeat(`, "M2"`, 1000) + `]}`, "mchids has 1001 entries, want at most 1000"},
		{`{"pay_directories": ["http://m.test/"` + strings.Repeat(`, "http://m.test/"`, 100) + `]}`, "pay_directories has 101 entries, want at most 100"},
		{`{"currencies": ["HKD", "HKD"]}`, `currencies has "HKD" twice`},
		{`{"pay_types": ["800207", "800207"]}`, `pay_types has "800207" twice`},
		{`{"pay_directories": ["http://m.test/", "http://m.test/"]}`, `pay_directories has "http://m.test/" twice`},
		{`{"pay_directories": ["http://m.test/pay"]}`, `pay_directory is "http://m.test/pay", want a page's address up to its last slash, such as https://shop.example/pay/, or a domain alone, https://shop.example`},
		{`{"pay_directories": ["http://m.test/pay?x=/"]}`, "want a page's address up to its last slash"},
		{`{"pay_directories": ["m.test/pay/"]}`, "want an absolute address"},
		{`{"mchids": ["no good"]}`, `mchid is "no good", want 1 to 16 letters and digits`},
		{`{"currencies": ["XXX"]}`, `currency is "XXX", want one of`},
		{`{"seed": "s"}`, `unknown field "seed"`},
		{`{"now": "2026-01-01T00:00:00Z"}`, `unknown field "now"`},
	} {
		b.call("PATCH", "/apps/A", c.change).refused(400, "invalid", c.message)
	}
	b.call("GET", "/apps/A", "").want(200, "mchids", "[]", "currencies", "[HKD JPY]")
}

func TestAppSettings(t *testing.T) {
	b := start(t, server.Config{Apps: []sandbox.App{{Code: "A"}}})
	b.call("GET", "/apps/A", "").want(200, "settings.canada", "false", "settings.amount_cases", "false", "settings.daily_balance", "false",
		"settings.rate_limit", "false", "settings.refund_delay", "0s", "settings.cancelling", "either")
	b.call("PATCH", "/apps/A", `{"settings": {"canada": true, "refund_delay": "90s"}}`).want(200, "settings.canada", "true", "settings.refund_delay", "1m30s")
	b.call("PATCH", "/apps/A", `{"settings": {"amount_cases": true, "cancelling": "newest"}}`).
		want(200, "settings.canada", "true", "settings.amount_cases", "true", "settings.refund_delay", "1m30s", "settings.cancelling", "newest")
	b.call("PATCH", "/apps/A", `{"settings": {"canada": false, "cancelling": "either", "refund_delay": "0s"}}`).
		want(200, "settings.canada", "false", "settings.amount_cases", "true", "settings.refund_delay", "0s", "settings.cancelling", "either")
	b.call("POST", "/apps", `{"app_code": "B", "settings": {"daily_balance": true, "rate_limit": true, "cancelling": "developer-center"}}`).
		want(201, "settings.daily_balance", "true", "settings.rate_limit", "true", "settings.cancelling", "developer-center", "settings.canada", "false")
	for _, c := range []struct{ change, message string }{
		{`{"settings": {"cancelling": "sometimes"}}`, `cancelling is "sometimes", want one of either, developer-center, newest`},
		{`{"settings": {"refund_delay": "soon"}}`, `settings.refund_delay is "soon", want a time such as 90s`},
		{`{"settings": {"refund_delay": "-1s"}}`, "refund_delay is -1s, want 0 to"},
		{`{"settings": {"canadian": true}}`, `unknown field "canadian"`},
		{`{"settings": {"canada": "yes"}}`, "settings.canada is a JSON string, want a boolean"},
		{`{"settings": []}`, "settings is a JSON array, want an object"},
	} {
		b.call("PATCH", "/apps/A", c.change).refused(400, "invalid", c.message)
		b.call("POST", "/apps", c.change).refused(400, "invalid", c.message)
	}
	b.call("GET", "/apps/A", "").want(200, "settings.cancelling", "either", "settings.amount_cases", "true")
}

// Each of an App's settings can be seen and changed, under its own name.
func TestEachSettingHasItsWord(t *testing.T) {
	words := func(of any) (list []string) {
		for f := range reflect.TypeOf(of).Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			list = append(list, name)
		}
		return list
	}
	var want []string
	for f := range reflect.TypeFor[sandbox.Settings]().Fields() {
		want = append(want, snake(f.Name))
	}
	for what, of := range map[string]any{"seen": control.Settings{}, "changed": control.SettingsChange{}} {
		if got := words(of); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("settings %s are %v, want %v", what, got, want)
		}
	}
}

// snake writes RefundDelay as refund_delay.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

func TestClientChangesSettings(t *testing.T) {
	b := start(t, server.Config{})
	yes, delay := true, "2m0s"
	app, err := b.CreateApp(t.Context(), control.NewApp{AppCode: "A", Mchids: []control.Mchid{"M1"}, Settings: control.SettingsChange{RateLimit: &yes}})
	must(t, err)
	if !app.Settings.RateLimit || app.Settings.Cancelling != "either" {
		t.Errorf("the App made has settings %+v, want the rate limit alone", app.Settings)
	}
	app, err = b.ChangeApp(t.Context(), "A", control.AppChange{Mchids: []control.Mchid{}, Settings: control.SettingsChange{RefundDelay: &delay}})
	must(t, err)
	if len(app.Mchids) != 0 || !app.Settings.RateLimit || app.Settings.RefundDelay != delay || !slices.Equal(app.PayTypes, sandbox.ServedPayTypes()) {
		t.Errorf("the App changed is %+v, want no shop, a refund delay, and the rest as before", app)
	}
}

// What is changed here decides the next call of the merchant.
func TestChangesOfAnAppTakeEffect(t *testing.T) {
	app := sandbox.App{Code: "A", ClientKey: "KEY"}
	b := start(t, server.Config{Apps: []sandbox.App{app}})
	login, err := b.Gateway().Store.App(t.Context(), "A")
	must(t, err)
	payer, err := b.Gateway().PayerOf(t.Context(), "alice")
	must(t, err)
	code, err := b.Gateway().IssueCode(t.Context(), login, payer)
	must(t, err)
	pay := func(change ...qfpay.Param) string {
		return b.ask(app, "/trade/v1/payment", append(qfpay.Params{
			{Name: "txamt", Value: "300"}, {Name: "pay_type", Value: "800207"}, {Name: "out_trade_no", Value: "T1"},
			{Name: "txdtm", Value: "2026-03-14 10:00:00"}, {Name: "sub_openid", Value: string(code.OpenID)},
		}, change...))
	}
	hkd, jpy, shop := qfpay.Param{Name: "txcurrcd", Value: "HKD"}, qfpay.Param{Name: "txcurrcd", Value: "JPY"}, qfpay.Param{Name: "mchid", Value: "M1"}
	for _, c := range []struct {
		change string
		params []qfpay.Param
		want   string
	}{
		{`{"mchids": ["M1"]}`, []qfpay.Param{hkd}, `"respcd": "1108"`},
		{`{"currencies": ["JPY"]}`, []qfpay.Param{hkd, shop}, `"respmsg": "txcurrcd error"`},
		{`{"mchids": []}`, []qfpay.Param{jpy, shop}, `"respcd": "1108"`},
		{`{}`, []qfpay.Param{jpy}, `"respcd": "0000"`},
	} {
		b.call("PATCH", "/apps/A", c.change).want(200)
		if got := pay(c.params...); !strings.Contains(got, c.want) {
			t.Errorf("after %s a payment with %v answers %s, want %s in it", c.change, c.params, got, c.want)
		}
	}
}
