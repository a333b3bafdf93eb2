package sandbox_test

import (
	"context"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
)

// failing is a store whose reads break.
type failing struct {
	*memstore.Store
	err error
}

func (f failing) App(context.Context, sandbox.AppCode) (sandbox.App, error) {
	return sandbox.App{}, f.err
}

func (f failing) AppByAppID(context.Context, string) (sandbox.App, error) {
	return sandbox.App{}, f.err
}

func (f failing) Payer(context.Context, sandbox.PayerID) (sandbox.Payer, error) {
	return sandbox.Payer{}, f.err
}

func (f failing) OAuthCode(context.Context, sandbox.AppCode, string) (sandbox.OAuthCode, error) {
	return sandbox.OAuthCode{}, f.err
}

func (f failing) DrawNumber(context.Context, sandbox.AppCode) (uint64, error) { return 0, f.err }

func (f failing) TransactionBySyssn(context.Context, sandbox.AppCode, sandbox.Syssn) (sandbox.Transaction, error) {
	return sandbox.Transaction{}, f.err
}

// overtaken is a store in which somebody else acts right after a read, once.
type overtaken struct {
	*memstore.Store
	then func()
}

func (o *overtaken) act() {
	if then := o.then; then != nil {
		o.then = nil
		then()
	}
}

func (o *overtaken) TransactionByPrepayID(ctx context.Context, app sandbox.AppCode, prepayID string) (sandbox.Transaction, error) {
	defer o.act()
	return o.Store.TransactionByPrepayID(ctx, app, prepayID)
}

func (o *overtaken) Payer(ctx context.Context, id sandbox.PayerID) (sandbox.Payer, error) {
	defer o.act()
	return o.Store.Payer(ctx, id)
}

func (o *overtaken) OAuthCode(ctx context.Context, app sandbox.AppCode, code string) (sandbox.OAuthCode, error) {
	defer o.act()
	return o.Store.OAuthCode(ctx, app, code)
}
