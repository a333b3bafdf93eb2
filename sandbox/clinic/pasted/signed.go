package pasted

import (
	"regexp"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func hasScheme(s string) bool {
	s = strings.ToLower(s)
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// readAddress reads an address a browser is sent to. What follows on other lines is none of it.
func readAddress(s string) ([]Request, error) {
	r := Request{Dialect: Address, Method: "GET"}
	if err := r.parseAddress(strings.TrimSpace(firstLine(s))); err != nil {
		return nil, err
	}
	return []Request{r}, nil
}

// A digest may have its name before it, and stands behind the string.
var digestBehind = regexp.MustCompile(`(?is)^(.*?)(?:\r?\n|[ \t]+)(?:[ \t]*(?:X-QF-SIGN|sign|signature|digest|md5|sha256)[ \t]*[:=][ \t]*)?([0-9A-Fa-f]{64}|[0-9A-Fa-f]{32})\s*$`)

func isSigned(s string) bool {
	m := digestBehind.FindStringSubmatch(s)
	return m != nil && strings.Contains(m[1], "=")
}

// readSigned reads the string somebody signed, and the digest they got.
func readSigned(s string) ([]Request, error) {
	m := digestBehind.FindStringSubmatch(s)
	return []Request{{Dialect: Signed, Text: strings.TrimRight(m[1], "\r\n"), Digest: m[2]}}, nil
}

// rawParams are the pairs of a string to sign, which are not encoded. What is no name=value belongs to the
// value before it.
func rawParams(s string) qfpay.Params {
	var p qfpay.Params
	for pair := range strings.SplitSeq(s, "&") {
		name, value, found := strings.Cut(pair, "=")
		if last := len(p) - 1; last >= 0 && (!found || !isPlainName(name)) {
			p[last].Value += "&" + pair
			continue
		}
		if pair != "" {
			p = append(p, qfpay.Param{Name: name, Value: value})
		}
	}
	return p
}
