package clinic_test

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
)

// mistakes are the wrong ways to sign.
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
