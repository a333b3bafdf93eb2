package sandbox

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// plainWord reports whether s is 1 to most ASCII letters and digits.
func plainWord(s string, most int) bool {
	if s == "" || len(s) > most {
		return false
	}
	for _, r := range s {
		if !(r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z') {
			return false
		}
	}
	return true
}

// printable reports whether s is not empty and holds no control character and no broken UTF-8.
func printable(s string) bool {
	for _, r := range s {
		if r == unicode.ReplacementChar || unicode.IsControl(r) {
			return false
		}
	}
	return s != ""
}

// checkWebAddress says what is wrong with an absolute http(s) address of at most this many characters.
func checkWebAddress(s string, most int) error {
	if n := utf8.RuneCountInString(s); n > most {
		return fmt.Errorf("has %d characters, want at most %d", n, most)
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || strings.ContainsAny(u.Host, "<>\"'\\^`{|}") || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("is %s, want an absolute address such as https://shop.example/notify", Shown(s))
	}
	return nil
}

// shownMost is how many characters of a merchant's value a finding repeats.
const shownMost = 200

// shorten gives the first characters of a long value, and how many there were.
func shorten[T ~string](v T) string {
	s := string(v)
	if len(s) <= shownMost {
		return s
	}
	n := 0
	for at := range s {
		if n == shownMost {
			return fmt.Sprintf("%s… (%d characters)", s[:at], utf8.RuneCountInString(s))
		}
		n++
	}
	return s
}

// Shortened is shorten for the surfaces.
func Shortened(s string) string { return shorten(s) }

// Shown is a merchant's value as findings repeat it: in quotes, the first 200 characters of it.
func Shown[T ~string](v T) string {
	if len(v) <= shownMost {
		return strconv.Quote(string(v))
	}
	short, rest, _ := strings.Cut(shorten(v), "… (")
	if rest == "" {
		return strconv.Quote(short)
	}
	return strconv.Quote(short) + "… (" + rest
}

// currencyList names the currencies given, or all that QFPay documents.
func currencyList(cs []qfpay.Currency) string {
	if cs == nil {
		for _, row := range qfpay.Currencies() {
			cs = append(cs, row.Code)
		}
	}
	names := make([]string, len(cs))
	for i, c := range cs {
		names[i] = string(c)
	}
	return strings.Join(names, " ")
}
