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
	plan, err := deliveries(in.Delivery)
	if err != nil {
		return nil, err
	}
	app := sandbox.App{
		Code: in.AppCode, ClientKey: in.ClientKey, Name: in.Name, Mchids: in.Mchids, NotifyURL: in.NotifyURL, Seed: in.Seed,
		Currencies: in.Currency, PayTypes: in.PayTypes, Account: sandbox.OfficialAccount{PayDirectories: in.PayDirectories},
		Delivery: sandbox.DeliveryPlan{Delay: delay, Deliveries: plan},
	}
	if err := in.Settings.check(); err != nil {
		return nil, err
	}
	in.Settings.apply(&app.Settings)
	in.OfficialAccount.apply(&app.Own)
	if app, err = a.Gateway.CreateApp(r.Context(), app); err != nil {
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
	plan, err := deliveries(in.Delivery)
	if err != nil {
		return nil, err
	}
	if err := in.Settings.check(); err != nil {
		return nil, err
	}
	app, err := a.Gateway.UpdateApp(r.Context(), sandbox.AppCode(mux.Vars(r)["app"]), func(app *sandbox.App) {
		set(&app.ClientKey, in.ClientKey)
		if in.Name != nil {
			app.Name = *in.Name
		}
		if in.NotifyURL != nil {
			app.NotifyURL = *in.NotifyURL
		}
		if in.NotifyDelay != nil {
			app.Delivery.Delay = delay
		}
		if in.Mchids != nil {
			app.Mchids = in.Mchids
		}
		if in.Currency != nil {
			app.Currencies = in.Currency
		}
		if in.PayTypes != nil {
			app.PayTypes = in.PayTypes
		}
		if in.PayDirectories != nil {
			app.Account.PayDirectories = in.PayDirectories
		}
		if in.Delivery != nil {
			app.Delivery.Deliveries = plan
		}
		in.OfficialAccount.apply(&app.Own)
		in.Settings.apply(&app.Settings)
	})
	if err != nil {
		return nil, err
	}
	return a.appView(app), nil
}
