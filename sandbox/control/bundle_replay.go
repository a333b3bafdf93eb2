package control

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// replayOf is what a replay needs of the sandbox besides the exchanges.
func (a *API) replayOf(ctx context.Context, s *story) (BundleReplay, error) {
	app := a.appView(s.app)
	r := BundleReplay{
		MadeAt: s.now, Sandbox: a.About.Which, OutTradeNo: s.number, Mchid: s.mchid, Numbers: s.numbers, Faults: []Fault{}, Payers: []BundlePayer{}, Deeds: s.deeds(), LeftOut: s.leftOut,
		App: BundleApp{
			AppCode: app.AppCode, Name: app.Name, Mchids: app.Mchids, NotifyURL: app.NotifyURL, AppID: app.AppID, Currency: app.Currency, PayTypes: app.PayTypes,
			PayDirectories: app.PayDirectories, Settings: app.Settings, NotifyDelay: app.NotifyDelay, Delivery: app.Delivery,
		},
	}
	if o := app.OfficialAccount; o != nil {
		o.Secret = ""
		r.App.OfficialAccount = o
	}
	if plan, own := s.app.OrderPlan(s.number); own {
		r.OrderPlan = &OrderPlan{OutTradeNo: s.number, Delivery: planView(plan.Deliveries)}
	}
	for _, f := range s.app.Faults {
		r.Faults = append(r.Faults, faultView(f))
	}
	for _, e := range s.exchanges {
		if e.Payer == "" || slices.ContainsFunc(r.Payers, func(p BundlePayer) bool { return p.ID == e.Payer }) {
			continue
		}
		p, err := a.Gateway.Store.Payer(ctx, e.Payer)
		if errors.Is(err, sandbox.ErrNotFound) { // a scanned code that nobody issued is its own payer
			continue
		}
		if err != nil {
			return r, err
		}
		names, err := a.Gateway.AccountsOf(ctx, s.app.Code, p.ID)
		if err != nil {
			return r, err
		}
		r.Payers = append(r.Payers, BundlePayer{payerView(p), names.OpenID})
	}
	return r, nil
}

// deeds are what the controls did to the order, as far as it left a trace: an order that is paid, and
// no exchange of the wallet paid it. Whether it paid by itself, as scanned codes do, a replay finds out.
func (s *story) deeds() []BundleDeed {
	list := []BundleDeed{}
	if s.order == nil || s.order.PaidAt.IsZero() {
		return list
	}
	deed := BundleDeed{At: s.order.PaidAt, Does: "pay", OpenID: s.order.OpenID}
	for _, e := range s.exchanges {
		path, ago := pathOf(e.URL), deed.At.Sub(e.At).Abs()
		if e.Method == http.MethodPost && (path == "/wallet/pay" || path == sandbox.PayPage) && ago < time.Second {
			return list
		}
		if deed.Before == 0 && (e.At.After(deed.At) || e.At.Equal(deed.At) && s.showsPaid(e)) {
			deed.Before = e.Seq
		}
	}
	return append(list, deed)
}

// showsPaid reports whether an exchange can only come after the payment, for clocks that stand still.
func (s *story) showsPaid(e sandbox.Exchange) bool {
	if e.Surface == "notify" || pathOf(e.URL) == refundPath && e.Respcd == qfpay.RespOK {
		return true
	}
	var answer struct {
		Data []struct{ Syssn, Paydtm string }
	}
	return json.Unmarshal(e.AnswerBody, &answer) == nil && slices.ContainsFunc(answer.Data, func(row struct{ Syssn, Paydtm string }) bool {
		return row.Syssn == string(s.order.Syssn) && row.Paydtm != ""
	})
}
