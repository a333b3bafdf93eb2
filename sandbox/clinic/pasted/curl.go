package pasted

import (
	"fmt"
	"net/url"
	"strings"
)

// does is what an option of curl's means for the request.
type does int

const (
	nothing does = iota // kept and written again
	method
	header
	data
	dataRaw
	dataEncoded
	jsonData
	formPart
	formText
	inQuery
	address
	head
	next
)

// options of curl: its two names, whether a value follows, and what it does.
var options = []struct {
	long, short string
	value       bool
	does        does
}{
	{"--request", "-X", true, method}, {"--header", "-H", true, header}, {"--url", "", true, address},
	{"--data", "-d", true, data}, {"--data-ascii", "", true, data}, {"--data-binary", "", true, data},
	{"--data-raw", "", true, dataRaw}, {"--data-urlencode", "", true, dataEncoded}, {"--json", "", true, jsonData},
	{"--form", "-F", true, formPart}, {"--form-string", "", true, formText}, {"--get", "-G", false, inQuery}, {"--head", "-I", false, head},
	{"--next", "-:", false, next},
	{"--user-agent", "-A", true, nothing}, {"--referer", "-e", true, nothing}, {"--cookie", "-b", true, nothing}, {"--cookie-jar", "-c", true, nothing},
	{"--user", "-u", true, nothing}, {"--oauth2-bearer", "", true, nothing}, {"--insecure", "-k", false, nothing}, {"--silent", "-s", false, nothing},
	{"--show-error", "-S", false, nothing}, {"--verbose", "-v", false, nothing}, {"--include", "-i", false, nothing}, {"--location", "-L", false, nothing},
	{"--fail", "-f", false, nothing}, {"--fail-with-body", "", false, nothing}, {"--compressed", "", false, nothing}, {"--globoff", "-g", false, nothing},
	{"--no-buffer", "-N", false, nothing}, {"--progress-bar", "-#", false, nothing}, {"--no-progress-meter", "", false, nothing}, {"--path-as-is", "", false, nothing},
	{"--ipv4", "-4", false, nothing}, {"--ipv6", "-6", false, nothing}, {"--http1.0", "-0", false, nothing}, {"--http1.1", "", false, nothing}, {"--http2", "", false, nothing},
	{"--tlsv1.2", "", false, nothing}, {"--tlsv1.3", "", false, nothing}, {"--ssl-no-revoke", "", false, nothing}, {"--disable", "-q", false, nothing},
	{"--output", "-o", true, nothing}, {"--remote-name", "-O", false, nothing}, {"--dump-header", "-D", true, nothing}, {"--write-out", "-w", true, nothing},
	{"--max-time", "-m", true, nothing}, {"--connect-timeout", "", true, nothing}, {"--retry", "", true, nothing}, {"--retry-delay", "", true, nothing},
	{"--proxy", "-x", true, nothing}, {"--noproxy", "", true, nothing}, {"--resolve", "", true, nothing}, {"--connect-to", "", true, nothing}, {"--interface", "", true, nothing},
	{"--cacert", "", true, nothing}, {"--cert", "-E", true, nothing}, {"--key", "", true, nothing}, {"--ciphers", "", true, nothing}, {"--trace-ascii", "", true, nothing},
}

func isCurl(word string) bool {
	word = strings.ToLower(strings.TrimSuffix(word, "\r"))
	return word == "curl" || word == "curl.exe" || strings.HasSuffix(word, "/curl") || strings.HasSuffix(word, `\curl.exe`)
}

// readCurl reads every curl command of a text.
func readCurl(s string) ([]Request, error) {
	if strings.Contains(s, `^"`) || strings.Contains(s, "^\n") || strings.Contains(s, "^\r\n") {
		words, err := cmdWords(s)
		if err != nil {
			return nil, err
		}
		return commands(words, Request{Dialect: CurlCmd})
	}
	r := Request{Dialect: Curl}
	words, err := r.shWords(s)
	if err != nil {
		return nil, err
	}
	return commands(words, r)
}

