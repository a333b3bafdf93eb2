package steps

import (
	"context"
	"encoding/json"
	"fmt"

	"slices"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func (w *world) notifiedSteps(sc *godog.ScenarioContext) {
	sc.Step(`^QFPay delivers(?: for "([^"]*)")?:$`, w.plan)
	sc.Step(`^QFPay sends the notification again to another address$`, w.notificationIsSentElsewhere)
	sc.Step(`^the integrator answers notifications with "([^"]*)"$`, w.listen)
	sc.Given(`^a merchant that hangs on notifications was paid$`, w.hang)
	sc.Then(`^the integrator hears (\d+) notifications?$`, w.hears)
	sc.Then(`^the integrator had heard (\d+) notifications? when the payer came back$`, w.hadHeard)
	sc.Then(`^the notification is "([^"]*)"$`, w.notificationIs)
	sc.Then(`^the notification's fields are "([^"]*)"$`, w.notificationFields)
	sc.Then(`^QFPay tried at "([^"]*)"$`, w.triedAt)
	sc.Then(`^QFPay has (\d+) notifications? pending$`, w.pending)
}

// hears counts the notifications since the last such sentence.
func (w *world) hears(ctx context.Context, want int) error {
	if w.ear == nil {
		return broke(fmt.Errorf("the integrator does not listen"))
	}
	if err := w.catchUp(ctx); err != nil {
		return err
	}
	w.ear.mu.Lock()
	defer w.ear.mu.Unlock()
	got := len(w.ear.heard) - w.ear.looked
	w.ear.looked = len(w.ear.heard)
	if got != want {
		return fmt.Errorf("the integrator heard %d notifications, want %d", got, want)
	}
	return nil
}

func (w *world) hadHeard(want int) error {
	if w.heardAtReturn != want {
		return fmt.Errorf("the integrator had heard %d notifications when the payer came back, want %d", w.heardAtReturn, want)
	}
	return nil
}

// latest is the notification that came in last.
func (w *world) latest() (heard, error) {
	if w.ear == nil || w.ear.count() == 0 {
		return heard{}, fmt.Errorf("the integrator heard no notification")
	}
	w.ear.mu.Lock()
	defer w.ear.mu.Unlock()
	return w.ear.heard[len(w.ear.heard)-1], nil
}

// notificationIs compares what is notable about the latest notification with a list of words.
func (w *world) notificationIs(want string) error {
	n, err := w.latest()
	if err != nil {
		return err
	}
	if got := strings.Join(w.notable(n), ", "); got != want {
		return fmt.Errorf("the notification is %q, want %q: %s %s", got, want, n.sign, n.body)
	}
	return nil
}

// notable says what a merchant could stumble over.
func (w *world) notable(n heard) []string {
	var is []string
	add := func(word string, so bool) {
		if so {
			is = append(is, word)
		}
	}
	right := qfpay.VerifyBody([]byte(n.body), w.own.ClientKey, n.sign)
	add("signed", right)
	add("wrongly signed", !right)
	add("at the other address", n.path != notifyPath)
	add("of type "+n.contentType, n.contentType != "application/json")
	if !json.Valid([]byte(n.body)) {
		return append(is, "no JSON")
	}
	kind, _ := field(n.body, "notify_type")
	add("of a "+kind, kind != "payment")
	for _, c := range []struct{ name, word string }{{"txamt", "another amount"}, {"txcurrcd", "another currency"}, {"out_trade_no", "another order"}} {
		value, _ := field(n.body, c.name)
		add(c.word, kind != "refund" && value != w.last.Get(c.name))
	}
	add("with unknown fields", strings.Contains(n.body, `"sandbox_unknown_field"`))
	add("compact", !strings.Contains(n.body, `": "`))
	add("with a slash and other scripts", strings.Contains(n.body, "/") && strings.Contains(n.body, `\u`))
	return is
}

// notificationFields compares the order of the latest notification's fields.
func (w *world) notificationFields(want string) error {
	n, err := w.latest()
	if err != nil {
		return err
	}
	var names []string
	dec := json.NewDecoder(strings.NewReader(n.body))
	for name := true; ; name = !name {
		token, err := dec.Token()
		if err != nil {
			break
		}
		if token == json.Delim('{') {
			name = false // and so what comes next is one
			continue
		}
		if text, ok := token.(string); ok && name {
			names = append(names, text)
		}
	}
	if got := strings.Join(names, " "); got != want {
		return fmt.Errorf("the notification's fields are\n%s\nwant\n%s", got, want)
	}
	return nil
}

// plan says what QFPay tells of whom and when: of all of the App's orders, or of one.
func (w *world) plan(ctx context.Context, order string, table *godog.Table) error {
	list := []control.Delivery{}
	for _, row := range table.Rows[1:] {
		var d control.Delivery
		for i, cell := range row.Cells {
			switch name := table.Rows[0].Cells[i].Value; name {
			case "on":
				d.On = *as(&d.On, cell.Value)
			case "after":
				d.After = cell.Value
			case "variant":
				d.Variant = *as(&d.Variant, cell.Value)
			case "before the return":
				d.BeforeReturn = cell.Value == "yes"
			default:
				return broke(fmt.Errorf("a delivery has no %q", name))
			}
		}
		list = append(list, d)
	}
	var err error
	if order == "" {
		_, err = w.client.ChangeApp(ctx, w.app, control.AppChange{Delivery: list})
	} else {
		_, err = w.client.SetOrderPlan(ctx, w.app, control.OutTradeNo(order), list...)
	}
	return broke(err)
}

func (w *world) notificationIsSentElsewhere(ctx context.Context) error {
	if err := w.catchUp(ctx); err != nil {
		return err
	}
	list, err := w.client.Notifications(ctx, w.app, w.order.outTradeNo)
	if err != nil || len(list) == 0 {
		return broke(fmt.Errorf("of order %s there are %d notifications (%w)", w.order.outTradeNo, len(list), err))
	}
	_, err = w.client.ResendTo(ctx, list[0].ID, w.ear.server.URL+otherPath)
	return broke(err)
}

// triedAt compares the times of all attempts at the App's notifications, on QFPay's clock.
func (w *world) triedAt(ctx context.Context, want string) error {
	if err := w.catchUp(ctx); err != nil {
		return err
	}
	list, err := w.client.Notifications(ctx, w.app, "")
	if err != nil {
		return broke(err)
	}
	var tries []time.Time
	for _, n := range list {
		for _, a := range n.Attempts {
			tries = append(tries, a.At.In(qfpayZone))
		}
	}
	slices.SortFunc(tries, time.Time.Compare)
	at := make([]string, len(tries))
	for i, t := range tries {
		at[i] = t.Format(time.TimeOnly)
	}
	if got := strings.Join(at, ", "); got != want {
		return fmt.Errorf("QFPay tried at %q, want %q", got, want)
	}
	return nil
}

func (w *world) pending(ctx context.Context, want int) error {
	if err := w.catchUp(ctx); err != nil {
		return err
	}
	list, err := w.client.PendingNotifications(ctx, w.app)
	if err != nil {
		return broke(err)
	}
	if len(list) != want {
		return fmt.Errorf("QFPay has %d notifications pending, want %d", len(list), want)
	}
	return nil
}
