package qfpay

// QueryAnswer is the answer of /trade/v1/query. Its Respcd says that the query worked; each row has its own.
type QueryAnswer struct {
	Respcd   Respcd
	Resperr  string
	Respmsg  string
	Page     string // echoed as a string; 2017 samples print a number
	PageSize string
	Data     []QueryRow // newest first; empty when nothing was found
}

// Object is a with data last: respcd, resperr, respmsg, page, page_size, data.
func (a QueryAnswer) Object() Object {
	o := newObject(6)
	o.Add("respcd", string(a.Respcd))
	o.Add("resperr", a.Resperr)
	o.Add("respmsg", a.Respmsg)
	o.Add("page", a.Page)
	o.Add("page_size", a.PageSize)
	o.AddValue("data", records(a.Data))
	return o
}

// records prints each row as its Object would be printed, without making one: an enquiry has up to a hundred.
type records []QueryRow

func (rs records) appendJSON(dst []byte) []byte {
	dst = append(dst, '[')
	for i := range rs {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		first := true
		dst = append(dst, '{')
		rs[i].each(func(name, value string) {
			if !first {
				dst = append(dst, ", "...)
			}
			first = false
			dst = append(append(dst, '"'), name...) // one of ours, nothing to escape
			dst = append(dst, `": `...)
			dst = appendString(dst, value)
		})
		dst = append(dst, '}')
	}
	return append(dst, ']')
}

// QueryRow is one record of /trade/v1/query.
type QueryRow struct {
	PayType    PayType
	Sysdtm     string
	Paydtm     string // empty while unpaid
	Txcurrcd   Currency
	Txdtm      string
	Txamt      string // minor units
	Chnlsn     string
	OutTradeNo string
	Syssn      string
	Cancel     Cancel
	Respcd     Respcd // state of the order: 0000 paid, 1143 or 1145 pending, anything else failed
	Errmsg     string
	OrderType  string // OrderPayment or OrderRefund
	Cardcd     string
	GoodsName  string
	Udid       string
	Chnlsn2    string
	Origssn    string // refunds only: the payment's syssn; left out when empty
}

// Values of order_type.
const (
	OrderPayment = "payment"
	OrderRefund  = "refund"
)

// Cancel is the cancel flag of a record, in the current table's meaning.
type Cancel string

// Values of cancel. Source: the transaction enquiry page; older documents number them differently.
const (
	CancelNone              Cancel = "0"
	CancelReversed          Cancel = "1" // payer-presented code reversed or refunded
	CancelClosed            Cancel = "2" // merchant-presented or online order closed
	CancelRefunded          Cancel = "3"
	CancelPreAuthDone       Cancel = "4"
	CancelPartiallyRefunded Cancel = "5"
)

// Object is r in the order of the captured unpaid record, followed by the fields later samples add.
func (r QueryRow) Object() Object {
	o := newObject(18)
	r.each(o.Add)
	return o
}

func (r *QueryRow) each(member func(name, value string)) {
	member("pay_type", string(r.PayType))
	member("sysdtm", r.Sysdtm)
	member("paydtm", r.Paydtm)
	member("txcurrcd", string(r.Txcurrcd))
	member("txdtm", r.Txdtm)
	member("txamt", r.Txamt)
	member("chnlsn", r.Chnlsn)
	member("out_trade_no", r.OutTradeNo)
	member("syssn", r.Syssn)
	member("cancel", string(r.Cancel))
	member("respcd", string(r.Respcd))
	member("errmsg", r.Errmsg)
	member("order_type", r.OrderType)
	member("cardcd", r.Cardcd)
	member("goods_name", r.GoodsName)
	member("udid", r.Udid)
	member("chnlsn2", r.Chnlsn2)
	if r.Origssn != "" {
		member("origssn", r.Origssn)
	}
}

// PaymentNotification tells a merchant that an order was paid. status is always "1" and notify_type "payment".
type PaymentNotification struct {
	PayType     PayType
	Sysdtm      string
	Paydtm      string
	GoodsName   string
	Txcurrcd    Currency
	Txdtm       string
	Mchid       string // left out when the App has none
	Txamt       string // minor units
	Chnlsn2     string
	OutTradeNo  string
	Syssn       string
	CashFeeType string
	Cancel      Cancel // "0" when empty
	Respcd      Respcd // 0000 when empty: only success is notified
	GoodsInfo   string
	CashFee     string // "0" when empty
	Chnlsn      string
	Cardcd      string // the payer's openid for 800207
}

// Object is n in the field order of a captured notification. It is not sorted, and merchants must not expect it to be.
func (n PaymentNotification) Object() Object {
	o := newObject(20)
	o.Add("status", "1")
	o.Add("pay_type", string(n.PayType))
	o.Add("sysdtm", n.Sysdtm)
	o.Add("paydtm", n.Paydtm)
	o.Add("goods_name", n.GoodsName)
	o.Add("txcurrcd", string(n.Txcurrcd))
	o.Add("txdtm", n.Txdtm)
	if n.Mchid != "" {
		o.Add("mchid", n.Mchid)
	}
	o.Add("txamt", n.Txamt)
	o.Add("chnlsn2", n.Chnlsn2)
	o.Add("out_trade_no", n.OutTradeNo)
	o.Add("syssn", n.Syssn)
	o.Add("cash_fee_type", n.CashFeeType)
	o.Add("cancel", orElse(string(n.Cancel), string(CancelNone)))
	o.Add("respcd", orElse(string(n.Respcd), string(RespOK)))
	o.Add("goods_info", n.GoodsInfo)
	o.Add("cash_fee", orElse(n.CashFee, "0"))
	o.Add("notify_type", "payment")
	o.Add("chnlsn", n.Chnlsn)
	o.Add("cardcd", n.Cardcd)
	return o
}

func orElse(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
