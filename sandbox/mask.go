package sandbox

import (
	"context"
	"fmt"
	"net/textproto"
	"slices"
	"strings"
	"unicode/utf8"
)

// mask hides the secrets in everything that passed and everything we said about it. The headers and
// findings are copied where one holds it, for they belong to the request; nearly none ever does.
func (e *Exchange) mask(more []secret) {
	var room [8]secret
	hidden := append(room[:0], more...)
	for _, key := range append(e.secrets[:], e.strangers...) {
		if key != "" {
			hidden = append(hidden, secretOf(key))
		}
	}
	e.secrets, e.strangers = [3]string{}, nil
	if len(hidden) > 1 {
		slices.SortFunc(hidden, func(a, b secret) int { return len(b.word) - len(a.word) }) // one may begin like another
	}
	if len(hidden) == 0 || !e.isCut() && !e.holdsAny(hidden) {
		return
	}
	text := func(s string) string {
		for _, one := range hidden {
			s = one.hide(s)
		}
		return s
	}
	body := func(b []byte, cut int) []byte {
		for _, one := range hidden {
			if b = one.hideBytes(b); cut > 0 {
				b = one.hideBeginning(b)
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
	e.RequestBody, e.AnswerBody = body(e.RequestBody, e.RequestCut), body(e.AnswerBody, e.AnswerCut)
	e.RequestHeader, e.AnswerHeader = header(e.RequestHeader), header(e.AnswerHeader)
	e.Findings = slices.Clone(e.Findings)
	for i := range e.Findings {
		for _, said := range e.Findings[i].texts() {
			*said = text(*said)
		}
	}
}

// isCut reports whether something may end within a key.
func (e *Exchange) isCut() bool {
	if e.RequestCut > 0 || e.AnswerCut > 0 {
		return true
	}
	for i := range e.Findings {
		for _, said := range e.Findings[i].texts() {
			if strings.Contains(*said, ellipsis) {
				return true
			}
		}
	}
	return false
}

// Hide masks the client_key in a text about the exchange, for the log.
func (e *Exchange) Hide(text string) string {
	for _, key := range append(e.secrets[:], e.strangers...) {
		text = HideKey(text, key)
	}
	return text
}

// HideTokens masks the secrets besides the Apps' keys in a text, for the log.
func (g *Gateway) HideTokens(text string) string {
	for _, token := range g.Tokens {
		one := newSecret(token, tokenMask)
		text = one.hide(text)
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
	if key == "" {
		return text
	}
	one := secretOf(key)
	return one.hide(text)
}

func (e *Exchange) holdsAny(list []secret) bool {
	for i := range list {
		if e.holds(&list[i]) {
			return true
		}
	}
	return false
}

// holds reports whether this passed, or was said about what passed.
func (e *Exchange) holds(one *secret) bool {
	if one.in(e.URL) || one.in(e.Error) || one.in(string(e.OutTradeNo)) || one.in(string(e.Payer)) || one.inBytes(e.RequestBody) || one.inBytes(e.AnswerBody) {
		return true
	}
	for _, h := range [...]textproto.MIMEHeader{e.RequestHeader, e.AnswerHeader} {
		for name, values := range h {
			if one.in(name) {
				return true
			}
			for _, v := range values {
				if one.in(v) {
					return true
				}
			}
		}
	}
	for i := range e.Findings {
		for _, said := range e.Findings[i].texts() {
			if one.in(*said) {
				return true
			}
		}
	}
	return false
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
