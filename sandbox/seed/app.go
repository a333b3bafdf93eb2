package seed

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func (r *reader) apps(n *yaml.Node) []sandbox.App {
	var list []sandbox.App
	lines := map[sandbox.AppCode]int{}
	r.list(n, "apps", func(n *yaml.Node) {
		a := r.app(n)
		if first, twice := lines[a.Code]; twice && a.Code != "" {
			r.wrong(n, "app_code is %q, which the App in line %d has", a.Code, first)
			return
		}
		lines[a.Code] = n.Line
		list = append(list, a)
	})
	return list
}

// app reads an App piece by piece. After each piece the rules are asked, so that a refusal has the
// line of the piece it is about; a piece that is refused is left out.
func (r *reader) app(n *yaml.Node) sandbox.App {
	var a sandbox.App
	take := func(n *yaml.Node, change func(*sandbox.App)) {
		next := a
		change(&next)
		if err := sandbox.CheckApp(next); err != nil {
			r.refuse(n, err)
			return
		}
		a = next
	}
	text := func(name string, set func(*sandbox.App, string)) key {
		return key{name, func(n *yaml.Node) {
			if s, ok := r.text(n, name); ok {
				take(n, func(a *sandbox.App) { set(a, s) })
			}
		}}
	}
	texts := func(name string, set func(*sandbox.App, string)) key {
		return key{name, func(n *yaml.Node) {
			if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
				r.wrong(n, "%s is an empty list; name at least one or leave it out", name)
			}
			r.list(n, name, func(n *yaml.Node) {
				if s, ok := r.text(n, "one of "+name); ok {
					take(n, func(a *sandbox.App) { set(a, s) })
				}
			})
		}}
	}
	r.mapping(n, "an App", []key{
		text("app_code", func(a *sandbox.App, s string) { a.Code = sandbox.AppCode(s) }),
		text("client_key", func(a *sandbox.App, s string) { a.ClientKey = s }),
		text("name", func(a *sandbox.App, s string) { a.Name = s }),
		texts("mchids", func(a *sandbox.App, s string) { a.Mchids = with(a.Mchids, sandbox.Mchid(s)) }),
		text("notify_url", func(a *sandbox.App, s string) { a.NotifyURL = s }),
		texts("currencies", func(a *sandbox.App, s string) { a.Currencies = with(a.Currencies, qfpay.Currency(s)) }),
		texts("pay_types", func(a *sandbox.App, s string) { a.PayTypes = with(a.PayTypes, qfpay.PayType(s)) }),
		texts("pay_directories", func(a *sandbox.App, s string) { a.Account.PayDirectories = with(a.Account.PayDirectories, s) }),
		{"official_account", func(n *yaml.Node) {
			var own sandbox.OfficialAccount
			r.mapping(n, "official_account", []key{
				{"appid", func(n *yaml.Node) { own.AppID, _ = r.text(n, "appid") }},
				{"secret", func(n *yaml.Node) { own.Secret, _ = r.text(n, "secret") }},
				{"login_error", func(n *yaml.Node) { own.LoginError, _ = r.number(n, "login_error") }},
				{"oauth_domains", func(n *yaml.Node) {
					r.list(n, "oauth_domains", func(n *yaml.Node) {
						if s, ok := r.text(n, "one of oauth_domains"); ok {
							own.OAuthDomains = append(own.OAuthDomains, s)
						}
					})
				}},
				{"pay_directories", func(n *yaml.Node) {
					r.list(n, "pay_directories", func(n *yaml.Node) {
						if s, ok := r.text(n, "one of pay_directories"); ok {
							own.PayDirectories = append(own.PayDirectories, s)
						}
					})
				}},
			})
			take(n, func(a *sandbox.App) { a.Own = own })
		}},
		text("seed", func(a *sandbox.App, s string) { a.Seed = s }),
		{"settings", func(n *yaml.Node) { r.settings(n, take) }},
		{"notify_delay", func(n *yaml.Node) {
			if d, ok := r.duration(n, "notify_delay"); ok {
				take(n, func(a *sandbox.App) { a.Delivery.Delay = d })
			}
		}},
		{"delivery", func(n *yaml.Node) {
			r.list(n, "delivery", func(n *yaml.Node) {
				if d, ok := r.delivery(n); ok {
					take(n, func(a *sandbox.App) { a.Delivery.Deliveries = with(a.Delivery.Deliveries, d) })
				}
			})
		}},
		{"orders", func(n *yaml.Node) {
			lines := map[sandbox.OutTradeNo]int{}
			r.list(n, "orders", func(n *yaml.Node) {
				plan, ok := r.orderPlan(n)
				if !ok {
					return
				}
				if first, twice := lines[plan.OutTradeNo]; twice {
					r.wrong(n, "out_trade_no is %q, which the order in line %d has", plan.OutTradeNo, first)
					return
				}
				lines[plan.OutTradeNo] = n.Line
				take(n, func(a *sandbox.App) { a.OrderPlans = with(a.OrderPlans, plan) })
			})
		}},
		{"faults", func(n *yaml.Node) {
			r.list(n, "faults", func(n *yaml.Node) {
				if f, ok := r.fault(n); ok {
					take(n, func(a *sandbox.App) {
						f.ID = len(a.Faults) + 1
						a.Faults = with(a.Faults, f)
					})
				}
			})
		}},
	})
	return a
}

// settings reads what differs between accounts; sandbox.Settings says what each does.
func (r *reader) settings(n *yaml.Node, take func(*yaml.Node, func(*sandbox.App))) {
	truth := func(name string, of func(*sandbox.Settings) *bool) key {
		return key{name, func(n *yaml.Node) {
			if v, ok := r.truth(n, name); ok {
				take(n, func(a *sandbox.App) { *of(&a.Settings) = v })
			}
		}}
	}
	r.mapping(n, "settings", []key{
		truth("canada", func(s *sandbox.Settings) *bool { return &s.Canada }),
		truth("amount_cases", func(s *sandbox.Settings) *bool { return &s.AmountCases }),
		truth("daily_balance", func(s *sandbox.Settings) *bool { return &s.DailyBalance }),
		truth("rate_limit", func(s *sandbox.Settings) *bool { return &s.RateLimit }),
		truth("refund_notify_status", func(s *sandbox.Settings) *bool { return &s.RefundNotifyStatus }),
		{"refund_delay", func(n *yaml.Node) {
			if d, ok := r.duration(n, "refund_delay"); ok {
				take(n, func(a *sandbox.App) { a.Settings.RefundDelay = d })
			}
		}},
		{"cancelling", func(n *yaml.Node) {
			var words []string
			for _, c := range sandbox.Cancellings() {
				words = append(words, c.Word())
			}
			if s, ok := r.word(n, "cancelling", words); ok {
				take(n, func(a *sandbox.App) { a.Settings.Cancelling = sandbox.ParseCancelling(s) })
			}
		}},
	})
}

// with adds to a copy, so that what is refused leaves the list as it was.
func with[T any](list []T, more T) []T { return append(slices.Clip(slices.Clone(list)), more) }
