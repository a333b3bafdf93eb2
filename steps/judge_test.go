package steps_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/features"
	"github.com/qfpay-sandbox/qfpay-sandbox/fixtures"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/browser"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/target"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

// court is what shops are judged with: one sandbox and one browser for all of a test.
type court struct {
	control *control.Client
	vendor  string
	browser *browser.Browser
}

func openCourt(t *testing.T) court {
	t.Helper()
	srv := startSandbox(t)
	c := court{control: control.NewClient(srv.ControlURL(), ""), vendor: srv.URL()}
	if _, err := c.control.CreateApp(t.Context(), control.NewApp{AppCode: shopApp, ClientKey: shopKey}); err != nil {
		t.Fatal(err)
	}
	var err error
	if c.browser, err = browser.Launch(t.Context(), browser.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.browser.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

const shopProfile = `
app: {app_code: SHOPAPPCODE, client_key: SHOPCLIENTKEY}
merchant: %s
order: {url: "{merchant}/buy?order={out_trade_no}"}
status: {url: "{merchant}/status?order={out_trade_no}", paid: {path: paid, equals: "true"}, shipments: shipped}
`

// judge plays the scenarios of these rules against a shop.
func (c court) judge(t *testing.T, s *shop, words ...string) *verdict.Ledger {
	t.Helper()
	return c.judgeUntil(t, t.Context(), s, words...)
}

func (c court) judgeUntil(t *testing.T, ctx context.Context, s *shop, words ...string) *verdict.Ledger {
	t.Helper()
	path := filepath.Join(t.TempDir(), "shop.yaml")
	if err := os.WriteFile(path, fmt.Appendf(nil, shopProfile, s.URL), 0o644); err != nil {
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
	suite := &steps.Suite{Dir: features.Integration, Control: c.control, Vendor: c.vendor, Target: m, Browser: c.browser, Seed: fixtures.SeedOf(1, t.Name()), Settle: time.Second, Quiet: time.Second}
	selected, err := suite.Select(words...)
	if err != nil {
		t.Fatal(err)
	}
	return suite.Run(ctx, selected)
}

// later does what a shop's queue does: not before its answer was given.
func later(do func()) { time.AfterFunc(400*time.Millisecond, do) }

// Each shop breaks the rule in one way, and its verdict says which way.
func TestWrongShopsFail(t *testing.T) {
	c := openCourt(t)
	for _, w := range []struct {
		name, rule string
		wrong      func(s *shop)
		says       string
	}{
		{"sends Chrome to WeChat's login", "ENV-02", func(s *shop) {
			s.routes["/buy"] = func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, s.login(number(r)), http.StatusFound)
			}
		}, "shows no page of its own but sent the payer on"},
		{"a script in Chrome orders late", "ENV-02", func(s *shop) {
			s.routes["/buy"] = func(w http.ResponseWriter, r *http.Request) {
				page(w, `open this in WeChat<script>setTimeout(() => fetch("/late?order=`+number(r)+`"), 300)</script>`)
			}
			s.routes["/late"] = func(_ http.ResponseWriter, r *http.Request) { s.checkout(number(r), "oMADEUPMADEUPMADEUPMADEUPMA1") }
		}, "the merchant made 1 payments at QFPay"},
		{"a server error behind a redirect", "OAU-01", func(s *shop) {
			s.routes["/callback"] = func(w http.ResponseWriter, r *http.Request) {
				again := false
				s.with(number(r), func(o *shopOrder) { again = o.cashier != "" })
				if again {
					w.WriteHeader(http.StatusInternalServerError)
					fmt.Fprint(w, `<script>location = "/result?order=`+number(r)+`"</script>`)
					return
				}
				s.callback(w, r)
			}
		}, "answered HTTP 500"},
		{"believes any signature", "NTF-01", func(s *shop) {
			s.routes["/notify"] = func(w http.ResponseWriter, r *http.Request) {
				number, _ := told(r)
				s.with(number, s.pay)
				fmt.Fprint(w, "SUCCESS")
			}
		}, "X-QF-SIGN was made with another key"},
		{"verifies a signature only if there is one", "NTF-01", func(s *shop) {
			s.routes["/notify"] = func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("X-QF-SIGN") != "" {
					s.notify(w, r)
					return
				}
				fmt.Fprint(w, "SUCCESS")
			}
		}, "X-QF-SIGN was left out"},
		{"refuses a forgery and books it later", "NTF-01", func(s *shop) {
			s.routes["/notify"] = func(w http.ResponseWriter, r *http.Request) {
				number, _ := told(r)
				later(func() { s.with(number, s.pay) })
				w.WriteHeader(http.StatusForbidden)
			}
		}, "nobody has paid order"},
		{"refuses a forgery and ships all the same", "NTF-01", func(s *shop) {
			s.routes["/notify"] = func(w http.ResponseWriter, r *http.Request) {
				number, _ := told(r)
				s.with(number, func(o *shopOrder) { o.shipped = 1 })
				w.WriteHeader(http.StatusForbidden)
			}
		}, "the merchant shipped it"},
		{"ships again later when told again", "NTF-02", func(s *shop) {
			s.routes["/notify"] = func(w http.ResponseWriter, r *http.Request) {
				number, _ := told(r)
				s.with(number, func(o *shopOrder) {
					if o.paid {
						later(func() { s.with(number, func(o *shopOrder) { o.shipped++ }) })
					}
					s.pay(o)
				})
				fmt.Fprint(w, "SUCCESS")
			}
		}, "2 times, want once"},
		{"acknowledges and forgets", "PAY-01", func(s *shop) {
			s.routes["/notify"] = func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "SUCCESS") }
		}, "want the order paid"},
		{"always says paid", "PAY-01", func(s *shop) {
			s.routes["/status"] = func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"paid": true, "shipped": 1}`) }
		}, "nobody has paid order"},
		{"ships before it is paid", "PAY-02", func(s *shop) {
			s.before("/callback", func(r *http.Request) { s.with(number(r), func(o *shopOrder) { o.shipped = 1 }) })
		}, "1 times, want nothing"},
		{"books on return, a little later", "RES-01", func(s *shop) {
			s.before("/result", func(r *http.Request) { later(func() { s.with(number(r), s.pay) }) })
		}, "nobody has paid order"},
		{"ships on return", "RES-01", func(s *shop) {
			s.before("/result", func(r *http.Request) { s.with(number(r), func(o *shopOrder) { o.shipped = 1 }) })
		}, "the merchant shipped it"},
		{"shows nothing on return", "RES-01", func(s *shop) {
			s.routes["/result"] = func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<title>shop</title>") }
		}, "is empty"},
	} {
		t.Run(w.name, func(t *testing.T) {
			s := openShop(t, c.vendor)
			w.wrong(s)
			for _, r := range c.judge(t, s, w.rule).Results {
				if r.Outcome != verdict.Fail || !strings.Contains(r.Reason, w.says) {
					t.Errorf("%s %q: got %s %q, want a FAIL that says %q", r.Rule, r.Scenario, r.Outcome, r.Reason, w.says)
				}
			}
		})
	}
}

// Each shop is right in another way than most.
func TestRightShopsPass(t *testing.T) {
	c := openCourt(t)
	for _, r := range []struct {
		name, rule string
		right      func(s *shop)
	}{
		{"the least that is right", "must", func(*shop) {}},
		{"its icon is broken", "RES-01", func(s *shop) {
			s.routes["/icon"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }
			s.routes["/result"] = func(w http.ResponseWriter, r *http.Request) {
				page(w, `<img src="/icon">`)
				s.result(w, r)
			}
		}},
		{"a script fills the page", "RES-01", func(s *shop) {
			s.routes["/words"] = s.result
			s.routes["/result"] = func(w http.ResponseWriter, r *http.Request) {
				fmt.Fprint(w, `<body><script>fetch("/words?order=`+number(r)+`").then(r => r.text()).then(t => document.body.innerHTML = t)</script>`)
			}
		}},
		{"a page in between that takes its time", "PAY-01", func(s *shop) {
			s.routes["/buy"] = func(w http.ResponseWriter, r *http.Request) {
				page(w, `one moment<script>setTimeout(() => fetch("/address?order=`+number(r)+`").then(r => r.text()).then(t => location = t), 800)</script>`)
			}
			s.routes["/address"] = func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, s.login(number(r))) }
		}},
		{"it knows the sandbox by another name of this machine", "RES-01", func(s *shop) {
			s.vendor = strings.Replace(s.vendor, "127.0.0.1", "localhost", 1)
		}},
	} {
		t.Run(r.name, func(t *testing.T) {
			s := openShop(t, c.vendor)
			r.right(s)
			ledger := c.judge(t, s, r.rule)
			for _, res := range ledger.Results {
				if res.Outcome != verdict.Pass {
					t.Errorf("%s %q: got %s at %q: %s", res.Rule, res.Scenario, res.Outcome, res.Step, res.Reason)
				}
			}
			if got := ledger.Exit(); got != verdict.ExitPassed {
				t.Errorf("got exit %d, want %d", got, verdict.ExitPassed)
			}
		})
	}
}
