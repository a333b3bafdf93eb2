package sandbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// QueryRequest is a call of /trade/v1/query. What is empty filters nothing.
type QueryRequest struct {
	Mchid       Mchid
	Syssns      []Syssn
	OutTradeNos []OutTradeNo
	PayTypes    []qfpay.PayType
	// Respcd is the row's, not the call's.
	Respcd qfpay.Respcd
	// StartTime and EndTime are texts in UTC+8 about sysdtm, both included.
	StartTime string
	EndTime   string
	// Page counts from 1.
	Page, PageSize int
}

// MaxNumbers bounds each list of an enquiry (assumption 33).
const MaxNumbers = 100

var tooManyNumbers = fmt.Sprintf("holds more than %d numbers", MaxNumbers)

// Found is a page of an enquiry, newest first, as it was at an instant of the App's clock.
type Found struct {
	At           time.Time
	Transactions []Transaction
}

// Query finds transactions; unknown numbers are simply not among them. With both kinds of numbers a
// transaction must match one of each. Errors: *Refusal.
func (g *Gateway) Query(ctx context.Context, a App, r QueryRequest) (Found, error) {
	now := g.Now(a)
	switch {
	case len(r.Syssns) > MaxNumbers:
		return Found{}, refuseLong("syssn", r.Syssns)
	case len(r.OutTradeNos) > MaxNumbers:
		return Found{}, refuseLong("out_trade_no", r.OutTradeNos)
	case len(r.PayTypes) > MaxNumbers:
		return Found{}, refuseLong("pay_type", r.PayTypes)
	}
	from, to, err := r.span(now)
	if err != nil {
		return Found{}, err
	}
	if err := g.settleOverdue(ctx, a, now); err != nil {
		return Found{}, err
	}
	rows := TransactionRange{App: a.Code, Mchid: r.Mchid, From: from, To: to}
	if len(r.Syssns) == 0 && len(r.OutTradeNos) == 0 {
		found, err := g.listed(ctx, rows, r, now)
		return Found{now, found}, err
	}
	found, err := g.numbered(ctx, a, &r)
	if err != nil {
		return Found{}, err
	}
	kept := found[:0]
	for i := range found {
		if t := &found[i]; r.fits(t, now) && rows.holds(t.CreatedAt) {
			kept = append(kept, *t)
		}
	}
	if err := g.sortNewestFirst(ctx, kept); err != nil {
		return Found{}, err
	}
	skip := min(len(kept), (r.Page-1)*r.PageSize)
	return Found{now, kept[skip:min(len(kept), skip+r.PageSize)]}, nil
}

// listed finds a page of all that were made in a range.
func (g *Gateway) listed(ctx context.Context, rows TransactionRange, r QueryRequest, now time.Time) (found []Transaction, err error) {
	skip := (r.Page - 1) * r.PageSize
	err = g.Store.EachTransaction(ctx, rows, func(t Transaction) bool {
		if r.fits(&t, now) {
			if skip--; skip < 0 {
				found = append(found, t)
			}
		}
		return len(found) < r.PageSize
	})
	return found, err
}

// holds reports whether an instant is in the range.
func (r TransactionRange) holds(at time.Time) bool {
	return (r.From.IsZero() || !at.Before(r.From)) && (r.To.IsZero() || at.Before(r.To))
}

