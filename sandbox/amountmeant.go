package sandbox

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// amountMeant reads a txamt that is no whole number of minor units as the person who wrote it may have
// meant it, and says which kind of writing it is. Empty want: nothing to suggest.
func amountMeant(text string, c qfpay.Currency) (kind, want string) {
	row, listed := c.Row()
	if !listed {
		row.Exponent = 2 // as nearly all
	}
	if len(text) > 32 {
		return "", ""
	}
	s := plainDigits(text)
	if isDigits(s) && strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.In(r, unicode.Sc) }) {
		s += "." // who writes HK$10 counts in dollars
	}
	switch {
	case s == "":
		return "", ""
	case strings.HasPrefix(s, "-"):
		return "a negative amount; money goes back with /trade/v1/refund, whose txamt is positive too", ""
	case isDigits(s):
		n, err := ParseAmount(strings.TrimLeft(s, "0"))
		if err != nil {
			return "", ""
		}
		if strings.ContainsAny(text, ",'") && row.Exponent > 0 {
			return fmt.Sprintf("an amount with thousands separators (in major units it would be %s)", n.String()+strings.Repeat("0", row.Exponent)), n.String()
		}
		return "an amount with more around it than digits", n.String()
	}
	if mantissa, exponent, ok := strings.Cut(strings.ToLower(s), "e"); ok {
		if f, err := strconv.ParseFloat(mantissa+"e"+exponent, 64); err == nil && f >= 1 && f <= float64(mostAmount) && f == float64(int64(f)) {
			return "a number in scientific notation", Amount(int64(f)).String()
		}
		return "", ""
	}
	whole, fraction, decimal := strings.Cut(s, ".")
	if !decimal || !isDigits(whole) || fraction != "" && !isDigits(fraction) {
		return "", ""
	}
	kind = fmt.Sprintf("an amount in major units (%s)", orUnit(c))
	if row.Exponent == 0 {
		if strings.Trim(fraction, "0") == "" {
			return fmt.Sprintf("an amount with decimals, which %s does not have", c), trimmedAmount(whole)
		}
		return fmt.Sprintf("an amount with decimals, which %s does not have", c), ""
	}
	if len(fraction) > row.Exponent {
		if strings.Trim(fraction[row.Exponent:], "0") != "" {
			return kind + " with a part smaller than the minor unit", ""
		}
		fraction = fraction[:row.Exponent]
	}
	return kind, trimmedAmount(whole + fraction + strings.Repeat("0", row.Exponent-len(fraction)))
}

// trimmedAmount is the amount of these digits, empty where it is none.
func trimmedAmount(digits string) string {
	n, err := ParseAmount(strings.TrimLeft(digits, "0"))
	if err != nil {
		return ""
	}
	return n.String()
}

func orUnit(c qfpay.Currency) string {
	if c == "" {
		return "dollars, not cents"
	}
	return string(c)
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// plainDigits takes away what people put around numbers: blanks, currency signs and codes, thousands
// separators; wide digits become narrow ones. A comma before one or two last digits is a decimal one.
func plainDigits(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return '0' + (r - '０')
		case r == '，':
			return ','
		case r == '．':
			return '.'
		case r == '−':
			return '-'
		case r == 'e' || r == 'E':
			return r
		case unicode.IsSpace(r), unicode.IsLetter(r), unicode.In(r, unicode.Sc), r == '\'', r == '_', r == '+':
			return -1
		}
		return r
	}, s)
	s = strings.Trim(s, "eE")
	before, last, comma := cutLast(s, ",")
	switch {
	case comma && strings.Contains(last, "."), comma && len(last) == 3:
		return strings.ReplaceAll(s, ",", "")
	case comma && !strings.Contains(before, ",") && !strings.Contains(before, "."):
		return before + "." + last
	case comma: // 1.000,50
		return strings.NewReplacer(".", "", ",", "").Replace(before) + "." + last
	}
	return s
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// refuseAmount is the refusal of a txamt that ParseAmount does not take, with what was probably meant.
func refuseAmount(txamt string, c qfpay.Currency, err error) *Refusal {
	r := RefuseParameter("txamt", txamt, err.Error()).Want("txamt of 1 to 11 digits, in the minor unit")
	r.Expected, r.Change = meantAmount(txamt, c, r.Expected)
	return r
}

// meantAmount words amountMeant: what would have been right, and what to change.
func meantAmount(txamt string, c qfpay.Currency, otherwise string) (expected, change string) {
	kind, want := amountMeant(txamt, c)
	switch {
	case kind == "":
		return otherwise, ""
	case want == "":
		return otherwise, fmt.Sprintf("%s is %s; send a whole number of minor units", Shown(txamt), kind)
	}
	n, _ := strconv.ParseInt(want, 10, 64)
	return "txamt=" + want, fmt.Sprintf("%s is %s; send txamt=%s%s", Shown(txamt), kind, want, inMajor(n, c))
}

func inMajor(minor int64, c qfpay.Currency) string {
	if c == "" {
		return ", digits only"
	}
	return ", which is " + c.Format(minor)
}
