package steps

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/browser"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/target"
)

// seat is one pair of hands before one window: who, which window, which order.
type seat struct {
	payer   control.Payer
	tab     *browser.Tab
	order   order
	cashier string
	before  *target.Statement
}

func (w *world) seatSteps(sc *godog.ScenarioContext) {
	sc.Given(`^another payer with (.+)$`, w.anotherPayerWith)
	sc.Given(`^the payer has another tab$`, w.anotherTab)
	sc.When(`^the other payer (orders from the merchant|pays in the wallet|cancels in the wallet)$`, w.otherDoes)
	sc.When(`^the payer (orders from the merchant|pays in the wallet|cancels in the wallet) in the other tab$`, w.otherDoes)
	sc.When(`^both pay at once$`, w.bothPay)
	sc.Then(`^the other order (becomes paid|is not paid)$`, w.otherOrder)
	sc.Then(`^no address at the merchant names a payer$`, w.noAddressNamesPayer)
	sc.When(`^the payer's bridge comes after all$`, w.bridgeComes)
}

// change puts the other seat in the place of this one.
func (w *world) changeSeats() {
	here := seat{w.payer, w.tab, w.order, w.cashier, w.before}
	w.payer, w.tab, w.order, w.cashier, w.before = w.other.payer, w.other.tab, w.other.order, w.other.cashier, w.other.before
	w.other = here
}

// atOther has something done at the other seat.
func (w *world) atOther(deed func() error) error {
	if w.other.tab == nil {
		return broke(errors.New("there is no other tab"))
	}
	w.changeSeats()
	defer w.changeSeats()
	return deed()
}

func (w *world) anotherPayerWith(ctx context.Context, phone string) error {
	p, err := w.client.CreatePayer(ctx, control.Payer{Name: w.fake.PayerName()})
	if err != nil {
		return broke(err)
	}
	w.run.payers[p.ID] = true
	w.other = seat{payer: p, order: order{askedNo: w.fake.OutTradeNo(), askedTxamt: w.fake.Txamt()}}
	w.changeSeats()
	defer w.changeSeats()
	return w.payerWith(ctx, phone)
}

// anotherTab is a second window of the same browser: the same cookies, the same payer.
func (w *world) anotherTab(ctx context.Context) error {
	if w.tab == nil {
		return broke(errors.New("the payer has no browser yet"))
	}
	bridge, err := w.payerPhone().bridge(ctx, w.tab.Kind())
	if err != nil {
		return broke(err)
	}
	w.other = seat{payer: w.payer, order: order{askedNo: w.fake.OutTradeNo(), askedTxamt: w.fake.Txamt()}}
	w.other.tab, err = w.suite.Browser.Open(ctx, w.tab.Kind(), browser.TabOptions{Script: bridge, Beside: w.tab})
	return broke(err)
}

func (w *world) otherDoes(ctx context.Context, what string) error {
	deeds := map[string]func(context.Context) error{
		"orders from the merchant": w.payerOrders, "pays in the wallet": w.payerPays, "cancels in the wallet": w.payerCancels,
	}
	return w.atOther(func() error { return deeds[what](ctx) })
}

// bothPay presses both buttons before it looks at what becomes of either.
func (w *world) bothPay(ctx context.Context) error {
	if err := w.pressPay(ctx); err != nil {
		return err
	}
	if err := w.atOther(func() error { return w.pressPay(ctx) }); err != nil {
		return err
	}
	if err := w.afterPay(ctx); err != nil {
		return err
	}
	return w.atOther(func() error { return w.afterPay(ctx) })
}

func (w *world) otherOrder(ctx context.Context, what string) error {
	if w.other.order.outTradeNo == w.order.outTradeNo {
		return fmt.Errorf("both orders are %s", w.order.outTradeNo)
	}
	deed := map[string]func(context.Context) error{"becomes paid": w.orderBecomesPaid, "is not paid": w.orderIsNotPaid}[what]
	return w.atOther(func() error { return deed(ctx) })
}

// noAddressNamesPayer looks at every address of the merchant's that either window asked for: who holds the
// phone is between the phone and WeChat.
func (w *world) noAddressNamesPayer() error {
	seen := 0
	for _, tab := range []*browser.Tab{w.tab, w.other.tab} {
		if tab == nil {
			continue
		}
		for _, e := range tab.Timeline() {
			if e.Kind != browser.Request || w.atSandbox(e.URL) {
				continue
			}
			seen++
			for _, id := range []control.PayerID{w.payer.ID, w.other.payer.ID} {
				if id != "" && strings.Contains(e.URL, string(id)) {
					return fmt.Errorf("the merchant's address %s names the payer %s", e.URL, id)
				}
			}
		}
	}
	if seen == 0 {
		return errors.New("nobody opened an address of the merchant's")
	}
	return nil
}

// bridgeComes is what reloading does for a payer whose page got no bridge: a new window that has the
// cookies of the one before, and a bridge.
func (w *world) bridgeComes(ctx context.Context) error {
	if w.tab == nil {
		return broke(errors.New("the payer has no browser yet"))
	}
	if err := w.payerIs(ctx, "bridge", "late"); err != nil {
		return err
	}
	kept, err := w.tab.Cookies(ctx)
	if err != nil {
		return ofBrowser(err)
	}
	kind, at := w.tab.Kind(), w.tab.URL()
	if w.cashier == "" {
		w.cashier = at
	}
	if err := w.tab.Close(); err != nil {
		return broke(err)
	}
	w.tab, err = w.openTab(ctx, kind, kept)
	return err
}
