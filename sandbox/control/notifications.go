package control

import (
	"net/http"
	"strconv"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func notificationView(n sandbox.Notification) Notification {
	view := Notification{
		ID: n.ID, OutTradeNo: n.OutTradeNo, URL: n.URL, Body: string(n.Body), Sign: n.Sign, State: n.Describe(), Pending: n.Pending,
		Attempts: make([]Attempt, len(n.Attempts)),
	}
	if n.Pending {
		view.NextAt = &n.NextAt
	}
	for i, t := range n.Attempts {
		view.Attempts[i] = Attempt(t)
	}
	return view
}

func (a *API) listNotifications(r *http.Request) (any, error) {
	app, err := a.appOf(r)
	if err != nil {
		return nil, err
	}
	list, err := a.Gateway.Store.Notifications(r.Context(), app.Code, sandbox.OutTradeNo(r.URL.Query().Get("out_trade_no")))
	if err != nil {
		return nil, err
	}
	views := make([]Notification, len(list))
	for i, n := range list {
		views[i] = notificationView(n)
	}
	return map[string]any{"notifications": views}, nil
}

func (a *API) resend(r *http.Request) (any, error) {
	id, err := strconv.ParseUint(mux.Vars(r)["id"], 10, 64)
	if err != nil {
		return nil, badRequest("notification id is %q, want a number", mux.Vars(r)["id"])
	}
	n, err := a.Resend(r.Context(), id)
	if err != nil {
		return nil, err
	}
	return notificationView(n), nil
}
