package qfpay

// RefundNotification tells a merchant that a refund is done. Syssn and OutTradeNo are the refund's.
type RefundNotification struct {
	Sysdtm         string
	Txcurrcd       Currency
	OrigOutTradeNo string // the payment's
	Mchid          string // left out when the App has none
	Txdtm          string
	Txamt          string // minor units
	OrigSyssn      string // the payment's
	OutTradeNo     string
	Syssn          string
	// WithStatus puts status in front, as some captures have it.
	WithStatus bool
}

// Object is n in the order of the eleven fields of a captured refund notification (qfpay-api 4.2).
func (n RefundNotification) Object() Object {
	o := make(Object, 0, 12)
	if n.WithStatus {
		o.Add("status", "1")
	}
	o.Add("sysdtm", n.Sysdtm)
	o.Add("txcurrcd", string(n.Txcurrcd))
	o.Add("orig_out_trade_no", n.OrigOutTradeNo)
	if n.Mchid != "" {
		o.Add("mchid", n.Mchid)
	}
	o.Add("txdtm", n.Txdtm)
	o.Add("txamt", n.Txamt)
	o.Add("orig_syssn", n.OrigSyssn)
	o.Add("out_trade_no", n.OutTradeNo)
	o.Add("syssn", n.Syssn)
	o.Add("respcd", string(RespOK))
	o.Add("notify_type", "refund")
	return o
}

// With gives o with this string in place of the member of that name, or behind the others.
func (o Object) With(name, value string) Object {
	changed := append(make(Object, 0, len(o)+1), o...)
	for i := range changed {
		if changed[i].Name == name {
			changed[i] = Member{Name: name, text: value}
			return changed
		}
	}
	changed.Add(name, value)
	return changed
}

// Compact is o without the blanks that json.dumps puts behind commas and colons. It is for an
// object of strings, as notifications are.
func (o Object) Compact() []byte {
	dst := append(make([]byte, 0, o.size()), '{')
	for i := range o {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, o[i].Name)
		dst = append(dst, ':')
		dst = appendString(dst, o[i].text)
	}
	return append(dst, '}')
}
