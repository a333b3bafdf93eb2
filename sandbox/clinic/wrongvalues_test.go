package clinic_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
)

func sortedBy(less func(a, b pair) bool) func(sent, []pair) [][]pair {
	return func(_ sent, p []pair) [][]pair {
		p = append([]pair(nil), p...)
		sort.SliceStable(p, func(i, j int) bool { return less(p[i], p[j]) })
		return [][]pair{p}
	}
}

func valuesBy(fs ...func(string) string) func(sent, []pair) [][]pair {
	return func(_ sent, p []pair) (out [][]pair) {
		for _, f := range fs {
			out = append(out, each(p, f))
		}
		return out
	}
}

var hexDigits = regexp.MustCompile(`%[0-9A-F]{2}`)

func lowerEscapes(s string) string { return hexDigits.ReplaceAllStringFunc(s, strings.ToLower) }

func keep(s, chars string) string {
	for _, c := range chars {
		s = strings.ReplaceAll(s, fmt.Sprintf("%%%02X", c), string(c))
	}
	return s
}

func blank20(s string) string    { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
func component(s string) string  { return keep(blank20(s), "!*'()") }
func phpEncode(s string) string  { return strings.ReplaceAll(url.QueryEscape(s), "~", "%7E") }
func javaEncode(s string) string { return keep(phpEncode(s), "*") }
func dotNet(s string) string     { return lowerEscapes(keep(phpEncode(s), "!*()")) }
func pyQuote(s string) string    { return keep(blank20(s), "/") }
func uri(s string) string        { return keep(component(s), ";,/?:@&=+$#") }
func colons(s string) string     { return keep(blank20(s), ":") }

var encodings = []func(string) string{url.QueryEscape, component, phpEncode, blank20, javaEncode, dotNet, pyQuote, uri, colons,
	func(s string) string { return lowerEscapes(url.QueryEscape(s)) }, func(s string) string { return lowerEscapes(component(s)) }, func(s string) string { return lowerEscapes(blank20(s)) },
	func(s string) string { return lowerEscapes(phpEncode(s)) }, func(s string) string { return lowerEscapes(javaEncode(s)) }, func(s string) string { return lowerEscapes(pyQuote(s)) },
	func(s string) string { return keep(phpEncode(s), "!*()") }, func(s string) string { return keep(url.QueryEscape(s), ":") }}

func twice(f func(string) string) func(string) string {
	return func(s string) string { return f(f(s)) }
}

func utf16Escaped(s string) string {
	return strings.Trim(strconv.QuoteToASCII(s), `"`)
}

// isPlain: strconv's escapes are JSON's for these.
func isPlain(s string) bool {
	for _, r := range s {
		if r < ' ' || r > 0xffff || r == '"' || r == '\\' || r == 0x7f {
			return false
		}
	}
	return true
}

func timesOf(v string) (out []string) {
	at, err := time.Parse("2006-01-02 15:04:05", v)
	if err != nil {
		return nil
	}
	out = append(out, at.Add(time.Second).Format("2006-01-02 15:04:05"), at.Add(-time.Second).Format("2006-01-02 15:04:05"))
	for _, l := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04:05Z", "2006-01-02T15:04:05.000Z", "20060102150405", "2006-01-02"} {
		out = append(out, at.Format(l))
	}
	out = append(out, at.Add(8*time.Hour).Format("2006-01-02 15:04:05"), at.Add(-8*time.Hour).Format("2006-01-02 15:04:05"))
	for i := 2; i <= 60; i++ {
		out = append(out, at.Add(time.Duration(i)*time.Second).Format("2006-01-02 15:04:05"), at.Add(-time.Duration(i)*time.Second).Format("2006-01-02 15:04:05"))
	}
	for _, h := range []time.Duration{1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14} {
		out = append(out, at.Add(h*time.Hour).Format("2006-01-02 15:04:05"), at.Add(-h*time.Hour).Format("2006-01-02 15:04:05"))
	}
	out = append(out, at.Add(5*time.Hour+30*time.Minute).Format("2006-01-02 15:04:05"), strconv.FormatInt(at.Unix(), 10), strconv.FormatInt(at.Unix()-8*3600, 10), strconv.FormatInt((at.Unix()-8*3600)*1000, 10),
		at.Format("2006-01-02 15:04:05.000000"), at.Format("2006/01/02 15:04:05"), at.Format("2006-01-02 15:04"), at.Format("2006-01-02 03:04:05"), at.Format("2006-01-02T15:04:05+08:00"), at.Format(time.RFC1123[:26])+"GMT", at.Format("2006-01-02 15:04:05 +0800 CST"))
	return out
}

// oneOf changes one value at a time.
func oneOf(f func(n, v string) []string) func(sent, []pair) [][]pair {
	return func(_ sent, p []pair) (out [][]pair) {
		for i, x := range p {
			for _, v := range f(x.n, x.v) {
				changed := append([]pair(nil), p...)
				changed[i].v = v
				out = append(out, changed)
			}
		}
		return out
	}
}

var wholeNumber = regexp.MustCompile(`^[1-9][0-9]{0,8}$`)

func amountForms(n, v string) (out []string) {
	if !wholeNumber.MatchString(v) || n != "txamt" {
		return nil
	}
	i, _ := strconv.Atoi(v)
	out = append(out, v+".0", v+".00", strconv.FormatFloat(float64(i)/100, 'f', -1, 64), fmt.Sprintf("%.2f", float64(i)/100))
	return append(out, strconv.Itoa(i*100), fmt.Sprintf("%e", float64(i))[:0]+strings.Replace(strconv.FormatFloat(float64(i), 'e', -1, 64), "e+0", "e", 1), strconv.FormatFloat(float64(i), 'e', -1, 64), thousands(v), "+"+v, "0"+v)
}

func thousands(v string) string {
	out := ""
	for i, c := range v {
		if i > 0 && (len(v)-i)%3 == 0 {
			out += ","
		}
		out += string(c)
	}
	return out
}

func jsonOf(p []pair, comma, colon string, text func(string) string) string {
	var parts []string
	for _, x := range p {
		parts = append(parts, text(x.n)+colon+text(x.v))
	}
	return "{" + strings.Join(parts, comma) + "}"
}

func jsonString(s string) string {
	b, _ := json.Marshal(s)
	for escaped, c := range map[string]string{`\u003c`: "<", `\u003e`: ">", `\u0026`: "&"} {
		b = []byte(strings.ReplaceAll(string(b), escaped, c))
	}
	return string(b)
}

func asciiJSON(s string) string {
	var b strings.Builder
	for _, r := range jsonString(s) {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		}
	}
	return b.String()
}

func phpJSON(s string) string { return strings.ReplaceAll(asciiJSON(s), "/", `\/`) }
