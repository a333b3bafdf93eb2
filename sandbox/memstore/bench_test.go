package memstore_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
)

// BenchmarkPayment is the store's part of one payment, with few and with many stored before: what
// it costs must not grow. Compare the two lines; their ratio is the result.
func BenchmarkPayment(b *testing.B) {
	for _, stored := range []int{1_000, 100_000} {
		b.Run(fmt.Sprintf("stored=%d", stored), func(b *testing.B) {
			s := memstore.New()
			for i := range stored {
				pay(b, s, i)
			}
			b.ReportAllocs()
			n := stored
			for b.Loop() {
				pay(b, s, n)
				n++
			}
		})
	}
}

// pay is login, order, payment, notification, enquiry and the journal's line of one payment.
func pay(b *testing.B, s *memstore.Store, n int) {
	ctx := b.Context()
	now := time.Unix(1_700_000_000+int64(n), 0)
	code, order := fmt.Sprint("c", n), sandbox.OutTradeNo(fmt.Sprint("T", n))
	t := sandbox.Transaction{App: "A", Syssn: sandbox.Syssn(fmt.Sprint("S", n)), OutTradeNo: order, PrepayID: fmt.Sprint("wx", n), State: sandbox.StateCreated}
	check := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	check(s.CreateOAuthCode(ctx, sandbox.OAuthCode{App: "A", Code: code, OpenID: "o"}))
	_, err := s.TakeOAuthCode(ctx, "A", code, now, sandbox.Grant{App: "A", OpenID: "o", At: now})
	check(err)
	check(s.CreateTransaction(ctx, t))
	_, err = s.TakeGrant(ctx, "A", "o")
	check(err)
	_, err = s.TransactionByPrepayID(ctx, "A", t.PrepayID)
	check(err)
	_, err = s.UpdateTransaction(ctx, "A", t.Syssn, func(t *sandbox.Transaction) ([]sandbox.Notification, error) {
		t.State = sandbox.StatePaid
		return []sandbox.Notification{{App: "A", OutTradeNo: order, Body: []byte("{}"), Pending: true, NextAt: now}}, nil
	})
	check(err)
	next, err := s.NextNotification(ctx, "A")
	check(err)
	_, err = s.UpdateNotification(ctx, next.ID, func(n *sandbox.Notification) error { n.Pending = false; return nil })
	check(err)
	_, err = s.TransactionByOutTradeNo(ctx, "A", "", order)
	check(err)
	_, err = s.Transactions(ctx, "A", "", 0, 10)
	check(err)
	check(s.AppendExchange(ctx, sandbox.Exchange{App: "A", URL: "/trade/v1/payment"}))
	_, err = s.Journal(ctx, "A", uint64(n), 10)
	check(err)
}
