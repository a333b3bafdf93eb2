package sandbox

import (
	"testing"
	"unicode/utf8"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// What a finding suggests can be sent: a suggestion that is refused in turn would be worse than none.
func FuzzMeant(f *testing.F) {
	for _, seed := range []string{"10.50", "1,000.50", "1.000,50", "1e2", "1e999", "-1", "HK$10", "１００", "0", "00", ".", ",", "1,,2", "12345678901.5", "é1.5", "\xff1",
		"2026-03-14T10:00:00Z", "1773453600", "9999999999999", "2026-02-30 10:00:00", "Sat Mar 14 10:00:00 CST 2026", "2026-03-14%2010%3A00%3A00", "0000-01-01"} {
		f.Add(seed, "HKD")
		f.Add(seed, "JPY")
	}
	f.Fuzz(func(t *testing.T, text, currency string) {
		if kind, want := amountMeant(text, qfpay.Currency(currency)); want != "" {
			if _, err := ParseAmount(want); err != nil || kind == "" {
				t.Errorf("txamt %q was meant as %q (%s), which is no amount: %v", text, want, kind, err)
			}
		}
		if form, want := timeMeant(text); want != "" {
			if _, ok := parseTime(want); !ok || form == "" {
				t.Errorf("the time %q was meant as %q (%s), which is none", text, want, form)
			}
		}
		if short := shorten(text); len([]rune(short)) > shownMost+40 || utf8.ValidString(text) && !utf8.ValidString(short) {
			t.Errorf("%q is shortened to %q", text, short)
		}
		_ = Shown(text)
		lookalike("out_trade_no", []string{text, currency})
	})
}
