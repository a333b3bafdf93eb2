package qfpay

import "strconv"

// Currency is an ISO 4217 code in capitals.
type Currency string

// CurrencyRow is a currency QFPay's documents list.
type CurrencyRow struct {
	Code     Currency
	Exponent int // decimals between the minor unit of txamt and what people read
	Source   string
}

// Where the exponents come from.
const (
	listed = "documented: currency list, amounts in the minor unit"
	// The Japan reference calls txamt the currency's minimum price unit and its sample is "1"; the yen has no smaller one.
	yen = "documented: currency list; Japan reference: minimum price unit"
	// The documents never discuss the rupiah. Its sen are out of use, which would argue for none, yet the only rule
	// QFPay states is "100 = 1.00" and ISO 4217 gives two decimals, so two are assumed.
	rupiah = "documented: currency list; two decimals assumed from ISO 4217"
)

var currencies = [...]CurrencyRow{
	{"AED", 2, listed}, {"AUD", 2, listed}, {"CAD", 2, listed}, {"CNY", 2, listed}, {"EUR", 2, listed},
	{"HKD", 2, listed}, {"IDR", 2, rupiah}, {"JPY", 0, yen}, {"MMK", 2, listed}, {"MYR", 2, listed},
	{"SGD", 2, listed}, {"THB", 2, listed}, {"USD", 2, listed},
}

// Currencies is the table, in the order of the code. Which of them an account may use is not published.
func Currencies() []CurrencyRow { return append([]CurrencyRow(nil), currencies[:]...) }

// Row is the table's row for c; false if QFPay does not list it.
func (c Currency) Row() (CurrencyRow, bool) {
	for i := range currencies {
		if currencies[i].Code == c {
			return currencies[i], true
		}
	}
	return CurrencyRow{}, false
}

// Format writes an amount of minor units for people: "HKD 3.00", "JPY 300". A currency that is not listed gets two
// decimals.
func (c Currency) Format(minor int64) string {
	exponent := 2
	if row, ok := c.Row(); ok {
		exponent = row.Exponent
	}
	b := append(make([]byte, 0, 32), c...)
	b = append(b, ' ')
	n := uint64(minor)
	if minor < 0 {
		b = append(b, '-')
		n = -n
	}
	digits := strconv.AppendUint(nil, n, 10)
	for len(digits) <= exponent {
		digits = append([]byte{'0'}, digits...)
	}
	whole := len(digits) - exponent
	b = append(b, digits[:whole]...)
	if exponent > 0 {
		b = append(b, '.')
		b = append(b, digits[whole:]...)
	}
	return string(b)
}
