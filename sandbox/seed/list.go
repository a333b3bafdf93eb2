package seed

import (
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// ParseList reads Apps as CODE:KEY, separated by commas; errors call the list by this name and tell
// no key. Errors: ErrSeed.
func ParseList(name, list string) (Seed, error) {
	var s Seed
	for part := range strings.SplitSeq(list, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		code, key, found := strings.Cut(part, ":")
		a := sandbox.App{Code: sandbox.AppCode(code), ClientKey: key}
		switch {
		case !found || code == "" || key == "":
			return Seed{}, refused("%s: App %d is not written CODE:KEY; want an app code, a colon and a client key, Apps separated by commas", name, len(s.Apps)+1)
		case s.HasApp(a.Code):
			return Seed{}, refused("%s: app_code %s is there twice, want each once", name, a.Code)
		}
		if err := sandbox.CheckApp(a); err != nil {
			return Seed{}, refused("%s: App %d: %s", name, len(s.Apps)+1, strings.TrimPrefix(err.Error(), sandbox.ErrInvalid.Error()+": "))
		}
		s.Apps = append(s.Apps, a)
	}
	return s, nil
}
