package control

import (
	"net/url"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// longestSearch bounds the text looked for, in bytes.
const longestSearch = 1000

// searchFilter finds a text wherever it passed, however it was written: in capitals or not,
// percent-encoded once or twice, or as JSON's \uXXXX.
func searchFilter(value string) (test, error) {
	if len(value) > longestSearch {
		return nil, badRequest("q has %d bytes, want at most %d", len(value), longestSearch)
	}
	wanted := strings.ToLower(value)
	return func(e *sandbox.Exchange) bool {
		found := false
		eachText(e, func(text string) bool {
			found = tells(text, wanted)
			return !found
		})
		return found
	}, nil
}

// eachText gives all that passed and all that was said about it, until more is false.
func eachText(e *sandbox.Exchange, more func(text string) bool) {
	for _, text := range []string{e.URL, e.Error, string(e.App), string(e.OutTradeNo), string(e.Syssn), string(e.Payer), string(e.OpenID)} {
		if !more(text) {
			return
		}
	}
	for _, header := range []map[string][]string{e.RequestHeader, e.AnswerHeader} {
		for name, values := range header {
			for _, value := range values {
				if !more(name + ": " + value) {
					return
				}
			}
		}
	}
	if !more(string(e.RequestBody)) || !more(string(e.AnswerBody)) {
		return
	}
	for _, f := range e.Findings {
		for _, text := range []string{f.ID, f.Detail, f.Received, f.Expected, f.Change} {
			if !more(text) {
				return
			}
		}
	}
}

// tells reports whether a text holds the wanted one, which is in small letters, as it is or decoded.
func tells(text, wanted string) bool {
	const mostLayers = 3 // a \uXXXX percent-encoded twice
	holds := func() bool { return strings.Contains(strings.ToLower(text), wanted) }
	for range mostLayers {
		if holds() {
			return true
		}
		before := text
		if text = percentDecoded(text); text != before && holds() {
			return true
		}
		if text = unescaped(text); text == before {
			return false
		}
	}
	return holds()
}

// percentDecoded reads %XX and + as forms write them, and leaves what is neither.
func percentDecoded(text string) string {
	if !strings.ContainsAny(text, "%+") {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			if decoded, err := url.PathUnescape(text[i : i+3]); err == nil {
				b.WriteString(decoded)
				i += 2
				continue
			}
		}
		if text[i] == '+' {
			b.WriteByte(' ')
			continue
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// unescaped reads JSON's \uXXXX, two of them where they are one character, and \/.
func unescaped(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, width := escapeAt(text[i:])
		if width == 0 {
			b.WriteByte(text[i])
			i++
			continue
		}
		b.WriteRune(r)
		i += width
	}
	return b.String()
}

// escapeAt reads the escape a text begins with; 0 where it begins with none.
func escapeAt(text string) (r rune, width int) {
	const one = len(`\u72d7`)
	unit := func(text string) (rune, bool) {
		if len(text) < one || text[0] != '\\' || text[1] != 'u' {
			return 0, false
		}
		n, err := strconv.ParseUint(text[2:one], 16, 16)
		return rune(n), err == nil
	}
	if strings.HasPrefix(text, `\/`) {
		return '/', 2
	}
	first, ok := unit(text)
	switch {
	case !ok:
		return 0, 0
	case utf16.IsSurrogate(first):
		second, ok := unit(text[one:])
		if pair := utf16.DecodeRune(first, second); ok && pair != utf8.RuneError {
			return pair, 2 * one
		}
		return utf8.RuneError, one
	}
	return first, one
}
