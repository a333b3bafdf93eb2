package sandbox

import (
	"context"
	"errors"
	"fmt"
)

// NoteRequest is a call of /trade/v1/add_note as it was sent.
type NoteRequest struct {
	// Code is the app code once more.
	Code  string
	Syssn string
	Note  string
}

// AddNote keeps a note with a transaction, in place of one that was there before. Only an App without
// shops may (qfpay-api 3.9). Errors: *Refusal.
func (g *Gateway) AddNote(ctx context.Context, a App, r NoteRequest) (Transaction, error) {
	if len(a.Mchids) > 0 {
		return Transaction{}, refuse("note-with-shops", fmt.Sprintf("this App has the shops %v", a.Mchids)).Got("an App with mchid").Want("an App without")
	}
	fields := []parameter{{"code", r.Code, 32}, {"syssn", r.Syssn, 40}, {"note", r.Note, 200}}
	for _, p := range fields {
		if p.value == "" {
			return Transaction{}, refuseMissing(p.name)
		}
	}
	for _, p := range fields {
		if err := checkText(p.value, p.most); err != nil {
			return Transaction{}, refuseText(p.name, p.value, p.most, err)
		}
	}
	if AppCode(r.Code) != a.Code {
		return Transaction{}, RefuseParameter("code", r.Code, fmt.Sprintf("is %s, want the app code that signed, %s", Shown(r.Code), a.Code)).Want("code=" + string(a.Code))
	}
	var noted Transaction
	err := g.Store.ChangeTransactions(ctx, a.Code, []Syssn{Syssn(r.Syssn)}, func(ts []*Transaction) (Brought, error) {
		ts[0].Note = r.Note
		noted = *ts[0]
		return Brought{}, nil
	})
	if errors.Is(err, ErrNotFound) {
		return noted, g.unknownSyssn(ctx, a, refuse("note-unknown", fmt.Sprintf("no transaction of this App has the syssn %s", Shown(r.Syssn))), r.Syssn, "")
	}
	if err == nil {
		Note(ctx, func(e *Exchange) { e.OutTradeNo, e.Syssn = noted.OutTradeNo, noted.Syssn })
	}
	return noted, err
}
