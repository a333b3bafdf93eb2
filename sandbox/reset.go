package sandbox

import (
	"context"
	"time"
)

// Forgotten says what a reset took away.
type Forgotten struct {
	Counts
	Faults     int
	OrderPlans int
}

// Reset leaves an App as it was after its creation: its clock real and running, nothing stored, no
// faults, no plans of single orders, its stream of ids at the start. Credentials, settings and the
// App's own delivery plan stay, and so do payers, who belong to no App. An empty code is every App.
// Errors: ErrNotFound.
func (g *Gateway) Reset(ctx context.Context, app AppCode) (Forgotten, error) {
	var f Forgotten
	codes, err := g.appCodes(ctx, app)
	if err != nil {
		return f, err
	}
	for _, code := range codes {
		var faults, plans int
		_, err := g.UpdateApp(ctx, code, func(a *App) {
			faults, plans = len(a.Faults), len(a.OrderPlans)
			a.ClockOffset, a.FrozenAt, a.Faults, a.OrderPlans = 0, time.Time{}, nil, nil
		})
		if err != nil {
			return f, err
		}
		f.Faults += faults
		f.OrderPlans += plans
	}
	f.Counts, err = g.Store.Reset(ctx, app)
	g.NotificationDue()
	return f, err
}

// appCodes gives one App's code, or all there are for an empty one.
func (g *Gateway) appCodes(ctx context.Context, app AppCode) ([]AppCode, error) {
	if app != "" {
		return []AppCode{app}, nil
	}
	var codes []AppCode
	for {
		page, err := g.Store.Apps(ctx, app, 1000)
		if err != nil || len(page) == 0 {
			return codes, err
		}
		for _, a := range page {
			codes = append(codes, a.Code)
		}
		app = codes[len(codes)-1]
	}
}
