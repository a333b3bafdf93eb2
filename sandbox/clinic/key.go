package clinic

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"unicode/utf8"
)

// keyRow is a wrong key. each gives the keys, and how to speak of them; the texts hold none.
type keyRow struct {
	id   string
	each func(q *request, yield func(keyTry) bool)
}

// keyTry is one key to try. shown stands in its place where the string is printed, and said is the
// sentence about it.
type keyTry struct {
	key, shown, said string
	// app is whose key it is, where that is all there is to say: said is made only when it is needed.
	app string
	// common keys are tried together with other mistakes.
	common bool
}

func (k keyTry) detail() string {
	if k.said != "" {
		return k.said
	}
	return "the string was signed with the client_key of App " + k.app
}

func (k keyTry) mask() string {
	if k.shown != "" {
		return k.shown
	}
	return "(client_key of " + k.app + ")"
}

// keyMask stands in a key's place.
const keyMask = "(client_key)"

var keys = [...]keyRow{
	{id: KeyPrevious, each: func(q *request, yield func(keyTry) bool) {
		if q.App.PreviousKey != "" {
			yield(keyTry{key: q.App.PreviousKey, shown: "(previous client_key)", common: true, said: "the string was signed with the key this App had before its key was changed"})
		}
	}},
	{id: KeyWhiteSpace, each: func(q *request, yield func(keyTry) bool) {
		for i, w := range whiteSpaces {
			if !yield(keyTry{key: w.before + q.key + w.behind, shown: w.before + keyMask + w.behind, common: i < commonWhiteSpaces, said: "the key was appended with " + w.said}) {
				return
			}
		}
		if trimmed := strings.TrimSpace(q.key); trimmed != q.key {
			yield(keyTry{key: trimmed, shown: "(client_key, trimmed)", said: "the key was appended without the blanks that belong to it"})
		}
	}},
	{id: KeyMissing, each: func(_ *request, yield func(keyTry) bool) {
		yield(keyTry{common: true, shown: "(nothing)", said: "nothing was appended to the string, so anybody could have made this digest"})
	}},
	{id: KeyIsAppCode, each: func(q *request, yield func(keyTry) bool) {
		yield(keyTry{key: string(q.App.Code), shown: string(q.App.Code), common: true, said: "the app code was appended in the key's place"})
	}},
	{id: KeyLetterCase, each: func(q *request, yield func(keyTry) bool) {
		_ = yield(keyTry{key: strings.ToLower(q.key), shown: "(client_key in lower case)", common: true, said: "the key was appended in lower case"}) &&
			yield(keyTry{key: strings.ToUpper(q.key), shown: "(client_key in upper case)", common: true, said: "the key was appended in upper case"})
	}},
	{id: KeyPlaceholder, each: func(_ *request, yield func(keyTry) bool) {
		for _, word := range placeholders {
			if !yield(keyTry{key: word, shown: word, said: "the word " + quoted(word) + " was appended in the key's place; perhaps the setting that holds the key is missing"}) {
				return
			}
		}
	}},
	{id: KeyCut, each: func(q *request, yield func(keyTry) bool) {
		if len(q.key) < 8 {
			return
		}
		for n := 1; n <= 4; n++ {
			if !yield(keyTry{key: q.key[:len(q.key)-n], shown: "(client_key without its end)", said: "the key was appended without its last " + characters(n)}) ||
				!yield(keyTry{key: q.key[n:], shown: "(client_key without its beginning)", said: "the key was appended without its first " + characters(n)}) {
				return
			}
		}
		_ = yield(keyTry{key: q.key[:len(q.key)/2], shown: "(first half of client_key)", said: "only the first half of the key was appended"}) &&
			len(q.key) > 16 && yield(keyTry{key: q.key[:16], shown: "(first 16 of client_key)", said: "only the first 16 characters of the key were appended"})
	}},
	{id: KeyQuoted, each: quotedKeys},
	{id: KeyOfAnotherApp, each: func(q *request, yield func(keyTry) bool) {
		for i := range q.Others {
			a := &q.Others[i]
			if a.Code != q.App.Code && a.ClientKey != "" && !yield(keyTry{key: a.ClientKey, app: string(a.Code)}) {
				return
			}
		}
		for i := range q.Others {
			a := &q.Others[i]
			if a.Code != q.App.Code && a.PreviousKey != "" && !yield(keyTry{key: a.PreviousKey, shown: "(previous client_key of " + string(a.Code) + ")", said: "the string was signed with the previous client_key of App " + string(a.Code)}) {
				return
			}
		}
	}},
}

