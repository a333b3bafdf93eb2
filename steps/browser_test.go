package steps_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/features"
	"github.com/qfpay-sandbox/qfpay-sandbox/fixtures"
	"github.com/qfpay-sandbox/qfpay-sandbox/fixtures/petshop"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/target"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

// The account petshop has of its own in these tests.
const (
	petshopAppID  = "wx5a1d0b0c0e0f0022"
	petshopSecret = "5ec0e70000000000000000000000a022"
)

const petshopProfile = `
app: {app_code: %s, client_key: %s}
merchant: %s
order: {url: "{merchant}/", click: ["[data-buy]"]}
status: {url: "{merchant}/orders/{out_trade_no}/status.json", paid: {path: status, equals: paid}, shipments: shipments}
`

// openPetshop runs petshop in this process: as a merchant of method 2 when raise is empty, else with an
// account of its own, whose page opens the wallet so.
func (c court) openPetshop(t *testing.T, raise petshop.Raise) *target.Target {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	public := &url.URL{Scheme: "http", Host: listener.Addr().String()}
	in := control.NewApp{NotifyURL: public.JoinPath("notify").String()}
	if raise != "" {
		in.OfficialAccount = &control.OfficialAccount{AppID: petshopAppID, Secret: petshopSecret,
			OAuthDomains: []string{public.Host}, PayDirectories: []string{public.String() + "/checkout/"}}
	}
	app, err := c.control.CreateApp(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	vendor, err := url.Parse(c.vendor)
	if err != nil {
		t.Fatal(err)
	}
	config := petshop.Config{OpenAPI: vendor, O2: vendor, AppCode: string(app.AppCode), ClientKey: app.ClientKey, PublicURL: public, Raise: raise}
	if raise != "" {
		config.AppID, config.AppSecret = petshopAppID, petshopSecret
	}
	server := &http.Server{Handler: petshop.New(config).Handler(), ReadHeaderTimeout: 10 * time.Second}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		if raise != "" { // an appid belongs to one App
			if _, err := c.control.ChangeApp(context.Background(), app.AppCode, control.AppChange{OfficialAccount: &control.OfficialAccount{}}); err != nil {
				t.Error(err)
			}
		}
		_ = server.Close()
		<-done
	})

	path := filepath.Join(t.TempDir(), "petshop.yaml")
	if err := os.WriteFile(path, fmt.Appendf(nil, petshopProfile, app.AppCode, app.ClientKey, public), 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := target.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := target.Open(t.Context(), p, target.Sandbox{URL: c.vendor})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// play runs the selected scenarios; each must pass.
func (c court) play(t *testing.T, dir string, m *target.Target, words ...string) {
	t.Helper()
	suite := &steps.Suite{Dir: dir, Control: c.control, Vendor: c.vendor, Target: m, Browser: c.browser, Seed: fixtures.SeedOf(1, t.Name()), Settle: 5 * time.Second, Quiet: 4 * time.Second}
	selected, err := suite.Select(words...)
	if err != nil {
		t.Fatal(err)
	}
	ledger := suite.Run(t.Context(), selected)
	for _, r := range ledger.Results {
		t.Run(strings.TrimSpace(r.Rule+" "+r.Scenario), func(t *testing.T) {
			if r.Outcome != verdict.Pass {
				t.Errorf("%s at %q: %s (seed %d, %s)", r.Outcome, r.Step, r.Reason, r.Seed, r.Took)
			}
		})
	}
	if len(ledger.Results) != len(selected) {
		t.Errorf("got %d results of %d scenarios", len(ledger.Results), len(selected))
	}
}

// What a page of the integrator's own sees of the bridge and of WeChat's login.
func TestPageScenarios(t *testing.T) {
	openCourt(t).play(t, features.Browser, nil, "page")
}

// Every kind is played at WeChat's login, at its bridge and at the shop; docs/browsers.md says what each gets.
func TestEveryKindIsPlayed(t *testing.T) {
	c := openCourt(t)
	suite := &steps.Suite{Dir: features.Browser}
	selected, err := suite.Select("kinds")
	if err != nil {
		t.Fatal(err)
	}
	played := map[string]int{}
	for _, p := range selected {
		var phone string
		for _, s := range p.Steps {
			if with, ok := strings.CutPrefix(s.Text, "a payer with "); ok {
				phone = with
				played[phone]++
			}
		}
		k, _ := wechat.BrowserNamed(steps.Phones[phone])
		heard := k.PayRefused
		if !k.Bridge {
			heard = "no bridge"
		}
		for _, s := range p.Steps { // what is played is what the table, and so the page, says
			for text, is := range map[string]bool{
				"the payer is at the integrator's with a code": k.InWeChat,
				`the payer's page says "请在微信客户端打开链接"`:          !k.InWeChat,
				"the wallet is open":                    k.CanPay,
				"the merchant made no payment at QFPay": !k.CanPay,
			} {
				if s.Text == text && !is {
					t.Errorf("%s: %q is played, and the table says otherwise", phone, text)
				}
			}
			if shows, ok := strings.CutPrefix(s.Text, "the page shows "); ok && shows != `"`+heard+`"` {
				t.Errorf("%s: the page is to show %s, the table has %q", phone, shows, heard)
			}
			if env, ok := strings.CutPrefix(s.Text, "the page's environment is "); ok && env != `"`+k.Environment+`"` {
				t.Errorf("%s: the environment is to be %s, the table has %q", phone, env, k.Environment)
			}
		}
	}
	for phone := range steps.Phones {
		if played[phone] != 3 {
			t.Errorf("%s is played %d times, want 3", phone, played[phone])
		}
	}
	if kinds := len(wechat.Browsers()); len(steps.Phones) != kinds {
		t.Errorf("sentences know %d kinds of %d", len(steps.Phones), kinds)
	}
	c.play(t, features.Browser, c.openPetshop(t, ""), "shop-kinds")
}

// Several payers and several tabs at petshop, in each of the ways it takes payments.
func TestPetshopHasSeveralPayers(t *testing.T) {
	c := openCourt(t)
	for name, at := range map[string]struct {
		raise petshop.Raise
		words []string
	}{
		"QFPay's cashier": {"", []string{"payers", "cashier"}},
		"its own page":    {petshop.RaiseBridge, []string{"payers", "own"}},
		"its page's SDK":  {petshop.RaiseJSSDK, []string{"payers", "own"}},
	} {
		t.Run(name, func(t *testing.T) { c.play(t, features.Browser, c.openPetshop(t, at.raise), at.words...) })
	}
}