// numbered finds what has one of the numbers, and one of each kind when both were given.
func (g *Gateway) numbered(ctx context.Context, a App, r *QueryRequest) ([]Transaction, error) {
	var found []Transaction
	add := func(t Transaction, err error) error {
		switch {
		case errors.Is(err, ErrNotFound):
			return nil
		case err == nil && t.Mchid == r.Mchid && (len(r.OutTradeNos) == 0 || slices.Contains(r.OutTradeNos, t.OutTradeNo)):
			found = append(found, t)
		}
		return err
	}
	for _, n := range r.Syssns {
		if err := add(g.Store.TransactionBySyssn(ctx, a.Code, n)); err != nil {
			return nil, err
		}
	}
	if len(r.Syssns) > 0 {
		return found, nil
	}
	for _, n := range r.OutTradeNos {
		if err := add(g.Store.TransactionByOutTradeNo(ctx, a.Code, r.Mchid, n)); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// sortNewestFirst orders what was found by numbers; what a clock that stands still made at one instant
// comes as the store lists it.
func (g *Gateway) sortNewestFirst(ctx context.Context, found []Transaction) error {
	slices.SortFunc(found, func(x, y Transaction) int { return y.CreatedAt.Compare(x.CreatedAt) })
	for len(found) > 1 {
		at, n := found[0].CreatedAt, 1
		for n < len(found) && found[n].CreatedAt.Equal(at) {
			n++
		}
		if n > 1 {
			place := make(map[Syssn]int, n)
			for _, t := range found[:n] {
				place[t.Syssn] = 0
			}
			seen, rows := 0, TransactionRange{App: found[0].App, Mchid: found[0].Mchid, From: at, To: at.Add(1)}
			err := g.Store.EachTransaction(ctx, rows, func(t Transaction) bool {
				if _, asked := place[t.Syssn]; asked {
					seen++
					place[t.Syssn] = seen
				}
				return seen < n
			})
			if err != nil {
				return err
			}
			slices.SortFunc(found[:n], func(x, y Transaction) int { return place[x.Syssn] - place[y.Syssn] })
		}
		found = found[n:]
	}
	return nil
}

// fits reports whether the filters that are no numbers let a transaction through.
func (r *QueryRequest) fits(t *Transaction, now time.Time) bool {
	if len(r.PayTypes) > 0 && !slices.Contains(r.PayTypes, t.PayType) {
		return false
	}
	if r.Respcd == "" {
		return true
	}
	respcd, _, _ := t.Verdict(now)
	return respcd == r.Respcd
}

// span is the time an enquiry covers: its first instant and the first one after; zero is no bound.
// syssn makes times count for nothing, out_trade_no alone needs none; otherwise the current month of
// QFPay's zone is what nothing else was said about (assumption 34).
func (r *QueryRequest) span(now time.Time) (from, to time.Time, err error) {
	if len(r.Syssns) > 0 {
		return from, to, nil
	}
	start, err := queryTime("start_time", r.StartTime)
	if err != nil {
		return from, to, err
	}
	end, err := queryTime("end_time", r.EndTime)
	if err != nil {
		return from, to, err
	}
	switch {
	case r.StartTime == "" && r.EndTime == "":
		if len(r.OutTradeNos) > 0 {
			return from, to, nil
		}
		from, to = monthOf(now)
		return from, to, nil
	case r.EndTime == "":
		_, to = monthOf(start)
		return start, to, nil
	case r.StartTime == "":
		from, _ = monthOf(end)
		return from, end.Add(time.Second), nil
	case end.Before(start):
		return from, to, refuse("query-end-before-start", fmt.Sprintf("end_time is %s, before start_time %s", r.EndTime, r.StartTime))
	}
	if _, to = monthOf(start); !end.Before(to) {
		return from, to, refuse("query-across-months", fmt.Sprintf("start_time is %s and end_time %s; ask once for each month", r.StartTime, r.EndTime))
	}
	return start, end.Add(time.Second), nil
}

// refuseLong is the refusal of a list with more values than an enquiry may hold.
func refuseLong[T ~string](name string, values []T) *Refusal {
	return RefuseParameter(name, string(values[0])+",…", tooManyNumbers).Want(fmt.Sprintf("at most %d values", MaxNumbers))
}

// monthOf is the calendar month around an instant, in QFPay's zone.
func monthOf(at time.Time) (from, to time.Time) {
	year, month, _ := at.In(QFPayZone).Date()
	from = time.Date(year, month, 1, 0, 0, 0, 0, QFPayZone)
	return from, from.AddDate(0, 1, 0)
}

func queryTime(name, value string) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	at, ok := parseTime(value)
	if !ok {
		return at, refuseTime(name, value, fmt.Sprintf("is %s, want YYYY-MM-DD hh:mm:ss in UTC+8", Shown(value)))
	}
	return at, nil
}