// whiteSpaces are what stands around a key that was read from a file or pasted; the first few
// happen often.
var whiteSpaces = [...]struct{ before, behind, said string }{
	{"", "\n", "a newline behind it"},
	{"", " ", "a blank behind it"},
	{"", "\r\n", "\\r\\n behind it"},
	{" ", "", "a blank before it"},
	{"", "\r", "\\r behind it"},
	{"", "\t", "a tab behind it"},
	{"\t", "", "a tab before it"},
	{"\n", "", "a newline before it"},
	{" ", " ", "a blank before and behind it"},
	{"\n", "\n", "a newline before and behind it"},
	{"\r\n", "", "\\r\\n before it"},
	{"", "\n\n", "two newlines behind it"},
	{"", "  ", "two blanks behind it"},
	{"", "\x00", "a zero byte behind it"},
	{"\ufeff", "", "a byte order mark before it"},
	{"\ufeff", "\n", "a byte order mark before it and a newline behind it"},
	{"\ufeff", "\r\n", "a byte order mark before it and \\r\\n behind it"},
	{"", "\ufeff", "a byte order mark behind it"},
	{"\u00a0", "", "a no-break space before it"},
	{"", "\u00a0", "a no-break space behind it"},
	{"\u200b", "", "a zero-width space before it"},
	{"", "\u200b", "a zero-width space behind it"},
	{"\u3000", "", "an ideographic space before it"},
	{"", "\u3000", "an ideographic space behind it"},
}

const commonWhiteSpaces = 4

// placeholders are what documents, samples and languages put where a key is missing.
var placeholders = [...]string{
	"client_key", "key", "null", "None", "undefined", "false", "clientKey", "client_key_here", "{client_key}", "<client_key>", "[client_key]", "(client_key)", "$client_key", "${client_key}",
	"CLIENT_KEY", "$CLIENT_KEY", "${CLIENT_KEY}", "$key", "${key}", "{key}", "YOUR_CLIENT_KEY", "your_client_key", "YOUR_KEY", "your_key", "KEY", "Key", "secret", "NULL", "nil", "<nil>", "NaN", "[object Object]", "Array", "undefined\n",
	"app_key", "appkey", "{}", "\"\"", "''", "123456", "abcd1234", "XXXXXX", "xxx", "********",
}

func quotedKeys(q *request, yield func(keyTry) bool) {
	for _, around := range [...]struct{ before, behind, said string }{
		{`"`, `"`, "double quotes"}, {"'", "'", "single quotes"}, {"`", "`", "backticks"}, {"{", "}", "braces"}, {"<", ">", "angle brackets"}, {"[", "]", "brackets"}, {"(", ")", "parentheses"},
		{"b'", "'", "Python's b''"}, {`"`, "", "a double quote before it only"}, {"", `"`, "a double quote behind it only"}, {"", ";", "a semicolon behind it"}, {"", ",", "a comma behind it"},
	} {
		if !yield(keyTry{key: around.before + q.key + around.behind, shown: around.before + keyMask + around.behind, said: "the key was appended with " + around.said}) {
			return
		}
	}
	for _, way := range [...]struct {
		made string
		said string
	}{
		{url.QueryEscape(q.key), "percent-encoded"}, {unescaped(q.key), "percent-decoded"}, {base64.StdEncoding.EncodeToString([]byte(q.key)), "in Base64"},
		{hex.EncodeToString([]byte(q.key)), "written in hex"}, {fromHex(q.key), "as the bytes its hex digits stand for"}, {fromBase64(q.key), "decoded from Base64"},
		{htmlEscaped(q.key), "with HTML's escapes"}, {hexOf(md5Of(q.key), false), "hashed with MD5, in lower case"}, {hexOf(md5Of(q.key), true), "hashed with MD5, in upper case"},
	} {
		if way.made != "" && way.made != q.key && !yield(keyTry{key: way.made, shown: "(client_key " + way.said + ")", said: "the key was appended " + way.said}) {
			return
		}
	}
}

func fromHex(s string) string {
	b, err := hex.DecodeString(s)
	if err != nil {
		return ""
	}
	return string(b)
}

func fromBase64(s string) string {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil || utf8.Valid(b) && string(b) == s {
		return ""
	}
	return string(b)
}
