package qfpay

// PayType is QFPay's six-digit code for a wallet and the way it is used.
type PayType string

// The current WeChat pay types.
const (
	WeChatMPM         PayType = "800201" // payer scans the merchant's code
	WeChatJSAPI       PayType = "800207" // inside the WeChat app's own browser
	WeChatCPM         PayType = "800208" // merchant scans the payer's code
	WeChatInApp       PayType = "800210"
	WeChatH5          PayType = "800212" // mobile browser outside WeChat
	WeChatMiniProgram PayType = "800213"
)

// AnyWalletCPM is the payer's code of whichever wallet; the code tells.
const AnyWalletCPM PayType = "800008"

// PayTypeRow is what is known of one pay type.
type PayTypeRow struct {
	Code    PayType
	Name    string // wallet and flow, for people
	Wallet  string
	Flow    Flow
	Current bool // listed in the current documents
	Source  string
}

// Flow is how payer and merchant meet.
type Flow string

// The flows. FlowUnknown is for old codes whose documents name a wallet and nothing else.
const (
	FlowMPM         Flow = "MPM" // merchant presents a code
	FlowCPM         Flow = "CPM" // consumer presents a code
	FlowJSAPI       Flow = "JSAPI"
	FlowH5          Flow = "H5"
	FlowMiniProgram Flow = "mini-program"
	FlowWindow      Flow = "service window"
	FlowApp         Flow = "app"
	FlowWAP         Flow = "WAP"
	FlowWeb         Flow = "web"
	FlowOnline      Flow = "online"
	FlowOffline     Flow = "offline"
	FlowPreOrder    Flow = "pre-order"
	FlowDDC         Flow = "device data collection"
	FlowUnknown     Flow = "unknown"
)

// PayTypes is the table of every published code: the current ones first, then regional and historical ones.
func PayTypes() []PayTypeRow { return append([]PayTypeRow(nil), payTypes[:]...) }

// Row is the table's row for t; false if t was never published.
func (t PayType) Row() (PayTypeRow, bool) {
	for i := range payTypes {
		if payTypes[i].Code == t {
			return payTypes[i], true
		}
	}
	return PayTypeRow{}, false
}

func current(code PayType, wallet string, flow Flow) PayTypeRow {
	return PayTypeRow{code, wallet + " " + string(flow), wallet, flow, true, "documented: payment codes"}
}

// former is a code that a document names together with its flow.
func former(code PayType, wallet string, flow Flow) PayTypeRow {
	return PayTypeRow{code, wallet + " " + string(flow), wallet, flow, false, "documented: regional or historical codes"}
}

// bySuffix is a code whose documents name the wallet only. Its flow is assumed from the last two digits, which mean the
// same in every current code: 01 MPM, 08 CPM, 10 app, 12 WAP, 14 web.
func bySuffix(code PayType, wallet string) PayTypeRow {
	flow := FlowUnknown
	switch code[4:] {
	case "01":
		flow = FlowMPM
	case "08":
		flow = FlowCPM
	case "10":
		flow = FlowApp
	case "12":
		flow = FlowWAP
	case "14":
		flow = FlowWeb
	}
	return PayTypeRow{code, wallet + " " + string(flow), wallet, flow, false,
		"documented: regional or historical codes; flow assumed from the last two digits"}
}
