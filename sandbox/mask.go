package sandbox

import (
	"bytes"
	"fmt"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// keyMask stands where a client_key was.
const keyMask = "(client_key)"

// mask hides the secret in everything that passed and everything we said about it. The headers and
// findings are copied, for they belong to the request.
func (e *Exchange) mask() {
	if e.secret == "" {
		return
	}
	forms := formsOf(e.secret)
	e.secret = ""
	text := func(s string) string {
		for _, form := range forms {
			s = strings.ReplaceAll(s, form, keyMask)
		}
		return s
	}
	body := func(b []byte) []byte {
		for _, form := range forms {
			if bytes.Contains(b, []byte(form)) {
				b = bytes.ReplaceAll(b, []byte(form), []byte(keyMask))
			}
		}
		return b
	}
	header := func(h textproto.MIMEHeader) textproto.MIMEHeader {
		masked := make(textproto.MIMEHeader, len(h))
		for name, values := range h {
			values = slices.Clone(values)
			for i := range values {
				values[i] = text(values[i])
			}
			masked[text(name)] = values
		}
		return masked
	}
	e.URL, e.Error = text(e.URL), text(e.Error)
	e.RequestBody, e.AnswerBody = body(e.RequestBody), body(e.AnswerBody)
	e.RequestHeader, e.AnswerHeader = header(e.RequestHeader), header(e.AnswerHeader)
	e.Findings = slices.Clone(e.Findings)
	for i := range e.Findings {
		e.Findings[i].Detail = text(e.Findings[i].Detail)
	}
}

// formsOf gives the spellings a key can have on its way: as it is, percent-encoded once or twice,
// and inside quotes of ours. A key of letters and digits has one.
func formsOf(key string) []string {
	forms := []string{key}
	if plainWord(key, len(key)) {
		return forms
	}
	quoted := strconv.Quote(key)
	once := url.QueryEscape(key)
	for _, form := range []string{once, url.QueryEscape(once), url.PathEscape(key), quoted[1 : len(quoted)-1]} {
		if !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	return forms
}

// How much the journal keeps of a conclusion and of a number, in bytes. A merchant's value can make
// either as long as a body.
const (
	keptDetail = 2048
	keptNumber = 256
)

func (e *Exchange) cut() {
	for i := range e.Findings {
		e.Findings[i].Detail = cutText(e.Findings[i].Detail, keptDetail)
	}
	e.OutTradeNo = OutTradeNo(cutText(string(e.OutTradeNo), keptNumber))
}

// cutText keeps the first bytes, whole characters, and says how many are missing.
func cutText(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for !utf8.RuneStart(s[most]) {
		most--
	}
	return fmt.Sprintf("%s… (%d more bytes)", s[:most], len(s)-most)
}
