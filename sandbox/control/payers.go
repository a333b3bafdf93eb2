package control

import (
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func payerView(p sandbox.Payer) Payer {
	return Payer{ID: p.ID, Name: p.Name, Behaviour: p.Behaviour, Method: p.Method, RealName: p.RealName, CreID: p.CreID, Delay: p.Takes().String(), Consent: p.Consent, Bridge: p.Bridge}
}

func (a *API) createPayer(r *http.Request) (any, error) {
	var in Payer
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	delay, err := duration("delay", in.Delay)
	if err != nil {
		return nil, err
	}
	p, err := a.Gateway.CreatePayer(r.Context(), sandbox.Payer{
		ID: in.ID, Name: in.Name, Behaviour: in.Behaviour, Method: in.Method, RealName: in.RealName, CreID: in.CreID, Delay: delay, Consent: in.Consent, Bridge: in.Bridge,
	})
	if err != nil {
		return nil, err
	}
	return created{payerView(p)}, nil
}

// Payers is a page of them, by id.
type Payers struct {
	Payers []Payer `json:"payers"`
}

func (a *API) listPayers(r *http.Request) (any, error) {
	limit, err := number(r, "limit", 100, 1, 1000)
	if err != nil {
		return nil, err
	}
	payers, err := a.Gateway.Store.Payers(r.Context(), sandbox.PayerID(r.URL.Query().Get("after")), limit)
	if err != nil {
		return nil, err
	}
	page := Payers{make([]Payer, len(payers))}
	for i, p := range payers {
		page.Payers[i] = payerView(p)
	}
	return page, nil
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
	var delay time.Duration
	if in.Delay != nil {
		var err error
		if delay, err = duration("delay", *in.Delay); err != nil {
			return nil, err
		}
	}
	p, err := a.Gateway.UpdatePayer(r.Context(), sandbox.PayerID(mux.Vars(r)["payer"]), func(p *sandbox.Payer) {
		if in.Name != nil {
			p.Name = *in.Name
		}
		if in.Behaviour != nil {
			p.Behaviour = *in.Behaviour
		}
		if in.Method != nil {
			p.Method = *in.Method
		}
		set(&p.Consent, in.Consent)
		set(&p.Bridge, in.Bridge)
		if in.RealName != nil {
			p.RealName = *in.RealName
		}
		if in.CreID != nil {
			p.CreID = *in.CreID
		}
		if in.Delay != nil {
			p.Delay = delay
		}
	})
	if err != nil {
		return nil, err
	}
	return payerView(p), nil
}
