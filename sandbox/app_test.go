package sandbox_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func TestCreateAppFillsWhatIsEmpty(t *testing.T) {
	w := newWorld(t)
	a, err := w.CreateApp(t.Context(), sandbox.App{})
	w.must(err)
	for what, c := range map[string]struct{ got, want string }{
		"code": {string(a.Code), `^SANDBOXAPP[A-Z2-9]{21}0$`}, "client key": {a.ClientKey, `^SANDBOXKEY[A-Z2-9]{22}$`}, "appid": {a.Account.AppID, `^wx[0-9a-f]{16}$`},
		"pay key": {a.Account.PayKey, `^[A-Z2-9]{32}$`}, "seed": {a.Seed, `^[A-Z2-9]{26}$`}, "name": {a.Name, `^Demo Shop$`},
	} {
		if !regexp.MustCompile(c.want).MatchString(c.got) {
			t.Errorf("%s is %q, want it to match %s", what, c.got, c.want)
		}
	}
	if len(a.Code) != 32 || len(a.ClientKey) != 32 {
		t.Errorf("code and key have %d and %d characters, want 32 each, as QFPay's", len(a.Code), len(a.ClientKey))
	}
	if len(a.Currencies) != len(qfpay.Currencies()) || !slices.Equal(a.PayTypes, sandbox.ServedPayTypes()) {
		t.Errorf("got currencies %v and pay types %v, want all currencies and all pay types served", a.Currencies, a.PayTypes)
	}
	if !a.CreatedAt.Equal(morning) {
		t.Errorf("created at %s, want %s", a.CreatedAt, morning)
	}
	other, err := w.CreateApp(t.Context(), sandbox.App{})
	w.must(err)
	if other.Code == a.Code || other.ClientKey == a.ClientKey || other.Account.AppID == a.Account.AppID {
		t.Errorf("the next App has code %s, key %s, appid %s, want others", other.Code, other.ClientKey, other.Account.AppID)
	}
}

func TestCreateAppRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*sandbox.App)
		want   string
	}{
		{"code of 33", func(a *sandbox.App) { a.Code = sandbox.AppCode(strings.Repeat("A", 33)) }, "want 1 to 32 letters and digits"},
		{"code with a blank", func(a *sandbox.App) { a.Code = "A B" }, `app_code is "A B"`},
		{"code with a letter that is not ASCII", func(a *sandbox.App) { a.Code = "Ä" }, `app_code is "Ä"`},
		{"key of 65", func(a *sandbox.App) { a.ClientKey = strings.Repeat("k", 65) }, "client_key has 65 bytes, want 1 to 64"},
		{"key with a line break", func(a *sandbox.App) { a.ClientKey = "secret\n" }, "client_key has 7 bytes"},
		{"name of 129", func(a *sandbox.App) { a.Name = strings.Repeat("宠", 129) }, "want up to 128 printable characters"},
		{"mchid of 17", func(a *sandbox.App) { a.Mchids = []sandbox.Mchid{"ok", sandbox.Mchid(strings.Repeat("M", 17))} }, "want 1 to 16 letters and digits"},
		{"empty mchid", func(a *sandbox.App) { a.Mchids = []sandbox.Mchid{""} }, `mchid is ""`},
		{"relative notify_url", func(a *sandbox.App) { a.NotifyURL = "/notify" }, `notify_url is "/notify", want an absolute address`},
		{"notify_url without a host", func(a *sandbox.App) { a.NotifyURL = "http://:80/" }, "want an absolute address"},
		{"notify_url of 257", func(a *sandbox.App) { a.NotifyURL = "http://h/" + strings.Repeat("x", 248) }, "notify_url has 257 characters, want at most 256"},
		{"unknown currency", func(a *sandbox.App) { a.Currencies = []qfpay.Currency{"HKD", "XXX"} }, `currency is "XXX", want one of AED AUD`},
		{"pay type that is not served", func(a *sandbox.App) { a.PayTypes = []qfpay.PayType{"802801"} }, `pay_type is "802801", want one of those served here: 800008, 800101, 800108, 801101`},
		{"delay below 0", func(a *sandbox.App) { a.Delivery.Delay = -time.Second }, "notification delay is -1s"},
		{"clock beyond its bound", func(a *sandbox.App) { a.ClockOffset = sandbox.MaxClockOffset + 1 }, "clock would be"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			a := sandbox.App{Code: "NEW"}
			c.change(&a)
			_, err := w.CreateApp(t.Context(), a)
			if !errors.Is(err, sandbox.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("CreateApp gives %v, want an ErrInvalid that says %q", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error %q tells the key", err)
			}
			_, err = w.UpdateApp(t.Context(), w.app.Code, c.change)
			if !errors.Is(err, sandbox.ErrInvalid) {
				t.Errorf("UpdateApp gives %v, want ErrInvalid", err)
			}
		})
	}
}

func TestCreateAppTakesLimits(t *testing.T) {
	w := newWorld(t)
	_, err := w.CreateApp(t.Context(), sandbox.App{
		Code: sandbox.AppCode(strings.Repeat("A", 32)), ClientKey: strings.Repeat("k", 64), Name: strings.Repeat("宠", 128),
		Mchids: []sandbox.Mchid{sandbox.Mchid(strings.Repeat("M", 16))}, NotifyURL: "http://h/" + strings.Repeat("物", 247),
		Delivery: sandbox.DeliveryPlan{Delay: sandbox.MaxClockOffset},
	})
	w.must(err)
}

func TestAppsAreUnique(t *testing.T) {
	w := newWorld(t)
	_, err := w.CreateApp(t.Context(), sandbox.App{Code: "APPCODE"})
	if !errors.Is(err, sandbox.ErrExists) {
		t.Errorf("the same code gives %v, want ErrExists", err)
	}
	_, err = w.CreateApp(t.Context(), sandbox.App{Code: "OTHER", Account: w.app.Account})
	if !errors.Is(err, sandbox.ErrExists) {
		t.Errorf("the same official account gives %v, want ErrExists", err)
	}
	_, err = w.UpdateApp(t.Context(), "NOBODY", func(*sandbox.App) {})
	if !errors.Is(err, sandbox.ErrNotFound) {
		t.Errorf("updating an unknown App gives %v, want ErrNotFound", err)
	}
}
