package server

import (
	"context"
	"net/http"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/openapi"
)

// Rehearse has one request answered by a sandbox made for it alone: it listens nowhere, sends nothing
// and is forgotten afterwards. It knows app and nothing else, so what it finds about orders, codes and
// payers means nothing; what it finds about the parameters themselves is what any sandbox would.
// Errors: sandbox.ErrInvalid for the App.
func Rehearse(ctx context.Context, app sandbox.App, r *http.Request) ([]sandbox.Finding, error) {
	c, err := Config{}.filled()
	if err != nil {
		return nil, err
	}
	g := &sandbox.Gateway{Store: c.Store, Clock: c.Clock, Entropy: c.Entropy, NotificationDue: func() {}}
	if _, err := g.CreateApp(ctx, app); err != nil {
		return nil, err
	}
	var e sandbox.Exchange
	routes := newRouter()
	(&openapi.API{Gateway: g, Base: c.base, WeChat: c.weixin, Wallet: c.wallet, Done: make(chan struct{}), Log: c.Log}).Routes(routes)
	routes.ServeHTTP(&unread{header: http.Header{}}, r.WithContext(sandbox.WithExchange(ctx, &e)))
	return e.Findings, nil
}

// unread takes an answer that is not looked at.
type unread struct{ header http.Header }

func (u *unread) Header() http.Header         { return u.header }
func (u *unread) Write(b []byte) (int, error) { return len(b), nil }
func (u *unread) WriteHeader(int)             {}
