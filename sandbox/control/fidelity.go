package control

import (
	"context"
	"net/http"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Fidelity lists all answers of QFPay's calls, and how sure we are that the real ones are the same.
type Fidelity struct {
	Answers  []FidelityAnswer  `json:"answers"`
	Refusals []FidelityRefusal `json:"refusals"`
	// Levers are the codes any call answers with when a lever says so.
	Levers []FidelityCode `json:"levers"`
}

// FidelityAnswer is the answer of a call that works.
type FidelityAnswer struct {
	Endpoint sandbox.Endpoint `json:"endpoint"`
	Fidelity sandbox.Fidelity `json:"fidelity"`
	Means    string           `json:"means"`
	Source   string           `json:"source"`
}

// FidelityRefusal is one refusal of one call.
type FidelityRefusal struct {
	Endpoint sandbox.Endpoint `json:"endpoint"`
	Rule     string           `json:"rule"` // as the journal's findings name it
	Respcd   qfpay.Respcd     `json:"respcd"`
	Resperr  string           `json:"resperr"`
	Respmsg  string           `json:"respmsg"`
	Fidelity sandbox.Fidelity `json:"fidelity"`
	When     string           `json:"when"`
	Source   string           `json:"source"`
}

// FidelityCode is a published code.
type FidelityCode struct {
	Respcd   qfpay.Respcd     `json:"respcd"`
	Resperr  string           `json:"resperr"`
	Fidelity sandbox.Fidelity `json:"fidelity"`
	Meaning  string           `json:"meaning"`
	Outcome  string           `json:"outcome"` // success, final, unknown or retry
	Source   string           `json:"source"`
}

func (a *API) fidelity(*http.Request) (any, error) {
	var list Fidelity
	for _, row := range sandbox.Successes() {
		list.Answers = append(list.Answers, FidelityAnswer{row.At, row.Fidelity, row.Means, row.Source})
	}
	for _, at := range append(sandbox.Endpoints(), sandbox.AtOther) {
		for _, row := range sandbox.RefusalsAt(at) {
			list.Refusals = append(list.Refusals, FidelityRefusal{at, row.Rule, row.Code, row.Resperr, row.Respmsg, row.Fidelity, row.When, row.Source})
		}
	}
	for _, row := range sandbox.CodesByLever() {
		list.Levers = append(list.Levers, FidelityCode{row.Code, row.Resperr, row.Fidelity, row.Meaning, row.Outcome.String(), row.Source})
	}
	return list, nil
}

// Fidelity lists all answers of QFPay's calls.
func (c *Client) Fidelity(ctx context.Context) (Fidelity, error) {
	var out Fidelity
	return out, c.call(ctx, http.MethodGet, "/fidelity", nil, &out)
}
