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

// Payer is a person with a phone.
type Payer struct {
	ID        sandbox.PayerID   `json:"id"`
	Name      string            `json:"name"`
	Behaviour sandbox.Behaviour `json:"behaviour"`
	// Method is what the wallet pays with: balance, debit or credit.
	Method sandbox.Method `json:"method"`
	// RealName and CreID are of the bank card bound to the wallet; without a CreID none is bound.
	RealName string `json:"real_name"`
	CreID    string `json:"creid"`
	// Delay is how long a slow payer takes.
	Delay string `json:"delay"`
	// Consent is the payer's answer to snsapi_userinfo, Bridge when WeixinJSBridge appears.
	Consent sandbox.Consent `json:"consent"`
	Bridge  sandbox.Bridge  `json:"bridge"`
}

// PayerChange changes what is not null.
type PayerChange struct {
	Name      *string            `json:"name,omitempty"`
	Behaviour *sandbox.Behaviour `json:"behaviour,omitempty"`
	Consent   *sandbox.Consent   `json:"consent,omitempty"`
	Bridge    *sandbox.Bridge    `json:"bridge,omitempty"`
	Method    *sandbox.Method    `json:"method,omitempty"`
	RealName  *string            `json:"real_name,omitempty"`
	CreID     *string            `json:"creid,omitempty"`
	Delay     *string            `json:"delay,omitempty"`
}

// Exchange is one line of the journal. Bodies are text; bytes that are no UTF-8 show as U+FFFD, and the
// whole body stands beside it in base64.
type Exchange struct {
	Seq               uint64              `json:"seq"`
	App               sandbox.AppCode     `json:"app"`
	At                time.Time           `json:"at"`      // by the App's clock
	Started           time.Time           `json:"started"` // in real time
	TookMicros        int64               `json:"took_micros"`
	Surface           string              `json:"surface"`
	Method            string              `json:"method"`
	URL               string              `json:"url"`
	Path              string              `json:"path"`
	RequestHeader     map[string][]string `json:"request_header"`
	RequestBody       string              `json:"request_body"`
	RequestBodyBase64 []byte              `json:"request_body_base64,omitempty"`
	RequestCut        int                 `json:"request_cut"` // bytes of the body not kept
	Status            int                 `json:"status"`
	AnswerHeader      map[string][]string `json:"answer_header"`
	AnswerBody        string              `json:"answer_body"`
	AnswerBodyBase64  []byte              `json:"answer_body_base64,omitempty"`
	AnswerCut         int                 `json:"answer_cut"`
	Error             string              `json:"error"`
	Respcd            qfpay.Respcd        `json:"respcd"`
	Fidelity          sandbox.Fidelity    `json:"fidelity"`
	DecidedBy         string              `json:"decided_by"` // as X-Sandbox-Decided-By says
	OutTradeNo        sandbox.OutTradeNo  `json:"out_trade_no"`
	Syssn             sandbox.Syssn       `json:"syssn"`
	Payer             sandbox.PayerID     `json:"payer"`
	OpenID            sandbox.OpenID      `json:"openid"`
	Findings          []Finding           `json:"findings"`
}

// Finding is one conclusion about an exchange: what its row says of all such, and what this one is.
type Finding struct {
	ID     string `json:"id"`
	Detail string `json:"detail"`
	// Received and Expected are empty where neither can be shown.
	Received string `json:"received,omitempty"`
	Expected string `json:"expected,omitempty"`
	Change   string `json:"change,omitempty"`
	Clause   string `json:"clause,omitempty"`
}

// JournalPage is a stretch of the journal; Mark is the since of the next call.
type JournalPage struct {
	Mark uint64 `json:"mark"`
	// Earlier is the until of the page before, where one counted from the newest may have older ones
	// before it.
	Earlier uint64 `json:"earlier,omitempty"`
	// Dropped counts those there was no room for any more, Oldest is the first that is kept.
	Dropped   uint64     `json:"dropped"`
	Oldest    uint64     `json:"oldest"`
	Exchanges []Exchange `json:"exchanges"`

	size int // sizeOf all of them
}

// RequestBytes is the request's body as it was kept.
func (e *Exchange) RequestBytes() []byte { return bodyBytes(e.RequestBody, e.RequestBodyBase64) }

// AnswerBytes is the answer's body as it was kept.
func (e *Exchange) AnswerBytes() []byte { return bodyBytes(e.AnswerBody, e.AnswerBodyBase64) }

func bodyBytes(text string, raw []byte) []byte {
	if raw != nil {
		return raw
	}
	return []byte(text)
}

// FindingRow is a kind of finding.
type FindingRow struct {
	// Kind is refusal, finding (the request was served) or signature (the mistake behind one).
	Kind   string `json:"kind"`
	ID     string `json:"id"`
	Means  string `json:"means"`
	Change string `json:"change"`
	Clause string `json:"clause"`
}
