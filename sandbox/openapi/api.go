// Package openapi answers for the hosts openapi-*.qfapi.com: /trade/v1/* and /tool/v1/*.
package openapi

import (
	"log/slog"
	"net/http"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// MaxBody bounds a request's body, in bytes; a larger one is refused with 1103 (assumption 5).
const MaxBody = 1 << 20

// API serves QFPay's open API. All fields are required.
type API struct {
	Gateway *sandbox.Gateway
	// Base gives the address a request came to, such as http://127.0.0.1:8080, for the redirects
	// that lead back here.
	Base func(*http.Request) string
	Log  *slog.Logger
}

// Routes adds the endpoints to a router.
func (a *API) Routes(r *mux.Router) {
	for _, e := range []struct {
		path    string
		methods []string
		where   credentialsIn
		serve   endpoint
	}{
		{oauthCodePath, []string{"GET"}, inQuery, a.oauthCode},
		{oauthReturnPath, []string{"GET"}, inRelay, a.oauthReturn},
		{"/tool/v1/get_weixin_openid", []string{"GET", "POST"}, inHeader, a.openID},
		{"/trade/v1/payment", []string{"POST"}, inHeader, a.payment},
		{"/trade/v1/query", []string{"POST", "GET"}, inHeader, a.query},
	} {
		r.Handle(e.path, a.adapt(e.where, e.serve)).Methods(e.methods...)
		r.Handle(e.path, a.refuseMethod(e.methods))
	}
	for _, family := range []string{"/trade/", "/tool/"} {
		r.PathPrefix(family).Handler(a.refusePath())
	}
}
