package sandbox_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func TestQuery(t *testing.T) {
	w := newWorld(t, withMchids("M1", "M2"))
	var syssns []sandbox.Syssn
	for i, m := range []string{"M1", "M1", "M2", "M1"} {
		made, _ := w.pay(func(r *sandbox.PaymentRequest) { r.OutTradeNo, r.Mchid = fmt.Sprint("T", i+1), m })
		syssns = append(syssns, made.Syssn)
	}
	other, err := w.CreateApp(t.Context(), sandbox.App{Code: "OTHER"})
	w.must(err)
	type numbers = []sandbox.OutTradeNo
	for _, c := range []struct {
		name string
		app  sandbox.App
		ask  sandbox.QueryRequest
		want numbers
	}{
		{"one syssn", w.app, sandbox.QueryRequest{Syssns: syssns[:1], Mchid: "M1", Page: 1, PageSize: 10}, numbers{"T1"}},
		{"several syssns", w.app, sandbox.QueryRequest{Syssns: []sandbox.Syssn{syssns[3], syssns[0]}, Mchid: "M1", Page: 1, PageSize: 10}, numbers{"T4", "T1"}},
		{"another shop's syssn", w.app, sandbox.QueryRequest{Syssns: syssns[2:3], Mchid: "M1", Page: 1, PageSize: 10}, nil},
		{"another App's syssn", other, sandbox.QueryRequest{Syssns: syssns[:1], Page: 1, PageSize: 10}, nil},
		{"one out_trade_no", w.app, sandbox.QueryRequest{OutTradeNos: numbers{"T3"}, Mchid: "M2", Page: 1, PageSize: 10}, numbers{"T3"}},
		{"several out_trade_no, one unknown", w.app, sandbox.QueryRequest{OutTradeNos: numbers{"T2", "none", "T1"}, Mchid: "M1", Page: 1, PageSize: 10}, numbers{"T2", "T1"}},
		{"another shop's out_trade_no", w.app, sandbox.QueryRequest{OutTradeNos: numbers{"T1"}, Mchid: "M2", Page: 1, PageSize: 10}, nil},
		{"both kinds that agree", w.app, sandbox.QueryRequest{Syssns: syssns[:2], OutTradeNos: numbers{"T2"}, Mchid: "M1", Page: 1, PageSize: 10}, numbers{"T2"}},
		{"both kinds that do not", w.app, sandbox.QueryRequest{Syssns: syssns[:1], OutTradeNos: numbers{"T2"}, Mchid: "M1", Page: 1, PageSize: 10}, nil},
		{"none: the shop's, newest first", w.app, sandbox.QueryRequest{Mchid: "M1", Page: 1, PageSize: 10}, numbers{"T4", "T2", "T1"}},
		{"none, second page", w.app, sandbox.QueryRequest{Mchid: "M1", Page: 2, PageSize: 2}, numbers{"T1"}},
		{"numbers, second page", w.app, sandbox.QueryRequest{OutTradeNos: numbers{"T1", "T2", "T4"}, Mchid: "M1", Page: 2, PageSize: 2}, numbers{"T4"}},
		{"beyond the last page", w.app, sandbox.QueryRequest{OutTradeNos: numbers{"T1"}, Mchid: "M1", Page: 9, PageSize: 10}, nil},
		{"none, of an App with nothing", other, sandbox.QueryRequest{Page: 1, PageSize: 10}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := w.Query(t.Context(), c.app, c.ask)
			w.must(err)
			var got numbers
			for _, tr := range list {
				got = append(got, tr.OutTradeNo)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
