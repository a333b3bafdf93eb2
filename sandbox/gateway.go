package sandbox

import (
	"context"
	"io"
	"sync"
)

// Gateway is QFPay and WeChat as rules. Its fields are its dependencies; all are required, but
// DeliverBeforeReturn where nobody returns, Tokens where there are none, and Recorded where nobody watches.
type Gateway struct {
	Store Store
	Clock Clock
	// Entropy makes what no App's stream makes: the seeds of Apps and the ids of Payers.
	Entropy io.Reader
	// NotificationDue is called after a change that may have made a notification due.
	NotificationDue func()
	// DeliverBeforeReturn makes the first attempt at what the plan of a payment wants delivered before
	// its payer returns, and waits for it, at most as long as an attempt may take. What answers the
	// payer calls it after the payment was settled.
	DeliverBeforeReturn func(ctx context.Context, app AppCode, n Syssn)
	// Tokens are secrets besides the Apps' keys that must not reach the journal: the controls' token, for
	// who sends it to the wrong address.
	Tokens []string
	// Recorded, where set, is shown every exchange as the journal keeps it. It must not block, and
	// keeps nothing of the exchange's bodies and headers: they are used again.
	Recorded func(Exchange)

	// balance lets one refund after the other through where the day's balance decides.
	balance sync.Mutex
}
