package control

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// Notification is one asynchronous message and its attempts.
type Notification struct {
	ID         uint64             `json:"id"`
	Kind       sandbox.Kind       `json:"kind"` // payment or refund
	OutTradeNo sandbox.OutTradeNo `json:"out_trade_no"`
	Syssn      sandbox.Syssn      `json:"syssn"`
	URL        string             `json:"url"`
	Variant    sandbox.Variant    `json:"variant"`
	Body       string             `json:"body"`
	Sign       string             `json:"sign"`
	State      string             `json:"state"`
	Pending    bool               `json:"pending"`
	// Waiting is the occasion that makes it due, NextAt when it is due; both empty when neither is so.
	Waiting  sandbox.Occasion `json:"waiting"`
	NextAt   *time.Time       `json:"next_at"`
	Attempts []Attempt        `json:"attempts"`
}

// Attempt is one try to deliver.
type Attempt struct {
	At           time.Time `json:"at"`
	URL          string    `json:"url"`
	Status       int       `json:"status"`
	Answer       string    `json:"answer"`
	Error        string    `json:"error"`
	Acknowledged bool      `json:"acknowledged"`
	Verdict      string    `json:"verdict"`
	// NextAt is when the one after it is due, null when none is.
	NextAt *time.Time `json:"next_at"`
}

// Resend asks for one more attempt; an empty URL is the notification's own.
type Resend struct {
	URL string `json:"url,omitempty"`
}

func notificationView(n sandbox.Notification) Notification {
	view := Notification{
		ID: n.ID, Kind: n.Kind, OutTradeNo: n.OutTradeNo, Syssn: n.Syssn, URL: n.URL, Variant: n.Variant, Body: string(n.Body), Sign: n.Sign,
		State: n.Describe(), Pending: n.Pending, Waiting: n.Waiting, Attempts: make([]Attempt, len(n.Attempts)),
	}
	if n.Pending {
		view.NextAt = instant(n.NextAt)
	}
	for i, t := range n.Attempts {
		view.Attempts[i] = Attempt{
			At: t.At, URL: t.URL, Status: t.Status, Answer: t.Answer, Error: t.Error, Acknowledged: t.Acknowledged, Verdict: t.Verdict, NextAt: instant(t.NextAt),
		}
	}
	return view
}

// instant is null for no time.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (a *API) listNotifications(r *http.Request) (any, error) {
	app, err := a.appOf(r)
	if err != nil {
		return nil, err
	}
	query := r.URL.Query()
	var only bool
	if text := query.Get("pending"); text != "" {
		if only, err = strconv.ParseBool(text); err != nil {
			return nil, badRequest("pending is %q, want true or false", text)
		}
	}
	list, err := a.Gateway.Store.Notifications(r.Context(), app.Code, sandbox.OutTradeNo(query.Get("out_trade_no")))
	if err != nil {
		return nil, err
	}
	_, _, dropped, err := a.Gateway.Store.NotificationCounts(r.Context(), app.Code)
	if err != nil {
		return nil, err
	}
	views := make([]Notification, 0, len(list))
	for _, n := range list {
		if n.Pending || !only {
			views = append(views, notificationView(n))
		}
	}
	return map[string]any{"notifications": views, "dropped": dropped}, nil
}

func (a *API) resend(r *http.Request) (any, error) {
	id, err := strconv.ParseUint(mux.Vars(r)["id"], 10, 64)
	if err != nil {
		return nil, badRequest("notification id is %q, want a number", mux.Vars(r)["id"])
	}
	var in Resend
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	n, err := a.Resend(r.Context(), id, in.URL)
	if err != nil {
		return nil, err
	}
	return notificationView(n), nil
}
