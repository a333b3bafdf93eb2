package sandbox

import (
	"slices"
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
	// Change is what to do about either.
	Change string
}

const always = "always"

var parameters = [...]ParameterRow{
	{"redirect_uri", []Endpoint{AtOAuthCode}, always, "no absolute http(s) address, or more than 512 characters", "qfpay-api 3.5",
		"send an absolute address that starts with http:// or https://, percent-encoded, of at most 512 characters"},
	{"code", []Endpoint{AtOpenID}, always, "", "qfpay-api 3.6",
		"send the code that the callback brought"},
	{"code", []Endpoint{AtAddNote}, always, "another than the app code that signed", "qfpay-api 3.9",
		"send the app_code that signs as code"},

	{"txamt", []Endpoint{AtPayment, AtRefund, AtClose, AtReversal}, always, "not 1 to 11 digits, or 0", "qfpay-api 6.5",
		"send txamt as a whole number of minor units: 1050 for 10.50 HKD, 1050 for 1050 JPY"},
	{"txcurrcd", []Endpoint{AtPayment}, always, "a currency the App does not have", "qfpay-api 6.2",
		"send the three capitals of a currency the account has"},
	{"pay_type", []Endpoint{AtPayment}, always, "a pay type QFPay does not have", "qfpay-api 6.1",
		"send a pay_type of QFPay's table; WeChat JSAPI is 800207"},
	{"out_trade_no", []Endpoint{AtPayment, AtRefund}, always, "more than 128 characters, or control characters", "qfpay-api 6.5; characters: assumption 20",
		"send a number of your own, new for every payment and refund, of at most 128 printable characters"},
	{"out_trade_no", atCancel, "", "more than 128 characters, or control characters", "qfpay-api 3.4",
		"send the order's own out_trade_no"},
	{"syssn", []Endpoint{AtRefund}, always, "", "qfpay-api 3.3",
		"send the syssn of the payment's answer"},
	{"syssn", atCancel, "", "more than 128 characters, or control characters", "qfpay-api 3.4",
		"send the syssn of the order's answer"},
	{"syssn", []Endpoint{AtAddNote}, always, "more than 40 characters, or control characters", "qfpay-api 3.9",
		"send the syssn of the transaction the note is for"},
	{"note", []Endpoint{AtAddNote}, always, "more than 200 characters, or control characters", "qfpay-api 3.9",
		"send at most 200 printable characters"},
	{"syssn", []Endpoint{AtQuery}, "", "a list of more than 100 numbers", "qfpay-api 3.2; bound: assumption 33",
		"ask for at most 100 numbers at once"},
	{"out_trade_no", []Endpoint{AtQuery}, "", "a list of more than 100 numbers", "qfpay-api 3.2; bound: assumption 33",
		"ask for at most 100 numbers at once"},
	{"pay_type", []Endpoint{AtQuery}, "", "a list of more than 100 pay types", "qfpay-api 3.2; bound: assumption 33",
		"ask for at most 100 pay types at once"},
	{"start_time", []Endpoint{AtQuery}, "", "no date and time as YYYY-MM-DD hh:mm:ss", "qfpay-api 3.2",
		"write the time as 2026-03-14 10:00:00, in UTC+8"},
	{"end_time", []Endpoint{AtQuery}, "", "no date and time as YYYY-MM-DD hh:mm:ss", "qfpay-api 3.2",
		"write the time as 2026-03-14 10:00:00, in UTC+8"},
	{"syssn or out_trade_no", atCancel, always, "", "qfpay-api 3.4",
		"name the order by its syssn or its out_trade_no"},
	{"txdtm", []Endpoint{AtPayment, AtRefund, AtClose, AtReversal}, always, "no date and time as YYYY-MM-DD hh:mm:ss", "qfpay-api 3.1.1",
		"write txdtm as 2026-03-14 10:00:00: a blank between date and time, no zone, no fraction"},
	{"goods_name", []Endpoint{AtPayment}, "for 800210", "more than 64 characters, or control characters", "qfpay-api 3.1.1",
		"send at most 64 printable characters of UTF-8"},
	{"udid", []Endpoint{AtPayment, AtRefund, AtClose, AtReversal}, "", "more than 40 characters, or control characters", "qfpay-api 3.1.1",
		"send at most 40 printable characters"},
	{"notify_url", []Endpoint{AtPayment}, "", "no absolute http(s) address, or more than 256 characters", "qfpay-api 3.1.1",
		"send an absolute address that starts with http:// or https://, of at most 256 characters"},
	{"return_url", []Endpoint{AtPayment}, "for 800207 and 800212 of Canadian accounts", "no absolute http(s) address, or more than 512 characters", "qfpay-api 3.1.1; bound: assumption 43",
		"send an absolute address that starts with http:// or https://, of at most 512 characters"},
	{"expired_time", []Endpoint{AtPayment}, "", "not whole minutes from 5 to 120, for the pay types that take it", "qfpay-api 3.1.1, 6.5",
		"send whole minutes from 5 to 120, such as 30"},
	{"auth_code", []Endpoint{AtPayment}, "for payers' codes", "", "qfpay-api 3.1.1",
		"send the digits of the payer's code"},
	{"sub_openid", []Endpoint{AtPayment}, "for 800207 and 800213", "not shaped like an openid", "qfpay-api 7.5; assumption 3",
		"send the openid that get_weixin_openid answered for this payment"},
	{"limit_pay", []Endpoint{AtPayment}, "", "another value than no_credit", "qfpay-api 3.1.1",
		"send no_credit, or leave limit_pay out"},
	{"extend_info", []Endpoint{AtPayment}, "for 800212", "no JSON object, or one without the payer's number and name; for 800212, without scene_info", "qfpay-api 3.1.3, 7.5",
		"send one JSON object as text, with the fields the pay_type wants"},

	{"page", []Endpoint{AtQuery}, "", "no whole number from 1 to 1000000", "qfpay-api 3.2",
		"send a whole number from 1"},
	{"page_size", []Endpoint{AtQuery}, "", "no whole number from 1 to 100", "qfpay-api 3.2",
		"send a whole number from 1 to 100"},
}

