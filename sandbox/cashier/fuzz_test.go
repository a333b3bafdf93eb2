package cashier_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// Whatever stands in the address adds no markup to the page, which leads to http and https only.
func FuzzDirect(f *testing.F) {
	for _, seed := range []string{"宠物店", evil, "javascript:alert(1)", "http://m.test/", "//m.test", "java\tscript:alert(1)", "http://m.test/\u2028", "\xff", "HTTPS://M.TEST", "http://a@b:1/?x=://"} {
		f.Add(seed, "https://m.test/done")
		f.Add("Pet Shop", seed)
	}
	targets := regexp.MustCompile(`(?:data-redirect|id="back" href)="([^"]*)"`)
	f.Fuzz(func(t *testing.T, merchant, to string) {
		w, _ := visit(t, "GET", direct("mchntnm", merchant, "redirect_url", to, "nonceStr", merchant), "ios")
		page := w.Body.String()
		pattern, _ := visit(t, "GET", direct(), "ios")
		if !strings.Contains(page, `id="pay-params"`) {
			pattern, _ = visit(t, "GET", direct("txamt", "0"), "ios")
		}
		if tags := strings.Count(pattern.Body.String(), "<"); w.Code != 200 || strings.Count(page, "<") != tags {
			t.Errorf("HTTP %d, and not %d tags in\n%s", w.Code, tags, page)
		}
		for _, m := range targets.FindAllStringSubmatch(page, -1) {
			if lower := strings.ToLower(m[1]); !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") {
				t.Errorf("%s leads to %s", url.QueryEscape(to), m[1])
			}
		}
	})
}
