package clinic

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// However large or hostile a request is, its diagnosis costs no more than the budget, and what was
// left out is said. What happens most is tried all the same.
func TestADiagnosisKeepsToItsBudget(t *testing.T) {
	const key = "SANDBOXCLIENTKEY0123456789ABCDEF"
	many := func(n int, name, value string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "&%s%d=%s", name, i, value)
		}
		return b.String()[1:]
	}
	for _, c := range []struct {
		name, form string
		others     int
		exhausted  bool
	}{
		{"typical", many(8, "name", "value+1"), 100, false},
		{"1,000 other Apps", many(8, "name", "value+1"), 1000, true},
		{"100 parameters", many(100, "name", "value+1"), 100, true},
		{"1,000 parameters with long names", many(1000, strings.Repeat("n", 100), "v"), 100, true},
		{"100,000 parameters", many(100000, "n", ""), 100, true},
		{"the same name again and again", strings.Repeat("a=1&", 20000) + "b=2", 0, true},
		{"only separators", strings.Repeat("&=", 100000), 0, true},
		{"a megabyte", "a=1&b=" + strings.Repeat("x+", 1<<19), 1000, true},
		{"binary", "a=" + strings.Repeat("%FF%00", 10000), 100, true},
		{"times and numbers", many(200, "t", "2026-01-02+03:04:05") + "&" + many(200, "txamt", "100"), 0, true},
		{"JSON in each value", many(50, "j", `{"a":[1,2,{"b":"c"}]}`), 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := Case{App: sandbox.App{Code: "APP", ClientKey: key}, Params: qfpay.ParseParams(c.form), Sign: strings.Repeat("ab", 16), Method: http.MethodPost, URL: &url.URL{Path: "/trade/v1/payment"}, Header: http.Header{}, Body: []byte(c.form)}
			for i := range c.others {
				in.Others = append(in.Others, sandbox.App{Code: sandbox.AppCode(fmt.Sprintf("OTHER%d", i)), ClientKey: fmt.Sprintf("SANDBOXKEY%022d", i)})
			}
			w := newWalk(readCase(in), in.Sign)
			if w.run() {
				t.Fatal("found a recipe, want none")
			}
			if w.bytes > mostBytes || w.digests > mostDigests+1 {
				t.Errorf("took %d bytes and %d digests, want at most %d and %d", w.bytes, w.digests, mostBytes, mostDigests)
			}
			if w.exhausted != c.exhausted {
				t.Errorf("exhausted is %t, want %t; %d bytes, %d digests", w.exhausted, c.exhausted, w.bytes, w.digests)
			}
			t.Logf("%d bytes, %d digests", w.bytes, w.digests)
			in.Sign = qfpay.Sign(in.Params.Canonical(), key+"\n", qfpay.MD5)
			if d := Diagnose(in); len(d.Mistakes) != 1 || d.Mistakes[0].ID != KeyWhiteSpace {
				t.Errorf("with a newline behind the key: got %+v, want %s", d.Mistakes, KeyWhiteSpace)
			}
		})
	}
}
