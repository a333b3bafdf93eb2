package steps

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/browser"
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

// merchantShowsPage wants a page of the merchant's own: QFPay's and WeChat's are no guidance of its.
func (w *world) merchantShowsPage(ctx context.Context) error {
	if err := w.payerSeesPage(ctx); err != nil {
		return err
	}
	if at := w.tab.URL(); w.atSandbox(at) {
		return w.explain(ctx, errors.New("the merchant shows no page of its own but sent the payer on"))
	}
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
	if want == "no" { // a page's script may be late with it
		if _, err := w.client.Wait(ctx, control.JournalFilter{App: w.app, Since: w.mark, Path: "/trade/v1/payment"}, dwell); err != nil {
			return broke(err)
		}
	}
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
	for _, f := range w.forged {
		if f.status == 200 && strings.TrimSpace(f.answer) == "SUCCESS" {
			return fmt.Errorf("the merchant acknowledged a notification whose X-QF-SIGN %s: HTTP 200 SUCCESS from %s", f.how, f.url)
		}
	}
	return nil
}
