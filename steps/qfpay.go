package steps

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

func (w *world) qfpaySteps(sc *godog.ScenarioContext) {
	sc.Given(`^QFPay's notifications come (\d+) minutes late$`, w.notificationsComeLate)
	sc.When(`^(\d+) (second|minute|hour|day)s? pass(?:es)?$`, w.timePasses)
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

func (w *world) timePasses(ctx context.Context, count int, unit string) error {
	units := map[string]time.Duration{"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
	_, err := w.client.AdvanceClock(ctx, w.app, time.Duration(count)*units[unit])
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
