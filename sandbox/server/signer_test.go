package server_test

import (
	"crypto/md5"
	"crypto/sha256"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// digest is the whole of QFPay's signature, written once more: the goldens are signed and checked
// with nothing of package qfpay.
func digest(kind, canonical, key string) string {
	signed := []byte(canonical + key)
	switch kind {
	case "MD5":
		return strings.ToUpper(fmt.Sprintf("%x", md5.Sum(signed)))
	case "md5":
		return fmt.Sprintf("%x", md5.Sum(signed))
	case "SHA256":
		return strings.ToUpper(fmt.Sprintf("%x", sha256.Sum256(signed)))
	default:
		return fmt.Sprintf("%x", sha256.Sum256(signed))
	}
}

var placeholder = regexp.MustCompile(`(?s)^(?:(MD5|md5|SHA256|sha256) (.*)|(shop|slow|poor|center|newest|limited|canada|own) MD5 (.*)|repeat ([0-9]+) (.*)|(.+?) ~ (.+))$`)

// fill replaces what stands in double braces, the innermost first:
//
//	{{MD5 canonical string}}    its signature by the demo App; md5, SHA256 and sha256 likewise
//	{{shop MD5 canonical}}      by another of the Apps of the goldens
//	{{repeat 5 x}}              xxxxx
//	{{name ~ regexp}}           the first group found in the answer of that name
func fill(t *testing.T, text string, answers map[string]string) string {
	t.Helper()
	for {
		end := strings.Index(text, "}}")
		if end < 0 {
			return text
		}
		begin := strings.LastIndex(text[:end], "{{")
		if begin < 0 {
			t.Fatalf("there is a }} without its {{ in %q", text)
		}
		text = text[:begin] + filled(t, text[begin+2:end], answers) + text[end+2:]
	}
}

func filled(t *testing.T, inside string, answers map[string]string) string {
	t.Helper()
	m := placeholder.FindStringSubmatch(inside)
	switch {
	case m == nil:
		t.Fatalf("{{%s}} is no placeholder", inside)
	case m[1] != "":
		return digest(m[1], m[2], demoKey)
	case m[3] != "":
		for _, a := range wireApps() {
			if a.name == m[3] {
				return digest("MD5", m[4], a.key)
			}
		}
	case m[5] != "":
		n, err := strconv.Atoi(m[5])
		must(t, err)
		return strings.Repeat(m[6], n)
	}
	found := regexp.MustCompile(m[8]).FindStringSubmatch(answers[m[7]])
	if len(found) < 2 {
		t.Fatalf("{{%s}} finds nothing in the answer\n%s", inside, answers[m[7]])
	}
	return found[1]
}

var signHeader = regexp.MustCompile(`(?m)^X-QF-SIGN: (\S*)\r$`)

// checkSignature holds a JSON answer of the open API to QFPay's rule: upper-case MD5 of its bytes
// and the key of the App that the request named; none when it named none.
func checkSignature(t *testing.T, name, requestHead, raw string) {
	t.Helper()
	if strings.HasPrefix(raw, "HTTP/1.1 100") {
		_, raw, _ = strings.Cut(raw, "\r\n\r\n")
	}
	head, body, _ := strings.Cut(raw, "\r\n\r\n")
	if !strings.Contains(head+"\r\n", "application/json; charset=UTF-8\r\n") {
		return
	}
	got, key := "", ""
	if m := signHeader.FindStringSubmatch(head + "\r\n"); m != nil {
		got = m[1]
	}
	for _, a := range wireApps() {
		if strings.Contains(requestHead, string(a.app.Code)) {
			key = a.key
		}
	}
	if key == "" {
		if got != "" {
			t.Errorf("%s: the answer has X-QF-SIGN %s, want none for an unknown caller", name, got)
		}
		return
	}
	if want := digest("MD5", body, key); got != want {
		t.Errorf("%s: X-QF-SIGN is %q, want %s", name, got, want)
	}
}
