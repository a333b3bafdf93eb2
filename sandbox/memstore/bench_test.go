package memstore_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
)

// What a call costs must not grow with what is stored: compare a call's two lines with each other,
// their ratio is the result. B/transaction is what a store that full holds on to,
// Apps and indexes included.
var sizes = []struct{ transactions, apps int }{{1_000, 10}, {1_000_000, 10_000}}

// filled gives a store with realistic paid payments, the Apps taking turns.
func filled(b *testing.B, transactions, apps int) *memstore.Store {
	b.Helper()
	s := memstore.New()
	for i := range apps {
		a := sandbox.App{
			Code: appCode(i), ClientKey: fmt.Sprintf("SANDBOXKEY%022d", i), Name: "Demo Shop", NotifyURL: "http://127.0.0.1:8082/qfpay/notify",
			Account: sandbox.OfficialAccount{AppID: fmt.Sprintf("wx%016x", i), PayKey: fmt.Sprintf("%032d", i)}, Seed: fmt.Sprintf("%026d", i),
		}
		a.Currencies, a.PayTypes = append(a.Currencies, "HKD", "USD", "JPY"), append(a.PayTypes, "800207")
		check(b, s.CreateApp(b.Context(), a))
	}
	for i := range transactions {
		check(b, s.CreateTransaction(b.Context(), order(i, apps)))
	}
	for i := range transactions {
		settle(b, s, i, apps)
	}
	return s
}

func check(b *testing.B, err error) {
	if err != nil {
		b.Fatal(err)
	}
}

func appCode(i int) sandbox.AppCode { return sandbox.AppCode(fmt.Sprintf("SANDBOXAPP%022d", i)) }

func syssn(i int) sandbox.Syssn { return sandbox.Syssn(fmt.Sprintf("20260314%018d", i)) }
func outTradeNo(i int) sandbox.OutTradeNo {
	return sandbox.OutTradeNo(fmt.Sprintf("ORDER-2026-%013d", i))
}

var start = time.Date(2026, 3, 14, 12, 0, 0, 123456789, time.UTC)

func order(i, apps int) sandbox.Transaction {
	at := start.Add(time.Duration(i) * time.Millisecond)
	return sandbox.Transaction{
		App: appCode(i % apps), Kind: sandbox.KindPayment, State: sandbox.StateCreated, Syssn: syssn(i), OutTradeNo: outTradeNo(i),
		PayType: "800207", Amount: 300, Currency: "HKD", Txdtm: "2026-03-14 20:00:00", GoodsName: "Dog food 5kg",
		NotifyURL: "http://127.0.0.1:8082/qfpay/notify", OpenID: sandbox.OpenID(fmt.Sprintf("o%027d", i%50_000)),
		PrepayID: fmt.Sprintf("wx%034d", i), CreatedAt: at, ExpiresAt: at.Add(sandbox.PrepayLife),
	}
}

// settle pays an order, without a notification.
func settle(b *testing.B, s *memstore.Store, i, apps int) {
	check(b, s.ChangeTransactions(b.Context(), appCode(i%apps), []sandbox.Syssn{syssn(i)}, func(ts []*sandbox.Transaction) (sandbox.Brought, error) {
		ts[0].State, ts[0].PaidAt, ts[0].Chnlsn = sandbox.StatePaid, ts[0].CreatedAt.Add(8*time.Second), fmt.Sprintf("42000%023d", i)
		return sandbox.Brought{}, nil
	}))
}

// BenchmarkStored fills a store of each size once and times calls on it. Numbers of what is stored
// follow each other as chance would have it.
func BenchmarkStored(b *testing.B) {
	for _, size := range sizes {
		b.Run(fmt.Sprintf("stored=%d", size.transactions), func(b *testing.B) {
			before := held()
			s := filled(b, size.transactions, size.apps)
			perTransaction := float64(held()-before) / float64(size.transactions)
			ctx, created := b.Context(), size.transactions
			stored := func(n int) (sandbox.AppCode, int) {
				i := int(uint32(n)*2654435761) % size.transactions
				return appCode(i % size.apps), i
			}
			for _, c := range []struct {
				name string
				call func(n int) error
			}{
				{"CreateTransaction", func(int) error {
					created++
					return s.CreateTransaction(ctx, order(created-1, size.apps))
				}},
				{"ByOutTradeNo", func(n int) error {
					app, i := stored(n)
					_, err := s.TransactionByOutTradeNo(ctx, app, "", outTradeNo(i))
					return err
				}},
				{"ChangeTransactions", func(n int) error {
					app, i := stored(n)
					return s.ChangeTransactions(ctx, app, []sandbox.Syssn{syssn(i)}, func(ts []*sandbox.Transaction) (sandbox.Brought, error) {
						ts[0].Refunded++
						return sandbox.Brought{}, nil
					})
				}},
				{"TenNewest", func(n int) error {
					app, _ := stored(n)
					read := 0
					return s.EachTransaction(ctx, sandbox.TransactionRange{App: app}, func(sandbox.Transaction) bool { read++; return read < 10 })
				}},
				{"App", func(n int) error {
					app, _ := stored(n)
					_, err := s.App(ctx, app)
					return err
				}},
				{"Words", func(n int) error { // what the lines above spend on making numbers up
					app, i := stored(n)
					_, _ = app, outTradeNo(i)
					return nil
				}},
			} {
				b.Run(c.name, func(b *testing.B) {
					b.ReportAllocs()
					for n := 0; b.Loop(); n++ {
						check(b, c.call(n))
					}
				})
			}
			b.Run("Memory", func(b *testing.B) {
				for b.Loop() { // one full collection of the garbage is what it costs to hold this much
					runtime.GC()
				}
				b.ReportMetric(perTransaction, "B/transaction")
			})
			runtime.KeepAlive(s)
		})
	}
}

func held() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
