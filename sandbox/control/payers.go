package control

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func payerView(p sandbox.Payer) Payer {
	return Payer{ID: p.ID, Name: p.Name, Behaviour: p.Behaviour}
}

func (a *API) createPayer(r *http.Request) (any, error) {
	var in Payer
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	p, err := a.Gateway.CreatePayer(r.Context(), sandbox.Payer{ID: in.ID, Name: in.Name, Behaviour: in.Behaviour})
	if err != nil {
		return nil, err
	}
	return created{payerView(p)}, nil
}

func (a *API) getPayer(r *http.Request) (any, error) {
	p, err := a.Gateway.Store.Payer(r.Context(), sandbox.PayerID(mux.Vars(r)["payer"]))
	if err != nil {
		return nil, err
	}
	return payerView(p), nil
}

func (a *API) changePayer(r *http.Request) (any, error) {
	var in PayerChange
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	p, err := a.Gateway.UpdatePayer(r.Context(), sandbox.PayerID(mux.Vars(r)["payer"]), func(p *sandbox.Payer) {
		if in.Name != nil {
			p.Name = *in.Name
		}
		if in.Behaviour != nil {
			p.Behaviour = *in.Behaviour
		}
	})
	if err != nil {
		return nil, err
	}
	return payerView(p), nil
}
