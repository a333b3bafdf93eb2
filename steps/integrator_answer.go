package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func (w *world) answerSteps(sc *godog.ScenarioContext) {
	sc.Then(`^QFPay answers (.*\})$`, w.answersExactly)
	sc.Then(`^QFPay answers with respcd "(\d{4})"$`, w.answersWithRespcd)
	sc.Then(`^QFPay answers with HTTP (\d+)$`, w.answersWithStatus)
	sc.Then(`^QFPay answers nothing$`, w.answersNothing)
	sc.Then(`^QFPay answers (\d+) of them with respcd "(\d{4})"$`, w.answersSomeWithRespcd)
	sc.Then(`^QFPay's answer is signed with the App's key$`, w.answerIsSigned)
	sc.Then(`^QFPay's answer is no JSON$`, w.answerIsNoJSON)
	sc.Then(`^QFPay's answer gives (.+)$`, w.answerGives)
	sc.Then(`^(?:QFPay's|the wallet's) answer was decided by "([^"]*)"$`, w.answerDecidedBy)
	sc.Then(`^the journal holds the finding "([^"]*)"$`, w.journalHolds)
	sc.Then(`^the journal calls the answer "([^"]*)"$`, w.journalCalls)
	sc.Then(`^the list of refusals calls "([^"]*)" of ([a-z_]+) "([^"]*)"$`, w.listCalls)
	sc.Then(`^the order is "([^"]*)"$`, w.orderIs)
	sc.Then(`^the order's note is "([^"]*)"$`, w.orderNoteIs)
}

// field is a text in a JSON answer by its path: names with dots between them. False: there is none.
func field(raw, path string) (string, bool) {
	var v any
	if json.Unmarshal([]byte(raw), &v) != nil {
		return "", false
	}
	for name := range strings.SplitSeq(path, ".") {
		object, _ := v.(map[string]any)
		v = object[name]
	}
	text, ok := v.(string)
	return text, ok
}

func (w *world) answersExactly(want string) error {
	if err := w.answered(); err != nil {
		return err
	}
	if w.answer != want {
		return fmt.Errorf("QFPay answered\n%s\nwant\n%s", w.answer, want)
	}
	return nil
}

func (w *world) answersWithRespcd(want string) error {
	if err := w.answered(); err != nil {
		return err
	}
	if got, ok := field(w.answer, "respcd"); !ok || got != want || w.status != http.StatusOK {
		return fmt.Errorf("QFPay answered HTTP %d %s, want 200 and respcd %s", w.status, shortText(w.answer, 500), want)
	}
	return nil
}

func (w *world) answersWithStatus(want int) error {
	if err := w.answered(); err != nil {
		return err
	}
	if w.status != want {
		return fmt.Errorf("QFPay answered HTTP %d %s, want %d", w.status, shortText(w.answer, 500), want)
	}
	return nil
}

func (w *world) answersNothing() error {
	if w.cut == nil {
		return fmt.Errorf("QFPay answered HTTP %d %s, want no answer", w.status, shortText(w.answer, 500))
	}
	return nil
}

func (w *world) answersSomeWithRespcd(want int, respcd string) error {
	got := 0
	for _, a := range w.many {
		if code, _ := field(a, "respcd"); code == respcd {
			got++
		}
	}
	if got != want {
		return fmt.Errorf("QFPay answered %d of %d with respcd %s, want %d:\n%s", got, len(w.many), respcd, want, strings.Join(w.many, "\n"))
	}
	return nil
}

func (w *world) answerIsSigned() error {
	if err := w.answered(); err != nil {
		return err
	}
	if !qfpay.VerifyBody([]byte(w.answer), w.own.ClientKey, w.sign) {
		return fmt.Errorf("X-QF-SIGN of the answer is %q, which the App's key did not make over %s", w.sign, w.answer)
	}
	return nil
}

func (w *world) answerIsNoJSON() error {
	if err := w.answered(); err != nil {
		return err
	}
	if w.answer == "" || json.Valid([]byte(w.answer)) {
		return fmt.Errorf("QFPay answered HTTP %d %q, want what cannot be parsed", w.status, w.answer)
	}
	return nil
}

