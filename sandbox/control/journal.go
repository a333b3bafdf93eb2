package control

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func exchangeView(e sandbox.Exchange) Exchange {
	path := e.URL
	if u, err := url.Parse(e.URL); err == nil {
		path = u.Path
	}
	view := Exchange{
		Seq: e.Seq, App: e.App, At: e.At, TookMicros: e.Took.Microseconds(), Surface: e.Surface, Method: e.Method, URL: e.URL, Path: path,
		RequestHeader: e.RequestHeader, RequestBody: text(e.RequestBody), RequestCut: e.RequestCut, Status: e.Status, AnswerHeader: e.AnswerHeader, AnswerBody: text(e.AnswerBody), AnswerCut: e.AnswerCut,
		Error: e.Error, Respcd: e.Respcd, Fidelity: e.Fidelity, DecidedBy: e.DecidedBy, OutTradeNo: e.OutTradeNo, Syssn: e.Syssn, Payer: e.Payer, OpenID: e.OpenID,
		Findings: make([]Finding, len(e.Findings)),
	}
	for i, f := range e.Findings {
		row, _ := findingRow(f.ID)
		view.Findings[i] = Finding{ID: f.ID, Detail: f.Detail, Received: f.Received, Expected: f.Expected, Change: cmp.Or(f.Change, row.Change), Clause: row.Clause}
	}
	return view
}

func text(b []byte) string { return strings.ToValidUTF8(string(b), "\uFFFD") }

// filter is which exchanges a reader wants; empty fields match everything.
type filter struct {
	app                                    sandbox.AppCode
	surface, path, order, payer, findingID string
}

func filterOf(r *http.Request) filter {
	q := r.URL.Query()
	return filter{sandbox.AppCode(q.Get("app")), q.Get("surface"), q.Get("path"), q.Get("out_trade_no"), q.Get("payer"), q.Get("finding")}
}

func (f filter) matches(e Exchange) bool {
	switch {
	case f.surface != "" && f.surface != e.Surface,
		f.path != "" && f.path != e.Path,
		f.order != "" && f.order != string(e.OutTradeNo),
		f.payer != "" && f.payer != string(e.Payer):
		return false
	case f.findingID == "":
		return true
	}
	for _, found := range e.Findings {
		if found.ID == f.findingID || f.findingID == "any" {
			return true
		}
	}
	return false
}

// How many exchanges are read at once, and how many bytes of addresses, headers and bodies a page
// has before it ends: as JSON a journal that is full takes a gigabyte.
const (
	readAtOnce = 16
	pageBytes  = 16 << 20
)

// read gives the first matching exchanges after since, no more than limit. A page that is large
// enough ends earlier; its mark says where.
func (a *API) read(ctx context.Context, f filter, since uint64, limit int) (JournalPage, error) {
	view := JournalPage{Mark: since, Exchanges: []Exchange{}}
	for size := 0; len(view.Exchanges) < limit && size < pageBytes; {
		most := min(readAtOnce, limit-len(view.Exchanges))
		page, err := a.Gateway.Store.Journal(ctx, f.app, view.Mark, most)
		if err != nil {
			return view, err
		}
		view.Mark, view.Dropped = page.Mark, page.Dropped
		for _, e := range page.Exchanges {
			if v := exchangeView(e); f.matches(v) {
				view.Exchanges = append(view.Exchanges, v)
				size += v.size()
			}
		}
		if len(page.Exchanges) < most {
			break
		}
	}
	return view, nil
}

// size counts the bytes of an exchange that have no bound of their own.
func (e *Exchange) size() int {
	n := len(e.URL) + len(e.RequestBody) + len(e.AnswerBody)
	for _, header := range []map[string][]string{e.RequestHeader, e.AnswerHeader} {
		for name, values := range header {
			for _, v := range values {
				n += len(name) + len(v)
			}
		}
	}
	return n
}

// journalQuery reads what both journal routes take. An App nobody made is an error: its journal
// would stay empty, and a wait for it would end with nothing.
func (a *API) journalQuery(r *http.Request) (f filter, since uint64, err error) {
	f = filterOf(r)
	if f.app != "" {
		if _, err := a.Gateway.Store.App(r.Context(), f.app); errors.Is(err, sandbox.ErrNotFound) {
			return f, 0, &problem{Status: http.StatusNotFound, Code: "not-found", Message: fmt.Sprintf("app %q does not exist here", f.app)}
		} else if err != nil {
			return f, 0, err
		}
	}
	if s := r.URL.Query().Get("since"); s != "" {
		if since, err = strconv.ParseUint(s, 10, 63); err != nil {
			return f, 0, badRequest("since is %q, want the mark of an earlier answer, or 0", s)
		}
	}
	return f, since, nil
}

func (a *API) journal(r *http.Request) (any, error) {
	f, since, err := a.journalQuery(r)
	if err != nil {
		return nil, err
	}
	limit, err := number(r, "limit", 1000, 1, 10_000)
	if err != nil {
		return nil, err
	}
	return a.read(r.Context(), f, since, limit)
}

// waitJournal answers as soon as something matches, or with nothing when the time is over.
func (a *API) waitJournal(r *http.Request) (any, error) {
	f, mark, err := a.journalQuery(r)
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
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	go func() {
		select {
		case <-a.Done:
			cancel()
		case <-ctx.Done():
		}
	}()
	for {
		page, err := a.read(context.WithoutCancel(ctx), f, mark, 1000)
		if err != nil || len(page.Exchanges) > 0 {
			return page, err
		}
		mark = page.Mark
		if err := a.Gateway.Store.WaitJournal(ctx, f.app, mark); errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
			return page, nil
		} else if err != nil {
			return nil, err
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
