package steps

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func (w *world) tradeSteps(sc *godog.ScenarioContext) {
	sc.When(`^a payer orders(?: with (.+))?$`, w.payerOrdersOfIntegrator)
	sc.When(`^the integrator creates a payment(?: with (.+))?$`, w.createPayment)
	sc.When(`^the integrator creates the same payment again$`, w.createPaymentAgain)
	sc.When(`^the integrator's next call asks for "([^"]*)"$`, func(outcome string) { w.outcome = outcome })
	sc.When(`^the integrator refunds "([^"]*)"(?: of "([^"]*)")?(?: as "([^"]*)")?$`, w.refund)
	sc.When(`^(\d+) callers refund "([^"]*)" at once$`, w.refundAtOnce)
	sc.When(`^the integrator (closes|reverses)(?: with (.+))?$`, w.cancelOrder)
	sc.When(`^the integrator notes "([^"]*)"(?: with (.+))?$`, w.addNote)
	sc.When(`^the integrator calls QFPay's "([^"]*)"$`, w.callByName)
}

// given is one parameter in a sentence.
var given = regexp.MustCompile(`^([a-z_]+) "([^"]*)"(?: and (.+))?$`)

// params reads `name "value" and name "value"`. The value `of X` is QFPay's number of the order X.
func (w *world) params(sentence string) (qfpay.Params, error) {
	var p qfpay.Params
	for sentence != "" {
		m := given.FindStringSubmatch(sentence)
		if m == nil {
			return nil, broke(fmt.Errorf("no parameters can be read from %q", sentence))
		}
		value, err := w.value(m[2])
		if err != nil {
			return nil, err
		}
		if m[1] == "extend_info" { // a sentence quotes JSON's quotes as '
			value = strings.ReplaceAll(value, "'", `"`)
		}
		p, sentence = append(p, qfpay.Param{Name: m[1], Value: value}), m[3]
	}
	return p, nil
}

// value puts QFPay's number in place of "of X", and the integrator's own address in place of its name.
func (w *world) value(s string) (string, error) {
	if s == "the other address" && w.ear != nil {
		return w.ear.server.URL + otherPath, nil
	}
	order, isNumber := strings.CutPrefix(s, "of ")
	if !isNumber {
		return s, nil
	}
	n := w.numbers[order]
	if n == "" {
		return "", broke(fmt.Errorf("QFPay has numbered no order %q in this scenario", order))
	}
	return n, nil
}

// change puts parameters in place of those of the same names; an empty value leaves one out.
func change(p qfpay.Params, by qfpay.Params) qfpay.Params {
	for _, c := range by {
		p = p.Without(c.Name)
		if c.Value != "" {
			p = append(p, c)
		}
	}
	return p
}

// payerOrdersOfIntegrator is a payment with all that comes before it.
func (w *world) payerOrdersOfIntegrator(ctx context.Context, with string) error {
	changes, err := w.params(with)
	if err != nil {
		return err
	}
	payType := qfpay.PayType(change(qfpay.Params{{Name: "pay_type", Value: string(qfpay.WeChatJSAPI)}}, changes).Get("pay_type"))
	if payType == qfpay.WeChatJSAPI || payType == qfpay.WeChatMiniProgram {
		outcome := w.outcome // it is for the payment
		w.outcome = ""
		if err := w.payerLogsIn(ctx); err != nil {
			return err
		}
		if err := w.exchangeCode(ctx); err != nil {
			return err
		}
		w.outcome = outcome
	}
	return w.createPayment(ctx, with)
}

// createPayment sends a payment that is right but for the parameters given; an empty value leaves one out.
func (w *world) createPayment(ctx context.Context, with string) error {
	changes, err := w.params(with)
	if err != nil {
		return err
	}
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	p := qfpay.Params{
		{Name: "txamt", Value: fmt.Sprint(w.order.askedTxamt)}, {Name: "txcurrcd", Value: "HKD"}, {Name: "pay_type", Value: string(qfpay.WeChatJSAPI)},
		{Name: "out_trade_no", Value: w.order.askedNo}, {Name: "txdtm", Value: now.Format(time.DateTime)}, {Name: "goods_name", Value: w.fake.GoodsName()},
	}
	asked := change(p, changes)
	w.last = w.withShop(change(w.ofPayType(qfpay.PayType(asked.Get("pay_type")), p), changes))
	w.order.outTradeNo = control.OutTradeNo(w.last.Get("out_trade_no"))
	err = w.call(ctx, http.MethodPost, "/trade/v1/payment", w.last)
	w.paid = w.answer
	return err
}

