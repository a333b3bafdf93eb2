package control

import (
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func (a *API) appOf(r *http.Request) (sandbox.App, error) {
	return a.Gateway.Store.App(r.Context(), sandbox.AppCode(mux.Vars(r)["app"]))
}

func (a *API) appView(app sandbox.App) App {
	return App{
		AppCode: app.Code, ClientKey: app.ClientKey, Name: app.Name, Mchids: app.Mchids, NotifyURL: app.NotifyURL, AppID: app.Account.AppID,
		Seed: app.Seed, Currency: app.Currencies, NotifyDelay: app.Delivery.Delay.String(), Now: a.Gateway.Now(app),
	}
}

func (a *API) listApps(r *http.Request) (any, error) {
	limit, err := number(r, "limit", 100, 1, 1000)
	if err != nil {
		return nil, err
	}
	apps, err := a.Gateway.Store.Apps(r.Context(), sandbox.AppCode(r.URL.Query().Get("after")), limit)
	if err != nil {
		return nil, err
	}
	views := make([]App, len(apps))
	for i, app := range apps {
		views[i] = a.appView(app)
	}
	return map[string]any{"apps": views}, nil
}

func (a *API) createApp(r *http.Request) (any, error) {
	var in NewApp
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	delay, err := duration("notify_delay", in.NotifyDelay)
	if err != nil {
		return nil, err
	}
	app, err := a.Gateway.CreateApp(r.Context(), sandbox.App{
		Code: in.AppCode, ClientKey: in.ClientKey, Name: in.Name, Mchids: in.Mchids, NotifyURL: in.NotifyURL, Seed: in.Seed,
		Currencies: in.Currency, Delivery: sandbox.DeliveryPlan{Delay: delay},
	})
	if err != nil {
		return nil, err
	}
	return created{a.appView(app)}, nil
}

func (a *API) getApp(r *http.Request) (any, error) {
	app, err := a.appOf(r)
	if err != nil {
		return nil, err
	}
	return a.appView(app), nil
}

func (a *API) changeApp(r *http.Request) (any, error) {
	var in AppChange
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	var delay time.Duration
	if in.NotifyDelay != nil {
		var err error
		if delay, err = duration("notify_delay", *in.NotifyDelay); err != nil {
			return nil, err
		}
	}
	app, err := a.Gateway.UpdateApp(r.Context(), sandbox.AppCode(mux.Vars(r)["app"]), func(app *sandbox.App) {
		if in.Name != nil {
			app.Name = *in.Name
		}
		if in.NotifyURL != nil {
			app.NotifyURL = *in.NotifyURL
		}
		if in.NotifyDelay != nil {
			app.Delivery.Delay = delay
		}
	})
	if err != nil {
		return nil, err
	}
	return a.appView(app), nil
}

func (a *API) clockView(app sandbox.App, attempts int) Clock {
	now := a.Gateway.Now(app)
	return Clock{Now: now, QFPay: sandbox.FormatTime(now), Attempts: attempts}
}

func (a *API) getClock(r *http.Request) (any, error) {
	app, err := a.appOf(r)
	if err != nil {
		return nil, err
	}
	return a.clockView(app, 0), nil
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
	app, attempts, err := a.Advance(r.Context(), sandbox.AppCode(mux.Vars(r)["app"]), by)
	if err != nil {
		return nil, err
	}
	return a.clockView(app, attempts), nil
}
