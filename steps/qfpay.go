package steps

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func (w *world) qfpaySteps(sc *godog.ScenarioContext) {
	sc.Given(`^QFPay's notifications come (\d+) minutes late$`, w.notificationsComeLate)
	sc.When(`^(\d+) minutes pass$`, w.minutesPass)
	sc.When(`^QFPay sends the notification again$`, w.notificationIsSentAgain)
	sc.When(`^somebody forges QFPay's notification$`, w.notificationIsForged)
}

func (w *world) notificationsComeLate(ctx context.Context, minutes int) error {
	return w.delayNotifications(ctx, time.Duration(minutes)*time.Minute)
}

func (w *world) delayNotifications(ctx context.Context, by time.Duration) error {
	delay := by.String()
	_, err := w.client.ChangeApp(ctx, w.app, control.AppChange{NotifyDelay: &delay})
	return broke(err)
}

func (w *world) minutesPass(ctx context.Context, minutes int) error {
	_, err := w.client.AdvanceClock(ctx, w.app, time.Duration(minutes)*time.Minute)
	var slow net.Error
	if errors.As(err, &slow) && slow.Timeout() {
		return errors.New("the merchant kept QFPay waiting: the notifications that fell due meanwhile were not answered in time")
	}
	return broke(err)
}

func (w *world) notificationIsSentAgain(ctx context.Context) error {
	list, err := w.client.Notifications(ctx, w.app, w.order.outTradeNo)
	if err != nil {
		return broke(err)
	}
	if len(list) == 0 {
		return fmt.Errorf("there is no notification of order %s to send again", w.order.outTradeNo)
	}
	_, err = w.client.Resend(ctx, list[0].ID)
	return broke(err)
}

// forgery is a notification QFPay never sent, and what the merchant answered.
type forgery struct {
	url    string
	status int
	answer string
}

// notificationIsForged tells the merchant of a payment nobody made: every field is the order's own
// and only the signature is made with a key that is not the merchant's.
func (w *world) notificationIsForged(ctx context.Context) error {
	made, err := w.payments(ctx)
	if err != nil {
		return err
	}
	if len(made) == 0 {
		return broke(fmt.Errorf("the journal holds no payment of order %s", w.order.outTradeNo))
	}
	payment := made[len(made)-1]
	var of struct {
		Sysdtm, Txdtm, Txcurrcd, Txamt, Syssn string
		OutTradeNo                            string `json:"out_trade_no"`
	}
	if err := json.Unmarshal([]byte(payment.AnswerBody), &of); err != nil {
		return broke(fmt.Errorf("the sandbox's payment answer: %w", err))
	}
	body := qfpay.PaymentNotification{
		PayType: qfpay.WeChatJSAPI, Sysdtm: of.Sysdtm, Paydtm: of.Sysdtm, Txcurrcd: qfpay.Currency(of.Txcurrcd), Txdtm: of.Txdtm, Txamt: of.Txamt,
		Mchid: w.suite.Target.Profile.App.Mchid, OutTradeNo: of.OutTradeNo, Syssn: of.Syssn, Chnlsn: "4200000000000000000000000000", Cardcd: w.order.openID,
	}.Object().Bytes()
	to := w.notifyURL(payment)
	if to == "" {
		return fmt.Errorf("the order has no notify_url and the profile none either, so there is nobody to tell")
	}
	header := http.Header{"Content-Type": {"application/json"}, "X-QF-SIGN": {qfpay.SignBody(body, w.fake.Key())}}
	answer, text, err := fetch(ctx, http.MethodPost, to, header, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("the merchant's notify address does not answer: %w", err)
	}
	w.forged = &forgery{url: to, status: answer.StatusCode, answer: string(text)}
	w.narrate("        forged   <- POST %s  %d %s\n", to, answer.StatusCode, shortText(string(text), 40))
	return nil
}

// notifyURL is where QFPay would tell the merchant of this payment.
func (w *world) notifyURL(payment control.Exchange) string {
	sent := qfpay.ParseParams(payment.RequestBody)
	if own := sent.Get("notify_url"); own != "" {
		return own
	}
	if _, query, ok := bytes.Cut([]byte(payment.URL), []byte("?")); ok {
		if own := qfpay.ParseParams(string(query)).Get("notify_url"); own != "" {
			return own
		}
	}
	return w.suite.Target.NotifyURL()
}
