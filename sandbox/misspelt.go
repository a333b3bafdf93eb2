package sandbox

import (
	"cmp"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// taken are other systems' names for a parameter, and QFPay's own from other places, which
// merchants send in its place.
var taken = map[string][]string{
	"sub_openid":   {"openid", "open_id"},
	"syssn":        {"qf_trade_no", "orig_syssn", "origssn", "trade_no", "transaction_id"},
	"out_trade_no": {"order_no", "out_order_no", "orig_out_trade_no", "out_trade_number", "out_refund_no"},
	"txamt":        {"amount", "total_fee", "total_amount", "refund_fee"},
	"txcurrcd":     {"currency", "fee_type"},
	"currency":     {"txcurrcd", "fee_type"},
	"txdtm":        {"timestamp", "datetime", "time", "txtime"},
	"pay_type":     {"payment_type", "paytype", "trade_type"},
	"code":         {"oauth_code", "auth_code"},
	"redirect_uri": {"redirect_url", "return_url"},
	"redirect_url": {"redirect_uri", "return_url"},
	"goods_name":   {"body", "subject"},
	"return_url":   {"redirect_url", "redirect_uri"},
	"mchntnm":      {"mchnt_name", "merchant_name"},
	"mchid":        {"mch_id", MchidAlias, "merchant_id"},
}

// mostNames bounds how many of the names that came are looked at.
const mostNames = 64

// lookalike gives the name that came in place of one that did not: another system's, or a misspelling.
// Names that mean something themselves are no misspelling.
func lookalike(missing string, came []string) string {
	if len(came) > mostNames {
		came = came[:mostNames]
	}
	for _, name := range came {
		if name != missing && squeezed(name) == squeezed(missing) {
			return name
		}
	}
	for _, other := range taken[missing] {
		for _, name := range came {
			if squeezed(name) == squeezed(other) {
				return name
			}
		}
	}
	best, least := "", 3
	for _, name := range came {
		if isParameterName(name) || len(name) > 64 || len(missing) < 4 && name != "" {
			continue
		}
		if d := distance(strings.ToLower(name), strings.ToLower(missing)); d < least && d <= len(missing)/3 {
			best, least = name, d
		}
	}
	return best
}

// MeantFilter gives the parameter, of those with commas between them, that a name nobody knows was
// probably meant to be; empty when none is near.
func MeantFilter(name, allowed string) string {
	for one := range strings.SplitSeq(allowed, ", ") {
		if lookalike(one, []string{name}) != "" {
			return one
		}
	}
	return ""
}

// isParameterName reports whether a call judges a parameter of this name.
func isParameterName(name string) bool {
	return name == "mchid" || name == "app_code" || slices.ContainsFunc(parameters[:], func(p ParameterRow) bool { return p.Name == name })
}

// namesOf are the names that came, as many as are looked at.
func namesOf(p qfpay.Params) []string {
	names := make([]string, 0, min(len(p), mostNames))
	for _, one := range p[:min(len(p), mostNames)] {
		names = append(names, one.Name)
	}
	return names
}

// Complete adds to the refusal of a parameter what the call wants of it, and, where it did not come, what
// came in its place, if anything looks like it.
func (r *Refusal) Complete(at Endpoint, p qfpay.Params) {
	if name, of := strings.CutPrefix(r.Rule, "parameter-"); of && r.Change == "" {
		r.Change = changeAt(at, cmp.Or(r.Missing, name))
	}
	if r.Missing == "" {
		return
	}
	first, _, _ := strings.Cut(r.Missing, " ")
	if value, came := p.Lookup(first); came && value == "" {
		r.Got(first + " is empty")
		return
	}
	if name := lookalike(first, namesOf(p)); name != "" {
		r.Got("no " + r.Missing + ", but " + shorten(name) + "=" + shorten(p.Get(name))).Want(first + "=" + shorten(p.Get(name)))
		r.Fix("send it as " + first + ": " + Shown(name) + " is no parameter of this call")
	}
}
