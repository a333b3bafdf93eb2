package control

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// Clocks move Apps' clocks and do what falls due on the way.
type Clocks struct {
	Advance       func(ctx context.Context, app sandbox.AppCode, by time.Duration) (sandbox.Progress, error)
	Set           func(ctx context.Context, app sandbox.AppCode, to time.Time) (sandbox.Progress, error)
	AdvanceToNext func(ctx context.Context, app sandbox.AppCode) (sandbox.Progress, error)
	RunUntilIdle  func(ctx context.Context, app sandbox.AppCode) (sandbox.Progress, error)
}

// Advance asks for a later time.
type Advance struct {
	By string `json:"by"`
}

// SetClock asks for a time: RFC 3339, or "2006-01-02 15:04:05" as QFPay writes it, in UTC+8.
type SetClock struct {
	To string `json:"to"`
}

// Clock is an App's time, and what happened on the way to it.
type Clock struct {
	Now    time.Time `json:"now"`
	QFPay  string    `json:"qfpay"` // as sysdtm writes it
	Frozen bool      `json:"frozen"`
	// Attempts were made at notifications, Settled transactions met what they waited for.
	Attempts int `json:"attempts"`
	Settled  int `json:"settled"`
	// NextDue is what happens next by itself, null when nothing does.
	NextDue *Due `json:"next_due"`
	// Note says what was special about the call, for people.
	Note string `json:"note,omitempty"`
}

// Due is something that happens by itself: an attempt at a notification, or the end of what a
// transaction waits for.
type Due struct {
	At           time.Time          `json:"at"`
	QFPay        string             `json:"qfpay"`
	Kind         string             `json:"kind"` // notification or transaction
	Notification uint64             `json:"notification,omitempty"`
	OutTradeNo   sandbox.OutTradeNo `json:"out_trade_no"`
	Syssn        sandbox.Syssn      `json:"syssn"`
}

func dueView(d *sandbox.Due) *Due {
	if d == nil {
		return nil
	}
	view := Due{At: d.At, QFPay: sandbox.FormatTime(d.At)}
	if n := d.Notification; n != nil {
		view.Kind, view.Notification, view.OutTradeNo, view.Syssn = "notification", n.ID, n.OutTradeNo, n.Syssn
	} else {
		view.Kind, view.OutTradeNo, view.Syssn = "transaction", d.Transaction.OutTradeNo, d.Transaction.Syssn
	}
	return &view
}

func (a *API) clockView(p sandbox.Progress) Clock {
	now := a.Gateway.Now(p.App)
	view := Clock{
		Now: now, QFPay: sandbox.FormatTime(now), Frozen: !p.App.FrozenAt.IsZero(), Attempts: p.Attempts, Settled: p.Settled, NextDue: dueView(p.Next),
	}
	if p.Stopped {
		view.Note = fmt.Sprintf("stopped after %d attempts and %d transactions, with more due; call again to go on", p.Attempts, p.Settled)
	}
	return view
}

// moved answers a call that moved a clock.
func (a *API) moved(p sandbox.Progress, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return a.clockView(p), nil
}

// stood answers a call that moved nothing by itself.
func (a *API) stood(r *http.Request, app sandbox.App, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	p := sandbox.Progress{App: app}
	next, err := a.Gateway.NextDue(r.Context(), app.Code)
	if err == nil {
		p.Next = &next
	}
	return a.clockView(p), nil
}

func appCode(r *http.Request) sandbox.AppCode { return sandbox.AppCode(mux.Vars(r)["app"]) }

func (a *API) getClock(r *http.Request) (any, error) {
	app, err := a.appOf(r)
	return a.stood(r, app, err)
}

func (a *API) advanceClock(r *http.Request) (any, error) {
	var in Advance
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	by, err := duration("by", in.By)
	if err != nil {
		return nil, err
	}
	if by <= 0 {
		return nil, badRequest("by is %q, want how far to move on, such as 2m or 15h", in.By)
	}
	return a.moved(a.Clocks.Advance(r.Context(), appCode(r), by))
}

func (a *API) setClock(r *http.Request) (any, error) {
	var in SetClock
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	to, err := readTime("to", in.To)
	if err != nil {
		return nil, err
	}
	return a.moved(a.Clocks.Set(r.Context(), appCode(r), to))
}

func (a *API) advanceClockToNext(r *http.Request) (any, error) {
	if err := readJSON(r, &struct{}{}); err != nil {
		return nil, err
	}
	p, err := a.Clocks.AdvanceToNext(r.Context(), appCode(r))
	if err != nil {
		return nil, err
	}
	view := a.clockView(p)
	if p.Attempts+p.Settled == 0 {
		view.Note = "nothing is due"
	}
	return view, nil
}

func (a *API) runClockUntilIdle(r *http.Request) (any, error) {
	if err := readJSON(r, &struct{}{}); err != nil {
		return nil, err
	}
	return a.moved(a.Clocks.RunUntilIdle(r.Context(), appCode(r)))
}

func (a *API) freezeClock(r *http.Request) (any, error) {
	if err := readJSON(r, &struct{}{}); err != nil {
		return nil, err
	}
	app, err := a.Gateway.FreezeClock(r.Context(), appCode(r))
	return a.stood(r, app, err)
}

func (a *API) unfreezeClock(r *http.Request) (any, error) {
	if err := readJSON(r, &struct{}{}); err != nil {
		return nil, err
	}
	app, err := a.Gateway.UnfreezeClock(r.Context(), appCode(r))
	return a.stood(r, app, err)
}

// readTime reads QFPay's notation, which is UTC+8, or RFC 3339.
func readTime(name, s string) (time.Time, error) {
	t, err := time.ParseInLocation(sandbox.DateTimeLayout, s, sandbox.QFPayZone)
	if err != nil {
		t, err = time.Parse(time.RFC3339, s)
	}
	if err != nil && strings.Contains(s, "T") { // in a query, an offset's plus that was not encoded is a blank
		t, err = time.Parse(time.RFC3339, strings.Replace(s, " ", "+", 1))
	}
	if err != nil {
		return t, badRequest(`%s is %q, want a time such as "2026-03-14 10:00:00", which is UTC+8, or "2026-03-14T02:00:00Z"`, name, s)
	}
	return t, nil
}
