package clinic

import (
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// values are what is wrongly written for a value.
var values = []row{
	{id: ValueChangedOnWay, dim: ofValues, common: true, each: rawPlus, list: changedList, detail: changedDetail},
	{id: Encoded, dim: ofValues, common: true, each: encodings, list: encodeList, detail: encodedDetail},
	{id: ValueChangedOnWay, dim: ofValues, common: true, each: changes, list: changedList, detail: changedDetail},
	{id: JSONValue, dim: ofValues, common: true, each: jsonValues, list: oneValue, detail: func(q *request, a arg) string {
		return "the JSON of " + q.full[a.i].Name + " was signed as " + quoted(a.s) + " and sent as " + quoted(q.full[a.i].Value)
	}},
	{id: ValuesTrimmed, dim: ofValues, common: true, each: variantsOf(trims), list: mapped(trims), detail: said(trims)},
	{id: LineEnds, dim: ofValues, each: variantsOf(lineEnds), list: mapped(lineEnds), detail: said(lineEnds)},
	{id: EncodedTwice, dim: ofValues, each: func(_ *request, yield func(arg) bool) {
		for i := range encoders {
			if !yield(arg{i: i}) || !yield(arg{i: i | otherCase}) {
				return
			}
		}
	}, list: func(q *request, dst, l list, a arg) list {
		for _, it := range encodeList(q, nil, l, a) {
			e := &encoders[a.i&(otherCase-1)]
			it.Value = e.encode(it.Value, e.lower != (a.i&otherCase != 0))
			dst = append(dst, it)
		}
		return dst
	}, detail: func(q *request, a arg) string {
		return strings.Replace(encodedDetail(q, a), "percent-encoded", "percent-encoded twice,", 1)
	}},
	{id: TimestampDiffers, dim: ofValues, common: true, each: times, list: oneValue, detail: timeDetail},
	{id: NumberFormat, dim: ofValues, common: true, each: numbers, list: oneValue, detail: func(q *request, a arg) string {
		return q.full[a.i].Name + " was signed as " + quoted(a.s) + " and sent as " + quoted(q.full[a.i].Value)
	}},
	{id: BooleanFormat, dim: ofValues, each: booleans, list: oneValue, detail: func(q *request, a arg) string {
		return q.full[a.i].Name + " was signed as " + quoted(a.s) + " and sent as " + quoted(q.full[a.i].Value)
	}},
	{id: UnicodeEscaped, dim: ofValues, common: true, each: variantsOf(escapes), list: mapped(escapes), detail: said(escapes)},
	{id: HTMLEscaped, dim: ofValues, each: variantsOf(pageEscapes), list: mapped(pageEscapes), detail: said(pageEscapes)},
	{id: ValueCut, dim: ofValues, each: cuts, list: oneValue, detail: func(q *request, a arg) string {
		return "the value of " + q.full[a.i].Name + " was signed as " + quoted(a.s) + " only, and sent as " + quoted(q.full[a.i].Value)
	}},
	{id: ValuesQuoted, dim: ofValues, each: variantsOf(quotes), list: mapped(quotes), detail: said(quotes)},
}

// way is one thing done to every value.
type way struct {
	said   string
	common bool
	do     func(string) string
}

var trims = []way{
	{"the values were signed without the white space around them", true, strings.TrimSpace},
	{"the values were signed without the white space behind them", false, func(s string) string { return strings.TrimRight(s, " \t\r\n") }},
	{"the values were signed without the white space before them", false, func(s string) string { return strings.TrimLeft(s, " \t\r\n") }},
	{"the values were signed with each run of white space made one blank", false, func(s string) string { return strings.Join(strings.Fields(s), " ") }},
	{"the values were signed without any blanks", true, func(s string) string { return strings.ReplaceAll(s, " ", "") }},
}

var lineEnds = []way{
	{"the values were signed with \\n where \\r\\n was sent", false, func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }},
	{"the values were signed with \\r\\n where \\n was sent", false, func(s string) string {
		return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
	}},
	{"the values were signed with \\r where another line end was sent", false, func(s string) string {
		return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\r"), "\n", "\r")
	}},
	{"the values were signed without their line ends", false, strings.NewReplacer("\r", "", "\n", "").Replace},
	{"the values were signed with \\n as a backslash and a letter where a line end was sent", false, strings.NewReplacer("\r\n", `\n`, "\n", `\n`).Replace},
	{"the values were signed with a line end where a backslash and a letter were sent", false, strings.NewReplacer(`\r`, "\r", `\n`, "\n").Replace},
	{"the values were signed with a blank where a line end was sent", false, strings.NewReplacer("\r\n", " ", "\n", " ").Replace},
}

