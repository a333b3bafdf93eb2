package clinic_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"html"
	"net/url"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
)

// This file signs wrongly, in every way the clinic has a name for, with none of the clinic's code:
// what the clinic says has to be true of what somebody else did.

type pair struct{ n, v string }

// sent is a request: its parameters as they were meant, the first few of them in the query.
type sent struct {
	pairs   []pair
	inQuery int
	sha     bool
	key     string
	old     string
	appCode string
	others  []string // keys
}

// wrong is one mistake, in one step of five; each step gives the variants a caller may make. often
// is how many of them are also made together with others.
type wrong struct {
	id    string
	often int
	list  func(s sent, p []pair) [][]pair
	text  func(s sent, p []pair) []string
	key   func(s sent) []string
	join  func(text, key string) []string
	made  func(s sent, text, message string) []string
	// noKey: the key is not appended.
	noKey bool
}

func (w wrong) step() int {
	switch {
	case w.list != nil:
		return 0
	case w.text != nil:
		return 1
	case w.key != nil:
		return 2
	case w.join != nil:
		return 3
	}
	return 4
}

// signatures gives every signature that these mistakes make together.
func signatures(s sent, base []pair, mistakes []wrong, oftenOnly bool) (all []string) {
	find := func(step int) []wrong {
		var list []wrong
		for _, w := range mistakes {
			if w.step() == step {
				list = append(list, w)
			}
		}
		return list
	}
	cut := func(w wrong, n int) int {
		if oftenOnly {
			return min(w.often, n)
		}
		return n
	}
	lists := [][]pair{base}
	for _, w := range find(0) {
		var next [][]pair
		for _, l := range lists {
			v := w.list(s, l)
			next = append(next, v[:cut(w, len(v))]...)
		}
		lists = next
	}
	for _, l := range lists {
		texts := []string{together(l, "=", "&")}
		for _, w := range find(1) {
			texts = w.text(s, l)
			texts = texts[:cut(w, len(texts))]
		}
		keys := []string{s.key}
		for _, w := range find(2) {
			keys = w.key(s)
			keys = keys[:cut(w, len(keys))]
		}
		for _, w := range mistakes {
			if w.noKey {
				keys = []string{""}
			}
		}
		for _, text := range texts {
			for _, key := range keys {
				messages := []string{text + key}
				for _, w := range find(3) {
					messages = w.join(text, key)
					messages = messages[:cut(w, len(messages))]
				}
				for _, m := range messages {
					digests := []string{plainDigest(s, m)}
					for _, w := range find(4) {
						with := s
						with.key = key
						digests = w.made(with, text, m)
						digests = digests[:cut(w, len(digests))]
					}
					all = append(all, digests...)
				}
			}
		}
	}
	return all
}

func plainDigest(s sent, m string) string {
	if s.sha {
		return digestOf(sha256.New, m)
	}
	return digestOf(md5.New, m)
}

func digestOf(f func() hash.Hash, m string) string {
	h := f()
	h.Write([]byte(m))
	return hex.EncodeToString(h.Sum(nil))
}

func macOf(f func() hash.Hash, key, m string) string {
	h := hmac.New(f, []byte(key))
	h.Write([]byte(m))
	return hex.EncodeToString(h.Sum(nil))
}

func together(p []pair, eq, amp string) string {
	var parts []string
	for _, x := range p {
		parts = append(parts, x.n+eq+x.v)
	}
	return strings.Join(parts, amp)
}

func byNames(p []pair) []pair {
	p = append([]pair(nil), p...)
	sort.SliceStable(p, func(i, j int) bool { return p[i].n < p[j].n || p[i].n == p[j].n && p[i].v < p[j].v })
	return p
}

func withoutEmpty(p []pair) (kept []pair) {
	for _, x := range p {
		if x.v != "" {
			kept = append(kept, x)
		}
	}
	return kept
}

