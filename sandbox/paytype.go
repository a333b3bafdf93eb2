package sandbox

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Shape is what the answer to a payment gives the merchant to go on with.
type Shape int

const (
	// ShapeParams: pay_params for WeChat's JavaScript, six fields.
	ShapeParams Shape = iota
	// ShapeAppParams: pay_params for WeChat's SDK in an app, seven fields in lower case.
	ShapeAppParams
	// ShapeQRCode: qrcode, the text of a code to show.
	ShapeQRCode
	// ShapeURL: pay_url, a page to send the browser to.
	ShapeURL
	// ShapeDone: nothing to go on with; the payer's code was scanned and the order is paid, or not.
	ShapeDone
)

// service says how one flow is served: what its payments need beyond the common parameters, what
// their answer gives, and how long they can be paid.
type service struct {
	flow  qfpay.Flow
	shape Shape
	needs []string
	life  time.Duration
}

// codeLife is how long codes and pages can be paid where expired_time says nothing (qfpay-api 6.6).
const codeLife = 30 * time.Minute

var services = [...]service{
	{qfpay.FlowJSAPI, ShapeParams, []string{"sub_openid"}, PrepayLife},
	{qfpay.FlowMiniProgram, ShapeParams, []string{"sub_openid"}, codeLife},
	{qfpay.FlowMPM, ShapeQRCode, nil, codeLife},
	{qfpay.FlowCPM, ShapeDone, []string{"auth_code"}, codeLife},
	{qfpay.FlowH5, ShapeURL, []string{"extend_info"}, codeLife},
	{qfpay.FlowWAP, ShapeURL, nil, codeLife},
	{qfpay.FlowWeb, ShapeURL, nil, codeLife},
	{qfpay.FlowApp, ShapeAppParams, []string{"goods_name"}, codeLife},
}

// canadian is how 800207 and 800212 are served to Canadian accounts: as a page (quirk 20).
var canadian = service{qfpay.FlowWeb, ShapeURL, []string{"return_url"}, codeLife}

// expiring lists the pay types that take expired_time (qfpay-api 3.1.1); elsewhere it does nothing.
var expiring = []qfpay.PayType{"800201", "800101", "801512", "801501", "801107", "801101", "801010", "801510", "800213"}

// serviceOf gives the service of a row of QFPay's table. False: it exists at QFPay and not here. Of
// apps only WeChat's parameters are known without a private agreement; of old and regional codes
// the shapes are not.
func serviceOf(row qfpay.PayTypeRow) (service, bool) {
	if !row.Current || row.Flow == qfpay.FlowApp && !strings.HasPrefix(row.Wallet, "WeChat") {
		return service{}, false
	}
	for _, s := range services {
		if s.flow == row.Flow {
			return s, true
		}
	}
	return service{}, false
}

// service gives how the App's payments with this pay type are served.
func (a *App) service(p qfpay.PayType) (service, bool) {
	if a.Settings.Canada && (p == qfpay.WeChatJSAPI || p == qfpay.WeChatH5) {
		return canadian, true
	}
	row, known := p.Row()
	if !known {
		return service{}, false
	}
	return serviceOf(row)
}

var served = func() []qfpay.PayType {
	var list []qfpay.PayType
	for _, row := range qfpay.PayTypes() {
		if _, ok := serviceOf(row); ok {
			list = append(list, row.Code)
		}
	}
	return list[:len(list):len(list)]
}()

// ServedPayTypes lists the pay types that can be paid with here, in the order of QFPay's table.
func ServedPayTypes() []qfpay.PayType { return append([]qfpay.PayType(nil), served...) }

// Shape is what the answer to a payment with this pay type gives the App.
func (a *App) Shape(p qfpay.PayType) Shape {
	s, _ := a.service(p)
	return s.shape
}

// flow is the flow of the order's pay type.
func (t Transaction) flow() qfpay.Flow {
	row, _ := t.PayType.Row()
	return row.Flow
}

// HasPage reports whether a payer can open the order at its own address: all but those that only
// WeChat's bridge or a scan can pay.
func (t Transaction) HasPage() bool {
	return t.PrepayID != "" && (t.flow() != qfpay.FlowJSAPI || t.ReturnURL != "")
}

const (
	noCredit      = "no_credit"
	alipayAccount = "2088"
)

// accountFor names the payer in the wallet that pays the order: an openid for WeChat, 2088 and 12
// digits for Alipay. What others send is unpublished: 16 digits here (assumption 38).
func accountFor(p PayerID, a App, t Transaction) OpenID {
	if t.AppID != "" {
		return openIDAt(p, a.accountNamed(t.AppID))
	}
	return accountIn(walletOf(t), p, a)
}

func accountIn(wallet walletKind, p PayerID, a App) OpenID {
	if wallet == walletWeChat {
		return openIDAt(p, &a.Account)
	}
	sum := sha256.Sum256([]byte(strconv.Itoa(int(wallet)) + ":" + string(p) + "@" + a.Account.AppID))
	number := binary.BigEndian.Uint64(sum[:])
	if wallet == walletAlipay {
		return OpenID(fmt.Sprintf("%s%012d", alipayAccount, number%1_000_000_000_000))
	}
	return OpenID(fmt.Sprintf("%016d", number%10_000_000_000_000_000))
}

// PayPage is the path of the pages where payers open codes and pay_urls. Its name says what it is
// to whoever reads the code's text.
const PayPage = "/wallet/TEST-pay"

// PayPageTarget is the order's own path and query. Merchants append parameters of theirs to it.
func PayPageTarget(a App, t Transaction) string {
	return PayPage + "?appid=" + a.Account.AppID + "&prepay_id=" + t.PrepayID
}
