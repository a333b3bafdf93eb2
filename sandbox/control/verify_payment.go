package control

import (
	"fmt"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// onePayment is "exactly one payment for this number, after one openid": one accepted payment; where it
// names an openid, exactly one exchange of a code for that since the App's last payment with it; no
// cashier that shows another amount or currency; and a genuine notification that was acknowledged.
func (s *facts) onePayment(v *Verified, number sandbox.OutTradeNo) {
	paid := -1
	var accepted, refused []uint64
	for i, f := range s.list {
		switch {
		case f.call != sandbox.AtPayment || f.order != number:
		case !f.accepted:
			refused = append(refused, f.seq)
		default:
			if paid < 0 {
				paid = i
			}
			accepted = append(accepted, f.seq)
		}
	}
	actual := fmt.Sprint(len(accepted))
	if len(accepted) == 0 && len(refused) > 0 {
		actual = fmt.Sprintf("0, and %d refused", len(refused))
		accepted = refused
	}
	v.check(paid >= 0 && len(accepted) == 1, Checked{"accepted payments with out_trade_no " + string(number), "exactly 1", actual, accepted})
	if paid >= 0 {
		s.oneLogin(v, paid)
	}
	s.cashiersAgree(v)
	var told, acknowledged []uint64
	for i, f := range s.list {
		if f.notification == "payment" && !f.mustRefuse && s.belongs(i) {
			told = append(told, f.seq)
			if f.acknowledged {
				acknowledged = append(acknowledged, f.seq)
			}
		}
	}
	actual = fmt.Sprintf("%d of %d", len(acknowledged), len(told))
	if len(acknowledged) > 0 {
		told = acknowledged
	}
	v.check(len(acknowledged) > 0, Checked{"acknowledged notifications of the payment", "at least 1", actual, told})
}

func (s *facts) oneLogin(v *Verified, paid int) {
	f := s.list[paid]
	if !f.usesOpenID {
		v.check(true, Checked{"logins for the payment", "none: it names no openid", "none looked for", nil})
		return
	}
	var logins []uint64
	for _, i := range s.fresh[paid] {
		if login := s.list[i]; login.call == sandbox.AtOpenID && login.accepted {
			logins = append(logins, login.seq)
		}
	}
	v.check(len(logins) == 1, Checked{fmt.Sprintf("codes exchanged for openid %s since the App's last payment with it", f.openID), "exactly 1", fmt.Sprint(len(logins)), logins})
}

func (s *facts) cashiersAgree(v *Verified) {
	visits := 0
	var differ []uint64
	for i, f := range s.list {
		if f.surface != "cashier" || !s.belongs(i) {
			continue
		}
		visits++
		if f.differs {
			differ = append(differ, f.seq)
		}
	}
	v.check(len(differ) == 0, Checked{"cashier pages with another amount or currency than the payment's", "none", fmt.Sprintf("%d of %d", len(differ), visits), differ})
}
