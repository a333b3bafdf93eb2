package control

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Order is a payment as QFPay knows it, in the words of an enquiry's record.
type Order struct {
	OutTradeNo sandbox.OutTradeNo `json:"out_trade_no"`
	Syssn      sandbox.Syssn      `json:"syssn"`
	Mchid      sandbox.Mchid      `json:"mchid"`
	State      sandbox.State      `json:"state"`
	Respcd     qfpay.Respcd       `json:"respcd"`
	Cancel     qfpay.Cancel       `json:"cancel"`
	PayType    qfpay.PayType      `json:"pay_type"`
	Txamt      string             `json:"txamt"`
	Txcurrcd   qfpay.Currency     `json:"txcurrcd"`
	GoodsName  string             `json:"goods_name"`
	// OpenID is who the order is for, and once it is paid who paid it.
	OpenID sandbox.OpenID `json:"openid"`
	Chnlsn string         `json:"chnlsn"`
	// DecidedBy is the lever on the order, empty for none.
	DecidedBy string     `json:"decided_by"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt *time.Time `json:"expires_at"`
	PaidAt    *time.Time `json:"paid_at"`
	ClosedAt  *time.Time `json:"closed_at"`
	// DueAt is when something happens to it by itself.
	DueAt *time.Time `json:"due_at"`
	// Refunded is the sum of the refunds that are done, in minor units.
	Refunded string   `json:"refunded"`
	Refunds  []Refund `json:"refunds"`
	// Note is what add_note left.
	Note string `json:"note"`
	// PayURL is a page where a browser can pay it, empty where there is none.
	PayURL string `json:"pay_url"`
}

// Refund is money given back.
type Refund struct {
	OutTradeNo sandbox.OutTradeNo `json:"out_trade_no"`
	Syssn      sandbox.Syssn      `json:"syssn"`
	State      sandbox.State      `json:"state"`
	Respcd     qfpay.Respcd       `json:"respcd"`
	Txamt      string             `json:"txamt"`
	CreatedAt  time.Time          `json:"created_at"`
	PaidAt     *time.Time         `json:"paid_at"`
	DueAt      *time.Time         `json:"due_at"`
}

// OrderPayer says who pays or cancels an order. No payer is whoever the order is for; mchid is the
// shop's where the App has shops.
type OrderPayer struct {
	Payer sandbox.PayerID `json:"payer,omitempty"`
	Mchid sandbox.Mchid   `json:"mchid,omitempty"`
}

// when is an instant that may not have come; null then.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (a *API) orderView(o sandbox.Order, refunds []sandbox.Transaction) Order {
	t, now := o.Transaction, a.Gateway.Now(o.App)
	respcd, _, cancel := t.Verdict(now)
	v := Order{
		OutTradeNo: t.OutTradeNo, Syssn: t.Syssn, Mchid: t.Mchid, State: t.StateAt(now), Respcd: respcd, Cancel: cancel, PayType: t.PayType,
		Txamt: t.Amount.String(), Txcurrcd: t.Currency, GoodsName: t.GoodsName, OpenID: t.OpenID, Chnlsn: t.Chnlsn, DecidedBy: t.Lever,
		CreatedAt: t.CreatedAt, ExpiresAt: when(t.ExpiresAt), PaidAt: when(t.PaidAt), ClosedAt: when(t.ClosedAt), DueAt: when(t.DueAt),
		Refunded: t.Refunded.String(), Refunds: make([]Refund, len(refunds)), Note: t.Note,
	}
	for i, r := range refunds {
		respcd, _, _ := r.Verdict(now)
		v.Refunds[i] = Refund{OutTradeNo: r.OutTradeNo, Syssn: r.Syssn, State: r.State, Respcd: respcd, Txamt: r.Amount.String(),
			CreatedAt: r.CreatedAt, PaidAt: when(r.PaidAt), DueAt: when(r.DueAt)}
	}
	if t.HasPage() {
		v.PayURL = strings.TrimSuffix(a.About.URL, "/") + sandbox.PayPageTarget(o.App, t)
	}
	return v
}

// Orders is a list of orders, newest first; More says that there are others.
type Orders struct {
	Orders []Order `json:"orders"`
	More   bool    `json:"more"`
}

func (a *API) listOrders(r *http.Request) (any, error) {
	q := r.URL.Query()
	limit, err := number(r, "limit", 100, 1, 1000)
	if err != nil {
		return nil, err
	}
	want := sandbox.OrderRange{App: appCode(r), Mchid: sandbox.Mchid(q.Get("mchid")), Limit: limit}
	for word := range strings.SplitSeq(q.Get("state"), ",") {
		if word != "" {
			want.States = append(want.States, sandbox.State(word))
		}
	}
	if s := q.Get("since"); s != "" {
		if want.Since, err = readTime("since", s); err != nil {
			return nil, err
		}
	}
	list, more, err := a.Gateway.Orders(r.Context(), want)
	if err != nil {
		return nil, err
	}
	out := Orders{Orders: make([]Order, len(list)), More: more}
	for i, o := range list {
		out.Orders[i] = a.orderView(o.Order, o.Refunds)
	}
	return out, nil
}

func (a *API) getOrder(r *http.Request) (any, error) {
	vars := mux.Vars(r)
	o, refunds, err := a.Gateway.FindOrder(r.Context(), sandbox.AppCode(vars["app"]), sandbox.Mchid(r.URL.Query().Get("mchid")), sandbox.OutTradeNo(vars["out_trade_no"]))
	if err != nil {
		return nil, err
	}
	return a.orderView(o, refunds), nil
}

// decideOrder serves what a payer does with an order, without a browser.
func (a *API) decideOrder(do func(*sandbox.Gateway, context.Context, sandbox.AppCode, sandbox.Mchid, sandbox.OutTradeNo, sandbox.PayerID) (sandbox.Transaction, error)) handler {
	return func(r *http.Request) (any, error) {
		var in OrderPayer
		if err := readJSON(r, &in); err != nil {
			return nil, err
		}
		vars := mux.Vars(r)
		app, order := sandbox.AppCode(vars["app"]), sandbox.OutTradeNo(vars["out_trade_no"])
		_, err := do(a.Gateway, r.Context(), app, in.Mchid, order, in.Payer)
		if err != nil {
			return nil, refusedByWallet(err)
		}
		o, refunds, err := a.Gateway.FindOrder(r.Context(), app, in.Mchid, order)
		if err != nil {
			return nil, err
		}
		return a.orderView(o, refunds), nil
	}
}

// returnFromOrder is the payer coming back to the merchant's page, for those who pay without a browser.
func (a *API) returnFromOrder(r *http.Request) (any, error) {
	var in OrderPayer
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	if in.Payer != "" {
		return nil, badRequest("payer is %q, want none: whoever has the order open returns", in.Payer)
	}
	vars := mux.Vars(r)
	o, refunds, err := a.Gateway.FindOrder(r.Context(), sandbox.AppCode(vars["app"]), in.Mchid, sandbox.OutTradeNo(vars["out_trade_no"]))
	if err == nil {
		err = a.Gateway.PayerReturned(r.Context(), o.App, o.Transaction.Syssn)
	}
	if err != nil {
		return nil, err
	}
	return a.orderView(o, refunds), nil
}

// refusedByWallet says what the wallet would have shown, and why.
func refusedByWallet(err error) error {
	var refusal *sandbox.WalletRefusal
	if !errors.As(err, &refusal) || refusal.Answer.Popup == nil {
		return err
	}
	popup := refusal.Answer.Popup
	return &problem{Status: http.StatusConflict, Code: "wallet-" + popup.ID, Message: popup.Chinese + " (" + popup.English + "): " + refusal.Detail}
}