// carried are the words for what a payment's answer gives the merchant to go on with, and where it is.
var carried = []struct{ words, path string }{
	{"parameters for WeChat's bridge", "pay_params.paySign"},
	{"parameters for WeChat's SDK", "pay_params.prepayid"},
	{"a code to show", "qrcode"},
	{"a page to open", "pay_url"},
	{"the wallet's number", "chnlsn"},
}

// answerGives wants exactly one of them.
func (w *world) answerGives(words string) error {
	if err := w.answersWithRespcd("0000"); err != nil {
		return err
	}
	known, given := false, []string{}
	for _, c := range carried {
		known = known || c.words == words
		if value, _ := field(w.answer, c.path); value != "" {
			given = append(given, c.words)
		}
	}
	if !known {
		return broke(fmt.Errorf("nothing an answer can give is called %q", words))
	}
	if len(given) != 1 || given[0] != words {
		return fmt.Errorf("QFPay's answer gives %v, want %s alone: %s", given, words, w.answer)
	}
	return nil
}

func (w *world) answerDecidedBy(want string) error {
	if want == "the payer" {
		want = "payer " + string(w.payer.ID)
	}
	if w.by != want {
		return fmt.Errorf("the answer says it was decided by %q, want %q", w.by, want)
	}
	return nil
}

func (w *world) journalHolds(ctx context.Context, finding string) error {
	page, err := w.client.Journal(ctx, control.JournalFilter{Since: w.mark, Finding: finding})
	if err != nil {
		return broke(err)
	}
	for _, e := range page.Exchanges {
		if e.App == w.app || e.App == "" { // a request may be refused before anybody knows whose it is
			return nil
		}
	}
	return fmt.Errorf("no exchange of this App left the finding %q", finding)
}

// journalCalls compares how sure the sandbox is of its latest answer to the integrator.
func (w *world) journalCalls(ctx context.Context, want string) error {
	page, err := w.client.Journal(ctx, control.JournalFilter{App: w.app, Since: w.mark, Surface: "openapi"})
	if err != nil {
		return broke(err)
	}
	if len(page.Exchanges) == 0 {
		return fmt.Errorf("the journal has no call of this App")
	}
	if e := page.Exchanges[len(page.Exchanges)-1]; string(e.Fidelity) != want {
		return fmt.Errorf("the journal calls the answer of %s %q, want %q", e.Path, e.Fidelity, want)
	}
	return nil
}

func (w *world) listCalls(ctx context.Context, rule, endpoint, want string) error {
	list, err := w.client.Fidelity(ctx)
	if err != nil {
		return broke(err)
	}
	for _, row := range list.Refusals {
		if row.Rule == rule && string(row.Endpoint) == endpoint {
			if string(row.Fidelity) != want {
				return fmt.Errorf("the list calls %s of %s %q, want %q", rule, endpoint, row.Fidelity, want)
			}
			return nil
		}
	}
	return fmt.Errorf("the list of %d refusals has no %s of %s", len(list.Refusals), rule, endpoint)
}

// orderIs looks at the order from the controls; what an enquiry says of it has a sentence of its own.
func (w *world) orderIs(ctx context.Context, want string) error {
	o, err := w.ownOrder(ctx)
	if err != nil {
		return err
	}
	if string(o.State) != want {
		return fmt.Errorf("order %s is %s, want %s", o.OutTradeNo, o.State, want)
	}
	return nil
}

func (w *world) orderNoteIs(ctx context.Context, want string) error {
	o, err := w.ownOrder(ctx)
	if err != nil {
		return err
	}
	if o.Note != want {
		return fmt.Errorf("the order's note is %q, want %q", o.Note, want)
	}
	return nil
}

func (w *world) ownOrder(ctx context.Context) (control.Order, error) {
	var shop control.Mchid
	if len(w.own.Mchids) > 0 {
		shop = w.own.Mchids[0]
	}
	o, err := w.client.Order(ctx, w.app, shop, w.order.outTradeNo)
	return o, broke(err)
}
