package sandbox

import "io"

// Gateway is QFPay and WeChat as rules. Its fields are its dependencies; all are required.
type Gateway struct {
	Store Store
	Clock Clock
	// Entropy makes what no App's stream makes: the seeds of Apps and the ids of Payers.
	Entropy io.Reader
	// NotificationDue is called after a change that may have made a notification due.
	NotificationDue func()
}
