package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic/pasted"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// fromJournal takes a request out of the running sandbox's journal.
func (e *explain) fromJournal(ctx context.Context, in *invocation, seq uint64) ([]pasted.Request, error) {
	if seq == 0 {
		return nil, usageError("the journal has no exchange 0; its numbers begin with 1")
	}
	c, err := e.client(ctx, in)
	if err != nil {
		return nil, err
	}
	about, err := c.About(ctx)
	if err != nil {
		return nil, err
	}
	page, err := c.Journal(ctx, control.JournalFilter{Since: seq - 1, Until: seq + 1})
	if err != nil {
		return nil, err
	}
	if len(page.Exchanges) == 0 {
		return nil, usageError("exchange %d is not in the journal; qfsandbox journal lists those that are", seq)
	}
	x := page.Exchanges[0]
	switch {
	case x.Surface != "openapi" && x.Surface != "cashier":
		return nil, usageError("exchange %d is no call to QFPay (it is of %s); qfsandbox journal shows what it is", seq, x.Surface)
	case x.RequestCut > 0:
		return nil, usageError("the journal keeps only the start of the body of exchange %d, %d bytes are missing, so its signature cannot be judged", seq, x.RequestCut)
	}
	address := x.URL
	if strings.HasPrefix(address, "/") {
		address = about.URL + address
	}
	body := []byte(x.RequestBody)
	if x.RequestBodyBase64 != nil { // as it is where it was no UTF-8
		body = x.RequestBodyBase64
	}
	r, err := pasted.Recorded(x.Method, address, http.Header(x.RequestHeader), body)
	if err != nil {
		return nil, fmt.Errorf("exchange %d: %w", seq, err)
	}
	e.recorded = x.Findings
	return []pasted.Request{r}, nil
}

// tellRecorded adds what the sandbox found when the request came: it knew the orders, codes and payers
// that a request alone does not show.
func (x *explanation) tellRecorded(found []control.Finding) {
	for _, f := range found {
		same := func(m remark) bool { return m.ID == f.ID }
		if slices.ContainsFunc(x.Mistakes, same) || slices.ContainsFunc(x.Remarks, same) {
			continue
		}
		kind := meaning(f.ID).Kind
		if x.Signature == "wrong" && (kind == "signature" || f.ID == "signature-wrong" || f.ID == "app-code-unknown") {
			continue // judged anew, and told above
		}
		x.Remarks = append(x.Remarks, remark{ID: f.ID, Means: meaning(f.ID).Means, Detail: f.Detail, Change: f.Change, Refused: kind != "finding"})
	}
}
