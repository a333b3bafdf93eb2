package qfpay_test

import (
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func TestWire(t *testing.T) {
	row := qfpay.QueryRow{
		PayType: qfpay.WeChatJSAPI, Sysdtm: "S", Paydtm: "", Txcurrcd: "HKD", Txdtm: "T", Txamt: "300", Chnlsn: "C",
		OutTradeNo: "O", Syssn: "N", Cancel: qfpay.CancelNone, Respcd: qfpay.RespUnpaid, Errmsg: qfpay.TextUnpaid,
		OrderType: qfpay.OrderPayment, Cardcd: "K", GoodsName: "G", Udid: "U", Chnlsn2: "2",
	}
	refund := row
	refund.OrderType, refund.Origssn = qfpay.OrderRefund, "P"
	payment := qfpay.PaymentAnswer{
		PayType: qfpay.WeChatJSAPI, Sysdtm: "2020-04-10 11:45:44", Paydtm: "2020-04-10 11:45:44",
		Txdtm: "2020-04-10 11:45:44", Udid: qfpay.DefaultUdid, Txcurrcd: "HKD", Txamt: "300", Resperr: qfpay.TextPaid,
		OutTradeNo: "O", Syssn: "20200410000300020086358791", Respcd: qfpay.RespOK,
		PayParams: &qfpay.PayParams{
			Package: "prepay_id=wx1", TimeStamp: "1586490344", SignType: "MD5", PaySign: "AB", AppID: "wx0", NonceStr: "cd",
		},
	}
	bare := payment
	bare.PayParams = nil
	notification := qfpay.PaymentNotification{
		PayType: qfpay.WeChatJSAPI, Sysdtm: "S", Paydtm: "P", GoodsName: "測", Txcurrcd: "HKD", Txdtm: "T", Mchid: "M",
		Txamt: "300", Chnlsn2: "2", OutTradeNo: "O", Syssn: "N", CashFeeType: "F", GoodsInfo: "I", Chnlsn: "C", Cardcd: "o1",
	}
	direct := notification
	direct.Mchid, direct.CashFee, direct.Cancel, direct.Respcd = "", "7", qfpay.CancelClosed, qfpay.RespClosed

	tests := []struct {
		name   string
		object qfpay.Object
		want   string
	}{
		{"illegal app code, as captured", qfpay.Envelope{Resperr: qfpay.TextBadAppCode, Respcd: qfpay.RespSignature}.Object(),
			`{"resperr": "APPCODE\u975e\u6cd5", "respcd": "1108", "respmsg": ""}`},
		{"illegal mchid, as captured", qfpay.Envelope{Resperr: qfpay.TextBadMchid, Respcd: qfpay.RespSignature}.Object(),
			`{"resperr": "MCHCODE\u975e\u6cd5", "respcd": "1108", "respmsg": ""}`},
		{"openid, as documented", qfpay.OpenIDAnswer{
			Envelope: qfpay.Envelope{Respcd: qfpay.RespOK}, OpenID: "oo3Lss8d0hLOuyTuSJMVwLTk68JE"}.Object(),
			`{"resperr": "", "respcd": "0000", "respmsg": "", "openid": "oo3Lss8d0hLOuyTuSJMVwLTk68JE"}`},
		{"payment", payment.Object(),
			`{"pay_type": "800207", "sysdtm": "2020-04-10 11:45:44", "paydtm": "2020-04-10 11:45:44", "txdtm": "2020-04-10 11:45:44", ` +
				`"udid": "qiantai2", "txcurrcd": "HKD", "txamt": "300", "resperr": "\u4ea4\u6613\u6210\u529f", "respmsg": "", ` +
				`"out_trade_no": "O", "syssn": "20200410000300020086358791", "pay_params": {"package": "prepay_id=wx1", ` +
				`"timeStamp": "1586490344", "signType": "MD5", "paySign": "AB", "appId": "wx0", "nonceStr": "cd"}, ` +
				`"respcd": "0000", "chnlsn": "", "cardcd": ""}`},
		{"payment without pay_params", bare.Object(),
			`{"pay_type": "800207", "sysdtm": "2020-04-10 11:45:44", "paydtm": "2020-04-10 11:45:44", "txdtm": "2020-04-10 11:45:44", ` +
				`"udid": "qiantai2", "txcurrcd": "HKD", "txamt": "300", "resperr": "\u4ea4\u6613\u6210\u529f", "respmsg": "", ` +
				`"out_trade_no": "O", "syssn": "20200410000300020086358791", "respcd": "0000", "chnlsn": "", "cardcd": ""}`},
		{"failed payment", qfpay.PaymentFailure{PayType: "800208", Resperr: "R", Txcurrcd: "HKD", Txdtm: "T", Txamt: "1",
			Respmsg: "M", OutTradeNo: "O", Syssn: "N", Respcd: "1202"}.Object(),
			`{"pay_type": "800208", "resperr": "R", "txcurrcd": "HKD", "txdtm": "T", "txamt": "1", "respmsg": "M", ` +
				`"out_trade_no": "O", "syssn": "N", "respcd": "1202"}`},
		{"query that finds nothing", qfpay.QueryAnswer{
			Respcd: qfpay.RespOK, Resperr: qfpay.TextQueried, Page: "1", PageSize: "10"}.Object(),
			`{"respcd": "0000", "resperr": "\u8bf7\u6c42\u6210\u529f", "respmsg": "", "page": "1", "page_size": "10", "data": []}`},
		{"query", qfpay.QueryAnswer{Respcd: qfpay.RespOK, Page: "1", PageSize: "10", Data: []qfpay.QueryRow{refund, row}}.Object(),
			`{"respcd": "0000", "resperr": "", "respmsg": "", "page": "1", "page_size": "10", "data": [` +
				queryRow("refund", `, "origssn": "P"`) + `, ` + queryRow("payment", "") + `]}`},
		{"notification", notification.Object(),
			`{"status": "1", "pay_type": "800207", "sysdtm": "S", "paydtm": "P", "goods_name": "\u6e2c", "txcurrcd": "HKD", ` +
				`"txdtm": "T", "mchid": "M", "txamt": "300", "chnlsn2": "2", "out_trade_no": "O", "syssn": "N", ` +
				`"cash_fee_type": "F", "cancel": "0", "respcd": "0000", "goods_info": "I", "cash_fee": "0", ` +
				`"notify_type": "payment", "chnlsn": "C", "cardcd": "o1"}`},
		{"notification without mchid", direct.Object(),
			`{"status": "1", "pay_type": "800207", "sysdtm": "S", "paydtm": "P", "goods_name": "\u6e2c", "txcurrcd": "HKD", ` +
				`"txdtm": "T", "txamt": "300", "chnlsn2": "2", "out_trade_no": "O", "syssn": "N", ` +
				`"cash_fee_type": "F", "cancel": "2", "respcd": "1142", "goods_info": "I", "cash_fee": "7", ` +
				`"notify_type": "payment", "chnlsn": "C", "cardcd": "o1"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(tt.object.Bytes()); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// queryRow is the record of TestWire, the first 13 members in the order of the captured unpaid record.
func queryRow(orderType, tail string) string {
	return `{"pay_type": "800207", "sysdtm": "S", "paydtm": "", "txcurrcd": "HKD", "txdtm": "T", "txamt": "300", "chnlsn": "C", ` +
		`"out_trade_no": "O", "syssn": "N", "cancel": "0", "respcd": "1143", ` +
		`"errmsg": "\u8ba2\u5355\u8fd8\u672a\u652f\u4ed8\uff0c\u6216\u8005\u6b63\u5728\u8f93\u5165\u5bc6\u7801\u4e2d", ` +
		`"order_type": "` + orderType + `", "cardcd": "K", "goods_name": "G", "udid": "U", "chnlsn2": "2"` + tail + `}`
}
