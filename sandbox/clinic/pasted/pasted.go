// Package pasted reads what people paste when they ask why a request was refused: curl commands, raw
// HTTP, HAR files, addresses, and a string that was signed with its digest. It gives them back in the
// same dialect once they were corrected. Nothing here is sent anywhere.
package pasted

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// MaxSize bounds what is read, in bytes.
const MaxSize = 16 << 20

// ErrUnreadable says that a text is nothing this package reads; what is around it says why.
var ErrUnreadable = errors.New("cannot be read")

// Understood names what Read takes, for people.
const Understood = "a curl command, a raw HTTP request (POST /trade/v1/payment HTTP/1.1, headers, an empty line, the body), a HAR file, an address with its query, or the string that was signed with its digest"

// Dialect is how a request was written down.
type Dialect string

const (
	Curl    Dialect = "curl"     // for sh, bash, zsh
	CurlCmd Dialect = "curl-cmd" // for Windows' cmd
	HTTP    Dialect = "http"
	HAR     Dialect = "har"
	Address Dialect = "address"
	// Signed is no request: the string somebody signed, and the digest that came of it.
	Signed Dialect = "string"
)

// Field is one header as it was spelt.
type Field struct{ Name, Value string }

// Request is one request that was pasted.
type Request struct {
	Dialect Dialect
	// Entry is its place among all the requests of the text, from 1.
	Entry  int
	Method string
	// URL has no host where the text had none; it is nil in the dialect Signed.
	URL    *url.URL
	Header []Field
	Body   []byte
	// Text and Digest are what the dialect Signed is made of.
	Text, Digest string
	// Remarks are what reading it showed.
	Remarks []Remark
	// options are curl's that have nothing to do with the signature, ready to be written again.
	options []string
}

// Read finds the requests in a text. Errors: ErrUnreadable.
func Read(text []byte) ([]Request, error) {
	if len(text) > MaxSize {
		return nil, fmt.Errorf("%w: the text has more than %d bytes", ErrUnreadable, MaxSize)
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if bytes.IndexByte(text, 0) >= 0 {
		return nil, fmt.Errorf("%w: the text holds a zero byte, so it is no text in UTF-8; save it as UTF-8", ErrUnreadable)
	}
	s := unwrapped(string(text))
	list, err := read(s)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Entry = i + 1
		if u := list[i].URL; u != nil && u.Fragment != "" {
			list[i].remark(false, FragmentCut, "write %23 for a # inside a value", "the address holds a #; what follows it, %q, is never sent", u.Fragment)
		}
	}
	return list, nil
}

func read(s string) ([]Request, error) {
	first, _, _ := strings.Cut(s, "\n")
	switch word, _, _ := strings.Cut(strings.TrimSpace(first), " "); {
	case s == "":
		return nil, fmt.Errorf("%w: there is no text; want %s", ErrUnreadable, Understood)
	case s[0] == '{' || s[0] == '[':
		return readHAR(s)
	case isCurl(word):
		return readCurl(s)
	case isRequestLine(first):
		return readHTTP(s)
	case hasScheme(word):
		return readAddress(s)
	case isSigned(s):
		return readSigned(s)
	case strings.EqualFold(word, "Invoke-WebRequest"), strings.EqualFold(word, "Invoke-RestMethod"), strings.Contains(first, "requests."), strings.HasPrefix(word, "fetch("):
		return nil, fmt.Errorf("%w: the code of a program or a PowerShell command is not understood; want %s (browsers: Copy as cURL)", ErrUnreadable, Understood)
	}
	return nil, fmt.Errorf("%w: it starts with %q; want %s", ErrUnreadable, shortened(first), Understood)
}

