package pasted

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// String is the request in the dialect it came in; one out of a HAR file is a curl command. It works
// when pasted.
func (c *Corrected) String() string {
	switch c.Dialect {
	case HTTP:
		return c.http()
	case Address:
		return c.URL.String()
	case Signed:
		return c.Text + "\n" + c.Digest
	case CurlCmd:
		return c.curl(cmdQuote, " ^\n  ")
	default:
		return c.curl(shQuote, " \\\n  ")
	}
}

// curl writes the command. Values stand as they are meant wherever curl can encode them itself.
func (c *Corrected) curl(quote func(string) string, newLine string) string {
	var b strings.Builder
	b.WriteString("curl")
	for _, o := range c.options {
		b.WriteString(" " + quote(o))
	}
	if implied := map[bool]string{true: "POST", false: "GET"}[len(c.form) > 0]; c.Method != implied {
		b.WriteString(" -X " + quote(c.Method))
	}
	b.WriteString(" " + quote(c.URL.String()))
	for _, f := range c.Header {
		if strings.EqualFold(f.Name, "Content-Type") && len(c.form) > 0 || strings.EqualFold(f.Name, "Host") || !isPlain(f.Name) || !isPlain(f.Value) {
			continue // curl says the first itself, and the second is in the address
		}
		b.WriteString(newLine + "-H " + quote(f.Name+": "+f.Value))
	}
	for _, p := range c.form {
		b.WriteString(newLine + c.data(p, quote))
	}
	return b.String()
}

func (c *Corrected) data(p qfpay.Param, quote func(string) string) string {
	switch {
	case c.multipart:
		return "--form-string " + quote(p.Name+"="+p.Value)
	case p.Name == "" || !isPlainName(p.Name) || !isPlain(p.Value),
		c.Dialect == CurlCmd && strings.ContainsFunc(p.Value, func(c rune) bool { return c > unicode.MaxASCII }): // cmd has a code page
		return "-d " + quote(qfpay.Params{p}.Encode())
	case isPlainName(p.Value):
		return "-d " + quote(p.Name+"="+p.Value)
	}
	return "--data-urlencode " + quote(p.Name+"="+p.Value)
}

// isPlainName reports whether encoding changes nothing.
func isPlainName(s string) bool {
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") == ""
}

// isPlain reports whether a text can stand on a terminal as it is.
func isPlain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) })
}

// shQuote puts a word in single quotes where a shell wants that.
func shQuote(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=@%+,-") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// cmdQuote writes a word as browsers do for Windows' cmd: nothing in it means anything to cmd, and
// the program finds it in quotes.
func cmdQuote(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@,-") == "" {
		return s
	}
	var b strings.Builder
	b.WriteString(`^"`)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			b.WriteString(`^\^"`)
		case c == '\\' && strings.Trim(s[i:], `\`) == "" || c == '\\' && strings.HasPrefix(strings.TrimLeft(s[i:], `\`), `"`):
			b.WriteString(`^\^\`)
		case strings.IndexByte("&|<>^%!()", c) >= 0:
			b.WriteByte('^')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteString(`^"`)
	return b.String()
}

// http writes the request as it passes on the wire.
func (c *Corrected) http() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\n", c.Method, c.URL.RequestURI())
	if c.get("Host") == "" && c.URL.Host != "" {
		fmt.Fprintf(&b, "Host: %s\n", c.URL.Host)
	}
	for _, f := range c.Header {
		if isPlain(f.Name) && isPlain(f.Value) {
			fmt.Fprintf(&b, "%s: %s\n", f.Name, f.Value)
		}
	}
	if len(c.Body) > 0 {
		fmt.Fprintf(&b, "Content-Length: %d\n", len(c.Body))
	}
	fmt.Fprintf(&b, "\n%s", c.Body)
	return b.String()
}
