package openapi

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// unserved are the calls QFPay has and this sandbox has not (qfpay-api 3.8 to 3.15). A path that ends
// in a slash stands for all below it.
var unserved = [...]struct{ path, what, source string }{
	{"/trade/v1/authtrade", "captures a pre-authorised payment", "qfpay-api 3.8"},
	{"/trade/v1/unfreeze", "releases a pre-authorised payment", "qfpay-api 3.8"},
	{"/trade/v1/payment_verify", "verifies a card payment", "qfpay-api 3.15"},
	{"/trade/v1/urltranslate/", "opens a short link of FPS", "qfpay-api 3.15"},
	{"/tool/v1/mcc", "lists merchant categories", "qfpay-api 3.15"},
	{"/download/v1/trade_bill", "downloads a day's statement", "qfpay-api 3.10"},
	{"/custom/v1/", "declares payments to the customs", "qfpay-api 3.11"},
	{"/checkstand", "is the hosted checkout page", "qfpay-api 3.12"},
	{"/checkstand/", "is the hosted checkout page", "qfpay-api 3.12"},
	{"/payment_element/v1/", "makes intents for the payment element", "qfpay-api 3.13"},
	{"/customer/v1/", "keeps customers of recurring payments", "qfpay-api 3.14"},
	{"/product/v1/", "keeps products of recurring payments", "qfpay-api 3.14"},
	{"/subscription/v1/", "keeps subscriptions of recurring payments", "qfpay-api 3.14"},
	{"/subscription/billing_order/v1/", "lists the orders of a subscription", "qfpay-api 3.14"},
	{"/mch/v1/", "signs merchants up", "qfpay-api 3.15"},
	{"/oauth/v2/", "logs QFPay's own users in", "qfpay-api 3.15"},
	{"/user/v1/", "tells about QFPay's own users", "qfpay-api 3.15"},
	{"/settlement/v1/", "lists settlements", "qfpay-api 3.15"},
}

// families are where all of QFPay's calls served here live.
var families = [...]string{"/trade/", "/tool/"}

// OwnsPath reports whether a path is QFPay's open API's, served here or not.
func OwnsPath(path string) bool {
	for _, family := range families {
		if strings.HasPrefix(path, family) {
			return true
		}
	}
	for i := range unserved {
		if covers(unserved[i].path, path) {
			return true
		}
	}
	return false
}

func covers(row, path string) bool {
	return row == path || strings.HasSuffix(row, "/") && strings.HasPrefix(path, row)
}

// refuseUnservedPaths adds the calls that exist elsewhere and the rest of QFPay's families.
func (a *API) refuseUnservedPaths(r *mux.Router) {
	for _, row := range unserved {
		refuse := a.refusePath("endpoint-not-served", fmt.Sprintf("it %s at QFPay (%s) and is not in this sandbox", row.what, row.source))
		if strings.HasSuffix(row.path, "/") {
			r.PathPrefix(row.path).Handler(refuse)
		} else {
			r.Handle(row.path, refuse)
		}
	}
	for _, family := range families {
		r.PathPrefix(family).Handler(a.NoSuchPath())
	}
}

// NoSuchPath answers what is no path of QFPay's, for a listener that serves only these.
func (a *API) NoSuchPath() http.Handler {
	return a.refusePath("path-unknown", "QFPay has no such path, as far as its documents say")
}

func (a *API) refusePath(rule, why string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refusal := sandbox.RefuseRequest(rule, sandbox.Shortened(r.URL.Path)+": "+why).Got(r.Method + " " + sandbox.Shortened(r.URL.Path))
		if near := nearestPath(r.URL.Path); rule == "path-unknown" && near != "" {
			refusal.Want(near).Fix("call " + near)
		}
		a.refuseUnserved(w, r, http.StatusNotFound, refusal)
	})
}