// unwrapped takes away what stands around pasted text: blank lines, a fence, a prompt, the marks that
// curl -v puts before what it sent.
func unwrapped(s string) string {
	s = strings.TrimLeft(s, " \t\r\n")
	if strings.HasPrefix(s, "```") {
		_, s, _ = strings.Cut(s, "\n")
		if end := strings.LastIndex(s, "\n```"); end >= 0 {
			s = s[:end+1]
		}
		s = strings.TrimLeft(s, " \t\r\n")
	}
	if strings.HasPrefix(s, "> ") && isRequestLine(strings.TrimPrefix(firstLine(s), "> ")) {
		var sent strings.Builder
		for line := range strings.Lines(s) {
			if rest, ok := strings.CutPrefix(line, ">"); ok {
				sent.WriteString(strings.TrimPrefix(rest, " "))
			}
		}
		return sent.String()
	}
	for _, prompt := range []string{"$ ", "% ", "# ", "> "} {
		if rest, ok := strings.CutPrefix(s, prompt); ok && isCurl(strings.SplitN(strings.TrimLeft(rest, " "), " ", 2)[0]) {
			return strings.TrimLeft(rest, " ")
		}
	}
	return s
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// parseAddress reads an address a little more kindly than net/url: what must be encoded and is not
// gets encoded.
func (r *Request) parseAddress(s string) error {
	u, err := url.Parse(s)
	if err != nil {
		var b strings.Builder
		for i := range len(s) {
			if c := s[i]; c <= ' ' || c >= 0x7f || c == '%' && !isEscape(s[i:]) {
				fmt.Fprintf(&b, "%%%02X", c)
			} else {
				b.WriteByte(c)
			}
		}
		if u, err = url.Parse(b.String()); err != nil {
			return fmt.Errorf("%w: the address %q is none; want one such as https://openapi-hk.qfapi.com/trade/v1/payment", ErrUnreadable, shortened(s))
		}
		r.remark(true, AddressEncoded, "percent-encode what stands in the address", "the address %q holds characters that no address may hold; they were encoded here", shortened(s))
	}
	if u.Scheme != "" && (u.Host == "" || !hasScheme(u.Scheme+"://")) {
		return fmt.Errorf("%w: the address %q names no host to reach by http or https", ErrUnreadable, shortened(s))
	}
	r.URL = u
	return nil
}

func isEscape(s string) bool {
	return len(s) > 2 && strings.IndexByte(hexDigits, s[1]) >= 0 && strings.IndexByte(hexDigits, s[2]) >= 0
}

const hexDigits = "0123456789abcdefABCDEF"

// HTTPHeader is the header as a server reads it.
func (r *Request) HTTPHeader() http.Header {
	h := http.Header{}
	for _, f := range r.Header {
		h.Add(f.Name, f.Value)
	}
	return h
}

// HTTPRequest is the request as a server would get it.
func (r *Request) HTTPRequest() (*http.Request, error) {
	u := *r.URL
	if u.Path == "" {
		u.Path = "/"
	}
	req, err := http.NewRequest(r.Method, u.String(), bytes.NewReader(r.Body))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	req.Header = r.HTTPHeader()
	return req, nil
}

// Params are the parameters QFPay would find, those of the string in the dialect Signed. Errors: those
// of qfpay.ReadParams.
func (r *Request) Params() (qfpay.Params, error) {
	if r.Dialect == Signed {
		return rawParams(r.Text), nil
	}
	req, err := r.HTTPRequest()
	if err != nil {
		return nil, err
	}
	return qfpay.ReadParams(req, MaxSize)
}

// shortened keeps a text of somebody else's fit for a message.
func shortened(s string) string {
	const most = 120
	s = strings.TrimSpace(s)
	if len(s) <= most {
		return s
	}
	cut := most
	for cut > most-utf8.UTFMax && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// Call is a request to an address that has yet to get its parameters: by a browser for
// get_weixin_oauth_code, by POST for any other. The address is one that CheckAddress let pass.
func Call(address string) Request {
	r := Request{Dialect: Curl, Entry: 1, Method: "POST"}
	if r.parseAddress(address) == nil && r.Credentials().InQuery {
		r.Dialect, r.Method = Address, "GET"
	}
	return r
}

// CheckAddress says what keeps an address from being one. Errors: ErrUnreadable.
func CheckAddress(s string) error {
	var r Request
	if err := r.parseAddress(s); err != nil {
		return err
	}
	if r.URL.Host == "" {
		return fmt.Errorf("%w: the address %q has no host", ErrUnreadable, shortened(s))
	}
	return nil
}

// Recorded is a request as a journal kept it. Errors: ErrUnreadable.
func Recorded(method, address string, header http.Header, body []byte) (Request, error) {
	r := Request{Dialect: Curl, Entry: 1, Method: method, Body: body}
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			r.Header = append(r.Header, Field{name, value})
		}
	}
	return r, r.parseAddress(address)
}
