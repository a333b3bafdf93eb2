// Package openapi answers for the hosts openapi-*.qfapi.com: /trade/v1/* and /tool/v1/*.
package openapi

import (
	"log/slog"
	"net/http"
	"runtime"
	"strings"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// MaxBody bounds a request's body, in bytes; a larger one is refused with 1103 (assumption 5).
const MaxBody = 1 << 20

// API serves QFPay's open API. All fields but Done are required.
type API struct {
	Gateway *sandbox.Gateway
	// Base gives the address a request came to, such as http://127.0.0.1:8080, for the redirects
	// that lead back here.
	Base func(*http.Request) string
	// WeChat gives the address of WeChat's own pages, Wallet that of its wallet, to whoever came with
	// this request; Base's, unless the hosts have their own names.
	WeChat, Wallet func(*http.Request) string
	// Done is closed when the server shuts down, so that answers held back are held no longer.
	Done <-chan struct{}
	Log  *slog.Logger

	// diagnoses has room for as many as are made at once: a flood of wrong signatures leaves half the
	// processors to requests that are right.
	diagnoses chan struct{}
}

// Routes adds the endpoints to a router.
func (a *API) Routes(r *mux.Router) {
	a.diagnoses = make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2))
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
		{"/trade/v1/query", []string{"POST", "GET"}, inHeaderWithAlias, a.query},
		{"/trade/v1/refund", []string{"POST"}, inHeader, a.refund},
		{"/trade/v1/close", []string{"POST", "GET"}, inHeader, a.close},
		{"/trade/v1/reversal", []string{"POST", "GET"}, inHeader, a.reversal},
		{"/trade/v1/add_note", []string{"POST"}, inHeader, a.addNote},
	} {
		r.Handle(e.path, a.adapt(endpointAt(e.path), e.where, e.serve)).Methods(e.methods...)
		r.Handle(e.path, a.refuseMethod(e.methods))
	}
	a.refuseUnservedPaths(r)
}

// endpointAt names the call at a path. What is none of QFPay's calls, the way back from WeChat,
// takes no levers and counts for no limit.
func endpointAt(path string) sandbox.Endpoint {
	for _, at := range sandbox.Endpoints() {
		if path[strings.LastIndexByte(path, '/')+1:] == string(at) {
			return at
		}
	}
	return ""
}
