package control

import (
	"fmt"
	"net/http"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// Delivery is one notification of a plan: when it is first sent, and what is right or wrong with it.
type Delivery struct {
	On sandbox.Occasion `json:"on"`
	// After is how long after the occasion; empty is at once.
	After string `json:"after,omitempty"`
	// Variant is good when it is empty.
	Variant sandbox.Variant `json:"variant,omitempty"`
	// BeforeReturn holds the payer's return back until the merchant answered.
	BeforeReturn bool `json:"before_return,omitempty"`
}

// OrderPlan is the plan of one order; an empty list is QFPay's own.
type OrderPlan struct {
	OutTradeNo sandbox.OutTradeNo `json:"out_trade_no"`
	Delivery   []Delivery         `json:"delivery"`
}

// PlanChange asks for a plan.
type PlanChange struct {
	Delivery []Delivery `json:"delivery"`
}

// planView is never null: an empty list says that QFPay's own plan holds.
func planView(ds []sandbox.Delivery) []Delivery {
	view := make([]Delivery, len(ds))
	for i, d := range ds {
		view[i] = Delivery{On: d.On, After: d.After.String(), Variant: d.Variant, BeforeReturn: d.BeforeReturn}
	}
	return view
}

// deliveries reads a plan; what it says is judged where it is stored.
func deliveries(in []Delivery) ([]sandbox.Delivery, error) {
	var list []sandbox.Delivery
	for i, d := range in {
		after, err := duration(fmt.Sprintf("delivery %d: after", i+1), d.After)
		if err != nil {
			return nil, err
		}
		if d.Variant == "" {
			d.Variant = sandbox.VariantGood
		}
		list = append(list, sandbox.Delivery{On: d.On, After: after, Variant: d.Variant, BeforeReturn: d.BeforeReturn})
	}
	return list, nil
}

func orderOf(r *http.Request) sandbox.OutTradeNo {
	return sandbox.OutTradeNo(mux.Vars(r)["out_trade_no"])
}

func orderPlanView(app sandbox.App, n sandbox.OutTradeNo) (any, error) {
	plan, ok := app.OrderPlan(n)
	if !ok {
		return nil, &problem{Status: http.StatusNotFound, Code: "not-found", Message: fmt.Sprintf("order %q has no plan of its own; it follows its App's", n)}
	}
	return OrderPlan{OutTradeNo: n, Delivery: planView(plan.Deliveries)}, nil
}

func (a *API) getOrderPlan(r *http.Request) (any, error) {
	app, err := a.appOf(r)
	if err != nil {
		return nil, err
	}
	return orderPlanView(app, orderOf(r))
}

func (a *API) setOrderPlan(r *http.Request) (any, error) {
	var in PlanChange
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	if in.Delivery == nil {
		return nil, badRequest("delivery is missing, want a list of deliveries; an empty one is QFPay's own plan")
	}
	list, err := deliveries(in.Delivery)
	if err != nil {
		return nil, err
	}
	app, err := a.appOf(r)
	if err != nil {
		return nil, err
	}
	app, err = a.Gateway.SetOrderPlan(r.Context(), app, orderOf(r), sandbox.DeliveryPlan{Deliveries: list})
	if err != nil {
		return nil, err
	}
	return orderPlanView(app, orderOf(r))
}

func (a *API) removeOrderPlan(r *http.Request) (any, error) {
	app, err := a.appOf(r)
	if err != nil {
		return nil, err
	}
	view, err := orderPlanView(app, orderOf(r))
	if err != nil {
		return nil, err
	}
	_, err = a.Gateway.RemoveOrderPlan(r.Context(), app.Code, orderOf(r))
	return view, err
}