// commands takes the words apart where one command ends and another begins.
func commands(words []word, like Request) ([]Request, error) {
	var list []Request
	for len(words) > 0 {
		if !isCurl(words[0].text) {
			words = words[1:]
			continue
		}
		c := command{Request: like}
		c.Remarks = append([]Remark(nil), like.Remarks...)
		var own []string
		var rest []word
		own, rest = c.own(words[1:])
		if err := c.parse(own); err != nil {
			return nil, err
		}
		list, words = append(list, c.Request), rest
	}
	return list, nil
}

// command is a curl command being read.
type command struct {
	Request
	addresses                 []string
	body                      []string
	parts                     []part
	method                    string
	bodyInQuery, head, isJSON bool
	withoutContentType        bool
}

// own gives the words of one command: up to an operator, but for the two that are slips. What follows
// an & that cut an address is put back where it was meant.
func (c *command) own(words []word) (own []string, rest []word) {
	for i := 0; i < len(words); i++ {
		w := words[i]
		if !w.operator {
			own = append(own, w.text)
			continue
		}
		following := ""
		if i+1 < len(words) && !words[i+1].operator {
			following = words[i+1].text
		}
		switch last := len(own) - 1; {
		case w.text == "\n" && strings.HasPrefix(following, "-"):
			c.remark(true, LineNotContinued, `put a backslash at the end of the line before`, "the line that starts with %s belongs to the command, but the shell ends a command with its line", shortened(following))
		case w.text == "&" && last >= 0 && strings.Contains(own[last], "=") && isPair(following):
			c.remark(true, CutByShell, "put the address, or the data, in quotes", "%q was never sent", shortened(following))
			own[last] += "&" + following
			i++
		case (w.text == ">" || w.text == "<") && following != "":
			i++
		case w.text == ">" || w.text == "<":
		default:
			return own, words[i:]
		}
	}
	return own, nil
}

// isPair reports whether a word looks like name=value rather than like a command.
func isPair(s string) bool {
	name, _, found := strings.Cut(s, "=")
	return found && name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-[]") == ""
}

func (c *command) parse(words []string) error {
	for len(words) > 0 {
		w := words[0]
		words = words[1:]
		var err error
		switch {
		case w == "--" || w == "":
		case strings.HasPrefix(w, "--"):
			words, err = c.long(w, words)
		case strings.HasPrefix(w, "-") && len(w) > 1:
			words, err = c.short(w, words)
		default:
			c.addresses = append(c.addresses, w)
		}
		if err != nil {
			return err
		}
	}
	return c.finish()
}

func (c *command) long(w string, words []string) ([]string, error) {
	for _, o := range options {
		if o.long != w {
			continue
		}
		if !o.value {
			return words, c.do(o.does, w)
		}
		if len(words) == 0 {
			return nil, fmt.Errorf("%w: curl's option %s has no value; copy the command to its end", ErrUnreadable, w)
		}
		return words[1:], c.do(o.does, w, words[0])
	}
	return c.unknown(w, words), nil
}

// short reads options written together, such as -sXPOST.
func (c *command) short(w string, words []string) ([]string, error) {
	for i := 1; i < len(w); i++ {
		name, found := "-"+w[i:i+1], false
		for _, o := range options {
			if o.short != name {
				continue
			}
			found = true
			if !o.value {
				if err := c.do(o.does, name); err != nil {
					return nil, err
				}
				break
			}
			if value := w[i+1:]; value != "" {
				return words, c.do(o.does, name, value)
			}
			if len(words) == 0 {
				return nil, fmt.Errorf("%w: curl's option %s has no value; copy the command to its end", ErrUnreadable, name)
			}
			return words[1:], c.do(o.does, name, words[0])
		}
		if !found {
			return c.unknown(name, words), nil
		}
	}
	return words, nil
}

// unknown leaves an option out. A word behind it that is no option and no address is taken for its value.
func (c *command) unknown(name string, words []string) []string {
	c.remark(false, OptionUnknown, "", "curl's option %s is not known here and was left out", shortened(name))
	if len(words) > 0 && !strings.HasPrefix(words[0], "-") && !hasScheme(words[0]) && !strings.Contains(words[0], "/") {
		return words[1:]
	}
	return words
}

