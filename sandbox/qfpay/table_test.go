package qfpay_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// wellFormed checks what all tables promise: codes of one shape, none twice, every other column filled.
func wellFormed(t *testing.T, shape string, count int, rows [][]string) {
	t.Helper()
	if len(rows) != count {
		t.Errorf("got %d rows want %d", len(rows), count)
	}
	seen := map[string]bool{}
	for _, row := range rows {
		if !regexp.MustCompile(shape).MatchString(row[0]) {
			t.Errorf("code %q is not %s", row[0], shape)
		}
		if seen[row[0]] {
			t.Errorf("code %s twice", row[0])
		}
		seen[row[0]] = true
		if slices.Contains(row, "") {
			t.Errorf("code %s has an empty column: %q", row[0], row)
		}
		if source := row[len(row)-1]; !strings.HasPrefix(source, "documented: ") && !strings.HasPrefix(source, "observed") {
			t.Errorf("code %s: source %q names neither a document nor an observation", row[0], source)
		}
	}
}

func TestRespcds(t *testing.T) {
	var rows [][]string
	var codes []qfpay.Respcd
	for _, row := range qfpay.Respcds() {
		rows = append(rows, []string{string(row.Code), row.Meaning, row.Outcome.String(), row.Source})
		codes = append(codes, row.Code)
		if got, found := row.Code.Row(); !found || got != row {
			t.Errorf("%s.Row(): got %v, %v want %v", row.Code, got, found, row)
		}
		if row.Code.Pending() && row.Outcome != qfpay.Unknown {
			t.Errorf("%s is pending but %v", row.Code, row.Outcome)
		}
	}
	wellFormed(t, `^[0-9]{4}$`, 103, rows)
	if !slices.IsSorted(codes) {
		t.Error("rows are not ascending")
	}
	if row, found := qfpay.Respcd("9999").Row(); found {
		t.Errorf("9999: got %v want nothing", row)
	}
}

func TestRespcdOutcomes(t *testing.T) {
	tests := []struct {
		code    qfpay.Respcd
		outcome qfpay.Outcome
		pending bool
	}{
		{"0000", qfpay.Success, false}, {"1100", qfpay.Retry, false}, {"1104", qfpay.Final, false},
		{"1142", qfpay.Final, false}, {"1143", qfpay.Unknown, true}, {"1145", qfpay.Unknown, true},
		{"1161", qfpay.Unknown, false}, {"1252", qfpay.Unknown, false}, {"1298", qfpay.Unknown, true},
		{"2007", qfpay.Final, false}, {"2999", qfpay.Unknown, false},
	}
	for _, tt := range tests {
		row, found := tt.code.Row()
		if !found || row.Outcome != tt.outcome || tt.code.Pending() != tt.pending {
			t.Errorf("%s: got %v, pending %v want %v, pending %v", tt.code, row.Outcome, tt.code.Pending(), tt.outcome, tt.pending)
		}
	}
}

func TestPayTypes(t *testing.T) {
	var rows [][]string
	current := 0
	for _, row := range qfpay.PayTypes() {
		rows = append(rows, []string{string(row.Code), row.Name, row.Wallet, string(row.Flow), row.Source})
		if row.Current {
			current++
		}
		if row.Flow == qfpay.FlowUnknown {
			t.Errorf("%s has no flow", row.Code)
		}
		if got, found := row.Code.Row(); !found || got != row {
			t.Errorf("%s.Row(): got %v, %v want %v", row.Code, got, found, row)
		}
	}
	wellFormed(t, `^80[0-9]{4}$`, 80, rows)
	if current != 36 {
		t.Errorf("got %d current ones want 36", current)
	}
	if row, _ := qfpay.WeChatJSAPI.Row(); row.Code != "800207" || row.Flow != qfpay.FlowJSAPI || !row.Current {
		t.Errorf("WeChat JSAPI: got %v", row)
	}
	if row, found := qfpay.PayType("800999").Row(); found {
		t.Errorf("800999: got %v want nothing", row)
	}
}

func TestCurrencies(t *testing.T) {
	var rows [][]string
	for _, row := range qfpay.Currencies() {
		rows = append(rows, []string{string(row.Code), row.Source})
		want := 2
		if row.Code == "JPY" {
			want = 0
		}
		if row.Exponent != want {
			t.Errorf("%s: got %d decimals want %d", row.Code, row.Exponent, want)
		}
	}
	wellFormed(t, `^[A-Z]{3}$`, 13, rows)
	for _, unlisted := range []qfpay.Currency{"", "hkd", "BTC"} {
		if row, found := unlisted.Row(); found {
			t.Errorf("%q: got %v want nothing", unlisted, row)
		}
	}
}

func TestCurrencyFormat(t *testing.T) {
	tests := []struct {
		currency qfpay.Currency
		minor    int64
		want     string
	}{
		{"HKD", 300, "HKD 3.00"}, {"HKD", 0, "HKD 0.00"}, {"HKD", 1, "HKD 0.01"}, {"HKD", 12, "HKD 0.12"},
		{"HKD", -1, "HKD -0.01"}, {"HKD", -300, "HKD -3.00"}, {"JPY", 300, "JPY 300"}, {"JPY", 0, "JPY 0"}, {"JPY", -5, "JPY -5"},
		{"THB", 123456789, "THB 1234567.89"}, {"XXX", 5, "XXX 0.05"}, {"USD", -1 << 63, "USD -92233720368547758.08"},
	}
	for _, tt := range tests {
		if got := tt.currency.Format(tt.minor); got != tt.want {
			t.Errorf("%s %d: got %q want %q", tt.currency, tt.minor, got, tt.want)
		}
	}
}

// A caller that changes the table it was handed must not change the next one's.
func TestTablesAreCopies(t *testing.T) {
	qfpay.Respcds()[0].Meaning, qfpay.PayTypes()[0].Name, qfpay.Currencies()[0].Exponent = "changed", "changed", 9
	if qfpay.Respcds()[0].Meaning == "changed" || qfpay.PayTypes()[0].Name == "changed" || qfpay.Currencies()[0].Exponent == 9 {
		t.Error("a table can be changed from outside")
	}
}