func each(p []pair, f func(string) string) []pair {
	var out []pair
	for _, x := range p {
		out = append(out, pair{x.n, f(x.v)})
	}
	return out
}

func only(p []pair, name string, f func(string) string) []pair {
	var out []pair
	for _, x := range p {
		if x.n == name {
			x.v = f(x.v)
		}
		out = append(out, x)
	}
	return out
}

func plus(p []pair, n, v string) []pair {
	return byNames(append(append([]pair(nil), p...), pair{n, v}))
}

func hasName(p []pair, n string) bool {
	for _, x := range p {
		if x.n == n {
			return true
		}
	}
	return false
}

// arrival gives the list in the order of the request.
func arrival(s sent, p []pair) (out []pair) {
	for _, x := range s.pairs {
		for _, y := range p {
			if y.n == x.n {
				out = append(out, y)
			}
		}
	}
	for _, y := range p {
		if !hasName(s.pairs, y.n) {
			out = append(out, y)
		}
	}
	return out
}

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

func hashed(f func(s sent, text, m string) []string) func(sent, string, string) []string { return f }

func algorithm(s sent) func() hash.Hash {
	if s.sha {
		return sha256.New
	}
	return md5.New
}

func raw64(hexText string) string {
	b, _ := hex.DecodeString(hexText)
	return base64.StdEncoding.EncodeToString(b)
}

