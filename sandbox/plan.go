package sandbox

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// DeliveryPlan says when an App's or an order's notifications are due, and in which variants. The
// zero value is QFPay's: a good one as soon as it is paid, and as soon as it is refunded.
type DeliveryPlan struct {
	// Delay is how long after payment, on the App's clock, the first attempt is due when there are
	// no Deliveries.
	Delay time.Duration
	// Deliveries take the place of all of QFPay's own.
	Deliveries []Delivery
}

// Delivery is one notification of a plan.
type Delivery struct {
	On Occasion
	// After is how long after the occasion, on the App's clock, the first attempt is due.
	After   time.Duration
	Variant Variant
	// BeforeReturn holds the payer's return back until the first attempt was answered. Only with
	// OnPaid and without After.
	BeforeReturn bool
}

// OrderPlan is the delivery plan of one order.
type OrderPlan struct {
	OutTradeNo OutTradeNo
	Plan       DeliveryPlan
}

// Occasion is what a delivery is counted from.
type Occasion string

const (
	OnPaid     Occasion = "paid"
	OnReturned Occasion = "returned" // the wallet handed its result to the page
	OnClosed   Occasion = "closed"
	OnRefunded Occasion = "refunded"
)

// Occasions lists what a delivery can be counted from.
func Occasions() []Occasion { return []Occasion{OnPaid, OnReturned, OnClosed, OnRefunded} }

// MaxDeliveries bounds a plan, MaxOrderPlans the plans of single orders an App can have.
const (
	MaxDeliveries = 20
	MaxOrderPlans = 1000
)

func (p DeliveryPlan) validate() error {
	if p.Delay < 0 || p.Delay > MaxClockOffset {
		return fmt.Errorf("%w: notification delay is %s, want 0 to %s", ErrInvalid, p.Delay, MaxClockOffset)
	}
	if len(p.Deliveries) > MaxDeliveries {
		return fmt.Errorf("%w: delivery has %d entries, want at most %d", ErrInvalid, len(p.Deliveries), MaxDeliveries)
	}
	for i, d := range p.Deliveries {
		if err := d.validate(); err != nil {
			return fmt.Errorf("%w: delivery %d: %w", ErrInvalid, i+1, err)
		}
	}
	return nil
}

func (d Delivery) validate() error {
	switch {
	case !slices.Contains(Occasions(), d.On):
		return fmt.Errorf("on is %q, want one of %s", d.On, oneOf(Occasions()))
	case !slices.Contains(Variants(), d.Variant):
		return fmt.Errorf("variant is %q, want one of %s", d.Variant, oneOf(Variants()))
	case d.After < 0 || d.After > MaxClockOffset:
		return fmt.Errorf("after is %s, want 0 to %s", d.After, MaxClockOffset)
	case d.BeforeReturn && (d.On != OnPaid || d.After != 0):
		return fmt.Errorf("before_return comes with on %q and after %s, want on %q and no after: it is sent while the payer waits", d.On, d.After, OnPaid)
	case d.BeforeReturn && d.Variant == VariantNever:
		return fmt.Errorf("before_return comes with variant %q, which is never sent", d.Variant)
	case d.Variant == VariantOlderState && d.On != OnRefunded:
		return fmt.Errorf("variant %q comes with on %q, want %q: the payment as it was before is what it tells", d.Variant, d.On, OnRefunded)
	}
	return nil
}

func oneOf[T ~string](words []T) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	return strings.Join(texts, ", ")
}

// validatePlans judges the App's plan and those of its orders.
func (a App) validatePlans() error {
	if err := a.Delivery.validate(); err != nil {
		return err
	}
	if len(a.OrderPlans) > MaxOrderPlans {
		return fmt.Errorf("%w: %d orders have plans of their own, want at most %d; remove some", ErrInvalid, len(a.OrderPlans), MaxOrderPlans)
	}
	for _, o := range a.OrderPlans {
		if !printable(string(o.OutTradeNo)) || len([]rune(o.OutTradeNo)) > 128 {
			return fmt.Errorf("%w: out_trade_no of a plan is %q, want 1 to 128 printable characters", ErrInvalid, o.OutTradeNo)
		}
		if err := o.Plan.validate(); err != nil {
			return err
		}
	}
	return nil
}

// planOf gives the deliveries of a payment: its order's own, else the App's, else QFPay's.
func (a App) planOf(payment Transaction) []Delivery {
	plan := a.Delivery
	if own, ok := a.OrderPlan(payment.OutTradeNo); ok {
		plan = own
	}
	if len(plan.Deliveries) > 0 {
		return plan.Deliveries
	}
	first := payment.Variant
	if first == "" {
		first = VariantGood
	}
	return []Delivery{{On: OnPaid, After: plan.Delay, Variant: first}, {On: OnRefunded, Variant: VariantGood}}
}

// OrderPlan gives the plan of this order alone; false when it follows the App's.
func (a App) OrderPlan(n OutTradeNo) (DeliveryPlan, bool) {
	for _, o := range a.OrderPlans {
		if o.OutTradeNo == n {
			return o.Plan, true
		}
	}
	return DeliveryPlan{}, false
}

// SetOrderPlan gives an order a plan of its own, whether the order exists yet or not. Errors:
// ErrInvalid, also for an order that was paid; ErrNotFound.
func (g *Gateway) SetOrderPlan(ctx context.Context, app App, n OutTradeNo, p DeliveryPlan) (App, error) {
	for _, m := range append([]Mchid{""}, app.Mchids...) {
		t, err := g.Store.TransactionByOutTradeNo(ctx, app.Code, m, n)
		if err == nil && !t.PaidAt.IsZero() {
			return app, fmt.Errorf("%w: order %q was paid at %s, and what it brought forth was planned then; give an order its plan before it is paid", ErrInvalid, n, FormatTime(t.PaidAt))
		}
	}
	return g.UpdateApp(ctx, app.Code, func(a *App) {
		for i := range a.OrderPlans {
			if a.OrderPlans[i].OutTradeNo == n {
				a.OrderPlans[i].Plan = p
				return
			}
		}
		a.OrderPlans = append(a.OrderPlans, OrderPlan{OutTradeNo: n, Plan: p})
	})
}

// RemoveOrderPlan lets an order follow its App's plan again. Errors: ErrNotFound, also when it does.
func (g *Gateway) RemoveOrderPlan(ctx context.Context, code AppCode, n OutTradeNo) (App, error) {
	found := false
	app, err := g.UpdateApp(ctx, code, func(a *App) {
		a.OrderPlans = slices.DeleteFunc(a.OrderPlans, func(o OrderPlan) bool {
			found = found || o.OutTradeNo == n
			return o.OutTradeNo == n
		})
	})
	if err == nil && !found {
		err = ErrNotFound
	}
	return app, err
}
