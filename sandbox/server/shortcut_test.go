package server

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// The shortcut answers as the router alone does, and takes only what is plain.
func TestShortcutAnswersAsTheRouter(t *testing.T) {
	r := newRouter()
	says := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }
	}
	r.Handle("/plain", says("plain")).Methods("GET", "POST")
	r.Handle("/twice", says("first")).Methods("GET", "POST")
	r.Handle("/twice", says("second")).Methods("GET", "DELETE")
	r.Handle("/plain", says("other methods"))
	r.Handle("/{name}.txt", says("text")).Methods("GET")
	r.Handle("/a.txt", says("too late")).Methods("GET")
	r.PathPrefix("/tree/").Handler(says("tree"))
	r.Handle("/tree/leaf", says("too late")).Methods("GET")
	r.Handle("/asked", says("asked")).Methods("GET").Queries("q", "1")
	r.Handle("/asked", says("not asked")).Methods("GET")
	r.Handle("/spoken", says("spoken")).Methods("GET").Headers("X-Spoken", "1")
	r.Handle("/other", says("other")).Methods("GET")
	r.NotFoundHandler = says("none")
	quick := shortcut(r)
	for _, path := range []string{"/plain", "/plain?x=1", "/twice", "/plain/", "//plain", "/a.txt", "/tree/leaf", "/tree/", "/asked", "/asked?q=1", "/spoken", "/other", "/nowhere", "/%70lain"} {
		for _, method := range []string{"GET", "POST", "DELETE", "HEAD", "BREW"} {
			got, want := httptest.NewRecorder(), httptest.NewRecorder()
			quick.ServeHTTP(got, httptest.NewRequest(method, path, nil))
			r.ServeHTTP(want, httptest.NewRequest(method, path, nil))
			if got.Body.String() != want.Body.String() || got.Code != want.Code {
				t.Errorf("%s %s is answered %d %q, want %d %q", method, path, got.Code, got.Body, want.Code, want.Body)
			}
		}
	}
	for _, c := range []call{{"GET", "/plain"}, {"POST", "/plain"}, {"GET", "/other"}} {
		if plainRoutes(r)[c] == nil {
			t.Errorf("%s %s takes the long way, want the short one", c.method, c.path)
		}
	}
}
