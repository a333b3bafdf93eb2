package seed_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/seed"
)

// Whatever is written, it is a seed the rules take, or it is refused with a place and a reason.
func FuzzParse(f *testing.F) {
	f.Add(whole)
	for _, s := range []string{"", "apps:", "apps: [{}]", "apps: [*x]", "apps: &a [*a]", "apps:\n  - &a {app_code: A, <<: *a}", "payers: [{id: bob, delay: 1e9h}]", "? [a]\n: b", "apps: !!str x", "---\n...", "%YAML 9\n---\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := seed.Parse("s.yaml", []byte(text))
		if err != nil {
			if !errors.Is(err, seed.ErrSeed) || !strings.HasPrefix(err.Error(), "s.yaml") {
				t.Errorf("%q: got %v, want an ErrSeed that names the file", text, err)
			}
			return
		}
		for _, a := range s.Apps {
			if err := sandbox.CheckApp(a); err != nil {
				t.Errorf("%q: App %q is taken and then refused: %v", text, a.Code, err)
			}
		}
		for _, p := range s.Payers {
			if err := sandbox.CheckPayer(p); err != nil {
				t.Errorf("%q: payer %q is taken and then refused: %v", text, p.ID, err)
			}
		}
	})
}
