package sandbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func TestQuery(t *testing.T) {
	w := newWorld(t, withMchids("M1", "M2"))
	var syssns []sandbox.Syssn
	for i, m := range []string{"M1", "M1", "M2", "M1"} {
		made, _ := w.pay(func(r *sandbox.PaymentRequest) { r.OutTradeNo, r.Mchid = fmt.Sprint("T", i+1), m })
		syssns = append(syssns, made.Syssn)
		w.clock.now = w.clock.now.Add(time.Second)
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
		{"several syssns", w.app, sandbox.QueryRequest{Syssns: []sandbox.Syssn{syssns[0], syssns[3]}, Mchid: "M1", Page: 1, PageSize: 10}, numbers{"T4", "T1"}},
		{"another shop's syssn", w.app, sandbox.QueryRequest{Syssns: syssns[2:3], Mchid: "M1", Page: 1, PageSize: 10}, nil},
		{"another App's syssn", other, sandbox.QueryRequest{Syssns: syssns[:1], Page: 1, PageSize: 10}, nil},
		{"one out_trade_no", w.app, sandbox.QueryRequest{OutTradeNos: numbers{"T3"}, Mchid: "M2", Page: 1, PageSize: 10}, numbers{"T3"}},
		{"several out_trade_no, one unknown", w.app, sandbox.QueryRequest{OutTradeNos: numbers{"T1", "none", "T2"}, Mchid: "M1", Page: 1, PageSize: 10}, numbers{"T2", "T1"}},
		{"another shop's out_trade_no", w.app, sandbox.QueryRequest{OutTradeNos: numbers{"T1"}, Mchid: "M2", Page: 1, PageSize: 10}, nil},
		{"both kinds that agree", w.app, sandbox.QueryRequest{Syssns: syssns[:2], OutTradeNos: numbers{"T2"}, Mchid: "M1", Page: 1, PageSize: 10}, numbers{"T2"}},
		{"both kinds that do not", w.app, sandbox.QueryRequest{Syssns: syssns[:1], OutTradeNos: numbers{"T2"}, Mchid: "M1", Page: 1, PageSize: 10}, nil},
		{"none: the shop's, newest first", w.app, sandbox.QueryRequest{Mchid: "M1", Page: 1, PageSize: 10}, numbers{"T4", "T2", "T1"}},
		{"none, second page", w.app, sandbox.QueryRequest{Mchid: "M1", Page: 2, PageSize: 2}, numbers{"T1"}},
		{"numbers, second page", w.app, sandbox.QueryRequest{OutTradeNos: numbers{"T1", "T2", "T4"}, Mchid: "M1", Page: 2, PageSize: 2}, numbers{"T1"}},
		{"beyond the last page", w.app, sandbox.QueryRequest{OutTradeNos: numbers{"T1"}, Mchid: "M1", Page: 9, PageSize: 10}, nil},
		{"none, of an App with nothing", other, sandbox.QueryRequest{Page: 1, PageSize: 10}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := w.Query(t.Context(), c.app, c.ask)
			w.must(err)
			var got numbers
			for _, tr := range list.Transactions {
				got = append(got, tr.OutTradeNo)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// ask gives the out_trade_nos an enquiry finds, in its order.
func (w *world) ask(r sandbox.QueryRequest) (string, error) {
	w.t.Helper()
	if r.PageSize == 0 {
		r.Page, r.PageSize = 1, 10
	}
	found, err := w.Query(w.t.Context(), w.app, r)
	var numbers []string
	for _, t := range found.Transactions {
		numbers = append(numbers, string(t.OutTradeNo))
	}
	return strings.Join(numbers, " "), err
}

func TestQueryFilters(t *testing.T) {
	w := newWorld(t)
	later := func() { w.clock.now = w.clock.now.Add(time.Second) }
	unpaid, _ := w.pay(func(r *sandbox.PaymentRequest) { r.OutTradeNo = "UNPAID" })
	later()
	w.paid(func(r *sandbox.PaymentRequest) { r.OutTradeNo = "PAID" })
	later()
	refunded := w.paid(func(r *sandbox.PaymentRequest) { r.OutTradeNo = "REFUNDED" })
	later()
	refund, err := w.refund(refunded, "REFUND", "300")
	w.must(err)
	later()
	closed, _ := w.pay(func(r *sandbox.PaymentRequest) { r.OutTradeNo = "CLOSED" })
	_, err = w.Cancel(t.Context(), w.app, sandbox.AtClose, cancelOf(closed))
	w.must(err)
	w.edit(closed.Syssn, func(t *sandbox.Transaction) { t.PayType = "800201" })
	for _, c := range []struct {
		name string
		ask  sandbox.QueryRequest
		want string
	}{
		{"nothing", sandbox.QueryRequest{}, "CLOSED REFUND REFUNDED PAID UNPAID"},
		{"respcd 0000", sandbox.QueryRequest{Respcd: "0000"}, "REFUND REFUNDED PAID"},
		{"respcd 1143", sandbox.QueryRequest{Respcd: "1143"}, "UNPAID"},
		{"respcd 1142", sandbox.QueryRequest{Respcd: "1142"}, "CLOSED"},
		{"respcd nothing has", sandbox.QueryRequest{Respcd: "9999"}, ""},
		{"one pay_type", sandbox.QueryRequest{PayTypes: []qfpay.PayType{"800201"}}, "CLOSED"},
		{"pay_types", sandbox.QueryRequest{PayTypes: []qfpay.PayType{"800201", "800207"}}, "CLOSED REFUND REFUNDED PAID UNPAID"},
		{"pay_type nothing has", sandbox.QueryRequest{PayTypes: []qfpay.PayType{"800101"}}, ""},
		{"both", sandbox.QueryRequest{PayTypes: []qfpay.PayType{"800207"}, Respcd: "1142"}, ""},
		{"with numbers", sandbox.QueryRequest{OutTradeNos: []sandbox.OutTradeNo{"UNPAID", "PAID", "REFUND"}, Respcd: "0000"}, "REFUND PAID"},
		{"with syssns", sandbox.QueryRequest{Syssns: []sandbox.Syssn{unpaid.Syssn, refund.Syssn}, Respcd: "1143"}, "UNPAID"},
		{"a page of what is left", sandbox.QueryRequest{Respcd: "0000", Page: 2, PageSize: 2}, "PAID"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := w.ask(c.ask)
			if w.must(err); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	w.clock.now = morning.Add(sandbox.PrepayLife)
	if got, err := w.ask(sandbox.QueryRequest{Respcd: qfpay.RespExpired}); got != "UNPAID" || err != nil {
		t.Errorf("after two hours 1181 finds %q, error %v, want UNPAID: a row's respcd is that of now", got, err)
	}
}

// Months are those of UTC+8 on the App's clock, whatever the host's zone is.
func TestQueryTimes(t *testing.T) {
	local := time.Local
	time.Local = time.FixedZone("UTC-11", -11*60*60)
	t.Cleanup(func() { time.Local = local })
	w := newWorld(t)
	w.clock.now = morning.AddDate(-1, 0, 0).UTC() // the real clock is another than the App's
	at := func(month time.Month, day, hour, minute, second int) {
		then := time.Date(2026, month, day, hour, minute, second, 0, sandbox.QFPayZone)
		w.change(func(a *sandbox.App) { a.ClockOffset = then.Sub(w.clock.now) })
	}
	syssns := map[string]sandbox.Syssn{}
	order := func(n string) {
		made, _ := w.pay(func(r *sandbox.PaymentRequest) { r.OutTradeNo = n })
		syssns[n] = made.Syssn
	}
	at(2, 28, 23, 59, 59)
	order("FEB28")
	at(3, 1, 0, 0, 0)
	order("MAR01")
	at(3, 31, 23, 59, 59)
	order("MAR31")
	if got, err := w.ask(sandbox.QueryRequest{}); got != "MAR31 MAR01" || err != nil {
		t.Errorf("in the last second of March the month holds %q, error %v, want MAR31 MAR01", got, err)
	}
	at(4, 1, 0, 0, 0)
	if got, err := w.ask(sandbox.QueryRequest{}); got != "" || err != nil {
		t.Errorf("in the first second of April the month holds %q, error %v, want nothing", got, err)
	}
	order("APR01")
	for _, c := range []struct {
		name       string
		start, end string
		numbers    []sandbox.OutTradeNo
		syssns     []sandbox.Syssn
		want       string
		rule       string
	}{
		{"the current month", "", "", nil, nil, "APR01", ""},
		{"a month", "2026-03-01 00:00:00", "2026-03-31 23:59:59", nil, nil, "MAR31 MAR01", ""},
		{"the end is included", "2026-03-01 00:00:01", "2026-03-31 23:59:59", nil, nil, "MAR31", ""},
		{"a second earlier it is not", "2026-03-01 00:00:00", "2026-03-31 23:59:58", nil, nil, "MAR01", ""},
		{"one second", "2026-03-01 00:00:00", "2026-03-01 00:00:00", nil, nil, "MAR01", ""},
		{"start alone: to the end of its month", "2026-03-02 00:00:00", "", nil, nil, "MAR31", ""},
		{"end alone: from the start of its month", "", "2026-03-30 00:00:00", nil, nil, "MAR01", ""},
		{"two months by a second", "2026-03-31 23:59:59", "2026-04-01 00:00:00", nil, nil, "", "query-across-months"},
		{"the same month of two years", "2025-03-01 00:00:00", "2026-03-01 00:00:00", nil, nil, "", "query-across-months"},
		{"backwards", "2026-03-02 00:00:00", "2026-03-01 00:00:00", nil, nil, "", "query-end-before-start"},
		{"no time at all", "yesterday", "", nil, nil, "", "parameter-start_time"},
		{"a day", "2026-03-01 00:00:00", "2026-03-02", nil, nil, "", "parameter-end_time"},
		{"a fraction", "2026-03-01 00:00:00.5", "", nil, nil, "", "parameter-start_time"},
		{"out_trade_no of any month", "", "", []sandbox.OutTradeNo{"FEB28", "APR01"}, nil, "APR01 FEB28", ""},
		{"out_trade_no in a month", "2026-02-01 00:00:00", "", []sandbox.OutTradeNo{"FEB28", "APR01"}, nil, "FEB28", ""},
		{"out_trade_no after it", "", "2026-02-28 23:59:58", []sandbox.OutTradeNo{"FEB28"}, nil, "", ""},
		{"out_trade_no across months", "2026-02-01 00:00:00", "2026-03-01 00:00:00", []sandbox.OutTradeNo{"FEB28"}, nil, "", "query-across-months"},
		{"syssn ignores times", "2026-04-01 00:00:00", "2026-02-01 00:00:00", nil, []sandbox.Syssn{syssns["FEB28"]}, "FEB28", ""},
		{"syssn ignores what is no time", "yesterday", "", nil, []sandbox.Syssn{syssns["FEB28"]}, "FEB28", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := w.ask(sandbox.QueryRequest{StartTime: c.start, EndTime: c.end, OutTradeNos: c.numbers, Syssns: c.syssns})
			if c.rule != "" {
				wantRule(t, err, c.rule)
			} else if w.must(err); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// A clock that stands still makes all at one instant; the newest still comes first.
func TestQueryNewestFirstAtOneInstant(t *testing.T) {
	w := newWorld(t)
	var syssns []sandbox.Syssn
	for _, n := range []string{"T1", "T2", "T3", "T4"} {
		made, _ := w.pay(func(r *sandbox.PaymentRequest) { r.OutTradeNo = n })
		syssns = append(syssns, made.Syssn)
	}
	w.clock.now = w.clock.now.Add(time.Second)
	w.pay(func(r *sandbox.PaymentRequest) { r.OutTradeNo = "T5" })
	for _, c := range []struct {
		ask  sandbox.QueryRequest
		want string
	}{
		{sandbox.QueryRequest{}, "T5 T4 T3 T2 T1"},
		{sandbox.QueryRequest{OutTradeNos: []sandbox.OutTradeNo{"T2", "T4", "T5", "T1"}}, "T5 T4 T2 T1"},
		{sandbox.QueryRequest{Syssns: []sandbox.Syssn{syssns[3], syssns[0], syssns[2]}}, "T4 T3 T1"},
	} {
		if got, err := w.ask(c.ask); got != c.want || err != nil {
			t.Errorf("%+v finds %q, error %v, want %q", c.ask, got, err, c.want)
		}
	}
}

func TestQueryBoundsNumbers(t *testing.T) {
	w := newWorld(t)
	w.pay()
	syssns, orders := make([]sandbox.Syssn, sandbox.MaxNumbers), make([]sandbox.OutTradeNo, sandbox.MaxNumbers)
	orders[sandbox.MaxNumbers-1] = "T1"
	if got, err := w.ask(sandbox.QueryRequest{OutTradeNos: orders}); got != "T1" || err != nil {
		t.Errorf("100 numbers find %q, error %v, want T1", got, err)
	}
	_, err := w.ask(sandbox.QueryRequest{Syssns: append(syssns, "S")})
	wantRefusal(t, err, parameterRefusal("syssn", "holds more than 100 numbers"))
	_, err = w.ask(sandbox.QueryRequest{OutTradeNos: append(orders, "T2")})
	wantRefusal(t, err, parameterRefusal("out_trade_no", "holds more than 100 numbers"))
}
