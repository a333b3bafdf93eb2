package sandboxtest

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// Option says how a sandbox or an App of it differs from the common one. Their order does not matter.
type Option func(*options)

type options struct {
	app      control.NewApp
	changes  []func(*control.NewApp)
	payers   []control.Payer
	notified http.Handler
	time     time.Time
	seed     string
	unfired  bool
	log      *slog.Logger
}

func read(opts []Option) options {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	for _, change := range o.changes {
		change(&o.app)
	}
	return o
}

func change(c func(*control.NewApp)) Option {
	return func(o *options) { o.changes = append(o.changes, c) }
}

// WithApp describes the whole App, credentials included; what is left empty the sandbox chooses.
func WithApp(app control.NewApp) Option { return func(o *options) { o.app = app } }

// WithMchids gives the App shops: each call must then carry one of them.
func WithMchids(mchids ...string) Option {
	return change(func(a *control.NewApp) {
		for _, m := range mchids {
			a.Mchids = append(a.Mchids, sandbox.Mchid(m))
		}
	})
}

// WithNotifyURL is where notifications of orders without a notify_url of their own go.
func WithNotifyURL(url string) Option {
	return change(func(a *control.NewApp) { a.NotifyURL = url })
}

// WithNotifyHandler serves the merchant's notify URL for as long as the test runs. It is for a handler
// that stands alone; a merchant with a server of its own is named with WithNotifyURL.
func WithNotifyHandler(h http.Handler) Option { return func(o *options) { o.notified = h } }

// WithSettings switches on what differs between QFPay's merchants.
func WithSettings(s control.SettingsChange) Option {
	return change(func(a *control.NewApp) { a.Settings = s })
}

// WithDelivery is the plan of the App's notifications: when they are sent, and what is wrong with them.
func WithDelivery(plan ...control.Delivery) Option {
	return change(func(a *control.NewApp) { a.Delivery = plan })
}

// WithPayer makes a payer who behaves in a way of its own. Payers without an option of theirs do what
// Pay and Cancel say, under any name.
func WithPayer(p control.Payer) Option {
	return func(o *options) { o.payers = append(o.payers, p) }
}

// WithSeed makes credentials, ids and openids the same in every run.
func WithSeed(seed string) Option { return func(o *options) { o.seed = seed } }

// WithTime freezes the App's clock at this time; Advance and SetTime move it.
func WithTime(at time.Time) Option { return func(o *options) { o.time = at } }

// AllowUnfired lets a test end with outcomes that were queued and never fired.
func AllowUnfired() Option { return func(o *options) { o.unfired = true } }

// WithLog takes the sandbox's log, a line for each call; without it nothing is logged.
func WithLog(log *slog.Logger) Option { return func(o *options) { o.log = log } }
