package steps

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// forgery is a notification QFPay never sent, and what the merchant answered.
type forgery struct {
	how    string // its X-QF-SIGN came about
	url    string
	status int
	answer string
}

// forgers are the ways to sign without the merchant's key.
var forgers = []struct {
	how  string
	sign func(body []byte, foreignKey string) string
}{
	{"was made with another key", qfpay.SignBody},
	{"was made with no key", func(body []byte, _ string) string { return qfpay.SignBody(body, "") }},
	{"was left out", func([]byte, string) string { return "" }},
}

// notificationIsForged tells the merchant of a payment nobody made: every field is the order's own
// and only the signature is not QFPay's.
func (w *world) notificationIsForged(ctx context.Context) error {
	made, err := w.payments(ctx)
	if err != nil {
		return err
	}
	if len(made) == 0 {
		return broke(fmt.Errorf("the journal holds no payment of order %s", w.order.outTradeNo))
	}
	payment := made[len(made)-1]
	to, err := w.notifyURL(payment)
	if err != nil {
		return err
	}
	body, err := w.falseNotification(payment)
	if err != nil {
		return err
	}
	key := w.fake.Key()
	for _, forger := range forgers {
		header := http.Header{"Content-Type": {"application/json"}}
		if sign := forger.sign(body, key); sign != "" {
			header["X-QF-SIGN"] = []string{sign}
		}
		answer, text, err := fetch(ctx, http.MethodPost, to, header, bytes.NewReader(body))
		if err != nil {
			return w.explain(ctx, fmt.Errorf("the merchant's notify address does not answer: %w", err))
		}
		w.forged = append(w.forged, forgery{how: forger.how, url: to, status: answer.StatusCode, answer: string(text)})
		w.narrate("        forged   <- POST %s  %d %s\n", to, answer.StatusCode, shortText(string(text), 40))
	}
	return nil
}

// falseNotification is what QFPay would send had the payment been paid.
func (w *world) falseNotification(payment control.Exchange) ([]byte, error) {
	var of struct {
		Sysdtm, Txdtm, Txcurrcd, Txamt, Syssn string
		OutTradeNo                            string `json:"out_trade_no"`
	}
	if err := json.Unmarshal([]byte(payment.AnswerBody), &of); err != nil {
		return nil, broke(fmt.Errorf("the sandbox's payment answer: %w", err))
	}
	return qfpay.PaymentNotification{
		PayType: qfpay.WeChatJSAPI, Sysdtm: of.Sysdtm, Paydtm: of.Sysdtm, Txcurrcd: qfpay.Currency(of.Txcurrcd), Txdtm: of.Txdtm, Txamt: of.Txamt,
		Mchid: w.suite.Target.Profile.App.Mchid, OutTradeNo: of.OutTradeNo, Syssn: of.Syssn, Chnlsn: "4200000000000000000000000000", Cardcd: w.order.openID,
	}.Object().Bytes(), nil
}

// notifyURL is where QFPay would tell the merchant of this payment.
func (w *world) notifyURL(payment control.Exchange) (string, error) {
	sent, err := http.NewRequest(payment.Method, payment.URL, strings.NewReader(payment.RequestBody))
	if err != nil {
		return "", broke(fmt.Errorf("the journal's payment: %w", err))
	}
	sent.Header = payment.RequestHeader
	params, err := qfpay.ReadParams(sent, maxAnswer)
	if err != nil {
		return "", broke(fmt.Errorf("the journal's payment: %w", err))
	}
	if own := params.Get("notify_url"); own != "" {
		return own, nil
	}
	if registered := w.suite.Target.NotifyURL(); registered != "" {
		return registered, nil
	}
	return "", fmt.Errorf("QFPay has nobody to notify of order %s: neither the payment nor the profile has a notify_url", w.order.outTradeNo)
}