// do takes an option and its value, where it has one.
func (c *command) do(what does, option string, values ...string) error {
	value := strings.Join(values, "")
	if what == data || what == jsonData || what == header || what == dataEncoded || what == formPart {
		if err := refuseFile(what, option, value); err != nil {
			return err
		}
	}
	switch what {
	case method:
		c.method = strings.ToUpper(value)
	case header:
		c.header(value)
	case address:
		c.addresses = append(c.addresses, value)
	case data, dataRaw:
		c.body = append(c.body, value)
	case dataEncoded:
		name, content, named := strings.Cut(value, "=")
		if !named {
			name, content = "", value
		}
		if name != "" {
			name += "="
		}
		c.body = append(c.body, name+escape(content))
	case jsonData:
		c.isJSON = true
		c.body = append(c.body, value)
	case formPart, formText:
		return c.part(what, value)
	case inQuery:
		c.bodyInQuery = true
	case head:
		c.head = true
	case next:
		return fmt.Errorf("%w: --next puts several requests in one command; paste them one by one", ErrUnreadable)
	default:
		if !isPlain(value) {
			c.remark(false, OptionUnknown, "", "curl's option %s has control characters in its value and was left out", option)
			return nil
		}
		c.options = append(append(c.options, option), values...)
	}
	return nil
}

// refuseFile says that a file's content is not in the command. Only curl would read it.
func refuseFile(what does, option, value string) error {
	name, content, named := strings.Cut(value, "=")
	at := strings.HasPrefix(value, "@")
	switch what {
	case dataEncoded:
		file := strings.IndexByte(name, '@')
		at = file >= 0 && (!named || file < len(name))
	case formPart:
		at = named && strings.HasPrefix(content, "<")
		value = content
	}
	if !at {
		return nil
	}
	return fmt.Errorf("%w: %s %s reads a file, which this does not do; paste the command with the file's content in its place", ErrUnreadable, option, shortened(value))
}

func (c *command) header(value string) {
	name, text, found := strings.Cut(value, ":")
	if !found {
		name, text = strings.TrimSuffix(value, ";"), ""
		if name == value {
			return // curl drops a header without a colon
		}
	}
	text = strings.TrimSpace(text)
	if strings.EqualFold(strings.TrimSpace(name), "Content-Type") && text == "" {
		c.withoutContentType = true
		return
	}
	if found && text == "" {
		return // "Name:" takes a header of curl's own away
	}
	c.Header = append(c.Header, Field{name, text})
}

func (c *command) has(name string) bool {
	for _, f := range c.Header {
		if strings.EqualFold(f.Name, name) {
			return true
		}
	}
	return false
}

// finish puts the request together as curl does.
func (c *command) finish() error {
	if len(c.addresses) == 0 {
		return fmt.Errorf("%w: the curl command has no address", ErrUnreadable)
	}
	if len(c.addresses) > 1 {
		c.remark(true, AddressExtra, "put what belongs together in quotes", "curl takes %q for one more address", shortened(c.addresses[1]))
	}
	where := c.addresses[0]
	if !hasScheme(where) {
		where = "http://" + where
	}
	if err := c.parseAddress(where); err != nil {
		return err
	}
	content, kind := strings.Join(c.body, "&"), urlencoded
	if c.isJSON {
		content, kind = strings.Join(c.body, ""), "application/json"
	}
	c.Method = "GET"
	switch {
	case c.bodyInQuery:
		if content != "" {
			c.URL.RawQuery = strings.Trim(c.URL.RawQuery+"&"+encodedForAddress(content), "&")
		}
		content = ""
	case len(c.parts) > 0:
		c.Method = "POST"
		content, kind = multipart(c.parts)
	case c.body != nil:
		c.Method = "POST"
	default:
		kind = ""
	}
	if c.head {
		c.Method = "HEAD"
	}
	if c.method != "" {
		c.Method = c.method
	}
	c.Body = []byte(content)
	if content != "" && !c.has("Content-Type") && !c.withoutContentType && kind != "" {
		c.Header = append(c.Header, Field{"Content-Type", kind})
	}
	return nil
}

const urlencoded = "application/x-www-form-urlencoded"

// escape is how curl encodes a value.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// encodedForAddress encodes the bytes that no address holds and leaves the rest as it is.
func encodedForAddress(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == '#' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
