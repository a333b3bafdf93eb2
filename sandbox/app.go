package sandbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// App is a set of QFPay API credentials, and the tenant: journal, clock, ids and delivery plan
// belong to one App.
type App struct {
	Code      AppCode
	ClientKey string
	// PreviousKey is what ClientKey was before it was changed. It signs nothing any more; a request
	// signed with it is refused, and told so.
	PreviousKey string
	// Name is the merchant's name as the wallet shows it.
	Name string
	// Mchids are the shops issued to this App. With any, every call must name one of them; with
	// none, no call may carry a mchid (qfpay-api 2.7).
	Mchids []Mchid
	// NotifyURL takes the notifications of orders that bring no notify_url of their own.
	NotifyURL string
	// Currencies and PayTypes are what the account may use.
	Currencies []qfpay.Currency
	PayTypes   []qfpay.PayType
	// Account is QFPay's official account, which the App pays through unless it has one of its Own
	// (method 1), whose AppID is empty otherwise.
	Account  OfficialAccount
	Own      OfficialAccount
	Delivery DeliveryPlan
	// OrderPlans are the delivery plans of single orders; an order without one follows Delivery.
	OrderPlans []OrderPlan
	// Faults are tried in their order on each call; the first that fits fires.
	Faults []Fault
	// ClockOffset moves the App's clock from the real time; a clock that is frozen stands at FrozenAt.
	ClockOffset time.Duration
	FrozenAt    time.Time
	Settings    Settings
	// Seed starts the App's stream of ids; the same seed and calls give the same ids.
	Seed string
	// Drawn counts the numbers taken from the stream.
	Drawn     uint64
	CreatedAt time.Time
}

// Settings are the parts of an account's behaviour that differ between QFPay's merchants, or that
// tests switch on. The zero value is the common merchant with everything optional off.
type Settings struct {
	// Canada gives 800207 the shape of Canadian accounts: pay_url in place of pay_params (quirk 20).
	Canada bool
	// AmountCases lets amounts named like WeChat's acceptance cases decide (wechat 4.1).
	AmountCases bool
	// DailyBalance refuses refunds beyond what the App took in today (1269).
	DailyBalance bool
	// RateLimit answers HTTP 429 above 100 calls a second or 400 a minute.
	RateLimit bool
	// RefundDelay is how long a refund stays under way before it is done; 0 is done at once.
	RefundDelay time.Duration
	// Cancelling says which wallets close and reversal take.
	Cancelling Cancelling
	// RefundNotifyStatus adds status to refund notifications, as some captures have it (qfpay-api 4.2).
	RefundNotifyStatus bool
}

// Cancelling is one of the mappings of wallets to close and reversal that the documents give.
type Cancelling string

const (
	// CancelEither lets both calls take every wallet (quirk 17).
	CancelEither Cancelling = ""
	// CancelByDeveloperCenter: reversal for Alipay and payer-presented WeChat codes, close for the rest.
	CancelByDeveloperCenter Cancelling = "developer-center"
	// CancelByNewest: reversal for Alipay and merchant-presented WeChat codes, close for payer-presented ones.
	CancelByNewest Cancelling = "newest"
)

// MaxClockOffset bounds how far a clock can be moved: a hundred years, so that no date overflows.
const MaxClockOffset = 100 * 365 * 24 * time.Hour

// keys are what the journal hides.
func (a *App) keys() [3]string { return [3]string{a.ClientKey, a.PreviousKey, a.Own.Secret} }

// AllowsMchid reports whether a call carrying this mchid ("" for none) obeys the App's mchid rule.
func (a *App) AllowsMchid(m Mchid) bool {
	if len(a.Mchids) == 0 {
		return m == ""
	}
	return slices.Contains(a.Mchids, m)
}

// ErrInvalid marks a setting that was refused; its text names the setting, the value and what is allowed.
var ErrInvalid = errors.New("invalid")

// CreateApp stores a new App, filling what was left empty: code, key, seed, account, name, and
// all currencies and all pay types served. Errors: ErrInvalid, ErrExists.
func (g *Gateway) CreateApp(ctx context.Context, a App) (App, error) {
	a.CreatedAt = g.Clock.Now()
	if err := g.fillApp(&a); err != nil {
		return App{}, err
	}
	numberFaults(a.Faults)
	if err := a.validate(); err != nil {
		return App{}, err
	}
	return a, g.Store.CreateApp(ctx, a)
}

