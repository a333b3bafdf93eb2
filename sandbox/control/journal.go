package control

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func exchangeView(e sandbox.Exchange) Exchange {
	view := Exchange{
		Seq: e.Seq, App: e.App, At: e.At, Started: e.Started, TookMicros: e.Took.Microseconds(), Surface: e.Surface, Method: e.Method, URL: e.URL, Path: pathOf(e.URL),
		RequestHeader: e.RequestHeader, RequestBody: text(e.RequestBody), RequestCut: e.RequestCut, Status: e.Status, AnswerHeader: e.AnswerHeader, AnswerBody: text(e.AnswerBody), AnswerCut: e.AnswerCut,
		Error: e.Error, Respcd: e.Respcd, Fidelity: e.Fidelity, DecidedBy: e.DecidedBy, OutTradeNo: e.OutTradeNo, Syssn: e.Syssn, Payer: e.Payer, OpenID: e.OpenID,
		Findings: make([]Finding, len(e.Findings)),
	}
	if !utf8.Valid(e.RequestBody) {
		view.RequestBodyBase64 = e.RequestBody
	}
	if !utf8.Valid(e.AnswerBody) {
		view.AnswerBodyBase64 = e.AnswerBody
	}
	for i, f := range e.Findings {
		row, _ := FindingRowOf(f.ID)
		view.Findings[i] = Finding{ID: f.ID, Detail: f.Detail, Received: f.Received, Expected: f.Expected, Change: cmp.Or(f.Change, row.Change), Clause: row.Clause}
	}
	return view
}

func text(b []byte) string { return strings.ToValidUTF8(string(b), "\uFFFD") }

func (a *API) journal(r *http.Request) (any, error) {
	q, err := a.readingOf(r)
	if err != nil {
		return nil, err
	}
	if err := q.orderOf(r, 1000); err != nil {
		return nil, err
	}
	q.bytes = pageBytes
	return a.read(r.Context(), q)
}

// waitJournal answers as soon as enough matches, or with what there is when the time is over.
func (a *API) waitJournal(r *http.Request) (any, error) {
	q, err := a.readingOf(r)
	if err != nil {
		return nil, err
	}
	count, err := number(r, "count", 1, 1, 1000)
	if err != nil {
		return nil, err
	}
	patience := 10 * time.Second
	if s := r.URL.Query().Get("timeout"); s != "" {
		if patience, err = duration("timeout", s); err != nil {
			return nil, err
		}
	}
	if patience < 0 || patience > time.Minute {
		return nil, badRequest("timeout is %q, want up to 1m", r.URL.Query().Get("timeout"))
	}
	waiting, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	go func() {
		select {
		case <-a.Done:
			cancel()
		case <-waiting.Done():
		}
	}()
	q.limit, q.bytes = 1000, pageBytes
	return a.await(context.WithoutCancel(r.Context()), waiting, q, count)
}

// await reads until so many match, a page is full, or the waiting ends.
func (a *API) await(ctx, waiting context.Context, q reading, count int) (JournalPage, error) {
	all := JournalPage{Mark: q.since, Exchanges: []Exchange{}}
	for {
		page, err := a.read(ctx, q)
		if err != nil {
			return all, err
		}
		q.limit -= len(page.Exchanges)
		q.bytes -= page.size
		page.Exchanges = append(all.Exchanges, page.Exchanges...)
		all = page
		if len(all.Exchanges) >= count || q.bytes <= 0 || q.until > 0 && all.Mark >= q.until-1 {
			return all, nil
		}
		q.since = all.Mark
		switch err := a.Gateway.Store.WaitJournal(waiting, q.app, q.since); {
		case err != nil && waiting.Err() != nil:
			return all, nil
		case err != nil:
			return all, err
		}
	}
}

// number reads a whole number of the query.
func number(r *http.Request, name string, fallback, least, most int) (int, error) {
	s := r.URL.Query().Get(name)
	if s == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		return 0, badRequest("%s is %q, want a whole number from %d to %d", name, s, least, most)
	}
	return n, nil
}

// duration reads Go's notation; empty is 0.
func duration(name, s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, badRequest("%s is %q, want a time such as 90s, 10m or 15h", name, s)
	}
	return d, nil
}
