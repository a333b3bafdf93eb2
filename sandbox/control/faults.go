package control

import (
	"net/http"
	"strconv"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// NewFault arms a fault. Route and OutTradeNo empty: every one; Nth and Times 0: 1.
type NewFault struct {
	Route      sandbox.Endpoint   `json:"route,omitempty"`
	OutTradeNo sandbox.OutTradeNo `json:"out_trade_no,omitempty"`
	Nth        int                `json:"nth,omitempty"`
	Times      int                `json:"times,omitempty"`
	// Effect is in the words of X-Sandbox-Outcome, such as "1143" or "http=504,after-work".
	Effect string `json:"effect"`
}

// Fault is an armed fault, and what became of it so far.
type Fault struct {
	ID         int                `json:"id"`
	Route      sandbox.Endpoint   `json:"route"`
	OutTradeNo sandbox.OutTradeNo `json:"out_trade_no"`
	Nth        int                `json:"nth"`
	Times      int                `json:"times"`
	Effect     string             `json:"effect"`
	Matched    int                `json:"matched"`
	Fired      int                `json:"fired"`
}

// Faults are the faults of an App in the order they are tried.
type Faults struct {
	Faults []Fault `json:"faults"`
}

// RemovedFaults says how many faults were taken away.
type RemovedFaults struct {
	Removed int `json:"removed"`
}

func faultView(f sandbox.Fault) Fault {
	return Fault{
		ID: f.ID, Route: f.Route, OutTradeNo: f.OutTradeNo, Nth: max(f.Nth, 1), Times: max(f.Times, 1), Effect: f.Effect.String(),
		Matched: f.Matched, Fired: f.Fired,
	}
}

func (a *API) addFault(r *http.Request) (any, error) {
	var in NewFault
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	effect, err := sandbox.ParseEffect(in.Effect)
	if err != nil {
		return nil, badRequest("effect is %q: %s", in.Effect, err)
	}
	f, err := a.Gateway.AddFault(r.Context(), sandbox.AppCode(mux.Vars(r)["app"]), sandbox.Fault{
		Route: in.Route, OutTradeNo: in.OutTradeNo, Nth: in.Nth, Times: in.Times, Effect: effect,
	})
	if err != nil {
		return nil, err
	}
	return created{faultView(f)}, nil
}

func (a *API) listFaults(r *http.Request) (any, error) {
	app, err := a.appOf(r)
	if err != nil {
		return nil, err
	}
	unfired := false
	switch s := r.URL.Query().Get("unfired"); s {
	case "", "false":
	case "true":
		unfired = true
	default:
		return nil, badRequest("unfired is %q, want true or false", s)
	}
	list := Faults{Faults: []Fault{}}
	for _, f := range app.Faults {
		if !unfired || f.Fired == 0 {
			list.Faults = append(list.Faults, faultView(f))
		}
	}
	return list, nil
}

func (a *API) removeFault(r *http.Request) (any, error) {
	id, err := strconv.Atoi(mux.Vars(r)["id"])
	if err != nil {
		return nil, badRequest("fault id is %q, want a number", mux.Vars(r)["id"])
	}
	f, err := a.Gateway.RemoveFault(r.Context(), sandbox.AppCode(mux.Vars(r)["app"]), id)
	if err != nil {
		return nil, err
	}
	return faultView(f), nil
}

func (a *API) removeFaults(r *http.Request) (any, error) {
	removed, err := a.Gateway.RemoveFaults(r.Context(), sandbox.AppCode(mux.Vars(r)["app"]))
	if err != nil {
		return nil, err
	}
	return RemovedFaults{removed}, nil
}
