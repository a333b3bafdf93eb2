package sandbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Order is an order as its payer sees it.
type Order struct {
	App         App
	Transaction Transaction
	Decision    Decision
}

// orderNamed finds a payment by the merchant's number. Errors: ErrNotFound; ErrInvalid for a refund's number.
func (g *Gateway) orderNamed(ctx context.Context, code AppCode, m Mchid, n OutTradeNo) (App, Transaction, error) {
	app, err := g.Store.App(ctx, code)
	if err != nil {
		return App{}, Transaction{}, err
	}
	t, err := g.Store.TransactionByOutTradeNo(ctx, code, m, n)
	if err != nil {
		return App{}, Transaction{}, err
	}
	if t.Kind == KindRefund {
		return App{}, Transaction{}, fmt.Errorf("%w: %s is a refund, want the number of a payment", ErrInvalid, n)
	}
	return app, t, nil
}

// PayOrder is the payer paying an order without a browser, and CancelOrder the payer leaving it.
// All that the wallet checks is checked: state, expiry, whose order it is, real name, card, money.
// The payer's conditions decide (insufficient-balance, wrong-account, real-name-mismatch); that the
// payer pays is decided by the call. No payer is whoever the order is for.
// Errors: *WalletRefusal, ErrNotFound, ErrInvalid.
func (g *Gateway) PayOrder(ctx context.Context, code AppCode, m Mchid, n OutTradeNo, id PayerID) (Transaction, error) {
	o, p, err := g.orderFor(ctx, code, m, n, id)
	if err != nil {
		return Transaction{}, err
	}
	if err := g.payNow(ctx, o.App, o.Transaction, p, o.Decision); err != nil {
		return Transaction{}, err
	}
	return g.Store.TransactionBySyssn(ctx, code, o.Transaction.Syssn)
}

// CancelOrder: see PayOrder. The order stays as it is, but a payer whose code was scanned closed
// the password dialog, which fails it (2007).
func (g *Gateway) CancelOrder(ctx context.Context, code AppCode, m Mchid, n OutTradeNo, id PayerID) (Transaction, error) {
	o, _, err := g.orderFor(ctx, code, m, n, id)
	if err != nil {
		return Transaction{}, err
	}
	if o.Transaction.flow() == qfpay.FlowCPM {
		if err := g.failPayment(ctx, o.App, o.Transaction.Syssn, qfpay.RespPasswordClosed); err != nil {
			return Transaction{}, err
		}
	}
	return g.Store.TransactionBySyssn(ctx, code, o.Transaction.Syssn)
}

// passerBy pays where nobody is named.
const passerBy PayerID = "passer-by"

// FindOrder gives an order by the merchant's number, and its refunds, oldest first. Errors: ErrNotFound, ErrInvalid.
func (g *Gateway) FindOrder(ctx context.Context, code AppCode, m Mchid, n OutTradeNo) (Order, []Transaction, error) {
	app, t, err := g.orderNamed(ctx, code, m, n)
	if err != nil {
		return Order{}, nil, err
	}
	var refunds []Transaction
	if t.Refunded > 0 || t.Refunding > 0 {
		err = g.Store.EachTransaction(ctx, TransactionRange{App: code, Mchid: m, From: t.CreatedAt}, func(r Transaction) bool {
			if r.OrigSyssn == t.Syssn {
				refunds = append(refunds, r)
			}
			return true
		})
		slices.Reverse(refunds)
	}
	return Order{App: app, Transaction: t}, refunds, err
}

// OrderRange chooses orders of an App. The zero values of Mchid, States and Since are no bound.
type OrderRange struct {
	App   AppCode
	Mchid Mchid
	// States are those an order may be in now.
	States []State
	// Since is the first instant of creation.
	Since time.Time
	// Limit is how many there are at most.
	Limit int
}

// mostRead bounds how many transactions a list of orders looks at.
const mostRead = 100_000

// OrderWithRefunds is an order and its refunds, oldest first.
type OrderWithRefunds struct {
	Order
	Refunds []Transaction
}

// Orders lists orders, newest first; more says that there are others the list has no room for.
// Errors: ErrNotFound, ErrInvalid.
func (g *Gateway) Orders(ctx context.Context, r OrderRange) (list []OrderWithRefunds, more bool, err error) {
	for _, s := range r.States {
		if !slices.Contains(States(), s) {
			return nil, false, fmt.Errorf("%w: state is %q, want one of %s", ErrInvalid, s, oneOf(States()))
		}
	}
	app, err := g.Store.App(ctx, r.App)
	if err != nil {
		return nil, false, err
	}
	now, read, refunds := g.Now(app), 0, map[Syssn][]Transaction{}
	err = g.Store.EachTransaction(ctx, TransactionRange{App: r.App, Mchid: r.Mchid, From: r.Since}, func(t Transaction) bool {
		read++
		switch {
		case read > mostRead:
			more = true
			return false
		case t.Kind == KindRefund:
			refunds[t.OrigSyssn] = append(refunds[t.OrigSyssn], t)
		case len(r.States) == 0 || slices.Contains(r.States, t.StateAt(now)):
			if more = len(list) == r.Limit; more {
				return false
			}
			of := refunds[t.Syssn] // which came later and were met before
			slices.Reverse(of)
			list = append(list, OrderWithRefunds{Order{App: app, Transaction: t}, of})
		}
		return true
	})
	return list, more, err
}

// orderFor checks that this payer can open the order.
func (g *Gateway) orderFor(ctx context.Context, code AppCode, m Mchid, n OutTradeNo, id PayerID) (Order, Payer, error) {
	app, t, err := g.orderNamed(ctx, code, m, n)
	if err != nil {
		return Order{}, Payer{}, err
	}
	p, account := Payer{ID: passerBy, Method: MethodBalance}, t.OpenID
	if id != "" {
		if p, err = g.Store.Payer(ctx, id); errors.Is(err, ErrNotFound) {
			return Order{}, p, fmt.Errorf("%w: payer is %q, want one that exists", ErrInvalid, id)
		} else if err != nil {
			return Order{}, p, err
		}
		account = accountFor(id, app, t)
	}
	o := Order{App: app, Transaction: t, Decision: decide(app, t, p)}
	return o, p, checkPayable(t, account, o.Decision, g.Now(app))
}
