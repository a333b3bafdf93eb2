package openapi

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Pages of a query (qfpay-api 3.2).
const (
	defaultPageSize = 10
	maxPageSize     = 100
	maxPage         = 1_000_000
)

// query serves /trade/v1/query by syssn or out_trade_no, each one number or several with commas.
func (a *API) query(ctx context.Context, c call) (answer, error) {
	page, err := pageNumber(c.Params, "page", 1, maxPage)
	if err != nil {
		return answer{}, err
	}
	size, err := pageNumber(c.Params, "page_size", defaultPageSize, maxPageSize)
	if err != nil {
		return answer{}, err
	}
	found, err := a.Gateway.Query(ctx, c.App, sandbox.QueryRequest{
		Mchid: sandbox.Mchid(c.Params.Get("mchid")), Syssns: list[sandbox.Syssn](c.Params.Get("syssn")),
		OutTradeNos: list[sandbox.OutTradeNo](c.Params.Get("out_trade_no")), Page: page, PageSize: size,
	})
	if err != nil {
		return answer{}, err
	}
	rows := make([]qfpay.QueryRow, len(found))
	for i, t := range found {
		rows[i] = queryRow(t)
	}
	return answer{Body: qfpay.QueryAnswer{
		Respcd: qfpay.RespOK, Resperr: qfpay.TextQueried, Page: strconv.Itoa(page), PageSize: strconv.Itoa(size), Data: rows,
	}.Object()}, nil
}

func queryRow(t sandbox.Transaction) qfpay.QueryRow {
	row := qfpay.QueryRow{
		PayType: t.PayType, Sysdtm: sandbox.FormatTime(t.CreatedAt), Txcurrcd: t.Currency, Txdtm: t.Txdtm, Txamt: t.Amount.String(),
		OutTradeNo: string(t.OutTradeNo), Syssn: string(t.Syssn), Cancel: qfpay.CancelNone, Respcd: qfpay.RespUnpaid,
		Errmsg: qfpay.TextUnpaid, OrderType: qfpay.OrderPayment, GoodsName: t.GoodsName, Udid: udidOf(t),
	}
	if t.State == sandbox.StatePaid {
		row.Paydtm, row.Chnlsn, row.Cardcd = sandbox.FormatTime(t.PaidAt), t.Chnlsn, string(t.OpenID)
		row.Respcd, row.Errmsg = qfpay.RespOK, qfpay.TextPaid
	}
	return row
}

// list splits at commas; blanks around a number and empty places do not count.
func list[T ~string](s string) []T {
	var numbers []T
	seen := make(map[T]bool)
	for part := range strings.SplitSeq(s, ",") {
		n := T(strings.TrimSpace(part))
		if n != "" && !seen[n] {
			seen[n] = true
			numbers = append(numbers, n)
		}
	}
	return numbers
}

func pageNumber(p qfpay.Params, name string, fallback, most int) (int, error) {
	s := p.Get(name)
	if s == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > most {
		return 0, sandbox.RefuseParameter(name, fmt.Sprintf("is %q, want a whole number from 1 to %d", s, most))
	}
	return n, nil
}
