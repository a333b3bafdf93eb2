package control

import (
	"cmp"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// App is a set of credentials with all it may be told; empty fields are filled when it is created.
type App struct {
	AppCode   sandbox.AppCode  `json:"app_code"`
	ClientKey string           `json:"client_key"`
	Name      string           `json:"name"`
	Mchids    []sandbox.Mchid  `json:"mchids"`
	NotifyURL string           `json:"notify_url"`
	AppID     string           `json:"appid"`
	Seed      string           `json:"seed"`
	Currency  []qfpay.Currency `json:"currencies"`
	PayTypes  []qfpay.PayType  `json:"pay_types"`
	// PayDirectories are the merchant's own page directories that may raise the wallet.
	PayDirectories []string `json:"pay_directories"`
	// OfficialAccount is the merchant's own (method 1), null without one.
	OfficialAccount *OfficialAccount `json:"official_account"`
	Settings        Settings         `json:"settings"`
	// NotifyDelay is how long after payment the first notification is due.
	NotifyDelay string `json:"notify_delay"`
	// Delivery is the plan of its notifications, empty for QFPay's own.
	Delivery []Delivery `json:"delivery"`
	Now      time.Time  `json:"now"`
}

// NewApp asks for an App. What is left empty is chosen by the sandbox.
type NewApp struct {
	AppCode        sandbox.AppCode  `json:"app_code,omitempty"`
	ClientKey      string           `json:"client_key,omitempty"`
	Name           string           `json:"name,omitempty"`
	Mchids         []sandbox.Mchid  `json:"mchids,omitempty"`
	NotifyURL      string           `json:"notify_url,omitempty"`
	Seed           string           `json:"seed,omitempty"`
	Currency       []qfpay.Currency `json:"currencies,omitempty"`
	PayTypes       []qfpay.PayType  `json:"pay_types,omitempty"`
	PayDirectories []string         `json:"pay_directories,omitempty"`
	// OfficialAccount binds the merchant's own; a secret left empty is chosen by the sandbox.
	OfficialAccount *OfficialAccount `json:"official_account,omitempty"`
	Settings        SettingsChange   `json:"settings,omitzero"`
	NotifyDelay     string           `json:"notify_delay,omitempty"`
	Delivery        []Delivery       `json:"delivery,omitempty"`
}

// AppChange changes what is not null; an empty list is a list without anything.
type AppChange struct {
	// ClientKey is the new key; what is signed with the old one is refused from now on.
	ClientKey      *string          `json:"client_key,omitempty"`
	Name           *string          `json:"name,omitempty"`
	NotifyURL      *string          `json:"notify_url,omitempty"`
	NotifyDelay    *string          `json:"notify_delay,omitempty"`
	Mchids         []sandbox.Mchid  `json:"mchids,omitzero"`
	Currency       []qfpay.Currency `json:"currencies,omitzero"`
	PayTypes       []qfpay.PayType  `json:"pay_types,omitzero"`
	PayDirectories []string         `json:"pay_directories,omitzero"`
	// OfficialAccount takes the place of the merchant's own; one without an appid unbinds it. Orders made
	// before stay with theirs.
	OfficialAccount *OfficialAccount `json:"official_account,omitempty"`
	Settings        SettingsChange   `json:"settings,omitzero"`
	Delivery        []Delivery       `json:"delivery,omitzero"`
}

// OfficialAccount is a WeChat official account of the merchant's own.
type OfficialAccount struct {
	AppID  string `json:"appid"`
	Secret string `json:"secret,omitempty"`
	// OAuthDomains are the hosts, with a port where it is not the scheme's own, that redirect_uri may
	// name; PayDirectories those pages' directories that may raise the wallet.
	OAuthDomains   []string `json:"oauth_domains"`
	PayDirectories []string `json:"pay_directories"`
	// LoginError ends each login with this error page of WeChat's, such as 10004; 0 is none.
	LoginError int `json:"login_error,omitempty"`
}

func accountView(o sandbox.OfficialAccount) *OfficialAccount {
	if o.AppID == "" {
		return nil
	}
	return &OfficialAccount{o.AppID, o.Secret, listOf(o.OAuthDomains), listOf(o.PayDirectories), o.LoginError}
}

// listOf writes [] for nothing.
func listOf(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// apply puts the account in the place of the App's own. The tokens of another one are not its own; a
// secret that is left empty stays with its appid.
func (o *OfficialAccount) apply(to *sandbox.OfficialAccount) {
	if o == nil {
		return
	}
	next := sandbox.OfficialAccount{AppID: o.AppID, Secret: o.Secret, OAuthDomains: o.OAuthDomains, PayDirectories: o.PayDirectories, LoginError: o.LoginError}
	if to.AppID == next.AppID {
		next.Token, next.Secret = to.Token, cmp.Or(next.Secret, to.Secret)
	}
	*to = next
}

func (a *API) appView(app sandbox.App) App {
	return App{
		AppCode: app.Code, ClientKey: app.ClientKey, Name: app.Name, Mchids: app.Mchids, NotifyURL: app.NotifyURL, AppID: app.Account.AppID,
		Seed: app.Seed, Currency: app.Currencies, PayTypes: app.PayTypes, PayDirectories: app.Account.PayDirectories, OfficialAccount: accountView(app.Own),
		Settings: settingsView(app.Settings), NotifyDelay: app.Delivery.Delay.String(), Delivery: planView(app.Delivery.Deliveries), Now: a.Gateway.Now(app),
	}
}

// Settings are what differs between QFPay's merchants, and what tests switch on; sandbox.Settings
// says what each does.
type Settings struct {
	Canada             bool   `json:"canada"`
	AmountCases        bool   `json:"amount_cases"`
	DailyBalance       bool   `json:"daily_balance"`
	RateLimit          bool   `json:"rate_limit"`
	RefundDelay        string `json:"refund_delay"`
	Cancelling         string `json:"cancelling"`
	RefundNotifyStatus bool   `json:"refund_notify_status"`
}

// SettingsChange changes what is not null.
type SettingsChange struct {
	Canada             *bool   `json:"canada,omitempty"`
	AmountCases        *bool   `json:"amount_cases,omitempty"`
	DailyBalance       *bool   `json:"daily_balance,omitempty"`
	RateLimit          *bool   `json:"rate_limit,omitempty"`
	RefundDelay        *string `json:"refund_delay,omitempty"`
	Cancelling         *string `json:"cancelling,omitempty"`
	RefundNotifyStatus *bool   `json:"refund_notify_status,omitempty"`
}

func settingsView(s sandbox.Settings) Settings {
	return Settings{
		Canada: s.Canada, AmountCases: s.AmountCases, DailyBalance: s.DailyBalance, RateLimit: s.RateLimit,
		RefundDelay: s.RefundDelay.String(), Cancelling: s.Cancelling.Word(), RefundNotifyStatus: s.RefundNotifyStatus,
	}
}

// check refuses what cannot be read at all; whether it is allowed is the Gateway's to say.
func (c SettingsChange) check() error {
	if c.RefundDelay != nil {
		if _, err := duration("settings.refund_delay", *c.RefundDelay); err != nil {
			return err
		}
	}
	return nil
}

// apply makes a change that was checked.
func (c SettingsChange) apply(to *sandbox.Settings) {
	set(&to.Canada, c.Canada)
	set(&to.AmountCases, c.AmountCases)
	set(&to.DailyBalance, c.DailyBalance)
	set(&to.RateLimit, c.RateLimit)
	set(&to.RefundNotifyStatus, c.RefundNotifyStatus)
	if c.RefundDelay != nil {
		to.RefundDelay, _ = duration("", *c.RefundDelay) // checked before
	}
	if c.Cancelling != nil {
		to.Cancelling = sandbox.ParseCancelling(*c.Cancelling)
	}
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}
