package pasted

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var requestLine = regexp.MustCompile(`^([A-Z]{3,10}) +(\S.*?)( +HTTP/[0-9.]+)?[ \t\r]*$`)

func isRequestLine(line string) bool {
	m := requestLine.FindStringSubmatch(line)
	return m != nil && (m[3] != "" || strings.HasPrefix(m[2], "/") || hasScheme(m[2]))
}

// readHTTP reads one request as it passes on the wire, with line ends of either kind.
func readHTTP(s string) ([]Request, error) {
	first, rest, _ := strings.Cut(s, "\n")
	m := requestLine.FindStringSubmatch(first)
	r := Request{Dialect: HTTP, Method: m[1]}
	var length string
	for rest != "" {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		line = strings.TrimRight(line, "\r")
		if strings.TrimSpace(line) == "" {
			break
		}
		name, value, found := strings.Cut(line, ":")
		if last := len(r.Header) - 1; last >= 0 && (line[0] == ' ' || line[0] == '\t') && !found {
			r.Header[last].Value += " " + strings.TrimSpace(line) // a folded line
			continue
		}
		if !found {
			return nil, fmt.Errorf("%w: %q is no header of a request; want Name: value, and an empty line before the body", ErrUnreadable, shortened(line))
		}
		f := Field{strings.TrimSpace(name), strings.TrimSpace(value)}
		if strings.EqualFold(f.Name, "Content-Length") {
			length = f.Value
		}
		r.Header = append(r.Header, f)
	}
	target := m[2]
	if strings.HasPrefix(target, "/") {
		if host := r.get("Host"); host != "" {
			target = schemeFor(host) + "://" + host + target
		}
	}
	if err := r.parseAddress(target); err != nil {
		return nil, err
	}
	r.Body = []byte(r.bodyOf(rest, length))
	return []Request{r}, nil
}

func (r *Request) get(name string) string {
	for _, f := range r.Header {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// schemeFor is https for QFPay's own hosts, whose requests show no scheme.
func schemeFor(host string) string {
	if isQFPayHost(host) {
		return "https"
	}
	return "http"
}

func isQFPayHost(host string) bool {
	host, _, _ = strings.Cut(strings.ToLower(host), ":")
	return strings.HasSuffix(host, ".qfapi.com") || strings.HasSuffix(host, ".qfpay.com")
}

// ToQFPay reports whether r went to QFPay itself, whose keys no sandbox knows.
func (r *Request) ToQFPay() bool { return r.URL != nil && isQFPayHost(r.URL.Host) }

// bodyOf takes away the line end that pasting put behind a body, and gives parts the line ends they had.
func (r *Request) bodyOf(s, length string) string {
	if strings.HasPrefix(strings.ToLower(r.get("Content-Type")), "multipart/") {
		if !strings.Contains(s, "\r\n") {
			s = strings.ReplaceAll(s, "\n", "\r\n")
		}
		return s
	}
	n, err := strconv.Atoi(length)
	switch bare := strings.TrimRight(s, "\r\n"); {
	case err == nil && n >= len(bare) && n <= len(s):
		return s[:n]
	case err == nil && n > len(s):
		r.remark(false, BodyShort, "paste the whole body", "Content-Length is %d, the body pasted has %d bytes", n, len(bare))
		return bare
	default:
		return bare
	}
}
