package control

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// How many exchanges are read at once, and how many bytes of addresses, headers and bodies a page
// has before it ends: as JSON a journal that is full takes a gigabyte.
const (
	readAtOnce = 16
	pageBytes  = 16 << 20
)

// mostExchanges bounds limit and last.
const mostExchanges = 10_000

// reading is what a reader of the journal asks for.
type reading struct {
	app   sandbox.AppCode
	tests []test
	// since and until are Seqs: above the one and below the other. until 0 is no bound.
	since, until uint64
	newestFirst  bool
	// last wants that many of the newest, limit that many of those that come first; 0 is no bound.
	last, limit int
	// bytes ends a reading that is large enough; 0 is no bound.
	bytes int
}

func (q *reading) wants(e *sandbox.Exchange) bool {
	for _, wanted := range q.tests {
		if !wanted(e) {
			return false
		}
	}
	return true
}

// readingOf reads the filters and the marks of a query.
func (a *API) readingOf(r *http.Request) (q reading, err error) {
	query := r.URL.Query()
	if q.tests, err = readFilters(query); err != nil {
		return q, err
	}
	q.app = sandbox.AppCode(query.Get("app"))
	if q.app != "" {
		if _, err := a.Gateway.Store.App(r.Context(), q.app); errors.Is(err, sandbox.ErrNotFound) {
			return q, appNotHere(q.app)
		} else if err != nil {
			return q, err
		}
	}
	if q.since, err = markOf(r, "since"); err != nil {
		return q, err
	}
	q.until, err = markOf(r, "until")
	return q, err
}

func markOf(r *http.Request, name string) (uint64, error) {
	s := r.URL.Query().Get(name)
	if s == "" {
		return 0, nil
	}
	mark, err := strconv.ParseUint(s, 10, 63)
	if err != nil {
		return 0, badRequest("%s is %q, want the mark of an earlier answer, or 0", name, s)
	}
	return mark, nil
}

// orderOf reads how many a reader wants, and from which end.
func (q *reading) orderOf(r *http.Request, limit int) (err error) {
	query := r.URL.Query()
	switch order := query.Get("order"); order {
	case "", "asc":
	case "desc":
		q.newestFirst = true
	default:
		return badRequest("order is %q, want asc (oldest first) or desc (newest first)%s", order, sandbox.Guess(order, "asc, desc"))
	}
	if q.last, err = number(r, "last", 0, 1, mostExchanges); err != nil {
		return err
	}
	if q.limit, err = number(r, "limit", limit, 1, mostExchanges); err != nil {
		return err
	}
	if q.last == 0 {
		return nil
	}
	if query.Get("limit") != "" {
		return badRequest("last is %d and limit %d, want one of them: last counts from the newest, limit from where the reading begins", q.last, q.limit)
	}
	q.limit = q.last
	return nil
}

// walk hands the exchanges that are wanted to take, in the order that is wanted, until it has
// enough, and gives their page without them. It holds a few of them at a time.
func (a *API) walk(ctx context.Context, q reading, take func(*sandbox.Exchange) (more bool)) (JournalPage, error) {
	if q.newestFirst {
		return a.walkDown(ctx, q, take)
	}
	if q.last > 0 {
		return a.walkLast(ctx, q, take)
	}
	return a.walkUp(ctx, q, take)
}

func (a *API) walkUp(ctx context.Context, q reading, take func(*sandbox.Exchange) bool) (JournalPage, error) {
	view := JournalPage{Mark: q.since}
	for {
		page, err := a.Gateway.Store.Journal(ctx, q.app, view.Mark, readAtOnce)
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return view, err
		}
		view.Dropped, view.Oldest = page.Dropped, page.Oldest
		for i := range page.Exchanges {
			e := &page.Exchanges[i]
			if q.until > 0 && e.Seq >= q.until {
				view.Mark = max(view.Mark, q.until-1)
				return view, nil
			}
			if q.wants(e) && !take(e) {
				view.Mark = e.Seq
				return view, nil
			}
		}
		view.Mark = page.Mark
		if len(page.Exchanges) < readAtOnce {
			if q.until > 0 {
				view.Mark = max(q.since, min(view.Mark, q.until-1))
			}
			return view, nil
		}
	}
}

// walkDown begins with the newest. Earlier is where to go on when take had enough.
func (a *API) walkDown(ctx context.Context, q reading, take func(*sandbox.Exchange) bool) (JournalPage, error) {
	var view JournalPage
	for before := q.until; ; {
		page, err := a.Gateway.Store.JournalBefore(ctx, q.app, before, readAtOnce)
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return view, err
		}
		if view.Mark == 0 {
			view.Mark = page.Mark
		}
		view.Dropped, view.Oldest = page.Dropped, page.Oldest
		for i := range page.Exchanges {
			e := &page.Exchanges[i]
			if e.Seq <= q.since {
				return view, nil
			}
			if before = e.Seq; q.wants(e) && !take(e) {
				view.Earlier = e.Seq
				return view, nil
			}
		}
		if len(page.Exchanges) < readAtOnce || before == 1 {
			return view, nil
		}
	}
}

// walkLast counts down to where the wanted ones begin, and gives them from there on.
func (a *API) walkLast(ctx context.Context, q reading, take func(*sandbox.Exchange) bool) (JournalPage, error) {
	count, size, first := 0, 0, uint64(0)
	down, err := a.walkDown(ctx, q, func(e *sandbox.Exchange) bool {
		count++
		size += sizeOf(e)
		first = e.Seq
		return count < q.last && (q.bytes == 0 || size < q.bytes)
	})
	if err != nil || count == 0 {
		return down, err
	}
	if q.until == 0 {
		q.until = down.Mark + 1
	}
	q.since, q.last = max(q.since, first-1), 0
	up, err := a.walkUp(ctx, q, take)
	up.Mark, up.Earlier = down.Mark, down.Earlier
	return up, err
}

// read gives a page of the journal.
func (a *API) read(ctx context.Context, q reading) (JournalPage, error) {
	size := 0
	exchanges := []Exchange{}
	page, err := a.walk(ctx, q, func(e *sandbox.Exchange) bool {
		exchanges = append(exchanges, exchangeView(*e))
		size += sizeOf(e)
		return (q.limit == 0 || len(exchanges) < q.limit) && (q.bytes == 0 || size < q.bytes)
	})
	page.Exchanges, page.size = exchanges, size
	return page, err
}

// sizeOf counts the bytes of an exchange that have no bound of their own.
func sizeOf(e *sandbox.Exchange) int {
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
