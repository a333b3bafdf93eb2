package clinic

import (
	"math/big"
	"strconv"
	"strings"
)

// mostDigits bounds the numbers that are written anew.
const mostDigits = 40

// numbers gives other forms of the values that are numbers, the amount's first.
func numbers(q *request, yield func(arg) bool) {
	for _, amounts := range [...]bool{true, false} {
		for i, it := range q.full {
			if it.Value == "" || len(it.Value) > mostDigits || strings.Contains(it.Name, "amt") != amounts {
				continue
			}
			// out_trade_no in cents is nothing anybody does.
			for n, form := range numberForms(it.Value, amounts) {
				if form != it.Value && !yield(arg{i: i, s: form, rare: !amounts || n >= 4}) {
					return
				}
			}
		}
	}
}

// numberForms writes a number in the ways that languages and hands do; nil: it is none.
func numberForms(value string, amount bool) []string {
	whole, fraction, isDecimal := strings.Cut(value, ".")
	plain := strings.ReplaceAll(whole, ",", "")
	if !digits(strings.TrimPrefix(plain, "-")) || isDecimal && !digits(fraction) {
		return nil
	}
	number := plain
	if isDecimal {
		number += "." + fraction
	}
	f, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return nil
	}
	short := strings.TrimLeft(plain, "0")
	if short == "" {
		short = "0"
	}
	var forms []string
	add := func(form string) { forms = append(forms, form) }
	add(short + ".0")
	add(short + ".00")
	if amount {
		for places, per := range [...]float64{100, 10, 1000} {
			add(strconv.FormatFloat(f/per, 'f', -1, 64))
			add(strconv.FormatFloat(f/per, 'f', 2-places%2, 64))
			add(strconv.FormatFloat(f*per, 'f', -1, 64))
			add(strconv.FormatFloat(f*per, 'f', 1, 64))
		}
		add(strconv.FormatFloat(f/100, 'f', 1, 64))
		add(strconv.FormatFloat(f*100, 'f', 2, 64))
	}
	if short != whole || isDecimal {
		add(short)
	}
	add(grouped(short, ","))
	add(grouped(short, ",") + ".00")
	add(grouped(short, "."))
	add(grouped(short, " "))
	add(grouped(short, "'"))
	// Exponents: Go's and C's, Java's, JavaScript's, PHP's with 14 digits.
	exponent := strconv.FormatFloat(f, 'e', -1, 64)
	add(exponent)
	add(strings.ToUpper(exponent))
	mantissa, power, _ := strings.Cut(exponent, "e")
	if n, err := strconv.Atoi(power); err == nil {
		at := strconv.Itoa(n)
		fractional := mantissa
		if !strings.Contains(mantissa, ".") {
			fractional += ".0"
		}
		add(mantissa + "e" + at)
		add(mantissa + "E" + at)
		add(mantissa + "E+" + at)
		add(mantissa + "e+" + at)
		add(fractional + "E" + at)
		add(fractional + "E+" + at)
		add(fractional + "e+" + at)
	}
	if len(short) > 14 {
		rounded := strings.ToUpper(strconv.FormatFloat(f, 'e', 13, 64))
		mantissa, power, _ := strings.Cut(rounded, "E")
		add(strings.TrimRight(mantissa, "0") + "E" + power)
		add(throughFloat(f))
	}
	if fraction != "" {
		add(plain + "." + strings.TrimRight(fraction, "0"))
		add(plain + "," + fraction)
		add(strings.Replace(strconv.FormatFloat(f, 'f', 2, 64), ".", "", 1))
	}
	add("+" + short)
	add("0" + short)
	if len(short) <= 18 {
		n, _ := strconv.ParseUint(short, 10, 64)
		add(strconv.FormatUint(n, 16))
		add(strconv.FormatInt(int64(int32(n)), 10))
	}
	return forms
}

// throughFloat is a whole number after it went through a JavaScript number.
func throughFloat(f float64) string {
	if f < 1e21 {
		if text := strconv.FormatFloat(f, 'e', -1, 64); strings.Contains(text, "e") {
			mantissa, power, _ := strings.Cut(text, "e")
			n, _ := strconv.Atoi(power)
			all := strings.Replace(mantissa, ".", "", 1)
			if missing := n + 1 - len(all); missing >= 0 {
				return all + strings.Repeat("0", missing)
			}
		}
	}
	whole, _ := big.NewFloat(f).Int(nil)
	return whole.String()
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// grouped puts a separator between thousands.
func grouped(number, separator string) string {
	sign := ""
	if strings.HasPrefix(number, "-") {
		sign, number = "-", number[1:]
	}
	for at := len(number) - 3; at > 0; at -= 3 {
		number = number[:at] + separator + number[at:]
	}
	return sign + number
}