var escapes = []way{
	{"the values were signed with \\u escapes in lower case for characters beyond ASCII", true, func(s string) string { return unicodeEscaped(s, lowerHex) }},
	{"the values were signed with \\u escapes in upper case for characters beyond ASCII", false, func(s string) string { return unicodeEscaped(s, upperHex) }},
	{"the values were signed as JSON strings, without the quotes", false, func(s string) string { return jsonText(s, true, true) }},
	{"the values were signed as JSON strings, without the quotes and with \\/ for /", false, func(s string) string { return strings.ReplaceAll(jsonText(s, true, true), "/", `\/`) }},
	{"the values were signed with the characters that were sent as \\u escapes", true, fromUnicodeEscapes},
	{"the values were signed with \\/ for /", true, func(s string) string { return strings.ReplaceAll(s, "/", `\/`) }},
	{"the values were signed with / where \\/ was sent", false, func(s string) string { return strings.ReplaceAll(s, `\/`, "/") }},
	{"the values were signed with %u escapes for characters beyond ASCII, as JavaScript's escape writes them", false, func(s string) string {
		return strings.ReplaceAll(unicodeEscaped(s, upperHex), `\u`, "%u")
	}},
}

var pageEscapes = []way{
	{"the values were signed with HTML's escapes", false, htmlEscaped},
	{"the values were signed with HTML's escapes, as PHP's htmlspecialchars writes them", false, strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#039;").Replace},
	{"the values were signed with HTML's escapes, single quotes left alone", false, strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace},
	{"the values were signed with the characters that were sent as HTML's escapes", false, html.UnescapeString},
	{"the values were signed with backslashes before quotes, as PHP's addslashes writes them", false, strings.NewReplacer(`\`, `\\`, "'", `\'`, `"`, `\"`, "\x00", `\0`).Replace},
	{"the values were signed without the backslashes that were sent before quotes", false, strings.NewReplacer(`\\`, `\`, `\'`, "'", `\"`, `"`).Replace},
	{"the values were signed without HTML's tags", false, withoutTags},
}

var quotes = []way{
	{"the values were signed in double quotes", false, func(s string) string { return `"` + s + `"` }},
	{"the values were signed in single quotes", false, func(s string) string { return "'" + s + "'" }},
	{"the values were signed in single quotes, the way Python's b'' is printed", false, func(s string) string { return "b'" + s + "'" }},
	{"the values were signed as one-element lists, the way Python prints them", false, func(s string) string { return "['" + s + "']" }},
	{"the values were signed as one-element lists, the way Go prints them", false, func(s string) string { return "[" + s + "]" }},
}

func htmlEscaped(s string) string { return html.EscapeString(s) }

func variantsOf(ways []way) func(*request, func(arg) bool) {
	return func(_ *request, yield func(arg) bool) {
		for i := range ways {
			if !yield(arg{i: i, rare: !ways[i].common}) {
				return
			}
		}
	}
}

func mapped(ways []way) func(*request, list, list, arg) list {
	return func(_ *request, dst, l list, a arg) list {
		for _, it := range l {
			it.Value = ways[a.i].do(it.Value)
			dst = append(dst, it)
		}
		return dst
	}
}

func said(ways []way) func(*request, arg) string {
	return func(_ *request, a arg) string { return ways[a.i].said }
}

// oneValue gives the parameter in place i of the full list the value s; with t also every other of
// that value.
func oneValue(q *request, dst, l list, a arg) list {
	name, old := q.full[a.i].Name, q.full[a.i].Value
	for _, it := range l {
		if it.Name == name || a.t != "" && it.Value == old {
			it.Value = a.s
		}
		dst = append(dst, it)
	}
	return dst
}

func unicodeEscaped(s, digits string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			b = append(b, byte(r))
		case r < 0x10000:
			b = appendUnit(b, uint16(r), digits)
		default:
			hi, lo := utf16.EncodeRune(r)
			b = appendUnit(appendUnit(b, uint16(hi), digits), uint16(lo), digits)
		}
	}
	return string(b)
}

func appendUnit(b []byte, u uint16, digits string) []byte {
	return append(b, '\\', 'u', digits[u>>12], digits[u>>8&15], digits[u>>4&15], digits[u&15])
}

// fromUnicodeEscapes decodes the \u escapes of characters beyond ASCII and leaves all else alone.
func fromUnicodeEscapes(s string) string {
	if !strings.Contains(s, `\u`) {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, ok := unitAt(s, i)
		switch {
		case !ok && s[i] == '\\' && i+1 < len(s):
			b = append(b, s[i], s[i+1]) // another escape
			i += 2
			continue
		case !ok || r < utf8.RuneSelf:
			b = append(b, s[i])
			i++
			continue
		case utf16.IsSurrogate(r):
			if low, ok := unitAt(s, i+6); ok {
				b = utf8.AppendRune(b, utf16.DecodeRune(r, low))
				i += 12
				continue
			}
		}
		b = utf8.AppendRune(b, r)
		i += 6
	}
	return string(b)
}

// unitAt reads the \u escape that begins in this place.
func unitAt(s string, i int) (rune, bool) {
	if i+6 > len(s) || s[i] != '\\' || s[i+1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
	return rune(unit), err == nil
}

func withoutTags(s string) string {
	for {
		begin := strings.IndexByte(s, '<')
		if begin < 0 {
			return s
		}
		end := strings.IndexByte(s[begin:], '>')
		if end < 0 {
			return s
		}
		s = s[:begin] + s[begin+end+1:]
	}
}

// cuts gives values up to a character where careless parsing ends them.
func cuts(q *request, yield func(arg) bool) {
	for i, it := range q.full {
		for _, c := range "=?&#+%; " {
			if at := strings.IndexRune(it.Value, c); at > 0 && !yield(arg{i: i, s: it.Value[:at]}) {
				return
			}
		}
		for _, most := range [...]int{20, 32, 64, 128, 255, 256} {
			if runes := []rune(it.Value); len(runes) > most && len(runes) < 4096 && !yield(arg{i: i, s: string(runes[:most])}) {
				return
			}
		}
	}
}

// booleans gives the ways languages write yes and no.
func booleans(q *request, yield func(arg) bool) {
	for i, it := range q.full {
		for _, words := range [...][]string{{"true", "True", "1", "TRUE", "yes", "on", "Y"}, {"false", "False", "0", "", "FALSE", "no", "off", "N"}} {
			if !slices.Contains(words, it.Value) || it.Value == "" {
				continue
			}
			for _, word := range words {
				if word != it.Value && !yield(arg{i: i, s: word}) {
					return
				}
			}
		}
	}
}

// quoted shows a text so that blanks and control characters in it can be seen.
func quoted(s string) string { return strconv.Quote(s) }

// enumerated is a list in words.
func enumerated(words []string) string {
	const most = 8
	switch n := len(words); {
	case n == 0:
		return "nothing"
	case n == 1:
		return words[0]
	case n > most:
		return strings.Join(words[:most], ", ") + " and " + strconv.Itoa(n-most) + " more"
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}

func characters(n int) string {
	if n == 1 {
		return "character"
	}
	return strconv.Itoa(n) + " characters"
}
