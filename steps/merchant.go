package steps

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/browser"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/target"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/verdict"
)

func (w *world) merchantSteps(sc *godog.ScenarioContext) {
	sc.Then(`^the merchant shows the payer a page$`, w.merchantShowsPage)
	sc.Then(`^the merchant shows the payer the order$`, w.merchantShowsOrder)
	sc.Then(`^the merchant made (no|one) payment at QFPay$`, w.merchantMadePayments)
	sc.Then(`^the merchant acknowledges QFPay's notification$`, w.merchantAcknowledges)
	sc.Then(`^the merchant does not acknowledge it$`, w.merchantRefusesForgery)
	sc.Then(`^the merchant's order becomes paid$`, w.orderBecomesPaid)
	sc.Then(`^the merchant's order is not paid$`, w.orderIsNotPaid)
	sc.Then(`^the merchant has shipped (nothing|once)$`, w.merchantHasShipped)
}

// merchantShowsPage wants words, and no server error, wherever the payer has ended up.
func (w *world) merchantShowsPage(ctx context.Context) error {
	if err := w.waitLoaded(ctx); err != nil {
		return w.explain(ctx, err)
	}
	for _, e := range w.tab.Timeline() {
		// Any page of the scenario: a server error that a redirect hid is one all the same.
		if e.Kind == browser.Response && e.Status >= 500 {
			return w.explain(ctx, fmt.Errorf("%s answered HTTP %d", e.URL, e.Status))
		}
	}
	text, err := w.tab.BodyText(ctx)
	if err != nil {
		return ofBrowser(err)
	}
	if strings.TrimSpace(text) == "" {
		return w.explain(ctx, fmt.Errorf("the page at %s is empty", w.tab.URL()))
	}
	w.screenshot(ctx, "page")
	return nil
}

// merchantShowsOrder wants a page that is no error page: the payer has come back as told.
func (w *world) merchantShowsOrder(ctx context.Context) error {
	if err := w.merchantShowsPage(ctx); err != nil {
		return err
	}
	at, _, _ := strings.Cut(w.tab.URL(), "#")
	events := w.tab.Timeline()
	for i := len(events) - 1; i >= 0; i-- {
		if e := events[i]; e.Kind == browser.Response && e.URL == at {
			if e.Status >= 400 {
				return w.explain(ctx, fmt.Errorf("the payer came back from the cashier and %s answered HTTP %d", at, e.Status))
			}
			return nil
		}
	}
	return nil // a page without an answer of its own, such as about:blank, has words at least
}

func (w *world) merchantMadePayments(ctx context.Context, want string) error {
	made, err := w.payments(ctx)
	if err != nil {
		return err
	}
	count := map[string]int{"no": 0, "one": 1}[want]
	if len(made) != count {
		var numbers []string
		for _, e := range made {
			numbers = append(numbers, string(e.OutTradeNo))
		}
		return fmt.Errorf("the merchant made %d payments at QFPay %v, want %s", len(made), numbers, want)
	}
	return nil
}

// merchantAcknowledges waits for the next notification of the order and looks at the answer.
func (w *world) merchantAcknowledges(ctx context.Context) error {
	page, err := w.client.Wait(ctx, control.JournalFilter{App: w.app, Since: w.heard, Surface: "notify", OutTradeNo: w.order.outTradeNo}, patience)
	if err != nil {
		return broke(err)
	}
	if len(page.Exchanges) == 0 {
		return w.explain(ctx, w.noNotification(ctx))
	}
	e := page.Exchanges[0]
	w.heard = e.Seq
	if e.Error != "" {
		return fmt.Errorf("the notification to %s got no answer: %s", e.URL, e.Error)
	}
	if e.Status != 200 || strings.TrimSpace(e.AnswerBody) != "SUCCESS" {
		return fmt.Errorf("the notification to %s was answered HTTP %d %q, want 200 and exactly SUCCESS", e.URL, e.Status, shortText(e.AnswerBody, 200))
	}
	return nil
}

// noNotification says why QFPay has told the merchant nothing.
func (w *world) noNotification(ctx context.Context) error {
	list, err := w.client.Notifications(ctx, w.app, w.order.outTradeNo)
	if err != nil {
		return broke(err)
	}
	for _, n := range list {
		if n.Pending {
			return fmt.Errorf("QFPay has not sent its notification of order %s yet: %s", w.order.outTradeNo, n.State)
		}
	}
	return fmt.Errorf("QFPay has nobody to notify of order %s: neither the payment nor the profile has a notify_url", w.order.outTradeNo)
}

func (w *world) merchantRefusesForgery(context.Context) error {
	f := w.forged
	if f.status == 200 && strings.TrimSpace(f.answer) == "SUCCESS" {
		return fmt.Errorf("the merchant acknowledged a notification whose X-QF-SIGN was made with another key: HTTP 200 SUCCESS from %s", f.url)
	}
	return nil
}

// ask asks the merchant's status witness.
func (w *world) ask(ctx context.Context) (target.Statement, error) {
	s, err := w.suite.Target.Ask(ctx, string(w.order.outTradeNo), w.order.askedTxamt)
	if errors.Is(err, target.ErrNoWitness) {
		return s, fmt.Errorf("%w: the profile declares no status, so nobody can say what the merchant thinks of the order", verdict.ErrNotJudged)
	}
	return s, err
}

// settle is how long a merchant may take to make up its mind after QFPay told it.
const settle = 10 * time.Second

// until asks the witness until it says what is wanted; another answer at the end is the error's.
func (w *world) until(ctx context.Context, wanted func(target.Statement) bool, want string) error {
	ctx, cancel := context.WithTimeout(ctx, settle)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	said := errors.New("it did not answer at all")
	for {
		s, err := w.ask(ctx)
		switch {
		case errors.Is(err, verdict.ErrNotJudged):
			return err
		case err == nil && wanted(s):
			return nil
		case ctx.Err() != nil: // an answer our own deadline cut off says nothing
		case err != nil:
			said = err
		default:
			said = errors.New(s.Said)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%s: want %s; %s later the merchant's status still says: %w", w.order.outTradeNo, want, settle, said)
		}
	}
}

func (w *world) orderBecomesPaid(ctx context.Context) error {
	return w.until(ctx, func(s target.Statement) bool { return s.Paid }, "the order paid")
}

func (w *world) orderIsNotPaid(ctx context.Context) error {
	s, err := w.ask(ctx)
	if err != nil {
		return err
	}
	if s.Paid {
		return fmt.Errorf("nobody has paid order %s and the merchant's status says it is paid: %s", w.order.outTradeNo, s.Said)
	}
	return nil
}

func (w *world) merchantHasShipped(ctx context.Context, want string) error {
	count := map[string]int{"nothing": 0, "once": 1}[want]
	s, err := w.ask(ctx)
	if err != nil {
		return err
	}
	if s.Shipments < 0 {
		return fmt.Errorf("%w: the profile declares no status.shipments, so nobody can say how often the merchant shipped", verdict.ErrNotJudged)
	}
	if s.Shipments > count {
		return fmt.Errorf("the merchant shipped order %s %d times, want %s: %s", w.order.outTradeNo, s.Shipments, want, s.Said)
	}
	return w.until(ctx, func(s target.Statement) bool { return s.Shipments == count }, "shipped "+want)
}
