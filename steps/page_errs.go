package steps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// raising is how the page that opens the wallet differs from QFPay's cashier doing it right.
type raising struct {
	page string // its address; empty is the cashier's
	err  func(params map[string]json.RawMessage)
}

// pageMistakes are the sentences' words for what a page does to the six parameters.
var pageMistakes = map[string]func(params map[string]json.RawMessage){
	"leaves out appId":                       func(p map[string]json.RawMessage) { delete(p, "appId") },
	"leaves out timeStamp":                   func(p map[string]json.RawMessage) { delete(p, "timeStamp") },
	"leaves out nonceStr":                    func(p map[string]json.RawMessage) { delete(p, "nonceStr") },
	"leaves out package":                     func(p map[string]json.RawMessage) { delete(p, "package") },
	"leaves out signType":                    func(p map[string]json.RawMessage) { delete(p, "signType") },
	"leaves out paySign":                     func(p map[string]json.RawMessage) { delete(p, "paySign") },
	"hands over timeStamp as a number":       func(p map[string]json.RawMessage) { p["timeStamp"] = json.RawMessage(text(p["timeStamp"])) },
	"spells timeStamp as the JavaScript SDK": func(p map[string]json.RawMessage) { p["timestamp"] = p["timeStamp"]; delete(p, "timeStamp") },
	"alters paySign":                         func(p map[string]json.RawMessage) { p["paySign"] = quoted(strings.ToLower(text(p["paySign"]))) },
	"alters nonceStr":                        func(p map[string]json.RawMessage) { p["nonceStr"] = quoted(text(p["nonceStr"]) + "A") },
	"alters signType":                        func(p map[string]json.RawMessage) { p["signType"] = quoted("HMAC-SHA256") },
	"names nobody's appId":                   func(p map[string]json.RawMessage) { p["appId"] = quoted("wx00000000000000ff") },
	"cuts prepay_id= off package": func(p map[string]json.RawMessage) {
		p["package"] = quoted(strings.TrimPrefix(text(p["package"]), "prepay_id="))
	},
	"makes up a prepay_id": func(p map[string]json.RawMessage) {
		p["package"] = quoted("prepay_id=wx201410272009395522657a690389285100")
	},
}

// text is what a JSON string holds.
func text(raw json.RawMessage) string { return strings.Trim(string(raw), `"`) }

func quoted(s string) json.RawMessage { return json.RawMessage(`"` + s + `"`) }

func (w *world) pageErrs(_ context.Context, verb, how string) error {
	mistake, known := pageMistakes[verb+" "+how]
	if !known {
		return broke(fmt.Errorf("no page %s %s", verb, how))
	}
	w.raising.err = mistake
	return nil
}

// merchantDirectory is the payment directory an official account of a scenario has.
const merchantDirectory = "http://merchant.test/checkout/"

// merchantPages are the sentences' words for where a page is.
var merchantPages = map[string]string{
	"a page in the payment directory":             merchantDirectory + "T1",
	"a page there with a query and a fragment":    merchantDirectory + "T1?order=T1#/pay",
	"a page below the payment directory":          merchantDirectory + "now/T1",
	"a page above the payment directory":          "http://merchant.test/T1",
	"a page named as the payment directory":       strings.TrimSuffix(merchantDirectory, "/"),
	"a page in a directory of other letter case":  "http://merchant.test/Checkout/T1",
	"a page on another port":                      "http://merchant.test:8443/checkout/T1",
	"a page over TLS":                             "https://merchant.test/checkout/T1",
	"a page of a subdomain":                       "http://www.merchant.test/checkout/T1",
	"a page in the payment directory of somebody": "http://other.test/checkout/T1",
	"QFPay's cashier":                             "",
}

func (w *world) payerOpensWalletFrom(ctx context.Context, where string) error {
	page, known := merchantPages[where]
	if where != "" {
		if !known {
			return broke(fmt.Errorf("no page is called %q", where))
		}
		w.raising.page = page
	}
	return w.payerOpensWallet(ctx)
}

// payerComes has another person take part, or the first one again.
func (w *world) payerComes(ctx context.Context, who string) error {
	if who == "the first" {
		if w.firstPayer.ID == "" {
			return broke(errors.New("there is one payer only"))
		}
		w.payer = w.firstPayer
		return nil
	}
	if w.firstPayer.ID == "" {
		w.firstPayer = w.payer
	}
	var err error
	w.payer, err = w.client.CreatePayer(ctx, control.Payer{Name: w.fake.PayerName()})
	w.run.payers[w.payer.ID] = true
	return broke(err)
}

func (w *world) pageHearsCode(want string) error {
	if w.pageCode != want {
		return fmt.Errorf("the page hears err_code %q, want %q", w.pageCode, want)
	}
	return nil
}
