package sandbox

import (
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// ParameterRow is one parameter a call judges. Those in no row are taken as they come.
type ParameterRow struct {
	// Name may be of two, either of which is needed; the rule is called after the first.
	Name string
	At   []Endpoint
	// Needed says when a call without it is refused, empty for never; Wrong which values are.
	Needed, Wrong string
	Source        string
}

const always = "always"

var parameters = [...]ParameterRow{
	{"redirect_uri", []Endpoint{AtOAuthCode}, always, "no absolute http(s) address, or more than 512 characters", "qfpay-api 3.5"},
	{"code", []Endpoint{AtOpenID}, always, "", "qfpay-api 3.6"},
	{"code", []Endpoint{AtAddNote}, always, "another than the app code that signed", "qfpay-api 3.9"},

	{"txamt", []Endpoint{AtPayment, AtRefund, AtClose, AtReversal}, always, "not 1 to 11 digits, or 0", "qfpay-api 6.5"},
	{"txcurrcd", []Endpoint{AtPayment}, always, "a currency the App does not have", "qfpay-api 6.2"},
	{"pay_type", []Endpoint{AtPayment}, always, "a pay type QFPay does not have", "qfpay-api 6.1"},
	{"out_trade_no", []Endpoint{AtPayment, AtRefund}, always, "more than 128 characters, or control characters", "qfpay-api 6.5; characters: assumption 20"},
	{"out_trade_no", atCancel, "", "more than 128 characters, or control characters", "qfpay-api 3.4"},
	{"syssn", []Endpoint{AtRefund}, always, "", "qfpay-api 3.3"},
	{"syssn", atCancel, "", "more than 128 characters, or control characters", "qfpay-api 3.4"},
	{"syssn", []Endpoint{AtAddNote}, always, "more than 40 characters, or control characters", "qfpay-api 3.9"},
	{"note", []Endpoint{AtAddNote}, always, "more than 200 characters, or control characters", "qfpay-api 3.9"},
	{"syssn", []Endpoint{AtQuery}, "", "a list of more than 100 numbers", "qfpay-api 3.2; bound: assumption 33"},
	{"out_trade_no", []Endpoint{AtQuery}, "", "a list of more than 100 numbers", "qfpay-api 3.2; bound: assumption 33"},
	{"pay_type", []Endpoint{AtQuery}, "", "a list of more than 100 pay types", "qfpay-api 3.2; bound: assumption 33"},
	{"start_time", []Endpoint{AtQuery}, "", "no date and time as YYYY-MM-DD hh:mm:ss", "qfpay-api 3.2"},
	{"end_time", []Endpoint{AtQuery}, "", "no date and time as YYYY-MM-DD hh:mm:ss", "qfpay-api 3.2"},
	{"syssn or out_trade_no", atCancel, always, "", "qfpay-api 3.4"},
	{"txdtm", []Endpoint{AtPayment, AtRefund, AtClose, AtReversal}, always, "no date and time as YYYY-MM-DD hh:mm:ss", "qfpay-api 3.1.1"},
	{"goods_name", []Endpoint{AtPayment}, "for 800210", "more than 64 characters, or control characters", "qfpay-api 3.1.1"},
	{"udid", []Endpoint{AtPayment, AtRefund, AtClose, AtReversal}, "", "more than 40 characters, or control characters", "qfpay-api 3.1.1"},
	{"notify_url", []Endpoint{AtPayment}, "", "no absolute http(s) address, or more than 256 characters", "qfpay-api 3.1.1"},
	{"return_url", []Endpoint{AtPayment}, "for 800207 and 800212 of Canadian accounts", "no absolute http(s) address, or more than 512 characters", "qfpay-api 3.1.1; bound: assumption 43"},
	{"expired_time", []Endpoint{AtPayment}, "", "not whole minutes from 5 to 120, for the pay types that take it", "qfpay-api 3.1.1, 6.5"},
	{"auth_code", []Endpoint{AtPayment}, "for payers' codes", "", "qfpay-api 3.1.1"},
	{"sub_openid", []Endpoint{AtPayment}, "for 800207 and 800213", "not shaped like an openid", "qfpay-api 7.5; assumption 3"},
	{"limit_pay", []Endpoint{AtPayment}, "", "another value than no_credit", "qfpay-api 3.1.1"},
	{"extend_info", []Endpoint{AtPayment}, "for 800212", "no JSON object, or one without the payer's number and name; for 800212, without scene_info", "qfpay-api 3.1.3, 7.5"},

	{"page", []Endpoint{AtQuery}, "", "no whole number from 1 to 1000000", "qfpay-api 3.2"},
	{"page_size", []Endpoint{AtQuery}, "", "no whole number from 1 to 100", "qfpay-api 3.2"},
}

// Parameters is the table of the parameters that calls judge.
func Parameters() []ParameterRow { return append([]ParameterRow(nil), parameters[:]...) }

// refusals gives the refusals a parameter can bring about: missing, and wrong. Code: documented;
// texts: assumption 3.
func (p ParameterRow) refusals() []RefusalRow {
	var rows []RefusalRow
	first, _, _ := strings.Cut(p.Name, " ")
	row := RefusalRow{Rule: "parameter-" + first, Code: qfpay.RespParameter, Resperr: textParameter, Fidelity: Assumed, At: p.At, Source: p.Source + "; texts: assumption 3"}
	if p.Needed != "" {
		row.Respmsg, row.When = p.Name+" is required", "it is missing or empty"
		if p.Needed != always {
			row.When = p.Needed + ", it is missing or empty"
		}
		rows = append(rows, row)
	}
	if p.Wrong != "" {
		row.Respmsg, row.When = p.Name+" error", "it is "+p.Wrong
		rows = append(rows, row)
	}
	return rows
}

// RefusalsAt lists all that a call can be refused for, in the order of the tables; AtOther all that
// other paths can.
func RefusalsAt(at Endpoint) []RefusalRow {
	var rows []RefusalRow
	add := func(row RefusalRow) {
		for _, e := range row.At {
			if e == at {
				rows = append(rows, row)
			}
		}
	}
	for _, row := range refusals {
		add(row)
	}
	for _, p := range parameters {
		for _, row := range p.refusals() {
			add(row)
		}
	}
	return rows
}
