package sandbox

import (
	"errors"
	"fmt"
	"strconv"
)

// Identifiers are distinct types so that the compiler refuses a swapped pair.
type (
	// AppCode names an App; up to 32 characters, sent as X-QF-APPCODE.
	AppCode string
	// Mchid names a shop of an App; up to 16 characters.
	Mchid string
	// Syssn is QFPay's own transaction number: the date of the App's clock in UTC+8 and 18 digits.
	Syssn string
	// OutTradeNo is the merchant's number, unique per App and mchid over payments and refunds.
	OutTradeNo string
	// OpenID names a payer towards one official account: 28 characters.
	OpenID string
	// PayerID names a Payer of this sandbox; it never reaches a merchant.
	PayerID string
)

// Amount is money in the currency's minor unit (cents for HKD, yen for JPY).
type Amount int64

// String gives the decimal digits QFPay puts on the wire.
func (a Amount) String() string { return strconv.FormatInt(int64(a), 10) }

// mostAmount has the eleven digits of QFPay's Int(11).
const mostAmount Amount = 99_999_999_999

// ParseAmount reads a txamt as QFPay documents it: Int(11), digits only, at least 1 (qfpay-api 6.5).
func ParseAmount(s string) (Amount, error) {
	if s == "" {
		return 0, errors.New("is empty")
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0, fmt.Errorf("is %s, want whole minor units such as 300 for 3.00: digits only, no point, sign or blank", Shown(s))
		}
	}
	if len(s) > 11 {
		return 0, fmt.Errorf("is %s, which has more than 11 digits", Shown(s))
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("is %q, want at least 1", s)
	}
	return Amount(n), nil
}
