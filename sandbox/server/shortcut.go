package server

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"

	"github.com/gorilla/mux"
)

// shortcut finds the routes of a router that are one path and some methods in a map; the router
// tries each route in turn, and copies the request twice for the one it finds. Everything else is
// the router's. A handler of such a route gets no mux.Vars and no mux.CurrentRoute.
func shortcut(r *mux.Router) http.Handler {
	plain := plainRoutes(r)
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if h := plain[call{req.Method, req.URL.Path}]; h != nil {
			h.ServeHTTP(w, req)
			return
		}
		r.ServeHTTP(w, req)
	})
}

type call struct{ method, path string }

// plainRoutes asks the router for its handler of each plain path and method. Where it names another
// route than the one asked about, an earlier one fits too, or this one wants more than a path and a
// method; such a path is left to the router.
func plainRoutes(r *mux.Router) map[call]http.Handler {
	found, doubtful := map[call]http.Handler{}, map[string]bool{}
	_ = r.Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error { // the function gives no error
		path, _ := route.GetPathTemplate()
		pattern, _ := route.GetPathRegexp()
		methods, _ := route.GetMethods()
		if pattern != "^"+regexp.QuoteMeta(path)+"$" {
			return nil
		}
		for _, method := range methods {
			var m mux.RouteMatch
			if !r.Match(&http.Request{Method: method, URL: &url.URL{Path: path}}, &m) || m.MatchErr != nil || m.Route != route {
				doubtful[path] = true
				continue
			}
			found[call{method, path}] = m.Handler
		}
		return nil
	})
	maps.DeleteFunc(found, func(c call, _ http.Handler) bool { return doubtful[c.path] })
	return found
}
