package steps

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func (w *world) appSteps(sc *godog.ScenarioContext) {
	sc.Step(`^the App's ([A-Za-z ]+) (?:is|are|reads) "([^"]*)"$`, w.appHas)
	sc.Step(`^the App has the fault:$`, w.addFaults)
	sc.When(`^the App's clock (stands|goes on|moves to what is due next|runs until nothing is due)$`, w.moveClock)
	sc.When(`^somebody (keeps a snapshot of|puts back|resets) (the|another) App$`, w.keepApp)
	sc.Then(`^the fault has matched (\d+) and fired (\d+) times?$`, w.faultFired)
	sc.Then(`^QFPay's time is "([^"]*)"$`, w.timeIs)
	sc.Then(`^what is due next is at "([^"]*)"$`, w.nextDue)
}

// appHas changes what an App may be told.
func (w *world) appHas(ctx context.Context, what, value string) error {
	var c control.AppChange
	on := value == "on"
	switch what {
	case "clock":
		at, err := time.ParseInLocation(time.DateTime, value, qfpayZone)
		if err != nil {
			return broke(err)
		}
		_, err = w.client.SetClock(ctx, w.app, at)
		return broke(err)
	case "currencies":
		c.Currency = split[qfpay.Currency](value)
	case "pay types":
		c.PayTypes = split[qfpay.PayType](value)
	case "notification delay":
		c.NotifyDelay = &value
	case "Canadian account":
		c.Settings.Canada = &on
	case "amount cases":
		c.Settings.AmountCases = &on
	case "daily balance":
		c.Settings.DailyBalance = &on
	case "rate limit":
		c.Settings.RateLimit = &on
	case "refund delay":
		c.Settings.RefundDelay = &value
	case "cancelling":
		c.Settings.Cancelling = &value
	default:
		return broke(fmt.Errorf("no App has a %q", what))
	}
	var err error
	w.own, err = w.client.ChangeApp(ctx, w.app, c)
	return broke(err)
}

func split[T ~string](s string) []T {
	var list []T
	for word := range strings.SplitSeq(s, ", ") {
		list = append(list, T(word))
	}
	return list
}

// moveClock moves on from what is due now, which happens by itself.
func (w *world) moveClock(ctx context.Context, how string) error {
	if err := w.catchUp(ctx); err != nil {
		return err
	}
	move := map[string]func(context.Context, control.AppCode) (control.Clock, error){
		"stands": w.client.FreezeClock, "goes on": w.client.UnfreezeClock,
		"moves to what is due next": w.client.AdvanceClockToNext, "runs until nothing is due": w.client.RunClockUntilIdle,
	}[how]
	_, err := move(ctx, w.app)
	return broke(err)
}

func (w *world) timeIs(ctx context.Context, want string) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	if got := now.Format(time.DateTime); got != want {
		return fmt.Errorf("QFPay's time is %s, want %s", got, want)
	}
	return nil
}

func (w *world) nextDue(ctx context.Context, want string) error {
	c, err := w.client.Clock(ctx, w.app)
	if err != nil {
		return broke(err)
	}
	got := "never"
	if c.NextDue != nil {
		got = c.NextDue.QFPay
	}
	if got != want {
		return fmt.Errorf("what is due next is at %s, want %s", got, want)
	}
	return nil
}

// addFaults arms a fault for each row: route, effect, nth, times.
func (w *world) addFaults(ctx context.Context, table *godog.Table) error {
	for _, row := range table.Rows[1:] {
		var f control.NewFault
		for i, cell := range row.Cells {
			var err error
			switch name := table.Rows[0].Cells[i].Value; name {
			case "route":
				f.Route = *as(&f.Route, cell.Value)
			case "order":
				f.OutTradeNo = control.OutTradeNo(cell.Value)
			case "effect":
				f.Effect = cell.Value
			case "nth":
				_, err = fmt.Sscan(cell.Value, &f.Nth)
			case "times":
				_, err = fmt.Sscan(cell.Value, &f.Times)
			default:
				err = fmt.Errorf("a fault has no %q", name)
			}
			if err != nil {
				return broke(err)
			}
		}
		if _, err := w.client.AddFault(ctx, w.app, f); err != nil {
			return broke(err)
		}
	}
	return nil
}

// faultFired looks at the App's first fault.
func (w *world) faultFired(ctx context.Context, matched, fired int) error {
	list, err := w.client.Faults(ctx, w.app)
	if err != nil || len(list) == 0 {
		return broke(fmt.Errorf("the App has %d faults (%w)", len(list), err))
	}
	if list[0].Matched != matched || list[0].Fired != fired {
		return fmt.Errorf("the fault matched %d and fired %d times, want %d and %d", list[0].Matched, list[0].Fired, matched, fired)
	}
	unfired, err := w.client.UnfiredFaults(ctx, w.app)
	if err != nil {
		return broke(err)
	}
	if (len(unfired) > 0) != (fired == 0) {
		return fmt.Errorf("%d faults are listed as never fired, the fault fired %d times", len(unfired), fired)
	}
	return nil
}

func (w *world) keepApp(ctx context.Context, how, which string) error {
	app, err := w.app, error(nil)
	if which == "another" {
		other, err := w.client.CreateApp(ctx, control.NewApp{Name: "Another"})
		if err != nil {
			return broke(err)
		}
		app = other.AppCode
	}
	switch how {
	case "keeps a snapshot of":
		w.kept, err = w.client.Snapshot(ctx, app)
	case "puts back":
		_, err = w.client.Restore(ctx, w.kept)
	case "resets":
		_, err = w.client.Reset(ctx, app)
	}
	return broke(err)
}
