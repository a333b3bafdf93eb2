package pasted

import (
	"fmt"
	"strings"
)

// part is one of a multipart body. A file has no content here: QFPay signs none.
type part struct {
	name, content, file string
}

// part reads the value of -F or --form-string.
func (c *command) part(what does, value string) error {
	name, content, found := strings.Cut(value, "=")
	if !found {
		return fmt.Errorf("%w: -F %s has no =", ErrUnreadable, shortened(value))
	}
	p := part{name: name, content: content}
	if what == formPart {
		if file, isFile := strings.CutPrefix(content, "@"); isFile {
			p.file, _, _ = strings.Cut(file, ";")
			p.content = ""
			c.remark(false, FileLeftOut, "", "the file %s was left out: signatures never cover files", shortened(p.file))
		} else if text, quoted := strings.CutPrefix(content, `"`); quoted && strings.Contains(text, `"`) {
			p.content = strings.ReplaceAll(strings.ReplaceAll(text[:strings.LastIndexByte(text, '"')], `\"`, `"`), `\\`, `\`)
		} else if at := strings.Index(content, ";type="); at >= 0 {
			p.content = content[:at]
		}
	}
	c.parts = append(c.parts, p)
	return nil
}

// multipart writes a body of parts, and the content type that tells it.
func multipart(parts []part) (body, contentType string) {
	boundary := "----pasted"
	for _, p := range parts {
		for strings.Contains(p.name+p.content, boundary) {
			boundary += "0"
		}
	}
	var b strings.Builder
	for _, p := range parts {
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=\"%s\"", boundary, quoteName(p.name))
		if p.file != "" {
			fmt.Fprintf(&b, "; filename=\"%s\"", quoteName(p.file))
		}
		fmt.Fprintf(&b, "\r\n\r\n%s\r\n", p.content)
	}
	fmt.Fprintf(&b, "--%s--\r\n", boundary)
	return b.String(), "multipart/form-data; boundary=" + boundary
}

func quoteName(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "%0D", "\n", "%0A").Replace(s)
}
