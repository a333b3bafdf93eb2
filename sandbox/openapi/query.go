package openapi

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Pages of a query (qfpay-api 3.2).
const (
	defaultPageSize = 10
	maxPageSize     = 100
	maxPage         = 1_000_000
)

// query serves /trade/v1/query. syssn, out_trade_no and pay_type are one or several with commas.
func (a *API) query(ctx context.Context, c call) (answer, error) {
	page, err := pageNumber(c.Params, "page", 1, maxPage)
	if err != nil {
		return answer{}, err
	}
	size, err := pageNumber(c.Params, "page_size", defaultPageSize, maxPageSize)
	if err != nil {
		return answer{}, err
	}
	p := c.Params
	noteFilters(ctx, p)
	found, err := a.Gateway.Query(ctx, c.App, sandbox.QueryRequest{
		Mchid: shopOf(c), Syssns: list[sandbox.Syssn](p.Get("syssn")), OutTradeNos: list[sandbox.OutTradeNo](p.Get("out_trade_no")),
		PayTypes: list[qfpay.PayType](p.Get("pay_type")), Respcd: qfpay.Respcd(p.Get("respcd")),
		StartTime: p.Get("start_time"), EndTime: p.Get("end_time"), Page: page, PageSize: size,
	})
	if err != nil {
		return answer{}, err
	}
	rows := make([]qfpay.QueryRow, len(found.Transactions))
	for i := range found.Transactions {
		rows[i] = queryRow(&found.Transactions[i], found.At)
	}
	return answer{Body: qfpay.QueryAnswer{
		Respcd: qfpay.RespOK, Resperr: qfpay.TextQueried, Page: strconv.Itoa(page), PageSize: strconv.Itoa(size), Data: rows,
	}.Object()}, nil
}

// filters are an enquiry's own parameters.
const filters = "syssn, out_trade_no, pay_type, respcd, start_time, end_time, page, page_size"

// noteFilters remarks on what makes an enquiry find something else than was meant: QFPay takes a
// parameter it does not know for none, and a code nobody has for one that nothing has. One of each is
// enough to be told.
func noteFilters(ctx context.Context, p qfpay.Params) {
	for _, one := range p {
		switch one.Name {
		case "syssn", "out_trade_no", "pay_type", "respcd", "start_time", "end_time", "page", "page_size", "mchid", sandbox.MchidAlias, "sign", "sign_type":
			continue
		}
		f := sandbox.Finding{ID: sandbox.FindFilterUnknown, Detail: sandbox.Shown(one.Name) + " is no parameter of an enquiry, so it filters nothing",
			Received: sandbox.Shortened(one.Name) + "=" + sandbox.Shortened(one.Value), Expected: "one of " + filters}
		if meant := sandbox.MeantFilter(one.Name, filters); meant != "" {
			f.Expected, f.Change = meant+"="+sandbox.Shortened(one.Value), "send it as "+meant
		}
		sandbox.AddFinding(ctx, f)
		break
	}
	if code := p.Get("respcd"); code != "" {
		if _, published := qfpay.Respcd(code).Row(); !published {
			sandbox.AddFinding(ctx, sandbox.Finding{ID: sandbox.FindFilterUnknown, Detail: fmt.Sprintf("respcd is %s, a code that was never published, so nothing is found", sandbox.Shown(code)),
				Received: "respcd=" + sandbox.Shortened(code), Expected: "a published respcd: four digits, such as 0000 or 1143"})
		}
	}
	for _, code := range list[qfpay.PayType](p.Get("pay_type")) {
		if _, published := code.Row(); !published {
			sandbox.AddFinding(ctx, sandbox.Finding{ID: sandbox.FindFilterUnknown, Detail: fmt.Sprintf("pay_type holds %s, which was never published, so nothing has it", sandbox.Shown(code)),
				Received: "pay_type=" + sandbox.Shortened(string(code)), Expected: "pay types of QFPay's table, six digits each, with commas between them"})
			break
		}
	}
}

// shopOf is the shop a call names, by mchntid where mchid is missing: a merchant's module in the field
// enquires so (quirk 9). An App without shops gets no say from it.
func shopOf(c call) sandbox.Mchid {
	m := c.Params.Get("mchid")
	if m == "" && len(c.App.Mchids) > 0 {
		m = c.Params.Get(sandbox.MchidAlias)
	}
	return sandbox.Mchid(m)
}

func queryRow(t *sandbox.Transaction, now time.Time) qfpay.QueryRow {
	respcd, errmsg, cancel := t.Verdict(now)
	row := qfpay.QueryRow{
		PayType: t.PayType, Sysdtm: sandbox.FormatTime(t.CreatedAt), Txcurrcd: t.Currency, Txdtm: t.Txdtm, Txamt: t.Amount.String(),
		OutTradeNo: string(t.OutTradeNo), Syssn: string(t.Syssn), Cancel: cancel, Respcd: respcd,
		Errmsg: errmsg, OrderType: string(t.Kind), GoodsName: t.GoodsName, Udid: udidOf(t.Udid), Origssn: string(t.OrigSyssn),
	}
	if !t.PaidAt.IsZero() {
		row.Paydtm, row.Chnlsn, row.Cardcd = sandbox.FormatTime(t.PaidAt), t.Chnlsn, string(t.OpenID)
	}
	return row
}

// list splits at commas; blanks around a number, empty places and doubles do not count. It gives one
// more than an enquiry may hold of those beyond that, so that the rules can say so.
func list[T ~string](s string) []T {
	if s == "" {
		return nil
	}
	var numbers []T
	for part := range strings.SplitSeq(s, ",") {
		if n := T(strings.TrimSpace(part)); n != "" && !slices.Contains(numbers, n) {
			if numbers = append(numbers, n); len(numbers) > sandbox.MaxNumbers {
				break
			}
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
		return 0, sandbox.RefuseParameter(name, s, fmt.Sprintf("is %s, want a whole number from 1 to %d", sandbox.Shown(s), most)).Want(fmt.Sprintf("%s from 1 to %d", name, most))
	}
	return n, nil
}
