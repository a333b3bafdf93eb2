package openapi

import (
	"context"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// addNote serves /trade/v1/add_note.
func (a *API) addNote(ctx context.Context, c call) (answer, error) {
	p := c.Params
	t, err := a.Gateway.AddNote(ctx, c.App, sandbox.NoteRequest{Code: p.Get("code"), Syssn: p.Get("syssn"), Note: p.Get("note")})
	if err != nil {
		return answer{}, err
	}
	return answer{Body: qfpay.NoteAnswer{
		Envelope: qfpay.Envelope{Resperr: qfpay.TextQueried, Respcd: qfpay.RespOK}, Syssn: string(t.Syssn),
	}.Object()}, nil
}
