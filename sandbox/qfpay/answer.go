package qfpay

// Envelope is the answer that carries nothing else: every refusal of authentication or parameters.
// Field order as captured: resperr, respcd, respmsg.
type Envelope struct {
	Resperr string // text for people, often Chinese
	Respcd  Respcd // result of the call
	Respmsg string // debug or channel text, mostly empty
}

// Object is e in its captured field order.
func (e Envelope) Object() Object {
	o := newObject(3)
	o.Add("resperr", e.Resperr)
	o.Add("respcd", string(e.Respcd))
	o.Add("respmsg", e.Respmsg)
	return o
}

// OpenIDAnswer is the success of get_weixin_openid. Field order as documented and captured.
type OpenIDAnswer struct {
	Envelope
	OpenID string // 28 characters
}

// Object is a in its captured field order: the envelope, then openid.
func (a OpenIDAnswer) Object() Object {
	o := a.Envelope.Object()
	o.Add("openid", a.OpenID)
	return o
}

// PaymentAnswer is the success of /trade/v1/payment. Amounts are minor units, times are "2006-01-02 15:04:05"; Sysdtm
// and Paydtm are QFPay's time (UTC+8), Txdtm is echoed as sent.
type PaymentAnswer struct {
	PayType    PayType
	Sysdtm     string
	Paydtm     string // equals Sysdtm while the order is unpaid
	Txdtm      string
	Udid       string // "qiantai2" when the caller sent none
	Txcurrcd   Currency
	Txamt      string
	Resperr    string
	Respmsg    string
	OutTradeNo string
	Syssn      string
	PayParams  *PayParams // left out when nil, as the next three when empty
	AppParams  *AppPayParams
	QRCode     string // what a code to show says
	PayURL     string
	Respcd     Respcd
	Chnlsn     string
	Cardcd     string
}

// DefaultUdid is the device id an answer shows when the request named none. Observed.
const DefaultUdid = "qiantai2"

// Object is a in the field order of the captured 800207 answers.
func (a PaymentAnswer) Object() Object {
	o := newObject(15)
	o.Add("pay_type", string(a.PayType))
	o.Add("sysdtm", a.Sysdtm)
	o.Add("paydtm", a.Paydtm)
	o.Add("txdtm", a.Txdtm)
	o.Add("udid", a.Udid)
	o.Add("txcurrcd", string(a.Txcurrcd))
	o.Add("txamt", a.Txamt)
	o.Add("resperr", a.Resperr)
	o.Add("respmsg", a.Respmsg)
	o.Add("out_trade_no", a.OutTradeNo)
	o.Add("syssn", a.Syssn)
	if a.PayParams != nil {
		o.AddValue("pay_params", a.PayParams.Object())
	}
	if a.AppParams != nil {
		o.AddValue("pay_params", a.AppParams.Object())
	}
	if a.QRCode != "" {
		o.Add("qrcode", a.QRCode)
	}
	if a.PayURL != "" {
		o.Add("pay_url", a.PayURL)
	}
	o.Add("respcd", string(a.Respcd))
	o.Add("chnlsn", a.Chnlsn)
	o.Add("cardcd", a.Cardcd)
	return o
}

// PayParams is what WeChat's JavaScript wants, as QFPay passes it on. All six are strings, TimeStamp too: seconds.
type PayParams struct {
	Package   string // "prepay_id=wx…"
	TimeStamp string
	SignType  string
	PaySign   string
	AppID     string // 18 characters, although the document says 16
	NonceStr  string
}

// Object is p in the captured order: package, timeStamp, signType, paySign, appId, nonceStr.
func (p PayParams) Object() Object {
	o := newObject(6)
	o.Add("package", p.Package)
	o.Add("timeStamp", p.TimeStamp)
	o.Add("signType", p.SignType)
	o.Add("paySign", p.PaySign)
	o.Add("appId", p.AppID)
	o.Add("nonceStr", p.NonceStr)
	return o
}

// AppPayParams is what an app hands to WeChat's SDK: seven strings with lower-case names. A sample of 2019 prints
// timestamp as a number, one of 2016 as a string.
type AppPayParams struct {
	Package   string // "Sign=WXPay"
	TimeStamp string
	Sign      string
	PartnerID string
	AppID     string
	PrepayID  string
	NonceStr  string
}

// Object is p in the documented order.
func (p AppPayParams) Object() Object {
	o := make(Object, 0, 7)
	o.Add("package", p.Package)
	o.Add("timestamp", p.TimeStamp)
	o.Add("sign", p.Sign)
	o.Add("partnerid", p.PartnerID)
	o.Add("appid", p.AppID)
	o.Add("prepayid", p.PrepayID)
	o.Add("noncestr", p.NonceStr)
	return o
}

// PaymentFailure is the answer to a payment that failed after its order was created: it still names the order. Field
// order as observed in 2016; there is no sysdtm. A payment refused before that is an Envelope.
type PaymentFailure struct {
	PayType    PayType
	Resperr    string
	Txcurrcd   Currency
	Txdtm      string
	Txamt      string
	Respmsg    string
	OutTradeNo string
	Syssn      string
	Respcd     Respcd
}

// Object is f in its captured field order.
func (f PaymentFailure) Object() Object {
	o := newObject(9)
	o.Add("pay_type", string(f.PayType))
	o.Add("resperr", f.Resperr)
	o.Add("txcurrcd", string(f.Txcurrcd))
	o.Add("txdtm", f.Txdtm)
	o.Add("txamt", f.Txamt)
	o.Add("respmsg", f.Respmsg)
	o.Add("out_trade_no", f.OutTradeNo)
	o.Add("syssn", f.Syssn)
	o.Add("respcd", string(f.Respcd))
	return o
}
