package sandboxtest

import (
	"errors"
	"net/http"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// Order reads an order as QFPay knows it; one that does not exist fails the test.
func (s *Sandbox) Order(outTradeNo string) control.Order {
	s.tb.Helper()
	order, err := s.Control.Order(s.tb.Context(), s.app(), sandbox.Mchid(s.Mchid), sandbox.OutTradeNo(outTradeNo))
	s.check(err)
	return order
}

// Pay pays an order as whoever it is for would in the wallet. The notification goes out at once and
// beside it: Wait waits for the merchant's answer. A wallet that refuses fails the test; a test that
// wants the refusal asks Control.PayOrder.
func (s *Sandbox) Pay(outTradeNo string) control.Order {
	s.tb.Helper()
	return s.PayAs("", outTradeNo)
}

// PayAs pays an order as this payer would. A payer nobody made is made.
func (s *Sandbox) PayAs(payer, outTradeNo string) control.Order {
	s.tb.Helper()
	if payer != "" {
		s.meet(payer)
	}
	order, err := s.Control.PayOrder(s.tb.Context(), s.app(), sandbox.OutTradeNo(outTradeNo), s.payer(payer))
	s.check(err)
	return order
}

// Cancel leaves an order as whoever it is for would: it closes the wallet.
func (s *Sandbox) Cancel(outTradeNo string) control.Order {
	s.tb.Helper()
	order, err := s.Control.CancelOrder(s.tb.Context(), s.app(), sandbox.OutTradeNo(outTradeNo), s.payer(""))
	s.check(err)
	return order
}

func (s *Sandbox) payer(id string) control.OrderPayer {
	return control.OrderPayer{Payer: sandbox.PayerID(id), Mchid: sandbox.Mchid(s.Mchid)}
}

// OpenID is the payer's openid towards the App, the sub_openid of an order without a login before it.
// A payer nobody made is made.
func (s *Sandbox) OpenID(payer string) string {
	s.tb.Helper()
	s.meet(payer)
	names, err := s.Control.Accounts(s.tb.Context(), s.app(), sandbox.PayerID(payer))
	s.check(err)
	return string(names.OpenID)
}

// AuthCode is a code of WeChat that the payer shows at the till, the auth_code of one payment. A payer
// nobody made is made.
func (s *Sandbox) AuthCode(payer string) string {
	s.tb.Helper()
	s.meet(payer)
	code, err := s.Control.IssueAuthCode(s.tb.Context(), sandbox.PayerID(payer), control.NewAuthCode{App: s.app()})
	s.check(err)
	return code.AuthCode
}

// Notifications lists what the merchant was told of an order, and is to be told, with each attempt.
func (s *Sandbox) Notifications(outTradeNo string) []control.Notification {
	s.tb.Helper()
	list, err := s.Control.Notifications(s.tb.Context(), s.app(), sandbox.OutTradeNo(outTradeNo))
	s.check(err)
	return list
}

// meet makes a payer unless there is one of that name.
func (s *Sandbox) meet(payer string) {
	s.tb.Helper()
	_, err := s.Control.CreatePayer(s.tb.Context(), control.Payer{ID: sandbox.PayerID(payer)})
	var refusal *control.Error
	if errors.As(err, &refusal) && refusal.Status == http.StatusConflict {
		return
	}
	s.check(err)
}
