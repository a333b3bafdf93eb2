package browser

import (
	"testing"
)

func TestTabBesideAnotherSharesItsCookies(t *testing.T) {
	s := newSite(t, pages{"/": `<p id=p>x<script>localStorage.n = 1 + Number(localStorage.n || 0)</script>`}, nil)
	first := open(t, "ios", TabOptions{Cookies: []Cookie{{Name: "buyer", Value: "B1", URL: s.URL}}})
	must(t, first.Goto(t.Context(), s.URL))
	before := contexts(t)

	second, err := shared.Open(t.Context(), kindNamed(t, "ios"), TabOptions{Beside: first})
	must(t, err)
	must(t, second.Goto(t.Context(), s.URL))
	if got := s.got(t, "/").Header.Get("Cookie"); got != "buyer=B1" {
		t.Errorf("got Cookie %q in the second tab, want buyer=B1", got)
	}
	if got := eval(t, second, `localStorage.n`); got != `"2"` {
		t.Errorf("storage: got %s in the second tab, want 2", got)
	}

	must(t, second.Close())
	if got := contexts(t); got != before {
		t.Errorf("got %s after the second tab was closed, want %s as before it", got, before)
	}
	must(t, first.Reload(t.Context())) // it is as it was
	if got := eval(t, first, `localStorage.n`); got != `"3"` {
		t.Errorf("storage: got %s in the first tab, want 3", got)
	}
}
