package sandbox

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// Fault makes calls go wrong on purpose: which calls, how, and how often.
type Fault struct {
	// ID numbers the App's faults from 1.
	ID int
	// Route is the endpoint, empty for every one.
	Route Endpoint
	// OutTradeNo is the order, empty for every one.
	OutTradeNo OutTradeNo
	// Nth is the first matching call it fires on, 1 when 0; Times is how often it fires, 1 when 0.
	Nth, Times int
	Effect     Effect
	// Matched counts the calls that fitted, Fired those it changed.
	Matched, Fired int
}

// MaxFaults bounds the faults of an App.
const MaxFaults = 100

const maxFaultCount = 1_000_000

// first is the matching call it fires on first, times how often it fires.
func (f Fault) first() int { return cmp.Or(f.Nth, 1) }
func (f Fault) times() int { return cmp.Or(f.Times, 1) }

// matches reports whether a call is one this fault is about. An enquiry names several orders with
// commas between them.
func (f Fault) matches(at Endpoint, order OutTradeNo) bool {
	if f.Route != "" && f.Route != at || f.Effect.fits(at) != nil {
		return false
	}
	if f.OutTradeNo == "" || f.OutTradeNo == order {
		return true
	}
	return at == AtQuery && slices.ContainsFunc(strings.Split(string(order), ","), func(one string) bool {
		return strings.TrimSpace(one) == string(f.OutTradeNo)
	})
}

func (f Fault) validate() error {
	switch {
	case f.Route != "" && !slices.Contains(Endpoints(), f.Route):
		return fmt.Errorf("%w: fault's route is %q, want one of %s, or nothing for every one", ErrInvalid, f.Route, oneOf(Endpoints()))
	case f.OutTradeNo != "" && checkText(string(f.OutTradeNo), 128) != nil:
		return fmt.Errorf("%w: fault's out_trade_no is %q, want up to 128 printable characters, or nothing for every order", ErrInvalid, f.OutTradeNo)
	case f.Nth < 0 || f.Nth > maxFaultCount:
		return fmt.Errorf("%w: fault's nth is %d, want 1 to %d", ErrInvalid, f.Nth, maxFaultCount)
	case f.Times < 0 || f.Times > maxFaultCount:
		return fmt.Errorf("%w: fault's times is %d, want 1 to %d", ErrInvalid, f.Times, maxFaultCount)
	}
	err := f.Effect.check()
	if err == nil && f.Route != "" {
		err = f.Effect.fits(f.Route)
	}
	if err != nil {
		return fmt.Errorf("%w: fault's effect: %w", ErrInvalid, err)
	}
	return nil
}

// checkFaults judges an App's faults; they need numbers of their own.
func checkFaults(faults []Fault) error {
	if len(faults) > MaxFaults {
		return fmt.Errorf("%w: %d faults, want at most %d", ErrInvalid, len(faults), MaxFaults)
	}
	for i, f := range faults {
		if f.ID < 1 || slices.ContainsFunc(faults[:i], func(other Fault) bool { return other.ID == f.ID }) {
			return fmt.Errorf("%w: fault's id is %d, want a number above 0 that no other fault has", ErrInvalid, f.ID)
		}
		if err := f.validate(); err != nil {
			return err
		}
	}
	return nil
}

// numberFaults numbers from 1 those that have no number.
func numberFaults(faults []Fault) {
	for i := range faults {
		if faults[i].ID == 0 {
			faults[i].ID = nextFault(faults)
		}
	}
}

func nextFault(faults []Fault) int {
	last := 0
	for _, f := range faults {
		last = max(last, f.ID)
	}
	return last + 1
}

// AddFault arms one more fault behind those the App has and gives it with its number. Nth and Times
// are 1 where they are 0. Errors: ErrInvalid, ErrNotFound.
func (g *Gateway) AddFault(ctx context.Context, code AppCode, f Fault) (Fault, error) {
	_, err := g.Store.UpdateApp(ctx, code, func(a *App) error {
		f.ID, f.Nth, f.Times, f.Matched, f.Fired = nextFault(a.Faults), f.first(), f.times(), 0, 0
		a.Faults = append(a.Faults, f)
		return checkFaults(a.Faults)
	})
	return f, err
}

// RemoveFault takes a fault away and gives it as it was. Errors: ErrNotFound.
func (g *Gateway) RemoveFault(ctx context.Context, code AppCode, id int) (Fault, error) {
	var removed Fault
	_, err := g.Store.UpdateApp(ctx, code, func(a *App) error {
		i := slices.IndexFunc(a.Faults, func(f Fault) bool { return f.ID == id })
		if i < 0 {
			return ErrNotFound
		}
		removed = a.Faults[i]
		a.Faults = slices.Delete(a.Faults, i, i+1)
		return nil
	})
	return removed, err
}

// RemoveFaults takes all of an App's faults away and says how many there were. Errors: ErrNotFound.
func (g *Gateway) RemoveFaults(ctx context.Context, code AppCode) (int, error) {
	removed := 0
	_, err := g.Store.UpdateApp(ctx, code, func(a *App) error {
		removed, a.Faults = len(a.Faults), nil
		return nil
	})
	return removed, err
}

// TakeFault gives the first of the App's faults that fires on this call, and counts the call. Those
// behind one that fires are not asked. It costs nothing for an App without a fault that matches.
func (g *Gateway) TakeFault(ctx context.Context, a App, at Endpoint, order OutTradeNo) (Fault, bool, error) {
	if !slices.ContainsFunc(a.Faults, func(f Fault) bool { return f.matches(at, order) }) {
		return Fault{}, false, nil
	}
	var fired Fault
	var fires bool
	_, err := g.Store.UpdateApp(ctx, a.Code, func(a *App) error {
		fired, fires = Fault{}, false
		for i := range a.Faults {
			f := &a.Faults[i]
			if !f.matches(at, order) {
				continue
			}
			f.Matched++
			if f.Matched >= f.first() && f.Fired < f.times() {
				f.Fired++
				fired, fires = *f, true
				break
			}
		}
		return nil
	})
	return fired, fires, err
}
