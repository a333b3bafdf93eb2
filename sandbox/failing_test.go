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