var mistakes = []wrong{
	{id: clinic.KeyOfAnotherApp, key: func(s sent) []string { return s.others }},
	{id: clinic.KeyPrevious, often: 1, key: func(s sent) []string { return []string{s.old} }},
	{id: clinic.KeyWhiteSpace, often: 4, key: func(s sent) []string {
		return []string{s.key + "\n", s.key + " ", s.key + "\r\n", " " + s.key, s.key + "\t", "\ufeff" + s.key, "\ufeff" + s.key + "\n", " " + s.key + " ", s.key + "\r", s.key + "\x00", "\u200b" + s.key, "\n" + s.key, s.key + "\u3000", "\r\n" + s.key}
	}},
	{id: clinic.KeyMissing, often: 1, key: func(sent) []string { return []string{""} }},
	{id: clinic.KeyIsAppCode, often: 1, key: func(s sent) []string { return []string{s.appCode} }},
	{id: clinic.KeyLetterCase, often: 2, key: func(s sent) []string { return []string{strings.ToLower(s.key), strings.ToUpper(s.key)} }},
	{id: clinic.KeyPlaceholder, key: func(sent) []string {
		return []string{"client_key", "null", "None", "undefined", "client_key_here", "123456"}
	}},
	{id: clinic.KeyCut, key: func(s sent) []string {
		return []string{s.key[:len(s.key)-1], s.key[1:], s.key[:len(s.key)-2], s.key[:16]}
	}},
	{id: clinic.KeyQuoted, key: func(s sent) []string {
		return []string{`"` + s.key + `"`, "'" + s.key + "'", "<" + s.key + ">", digestOf(md5.New, s.key), base64.StdEncoding.EncodeToString([]byte(s.key)), hex.EncodeToString([]byte(s.key))}
	}},

	{id: clinic.KeySeparator, often: 3, join: func(text, key string) []string {
		var out []string
		for _, s := range []string{"&key=", "&client_key=", "&", " ", "\n", "=", "|", ",", ":", "+", "?", "&appkey=", "&secret=", "key=", "client_key=", "&key:", "\r\n", "&&", "& "} {
			out = append(out, text+s+key)
		}
		return append(out, text+key+"&", text+"&"+key+"&")
	}},
	{id: clinic.KeyFirst, often: 2, join: func(text, key string) []string {
		return []string{key + text, key + "&" + text, "key=" + key + "&" + text, key + "|" + text, key + " " + text, key + "\n" + text, "client_key=" + key + "&" + text, "app_key=" + key + "&" + text, "secret=" + key + "&" + text}
	}},
	{id: clinic.KeyTwice, join: func(text, key string) []string {
		return []string{key + text + key, text + key + key, key + "&" + text + "&" + key}
	}},
	{id: clinic.KeySorted, noKey: true, text: func(s sent, p []pair) (out []string) {
		for _, n := range []string{"key", "client_key", "app_key", "secret"} {
			with := together(plus(p, n, s.key), "=", "&")
			out = append(out, with)
		}
		return out
	}},

	{id: clinic.NotSorted, often: 1, list: func(s sent, p []pair) [][]pair { return [][]pair{arrival(s, p)} }},
	{id: clinic.SortedByPair, often: 1, list: sortedBy(func(a, b pair) bool { return a.n+"="+a.v < b.n+"="+b.v })},
	{id: clinic.SortedCaseInsensitively, often: 2, list: func(s sent, p []pair) [][]pair {
		return append(sortedBy(func(a, b pair) bool {
			x, y := strings.ToLower(a.n), strings.ToLower(b.n)
			return x < y || x == y && a.n > b.n
		})(s, p), sortedBy(func(a, b pair) bool {
			x, y := strings.ToUpper(a.n), strings.ToUpper(b.n)
			return x < y || x == y && a.n > b.n
		})(s, p)...)
	}},
	{id: clinic.SortedBackwards, often: 1, list: sortedBy(func(a, b pair) bool { return a.n > b.n || a.n == b.n && a.v > b.v })},
	{id: clinic.SortedByValue, list: func(s sent, p []pair) [][]pair {
		return sortedBy(func(a, b pair) bool { return a.v < b.v })(s, arrival(s, p))
	}},

	{id: clinic.EmptyKept, list: func(s sent, p []pair) (out [][]pair) {
		for _, n := range []string{"mchid", "goods_name", "udid", "notify_url", "limit_pay", "extend_info", "return_url"} {
			if !hasName(s.pairs, n) {
				out = append(out, plus(p, n, ""))
			}
		}
		return out
	}},
	{id: clinic.EmptyPartlyKept, list: func(s sent, p []pair) (out [][]pair) {
		p = withoutEmpty(p)
		for _, x := range s.pairs {
			if x.v == "" {
				out = append(out, plus(p, x.n, ""))
			}
		}
		return out
	}},
	{id: clinic.EmptyAsWord, list: func(s sent, p []pair) (out [][]pair) {
		for _, word := range []string{"null", "None", "undefined"} {
			filled := append([]pair(nil), withoutEmpty(p)...)
			for _, x := range s.pairs {
				if x.v == "" {
					filled = append(filled, pair{x.n, word})
				}
			}
			out = append(out, byNames(filled))
			for _, n := range []string{"mchid", "goods_name", "udid", "notify_url"} {
				if !hasName(s.pairs, n) {
					out = append(out, plus(p, n, word))
				}
			}
		}
		return out
	}},
	{id: clinic.FalsyDropped, often: 1, list: func(_ sent, p []pair) [][]pair {
		drop := func(words ...string) (out []pair) {
		next:
			for _, x := range p {
				for _, w := range words {
					if x.v == w {
						continue next
					}
				}
				out = append(out, x)
			}
			return out
		}
		return [][]pair{drop("0"), drop("0", "false")}
	}},
	{id: clinic.CoversSign, often: 2, list: func(s sent, p []pair) [][]pair {
		kind := "MD5"
		if s.sha {
			kind = "SHA256"
		}
		return [][]pair{plus(p, "sign", ""), plus(p, "sign_type", kind), plus(p, "sign_type", strings.ToLower(kind))}
	}},
	{id: clinic.CoversAppCode, often: 3, list: func(s sent, p []pair) (out [][]pair) {
		for _, n := range []string{"app_code", "appcode", "X-QF-APPCODE", "appCode", "app_id"} {
			out = append(out, plus(p, n, s.appCode))
		}
		return out
	}},
	{id: clinic.ParameterMissing, often: 3, list: func(s sent, p []pair) (out [][]pair) {
		for i := range p {
			if p[i].v != "" {
				out = append(out, append(append([]pair(nil), p[:i]...), p[i+1:]...))
			}
		}
		return out
	}},
	{id: clinic.ParameterExtra, list: func(s sent, p []pair) (out [][]pair) {
		for _, x := range []pair{{"txzone", "+0800"}, {"udid", "qiantai2"}, {"limit_pay", "no_credit"}, {"version", "1.0"}, {"page", "1"}} {
			if !hasName(s.pairs, x.n) {
				out = append(out, plus(p, x.n, x.v))
			}
		}
		return out
	}},
	{id: clinic.OnlyBody, often: 1, list: func(s sent, p []pair) [][]pair { return s.part(p, false) }},
	{id: clinic.OnlyQuery, often: 1, list: func(s sent, p []pair) [][]pair { return s.part(p, true) }},
	{id: clinic.NothingCovered, often: 1, list: func(sent, []pair) [][]pair { return [][]pair{nil} }},

	{id: clinic.Encoded, often: 5, list: func(s sent, p []pair) [][]pair {
		out := valuesBy(encodings...)(s, p)
		for _, x := range p {
			out = append(out, only(p, x.n, url.QueryEscape), only(p, x.n, component), only(p, x.n, func(s string) string { return lowerEscapes(url.QueryEscape(s)) }))
		}
		return out
	}},
	{id: clinic.EncodedTwice, list: valuesBy(twice(url.QueryEscape), twice(component), twice(phpEncode), twice(javaEncode), twice(dotNet), twice(pyQuote))},
	{id: clinic.NumberFormat, often: 4, list: oneOf(amountForms)},
	{id: clinic.BooleanFormat, list: oneOf(func(_, v string) []string {
		switch v {
		case "true":
			return []string{"True", "1", "TRUE"}
		case "false":
			return []string{"False", "0", ""}
		}
		return nil
	})},
	{id: clinic.TimestampDiffers, often: 5, list: oneOf(func(_, v string) []string { return timesOf(v) })},
	{id: clinic.ValuesTrimmed, often: 1, list: valuesBy(strings.TrimSpace, func(s string) string { return strings.TrimRight(s, " \r\n\t") }, func(s string) string { return strings.Join(strings.Fields(s), " ") }, func(s string) string { return strings.ReplaceAll(s, " ", "") })},
	{id: clinic.LineEnds, list: valuesBy(func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }, func(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n") })},
	{id: clinic.UnicodeEscaped, list: func(_ sent, p []pair) [][]pair {
		inner := func(s string) string { s = asciiJSON(s); return s[1 : len(s)-1] }
		for _, x := range p {
			if !isPlain(x.v) {
				return [][]pair{each(p, inner), each(p, func(s string) string { return strings.ReplaceAll(inner(s), "/", `\/`) })}
			}
		}
		return [][]pair{each(p, utf16Escaped), each(p, func(s string) string {
			return regexp.MustCompile(`\\u[0-9a-f]{4}`).ReplaceAllStringFunc(utf16Escaped(s), func(e string) string { return `\u` + strings.ToUpper(e[2:]) })
		}), each(p, func(s string) string { return strings.ReplaceAll(s, "/", `\/`) }), each(p, inner)}
	}},
	{id: clinic.HTMLEscaped, list: valuesBy(html.EscapeString, strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#039;").Replace, strings.NewReplacer("'", `\'`, `"`, `\"`, `\`, `\\`).Replace)},
	{id: clinic.ValueCut, list: oneOf(func(_, v string) (out []string) {
		for _, c := range []string{"=", "&", "?", "#", " "} {
			if before, _, found := strings.Cut(v, c); found && before != "" {
				out = append(out, before)
			}
		}
		return out
	})},
	{id: clinic.ValueChangedOnWay, list: func(s sent, p []pair) [][]pair {
		out := [][]pair{each(p, func(v string) string { return strings.ReplaceAll(v, " ", "+") })}
		for _, x := range p {
			if x.v != "" {
				out = append(out, only(p, x.n, func(v string) string { return v + " " }), only(p, x.n, func(v string) string { return v + "\n" }), only(p, x.n, func(v string) string { return " " + v }))
			}
		}
		return out
	}},
	{id: clinic.ValuesQuoted, list: valuesBy(func(s string) string { return `"` + s + `"` }, func(s string) string { return "'" + s + "'" })},
	{id: clinic.JSONValue, often: 1, list: oneOf(func(_, v string) []string {
		var any any
		if len(v) == 0 || v[0] != '{' || json.Unmarshal([]byte(v), &any) != nil {
			return nil
		}
		sorted, _ := json.Marshal(any)
		var tight bytes.Buffer
		_ = json.Compact(&tight, []byte(v))
		return []string{tight.String(), string(sorted), "[object Object]", "Array"}
	})},

	{id: clinic.JSONSigned, often: 4, text: func(s sent, p []pair) []string {
		a := arrival(s, p)
		return []string{jsonOf(p, ",", ":", jsonString), jsonOf(a, ",", ":", jsonString), jsonOf(p, ", ", ": ", asciiJSON), jsonOf(a, ", ", ": ", asciiJSON), jsonOf(p, ",", ":", phpJSON), jsonOf(a, ",", ":", phpJSON)}
	}},
	{id: clinic.TrailingAmpersand, often: 1, text: func(_ sent, p []pair) []string {
		t := together(p, "=", "&")
		return []string{t + "&", "?" + t, "&" + t}
	}},
	{id: clinic.StringWhiteSpace, text: func(_ sent, p []pair) []string {
		return []string{together(p, "=", "& "), together(p, "=", " & "), together(p, " = ", "&"), together(p, "=", "&\n")}
	}},
	{id: clinic.ValuesOnly, often: 2, text: func(_ sent, p []pair) (out []string) {
		for _, by := range []string{"", "&", ",", "|"} {
			var values []string
			for _, x := range p {
				values = append(values, x.v)
			}
			out = append(out, strings.Join(values, by))
		}
		return out
	}},
	{id: clinic.SeparatorsOtherwise, often: 4, text: func(_ sent, p []pair) []string {
		return []string{together(p, "", ""), together(p, "=", ""), together(p, "=", ","), together(p, "=", "\n"), together(p, "=", "|"), together(p, ":", "&"), together(p, "", "&"), together(p, "=", ";"), together(p, "=", " ")}
	}},
	{id: clinic.StringLetterCase, often: 2, text: func(_ sent, p []pair) []string {
		return []string{strings.ToLower(together(p, "=", "&")), strings.ToUpper(together(p, "=", "&"))}
	}},
	{id: clinic.CharacterSet, often: 1, text: func(_ sent, p []pair) []string {
		made, err := simplifiedchinese.GBK.NewEncoder().String(together(p, "=", "&"))
		if err != nil {
			return nil
		}
		return []string{made}
	}},
	{id: clinic.CoversAddress, text: func(_ sent, p []pair) []string {
		return []string{"/trade/v1/payment?" + together(p, "=", "&"), "/trade/v1/payment" + together(p, "=", "&"), "POST&/trade/v1/payment&" + together(p, "=", "&")}
	}},

	{id: clinic.MD5ForSHA256, made: hashed(func(s sent, _, m string) []string {
		if !s.sha {
			return nil
		}
		return []string{digestOf(md5.New, m)}
	})},
	{id: clinic.SHA256WithoutHeader, made: hashed(func(s sent, _, m string) []string {
		if s.sha {
			return nil
		}
		return []string{digestOf(sha256.New, m)}
	})},
	{id: clinic.HMAC, often: 1, made: hashed(func(s sent, text, m string) []string {
		return []string{macOf(algorithm(s), s.key, text), macOf(algorithm(s), s.key, m), macOf(algorithm(s), text, s.key)}
	})},
	{id: clinic.Base64, made: hashed(func(s sent, _, m string) []string {
		d := plainDigest(s, m)
		return []string{raw64(d), base64.StdEncoding.EncodeToString([]byte(d)), base64.StdEncoding.EncodeToString([]byte(strings.ToUpper(d))), strings.NewReplacer("+", "-", "/", "_").Replace(raw64(d)), strings.TrimRight(raw64(d), "=")}
	})},
	{id: clinic.HashedTwice, often: 2, made: hashed(func(s sent, _, m string) []string {
		d := plainDigest(s, m)
		bytes, _ := hex.DecodeString(d)
		return []string{plainDigest(s, strings.ToUpper(d)), plainDigest(s, d), plainDigest(s, string(bytes)), hex.EncodeToString([]byte(d)), hex.EncodeToString([]byte(strings.ToUpper(d)))}
	})},
	{id: clinic.Truncated, made: hashed(func(s sent, _, m string) []string {
		five, two := digestOf(md5.New, m), digestOf(sha256.New, m)
		return []string{five[:16], five[8:24], five[16:], two[:32], two[32:], two[16:48], digestOf(sha1.New, m)[:32], five[:31]}
	})},
	{id: clinic.OtherDigest, made: hashed(func(s sent, _, m string) []string {
		return []string{digestOf(sha1.New, m), digestOf(sha512.New, m), digestOf(sha512.New384, m), digestOf(sha256.New224, m)}
	})},
	{id: clinic.HexDigits, made: hashed(func(s sent, _, m string) (out []string) {
		d := plainDigest(s, m)
		short, signed := "", ""
		for i := 0; i < len(d); i += 2 {
			n, _ := strconv.ParseUint(d[i:i+2], 16, 8)
			short += fmt.Sprintf("%x", n)
			if n >= 0x80 {
				signed += "ffffff"
			}
			signed += d[i : i+2]
		}
		out = append(out, signed)
		if len(short) < len(d) && len(d)-len(short) < 12 {
			out = append(out, short)
		}
		if bare := strings.TrimLeft(d, "0"); bare != d {
			out = append(out, bare)
		}
		return out
	})},
	{id: clinic.Decorated, made: hashed(func(s sent, _, m string) []string {
		d := plainDigest(s, m)
		colons := ""
		for i := 0; i < len(d); i += 2 {
			colons += ":" + d[i:i+2]
		}
		return []string{`"` + d + `"`, " " + d, "0x" + d, "MD5 " + d, colons[1:], "sign=" + d, d + "%0A", "'" + d + "'", d + ";", strings.ReplaceAll(colons[1:], ":", "-")}
	})},
	{id: clinic.NotHashed, made: hashed(func(s sent, text, m string) []string { return []string{m} })},
	{id: clinic.IsTheKey, made: hashed(func(s sent, _, _ string) []string { return append([]string{s.key, s.old}, s.others...) })},
	{id: clinic.IsAppCode, made: hashed(func(s sent, _, _ string) []string { return []string{s.appCode} })},
	{id: clinic.FromDocument, made: hashed(func(sent, string, string) []string {
		return []string{"6FB43AC29175B4602FF95F8332028F19", "3b020a6349646684ebeeb0ec2cd3d1fb"}
	})},
}

// part keeps the query's or the body's parameters, when there are both.
func (s sent) part(p []pair, query bool) [][]pair {
	if s.inQuery == 0 || s.inQuery == len(s.pairs) {
		return nil
	}
	var out []pair
	for i, x := range s.pairs {
		if (i < s.inQuery) == query && hasName(p, x.n) {
			out = append(out, x)
		}
	}
	return [][]pair{byNames(out)}
}

func digestSHA1(m string) string { return digestOf(sha1.New, m) }
