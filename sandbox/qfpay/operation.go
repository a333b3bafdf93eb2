package qfpay

// RefundAnswer is the answer of /trade/v1/refund once there is a refund: done with 0000, under way with 1143. Field
// order as documented; captured ones follow Python's dicts and promise none.
type RefundAnswer struct {
	Syssn      string // the refund's own
	OrigSyssn  string // the payment's
	OutTradeNo string
	Txamt      string // minor units
	Txcurrcd   Currency
	Sysdtm     string
	Paydtm     string // empty while under way
	Txdtm      string
	Udid       string
	Chnlsn     string
	Cardcd     string
	Resperr    string
	Respmsg    string
	Respcd     Respcd
}

// Object is a in its documented field order.
func (a RefundAnswer) Object() Object {
	o := make(Object, 0, 14)
	o.Add("syssn", a.Syssn)
	o.Add("orig_syssn", a.OrigSyssn)
	o.Add("out_trade_no", a.OutTradeNo)
	o.Add("txamt", a.Txamt)
	o.Add("txcurrcd", string(a.Txcurrcd))
	o.Add("sysdtm", a.Sysdtm)
	o.Add("paydtm", a.Paydtm)
	o.Add("txdtm", a.Txdtm)
	o.Add("udid", a.Udid)
	o.Add("chnlsn", a.Chnlsn)
	o.Add("cardcd", a.Cardcd)
	o.Add("resperr", a.Resperr)
	o.Add("respmsg", a.Respmsg)
	o.Add("respcd", string(a.Respcd))
	return o
}

// RefundFailure is the answer to a refund that was refused for the payment's sake. It has no syssn: there is no refund.
type RefundFailure struct {
	OrigSyssn  string
	Txcurrcd   Currency
	OutTradeNo string
	Respcd     Respcd
	Resperr    string
	Respmsg    string
}

// Object is f in its observed field order.
func (f RefundFailure) Object() Object {
	o := make(Object, 0, 6)
	o.Add("orig_syssn", f.OrigSyssn)
	o.Add("txcurrcd", string(f.Txcurrcd))
	o.Add("out_trade_no", f.OutTradeNo)
	o.Add("respcd", string(f.Respcd))
	o.Add("resperr", f.Resperr)
	o.Add("respmsg", f.Respmsg)
	return o
}

// CancelAnswer is the success of /trade/v1/close and /trade/v1/reversal. Field order as documented, out_trade_no where
// the refund has it.
type CancelAnswer struct {
	Syssn         string // of the cancelling; no enquiry finds it
	OrigSyssn     string // of the order
	OutTradeNo    string
	Txamt         string
	Txcurrcd      Currency
	Txdtm         string
	Sysdtm        string
	Chnlsn        string
	Chnlsn2       string
	Cardcd        string
	Udid          string
	SurchargeFee  string
	SurchargeRate string
	Respcd        Respcd
	Resperr       string
	Respmsg       string
}

// Object is a in its documented field order.
func (a CancelAnswer) Object() Object {
	o := make(Object, 0, 16)
	o.Add("syssn", a.Syssn)
	o.Add("orig_syssn", a.OrigSyssn)
	o.Add("out_trade_no", a.OutTradeNo)
	o.Add("txamt", a.Txamt)
	o.Add("txcurrcd", string(a.Txcurrcd))
	o.Add("txdtm", a.Txdtm)
	o.Add("sysdtm", a.Sysdtm)
	o.Add("chnlsn", a.Chnlsn)
	o.Add("chnlsn2", a.Chnlsn2)
	o.Add("cardcd", a.Cardcd)
	o.Add("udid", a.Udid)
	o.Add("surcharge_fee", a.SurchargeFee)
	o.Add("surcharge_rate", a.SurchargeRate)
	o.Add("respcd", string(a.Respcd))
	o.Add("resperr", a.Resperr)
	o.Add("respmsg", a.Respmsg)
	return o
}

// CancelFailure is the answer to a close or reversal of an order in the wrong state: the envelope and, as observed in
// 2016, the numbers of the cancelling and of the order.
type CancelFailure struct {
	Envelope
	Syssn     string
	OrigSyssn string
}

// Object is the envelope, then both numbers.
func (f CancelFailure) Object() Object {
	o := f.Envelope.Object()
	o.Add("syssn", f.Syssn)
	o.Add("orig_syssn", f.OrigSyssn)
	return o
}

// CancelUnknown is the answer to a close or reversal of an order nobody knows: the envelope and an empty out_trade_no.
type CancelUnknown struct{ Envelope }

// Object is u in its observed field order.
func (u CancelUnknown) Object() Object {
	o := u.Envelope.Object()
	o.Add("out_trade_no", "")
	return o
}

// NoteAnswer is the success of /trade/v1/add_note.
type NoteAnswer struct {
	Envelope
	Syssn string
}

// Object is the envelope, then data with the transaction's number.
func (a NoteAnswer) Object() Object {
	o := a.Envelope.Object()
	data := make(Object, 0, 1)
	data.Add("syssn", a.Syssn)
	o.AddValue("data", data)
	return o
}
