// Package control is the sandbox's own interface, for tests and people: make Apps and payers, say
// how payers behave, move clocks, read the journal. Everything is JSON under /_sandbox/v1/.
package control

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// API serves the control interface. All fields but Token, Hosts, About, Patience and Heartbeat are required.
type API struct {
	Gateway *sandbox.Gateway
	Clocks  Clocks
	// Resend makes one more attempt at a notification, to another address than its own unless url is empty.
	Resend func(ctx context.Context, id uint64, url string) (sandbox.Notification, error)
	// Token, when set, must come as "Authorization: Bearer TOKEN".
	Token string
	// Hosts are names besides IP addresses, localhost and single-label names this may be reached under.
	Hosts []string
	// About says which sandbox this is.
	About About
	// Done is closed when the server shuts down, so that long polls end.
	Done <-chan struct{}
	Log  *slog.Logger
	// Patience is how long a reader may take over a piece of an answer before it is given up, Heartbeat how
	// long a stream is silent at most; half a minute and 15 seconds when they are zero.
	Patience, Heartbeat time.Duration

	streams atomic.Int32 // that are open
}

// Prefix is where the interface lives.
const Prefix = "/_sandbox/v1"

// Routes adds the interface to a router.
func (a *API) Routes(r *mux.Router) {
	v1 := r.PathPrefix(Prefix).Subrouter()
	routes := []struct {
		method, path string
		query        string // the names it takes there
		serve        handler
	}{
		{"GET", "/about", "", a.about},
		{"GET", "/apps", "after limit", a.listApps},
		{"POST", "/apps", "", a.createApp},
		{"GET", "/apps/{app}", "", a.getApp},
		{"PATCH", "/apps/{app}", "", a.changeApp},
		{"GET", "/apps/{app}/clock", "", a.getClock},
		{"POST", "/apps/{app}/clock/advance", "", a.advanceClock},
		{"POST", "/apps/{app}/clock/set", "", a.setClock},
		{"POST", "/apps/{app}/clock/advance-to-next", "", a.advanceClockToNext},
		{"POST", "/apps/{app}/clock/run-until-idle", "", a.runClockUntilIdle},
		{"POST", "/apps/{app}/clock/freeze", "", a.freezeClock},
		{"POST", "/apps/{app}/clock/unfreeze", "", a.unfreezeClock},
		{"GET", "/apps/{app}/notifications", "out_trade_no pending", a.listNotifications},
		{"POST", "/notifications/{id}/resend", "", a.resend},
		{"GET", "/apps/{app}/orders", "mchid state since limit", a.listOrders},
		{"POST", "/apps/{app}/orders/{out_trade_no:.+}/pay", "", a.decideOrder((*sandbox.Gateway).PayOrder)},
		{"POST", "/apps/{app}/orders/{out_trade_no:.+}/cancel", "", a.decideOrder((*sandbox.Gateway).CancelOrder)},
		{"POST", "/apps/{app}/orders/{out_trade_no:.+}/return", "", a.returnFromOrder},
		{"GET", "/apps/{app}/orders/{out_trade_no:.+}/plan", "", a.getOrderPlan},
		{"PUT", "/apps/{app}/orders/{out_trade_no:.+}/plan", "", a.setOrderPlan},
		{"DELETE", "/apps/{app}/orders/{out_trade_no:.+}/plan", "", a.removeOrderPlan},
		{"GET", "/apps/{app}/orders/{out_trade_no:.+}/bundle", "mchid", a.bundleOrder},
		{"GET", "/apps/{app}/orders/{out_trade_no:.+}", "mchid", a.getOrder},
		{"POST", "/apps/{app}/faults", "", a.addFault},
		{"GET", "/apps/{app}/faults", "unfired", a.listFaults},
		{"DELETE", "/apps/{app}/faults", "", a.removeFaults},
		{"DELETE", "/apps/{app}/faults/{id}", "", a.removeFault},
		{"GET", "/payers", "after limit", a.listPayers},
		{"POST", "/payers", "", a.createPayer},
		{"GET", "/payers/{payer}", "", a.getPayer},
		{"PATCH", "/payers/{payer}", "", a.changePayer},
		{"POST", "/payers/{payer}/auth-codes", "", a.issueAuthCode},
		{"GET", "/apps/{app}/payers/{payer}", "", a.getAccounts},
		{"GET", "/snapshot", "app", a.snapshot},
		{"POST", "/restore", "", a.restore},
		{"POST", "/reset", "", a.reset},
		{"GET", "/journal", filterNames + " order last limit", a.journal},
		{"GET", "/journal/wait", filterNames + " count timeout", a.waitJournal},
		{"GET", "/journal/stream", filterNames, a.streamJournal},
		{"GET", "/journal.ndjson", filterNames + " order last limit", a.exportNDJSON},
		{"GET", "/journal.har", filterNames + " order last limit", a.exportHAR},
		{"POST", "/journal/verify", "", a.verify},
		{"GET", "/findings", "", a.findings},
		{"GET", "/fidelity", "", a.fidelity},
	}
	for _, route := range routes {
		v1.HandleFunc(route.path, a.adapt(onlyQuery(route.query, route.serve))).Methods(route.method)
	}
	// mux forgets that only the method was wrong when a later route has the same prefix.
	for _, route := range routes {
		v1.HandleFunc(route.path, a.adapt(func(r *http.Request) (any, error) {
			return nil, &problem{Status: http.StatusMethodNotAllowed, Code: "method", Message: fmt.Sprintf("%s does not take %s", r.URL.Path, r.Method)}
		}))
	}
	v1.NotFoundHandler = a.adapt(func(r *http.Request) (any, error) {
		return nil, &problem{Status: http.StatusNotFound, Code: "no-such-path", Message: fmt.Sprintf("the control interface has no path %s", r.URL.Path)}
	})
}
