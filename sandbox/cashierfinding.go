package sandbox

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// currencyMissing is the finding about a cashier opened without currency.
func currencyMissing(r CashierRequest, t Transaction) Finding {
	f := Finding{ID: FindCurrencyMissing, Detail: "currency is missing", Received: "no currency"}
	if t.Currency == "" {
		f.Detail += ", and package names no order that could tell it"
	} else {
		f.Detail += fmt.Sprintf("; the order's is %s", t.Currency)
		f.Expected = "currency=" + string(t.Currency)
	}
	if name := lookalike("currency", namesOf(r.Unknown)); name != "" {
		f.Received += ", but " + shorten(name) + "=" + shorten(r.Unknown.Get(name))
		f.Change = "send it as currency: " + shorten(name) + " is no parameter of /q/direct"
	}
	return f
}

// cashierMissing is the finding about another parameter /q/direct needs.
func cashierMissing(parameter string, unknown qfpay.Params) Finding {
	f := Finding{ID: FindCashierMissing, Detail: parameter + " is missing or empty and /q/direct needs it", Received: "no " + parameter}
	if name := lookalike(parameter, namesOf(unknown)); name != "" {
		f.Received += ", but " + shorten(name) + "=" + shorten(unknown.Get(name))
		f.Expected = parameter + "=" + shorten(unknown.Get(name))
		f.Change = "send it as " + parameter + ": " + shorten(name) + " is no parameter of /q/direct"
	}
	return f
}

// cashierAmount is the refusal of a txamt the cashier cannot read; an order says what it should be.
func cashierAmount(txamt string, order Transaction, err error) *CashierRefusal {
	no := cashierWrong("txamt", txamt, err.Error(), "")
	no.Expected, no.Change = meantAmount(txamt, order.Currency, "the order's txamt")
	if order.Syssn != "" {
		no.Expected = "txamt=" + order.Amount.String()
		no.Change = fmt.Sprintf("%s was sent, %s is the order's: txamt is in the minor unit, %s", Shown(txamt), order.Amount, order.Currency.Format(int64(order.Amount)))
	}
	return no
}

// amountDiffers is the finding about a cashier that shows another amount than the order's.
func amountDiffers(txamt string, shown Amount, t Transaction) Finding {
	f := Finding{ID: FindAmountDiffers, Detail: fmt.Sprintf("txamt is %s, the order's is %s", Shown(txamt), t.Amount),
		Received: "txamt=" + shorten(txamt), Expected: "txamt=" + t.Amount.String()}
	hundred := Amount(1)
	if row, ok := t.Currency.Row(); ok {
		for range row.Exponent {
			hundred *= 10
		}
	}
	switch {
	case hundred > 1 && shown*hundred == t.Amount:
		f.Change = fmt.Sprintf("send txamt=%s: %s was sent in major units, and the page shows %s", t.Amount, shown, t.Currency.Format(int64(shown)))
	case hundred > 1 && shown == t.Amount*hundred:
		f.Change = fmt.Sprintf("send txamt=%s: it was multiplied by %d once more than the order's", t.Amount, hundred)
	}
	return f
}

// redirectCut is the finding about a redirect_url whose tail arrived as parameters of its own.
func redirectCut(r CashierRequest) Finding {
	whole := r.RedirectURL
	names := make([]string, 0, len(r.Unknown))
	for _, p := range r.Unknown {
		names = append(names, p.Name)
		whole += "&" + p.Name
		if p.Value != "" {
			whole += "=" + p.Value
		}
	}
	encoded := "redirect_url=" + shorten(url.QueryEscape(whole))
	return Finding{ID: FindRedirectCut,
		Detail:   fmt.Sprintf("redirect_url is %s and /q/direct got the parameters %s beside it", Shown(r.RedirectURL), shorten(fmt.Sprint(names))),
		Received: "redirect_url=" + shorten(r.RedirectURL) + " and " + shorten(r.Unknown.Encode()), Expected: encoded,
		Change: "percent-encode redirect_url: " + shorten(whole) + " is " + encoded + " in an address"}
}

// noteBlanks remarks on a value of pay_params that holds a blank: none that QFPay makes does.
func noteBlanks(ctx context.Context, p PayParams) {
	for _, name := range [...]string{"paySign", "nonceStr", "package", "appId", "timeStamp", "signType"} {
		if value := p.value(name); strings.Contains(value, " ") {
			AddFinding(ctx, Finding{ID: FindPayParamBlank, Detail: fmt.Sprintf("%s is %s; a + that is not percent-encoded arrives as a blank", name, Shown(value)),
				Received: name + "=" + shorten(value), Expected: name + "=" + shorten(url.QueryEscape(strings.ReplaceAll(value, " ", "+"))),
				Change: "percent-encode every value of the address of /q/direct: + is %2B, = is %3D"})
		}
	}
}