// Parameters is the table of the parameters that calls judge.
func Parameters() []ParameterRow { return append([]ParameterRow(nil), parameters[:]...) }

// first is the name the rule is called after.
func (p ParameterRow) first() string {
	name, _, _ := strings.Cut(p.Name, " ")
	return name
}

func (p ParameterRow) rule() string { return "parameter-" + p.first() }

// means says at which calls it is refused, and for what.
func (p ParameterRow) means() string {
	var why []string
	if p.Needed == always {
		why = append(why, "missing or empty")
	} else if p.Needed != "" {
		why = append(why, p.Needed+" missing or empty")
	}
	if p.Name != p.first() {
		why = []string{"missing or empty, and so is the other of " + p.Name}
	}
	if p.Wrong != "" {
		why = append(why, p.Wrong)
	}
	return strings.Join(why, ", or ") + p.calls()
}

// calls names where it is judged, to go behind a sentence.
func (p ParameterRow) calls() string { return " (" + strings.ReplaceAll(list(p.At), " ", ", ") + ")" }

// shared: other rows are about the parameter too, with other words.
func (p ParameterRow) shared() bool {
	return slices.ContainsFunc(parameters[:], func(other ParameterRow) bool { return other.rule() == p.rule() && other.Change != p.Change })
}

// changeAt is what to do about a parameter at a call.
func changeAt(at Endpoint, name string) string {
	for _, p := range parameters {
		if p.Name == name && slices.Contains(p.At, at) {
			return p.Change
		}
	}
	return ""
}

// refusals gives the refusals a parameter can bring about: missing, and wrong. Code: documented;
// texts: assumption 3.
func (p ParameterRow) refusals() []RefusalRow {
	var rows []RefusalRow
	row := RefusalRow{Rule: p.rule(), Code: qfpay.RespParameter, Resperr: textParameter, Fidelity: Assumed, At: p.At, Source: p.Source + "; texts: assumption 3", Change: p.Change}
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
