package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Notification is QFPay's asynchronous POST to the merchant, kept as the bytes that are sent.
type Notification struct {
	ID         uint64
	App        AppCode
	OutTradeNo OutTradeNo
	Syssn      Syssn
	URL        string
	Body       []byte
	// Sign is the header X-QF-SIGN: upper-case MD5 of Body and client_key.
	Sign      string
	CreatedAt time.Time
	// Pending is true until it was acknowledged or the ladder ended; NextAt is when it is due then.
	Pending  bool
	NextAt   time.Time
	Attempts []Attempt
}

// Attempt is one try to deliver.
type Attempt struct {
	// At is the App's time.
	At time.Time
	// Status is the answer's, 0 when none came; Answer its body, cut to 1,024 bytes.
	Status int
	Answer string
	Error  string
	// Acknowledged is the verdict: HTTP 200 and exactly SUCCESS.
	Acknowledged bool
}

// Ladder is how long after a refused attempt the next one is due: seven retries, then QFPay gives
// up (qfpay-api 4).
var Ladder = []time.Duration{
	2 * time.Minute, 10 * time.Minute, 10 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour, 15 * time.Hour,
}

// Acknowledges reports whether an answer stops the retries: HTTP 200 and SUCCESS in upper case,
// white space around it aside (quirk 31).
func Acknowledges(status int, body string) bool {
	return status == 200 && strings.TrimSpace(body) == "SUCCESS"
}

// Tried adds an attempt and says when the next is due, if any. What is settled stays settled: an
// attempt made by hand afterwards starts no new ladder.
func (n *Notification) Tried(a Attempt) {
	n.Attempts = append(n.Attempts, a)
	if n.Pending = n.Pending && !a.Acknowledged && len(n.Attempts) <= len(Ladder); n.Pending {
		n.NextAt = a.At.Add(Ladder[len(n.Attempts)-1])
	}
}

// Describe is the notification's state in one line for people.
func (n Notification) Describe() string {
	if n.Pending {
		return fmt.Sprintf("attempt %d due at %s", len(n.Attempts)+1, FormatTime(n.NextAt))
	}
	if i := slices.IndexFunc(n.Attempts, func(a Attempt) bool { return a.Acknowledged }); i >= 0 {
		return fmt.Sprintf("acknowledged at attempt %d", i+1)
	}
	return fmt.Sprintf("given up after %d attempts", len(n.Attempts))
}

// paymentNotification makes the notification of a paid order, first due after the App's delivery
// delay. It goes to the order's own notify_url if it has one (assumption 8). False: nobody to tell.
func paymentNotification(a App, t Transaction) (Notification, bool) {
	to := t.NotifyURL
	if to == "" {
		to = a.NotifyURL
	}
	if to == "" {
		return Notification{}, false
	}
	body := qfpay.PaymentNotification{
		PayType: t.PayType, Sysdtm: FormatTime(t.CreatedAt), Paydtm: FormatTime(t.PaidAt), GoodsName: t.GoodsName,
		Txcurrcd: t.Currency, Txdtm: t.Txdtm, Mchid: string(t.Mchid), Txamt: t.Amount.String(), OutTradeNo: string(t.OutTradeNo),
		Syssn: string(t.Syssn), Chnlsn: t.Chnlsn,
		Cardcd: string(t.OpenID),
	}.Object().Bytes()
	return Notification{
		App: a.Code, OutTradeNo: t.OutTradeNo, Syssn: t.Syssn, URL: to, Body: body, Sign: qfpay.SignBody(body, a.ClientKey),
		CreatedAt: t.PaidAt, Pending: true, NextAt: t.PaidAt.Add(a.Delivery.Delay),
	}, true
}