// ofPayType adds what the pay type needs besides.
func (w *world) ofPayType(t qfpay.PayType, p qfpay.Params) qfpay.Params {
	row, _ := t.Row()
	switch row.Flow {
	case qfpay.FlowJSAPI, qfpay.FlowMiniProgram:
		return append(p, qfpay.Param{Name: "sub_openid", Value: w.openID})
	case qfpay.FlowCPM:
		return append(p, qfpay.Param{Name: "auth_code", Value: w.showCode(row)})
	case qfpay.FlowH5:
		const scene = `{"scene_info":{"h5_info":{"type":"Wap","wap_url":"http://merchant.test","wap_name":"Merchant"}},"spbill_create_ip":"192.0.2.1"}`
		return append(p, qfpay.Param{Name: "extend_info", Value: scene})
	case qfpay.FlowWeb, qfpay.FlowWAP:
		return append(p, qfpay.Param{Name: "return_url", Value: "http://merchant.test/thanks"})
	}
	return p
}

func (w *world) createPaymentAgain(ctx context.Context) error {
	return w.call(ctx, http.MethodPost, "/trade/v1/payment", w.last)
}

// refund gives back part of an order, the latest one unless another is named.
func (w *world) refund(ctx context.Context, txamt, of, as string) error {
	p, err := w.refundParams(ctx, txamt, of, as)
	if err != nil {
		return err
	}
	return w.call(ctx, http.MethodPost, "/trade/v1/refund", p)
}

func (w *world) refundParams(ctx context.Context, txamt, of, as string) (qfpay.Params, error) {
	now, err := w.now(ctx)
	if err != nil {
		return nil, err
	}
	if of == "" {
		of = string(w.order.outTradeNo)
	}
	syssn := w.numbers[of]
	if syssn == "" {
		syssn = of // a number QFPay never gave
	}
	if as == "" {
		as = w.fake.OutTradeNo()
	}
	return w.withShop(qfpay.Params{
		{Name: "syssn", Value: syssn}, {Name: "out_trade_no", Value: as}, {Name: "txamt", Value: txamt}, {Name: "txdtm", Value: now.Format(time.DateTime)},
	}), nil
}

// refundAtOnce makes calls that none of them waits for another's answer.
func (w *world) refundAtOnce(ctx context.Context, callers int, txamt string) error {
	requests := make([]qfpay.Params, callers)
	for i := range requests {
		var err error
		if requests[i], err = w.refundParams(ctx, txamt, "", ""); err != nil {
			return err
		}
	}
	w.many = make([]string, callers)
	var all sync.WaitGroup
	for i, p := range requests {
		all.Go(func() {
			header := http.Header{"X-QF-APPCODE": {string(w.own.AppCode)}, "X-QF-SIGN": {w.signed(p)}}
			_, raw, err := w.send(ctx, http.MethodPost, "/trade/v1/refund", p, header)
			if w.many[i] = string(raw); err != nil {
				w.many[i] = err.Error()
			}
		})
	}
	all.Wait()
	return nil
}

// cancelOrder closes or reverses the latest order, or one that is given.
func (w *world) cancelOrder(ctx context.Context, how, with string) error {
	changes, err := w.params(with)
	if err != nil {
		return err
	}
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	p := qfpay.Params{{Name: "out_trade_no", Value: string(w.order.outTradeNo)}, {Name: "txamt", Value: w.last.Get("txamt")}, {Name: "txdtm", Value: now.Format(time.DateTime)}}
	path := map[string]string{"closes": "/trade/v1/close", "reverses": "/trade/v1/reversal"}[how]
	return w.call(ctx, http.MethodPost, path, w.withShop(change(p, changes)))
}

func (w *world) addNote(ctx context.Context, note, with string) error {
	changes, err := w.params(with)
	if err != nil {
		return err
	}
	p := qfpay.Params{{Name: "code", Value: string(w.own.AppCode)}, {Name: "syssn", Value: w.numbers[string(w.order.outTradeNo)]}, {Name: "note", Value: note}}
	return w.call(ctx, http.MethodPost, "/trade/v1/add_note", change(p, changes))
}

// callByName calls what a scenario says QFPay has by the end of its path.
func (w *world) callByName(ctx context.Context, name string) error {
	for _, path := range otherCalls {
		if strings.HasSuffix(path, "/"+name) {
			return w.call(ctx, http.MethodGet, path, w.withShop(nil))
		}
	}
	return broke(fmt.Errorf("no call of QFPay's is known as %q", name))
}

// otherCalls are paths of QFPay's beside those that have sentences of their own.
var otherCalls = [...]string{
	"/trade/v1/authtrade", "/trade/v1/unfreeze", "/download/v1/trade_bill", "/custom/v1/declare", "/subscription/v1/create", "/tool/v1/mcc",
	"/trade/v1/payments", "/trade/v2/payment",
}
