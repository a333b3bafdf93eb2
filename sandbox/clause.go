package sandbox

import "strings"

// pages are QFPay's pages by the sections that the tables' sources name.
var pages = map[string]string{
	"2.6": "authentication and signatures, as observed", "3.1.1": "payment request, common parameters", "3.1.3": "payment request, pay types",
	"3.2": "transaction enquiry", "3.3": "refund", "3.4": "reversal and close", "3.5": "WeChat JSAPI payment, GET oauth_code",
	"3.6": "WeChat JSAPI payment, GET openid", "3.8": "online pre-authorisation", "3.9": "transaction note", "3.15": "older references",
	"5": "status codes and API limits", "6.1": "payment request, pay types", "6.2": "payment request, currencies",
	"6.5": "payment request, common parameters", "6.6": "refund", "7.5": "WeChat JSAPI payment, POST payment",
}

// clauseOf names a row's source in words that mean something without this project's collection of the
// public record: "refund; docs/assumptions.md 28 (seconds)".
func clauseOf(source string) string {
	var clauses []string
	for part := range strings.SplitSeq(source, "; ") {
		label, what, labelled := strings.Cut(part, ": ")
		if !labelled {
			label, what = "", part
		}
		if sections, isPage := strings.CutPrefix(what, "qfpay-api "); isPage {
			what = ""
			for section := range strings.FieldsFuncSeq(sections, func(r rune) bool { return r == ',' || r == ' ' }) {
				if page, known := pages[section]; known {
					what = joinNew(what, page)
				}
			}
		} else if n, isAssumption := strings.CutPrefix(what, "assumption "); isAssumption {
			what = "docs/assumptions.md " + n
		}
		if label != "" {
			what += " (" + label + ")"
		}
		clauses = append(clauses, what)
	}
	return strings.Join(clauses, "; ")
}

// joinNew adds what a list does not hold yet.
func joinNew(list, more string) string {
	switch {
	case list == "":
		return more
	case strings.Contains(list, more):
		return list
	}
	return list + "; " + more
}