func (g *Gateway) fillApp(a *App) error {
	if a.Seed == "" {
		seed, err := randomText(g.Entropy, 26)
		if err != nil {
			return err
		}
		a.Seed = seed
	}
	// The stream needs a code to start from; a code left empty is drawn from the seed alone.
	if a.Code == "" {
		code, err := randomText(streamFrom(a.Seed, "app code", 0), 21)
		if err != nil {
			return err
		}
		a.Code = AppCode("SANDBOXAPP" + code + "0")
	}
	if a.ClientKey == "" {
		key, err := randomText(streamFrom(a.Seed, "client key", 0), 22)
		if err != nil {
			return err
		}
		a.ClientKey = "SANDBOXKEY" + key
	}
	source := streamFrom(a.Seed, "account "+string(a.Code), 0)
	if a.Account.AppID == "" {
		id, err := wechat.NewAppID(source)
		if err != nil {
			return err
		}
		a.Account.AppID = id
	}
	if a.Account.PayKey == "" {
		key, err := randomText(source, 32)
		if err != nil {
			return err
		}
		a.Account.PayKey = key
	}
	if err := a.Own.fillOwn(a.Seed); err != nil {
		return err
	}
	if a.Name == "" {
		a.Name = "Demo Shop"
	}
	if len(a.Currencies) == 0 {
		for _, c := range qfpay.Currencies() {
			a.Currencies = append(a.Currencies, c.Code)
		}
	}
	if len(a.PayTypes) == 0 {
		a.PayTypes = served
	}
	return nil
}

func (a App) validate() error {
	switch {
	case !plainWord(string(a.Code), 32):
		return fmt.Errorf("%w: app_code is %q, want 1 to 32 letters and digits", ErrInvalid, a.Code)
	case len(a.ClientKey) < 1 || len(a.ClientKey) > 64 || !printable(a.ClientKey):
		return fmt.Errorf("%w: client_key has %d bytes, want 1 to 64 printable ones", ErrInvalid, len(a.ClientKey))
	case len([]rune(a.Name)) > 128 || !printable(a.Name):
		return fmt.Errorf("%w: name is %q, want up to 128 printable characters", ErrInvalid, a.Name)
	}
	for _, m := range a.Mchids {
		if !plainWord(string(m), 16) {
			return fmt.Errorf("%w: mchid is %q, want 1 to 16 letters and digits", ErrInvalid, m)
		}
	}
	if a.NotifyURL != "" {
		if err := checkWebAddress(a.NotifyURL, 256); err != nil {
			return fmt.Errorf("%w: notify_url %w", ErrInvalid, err)
		}
	}
	for _, c := range a.Currencies {
		if _, ok := c.Row(); !ok {
			return fmt.Errorf("%w: currency is %q, want one of %s", ErrInvalid, c, currencyList(nil))
		}
	}
	for _, p := range a.PayTypes {
		if !slices.Contains(served, p) {
			return fmt.Errorf("%w: pay_type is %q, want one of those served here: %s", ErrInvalid, p, oneOf(served))
		}
	}
	if a.ClockOffset > MaxClockOffset {
		return fmt.Errorf("%w: clock would be %s ahead, want at most %s", ErrInvalid, a.ClockOffset, MaxClockOffset)
	}
	if err := a.validatePlans(); err != nil {
		return err
	}
	if err := a.validateLists(); err != nil {
		return err
	}
	if err := checkFaults(a.Faults); err != nil {
		return err
	}
	return a.Settings.validate()
}

// UpdateApp changes an App's settings and refuses a change that leaves it invalid.
// Errors: ErrInvalid, ErrNotFound, ErrExists when Own's appid is taken.
func (g *Gateway) UpdateApp(ctx context.Context, code AppCode, change func(*App)) (App, error) {
	return g.Store.UpdateApp(ctx, code, func(a *App) error {
		before := a.ClientKey
		change(a)
		if err := a.Own.fillOwn(a.Seed); err != nil {
			return err
		}
		if a.ClientKey != before {
			a.PreviousKey = before
		}
		return a.validate()
	})
}
