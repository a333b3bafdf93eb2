package control

import (
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// The control interface's own JSON. Durations are Go's notation ("2m30s"), times RFC 3339.

// The names of things, for those who import this package only.
type (
	AppCode    = sandbox.AppCode
	OutTradeNo = sandbox.OutTradeNo
	PayerID    = sandbox.PayerID
	Mchid      = sandbox.Mchid
	Behaviour  = sandbox.Behaviour
)

// About is which sandbox answers, and where browsers and merchants reach its vendor surface.
type About struct {
	Version string `json:"version"`
	URL     string `json:"url"`
}

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
	// NotifyDelay is how long after payment the first notification is due.
	NotifyDelay string    `json:"notify_delay"`
	Now         time.Time `json:"now"`
}

// NewApp asks for an App. What is left empty is chosen by the sandbox.
type NewApp struct {
	AppCode     sandbox.AppCode  `json:"app_code,omitempty"`
	ClientKey   string           `json:"client_key,omitempty"`
	Name        string           `json:"name,omitempty"`
	Mchids      []sandbox.Mchid  `json:"mchids,omitempty"`
	NotifyURL   string           `json:"notify_url,omitempty"`
	Seed        string           `json:"seed,omitempty"`
	Currency    []qfpay.Currency `json:"currencies,omitempty"`
	NotifyDelay string           `json:"notify_delay,omitempty"`
}

// AppChange changes what is not null.
type AppChange struct {
	Name        *string `json:"name,omitempty"`
	NotifyURL   *string `json:"notify_url,omitempty"`
	NotifyDelay *string `json:"notify_delay,omitempty"`
}

// Payer is a person with a phone.
type Payer struct {
	ID        sandbox.PayerID   `json:"id"`
	Name      string            `json:"name"`
	Behaviour sandbox.Behaviour `json:"behaviour"`
}

// PayerChange changes what is not null.
type PayerChange struct {
	Name      *string            `json:"name,omitempty"`
	Behaviour *sandbox.Behaviour `json:"behaviour,omitempty"`
}

// Advance asks for a later time.
type Advance struct {
	By string `json:"by"`
}

// Clock is an App's time, and how many notification attempts were made on the way to it.
type Clock struct {
	Now      time.Time `json:"now"`
	QFPay    string    `json:"qfpay"` // as sysdtm writes it
	Attempts int       `json:"attempts"`
}

// Notification is one asynchronous message and its attempts.
type Notification struct {
	ID         uint64             `json:"id"`
	OutTradeNo sandbox.OutTradeNo `json:"out_trade_no"`
	URL        string             `json:"url"`
	Body       string             `json:"body"`
	Sign       string             `json:"sign"`
	State      string             `json:"state"`
	Pending    bool               `json:"pending"`
	NextAt     *time.Time         `json:"next_at"`
	Attempts   []Attempt          `json:"attempts"`
}

// Attempt is one try to deliver.
type Attempt struct {
	At           time.Time `json:"at"`
	Status       int       `json:"status"`
	Answer       string    `json:"answer"`
	Error        string    `json:"error"`
	Acknowledged bool      `json:"acknowledged"`
}

// Exchange is one line of the journal. Bodies are text; bytes that are no UTF-8 show as U+FFFD.
type Exchange struct {
	Seq           uint64              `json:"seq"`
	App           sandbox.AppCode     `json:"app"`
	At            time.Time           `json:"at"`
	TookMicros    int64               `json:"took_micros"`
	Surface       string              `json:"surface"`
	Method        string              `json:"method"`
	URL           string              `json:"url"`
	Path          string              `json:"path"`
	RequestHeader map[string][]string `json:"request_header"`
	RequestBody   string              `json:"request_body"`
	RequestCut    int                 `json:"request_cut"` // bytes of the body not kept
	Status        int                 `json:"status"`
	AnswerHeader  map[string][]string `json:"answer_header"`
	AnswerBody    string              `json:"answer_body"`
	AnswerCut     int                 `json:"answer_cut"`
	Error         string              `json:"error"`
	Respcd        qfpay.Respcd        `json:"respcd"`
	Fidelity      sandbox.Fidelity    `json:"fidelity"`
	OutTradeNo    sandbox.OutTradeNo  `json:"out_trade_no"`
	Syssn         sandbox.Syssn       `json:"syssn"`
	Payer         sandbox.PayerID     `json:"payer"`
	OpenID        sandbox.OpenID      `json:"openid"`
	Findings      []Finding           `json:"findings"`
}

// Finding is one conclusion about an exchange.
type Finding struct {
	ID     string `json:"id"`
	Detail string `json:"detail"`
}

// JournalPage is a stretch of the journal; Mark is the since of the next call.
type JournalPage struct {
	Mark      uint64     `json:"mark"`
	Dropped   uint64     `json:"dropped"`
	Exchanges []Exchange `json:"exchanges"`
}

// FindingRow is a kind of finding.
type FindingRow struct {
	ID     string `json:"id"`
	Means  string `json:"means"`
	Change string `json:"change"`
	Clause string `json:"clause"`
}
