package sandbox

import (
	"fmt"
	"time"
)

// checkTrade judges the parameters every call about an order brings, and gives the amount: what must
// be there first, then each value. Errors: *Refusal. It is the payment's own judgement.
func checkTrade(required []parameter, txamt, txdtm string, others []parameter, now time.Time) (Amount, error) {
	required = append(required, parameter{"txamt", txamt, 0}, parameter{"txdtm", txdtm, 0})
	for _, p := range required {
		if p.value == "" {
			return 0, refuseMissing(p.name)
		}
	}
	amount, err := ParseAmount(txamt)
	if err != nil {
		return 0, refuseAmount(txamt, "", err)
	}
	for _, p := range append(required, others...) {
		if p.most == 0 {
			continue
		}
		if err := checkText(p.value, p.most); err != nil {
			return 0, refuseText(p.name, p.value, p.most, err)
		}
	}
	return amount, checkTxdtm(txdtm, now)
}

// parameter is one text of a request and how many characters it may have.
type parameter struct {
	name, value string
	most        int
}

func checkTxdtm(txdtm string, now time.Time) error {
	if _, ok := parseTime(txdtm); !ok {
		return refuseTime("txdtm", txdtm, fmt.Sprintf("is %s, want YYYY-MM-DD hh:mm:ss such as %s", Shown(txdtm), FormatTime(now)))
	}
	return nil
}
