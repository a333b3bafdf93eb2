package clinic

import (
	"bytes"
	"encoding/json"
	"strings"
)

// jsonValues gives other forms of the values that are JSON objects or lists.
func jsonValues(q *request, yield func(arg) bool) {
	for i, it := range q.full {
		value := strings.TrimSpace(it.Value)
		if len(value) < 2 || len(value) > 16<<10 || value[0] != '{' && value[0] != '[' || !json.Valid([]byte(value)) {
			continue
		}
		for n, form := range jsonForms(value) {
			if form != it.Value && form != "" && !yield(arg{i: i, s: form, rare: n > 1}) {
				return
			}
		}
	}
}

// jsonForms writes a JSON text in the ways that languages do, and as careless ones print the value
// it was made of.
func jsonForms(value string) []string {
	var compact bytes.Buffer
	if json.Compact(&compact, []byte(value)) != nil {
		return nil
	}
	tight := compact.String()
	spaced := respaced(tight, ", ", ": ")
	forms := []string{tight, spaced, strings.ReplaceAll(tight, "/", `\/`), unicodeEscaped(tight, lowerHex), unicodeEscaped(spaced, lowerHex),
		strings.ReplaceAll(unicodeEscaped(tight, lowerHex), "/", `\/`), fromUnicodeEscapes(tight), fromUnicodeEscapes(spaced), respaced(tight, ",", ": ")}
	var any any
	if json.Unmarshal([]byte(value), &any) == nil { // sorted by name, and with HTML's characters escaped
		if text, err := json.Marshal(any); err == nil {
			forms = append(forms, string(text), respaced(string(text), ", ", ": "))
		}
	}
	var indented bytes.Buffer
	for _, indent := range [...]string{"  ", "    ", "\t"} {
		indented.Reset()
		if json.Indent(&indented, []byte(value), "", indent) == nil {
			forms = append(forms, indented.String())
		}
	}
	// Python's and JavaScript's and PHP's ways to print what is no text.
	return append(forms, strings.ReplaceAll(spaced, `"`, "'"), "[object Object]", "Array", "[object Object],[object Object]", "{}", "[]", strings.ReplaceAll(tight, `"`, `\"`), `"`+strings.ReplaceAll(tight, `"`, `\"`)+`"`, strings.ReplaceAll(tight, `"`, "&quot;"))
}

// respaced puts these behind the members and names of a compact JSON text.
func respaced(tight, comma, colon string) string {
	var b strings.Builder
	inside, escaped := false, false
	for i := range len(tight) {
		c := tight[i]
		switch {
		case escaped:
			escaped = false
		case inside && c == '\\':
			escaped = true
		case c == '"':
			inside = !inside
		case !inside && c == ',':
			b.WriteString(comma)
			continue
		case !inside && c == ':':
			b.WriteString(colon)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// jsonText is s as a JSON string: with escapes for characters beyond ASCII, without its quotes.
func jsonText(s string, ascii, bare bool) string {
	text := string(jsonLayout{ascii: ascii}.string(nil, s))
	if bare {
		return text[1 : len(text)-1]
	}
	return text
}
