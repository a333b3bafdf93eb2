package sandbox

import (
	"bytes"
	"context"
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

// mask hides the secrets in everything that passed and everything we said about it. The headers and
// findings are copied where one holds it, for they belong to the request; nearly none ever does.
func (e *Exchange) mask() {
	if e.secrets[0] == "" && len(e.strangers) == 0 {
		return
	}
	var forms []string
	for _, key := range append(e.secrets[:], e.strangers...) {
		if key != "" {
			forms = append(forms, formsOf(key)...)
		}
	}
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) }) // one may begin like another
	e.secrets, e.strangers = [2]string{}, nil
	if !slices.ContainsFunc(forms, e.holds) {
		return
	}
	text := func(s string) string { return replaced(s, forms) }
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
	e.OutTradeNo, e.Payer = OutTradeNo(text(string(e.OutTradeNo))), PayerID(text(string(e.Payer)))
	e.RequestBody, e.AnswerBody = body(e.RequestBody), body(e.AnswerBody)
	e.RequestHeader, e.AnswerHeader = header(e.RequestHeader), header(e.AnswerHeader)
	e.Findings = slices.Clone(e.Findings)
	for i := range e.Findings {
		for _, said := range e.Findings[i].texts() {
			*said = text(*said)
		}
	}
}

// Hide masks the client_key in a text about the exchange, for the log.
func (e *Exchange) Hide(text string) string {
	for _, key := range append(e.secrets[:], e.strangers...) {
		text = HideKey(text, key)
	}
	return text
}

// HideKeys keeps keys of any App that a request carries out of its exchange.
func HideKeys(ctx context.Context, keys []string) {
	if len(keys) > 0 {
		Note(ctx, func(e *Exchange) { e.strangers = append(e.strangers, keys...) })
	}
}

// HideKey masks a client_key in a text.
func HideKey(text, key string) string {
	if key == "" || len(text) < len(key) {
		return text
	}
	return replaced(text, formsOf(key))
}

func replaced(text string, forms []string) string {
	for _, form := range forms {
		text = strings.ReplaceAll(text, form, keyMask)
	}
	return maskedCut(text, forms)
}

// maskedCut masks the beginning of a key at which shorten cut a value.
func maskedCut(text string, forms []string) string {
	parts := strings.Split(text, "…")
	for i, part := range parts[:len(parts)-1] {
		part, quoted := strings.CutSuffix(part, `"`)
		for _, form := range forms {
			for n := len(form) - 1; n >= 6; n-- {
				if before, ends := strings.CutSuffix(part, form[:n]); ends {
					part = before + keyMask
					break
				}
			}
		}
		if quoted {
			part += `"`
		}
		parts[i] = part
	}
	return strings.Join(parts, "…")
}

// holds reports whether this text passed, or was said about what passed.
func (e *Exchange) holds(text string) bool {
	if strings.Contains(e.URL, text) || strings.Contains(e.Error, text) || strings.Contains(string(e.OutTradeNo), text) || strings.Contains(string(e.Payer), text) || bytes.Contains(e.RequestBody, []byte(text)) || bytes.Contains(e.AnswerBody, []byte(text)) {
		return true
	}
	for _, h := range [...]textproto.MIMEHeader{e.RequestHeader, e.AnswerHeader} {
		for name, values := range h {
			if strings.Contains(name, text) {
				return true
			}
			for _, v := range values {
				if strings.Contains(v, text) {
					return true
				}
			}
		}
	}
	for _, f := range e.Findings {
		for _, said := range f.texts() {
			if strings.Contains(*said, text) {
				return true
			}
		}
	}
	return false
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

// cut shortens copies: the findings belong to the request.
func (e *Exchange) cut() {
	long := func(said *string) bool { return len(*said) > keptDetail }
	if slices.ContainsFunc(e.Findings, func(f Finding) bool { return slices.ContainsFunc(f.texts(), long) }) {
		e.Findings = slices.Clone(e.Findings)
		for i := range e.Findings {
			for _, said := range e.Findings[i].texts() {
				*said = cutText(*said, keptDetail)
			}
		}
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
