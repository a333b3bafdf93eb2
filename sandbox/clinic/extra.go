package clinic

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// knownNames are parameters QFPay's calls have, the likelier ones first: what a string may hold
// although it was not sent, because a library leaves out what has no value.
var knownNames = [...]string{
	"mchid", "goods_name", "udid", "notify_url", "return_url", "expired_time", "limit_pay", "extend_info", "goods_info", "goods_detail", "sub_openid", "openid", "auth_code",
	"txzone", "pay_tag", "rmb_tag", "syssn", "out_trade_no", "txdtm", "txamt", "txcurrcd", "pay_type", "trade_name", "seller_id", "lnglat", "product_name", "valid_time",
	"redirect_uri", "redirect_url", "code", "start_time", "end_time", "page", "page_size", "respcd", "note", "mchntid", "trade_date", "charset", "version", "pic_file",
}

// emptyWords are what languages write for no value.
var emptyWords = [...]string{"null", "None", "undefined", "nil", "NULL", "<nil>", "NaN", "false", "0", `""`, "[]", "{}"}

// absent gives the known names that were not sent.
func (q *request) absent(yield func(name string) bool) {
	for _, name := range knownNames {
		if !q.full.has(name) && !yield(name) {
			return
		}
	}
}

// extras are parameters that were perhaps signed and not sent: those with a word for no value, the
// App's own settings, and values nearly everybody sends.
func extras(q *request, yield func(arg) bool) {
	for _, m := range q.App.Mchids {
		if !q.full.has("mchid") && !yield(arg{s: "mchid", t: string(m)}) {
			return
		}
		if !yield(arg{s: "mchntid", t: string(m), rare: true}) {
			return
		}
	}
	for _, usual := range [...]arg{
		{s: "notify_url", t: q.App.NotifyURL}, {s: "txzone", t: "+0800"}, {s: "udid", t: "qiantai2"}, {s: "limit_pay", t: "no_credit"}, {s: "txcurrcd", t: "HKD"}, {s: "expired_time", t: "30"},
		{s: "charset", t: "utf-8"}, {s: "charset", t: "UTF-8"}, {s: "version", t: "1.0"}, {s: "page", t: "1"}, {s: "page_size", t: "10"}, {s: "page_size", t: "100"}, {s: "rmb_tag", t: "Y"},
		{s: "pay_tag", t: "ALIPAYHK"}, {s: "pay_tag", t: "ALIPAYCN"}, {s: "limit_pay", t: "credit"}, {s: "lang", t: "zh-hk"}, {s: "lang", t: "en"},
	} {
		usual.rare = true
		if usual.t != "" && !q.full.has(usual.s) && !yield(usual) {
			return
		}
	}
	for _, word := range emptyWords[:3] {
		on := true
		q.absent(func(name string) bool {
			on = yield(arg{s: name, t: word, id: EmptyAsWord, rare: true})
			return on
		})
		if !on {
			return
		}
	}
}

// unreadBody gives the parameters of a body that QFPay does not read: the members of a JSON object,
// or pairs under another content type. nil: there are none.
func (q *request) unreadBody() list {
	if q.unreadDone {
		return q.unread
	}
	q.unreadDone = true
	body := bytes.TrimSpace(q.Body)
	if len(body) > maxBody {
		return nil
	}
	if len(body) > 0 && body[0] == '{' {
		q.unread = sorted(members(body))
		return q.unread
	}
	var params qfpay.Params
	for _, s := range segments(string(body)) {
		params = append(params, s.Param)
	}
	if len(params) > 0 && strings.Contains(string(body), "=") {
		q.unread = sorted(params)
	}
	return q.unread
}

// members gives a JSON object's members as parameters in their order: strings decoded, anything
// else as it stands.
func members(body []byte) qfpay.Params {
	var p qfpay.Params
	dec := json.NewDecoder(bytes.NewReader(body))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil
	}
	for dec.More() && len(p) <= maxParameters {
		name, err := dec.Token()
		if err != nil {
			return nil
		}
		var raw json.RawMessage
		if dec.Decode(&raw) != nil {
			return nil
		}
		var text string
		switch {
		case string(raw) == "null":
		case json.Unmarshal(raw, &text) != nil:
			text = string(raw)
		}
		s, _ := name.(string)
		p = append(p, qfpay.Param{Name: s, Value: text})
	}
	return p
}

// otherValues gives, for each name sent more than once, the values that do not count.
func otherValues(q *request, yield func(arg) bool) {
	counts := make(map[string]string, len(q.all))
	for _, it := range q.all {
		counts[it.Name] = it.Value
	}
	for _, sent := range [...][]segment{q.query, q.body} {
		for _, s := range sent {
			if value, known := counts[s.Name]; known && value != s.Value && !yield(arg{s: s.Name, t: s.Value}) {
				return
			}
		}
	}
	joined := make(map[string]string)
	for _, sent := range [...][]segment{q.query, q.body} {
		for _, s := range sent {
			if before, again := joined[s.Name]; again && len(before) < 1024 {
				joined[s.Name] = before + "," + s.Value
			} else if !again {
				joined[s.Name] = s.Value
			}
		}
	}
	for _, it := range q.full {
		if all := joined[it.Name]; all != it.Value && strings.Contains(all, ",") && !yield(arg{s: it.Name, t: all}) {
			return
		}
	}
}
